# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The benchmark shapes of multi-scale deformable attention, and the best hand-written kernels' times.

Shapes are those of BEVFormer tiny and base, Deformable-DETR's encoder and a BEV decoder.
"""
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Sizes of one case: batch B, queries Q, levels [(H, W)], points P, heads M, channels D."""

    name: str
    batch: int
    queries: int
    levels: tuple
    points: int
    kind: str  # where samples lie: tsa, sca, enc, dec or grid
    heads: int = 8
    dim: int = 32

    @property
    def positions(self):
        """S, the flattened positions of all levels."""
        return sum(h * w for h, w in self.levels)

    @property
    def anchors(self):
        """Reference points per query: Z for pillars, else 1."""
        return 4 if self.kind == "sca" else 1

    def floor_bytes(self, element_size):
        """Bytes that must move: value, locations, weights and output, each once."""
        return self._bytes(element_size, self.batch, self.batch)

    def whole_floor_bytes(self, element_size, op):
        """The same for the attention over all cameras or frames, whose output is one, as are the
        offsets and logits of all cameras."""
        return self._bytes(element_size, self.batch if op == "temporal" else 1, 1)

    def _bytes(self, element_size, sampled, results):
        samples = sampled * self.queries * self.heads * len(self.levels) * self.points
        value = self.batch * self.positions * self.heads * self.dim
        out = results * self.queries * self.heads * self.dim
        return (value + 3 * samples + out) * element_size


_BASE = ((116, 200), (58, 100), (29, 50), (15, 25))
_DETR = ((100, 167), (50, 84), (25, 42), (13, 21))
_DETR_POSITIONS = sum(h * w for h, w in _DETR)
SHAPES = [
    Shape("tiny-TSA", 2, 2500, ((50, 50),), 4, "tsa"),
    Shape("tiny-SCA-700", 6, 700, ((15, 25),), 8, "sca"),
    Shape("tiny-SCA-2500", 6, 2500, ((15, 25),), 8, "sca"),
    Shape("base-TSA", 2, 40000, ((200, 200),), 4, "tsa"),
    Shape("base-SCA-9675", 6, 9675, _BASE, 8, "sca"),
    Shape("base-SCA-40000", 6, 40000, _BASE, 8, "sca"),
    Shape("DETR-enc-B1", 1, _DETR_POSITIONS, _DETR, 4, "enc"),
    Shape("DETR-enc-B4", 4, _DETR_POSITIONS, _DETR, 4, "enc"),
    Shape("decoder", 1, 900, ((200, 200),), 4, "dec"),
]

# What one op does for all cameras or frames, which are the batch here.
WHOLE_SHAPES = [
    Shape("tiny-cameras", 6, 2500, ((15, 25),), 8, "sca"),
    Shape("base-cameras", 6, 40000, _BASE, 8, "sca"),
    Shape("tiny-frames", 2, 2500, ((50, 50),), 4, "tsa"),
    Shape("base-frames", 2, 40000, ((200, 200),), 4, "tsa"),
]

# Microseconds on an NVIDIA H200 of the best hand-written kernel whose error is below 1e-3 (fp16) or
# 1e-5 (fp32): the core op, and the whole op from logits, reference points and offsets.
BEST_PEER = {
    "fp32": {
        "core": {"tiny-TSA": 9.37, "tiny-SCA-700": 12.1, "tiny-SCA-2500": 18.6, "base-TSA": 100,
                 "base-SCA-9675": 612, "base-SCA-40000": 1202, "DETR-enc-B1": 116,
                 "DETR-enc-B4": 439, "decoder": 6.07},
        "whole": {"tiny-TSA": 17.8, "tiny-SCA-700": 23.4, "tiny-SCA-2500": 37.8, "base-TSA": 142,
                  "base-SCA-9675": 821, "base-SCA-40000": 2036, "DETR-enc-B1": 162,
                  "DETR-enc-B4": 600, "decoder": 11.0},
    },
    "fp16": {
        "core": {"tiny-TSA": 7.46, "tiny-SCA-700": 10.7, "tiny-SCA-2500": 15.9, "base-TSA": 71.7,
                 "base-SCA-9675": 393, "base-SCA-40000": 766, "DETR-enc-B1": 94.6,
                 "DETR-enc-B4": 348, "decoder": 6.06},
        "whole": {"tiny-TSA": 16.3, "tiny-SCA-700": 21.8, "tiny-SCA-2500": 35.1, "base-TSA": 109,
                  "base-SCA-9675": 584, "base-SCA-40000": 1521, "DETR-enc-B1": 138,
                  "DETR-enc-B4": 496, "decoder": 10.2},
    },
}

# The same of the gradients of the core op, what has to be zeroed included.
BACKWARD_PEER = {
    "fp32": {"tiny-TSA": 54.7, "tiny-SCA-700": 73.7, "base-TSA": 802, "base-SCA-9675": 4621,
             "DETR-enc-B1": 913, "decoder": 29.0},
    "fp16": {"tiny-TSA": 58.8, "tiny-SCA-700": 80.6, "base-TSA": 826, "base-SCA-9675": 6679,
             "DETR-enc-B1": 947, "decoder": 44.9},
}
