# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The gradients of the attention ops on a GPU; skipped, with the reason, where bev-run finds none."""
import os
import unittest

import harness  # noqa: F401  (puts the reference on the path)
import backward_suite


class BackwardGPU(backward_suite.Suite, unittest.TestCase):
    device = os.environ.get("BEV_TEST_GPU", "cuda")


if __name__ == "__main__":
    unittest.main(verbosity=2)
