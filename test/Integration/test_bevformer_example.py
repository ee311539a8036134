# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The demo model in examples/bevformer: its graphs against an independent float64 computation, its spellings and batch
rows against each other, its arithmetic against recorded exports of the published code, and its programs."""
import contextlib
import dataclasses
import hashlib
import importlib.util
import io
import os
import sys
import tempfile
import unittest

import numpy as np
import onnx

import harness  # noqa: F401 (finds the reference)
import bevformer
import bevformer_recorded
import onnx_numpy
import shared_models

EXAMPLE = os.path.join(harness.HERE, "..", "..", "examples", "bevformer")
sys.path.append(EXAMPLE)
import check  # noqa: E402
import configurations  # noqa: E402
import encoder  # noqa: E402
import graph as graphs  # noqa: E402
import model  # noqa: E402
import vehicle  # noqa: E402
import weights  # noqa: E402

SEED = 3
OUTPUTS = ("bev_embed", "all_cls_scores", "all_bbox_preds")
EXPOSED = ("sampling_locations", "sampling_weights", "pillar_references", "pillar_visible")
SMALL = dict(image_size=(70, 96), bev_size=(6, 5), backbone_blocks=(1, 2, 1, 1), backbone_width=4, cameras=3,
             channels=32, heads=4, hidden=48, encoder_layers=2, decoder_layers=2, queries=7, camera_points=8)
TINY = dataclasses.replace(configurations.CONFIGURATIONS["tiny"], **SMALL)
BASE = dataclasses.replace(configurations.CONFIGURATIONS["base"], **SMALL)
# About the middle of the small map: about the published centre it would be turned out of itself.
TEMPORAL = dataclasses.replace(BASE, temporal=True, rotate_center=(2, 3))
FLOAT64_ROUNDING = 1e-12
# Folding rounds weights to float32 once more.
FOLDED = 1e-5


def relative(actual, expected):
    return check.relative_l2(np.asarray(actual), np.asarray(expected))


def written(configuration, spelling, hits=None, expose=False, seed=SEED):
    """(graph, its ModelProto)."""
    graph = model.write_graph(configuration, spelling, weights.SeededWeights(seed), hits, expose)
    tensors = [graphs.tensor_of(array, name) for name, array in graph.parameters.items()]
    return graph, model.to_model(graph, spelling, model.description(configuration, seed), tensors)


def spellings():
    """Every combination, by name."""
    return {f"opset {opset}, {'rebatch' if rebatch else 'mask'}, {'folded' if fold else 'batch norms'}":
            model.Spelling(opset, rebatch, fold) for opset in (16, 11) for rebatch in (False, True)
            for fold in (False, True)}


PLAIN = model.Spelling(opset=16, rebatch=False, fold=False)


class Arithmetic(unittest.TestCase):
    def test_graph_computes_the_model(self):
        for name, configuration in (("tiny", TINY), ("base", BASE), ("temporal", TEMPORAL)):
            for batch in (1, 2):
                with self.subTest(name, batch=batch):
                    c = dataclasses.replace(configuration, batch=batch)
                    inputs, hits = vehicle.make_inputs(c, SEED)
                    graph, proto = written(c, PLAIN, expose=True)
                    # The backbone is checked by itself; its maps are the last convolutions of the neck.
                    outputs, maps = self.run_with_maps(proto, inputs, c)
                    reference = bevformer.BEVFormer(graph.parameters, c)
                    encoded = reference.encode(maps, inputs["can_bus"], inputs["lidar2img"], inputs.get("prev_bev"))
                    scores, boxes = reference.decode(encoded["bev"])
                    self.assertTrue(0 < hits.sum() < hits.size)
                    np.testing.assert_array_equal(hits, encoded["visible"].any(axis=-1))
                    np.testing.assert_array_equal(outputs["pillar_visible"] > 0, encoded["visible"])
                    # The reference's pc_range and cell sizes are float64, the graph's are float32.
                    for output, expected in zip(OUTPUTS, (encoded["bev"].transpose(1, 0, 2), scores, boxes)):
                        self.assertLess(relative(outputs[output], expected), 1e-6, output)
                    near = np.abs(encoded["uv"]) < 10
                    self.assertLess(relative(outputs["pillar_references"][near], encoded["uv"][near]), 1e-6)
                    near = np.abs(encoded["locations"]) < 10
                    self.assertLess(relative(outputs["sampling_locations"][near], encoded["locations"][near]), 1e-6)
                    self.assertLess(relative(outputs["sampling_weights"], encoded["weights"]), 1e-6)

    def run_with_maps(self, proto, inputs, configuration):
        names = [node.output[0] for node in proto.graph.node if node.name.startswith("/img_neck/fpn_convs")]
        self.assertEqual(len(names), configuration.levels)
        for name in names:
            proto.graph.output.append(onnx.helper.make_tensor_value_info(name, graphs.FLOAT, None))
        outputs = onnx_numpy.run(proto, inputs)
        maps = [outputs[name] for name in names]
        for x, shape in zip(maps, configuration.level_shapes):
            self.assertEqual(x.shape[2:], tuple(shape))
        return outputs, maps

    def test_temporal_inputs_matter(self):
        inputs, _ = vehicle.make_inputs(TEMPORAL, SEED)
        _, proto = written(TEMPORAL, PLAIN)
        base = onnx_numpy.run(proto, inputs)["bev_embed"]
        for column in (0, 1, 16, 17):
            changed = {**inputs, "can_bus": inputs["can_bus"].copy()}
            changed["can_bus"][:, column] += 20 if column == 17 else 1
            self.assertGreater(relative(onnx_numpy.run(proto, changed)["bev_embed"], base), 1e-3, column)

    def test_standing_vehicle(self):
        # atan2(0, 0) must not become NaN.
        inputs, _ = vehicle.make_inputs(TEMPORAL, SEED)
        inputs["can_bus"][:] = 0
        for opset in (16, 11):
            _, proto = written(TEMPORAL, model.Spelling(opset, False, False))
            self.assertTrue(np.isfinite(onnx_numpy.run(proto, inputs)["all_bbox_preds"]).all())

    def test_sizes_are_the_published_ones(self):
        shapes = {name: c.level_shapes for name, c in configurations.CONFIGURATIONS.items()}
        self.assertEqual(shapes, {"tiny": [(15, 25)], "small": [(23, 40)],
                                  "base": [(116, 200), (58, 100), (29, 50), (15, 25)]})
        with self.assertRaisesRegex(ValueError, "expected cameras to be positive, but got 0"):
            dataclasses.replace(TINY, cameras=0)


class Spellings(unittest.TestCase):
    def test_all_give_the_same(self):
        for name, configuration in (("tiny", dataclasses.replace(TINY, batch=2)), ("temporal", TEMPORAL)):
            inputs, hits = vehicle.make_inputs(configuration, SEED)
            expected = None
            for spelling_name, spelling in spellings().items():
                with self.subTest(name, spelling=spelling_name):
                    _, proto = written(configuration, spelling, hits)
                    outputs = onnx_numpy.run(proto, inputs)
                    expected = expected or outputs
                    for output in OUTPUTS:
                        error = relative(outputs[output], expected[output])
                        self.assertLess(error, FOLDED if spelling.fold else FLOAT64_ROUNDING, output)

    def test_batch_rows_are_independent(self):
        for configuration in (TINY, TEMPORAL):
            two = dataclasses.replace(configuration, batch=2)
            inputs, hits = vehicle.make_inputs(two, SEED)
            for spelling in (PLAIN, model.Spelling(11, True, False)):
                both = onnx_numpy.run(written(two, spelling, hits)[1], inputs)
                for row in range(2):
                    with self.subTest(opset=spelling.opset, temporal=two.temporal, row=row):
                        pick = lambda name, a: a[:, row:row + 1] if name == "prev_bev" else a[row:row + 1]
                        alone = onnx_numpy.run(written(configuration, spelling, hits[row:row + 1])[1],
                                               {name: pick(name, a) for name, a in inputs.items()})
                        for output in OUTPUTS:
                            self.assertLess(relative(both[output][:, row:row + 1], alone[output]), FLOAT64_ROUNDING,
                                            output)

    def test_graphs_are_valid(self):
        for configuration in (TINY, BASE, TEMPORAL):
            _, _, hits = vehicle.calibration(configuration, SEED)
            for name, spelling in spellings().items():
                with self.subTest(name, levels=configuration.levels):
                    _, proto = written(configuration, spelling, hits, expose=True)
                    onnx.checker.check_model(proto)
                    inferred = onnx.shape_inference.infer_shapes(proto, check_type=True, strict_mode=True)
                    dims = lambda value: [d.dim_value for d in value.type.tensor_type.shape.dim]
                    self.assertEqual([dims(o) for o in inferred.graph.output], [dims(o) for o in proto.graph.output])
                    kinds = {node.op_type for node in proto.graph.node}
                    self.assertEqual("GridSample" in kinds, spelling.opset == 16)
                    self.assertEqual("GatherElements" in kinds, spelling.opset == 11)
                    self.assertEqual("ScatterND" in kinds, spelling.rebatch)
                    self.assertEqual("BatchNormalization" in kinds, not spelling.fold)

    def test_onnxruntime_agrees(self):
        if not check.has_runtime():
            self.skipTest("onnxruntime is not installed")
        inputs, hits = vehicle.make_inputs(TEMPORAL, SEED)
        expected = onnx_numpy.run(written(TEMPORAL, PLAIN)[1], inputs)
        with tempfile.TemporaryDirectory() as folder:
            for name, spelling in spellings().items():
                with self.subTest(name):
                    path = os.path.join(folder, "m.onnx")
                    onnx.save(written(TEMPORAL, spelling, hits)[1], path)
                    outputs = check.run_model(path, inputs)
                    for output in OUTPUTS:
                        self.assertLess(relative(outputs[output], expected[output]), 1e-5, output)


class Compiled(unittest.TestCase):
    """Each spelling of the geometry becomes the same bev ops, and computes what the graph says."""

    def test_temporal(self):
        runner = harness.Runner("cpu")
        for batch, opset, rebatch in ((1, 16, False), (2, 11, True)):
            with self.subTest(opset=opset, batch=batch), tempfile.TemporaryDirectory(prefix="bevformer-") as folder:
                configuration = dataclasses.replace(TEMPORAL, batch=batch, encoder_layers=1, decoder_layers=1)
                inputs, hits = vehicle.make_inputs(configuration, SEED)
                # So that cells leave the map, whatever the seed says.
                inputs["can_bus"][:, -1] = np.array([25, -40], np.float32)[:batch]
                expected = onnx_numpy.run(written(configuration, PLAIN)[1], inputs)
                _, proto = written(configuration, model.Spelling(opset, rebatch, True), hits)
                self.check(runner, folder, proto, inputs, expected, batch)

    def check(self, runner, folder, proto, inputs, expected, batch):
        path = lambda name: os.path.join(folder, name)
        onnx.save(proto, path("m.onnx"))
        np.savez(path("inputs.npz"), **inputs)
        status, report, stderr = harness.execute("bev-translate", [path("m.onnx"), "--raise-report"])
        self.assertEqual(status, 0, stderr[-3000:])
        # The previous map is turned row by row.
        for op, count in (("project_points", 1), ("ego_shift", 1), ("warp_bev", batch)):
            self.assertRegex(report, f"(?m)^total +bev.{op}: {count} raised$")
        status, _, stderr = runner.command([path("m.onnx"), "--inputs", path("inputs.npz"), "--output",
                                            path("results.npz")])
        self.assertEqual(status, 0, stderr[-3000:])
        results = harness.load_results(path("results.npz"))
        for output in OUTPUTS:
            self.assertLess(relative(results[output], expected[output]), 1e-4, output)


class Published(unittest.TestCase):
    """With the weights of recorded exports the graphs give the recorded outputs."""

    def test_encoder(self):
        for name in ("small_encoder", "small_encoder_temporal"):
            with self.subTest(name):
                try:
                    recorded = bevformer_recorded.load(name, name + ("_op20_dynamo" if "temporal" in name else
                                                                     "_op18_dynamo"))
                except shared_models.Unavailable as reason:
                    self.skipTest(str(reason))
                temporal = "prev_bev" in recorded.inputs
                c = dataclasses.replace(configurations.CONFIGURATIONS["tiny"], image_size=(256, 448), bev_size=(20, 20),
                                        channels=64, hidden=128, encoder_layers=2, temporal=temporal,
                                        rotate_center=(10, 10))
                for opset in (16, 11):
                    graph = graphs.Graph(opset, bevformer_recorded.Weights(recorded))
                    names = [graph.input(n, a.shape) for n, a in recorded.inputs.items()]
                    self.assertEqual(c.level_shapes, [recorded.inputs["feat0"].shape[-2:]])
                    feature = graph.reshape("feat0", (6, 64) + tuple(c.level_shapes[0]))
                    bev, _ = encoder.encode(graph, c, [feature], "can_bus", "lidar2img",
                                            "prev_bev" if "prev_bev" in names else None)
                    graph.output(bev, "bev_embed", (1, 400, 64))
                    spelling = model.Spelling(opset, False, False)
                    proto = model.to_model(graph, spelling, {}, [graphs.tensor_of(np.ascontiguousarray(a), n)
                                                                for n, a in graph.parameters.items()])
                    outputs = onnx_numpy.run(proto, recorded.inputs)
                    error = relative(outputs["bev_embed"], recorded.outputs["bev_embed"])
                    print(f"  {name}, opset {opset}: relative L2 {error:.2e}", flush=True)
                    self.assertLess(error, 5e-6)

    def test_whole_model(self):
        if not check.has_runtime():
            self.skipTest("onnxruntime is not installed")
        for name in ("bevformer_tiny", "bevformer_tiny_temporal"):
            with self.subTest(name):
                try:
                    recorded = bevformer_recorded.load(name, name + "_op18_dynamo")
                    inputs = shared_models.inputs_of(name + "_op18_dynamo")
                except shared_models.Unavailable as reason:
                    self.skipTest(str(reason))
                c = dataclasses.replace(configurations.CONFIGURATIONS["tiny"], temporal="temporal" in name)
                graph = model.write_graph(c, PLAIN, bevformer_recorded.Weights(recorded))
                with tempfile.TemporaryDirectory() as folder:
                    path = os.path.join(folder, "m.onnx")
                    model.save(graph, PLAIN, {}, path)
                    outputs = check.run_model(path, inputs)
                for output in OUTPUTS:
                    error = relative(outputs[output], recorded.outputs[output])
                    print(f"  {name}, {output}: relative L2 {error:.2e}", flush=True)
                    self.assertLess(error, 1e-5, output)


class Weights(unittest.TestCase):
    def test_bits_do_not_change(self):
        source = weights.SeededWeights(0)
        digest = lambda array: hashlib.sha256(array.tobytes()).hexdigest()[:16]
        self.assertEqual(digest(source.tensor("a.weight", (64, 32), 0.125)), "57ee9adacd45c94d")
        self.assertEqual(digest(source.tensor("a.bias", (32,), 0.05, 1.0)), "f5daf2b49fef7abe")
        self.assertEqual(digest(source.tensor("b.weight", (16, 8, 3, 3), 0.1, centre=1)), "f951e92728e4bff7")
        self.assertEqual(digest(weights.direction_bias(8, 2, 4).astype(np.float32)), "488379ca25bb7c54")

    def test_distribution(self):
        array = weights.SeededWeights(1).tensor("x", (200, 300), 0.5, 2.0)
        self.assertAlmostEqual(float(array.mean()), 2.0, places=2)
        self.assertAlmostEqual(float(array.std()), 0.5, places=2)
        centred = weights.SeededWeights(1).tensor("x", (200, 300), 0.5, centre=0)
        self.assertLess(np.abs(centred.sum(axis=0, dtype=np.float64)).max(), 1e-5)
        self.assertFalse(np.array_equal(array, weights.SeededWeights(2).tensor("x", (200, 300), 0.5, 2.0)))

    def test_first_offsets(self):
        bias = weights.direction_bias(8, 1, 3)
        np.testing.assert_array_equal(bias[0, 0], [[1, 0], [2, 0], [3, 0]])
        np.testing.assert_array_equal(bias[3, 0], [[-1, 1], [-2, 2], [-3, 3]])


class Vehicle(unittest.TestCase):
    def test_cameras_look_where_their_names_say(self):
        rigs, lidar2img, _ = vehicle.calibration(configurations.CONFIGURATIONS["tiny"], 0)
        ahead = {"front": (0, 10), "front right": (8, 6), "front left": (-8, 6), "back": (0, -10),
                 "back left": (-9, -4), "back right": (9, -4)}
        for n, (name, (x, y)) in enumerate(ahead.items()):
            u, v, depth = (lidar2img[0, n].astype(np.float64) @ (x, y, -0.4, 1))[:3]
            self.assertGreater(depth, 0, name)
            self.assertTrue(200 < u / depth < 600 and 150 < v / depth < 350, (name, u / depth, v / depth))
            # Up in the world is up in the image.
            self.assertLess((lidar2img[0, n] @ (x, y, 2, 1))[1] / depth, v / depth)
        self.assertEqual(vehicle.camera_names(6), list(ahead))

    def test_any_number_of_cameras(self):
        for cameras in (1, 4, 8):
            c = dataclasses.replace(TINY, cameras=cameras)
            inputs, hits = vehicle.make_inputs(c, SEED)
            self.assertEqual(inputs["img"].shape, (1, cameras, 3) + c.image_size)
            self.assertTrue(hits.any())
            outputs = onnx_numpy.run(written(c, model.Spelling(11, True, True), hits)[1], inputs)
            self.assertTrue(np.isfinite(outputs["all_bbox_preds"]).all())

    def test_images(self):
        c = dataclasses.replace(TINY, image_size=(96, 160))
        rigs, _, _ = vehicle.calibration(c, SEED)
        images = vehicle.images(c, rigs, SEED)
        self.assertFalse(images[:, :, :, 90:].any())
        self.assertTrue(0.3 < images.std() < 2)


class Programs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bevformer-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def program(self, *arguments):
        """(exit status, what was printed)."""
        found = importlib.util.spec_from_file_location("bevformer_main", os.path.join(EXAMPLE, "__main__.py"))
        main = importlib.util.module_from_spec(found)
        found.loader.exec_module(main)
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                status = main.main([str(a) for a in arguments])
            except SystemExit as end:
                status = end.code
        return status, said.getvalue()

    SMALL = ("--image-size", "64x96", "--bev-size", "6x5", "--cameras", "2", "--queries", "4", "--encoder-layers", "1",
             "--decoder-layers", "1", "--seed", SEED)

    def test_build(self):
        status, said = self.program("build", *self.SMALL, "-o", self.path("a.onnx"), "--inputs", self.path("a.npz"))
        self.assertEqual(status, 0, said)
        status, said = self.program("build", *self.SMALL, "-o", self.path("b.onnx"), "--external-data")
        self.assertEqual(status, 0, said)
        self.assertLess(os.path.getsize(self.path("b.onnx")), 3e6)
        onnx.checker.check_model(self.path("b.onnx"))
        whole, parts = onnx.load(self.path("a.onnx")), onnx.load(self.path("b.onnx"))
        self.assertEqual([t.name for t in whole.graph.initializer], [t.name for t in parts.graph.initializer])
        for a, b in zip(whole.graph.initializer, parts.graph.initializer):
            self.assertEqual(a.raw_data, b.raw_data, a.name)
        with np.load(self.path("a.npz")) as inputs:
            self.assertEqual(sorted(inputs.files), ["can_bus", "img", "lidar2img"])
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.npz", "a.onnx", "b.onnx", "b.onnx.weights"])

    def test_build_refuses(self):
        for arguments, message in ((("--bev-size", "0"), "expected a size N or HxW, but got '0'"),
                                   (("--bev-size", "5x"), "expected a size N or HxW"),
                                   (("--cameras", "none"), "expected a positive number"),
                                   (("--image-size", "16"), "at least 32 x 32 pixels, but got 16 x 16")):
            status, said = self.program("build", *arguments, "-o", self.path("a.onnx"))
            self.assertNotEqual(status, 0)
            self.assertIn(message, said)
        status, said = self.program("build", *self.SMALL, "-o", self.path("missing/a.onnx"))
        self.assertEqual(status, 1)
        self.assertIn("error: ", said)
        self.assertEqual(os.listdir(self.folder), [])

    def test_rebatch_needs_hits(self):
        with self.assertRaisesRegex(ValueError, "expected hits"):
            written(TINY, model.Spelling(16, True, False))

    def small_outputs(self):
        status, said = self.program("build", *self.SMALL, "--expose-sampling", "-o", self.path("a.onnx"), "--inputs",
                                    self.path("a.npz"))
        self.assertEqual(status, 0, said)
        with np.load(self.path("a.npz")) as inputs:
            inputs = dict(inputs)
        outputs = {name: a.astype(np.float32)
                   for name, a in onnx_numpy.run(onnx.load(self.path("a.onnx")), inputs).items()}
        return inputs, outputs

    def test_check_and_record(self):
        inputs, outputs = self.small_outputs()
        entry = (self.path("a.onnx"), inputs, OUTPUTS)
        arrays = check.record([entry], lambda path, given: outputs, "numpy in float64")
        np.savez_compressed(self.path("recorded.npz"), **arrays)
        description = check.description_of(self.path("a.onnx"))
        results, made_by = check.against_recorded(outputs, description, self.path("recorded.npz"))
        self.assertEqual([name for name, _ in results], list(OUTPUTS))
        self.assertEqual(made_by, "numpy in float64")
        self.assertLess(max(error for _, error in results), 1e-9)
        wrong = {**outputs, "bev_embed": outputs["bev_embed"] * 1.01}
        errors = dict(check.against_recorded(wrong, description, self.path("recorded.npz"))[0])
        self.assertAlmostEqual(errors["bev_embed"], 0.01, places=4)
        wrong["bev_embed"] = outputs["bev_embed"] + np.nan
        self.assertEqual(dict(check.against_recorded(wrong, description, self.path("recorded.npz"))[0])["bev_embed"],
                         float("inf"))
        with self.assertRaisesRegex(ValueError, r"expected bev_embed of shape \[30, 1, 256\], but got \[2\]"):
            check.against_recorded({**outputs, "bev_embed": np.zeros(2)}, description, self.path("recorded.npz"))
        # The recorded file of the example knows the tiny models alone.
        np.savez(self.path("out.npz"), **outputs)
        status, said = self.program("check", self.path("out.npz"), "--model", self.path("a.onnx"), "--recorded")
        self.assertEqual(status, 1)
        self.assertIn("recorded: tiny, seed 0; tiny, temporal, seed 0", said)
        if check.has_runtime():
            status, said = self.program("check", self.path("out.npz"), "--model", self.path("a.onnx"), "--inputs",
                                        self.path("a.npz"))
            self.assertEqual(status, 0, said)

    def test_recorded_file(self):
        self.assertLess(os.path.getsize(check.RECORDED), 200e3)
        for temporal in (False, True):
            c = dataclasses.replace(configurations.CONFIGURATIONS["tiny"], temporal=temporal)
            with np.load(check.RECORDED) as arrays:
                number, made_from, names = check.recorded_entry(arrays, model.description(c, 0))
                self.assertIn("onnxruntime", made_from[check.MADE_BY])
                self.assertEqual(list(arrays[f"{number}:bev_embed:shape"]), [2500, 1, 256])
                self.assertEqual(names, list(OUTPUTS))

    def test_picture(self):
        try:
            from PIL import Image
        except ImportError as error:
            self.skipTest(f"Pillow is missing ({error}); Debian: python3-pil")
        inputs, outputs = self.small_outputs()
        np.savez(self.path("out.npz"), **outputs)
        without = {name: a for name, a in outputs.items() if name in OUTPUTS}
        np.savez(self.path("plain.npz"), **without)
        sizes = set()
        for name in ("out", "plain"):
            status, said = self.program("picture", self.path(name + ".npz"), "--inputs", self.path("a.npz"),
                                        "--bev-size", "6x5", "--at=0,12", "-o", self.path(name + ".png"))
            self.assertEqual(status, 0, said)
            self.assertIn("4 boxes; query 17 is seen by ", said)
            with Image.open(self.path(name + ".png")) as picture:
                sizes.add(picture.size)
                colours = picture.convert("RGB").getcolors(1 << 24)
            self.assertGreater(len(colours), 500)
        self.assertEqual(len(sizes), 1)
        for arguments, message in ((("--bev-size", "7"), "expected --bev-size with 30 cells"),
                                   (("--bev-size", "6x5", "--at", "99,0"), "expected a point within -51.2 to 51.2 m"),
                                   (("--bev-size", "6x5", "--row", "1"), "expected --row below the batch size (1)"),
                                   (("--at", "1"), "expected X,Y in metres")):
            status, said = self.program("picture", self.path("out.npz"), "--inputs", self.path("a.npz"), *arguments,
                                        "-o", self.path("no.png"))
            self.assertNotEqual(status, 0)
            self.assertIn(message, said)
        self.assertFalse(os.path.exists(self.path("no.png")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
