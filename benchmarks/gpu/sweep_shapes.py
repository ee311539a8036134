# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The sizes that sweep.py goes through: around two shapes, one size at a time."""
import dataclasses

import shapes

_PYRAMID = ((100, 167), (50, 84), (25, 42), (13, 21), (7, 11))
_FRAMES = ((100, 100), (50, 50), (25, 25), (13, 13), (7, 7))
BASES = {
    "frames": (shapes.Shape("frames", 2, 10007, _FRAMES[:1], 4, "grid"), _FRAMES),
    "pyramid": (shapes.Shape("pyramid", 1, 20011, _PYRAMID[:4], 4, "grid"), _PYRAMID),
}
SIZES = {"dim": (16, 32, 64), "heads": (4, 8, 16), "points": (1, 2, 3, 4, 6, 8, 12, 16),
         "levels": (1, 2, 3, 4, 5), "queries": None, "batch": (1, 2, 3, 4, 5, 6, 7, 8)}


def variants(name):
    """[(size, what it is, Shape)] around a base."""
    base, pyramid = BASES[name]
    found = []
    for size, values in SIZES.items():
        if size == "queries":
            # The base's prime, and its neighbours that divide well.
            values = (base.queries - base.queries % 128, base.queries,
                      base.queries + 128 - base.queries % 128)
        for value in values:
            changed = {size: pyramid[:value] if size == "levels" else value}
            found.append((size, value, dataclasses.replace(base, **changed)))
    return found
