#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the integration suite on one device, away from the build system.

    python3 test/Integration/run_suite.py [--bin DIR] [--device cpu|cuda[:N]] [-k PATTERN] [--jobs N]

DIR has bev-run and bev-opt. With --jobs each test is a process, N of them at once. $BEV_TEST_SCHEDULES=all adds every
schedule forced in turn (schedules.py), $BEV_TEST_CASES=N takes at most N cases of an op, $BEV_RUN_PREFIX stands before
bev-run, such as "compute-sanitizer --tool memcheck --error-exitcode 9". Needs Python 3 and numpy. Exit status: 0 when everything passed, 1 on a failure, 2 where
nothing can run (its reason is printed).
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys
import time
import unittest

import harness  # puts the reference on the path


def all_tests(device, patterns):
    """The TestCases' tests for the device, those whose names contain any of the patterns."""
    import backward_suite
    import suite
    import test_examples
    import test_shared_models

    make = lambda name, base: type(name, (base, unittest.TestCase), {"device": device})
    classes = [make("Device", suite.Suite), make("Backward", backward_suite.Suite),
               test_examples.classes(device), test_shared_models.classes(device),
               *suite.forced_classes(device).values()]
    loader = unittest.TestLoader()
    if patterns:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in patterns]
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in classes)


def flattened(tests):
    """The tests of a suite of suites."""
    return [each for test in tests for each in (flattened(test) if isinstance(test, unittest.TestSuite) else [test])]


def name_of(test):
    """Class and method."""
    return f"{type(test).__name__}.{test._testMethodName}"


def run_here(tests, device, start):
    """All tests in this process; the exit status."""
    result = unittest.TextTestRunner(sys.stdout, verbosity=2).run(unittest.TestSuite(tests))
    failed = len({str(test).split(" [")[0] for test, _ in result.failures + result.errors})
    for test, why in result.skipped:
        print(f"skipped: {test}: {why}")
    print(f"summary: {device}: {result.testsRun} tests, {failed} failed, {len(result.skipped)} skipped, "
          f"{time.time() - start:.0f} s")
    ran = result.testsRun or result.skipped
    return 0 if result.wasSuccessful() and ran else 1


def run_apart(tests, options, start):
    """Each test in a process of its own; the exit status."""
    def run(test):
        began = time.time()
        done = subprocess.run([sys.executable, os.path.abspath(__file__), "--device", options.device, "--only",
                               name_of(test)], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return test, done.returncode, done.stdout, time.time() - began

    failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(run, test) for test in tests]):
            test, status, output, seconds = future.result()
            lines = output.splitlines()
            skip = [line for line in lines if line.startswith("skipped:")]
            failed, skipped = failed + (status != 0), skipped + bool(skip)
            word = "FAILED" if status else "skipped" if skip else "passed"
            shown = lines if status else skip + [line for line in lines if line.startswith("  ")]
            print(f"{word} {name_of(test)} {seconds:.0f} s", *shown[:80], sep="\n  ", flush=True)
    print(f"summary: {options.device}: {len(tests)} tests, {failed} failed, {skipped} skipped, "
          f"{time.time() - start:.0f} s")
    return 1 if failed or not tests else 0


def main():
    parser = argparse.ArgumentParser(description="Runs the integration suite on one device.")
    parser.add_argument("--bin", metavar="DIR", help="the folder with bev-run and bev-opt")
    parser.add_argument("--device", default="cpu", help="cpu (default), cuda or cuda:N")
    parser.add_argument("-k", metavar="PATTERN", action="append", help="run only tests whose name contains it")
    parser.add_argument("--only", metavar="CLASS.TEST", help="run this test")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once, one for each test")
    options = parser.parse_args()
    if options.bin:
        os.environ["BEV_BIN_DIR"] = os.path.abspath(options.bin)
    os.environ["BEV_TEST_DEVICE"] = options.device
    # Who asks for one test has asked before.
    reason = None if options.only else harness.Runner(options.device).unavailable()
    if reason:
        print(f"run_suite: error: nothing can run on {options.device}: {reason}")
        return 2

    start = time.time()
    tests = flattened(all_tests(options.device, options.k))
    if options.only:
        tests = [test for test in tests if name_of(test) == options.only]
    if options.jobs > 1:
        return run_apart(tests, options, start)
    return run_here(tests, options.device, start)


if __name__ == "__main__":
    sys.exit(main())
