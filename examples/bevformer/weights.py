# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Weights from a seed: the same bits on every machine and with every numpy.

A tensor depends on the seed, its name and its shape alone, not on the order in which a model asks for its tensors, so
that two spellings of a model have the same weights. Only the raw 64-bit stream of PCG64 is used, which numpy keeps
stable, then additions, multiplications and roundings that IEEE defines to the bit; no sin, exp or log.
"""
import hashlib

import numpy as np

# A uniform number in [-1, 1) has the standard deviation 1 / sqrt(3).
_ROOT_OF_THREE = 3.0 ** 0.5


def uniform(key, count):
    """float64 [count]: uniform in (-1, 1), from 24 random bits each, so that every value is exact in float32."""
    seed = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "little")
    bits = np.random.PCG64(seed).random_raw(count) >> np.uint64(40)
    return (bits.astype(np.float64) - (2.0 ** 23 - 0.5)) / 2.0 ** 23


class SeededWeights:
    """The tensors of a model by name. Another source of weights is a class with the same one method."""

    def __init__(self, seed):
        self.seed = seed

    def tensor(self, name, shape, std, mean=0.0, centre=None):
        """float32 of `shape`: uniform with this standard deviation and mean, which may be an array that broadcasts.
        With `centre` the weights along these axes sum to 0. A layer centred over its inputs does not answer to what a
        relu before it adds to all of them alike; without that an untrained network gives nearly the same everywhere."""
        count = int(np.prod(shape, dtype=np.int64))
        noise = uniform(f"{self.seed}/{name}", count).reshape(shape)
        if centre is not None:
            # The sum is exact: all terms are multiples of 2^-24.
            noise = noise - noise.mean(axis=centre, keepdims=True)
        return (noise * (np.asarray(std) * _ROOT_OF_THREE) + mean).astype(np.float32)


def direction_bias(heads, levels, points):
    """float64 [heads, levels, points, 2]: the published initial offsets in pixels. Each head looks in a direction of
    its own, scaled so that its larger component is 1, point p at p + 1 times that."""
    angle = np.arange(heads) * (2 * np.pi / heads)
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    # Rounding makes the last bit independent of the machine's sine.
    direction = np.round(direction / np.abs(direction).max(axis=-1, keepdims=True), 6)
    scale = np.arange(1, points + 1)
    return np.broadcast_to(direction[:, None, None, :] * scale[:, None], (heads, levels, points, 2)).copy()
