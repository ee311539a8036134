# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models of bev-compile in programs: a C program against the header that bev-compile writes, and the plain interface."""
import ctypes
import os
import shutil
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
INCLUDE = os.path.join(HERE, "..", "..", "include")
BUILD = os.environ["BEV_BUILD_DIR"]
LIBRARIES = os.path.join(BUILD, "lib")

# Names that are no identifiers, results that are an argument, a constant, and each other, scalars, an empty batch.
SOURCE = """
func.func @forward(%x: tensor<?x4xf32> {bev.name = "input:0"}, %n: i32 {bev.name = "int"},
                   %m: tensor<2x3xbf16> {bev.name = "map"})
    -> (tensor<?x4xf32> {bev.name = "doubled"}, tensor<?x4xf32> {bev.name = "input:0"},
        tensor<2048xi64> {bev.name = "constant"}, i32 {bev.name = "next"}, tensor<2x3xbf16> {bev.name = "again"},
        tensor<f64> {bev.name = "zero-d"}, tensor<2x3xbf16> {bev.name = "zero_d"}) {
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x4xf32>
  %empty = tensor.empty(%rows) : tensor<?x4xf32>
  %doubled = linalg.add ins(%x, %x : tensor<?x4xf32>, tensor<?x4xf32>) outs(%empty : tensor<?x4xf32>) -> tensor<?x4xf32>
  %constant = arith.constant dense<-7> : tensor<2048xi64>
  %one = arith.constant 1 : i32
  %next = arith.addi %n, %one : i32
  %pi = arith.constant dense<3.25> : tensor<f64>
  return %doubled, %x, %constant, %next, %m, %pi, %m
      : tensor<?x4xf32>, tensor<?x4xf32>, tensor<2048xi64>, i32, tensor<2x3xbf16>, tensor<f64>, tensor<2x3xbf16>
}
"""

PROGRAM = r"""
#include "net.h"
#include <stdio.h>

static int fail(void) {
  puts(bevrtLastError());
  return 1;
}

int main(int argc, char **argv) {
  float x[] = {1, 2, 3, 4, 5, 6, 7, 8};
  uint16_t map[] = {1, 2, 3, 4, 5, 6};
  BevModel *model;
  net_inputs inputs;
  net_outputs outputs;
  (void)argc;
  if (bevModelLoad(argv[1], NULL, &model))
    return fail();
  inputs.input_0 = x;
  inputs.input_0_sizes[0] = 2;
  inputs.input_0_sizes[1] = 4;
  inputs.int_ = 41;
  inputs.map = map;
  if (net_run(model, &inputs, &outputs))
    return fail();
  x[0] = 100;
  printf("%s %d %g %g %d %d %d %g %d %d\n", bevModelTarget(model), (int)outputs.doubled_sizes[0],
         outputs.doubled[7], outputs.input_0[0], (int)outputs.constant[2047], (int)outputs.next,
         (int)outputs.again[5], *outputs.zero_d, (int)outputs.zero_d_2[4], outputs.again != outputs.zero_d_2);
  net_free(model, &outputs);
  inputs.input_0_sizes[1] = 3;
  if (!net_run(model, &inputs, &outputs))
    return 1;
  puts(bevrtLastError());
  bevModelUnload(model);
  return 0;
}
"""


def compiler(names):
    for name in names:
        if shutil.which(name):
            return name
    raise unittest.SkipTest("no compiler: none of " + ", ".join(names))


class Model(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="bev-model-")
        cls.source, cls.model = cls.path("net.mlir"), cls.path("net.so")
        with open(cls.source, "w") as file:
            file.write(SOURCE)
        done = subprocess.run([os.path.join(BUILD, "bin", "bev-compile"), cls.source, "-o", cls.model, "--emit-header",
                               cls.path("net.h")], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    def build_and_run(self, command, name):
        with open(self.path(name), "w") as file:
            file.write(PROGRAM)
        program = self.path(name + ".out")
        done = subprocess.run([*command, self.path(name), "-Wall", "-Wextra", "-Werror", "-I" + INCLUDE, "-o", program,
                               "-L" + LIBRARIES, "-lBEVRuntime", "-Wl,-rpath," + LIBRARIES],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = subprocess.run([program, self.model], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stdout.splitlines(), [
            "cpu 2 16 1 -7 42 6 3.25 5 1", "expected input 'input:0' to have shape ?x4, but got 2x3"])

    def test_c_program(self):
        self.build_and_run([compiler(["cc", "clang", "clang-22", "gcc"]), "-std=c99", "-pedantic"], "main.c")

    def test_cpp_program(self):
        self.build_and_run([compiler(["c++", "clang++", "clang++-22", "g++"]), "-std=c++17", "-Wno-missing-field-initializers"],
                           "main.cpp")

    def test_header_says_what_there_is(self):
        with open(self.path("net.h")) as file:
            header = file.read()
        for line in ("/* input:0: ?x4 x float32 */", "const float *input_0;", "int64_t input_0_sizes[2];", "int32_t int_;",
                     "const uint16_t *map;", "int64_t constant_sizes[1];"):
            self.assertIn("  " + line + "\n", header)
        self.assertNotIn("map_sizes", header.split("net_inputs;")[0])

    def test_plain_interface(self):
        """No compiler but the one that made the model: libBEVRuntime is all that is loaded."""
        runtime = ctypes.CDLL(os.path.join(LIBRARIES, "libBEVRuntime.so"))
        runtime.bevrtLastError.restype = runtime.bevModelDescription.restype = ctypes.c_char_p
        runtime.bevModelDescription.argtypes = runtime.bevModelUnload.argtypes = [ctypes.c_void_p]
        model = ctypes.c_void_p()
        status = runtime.bevModelLoad(self.model.encode(), None, ctypes.byref(model))
        self.assertEqual(status, 0, runtime.bevrtLastError())
        self.assertIn(b'"function":"forward"', runtime.bevModelDescription(model))
        runtime.bevModelUnload(model)
        truncated = self.path("truncated.so")
        with open(self.model, "rb") as whole, open(truncated, "wb") as part:
            data = whole.read()
            part.write(data[:len(data) // 2])
        self.assertNotEqual(runtime.bevModelLoad(truncated.encode(), None, ctypes.byref(model)), 0)
        self.assertIn(f"cannot load model '{truncated}': the file is truncated: it has {len(data) // 2} bytes of ",
                      runtime.bevrtLastError().decode())
        self.assertNotEqual(runtime.bevModelLoad(self.source.encode(), None, ctypes.byref(model)), 0)
        self.assertEqual(runtime.bevrtLastError().decode(),
                         f"cannot load model '{self.source}': the file is no shared object")


if __name__ == "__main__":
    unittest.main()
