# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's operators that write at computed indices, or whose number of results depends on the data, against numpy: on
the CPU, and on a GPU where bev-run finds one. Sizes are symbolic in every second case."""
import os
import tempfile
import unittest

import numpy as np
import onnx
from onnx import TensorProto, helper

import harness

TYPES = {"float32": TensorProto.FLOAT, "int64": TensorProto.INT64, "bool": TensorProto.BOOL, "int32": TensorProto.INT32}
COMBINE = {"none": lambda a, b: b, "add": lambda a, b: a + b, "mul": lambda a, b: a * b, "min": min, "max": max}


def scatter_nd(data, indices, updates, reduction="none"):
    result = data.copy()
    for at in np.ndindex(indices.shape[:-1]):
        place = tuple(indices[at])
        if reduction in ("min", "max"):
            result[place] = getattr(np, reduction + "imum")(result[place], updates[at])
        else:
            result[place] = COMBINE[reduction](result[place], updates[at])
    return result


def scatter_elements(data, indices, updates, axis=0, reduction="none"):
    result = data.copy()
    for at in np.ndindex(indices.shape):
        place = list(at)
        place[axis] = indices[at]
        place = tuple(place)
        result[place] = COMBINE[reduction](result[place], updates[at])
    return result


class Scatter(unittest.TestCase):
    device = "cpu"

    @classmethod
    def setUpClass(cls):
        cls.runner = harness.Runner(cls.device)
        reason = cls.runner.unavailable()
        if reason:
            print(f"skipped: {reason}", flush=True)
            raise unittest.SkipTest(reason)

    def check(self, number, title, op, version, arrays, expected, **attributes):
        """`expected` is what the operator results in, or a list of such."""
        expected = expected if isinstance(expected, list) else [expected]
        names = [f"y{i}" for i in range(len(expected))]
        with self.subTest(title):
            node = helper.make_node(op, list(arrays), names, **attributes)
            sizes = {name: [None] * a.ndim if number % 2 else a.shape for name, a in arrays.items()}
            inputs = [helper.make_tensor_value_info(name, TYPES[a.dtype.name], sizes[name])
                      for name, a in arrays.items()]
            if op == "ScatterND":
                # The number of indices says how much of the data each replaces.
                inputs[1].type.tensor_type.shape.dim[-1].dim_value = arrays["indices"].shape[-1]
            outputs = [helper.make_tensor_value_info(name, TYPES[e.dtype.name], None)
                       for name, e in zip(names, expected)]
            model = helper.make_model(helper.make_graph([node], "graph", inputs, outputs),
                                      opset_imports=[helper.make_opsetid("", version)])
            model.ir_version = 8
            with tempfile.TemporaryDirectory(prefix="bev-scatter-") as folder:
                path, arguments, results = (os.path.join(folder, n) for n in ("model.onnx", "in.npz", "out.npz"))
                onnx.save(model, path)
                np.savez(arguments, **arrays)
                status, _, stderr = self.runner.command(
                    [path, "--device", self.device, "--inputs", arguments, "--output", results])
                self.assertEqual(status, 0, stderr[-3000:])
                actual = harness.load_results(results)
            for name, e in zip(names, expected):
                np.testing.assert_array_equal(actual[name], e)
            print(f"  {self.device}: {title}: {sum(e.size for e in expected)} numbers are equal", flush=True)

    def test_scatter_nd(self):
        rng = np.random.default_rng(0)
        data = rng.integers(-9, 9, (7, 5, 4)).astype(np.float32)
        number = 0
        for depth in (1, 2, 3):
            for reduction in COMBINE:
                # Places come twice, and are counted from the end.
                indices = np.stack([rng.integers(-n, n, (6, 2)) for n in data.shape[:depth]], -1)
                updates = rng.integers(-9, 9, (6, 2) + data.shape[depth:]).astype(np.float32)
                self.check(number, f"ScatterND of {depth} indices, {reduction}", "ScatterND", 18,
                           {"data": data, "indices": indices, "updates": updates},
                           scatter_nd(data, indices, updates, reduction), reduction=reduction)
                number += 1
        for name, count in (("no updates", 0), ("no data", 3)):
            shown = data[:, :0] if count else data
            indices = np.zeros((count, 1), np.int64)
            updates = np.zeros((count,) + shown.shape[1:], np.float32)
            self.check(1, f"ScatterND, {name}", "ScatterND", 16,
                       {"data": shown, "indices": indices, "updates": updates}, shown)

    def test_scatter_elements(self):
        rng = np.random.default_rng(1)
        data = rng.integers(-9, 9, (7, 5)).astype(np.float32)
        for number, (axis, reduction) in enumerate((a, r) for a in (0, 1) for r in COMBINE):
            indices = rng.integers(-data.shape[axis], data.shape[axis], (4, 3))
            updates = rng.integers(-9, 9, (4, 3)).astype(np.float32)
            self.check(number, f"ScatterElements along {axis}, {reduction}", "ScatterElements", 18,
                       {"data": data, "indices": indices, "updates": updates},
                       scatter_elements(data, indices, updates, axis, reduction), axis=axis, reduction=reduction)

    def test_selections(self):
        rng = np.random.default_rng(2)
        numbers = rng.integers(0, 3, (6, 7)).astype(np.int32)
        for number, (title, array) in enumerate((("some", numbers), ("none", 0 * numbers), ("truths", numbers > 1),
                                                  ("no numbers", numbers[:0]))):
            self.check(number, f"NonZero, {title}", "NonZero", 13, {"x": array},
                       np.stack(np.nonzero(array)).astype(np.int64))
        data, kept = rng.normal(0, 1, (5, 6)).astype(np.float32), np.array([True, False, True, True])
        self.check(0, "Compress rows", "Compress", 11, {"x": data, "kept": kept}, np.compress(kept, data, 0), axis=0)
        self.check(1, "Compress all", "Compress", 11, {"x": data, "kept": kept}, np.compress(kept, data))

    def test_unique(self):
        rng = np.random.default_rng(3)
        rows = rng.integers(-2, 2, (40, 3))
        cases = [("elements", rows.astype(np.float32), {}), ("in order", rows, dict(sorted=0)),
                 ("rows", rows, dict(axis=0)), ("rows in order", rows, dict(axis=0, sorted=0)),
                 ("columns", np.ascontiguousarray(rows.T[:, :9]), dict(axis=-1)), ("one", rows[:1], dict(axis=0)),
                 ("none", rows[:0], dict(axis=0)), ("no elements", rows[:0], {})]
        for number, (title, x, attributes) in enumerate(cases):
            if "columns" in title or "axis" in attributes:
                number = 0  # their sizes must be known
            results = list(np.unique(x, True, True, True, axis=attributes.get("axis")))
            results = [results[0]] + [r.reshape(-1).astype(np.int64) for r in results[1:]]
            if attributes.get("sorted") == 0:
                order = np.argsort(results[1])
                rank = np.argsort(order)
                results = [results[0][order], results[1][order], rank[results[2]], results[3][order]]
            self.check(number, f"Unique, {title}", "Unique", 11, {"x": x}, results, **attributes)


class ScatterOnGPU(Scatter):
    device = os.environ.get("BEV_TEST_GPU", "cuda")


if __name__ == "__main__":
    unittest.main(verbosity=2)
