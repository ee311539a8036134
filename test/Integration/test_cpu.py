# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The integration suite on the CPU. With $BEV_TEST_SCHEDULES=all also with every schedule forced in turn
(schedules.py).
"""
import unittest

import harness  # noqa: F401  (puts the reference on the path)
import suite


class CPU(suite.Suite, unittest.TestCase):
    device = "cpu"


globals().update(suite.forced_classes(CPU.device))

if __name__ == "__main__":
    unittest.main(verbosity=2)
