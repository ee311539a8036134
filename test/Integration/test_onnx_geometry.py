# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rotation of the previous map and the motion of the vehicle, as exporters spell them, raised to bev.warp_bev and
bev.ego_shift and run on the CPU: against the float64 reference, over sizes, centers and angles. A rotation in mode
nearest chooses between two cells; where the source is within 1e-4 of the middle between them, rounding may choose
either one: such cells are counted, all others must be equal. The same graphs node by node show that the reference means
what the nodes mean."""
import os
import tempfile
import time
import unittest

import numpy as np

import harness
import bevref

try:
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    MISSING = None
except ImportError as error:
    MISSING = f"no onnx: {error}"

TIE = 1e-4
LIMIT = 1e-5
ANGLES = np.array([0, 0.25, -3.7, 17, 45, -45, 60, 90, -90, 123.4, 180, 359.5], np.float32)
CAN_BUS = 18


class Graph:
    """An ONNX graph in the making; values are names."""

    def __init__(self, opset):
        self.opset, self.nodes, self.initializers, self.inputs = opset, [], [], []

    def argument(self, name, shape):
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def constant(self, value, dtype=np.float32):
        name = f"constant_{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def op(self, kind, *inputs, **attributes):
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [str(x) for x in inputs], [name], name=name, **attributes))
        return name

    def times(self, x, number):
        return self.op("Mul", x, self.constant(number))

    def stack(self, values, axis):
        """New dimension."""
        if self.opset >= 13:
            axes = self.constant([axis], np.int64)
            return self.op("Concat", *(self.op("Unsqueeze", v, axes) for v in values), axis=axis)
        return self.op("Concat", *(self.op("Unsqueeze", v, axes=[axis]) for v in values), axis=axis)

    def save(self, path, result, shape):
        output = helper.make_tensor_value_info(result, TensorProto.FLOAT, shape)
        graph = helper.make_graph(self.nodes, "geometry", self.inputs, [output], self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)])
        model.ir_version = 7
        onnx.save(model, path)


def cells_of(height, width, unit):
    """[H*W,3]: the centres of the cells from the middle of the map, in cells or (unit) -1 to 1 across it, and 1."""
    y, x = np.meshgrid(np.arange(height) + 0.5 - height / 2, np.arange(width) + 0.5 - width / 2, indexing="ij")
    scale = (2 / width, 2 / height) if unit else (1, 1)
    return np.stack([x * scale[0], y * scale[1], np.ones_like(x)], -1).reshape(-1, 3)


# ---------------------------------------------------------------------------------------------------------------------
# Rotations. Each spelling: (graph, prev [B,C,H,W], angle [B] in degrees, center from the middle) -> the same turned.


def torchvision(graph, prev, angle, shape, center, mode):
    """One image with the matrix of torchvision's rotate: its cells in pixels, scaled with the matrix."""
    _, _, height, width = shape
    x0, y0 = center
    radians = graph.times(graph.op("Neg", angle), np.pi / 180)
    cos, sin = graph.op("Cos", radians), graph.op("Sin", radians)
    x = graph.op("Add", graph.op("Sub", graph.times(cos, -x0), graph.times(sin, y0)), graph.constant(x0))
    y = graph.op("Add", graph.op("Sub", graph.times(sin, x0), graph.times(cos, y0)), graph.constant(y0))
    rows = graph.op("Concat", cos, sin, x, axis=0), graph.op("Concat", graph.op("Neg", sin), cos, y, axis=0)
    matrix = graph.op("Transpose", graph.stack(rows, 0), perm=[1, 0])
    matrix = graph.op("Div", matrix, graph.constant([width / 2, height / 2]))
    grid = graph.op("MatMul", graph.constant(cells_of(height, width, False)), matrix)
    return sample(graph, prev, graph.op("Reshape", grid, graph.constant([1, height, width, 2], np.int64)), shape, mode)


def batched(graph, prev, angle, shape, center, mode):
    """All images at once, about the middle, in units of the map: the other axis is scaled by the ratio of the sides."""
    batch, _, height, width = shape
    radians = graph.times(angle, np.pi / 180)
    cos, sin = graph.op("Cos", radians), graph.op("Sin", radians)
    rows = (graph.stack([cos, graph.op("Neg", graph.times(sin, height / width))], 1),
            graph.stack([graph.times(sin, width / height), cos], 1))
    matrix = graph.op("Transpose", graph.stack(rows, 1), perm=[0, 2, 1])
    cells = np.broadcast_to(cells_of(height, width, True)[None, :, :2], (batch, height * width, 2))
    grid = graph.op("MatMul", graph.constant(cells), matrix)
    grid = graph.op("Reshape", grid, graph.constant([batch, height, width, 2], np.int64))
    return sample(graph, prev, grid, shape, mode)


def multiplied(graph, prev, angle, shape, center, mode):
    """The same as a product and a sum in place of a MatMul, as torch takes affine_grid apart."""
    batch, _, height, width = shape
    radians = graph.times(angle, np.pi / 180)
    cos, sin = graph.op("Cos", radians), graph.op("Sin", radians)
    zero = graph.op("Sub", cos, cos)
    rows = (graph.stack([cos, graph.op("Neg", graph.times(sin, height / width)), zero], 1),
            graph.stack([graph.times(sin, width / height), cos, zero], 1))
    matrix = graph.op("Transpose", graph.stack(rows, 1), perm=[0, 2, 1])
    matrix = graph.op("Reshape", matrix, graph.constant([batch, 1, 3, 2], np.int64))
    product = graph.op("Mul", graph.constant(cells_of(height, width, True)[None, :, :, None]), matrix)
    grid = graph.op("ReduceSum", product, graph.constant([-2], np.int64), keepdims=0)
    grid = graph.op("Reshape", grid, graph.constant([batch, height, width, 2], np.int64))
    return sample(graph, prev, grid, shape, mode)


def affine_grid(graph, prev, angle, shape, center, mode):
    """The same with ONNX's own AffineGrid."""
    batch, _, height, width = shape
    radians = graph.times(angle, np.pi / 180)
    cos, sin = graph.op("Cos", radians), graph.op("Sin", radians)
    zero = graph.constant(np.zeros(batch))
    rows = (graph.stack([cos, graph.op("Neg", graph.times(sin, height / width)), zero], 1),
            graph.stack([graph.times(sin, width / height), cos, zero], 1))
    grid = graph.op("AffineGrid", graph.stack(rows, 1), graph.constant(shape, np.int64), align_corners=0)
    return sample(graph, prev, grid, shape, mode)


def sample(graph, prev, grid, shape, mode):
    if graph.opset >= 16:
        spelled = "linear" if mode == "bilinear" and graph.opset >= 20 else mode
        return graph.op("GridSample", prev, grid, mode=spelled, padding_mode="zeros", align_corners=0)
    _, channels, height, width = shape
    inside, index = None, None
    for component, extent, step in ((0, width, 1), (1, height, width)):
        place = graph.op("Gather", grid, graph.constant(component, np.int64), axis=3)
        place = graph.times(graph.op("Add", place, graph.constant(1)), extent)
        place = graph.op("Div", graph.op("Sub", place, graph.constant(1)), graph.constant(2))
        cell = graph.op("Round", graph.op("Reshape", place, graph.constant([-1], np.int64)))
        here = graph.op("And", graph.op("Greater", cell, graph.constant(-1)),
                        graph.op("Less", cell, graph.constant(extent)))
        cell = graph.op("Cast", graph.op("Clip", cell, graph.constant(0), graph.constant(extent - 1)),
                        to=TensorProto.INT64)
        cell = graph.op("Mul", cell, graph.constant(step, np.int64))
        inside = here if inside is None else graph.op("And", inside, here)
        index = cell if index is None else graph.op("Add", index, cell)
    flat = graph.op("Reshape", prev, graph.constant([channels, height * width], np.int64))
    gathered = graph.op("Gather", flat, index, axis=1)
    result = graph.op("Where", graph.op("Unsqueeze", inside, axes=[0]), gathered, graph.constant(0))
    return graph.op("Reshape", result, graph.constant(shape, np.int64))


# (title, spelling, opset, mode, H, W, center or None, one image at a time)
ROTATIONS = [
    ("torchvision, the published center", torchvision, 16, "nearest", 50, 50, (100, 100), True),
    ("torchvision, the middle", torchvision, 16, "nearest", 20, 32, None, True),
    ("torchvision, bilinear", torchvision, 20, "bilinear", 15, 24, (3.5, 20), True),
    ("batched, nearest", batched, 16, "nearest", 30, 30, None, False),
    ("batched, bilinear", batched, 16, "bilinear", 16, 40, None, False),
    ("a product and a sum", multiplied, 16, "nearest", 12, 30, None, False),
    ("AffineGrid", affine_grid, 20, "nearest", 24, 16, None, False),
    ("Gather, opset 11", torchvision, 11, "nearest", 20, 16, (8, 5), True),
]


# ---------------------------------------------------------------------------------------------------------------------
# Motions


def published_shift(graph, bus, cell, size, safe):
    """[B,2]: through degrees, with the quadrants of atan2 chosen as exporters do; `safe`: as newer ones do."""
    dx, dy, heading = (graph.op("Gather", bus, graph.constant(i, np.int64), axis=1) for i in (0, 1, -2))
    pi, half_turn, zero = graph.constant(np.pi), graph.constant(180), graph.constant(0)
    degrees = graph.op("Mul", graph.op("Div", heading, pi), half_turn)
    square = lambda x: graph.op("Pow", x, graph.constant(2))  # noqa: E731
    length = graph.op("Sqrt", graph.op("Add", square(dx), square(dy)))
    slope = graph.op("Atan", graph.op("Div", dy, dx))
    behind = graph.op("Where", graph.op("Greater", dy, zero), graph.op("Add", slope, pi), graph.op("Sub", slope, pi))
    way = graph.op("Where", graph.op("Less", dx, zero), behind, slope)
    if safe:
        way = graph.op("Where", graph.op("IsNaN", way), zero, way)
    way = graph.op("Mul", graph.op("Div", way, pi), half_turn)
    angle = graph.op("Mul", graph.op("Div", graph.op("Sub", degrees, way), half_turn), pi)
    parts = [graph.op("Div", graph.op("Div", graph.op("Mul", length, graph.op(function, angle)), graph.constant(step)),
                      graph.constant(extent))
             for function, step, extent in (("Sin", cell[1], size[1]), ("Cos", cell[0], size[0]))]
    return graph.op("Transpose", graph.stack(parts, 0), perm=[1, 0])


def short_shift(graph, bus, cell, size, safe):
    """[B,2]: in radians, with one factor; the length is a norm."""
    part = lambda first, end: graph.op("Slice", bus, *(graph.constant([v], np.int64) for v in (first, end, 1)))  # noqa
    dx, dy, heading = (graph.op("Squeeze", part(i, i + 1), graph.constant([1], np.int64)) for i in (0, 1, CAN_BUS - 2))
    length = graph.op("ReduceL2", part(0, 2), axes=[1], keepdims=0)
    slope, pi, zero = graph.op("Atan", graph.op("Div", dy, dx)), graph.constant(np.pi), graph.constant(0)
    behind = graph.op("Where", graph.op("GreaterOrEqual", dy, zero), graph.op("Add", pi, slope),
                      graph.op("Sub", slope, pi))
    way = graph.op("Where", graph.op("Greater", zero, dx), behind, slope)
    angle = graph.op("Sub", heading, way)
    parts = [graph.op("Mul", graph.times(graph.op(function, angle), 1 / (step * extent)), length)
             for function, step, extent in (("Sin", cell[1], size[1]), ("Cos", cell[0], size[0]))]
    return graph.stack(parts, 1)


def motions():
    """[B,18]: every direction, forward and backward along the axes, and none."""
    rng = np.random.default_rng(7)
    bus = rng.normal(size=(64, CAN_BUS)) * 3
    bus[:9, :2] = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1e-20, 1), (-1e-20, 1), (1e-3, -4), (-4, 1e-3)]
    return bus.astype(np.float32)


@unittest.skipIf(MISSING, MISSING)
class Geometry(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runner = harness.Runner("cpu")

    def execute(self, folder, model, inputs, op):
        """The results, raised and node by node; raised it must be."""
        path = lambda name: os.path.join(folder, name)  # noqa: E731
        status, report, stderr = harness.execute("bev-translate", [model, "--raise-report"])
        self.assertEqual(status, 0, stderr[-3000:])
        self.assertRegex(report, f"(?m)^raised .* -> {op}$")
        self.assertNotRegex(report, "(?m)^not raised")
        np.savez(path("inputs.npz"), **inputs)
        results = []
        for options in ([], ["--no-raise"]):
            status, _, stderr = self.runner.command([model, "--inputs", path("inputs.npz"), "--output",
                                                     path("results.npz"), *options])
            self.assertEqual(status, 0, stderr[-3000:])
            results.append(next(iter(harness.load_results(path("results.npz")).values())))
        return results

    def check_rotation(self, title, spelling, opset, mode, height, width, center, single):
        start, channels = time.time(), 3
        # Graphs of one image run again for each angle.
        angles = ANGLES[1::3] if single else ANGLES
        rows = 1 if single else len(angles)
        shape = (rows, channels, height, width)
        middle = (width / 2, height / 2)
        graph = Graph(opset)
        prev, angle = graph.argument("prev", shape), graph.argument("angle", [rows])
        moved = tuple(c - m for c, m in zip(center or middle, middle))
        turned = spelling(graph, prev, angle, shape, moved, mode)
        images = np.random.default_rng(1).normal(size=(len(angles),) + shape[1:]).astype(np.float32)
        worst, ties, chosen = 0.0, 0, 0
        with tempfile.TemporaryDirectory(prefix="bev-geometry-") as folder:
            model = os.path.join(folder, "model.onnx")
            graph.save(model, turned, shape)
            for first in range(0, len(angles), rows):
                part = slice(first, first + rows)
                maps = images[part].transpose(0, 2, 3, 1)
                expected = bevref.warp_bev(maps, angles[part], center=center, mode=mode)
                isTie = np.zeros(expected.shape, bool)
                if mode == "nearest":
                    isTie[tuple(bevref.warp_bev_ties(maps, angles[part], center=center, tolerance=TIE).T)] = True
                for result in self.execute(folder, model, {"prev": images[part], "angle": angles[part]},
                                           "bev.warp_bev"):
                    actual = result.transpose(0, 2, 3, 1)
                    worst = max(worst, np.abs(np.where(isTie, 0, actual - expected)).max())
                    chosen += (isTie & (actual != expected)).any(-1).sum()
                ties += isTie.any(-1).sum()
        print(f"  {title}: {len(angles)} angles, largest difference {worst:.1e}; {ties} of "
              f"{len(angles) * height * width} cells are ties, {chosen} of {2 * ties} chosen otherwise, "
              f"{time.time() - start:.1f} s", flush=True)
        self.assertLessEqual(worst, 0 if mode == "nearest" else 10 * LIMIT)
        self.assertLess(ties, 0.02 * len(angles) * height * width)

    def test_rotations(self):
        for title, *rest in ROTATIONS:
            with self.subTest(title):
                self.check_rotation(title, *rest)

    def test_motions(self):
        bus, cell, size = motions(), (0.512, 0.8), (200, 100)
        expected = bevref.ego_shift(bus, grid_length=cell, bev_size=size)
        for title, spelling, safe in (("published", published_shift, False),
                                      ("published, dynamo", published_shift, True), ("short", short_shift, False)):
            with self.subTest(title), tempfile.TemporaryDirectory(prefix="bev-geometry-") as folder:
                graph = Graph(17)
                shift = spelling(graph, graph.argument("can_bus", bus.shape), cell, size, safe)
                model = os.path.join(folder, "model.onnx")
                graph.save(model, shift, expected.shape)
                raised, by_nodes = self.execute(folder, model, {"can_bus": bus}, "bev.ego_shift")
                isNumber = np.isfinite(by_nodes).all(-1)
                errors = [np.linalg.norm((x - expected)[isNumber]) / np.linalg.norm(expected[isNumber])
                          for x in (raised, by_nodes)]
                print(f"  {title}: relative L2 {errors[0]:.1e} raised, {errors[1]:.1e} node by node; limit "
                      f"{LIMIT:.0e}; {(~isNumber).sum()} of {len(bus)} rows are NaN node by node", flush=True)
                self.assertLessEqual(max(errors), LIMIT)
                # No motion is no shift, whatever the exporter's atan2 makes of 0 / 0.
                self.assertTrue((raised[0] == 0).all())
                self.assertLessEqual((~isNumber).sum(), 0 if safe else 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
