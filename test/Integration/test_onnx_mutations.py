# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Graphs that look like a bev op and are not: one number of a recorded graph changed. None may be raised to that op,
unless the number makes other operands of it, and all must still compute what the changed graph says, by the float64
interpreter of ONNX (reference/onnx_numpy.py). Skipped, with the reason, where the recorded graphs are absent (see
reference/shared_models.py)."""
import time
import unittest

import numpy as np
import onnx
from onnx import helper, numpy_helper

import harness
import onnx_numpy
from recorded_graphs import RecordedGraphs

LIMIT = 1e-4
TEMPORAL, SPATIAL, ATTENTION = ("bev.temporal_self_attention", "bev.spatial_cross_attention",
                                "bev.deformable_attention")
SHIFT, WARP, PROJECTION = "bev.ego_shift", "bev.warp_bev", "bev.project_points"


def attribute(name, **values):
    """Sets attributes of the node NAME."""
    def change(graph):
        node = next(node for node in graph.node if node.name == name)
        kept = [a for a in node.attribute if a.name not in values]
        del node.attribute[:]
        node.attribute.extend(kept + [helper.make_attribute(key, value) for key, value in values.items()])
    return change


def constant(name, place, value):
    """Gives the node NAME another constant, and no other node."""
    def change(graph):
        node = next(node for node in graph.node if node.name == name)
        old = next(numpy_helper.to_array(t) for t in graph.initializer if t.name == node.input[place])
        tensor = np.broadcast_to(np.asarray(value, old.dtype), old.shape)
        graph.initializer.append(numpy_helper.from_array(np.array(tensor), "changed"))
        node.input[place] = "changed"
    return change


# The smallest graph with a previous map.
MOVING = "small_encoder_temporal_op20_dynamo"
SAMPLER, GRID, WEIGHTS = "node_grid_sampler", "node_transpose_1", "node_transpose_2"
# (the changed number, the graph, the op that it is no more, None where only its operands are others, the change, a part
# of the reason of the report)
MUTATIONS = [
    ("corners", "decoder_attn", ATTENTION, attribute(SAMPLER, align_corners=1), "align_corners"),
    ("padding", "decoder_attn", ATTENTION, attribute(SAMPLER, padding_mode="border"), "padded by 'border'"),
    ("mode", "decoder_attn", ATTENTION, attribute(SAMPLER, mode="nearest"), "mode 'nearest'"),
    ("2 x", "decoder_attn", ATTENTION, constant("node_mul", 1, 1.9), "not parts of one tensor"),
    ("x - 1", "decoder_attn", ATTENTION, constant("node_sub", 1, 0.9), "not parts of one tensor"),
    ("normalizer", "decoder_attn", ATTENTION, constant("node_div", 1, [20, 21]), "divided by the width and height"),
    ("softmax", "decoder_attn", ATTENTION, constant("node_view_2", 1, [1, 100, 16, 2]),
     "softmax over levels and points"),
    ("order of the grid", "decoder_attn", ATTENTION, attribute(GRID, perm=[0, 1, 2, 3, 4]), ""),
    ("order of the weights", "decoder_attn", ATTENTION, attribute(WEIGHTS, perm=[0, 1, 2, 3, 4]), ""),
    ("corners", "tsa", TEMPORAL, attribute(SAMPLER, align_corners=1), "align_corners"),
    ("normalizer", "tsa", TEMPORAL, constant("node_div", 1, [21, 20]), "divided by the width and height"),
    ("order of the frames", "tsa", None, attribute("node_permute_1", perm=[0, 1, 2, 3, 4, 5, 6]), ""),
    ("order of the mean", "tsa", TEMPORAL, attribute("node_Transpose_126", perm=[2, 0, 1]), ""),
    ("corners", "sca", SPATIAL, attribute(SAMPLER, align_corners=1), "align_corners"),
    ("normalizer", "sca", SPATIAL, constant("node_div", 1, [15, 25]), "divided by the width and height"),
    ("x - 1", "sca", SPATIAL, constant("node_sub", 1, 1.1), "not parts of one tensor"),
    ("clamp of the count", "sca", SPATIAL, constant("node_clamp", 1, 2.0), ""),
    ("anchors that count", "sca", None, constant("node_gt", 1, 1), ""),
    ("half a turn", MOVING, SHIFT, constant("node_Add_42", 1, 3.0), "no atan2"),
    ("quadrant", MOVING, SHIFT, constant("node_Less_45", 1, -100), "no atan2"),
    ("degrees of the heading", MOVING, SHIFT, constant("node_mul", 1, 170), "not a heading less the direction"),
    ("length", MOVING, SHIFT, constant("node_pow_1", 1, 4), "multiplied by the length"),
    ("cells of the map", MOVING, None, constant("node_div_4", 1, 21), ""),
    ("corners", MOVING, WARP, attribute(SAMPLER, align_corners=1), "no rotation about one center"),
    ("padding", MOVING, WARP, attribute(SAMPLER, padding_mode="border"), "padded by 'border'"),
    ("half of the map", MOVING, WARP, constant("node_div_8", 1, 10.5), "no rotation about one center"),
    ("move", MOVING, WARP, constant("node_mul_10", 1, 1), "no rotation about one center"),
    ("degrees of the turn", MOVING, None, constant("node_mul_8", 1, 0.02), ""),
    ("least depth", MOVING, PROJECTION, constant("node_mul_17", 1, 20), "not clamped to at least 1e-5"),
    ("visible depth", MOVING, None, constant("node_gt", 1, 20), ""),
    ("width", MOVING, None, constant("node_div_15", 1, 400), ""),
]


class Mutations(RecordedGraphs, unittest.TestCase):
    def check(self, title, group, op, change, reason):
        start, stem = time.time(), group if "_op" in group else group + "_op18_dynamo"
        model, inputs = self.load(stem)
        if "can_bus" in inputs:
            # Backward and turning, so that quadrants and borders count.
            inputs["can_bus"][0, [0, 1, -1]] = -1.5, 0.8, 17.0
        self.materialize.fill(model)
        output = model.graph.output[0].name
        before = onnx_numpy.run(model, inputs)[output]
        change(model.graph)
        del model.graph.value_info[:]
        expected = onnx_numpy.run(model, inputs)[output]
        self.assertFalse(harness.compare.compare(before, expected).within(LIMIT), "the change changes nothing")
        path = self.file("model.onnx")
        onnx.save(model, path)
        report = self.translate([path, "--raise-report"])
        if op:
            self.assertNotRegex(report, f"(?m)^raised .* -> {op}$")
        if reason:
            self.assertRegex(report, f"(?m)^not raised .*{reason}")
        comparison = harness.compare.compare(self.execute(path, inputs)[output], expected)
        print(f"  {group}, {title}: {comparison}; limit {LIMIT:.0e}, {time.time() - start:.1f} s", flush=True)
        self.assertTrue(comparison.within(LIMIT), str(comparison))

    def test_mutations(self):
        for title, group, *rest in MUTATIONS:
            with self.subTest(f"{group}, {title}"):
                self.check(title, group, *rest)


if __name__ == "__main__":
    unittest.main(verbosity=2)
