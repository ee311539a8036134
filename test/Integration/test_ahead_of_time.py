# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every module in examples/, compiled ahead of time, gives bit for bit what bev-run gives when it compiles the module
itself; and a model with 64 MiB of weights is compiled and run in little more memory than they take."""
import glob
import os
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import harness

EXAMPLES = os.path.join(harness.HERE, "..", "..", "examples")
NAMES = sorted(os.path.basename(path)[:-len(".mlir")] for path in glob.glob(os.path.join(EXAMPLES, "*.mlir")))


class AheadOfTime(unittest.TestCase):
    device = "cpu"

    @classmethod
    def setUpClass(cls):
        cls.runner = harness.Runner(cls.device)
        cls.reason = cls.runner.unavailable()
        if cls.reason and cls.device != "cpu":
            raise unittest.SkipTest(cls.reason)
        cls.folder = tempfile.TemporaryDirectory(prefix="bev-ahead-of-time-")
        subprocess.run([sys.executable, os.path.join(EXAMPLES, "make_inputs.py"), "-o", cls.folder.name], check=True,
                       capture_output=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def run_tool(self, name, *arguments):
        done = subprocess.run([harness.tool(name), *arguments], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_examples(self):
        target = "cpu" if self.device == "cpu" else "cuda:native"
        for name in NAMES:
            with self.subTest(name):
                source, model = os.path.join(EXAMPLES, name + ".mlir"), self.path(name + ".so")
                common = ["--device", self.device, "--inputs", self.path(name + ".inputs.npz")]
                self.run_tool("bev-compile", source, "--target", target, "--format=isa", "-o", model)
                self.run_tool("bev-run", source, *common, "--output", self.path("jit.npz"))
                self.run_tool("bev-run", model, *common, "--output", self.path("aot.npz"))
                jit, aot = np.load(self.path("jit.npz")), np.load(self.path("aot.npz"))
                self.assertTrue(jit.files)
                self.assertEqual(jit.files, aot.files)
                for result in jit.files:
                    self.assertEqual(jit[result].tobytes(), aot[result].tobytes(), result)
                print(f"  {self.device}: examples/{name}: {os.path.getsize(model)} bytes, same bits", flush=True)


def classes(device):
    return type("AheadOfTimeOn" + device.upper().replace(":", ""), (AheadOfTime,), {"device": device})


AheadOfTimeOnGPU = classes(os.environ.get("BEV_TEST_GPU", "cuda"))


def peak_of(command):
    """Runs a command; its status and output, and the largest resident set of it and its children, in bytes."""
    code = ("import resource, subprocess, sys\n"
            "done = subprocess.run(sys.argv[1:], stdout=sys.stderr)\n"
            "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    # oneDNN keeps weights in a layout of its own, beside those of the model.
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True,
                          env=dict(os.environ, BEV_ONEDNN="off"))
    status, kilobytes = done.stdout.split()
    return int(status), int(kilobytes) * 1024, done.stderr


class LargeWeights(unittest.TestCase):
    """A matrix product with weights in bytecode, as an importer leaves them: aligned, and not in text."""
    ROWS, COLUMNS = 2048, 8192

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="bev-large-weights-")
        cls.weights = np.random.default_rng(0).standard_normal((cls.ROWS, cls.COLUMNS), "f4")
        cls.x = np.random.default_rng(1).standard_normal((4, cls.ROWS), "f4")
        np.savez(cls.path("in.npz"), x=cls.x)
        product = cls.x.astype("f8") @ cls.weights.astype("f8")
        np.savez(cls.path("expected.npz"), y=product.astype("f4"))
        cls.make("large", cls.weights)
        cls.make("small", cls.weights[:, :64])

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    @classmethod
    def make(cls, name, weights):
        rows, columns = weights.shape
        with open(cls.path(name + ".mlir"), "w") as file:
            file.write(f"""
func.func @main(%x: tensor<4x{rows}xf32> {{bev.name = "x"}}) -> (tensor<4x{columns}xf32> {{bev.name = "y"}}) {{
  %weights = arith.constant dense_resource<weights> : tensor<{rows}x{columns}xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x{columns}xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x{columns}xf32>) -> tensor<4x{columns}xf32>
  %y = linalg.matmul ins(%x, %weights : tensor<4x{rows}xf32>, tensor<{rows}x{columns}xf32>)
      outs(%init : tensor<4x{columns}xf32>) -> tensor<4x{columns}xf32>
  return %y : tensor<4x{columns}xf32>
}}
{{-# dialect_resources: {{ builtin: {{ weights: "0x{(64).to_bytes(4, 'little').hex()}""")
            for row in weights:
                file.write(row.tobytes().hex())
            file.write('" } } #-}\n')
        subprocess.run([harness.tool("bev-opt"), cls.path(name + ".mlir"), "--emit-bytecode", "-o",
                        cls.path(name + ".mlirbc")], check=True)
        os.remove(cls.path(name + ".mlir"))

    def measure(self, title, command):
        """The peak of a command on the large model, and what it takes more than on the small one."""
        peaks = {}
        for name in ("small", "large"):
            arguments = [part.replace("MODEL", self.path(name)) for part in command]
            if name == "small":
                arguments = [part for part in arguments if not part.startswith("--expected")]
            status, peaks[name], stderr = peak_of([harness.tool(arguments[0]), *arguments[1:]])
            self.assertEqual(status, 0, stderr)
        weights = self.weights.nbytes
        more = peaks["large"] - peaks["small"]
        print(f"  {title}: peak {peaks['large'] / 2**20:.0f} MiB, {more / weights:.2f} times the weights' "
              f"{weights / 2**20:.0f} MiB more than without them", flush=True)
        return more / weights

    def test_memory(self):
        run = ["--inputs", self.path("in.npz"), "--expected=" + self.path("expected.npz"), "--tolerance", "1e-5"]
        self.assertLess(self.measure("bev-run of bytecode", ["bev-run", "MODEL.mlirbc", *run]), 1.3)
        # The linker, a process of its own, maps its input and its output.
        self.assertLess(self.measure("bev-compile", ["bev-compile", "MODEL.mlirbc", "-o", "MODEL.so"]), 2.3)
        self.assertLess(self.measure("bev-run of the model", ["bev-run", "MODEL.so", *run]), 1.3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
