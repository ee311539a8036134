# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Arguments and results of types.mlir.

import os
import sys

import numpy as np

mode, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)


def bits(values):
    """The bit patterns of values that bfloat16 represents exactly."""
    return (np.asarray(values, np.float32).view(np.uint32) >> 16).astype(np.uint16)


arrays = {
    "f16": np.array([1.5, np.nan, -np.inf], np.float16),
    "bf16_bits": bits([1.5, -2, np.inf]),
    "bf16_floats": np.array([1.5, -2, 1e30], np.float32),
    "f64": np.array([1e300, -1e-300, 0.1]),
    "i1": np.array([True, False, True]),
    "i8": np.array([-64, 0, 63], np.int8),
    "i16": np.array([-(2**15), 0, 2**15 - 1], np.int16),
    "i32": np.array([-(2**31), 0, 2**31 - 1], np.int32),
    "i64": np.array([-(2**63), 0, 2**63 - 1], np.int64),
    "index": np.array([1, 2, 3], np.int64),
    "rank0": np.float32(7),
    "empty": np.zeros((0, 4), np.float32),
    "scalar_f16": np.float16(-2.5),
    "scalar_bf16": np.float32(3),
    "scalar_i1": np.bool_(True),
    "scalar_i8": np.int8(-7),
    "scalar_f64": np.float64(0.1),
    "scalar_index": np.int64(2**40),
}
expected = dict(arrays, i8=2 * arrays["i8"])
# The nearest values to 1e30.
expected["bf16_floats"] = np.array([0x3FC0, 0xC000, 0x714A], np.uint16)
if mode == "make":
    np.savez(os.path.join(folder, "in.npz"), **arrays)
    np.savez(os.path.join(folder, "expected.npz"), **expected)
else:
    results = np.load(os.path.join(folder, "out.npz"))
    assert results.files == list(expected) + ["result18"], results.files
    expected["scalar_bf16"] = bits(3)
    for name, value in expected.items():
        assert results[name].dtype == value.dtype, name
        assert results[name].shape == value.shape, name
        np.testing.assert_array_equal(results[name], value, name)
    np.testing.assert_array_equal(results["result18"], [1, 2, 3])
