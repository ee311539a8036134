# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The gradients of the attention ops on the CPU."""
import unittest

import harness  # noqa: F401  (puts the reference on the path)
import backward_suite


class BackwardCPU(backward_suite.Suite, unittest.TestCase):
    device = "cpu"


if __name__ == "__main__":
    unittest.main(verbosity=2)
