# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Lists what the fat binaries in a file hold.

import struct
import sys

KINDS = {1: "ptx", 2: "cubin"}
data = open(sys.argv[1], "rb").read()
start = data.find(b"\x50\xed\x55\xba")
while start >= 0:
    _, _, header, size = struct.unpack_from("<IHHQ", data, start)
    kinds, chips, entry = set(), set(), start + header
    while entry < start + header + size:
        kind, _, header_bytes, payload = struct.unpack_from("<HHIQ", data, entry)
        kinds.add(KINDS.get(kind, str(kind)))
        chips.add(struct.unpack_from("<I", data, entry + 28)[0])
        entry += header_bytes + payload
    print(" and ".join(sorted(kinds)), "for", ", ".join(f"sm_{chip}" for chip in sorted(chips)))
    start = data.find(b"\x50\xed\x55\xba", start + header + size)
