# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs a command that must refuse its input: exit status 2 and one line with
# "error: " on stderr, no word of a crash.  Prints what it said.

import subprocess
import sys

process = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, capture_output=True,
                         text=True, errors="replace", timeout=120)
print(process.stderr, end="")
problems = []
if process.returncode != 2:
    problems.append(f"exit status {process.returncode}, expected 2")
errors = [line for line in process.stderr.splitlines() if "error: " in line]
if len(errors) != 1:
    problems.append(f"{len(errors)} errors, expected 1")
for error in errors:
    if error.endswith("."):
        problems.append("a full stop at the end of the message")
for word in ("LLVM ERROR", "Stack dump", "Assertion", "AddressSanitizer", "runtime error"):
    if word in process.stderr:
        problems.append(f"'{word}' in the message")
for problem in problems:
    print("expect_error.py:", problem)
sys.exit(1 if problems else 0)
