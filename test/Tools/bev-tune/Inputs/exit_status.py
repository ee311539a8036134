# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs a command that must have the exit status given.

import subprocess
import sys

status = subprocess.run(sys.argv[2:]).returncode
if status != int(sys.argv[1]):
    sys.exit(f"exit status {status}, expected {sys.argv[1]}")
