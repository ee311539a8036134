# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX graphs of a real BEVFormer, as several exporters wrote them, run from the .onnx file: the recorded outputs,
raised to bev ops and node by node, at relative L2 1e-4; the raise report names every attention and all geometry; and a
graph whose inputs are another camera rig gives that rig's output unless its exporter made the rig constant.

The graphs are those of the shared models folder (see reference/shared_models.py); without it all is skipped, with the
reason. By default the small graphs run; BEV_TEST_ALL_GRAPHS=1 takes all of them, which is minutes.
"""
import os
import re
import time
import unittest

import numpy as np

import harness
from recorded_graphs import RecordedGraphs

LIMIT = 1e-4
TEMPORAL, SPATIAL, ATTENTION = ("bev.temporal_self_attention", "bev.spatial_cross_attention",
                                "bev.deformable_attention")
PROJECTION, SHIFT, WARP = "bev.project_points", "bev.ego_shift", "bev.warp_bev"
# Raised from constants, and folded to constants.
GRID = "bev.reference_grid"
# What the graphs of a group have.
OPS = {
    "decoder_attn": {ATTENTION: 1},
    "tsa": {TEMPORAL: 1},
    "sca": {SPATIAL: 1},
    "encoder_layer": {TEMPORAL: 1, SPATIAL: 1},
    "small_encoder": {TEMPORAL: 2, SPATIAL: 2, PROJECTION: 1, GRID: 1},
    "small_encoder_temporal": {TEMPORAL: 2, SPATIAL: 2, PROJECTION: 1, SHIFT: 1, WARP: 1, GRID: 3},
    "bevformer_tiny": {TEMPORAL: 3, SPATIAL: 3, ATTENTION: 6, PROJECTION: 1, GRID: 1},
    "bevformer_tiny_temporal": {TEMPORAL: 3, SPATIAL: 3, ATTENTION: 6, PROJECTION: 1, SHIFT: 1, WARP: 1, GRID: 3},
}
QUICK_GROUPS = ("decoder_attn", "tsa", "sca", "encoder_layer")
QUICK_GRAPHS = ("small_encoder_op11_nonzero", "small_encoder_op18_dynamo", "small_encoder_temporal_op20_dynamo")
# Runs whose graph holds the cameras of the recording as constants.
BAKED = "_seed"
ALL = os.environ.get("BEV_TEST_ALL_GRAPHS", "0") not in ("", "0")


def group_of(stem):
    return stem[:stem.index("_op")]


def outputs_of(folder, archive):
    with np.load(os.path.join(folder, archive + ".npz")) as arrays:
        return {key[4:]: arrays[key] for key in arrays.files if key.startswith("out:")}


class SharedGraphs(RecordedGraphs, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paths = {stem: path for stem, path in cls.paths.items()
                     if ALL or group_of(stem) in QUICK_GROUPS or stem in QUICK_GRAPHS}

    def make(self, stem):
        """The path of the complete graph and its inputs."""
        model, inputs = self.load(stem)
        path = self.file(stem + ".onnx")
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(self.materialize.fill(model).SerializeToString())
        return path, inputs

    def check(self, title, actual, expected, start):
        for name, array in expected.items():
            comparison = harness.compare.compare(actual[name], array)
            print(f"  {title}: {name}: {comparison}; limit {LIMIT:.0e}, {time.time() - start:.1f} s", flush=True)
            self.assertTrue(comparison.within(LIMIT), f"{title}: {name}: {comparison}")

    def test_raised(self):
        for stem in self.paths:
            with self.subTest(stem):
                start, (path, inputs) = time.time(), self.make(stem)
                self.check(f"{stem}, raised", self.execute(path, inputs),
                           outputs_of(self.models, group_of(stem)), start)

    def test_node_by_node(self):
        for stem in self.paths:
            with self.subTest(stem):
                start, (path, inputs) = time.time(), self.make(stem)
                self.check(f"{stem}, node by node", self.execute(path, inputs, ["--no-raise"]),
                           outputs_of(self.models, group_of(stem)), start)

    def test_report(self):
        """Every attention and all geometry is raised and none refused, and the report names the nodes of the file."""
        for stem in self.paths:
            with self.subTest(stem):
                path, _ = self.make(stem)
                names = {node.name for node in self.load(stem)[0].graph.node}
                report = self.translate([path, "--raise-report"])
                raised = dict(re.findall(r"^total +(bev\.\w+): (\d+) raised", report, re.M))
                expected = OPS[group_of(stem)]
                self.assertEqual({op: int(count) for op, count in raised.items()
                                  if "attn" in op or any(op in ops for ops in OPS.values())}, expected, report)
                self.assertNotRegex(report, "(?m)^not raised")
                found = re.findall(r"^raised +(.*) \(\w+\) -> ", report, re.M)
                self.assertTrue(found)
                self.assertLessEqual(set(found), names, report)
                module = self.translate([path, "--emit=model-ir"])
                self.assertNotIn("onnx.node", module)
                for op, count in expected.items():
                    self.assertEqual(module.count(f"= {op} "), 0 if op == GRID else count, f"{stem}: {op}")

    def test_another_rig(self):
        """Cameras that are inputs stay inputs."""
        with np.load(os.path.join(self.models, "small_encoder_rig2.npz")) as arrays:
            rig = {key[3:]: arrays[key] for key in arrays.files if key.startswith("in:")}
        expected = outputs_of(self.models, "small_encoder_rig2")
        for stem in self.paths:
            if group_of(stem) != "small_encoder":
                continue
            with self.subTest(stem):
                start, (path, inputs) = time.time(), self.make(stem)
                inputs = {name: rig.get(name, array) for name, array in inputs.items()}
                actual = self.execute(path, inputs)
                if BAKED not in stem:
                    self.check(f"{stem}, other cameras", actual, expected, start)
                    continue
                for name, array in expected.items():
                    comparison = harness.compare.compare(actual[name], array)
                    self.assertFalse(comparison.within(LIMIT), f"{stem} has no cameras of its own: {comparison}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
