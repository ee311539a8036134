# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Recorded modules of a real BEVFormer, written in bev ops with their own weights, reproduce the recorded outputs:
the attention of tsa, sca and decoder_attn between its linear layers, and the whole encoder layer. Relative L2 at most
1e-5 in f32. Skipped, with the reason, where the recordings are absent (see reference/shared_models.py)."""
import os
import tempfile
import time
import unittest

import numpy as np

import harness
import shared_models
from layers import Emitter, feed_forward, project_and_normalize, spatial_attention, temporal_attention, type_of

LIMIT = 1e-5


def _temporal(text, prefix, sizes, query, stacked, position, reference):
    """Adds the temporal attention over arguments of the recorded shapes -> attended [Q, C]."""
    q, c, points = sizes["q"], sizes["c"], sizes["p"]
    text.line(f"%previous = tensor.extract_slice {stacked}[0, 0, 0] [1, {q}, {c}] [1, 1, 1] : {type_of((2, q, c))} to "
              f"{type_of((q, c))}")
    text.collapse("stacked_rows", stacked, "[[0, 1], [2]]", (2, q, c), (2 * q, c))
    text.collapse("position_rows", position, "[[0, 1], [2]]", (1, q, c), (q, c))
    text.binary("placed", "add", query, "%position_rows", (q, c))
    text.line(f"%mixed = tensor.concat dim(1) %previous, %placed : ({type_of((q, c))}, {type_of((q, c))}) -> "
              f"{type_of((q, 2 * c))}")
    text.expand("reference", reference, "[[0, 1], [2], [3], [4]]", (2, q, 1, 2), (1, 2, q, 1, 2))
    return temporal_attention(text, "tsa", "%stacked_rows", "%mixed", "%reference", dict(
        b=1, t=2, q=q, rows=q, stacked=2 * q, c=c, m=shared_models.HEADS, p=points,
        levels=f"[{shared_models.BEV_SHAPE[0]}, {shared_models.BEV_SHAPE[1]}]", prefix=prefix))


def _spatial(text, prefix, sizes, query, features, uv, mask):
    """Adds the spatial attention over arguments of the recorded shapes -> attended [Q, C]."""
    n, s, q, c, z, points = (sizes[k] for k in ("n", "s", "q", "c", "z", "p"))
    text.collapse("feature_rows", features, "[[0, 1, 2], [3]]", (n, s, 1, c), (n * s, c))
    # [N,1,Q,Z] is [1,N,Q,Z] in memory.
    text.collapse("uv_flat", uv, "[[0, 1], [2], [3], [4]]", (n, 1, q, z, 2), (n, q, z, 2))
    text.expand("uv", "%uv_flat", "[[0, 1], [2], [3], [4]]", (n, q, z, 2), (1, n, q, z, 2))
    flat, whole = type_of((n, q, z), "i1"), type_of((1, n, q, z), "i1")
    text.line(f"%mask_flat = tensor.collapse_shape {mask} [[0, 1], [2], [3]] : {type_of((n, 1, q, z), 'i1')} into {flat}\n"
              f"%mask = tensor.expand_shape %mask_flat [[0, 1], [2], [3]] output_shape [1, {n}, {q}, {z}] : {flat} into {whole}")
    return spatial_attention(text, "sca", "%feature_rows", query, "%uv", "%mask", dict(
        b=1, n=n, q=q, s=s, rows=q, cells=n * s, c=c, m=shared_models.HEADS, p=points, z=z,
        levels=f"[{shared_models.CAMERA_SHAPE[0]}, {shared_models.CAMERA_SHAPE[1]}]", prefix=prefix))


def _argument(text, layer, name, element="f32"):
    return text.argument("in." + name, layer.inputs[name].shape, element)


def _residual(text, attended, query, q, c, projection):
    """query + linear(attended), as [1, Q, C]."""
    text.linear("projected", attended, (q, c, c), projection)
    text.binary("rows_out", "add", query, "%projected", (q, c))
    return text.expand("output", "%rows_out", "[[0, 1], [2]]", (q, c), (1, q, c))


def tsa(layer):
    text = Emitter()
    _, q, c = layer.inputs["query"].shape
    query, stacked, position, reference = (_argument(text, layer, n) for n in ("query", "prev_bev", "bev_pos", "ref_2d"))
    text.collapse("query_rows", query, "[[0, 1], [2]]", (1, q, c), (q, c))
    points = layer.weights["attention_weights"][1].size // (shared_models.HEADS * 2)
    attended = _temporal(text, "", dict(q=q, c=c, p=points), "%query_rows", stacked, position, reference)
    _residual(text, attended, "%query_rows", q, c, "output_proj")
    return text, "%output", type_of((1, q, c))


def sca(layer):
    text = Emitter()
    _, q, c = layer.inputs["query"].shape
    n, s = layer.inputs["value"].shape[:2]
    query, features, uv = (_argument(text, layer, n) for n in ("query", "value", "reference_points_cam"))
    mask = _argument(text, layer, "bev_mask", "i1")
    text.collapse("query_rows", query, "[[0, 1], [2]]", (1, q, c), (q, c))
    points = layer.weights["deformable_attention.attention_weights"][1].size // shared_models.HEADS
    sizes = dict(n=n, s=s, q=q, c=c, z=layer.inputs["bev_mask"].shape[-1], p=points)
    attended = _spatial(text, "deformable_attention.", sizes, "%query_rows", features, uv, mask)
    _residual(text, attended, "%query_rows", q, c, "output_proj")
    return text, "%output", type_of((1, q, c))


def decoder_attn(layer):
    text = Emitter()
    q, _, c = layer.inputs["query"].shape
    s, m = layer.inputs["value"].shape[0], shared_models.HEADS
    d, p = c // m, layer.weights["attention_weights"][1].size // m
    query, value, position, reference = (_argument(text, layer, n)
                                         for n in ("query", "value", "query_pos", "reference_points"))
    text.collapse("query_rows", query, "[[0, 1], [2]]", (q, 1, c), (q, c))
    text.collapse("position_rows", position, "[[0, 1], [2]]", (q, 1, c), (q, c))
    text.collapse("value_in", value, "[[0, 1], [2]]", (s, 1, c), (s, c))
    text.binary("placed", "add", "%query_rows", "%position_rows", (q, c))
    text.linear("value_rows", "%value_in", (s, c, c), "value_proj")
    text.expand("value", "%value_rows", "[[0, 1], [2, 3]]", (s, c), (1, s, m, d))
    text.linear("offset_rows", "%placed", (q, c, m * p * 2), "sampling_offsets")
    text.expand("offsets", "%offset_rows", "[[0, 1], [2, 3, 4, 5]]", (q, m * p * 2), (1, q, m, 1, p, 2))
    text.linear("logit_rows", "%placed", (q, c, m * p), "attention_weights")
    text.expand("logits", "%logit_rows", "[[0, 1], [2, 3]]", (q, m * p), (1, q, m, p))
    text.bev("heads", "deformable_attention",
             f"level levels([{shared_models.BEV_SHAPE[0]}, {shared_models.BEV_SHAPE[1]}])",
             [("%value", type_of((1, s, m, d))), (reference, type_of((1, q, 1, 2))),
              ("%offsets", type_of((1, q, m, 1, p, 2))), ("%logits", type_of((1, q, m, p)))], (1, q, m, d))
    text.collapse("attended", "%heads", "[[0, 1], [2, 3]]", (1, q, m, d), (q, c))
    text.linear("projected", "%attended", (q, c, c), "output_proj")
    text.binary("rows_out", "add", "%query_rows", "%projected", (q, c))
    text.expand("output", "%rows_out", "[[0, 1], [2]]", (q, c), (q, 1, c))
    return text, "%output", type_of((q, 1, c))


def encoder_layer(layer):
    text = Emitter()
    _, q, c = layer.inputs["bev_query"].shape
    n, s = layer.inputs["value"].shape[:2]
    z, hidden = layer.inputs["bev_mask"].shape[-1], layer.weights["ffns.0.layers.0.0"][1].size
    query, stacked, position, reference, features, uv = (_argument(text, layer, name) for name in (
        "bev_query", "prev_bev", "bev_pos", "ref_2d", "value", "reference_points_cam"))
    mask = _argument(text, layer, "bev_mask", "i1")
    text.collapse("query_rows", query, "[[0, 1], [2]]", (1, q, c), (q, c))
    points = layer.weights["attentions.0.attention_weights"][1].size // (shared_models.HEADS * 2)
    attended = _temporal(text, "attentions.0.", dict(q=q, c=c, p=points), "%query_rows", stacked, position, reference)
    current = project_and_normalize(text, "tsa", attended, "%query_rows", q, c, "attentions.0.output_proj", "norms.0",
                                    layer.epsilon)
    points = layer.weights["attentions.1.deformable_attention.attention_weights"][1].size // shared_models.HEADS
    attended = _spatial(text, "attentions.1.deformable_attention.", dict(n=n, s=s, q=q, c=c, z=z, p=points), current,
                        features, uv, mask)
    current = project_and_normalize(text, "sca", attended, current, q, c, "attentions.1.output_proj", "norms.1",
                                    layer.epsilon)
    current = feed_forward(text, "ffn", current, q, c, hidden, ("ffns.0.layers.0.0", "ffns.0.layers.1"), "norms.2",
                           layer.epsilon)
    text.expand("output", current, "[[0, 1], [2]]", (q, c), (1, q, c))
    return text, "%output", type_of((1, q, c))


class SharedModels:
    device = "cpu"

    @classmethod
    def setUpClass(cls):
        cls.runner = harness.Runner(cls.device)
        reason = cls.runner.unavailable()
        if reason and cls.device != "cpu":
            raise unittest.SkipTest(reason)
        try:
            shared_models.models_folder()
            shared_models.load("tsa")
        except shared_models.Unavailable as missing:
            print(f"skipped: {missing}", flush=True)
            raise unittest.SkipTest(str(missing))

    def check(self, name, build):
        start, layer = time.time(), shared_models.load(name)
        text, value, type = build(layer)
        arrays = {"in." + key: array for key, array in layer.inputs.items()}
        for key, (weight, bias) in layer.weights.items():
            arrays[key + ".weight"], arrays[key + ".bias"] = weight, bias
        names = [argument for argument, _ in text.arguments]
        self.assertLessEqual(set(names), set(arrays), "weights of the recorded module are missing")
        with tempfile.TemporaryDirectory(prefix="bev-models-") as folder:
            module, inputs, output = (os.path.join(folder, n) for n in (name + ".mlir", "inputs.npz", "output.npz"))
            with open(module, "w") as file:
                file.write(text.function(name, {"output": (value, type)}))
            np.savez(inputs, **{key: arrays[key] for key in names})
            status, _, stderr = self.runner.command([module, "--device", self.device, "--inputs", inputs, "--output",
                                                     output])
            self.assertEqual(status, 0, stderr[-3000:])
            actual = harness.load_results(output)["output"]
        expected = layer.outputs["output"]
        comparison = harness.compare.compare(actual.reshape(expected.shape), expected)
        print(f"  {self.device}: recorded {name}: {comparison}; limit {LIMIT:.0e}, {time.time() - start:.1f} s",
              flush=True)
        self.assertTrue(comparison.within(LIMIT), str(comparison))

    def test_tsa(self):
        self.check("tsa", tsa)

    def test_sca(self):
        self.check("sca", sca)

    def test_decoder_attn(self):
        self.check("decoder_attn", decoder_attn)

    def test_encoder_layer(self):
        self.check("encoder_layer", encoder_layer)


def classes(device):
    return type("SharedModelsOn" + device.upper().replace(":", ""), (SharedModels, unittest.TestCase),
                {"device": device})


SharedModelsOnCPU = classes("cpu")
SharedModelsOnGPU = classes(os.environ.get("BEV_TEST_GPU", "cuda"))

if __name__ == "__main__":
    unittest.main(verbosity=2)
