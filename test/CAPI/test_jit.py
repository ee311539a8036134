# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""libBEV-C's JIT, called as another language would: right results, and one clear error for each misuse."""
import ctypes
import os
import re
import subprocess
import sys
import tempfile
import unittest

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BENCHMARKS = os.path.join(ROOT, "benchmarks")
LIBRARIES = os.path.join(os.environ["BEV_BUILD_DIR"], "lib")
sys.path.insert(0, BENCHMARKS)
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

KEY = "%s bev.ms_deform_attn levels=[5,7] ins=?x35x2x8xf32,?x9x2x1x3x2xf32,?x9x2x1x3xf32 outs=?x9x2x8xf32:"


def tensors(*arrays):
    return [(array.ctypes.data, array.shape) for array in arrays]


class JIT(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = bev_c.Library(LIBRARIES)

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

    def check_compile_error(self, source, pattern, chip="", schedule_file=""):
        with self.assertRaisesRegex(RuntimeError, pattern):
            self.library.compile(source, chip, schedule_file)

    def test_compile_errors(self):
        self.check_compile_error("func.func @main(", "^source:1:16: expected")
        self.check_compile_error("module {}", "function")
        self.check_compile_error(SOURCE.replace("[5, 7]", "[5, 8]"), r"sum of H \* W over the levels \(40\), but got 35")
        self.check_compile_error("func.func @main(%x: f32) { return }", "to be a tensor")
        self.check_compile_error(SOURCE, "sm_12345", chip="sm_12345")

    def test_options_of_another_size_are_refused(self):
        for size in (0, ctypes.sizeof(bev_c._CompileOptions) + 8):
            options, error = bev_c._CompileOptions(size), ctypes.c_void_p()
            self.assertIsNone(self.library.capi.bevFunctionCompileWithOptions(
                SOURCE.encode(), len(SOURCE), ctypes.byref(options), ctypes.byref(error)))
            with self.assertRaisesRegex(RuntimeError, rf"expected options of \d+ bytes, but got {size}; set 'size'"):
                self.library.raise_error(error.value)

    def test_plain_compile(self):
        """Without options, and without the helper of the benchmarks."""
        compile, error = self.library.capi.bevFunctionCompile, ctypes.c_void_p()
        compile.restype = ctypes.c_void_p
        handle = compile(SOURCE.encode(), ctypes.c_size_t(len(SOURCE)), b"main", None, ctypes.byref(error))
        self.assertIsNone(error.value)
        function = bev_c.Function(self.library, handle)
        self.assertEqual(self.library.capi.bevFunctionNumArguments(ctypes.c_void_p(function.handle)), 4)

    def test_first_functions_at_once(self):
        """Threads of a process that has compiled nothing yet."""
        program = f"""
import concurrent.futures, sys
sys.path.insert(0, {BENCHMARKS!r})
import bev_c
library = bev_c.Library({LIBRARIES!r})
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    print(len(list(pool.map(library.compile, ["func.func @main() {{ return }}"] * 8))))
"""
        for _ in range(4):
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
            self.assertEqual((done.returncode, done.stdout), (0, "8\n"), done.stderr)

    def schedule_file(self, text):
        file = tempfile.NamedTemporaryFile("w", suffix=".schedules.txt")
        self.addCleanup(file.close)
        file.write(text)
        file.flush()
        return file.name

    def test_schedule_file(self):
        """What the file has is what is compiled: one that does not fit is refused, the result of one that does is
        right, and other chips' entries are nobody's."""
        inputs = self.inputs(2)
        expected = bevref.ms_deform_attn(*inputs, level_shapes=[(5, 7)])
        for chip, schedule in (("cpu", "lanes = 2"), ("sm_90", "lanes = 3")):
            function = self.library.compile(SOURCE, schedule_file=self.schedule_file(f"{KEY % chip}\n  {schedule}\n"))
            out = np.full((2, 9, 2, 8), np.nan, np.float32)
            function.bind(tensors(*inputs, out))()
            self.assertLess(np.linalg.norm(out - expected) / np.linalg.norm(expected), 2e-6)

    def test_errors_of_schedule_files(self):
        for text, line, problem in (
                (f"\n{KEY % 'cpu'}\n  lanes = 3\n", 2, r"expected a schedule that fits 'bev.ms_deform_attn', but got "
                 r"'lanes = 3': .* to divide the channels \(8\), but got 3"),
                (f"{KEY % 'cpu'}\n  lanes = x\n", 2, "expected a schedule, such as .*, but got 'lanes = x': "),
                ("# notes\nlanes = 8\n", 2, "expected a key .*, but got 'lanes = 8'"),
                (f"{KEY % 'cpu'}\n", 1, "expected an indented schedule")):
            path = self.schedule_file(text)
            self.check_compile_error(SOURCE, f"^{re.escape(path)}:{line}:1: {problem}", schedule_file=path)
        self.check_compile_error(SOURCE, "^the schedule file 'no such file' cannot be read: No such file or directory$",
                                 schedule_file="no such file")

    def test_wrong_shapes_are_refused(self):
        value, locations, weights = self.inputs(1)
        out = np.zeros((1, 9, 2, 8), np.float32)
        call = self.library.compile(SOURCE).bind(tensors(value[:, :34], locations, weights, out))
        with self.assertRaisesRegex(RuntimeError, "expected arg0: .*x35x2x8 x float32, but got 1x34x2x8"):
            call()
        self.assertFalse(out.any())


if __name__ == "__main__":
    unittest.main()
