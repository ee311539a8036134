# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's own tests of its operators: those of Debian's onnx, or of the one of $BEV_ONNX_PYTHON, a Python with another.
The table in docs/ is checked against a run with the onnx that it is of."""
import os
import subprocess
import sys
import unittest

import harness
import onnx_node_tests


class NodeTest(unittest.TestCase):
    def test_nodes(self):
        python = os.environ.get("BEV_ONNX_PYTHON", sys.executable)
        version = subprocess.run([python, "-c", "import onnx; print(onnx.__version__)"], capture_output=True, text=True)
        self.assertEqual(version.returncode, 0, f"{python} has no onnx: {version.stderr}")
        command = [python, os.path.join(harness.HERE, "onnx_node_tests.py")]
        documented = onnx_node_tests.documented_version()
        if version.stdout.strip() == documented:
            command.append("--check-docs")
        else:
            print(f"  docs/onnx.md is not checked: it is of onnx {documented}, this is {version.stdout.strip()}; set "
                  "BEV_ONNX_PYTHON to a Python with that", flush=True)
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        print(done.stdout.strip().splitlines()[-1], flush=True)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
