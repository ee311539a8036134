# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""libBEV-C's JIT, called as another language would: right results, and one clear error for each misuse."""
import ctypes
import os
import sys
import unittest

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "benchmarks"))
import bev_c  # noqa: E402
import bevref  # noqa: E402

SOURCE = """
func.func @main(%value: tensor<?x35x2x8xf32>, %locations: tensor<?x9x2x1x3x2xf32>, %weights: tensor<?x9x2x1x3xf32>,
                %out: memref<?x9x2x8xf32>) {
  %c0 = arith.constant 0 : index
  %b = tensor.dim %value, %c0 : tensor<?x35x2x8xf32>
  %empty = tensor.empty(%b) : tensor<?x9x2x8xf32>
  %r = bev.ms_deform_attn levels([5, 7])
    ins(%value, %locations, %weights : tensor<?x35x2x8xf32>, tensor<?x9x2x1x3x2xf32>, tensor<?x9x2x1x3xf32>)
    outs(%empty : tensor<?x9x2x8xf32>) -> tensor<?x9x2x8xf32>
  bufferization.materialize_in_destination %r in restrict writable %out : (tensor<?x9x2x8xf32>, memref<?x9x2x8xf32>) -> ()
  return
}
"""


def tensors(*arrays):
    return [(array.ctypes.data, array.shape) for array in arrays]


class JIT(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = bev_c.Library(os.path.join(os.environ["BEV_BUILD_DIR"], "lib"))

    def inputs(self, batch):
        random = np.random.default_rng(batch)
        value = random.standard_normal((batch, 35, 2, 8)).astype(np.float32)
        locations = random.uniform(-0.2, 1.2, (batch, 9, 2, 1, 3, 2)).astype(np.float32)
        weights = random.standard_normal((batch, 9, 2, 1, 3)).astype(np.float32)
        return value, locations, weights

    def test_writes_into_the_callers_buffer(self):
        function = self.library.compile(SOURCE)
        for batch in (1, 3):
            inputs = self.inputs(batch)
            out = np.full((batch, 9, 2, 8), np.nan, np.float32)
            function.bind(tensors(*inputs, out))()
            expected = bevref.ms_deform_attn(*inputs, level_shapes=[(5, 7)])
            error = np.linalg.norm(out - expected) / np.linalg.norm(expected)
            self.assertLess(error, 2e-6)

    def test_results_are_the_callers(self):
        """New memory, and a constant, which is nobody's to free."""
        capi = self.library.capi
        function = self.library.compile("""
          func.func @main(%x: tensor<5xf32>) -> (tensor<5xf32>, tensor<2xf32>) {
            %empty = tensor.empty() : tensor<5xf32>
            %y = linalg.add ins(%x, %x : tensor<5xf32>, tensor<5xf32>) outs(%empty : tensor<5xf32>) -> tensor<5xf32>
            %c = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
            return %y, %c : tensor<5xf32>, tensor<2xf32>
          }""")
        x = np.arange(5, dtype=np.float32)
        argument, results = bev_c._Tensor(), (bev_c._Tensor * 2)()
        argument.data, argument.rank, argument.sizes[0] = x.ctypes.data, 1, 5
        self.assertIsNone(capi.bevFunctionCall(function.handle, ctypes.byref(argument), results))
        for result, expected in zip(results, ([0, 2, 4, 6, 8], [1, 2])):
            data = ctypes.cast(result.data, ctypes.POINTER(ctypes.c_float))
            self.assertEqual(data[:result.sizes[0]], expected)
            capi.bevTensorFree(ctypes.c_void_p(function.handle), ctypes.byref(result))
            self.assertIsNone(result.data)

    def check_compile_error(self, source, pattern, chip=""):
        with self.assertRaisesRegex(RuntimeError, pattern):
            self.library.compile(source, chip)

    def test_compile_errors(self):
        self.check_compile_error("func.func @main(", "expected")
        self.check_compile_error("module {}", "function")
        self.check_compile_error(SOURCE.replace("[5, 7]", "[5, 8]"), r"sum of H \* W over the levels \(40\), but got 35")
        self.check_compile_error("func.func @main(%x: f32) { return }", "to be a tensor")
        self.check_compile_error(SOURCE, "sm_12345", chip="sm_12345")

    def test_wrong_shapes_are_refused(self):
        value, locations, weights = self.inputs(1)
        out = np.zeros((1, 9, 2, 8), np.float32)
        call = self.library.compile(SOURCE).bind(tensors(value[:, :34], locations, weights, out))
        with self.assertRaisesRegex(RuntimeError, "expected arg0: .*x35x2x8 x float32, but got 1x34x2x8"):
            call()
        self.assertFalse(out.any())


if __name__ == "__main__":
    unittest.main()
