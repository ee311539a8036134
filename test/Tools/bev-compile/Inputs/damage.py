# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# damage.py GOOD.so FOLDER: makes models that are broken, each in one way.

import os
import sys

import numpy as np

good = open(sys.argv[1], "rb").read()


def write(name, data):
    with open(os.path.join(sys.argv[2], name), "wb") as file:
        file.write(data)


def replace(old, new):
    assert good.count(old) == 1 and len(old) == len(new), (old, good.count(old))
    return good.replace(old, new)


write("truncated.so", good[:len(good) // 2])
write("header.so", good[:40])
write("version.so", replace(b'"version":1', b'"version":9'))
write("json.so", replace(b'{"format":', b'["format":'))
write("magic.so", replace(b"BEVMODL\0", b"BEVXXXX\0"))
np.savez(os.path.join(sys.argv[2], "in.npz"), x=np.ones((2, 32), "f4"), scale=np.float32(1))
