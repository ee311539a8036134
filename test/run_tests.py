# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs ctest in a build folder, says which tests were skipped and why and which
# failed, and closes with one line of counts.  Exits 1 when a test failed.
#
# ctest sees one entry per suite; the suites leave their single tests as JUnit
# files in test/results, where this counts them.
#
# Usage: run_tests.py BUILD_FOLDER [ctest argument...]

import glob
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import features


def _cached(build, name):
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as cache:
        for line in cache:
            if line.startswith(name + ":"):
                return line.split("=", 1)[1].strip()
    return None


def _explain(message):
    """A reason to skip, with why a missing feature is missing."""
    names = re.sub(r"^Missing required feature\(s\): ", "", message)
    if names == message:
        return message
    reasons = [features.missing(name) for name in names.split(", ") if name in features.NAMES]
    return "; ".join(reason for reason in reasons if reason) or message


class _Counts:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = {}

    def add_case(self, suite, case):
        name = case.get("name")
        group = case.get("classname")
        if group and group != suite:
            # lit names the folder "BEV.Dialect.BEV", and "BEV.BEV" at the top.
            name = f"{group}: {name}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            self.failed.append(f"{suite}: {name}")
        elif skipped is not None:
            reason = _explain(skipped.get("message") or skipped.text or "no reason given")
            self.skipped.setdefault(reason.strip(), []).append(f"{suite}: {name}")
        else:
            self.passed += 1


def main():
    build = os.path.abspath(sys.argv[1])
    results = os.path.join(build, "test", "results")
    os.makedirs(results, exist_ok=True)
    for old in glob.glob(os.path.join(results, "*.xml")):
        os.remove(old)

    overview = os.path.join(results, "ctest.xml")
    # Each gtest program writes the file that has its name.
    os.environ["GTEST_OUTPUT"] = f"xml:{results}{os.sep}"
    jobs = str(os.cpu_count() or 1)
    status = subprocess.call(
        [_cached(build, "CMAKE_CTEST_COMMAND") or "ctest", "--test-dir", build, "-j", jobs,
         "--output-on-failure", "--output-junit", overview, *sys.argv[2:]])
    if not os.path.exists(overview):
        print("error: ctest left no results", file=sys.stderr)
        return status or 1

    counts = _Counts()
    for entry in ElementTree.parse(overview).getroot().iter("testcase"):
        suite = entry.get("name")
        details = os.path.join(results, suite + ".xml")
        ok = entry.get("status") == "run"
        if not os.path.exists(details):
            # A check of its own, or a suite that did not live to write its file.
            if ok:
                counts.passed += 1
            elif entry.get("status") == "fail":
                counts.failed.append(suite)
            else:
                counts.skipped.setdefault("not run by ctest", []).append(suite)
            continue
        before = len(counts.failed)
        for case in ElementTree.parse(details).getroot().iter("testcase"):
            counts.add_case(suite, case)
        if not ok and len(counts.failed) == before:
            counts.failed.append(suite)

    print()
    for reason, names in sorted(counts.skipped.items()):
        print(f"Skipped: {reason}")
        for name in names:
            print(f"  {name}")
    if counts.failed:
        print("Failed:")
        for name in counts.failed:
            print(f"  {name}")
    skipped = sum(len(names) for names in counts.skipped.values())
    print(f"{counts.passed} passed, {len(counts.failed)} failed, {skipped} skipped")
    return 1 if counts.failed or status != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
