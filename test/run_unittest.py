# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs one file of unittest tests as `python3 -m unittest` does and records what
# became of each test.
#
# Usage: run_unittest.py FILE RESULTS.xml

import importlib.util
import os
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree


class _RecordingResult(unittest.TextTestResult):
    """Keeps (test, outcome, text) of every test and subtest that ends."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.records = []

    def addSuccess(self, test):
        super().addSuccess(test)
        self.records.append((test, None, ""))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.records.append((test, "skipped", reason))

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.records.append((test, "failure", self._exc_info_to_string(err, test)))

    def addError(self, test, err):
        super().addError(test, err)
        self.records.append((test, "failure", self._exc_info_to_string(err, test)))

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.records.append((test, None, ""))

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.records.append((test, "failure", "succeeded, but is marked as an expected failure"))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.records.append((subtest, "failure", self._exc_info_to_string(err, test)))


def main():
    file, results = sys.argv[1:]
    name = os.path.splitext(os.path.basename(file))[0]
    sys.path.insert(0, os.path.dirname(os.path.abspath(file)))

    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    start = time.time()
    result = unittest.TextTestRunner(resultclass=_RecordingResult, verbosity=2).run(suite)

    root = ElementTree.Element("testsuite", name=name, time=f"{time.time() - start:.3f}")
    for test, outcome, text in result.records:
        case = ElementTree.SubElement(root, "testcase", classname=name, name=str(test))
        if outcome:
            ElementTree.SubElement(case, outcome, message=text)
    ElementTree.ElementTree(root).write(results)
    if not result.records:
        print(f"error: no tests in {file}", file=sys.stderr)
        return 1
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
