# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Arguments and results of add.mlir, in the folder that is given.

import os
import sys

import numpy as np

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def path(name):
    return os.path.join(folder, name + ".npz")


a = np.arange(6, dtype=np.float32).reshape(2, 3)
b = np.asfortranarray(2 * a)
scale = np.float32(0.5)
total = (a + b) * scale
np.savez_compressed(path("in"), a=a, b=b, arg2=scale)
np.savez(path("positional"), arg0=a, arg1=b, arg2=scale)
np.savez(path("extra"), a=a, b=b, arg2=scale, c=a)
np.savez(path("expected"), sum=total)
np.savez(path("expected64"), result0=total.astype(np.float64))
off = total.copy()
off[1, 2] += 0.25
np.savez(path("off"), sum=off)
nan = total.copy()
nan[0, 1] = np.nan
np.savez(path("nan"), sum=nan)
np.savez(path("unknown"), sum=total, total=total)
np.savez(path("wrong_shape"), sum=total.T)
np.savez(path("wrong_kind"), sum=total.astype(np.int32))
