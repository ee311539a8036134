# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The integration suite on a GPU; skipped, with the reason, where bev-run finds none. With
$BEV_TEST_SCHEDULES=all also with every schedule forced in turn (schedules.py).
"""
import os
import unittest

import harness  # noqa: F401  (puts the reference on the path)
import suite


class GPU(suite.Suite, unittest.TestCase):
    device = os.environ.get("BEV_TEST_GPU", "cuda")


globals().update(suite.forced_classes(GPU.device))

if __name__ == "__main__":
    unittest.main(verbosity=2)
