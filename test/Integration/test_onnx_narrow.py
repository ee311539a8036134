# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Casts to and from floats of 8 and 4 bits and integers of 4 and 2, against tables of all their values: every code,
every point halfway between two values, and what is beyond them."""
import os
import tempfile
import unittest

import numpy as np
import onnx
from onnx import TensorProto, helper

import harness

# Name: (number in ONNX, bits of the exponent, of the mantissa, bias, kind). "fn" has no infinity and one NaN, "fnuz"
# only the NaN in place of the negative zero, "e2m1" neither.
FLOATS = {"float8e4m3fn": (17, 4, 3, 7, "fn"), "float8e4m3fnuz": (18, 4, 3, 8, "fnuz"),
          "float8e5m2": (19, 5, 2, 15, "ieee"), "float8e5m2fnuz": (20, 5, 2, 16, "fnuz"),
          "float4e2m1": (23, 2, 1, 1, "e2m1")}
INTEGERS = {"uint4": (21, 0, 15), "int4": (22, -8, 7), "uint2": (25, 0, 3), "int2": (26, -2, 1)}


def values_of(exponent_bits, mantissa_bits, bias, kind):
    """The value of each code."""
    width = 1 + exponent_bits + mantissa_bits
    table = np.zeros(2 ** width)
    for code in range(2 ** width):
        exponent, mantissa = code >> mantissa_bits & (2 ** exponent_bits - 1), code & (2 ** mantissa_bits - 1)
        fraction = mantissa / 2 ** mantissa_bits
        value = (1 + fraction) * 2.0 ** (exponent - bias) if exponent else fraction * 2.0 ** (1 - bias)
        magnitude = code & (2 ** (width - 1) - 1)
        if kind == "fn" and magnitude == 2 ** (width - 1) - 1:
            value = np.nan
        if kind == "ieee" and exponent == 2 ** exponent_bits - 1:
            value = np.nan if mantissa else np.inf
        table[code] = -value if code >> (width - 1) else value
    if kind == "fnuz":
        table[2 ** (width - 1)] = np.nan
    return table


def nearest(table, kind, x, saturate):
    """The value of the type that x is rounded to: of two that are as near the one of even code."""
    if np.isnan(x):
        return -0.0 if kind == "e2m1" else np.nan
    half = table[:len(table) // 2]
    finite = half[np.isfinite(half)]
    # What follows the greatest is where rounding to infinity begins.
    after = 2 * finite[-1] - finite[-2]
    if kind == "e2m1":
        after = np.inf
    candidates = np.append(finite, after) if np.isfinite(after) else finite
    distance = abs(min(abs(x), 4 * finite[-1]) - candidates)
    best = np.flatnonzero(distance == distance.min())
    code = best[0] if len(best) == 1 or best[0] % 2 == 0 else best[1]
    if code == len(finite):
        code = len(finite) - 1
        if not saturate:
            return np.copysign(np.inf, x) if kind == "ieee" else np.nan
    if np.isinf(x) and not saturate and kind != "e2m1":
        return x if kind == "ieee" else np.nan
    return np.copysign(finite[code], x)


class Narrow(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runner = harness.Runner("cpu")

    def run_casts(self, x, types, **attributes):
        """The input cast to one type after the other; the last two are results."""
        nodes = [helper.make_node("Cast", [f"v{i}"], [f"v{i + 1}"], to=to, **attributes) for i, to in enumerate(types)]
        outputs = [helper.make_tensor_value_info(f"v{i}", types[i - 1], None) for i in (len(types) - 1, len(types))]
        graph = helper.make_graph(nodes, "graph", [helper.make_tensor_value_info("v0", TensorProto.FLOAT, [x.size])],
                                  outputs)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)])
        model.ir_version = 8
        with tempfile.TemporaryDirectory(prefix="bev-narrow-") as folder:
            path, arguments, results = (os.path.join(folder, n) for n in ("model.onnx", "inputs.npz", "results.npz"))
            onnx.save(model, path)
            np.savez(arguments, v0=x)
            status, _, stderr = self.runner.command([path, "--inputs", arguments, "--output", results])
            self.assertEqual(status, 0, stderr[-3000:])
            loaded = harness.load_results(results)
        return [loaded[output.name] for output in outputs]

    def check_float(self, name, saturate):
        number, *encoding = FLOATS[name]
        table, kind = values_of(*encoding), encoding[-1]
        finite = np.unique(table[np.isfinite(table)])
        x = np.concatenate([finite, (finite[1:] + finite[:-1]) / 2, finite * 1.01, finite * 1e-3, finite * 3,
                            [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e30, -1e30, 1e-40]]).astype(np.float32)
        attributes = {} if kind == "e2m1" else {"saturate": int(saturate)}
        codes, back = self.run_casts(x, [number, TensorProto.FLOAT], **attributes)
        self.assertEqual((codes.dtype, back.dtype), (np.uint8, np.float32))
        expected = np.array([nearest(table, kind, float(v), saturate) for v in x], np.float32)
        if kind == "fnuz":
            expected += 0.0  # no negative zero
        np.testing.assert_array_equal(back, expected)
        np.testing.assert_array_equal(np.signbit(back[~np.isnan(back)]), np.signbit(expected[~np.isnan(back)]))
        np.testing.assert_array_equal(table.astype(np.float32)[codes], back)
        print(f"  {name}, saturate {saturate}: {x.size} numbers are equal", flush=True)

    def test_floats(self):
        for name in FLOATS:
            for saturate in (True, False):
                with self.subTest(f"{name}, saturate {saturate}"):
                    self.check_float(name, saturate)

    def test_integers(self):
        for name, (number, low, high) in INTEGERS.items():
            with self.subTest(name):
                x = np.arange(low, high + 1).astype(np.float32)
                for wide, dtype in ((TensorProto.FLOAT, np.float32), (TensorProto.INT32, np.int32)):
                    codes, back = self.run_casts(x, [number, wide])
                    self.assertEqual(codes.dtype, np.uint8 if low == 0 else np.int8)
                    np.testing.assert_array_equal(codes, x)
                    np.testing.assert_array_equal(back, x.astype(dtype))

    def test_exponents(self):
        x = np.array([2.0 ** -127, 2.0 ** -126, 0.25, 1, 1.0001, 1.5, 3, 2.0 ** 127, 1.9 * 2.0 ** 127, np.nan],
                     np.float32)
        for mode, expected in (("up", [0, 1, 125, 127, 128, 128, 129, 254, 254, 255]),
                               ("down", [0, 1, 125, 127, 127, 127, 128, 254, 254, 255]),
                               ("nearest", [0, 1, 125, 127, 127, 128, 129, 254, 254, 255])):
            with self.subTest(mode):
                codes, back = self.run_casts(x, [24, TensorProto.FLOAT], round_mode=mode)
                # 2^-127 is a float of reduced precision, whose leading bit is in the fraction.
                expected[0] = 0 if mode == "down" else 1
                np.testing.assert_array_equal(codes, expected)
                values = 2.0 ** (np.array(expected, np.float64) - 127)
                np.testing.assert_array_equal(back, np.where(codes == 255, np.nan, values).astype(np.float32))


if __name__ == "__main__":
    unittest.main(verbosity=2)
