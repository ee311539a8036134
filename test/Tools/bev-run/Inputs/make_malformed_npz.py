# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Files that are not what add.mlir takes, in the folder that is given.  Each is
# named like the check of malformed-npz.test that it is for.

import io
import os
import struct
import sys
import zipfile

import numpy as np

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
a = np.arange(6, dtype=np.float32).reshape(2, 3)
good = {"a": a, "b": a, "arg2": np.float32(1)}


def path(name):
    return os.path.join(folder, name + ".npz")


def save(name, **changed):
    np.savez(path(name), **{**good, **changed})


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def save_raw(name, data, compression=zipfile.ZIP_STORED):
    """A file whose array `a` has the given bytes."""
    with zipfile.ZipFile(path(name), "w", compression) as archive:
        archive.writestr("a.npy", data)
        for key in ("b", "arg2"):
            archive.writestr(key + ".npy", npy(good[key]))


def header(descr="'<f4'", order="False", shape="(2, 3)"):
    text = "{'descr': %s, 'fortran_order': %s, 'shape': %s, }" % (descr, order, shape)
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def patched(name, change):
    """A good file with changed bytes."""
    stream = io.BytesIO()
    np.savez(stream, **good)
    data = bytearray(stream.getvalue())
    data = change(data) or data
    with open(path(name), "wb") as file:
        file.write(data)


# Contents that do not fit the function.
np.savez(path("MISSING"), a=a)
save("DTYPE", a=a.astype(np.float64))
save("RANK", a=a.reshape(6))
save("SHAPE", a=a.T, b=a[:1])
save("SCALAR", arg2=np.ones(1, np.float32))

# Arrays that are not read.
save("BIGENDIAN", a=a.astype(">f4"))
save("OBJECTS", a=np.array([[1, None, "x"], [1, 2, 3]], dtype=object))
save("COMPLEX", a=a.astype(np.complex64))
save("STRINGS", a=np.array([["x", "y", "z"]] * 2))
save("STRUCTURES", a=np.zeros((2, 3), dtype=[("x", "<f4"), ("y", "<f4")]))

# Malformed arrays.
save_raw("NOMAGIC", b"not an array at all, but long enough")
save_raw("EMPTY", b"")
save_raw("SHORT", npy(a)[:5])
save_raw("VERSION", b"\x93NUMPY\x07\x00" + npy(a)[8:])
save_raw("TRUNCATEDHEADER", npy(a)[:40])
save_raw("LESSDATA", npy(a)[:-4])
save_raw("MOREDATA", npy(a) + b"\0\0\0\0")
save_raw("HUGE", header(shape="(1099511627776,)"))
save_raw("OVERFLOW", header(shape="(4611686018427387904, 4)"))
save_raw("TOOLARGE", header(shape="(123456789012345678901234567890,)"))
save_raw("NEGATIVE", header(shape="(-2, 3)"))
save_raw("NOSHAPE", b"\x93NUMPY\x01\x00" + struct.pack("<H", 2) + b"{}")
save_raw("GARBAGE", header(descr="4 + 4"))
save_raw("DEEP", header(shape="(" + "1, " * 100 + ")"))

# Malformed containers.
with open(path("NOTZIP"), "wb") as file:
    file.write(npy(a))
with open(path("ZEROBYTES"), "wb") as file:
    pass
patched("CUT", lambda data: data[: len(data) // 2])
with zipfile.ZipFile(path("NOTNPY"), "w") as archive:
    archive.writestr("readme.txt", "hello")
with zipfile.ZipFile(path("LZMA"), "w", zipfile.ZIP_LZMA) as archive:
    archive.writestr("a.npy", npy(a))


def flip_data(data):
    data[data.find(npy(a)) + len(npy(a)) - 1] ^= 1


patched("CHECKSUM", flip_data)


def claim_size(data):
    """Claims 3 GiB for the first array in the table of contents."""
    start = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, start + 24, 3 << 30)


patched("CLAIM", claim_size)

import warnings

warnings.simplefilter("ignore")
with zipfile.ZipFile(path("DUPLICATE"), "w") as archive:
    for _ in range(2):
        archive.writestr("a.npy", npy(a))
