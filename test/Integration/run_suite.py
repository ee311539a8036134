#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the integration suite on one device, away from the build system.

    python3 test/Integration/run_suite.py [--bin DIR] [--device cpu|cuda[:N]] [-k PATTERN]

DIR has bev-run and bev-opt. Needs Python 3 and numpy. Exit status: 0 when everything passed, 1 on a failure, 2 where
nothing can run (its reason is printed).
"""
import argparse
import os
import sys
import time
import unittest

import harness  # puts the reference on the path


def main():
    parser = argparse.ArgumentParser(description="Runs the integration suite on one device.")
    parser.add_argument("--bin", metavar="DIR", help="the folder with bev-run and bev-opt")
    parser.add_argument("--device", default="cpu", help="cpu (default), cuda or cuda:N")
    parser.add_argument("-k", metavar="PATTERN", action="append", help="run only tests whose name contains it")
    options = parser.parse_args()
    if options.bin:
        os.environ["BEV_BIN_DIR"] = os.path.abspath(options.bin)
    os.environ["BEV_TEST_DEVICE"] = options.device
    reason = harness.Runner(options.device).unavailable()
    if reason:
        print(f"run_suite: error: nothing can run on {options.device}: {reason}")
        return 2

    import suite
    import test_examples
    import test_shared_models
    device = type("Device", (suite.Suite, unittest.TestCase), {"device": options.device})
    loader = unittest.TestLoader()
    if options.k:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in options.k]
    tests = unittest.TestSuite([loader.loadTestsFromTestCase(case) for case in (
        device, test_examples.classes(options.device), test_shared_models.classes(options.device))])
    start = time.time()
    result = unittest.TextTestRunner(sys.stdout, verbosity=2).run(tests)
    failed = len({str(test).split(" [")[0] for test, _ in result.failures + result.errors})
    for test, why in result.skipped:
        print(f"skipped: {test}: {why}")
    print(f"summary: {options.device}: {result.testsRun} tests, {failed} failed, {len(result.skipped)} skipped, "
          f"{time.time() - start:.0f} s")
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
