# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Prints a batch for bev-run of two runs of a module, and between and after them
# one that cannot be.

import sys

run = [sys.argv[1], "--function=add", "--random-inputs"]
for line in (run, [sys.argv[1], "--nonsense"], run, ["--batch=" + sys.argv[2]]):
    print("\t".join(line))
