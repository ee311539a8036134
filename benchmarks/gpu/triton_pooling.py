# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Voxel pooling with rank and interval tables as a Triton kernel: a program sums one cell, a block of
points at a time, in f32. Which block and how many warps is chosen by measuring.
"""
import torch
import triton
import triton.language as tl

from triton_tuning import Tuned


@triton.jit
def _cell(feat, depth, ranks_depth, ranks_feat, ranks_bev, starts, lengths, out, C: tl.constexpr,
          CHANNELS: tl.constexpr, POINTS: tl.constexpr):
    interval = tl.program_id(0)
    start = tl.load(starts + interval)
    length = tl.load(lengths + interval)
    channel = tl.arange(0, CHANNELS)
    total = tl.zeros((CHANNELS,), tl.float32)
    for first in range(0, length, POINTS):
        number = first + tl.arange(0, POINTS)
        there = number < length
        scale = tl.load(depth + tl.load(ranks_depth + start + number, mask=there, other=0),
                        mask=there, other=0.0)
        row = tl.load(ranks_feat + start + number, mask=there, other=0)
        features = tl.load(feat + row[:, None] * C + channel[None, :],
                           mask=there[:, None] & (channel < C)[None, :], other=0.0)
        total += tl.sum(features.to(tl.float32) * scale.to(tl.float32)[:, None], 0)
    cell = tl.load(ranks_bev + start).to(tl.int64)
    tl.store(out + cell * C + channel, total.to(out.dtype.element_ty), mask=channel < C)


class Pool(Tuned):
    """The kernel for a grid [B,Z,Y,X]; calling it takes feat [B,N,H,W,C], depth, the ranks of depths,
    features and cells of all points, and starts and lengths of the intervals, i32."""

    configurations = ((8, 1), (16, 2), (32, 4), (64, 4))  # points of a block, warps

    def __init__(self, grid):
        super().__init__()
        self.grid = grid

    def launch(self, operands, configuration):
        points, warps = configuration
        feat, starts = operands[0], operands[5]
        channels = feat.shape[-1]
        out = torch.zeros(*self.grid, channels, dtype=feat.dtype, device=feat.device)
        _cell[(starts.numel(),)](*operands, out, C=channels,
                                 CHANNELS=triton.next_power_of_2(channels), POINTS=points,
                                 num_warps=warps)
        return out
