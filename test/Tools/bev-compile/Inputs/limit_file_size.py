# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs a command that can write no file larger than so many bytes.

import os
import resource
import signal
import sys

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # Writing fails instead.
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
os.execvp(sys.argv[2], sys.argv[2:])
