# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The benchmark shapes of voxel pooling, BEVDet's and BEVFusion's, and the best peers' times."""
import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Sizes of one case: depths (first, end, step) in metres, features [H, W] of an image whose size
    the network sees, channels C, and the grid: its lowest corner and cells (x, y, z) in metres."""

    name: str
    depths: tuple
    features: tuple
    image: tuple
    lower: tuple
    cell: tuple
    grid: tuple  # (Z, Y, X)
    channels: int = 80
    cameras: int = 6
    batch: int = 1

    @property
    def num_depths(self):
        """Dd, the depths of a frustum."""
        first, end, step = self.depths
        return math.ceil((end - first) / step)

    @property
    def cells(self):
        """Z * Y * X of one batch row."""
        return math.prod(self.grid)

    def floor_bytes(self, element_size, points):
        """Bytes that must move: features, depths and result once, and two ranks per point."""
        pixels = self.batch * self.cameras * self.features[0] * self.features[1]
        return ((pixels * (self.channels + self.num_depths) + self.batch * self.cells * self.channels)
                * element_size + 8 * points)


SHAPES = [
    Shape("BEVDet", (1.0, 60.0, 1.0), (16, 44), (256, 704), (-51.2, -51.2, -5.0), (0.8, 0.8, 8.0),
          (1, 128, 128)),
    Shape("BEVFusion", (1.0, 60.0, 0.5), (32, 88), (256, 704), (-54.0, -54.0, -10.0),
          (0.3, 0.3, 20.0), (1, 360, 360)),
]

# Microseconds on an NVIDIA H200 of the best peer that starts from depths, features and tables.
BEST_PEER = {"fp32": {"BEVDet": 26.3, "BEVFusion": 172.5}, "fp16": {"BEVDet": 102, "BEVFusion": 231}}
