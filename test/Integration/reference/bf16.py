# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""bfloat16 as uint16 bit patterns: the upper half of a float32. numpy has no such type."""
import numpy as np


def to_bits(array):
    """float array of any shape -> uint16 bit patterns of bfloat16, rounded to the nearest, ties to even.

    Values beyond the largest finite bfloat16 round to +-Inf; NaN keeps its sign and upper payload and becomes quiet.
    A float64 array is first rounded to float32 by numpy.
    """
    with np.errstate(over="ignore"):
        single = np.ascontiguousarray(array, np.float32)
    bits = single.view(np.uint32)
    # Adding 0x7fff, plus one if the kept part is odd, carries into it exactly when the dropped half rounds up.
    rounded = bits + (np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1)))
    quiet = (bits >> np.uint32(16)) | np.uint32(0x0040)
    halves = np.where(np.isnan(single), quiet, rounded >> np.uint32(16))
    return halves.astype(np.uint16).reshape(np.shape(array))


def from_bits(bits):
    """uint16 bit patterns of bfloat16 -> float32, exactly. Raises TypeError for another type."""
    bits = np.asarray(bits)
    if bits.dtype != np.uint16:
        raise TypeError(f"expected bfloat16 bits as uint16, but got {bits.dtype}")
    wide = np.ascontiguousarray(bits.astype(np.uint32) << np.uint32(16))
    return wide.view(np.float32).reshape(bits.shape)


def rounded(array):
    """float32 array of the same shape, each element rounded to a bfloat16 number."""
    return from_bits(to_bits(array))
