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

import numpy as np

import harness
import poolref

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


class PoolingTables(unittest.TestCase):
    """pooling_tables.py: pools by its tables are those by cells."""

    script = os.path.join(EXAMPLES, "pooling_tables.py")

    def run_script(self, folder, cells, grid):
        np.save(os.path.join(folder, "cells.npy"), cells)
        return subprocess.run([sys.executable, self.script, os.path.join(folder, "cells.npy"), *map(str, grid), "-o",
                               os.path.join(folder, "tables.npz")], capture_output=True, text=True)

    def test_tables(self):
        rng = np.random.default_rng(7)
        cases = [((1, 1, 1, 1, 1), (1, 1, 1)), ((1, 2, 9, 6, 11), (1, 3, 2)), ((2, 3, 5, 4, 7), (2, 3, 4)),
                 ((2, 1, 17, 8, 19), (1, 5, 5))]
        for (b, n, d, h, w), grid in cases:
            size = int(np.prod(grid))
            columns = np.broadcast_to(rng.integers(-1, size, (b, n, d, 1, w)), (b, n, d, h, w))
            for cells in (rng.integers(-2, size + 2, (b, n, d, h, w)), columns, np.full((b, n, d, h, w), -1)):
                with self.subTest(shape=cells.shape, grid=grid), tempfile.TemporaryDirectory() as folder:
                    done = self.run_script(folder, cells.astype(np.int32), grid)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    tables = dict(np.load(os.path.join(folder, "tables.npz")))
                    self.assertEqual({table.dtype for table in tables.values()}, {np.dtype("int32")})
                    feat, depth = rng.normal(size=(b, n, h, w, 3)), rng.normal(size=(b, n, d, h, w))
                    out = poolref.voxel_pool(feat, depth, **tables, grid_size=grid)
                    expected = poolref.voxel_pool(feat, depth, cells=cells, grid_size=grid)
                    np.testing.assert_allclose(out, expected, rtol=1e-12, atol=1e-12)
                    # Groups of four are of one column.
                    column = tables["segments"][:, 1] % w + tables["segments"][:, 1] // (h * w) * w
                    self.assertEqual(len(column) % 4, 0)
                    self.assertTrue((column.reshape(-1, 4) == column[::4, None]).all())

    def test_errors(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_script(folder, np.zeros((2, 3)), (1, 2, 3))
            self.assertEqual(done.returncode, 1)
            self.assertIn("expected integers [B,N,Dd,H,W]", done.stderr)
            done = subprocess.run([sys.executable, self.script, os.path.join(folder, "none.npy"), "1", "1", "1", "-o",
                                   "x.npz"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("none.npy", done.stderr)
            self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
