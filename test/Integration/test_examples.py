# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every module in examples/ lowers with bev-opt --lower-to-nvvm, and runs with bev-run on the inputs that
make_inputs.py makes, with the results it expects."""
import glob
import os
import subprocess
import sys
import tempfile
import time
import unittest

import harness

EXAMPLES = os.path.join(harness.HERE, "..", "..", "examples")
NAMES = sorted(os.path.basename(path)[:-len(".mlir")] for path in glob.glob(os.path.join(EXAMPLES, "*.mlir")))


class Examples:
    device = "cpu"

    @classmethod
    def setUpClass(cls):
        cls.runner = harness.Runner(cls.device)
        cls.reason = cls.runner.unavailable()
        if cls.reason and cls.device != "cpu":
            raise unittest.SkipTest(cls.reason)
        cls.folder = tempfile.TemporaryDirectory(prefix="bev-examples-")
        made = subprocess.run([sys.executable, os.path.join(EXAMPLES, "make_inputs.py"), "-o", cls.folder.name],
                              capture_output=True, text=True)
        if made.returncode:
            raise RuntimeError("make_inputs.py: " + made.stderr)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_inputs_are_made_for_every_example(self):
        self.assertTrue(NAMES)
        for name in NAMES:
            for kind in ("inputs", "expected"):
                self.assertTrue(os.path.isfile(os.path.join(self.folder.name, f"{name}.{kind}.npz")), (name, kind))

    def test_run(self):
        for name in NAMES:
            with self.subTest(name):
                start = time.time()
                files = [os.path.join(self.folder.name, f"{name}.{kind}.npz") for kind in ("inputs", "expected")]
                status, stdout, stderr = self.runner.command(
                    [os.path.join(EXAMPLES, name + ".mlir"), "--device", self.device, "--inputs", files[0],
                     "--expected", files[1], "--tolerance", "1e-5"])
                print(f"  {self.device}: examples/{name}.mlir: exit {status}, {time.time() - start:.1f} s", flush=True)
                self.assertEqual(status, 0, stdout + stderr)

    def test_lower(self):
        bev_opt = harness.tool("bev-opt")
        self.assertIsNotNone(bev_opt, "no bev-opt")
        pipeline = "--lower-to-llvm" if self.device == "cpu" else None
        for name in NAMES:
            for option in filter(None, ("--lower-to-nvvm=chip=sm_90 format=isa", pipeline)):
                with self.subTest(name, pipeline=option):
                    done = subprocess.run([bev_opt, os.path.join(EXAMPLES, name + ".mlir"), option, "-o", os.devnull],
                                          capture_output=True, text=True)
                    self.assertEqual(done.returncode, 0, harness.last_error(done.stderr))


def classes(device):
    return type("ExamplesOn" + device.upper().replace(":", ""), (Examples, unittest.TestCase), {"device": device})


ExamplesOnCPU = classes("cpu")
ExamplesOnGPU = classes(os.environ.get("BEV_TEST_GPU", "cuda"))

if __name__ == "__main__":
    unittest.main(verbosity=2)
