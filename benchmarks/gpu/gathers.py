#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What it takes to gather the rows that an attention over six cameras samples, and nothing else.

    python3 benchmarks/gpu/gathers.py

The 40000 queries of BEVFormer base in f16: for each visible (camera, query), head, level and point the two by two
neighbours, whose numbers a Triton kernel reads from a table, adds up as integers and writes a row of. As rows of 64
bytes of values [S,M,D] (the two heads of a line beside each other) and [M,S,D], and of the latter as pairs of
neighbours, 128 bytes on end. There are no offsets, weights, cameras to look for and softmax. Microseconds of graph
replays, beside the bytes that are asked for. Needs PyTorch and Triton.
"""
import os
import sys

import torch
import triton
import triton.language as tl

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import timing

ROW_WORDS = 16  # 32 channels of f16


@triton.jit
def _gather(table, firsts, lines, out, rows, position_stride, LEVELS: tl.constexpr, POINTS: tl.constexpr,
            ROWS: tl.constexpr, WORDS: tl.constexpr, RIGHT: tl.constexpr):
    """Adds up the neighbours of each row's samples, whose first ones are `firsts` [rows, LEVELS * POINTS], in words from
    the table's begin; `lines` [LEVELS]: positions of a line. With RIGHT, those on the right are rows of their own."""
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    word = tl.arange(0, WORDS)
    is_row = row < rows
    total = tl.zeros((ROWS, WORDS), tl.int32)
    for level in tl.static_range(LEVELS):
        below = tl.load(lines + level) * position_stride
        for point in tl.static_range(POINTS):
            first = tl.load(firsts + row * (LEVELS * POINTS) + level * POINTS + point, mask=is_row, other=0)
            at = table + first[:, None] + word[None, :]
            total += tl.load(at) + tl.load(at + below)
            if RIGHT:
                total += tl.load(at + position_stride) + tl.load(at + below + position_stride)
    tl.store(out + row[:, None] * WORDS + word[None, :], total, mask=is_row[:, None])


def samples(shape, seed):
    """The camera of each visible (camera, query), and the first neighbours [pairs, heads, levels * points] of its
    samples, moved into the maps."""
    generator = torch.Generator(device="cuda").manual_seed(seed)
    points, visible = cases.project_pillars(200, False, "cuda")
    camera, query = visible.any(-1).nonzero().T
    angle = torch.arange(shape.heads, device="cuda") * (2 * torch.pi / shape.heads)
    direction = torch.stack((angle.cos(), angle.sin()), -1)
    direction = direction / direction.abs().amax(-1, keepdim=True)
    step = torch.arange(1, shape.points + 1, device="cuda")
    anchor = torch.arange(shape.points, device="cuda") % shape.anchors
    found, start = [], 0
    for height, width in shape.levels:
        size = torch.tensor((width, height), device="cuda")
        noise = torch.randn(len(query), shape.heads, shape.points, 2, device="cuda", generator=generator)
        at = (points[camera, query][:, anchor][:, None] * size + direction[:, None] * step[:, None] + 0.5 * noise - 0.5)
        x, y = at.floor().long().unbind(-1)
        found.append(start + y.clamp(0, height - 2) * width + x.clamp(0, width - 2))
        start += height * width
    return camera, torch.cat(found, -1)


def calls_of(shape, head_major, pairs, sets=3):
    """Launches over different inputs, and the bytes that one asks for."""
    heads, positions = shape.heads, shape.positions
    position_stride = ROW_WORDS if head_major else ROW_WORDS * heads
    head_stride = ROW_WORDS * positions if head_major else ROW_WORDS
    lines = torch.tensor([width for _, width in shape.levels], dtype=torch.int32, device="cuda")
    together = 1 if head_major else 2  # heads whose rows are neighbours
    words, rows = (2, 16) if pairs else (1, 32)
    calls = []
    for seed in range(sets):
        camera, first = samples(shape, seed)
        head = torch.arange(heads, device="cuda").view(1, -1, 1)
        first = (camera.view(-1, 1, 1) * (positions * heads * ROW_WORDS) + head * head_stride + first * position_stride)
        first = first.unflatten(1, (heads // together, together)).transpose(0, 1).reshape(-1, first.shape[-1])
        first = first.int().contiguous()
        table = torch.randint(1 << 30, (shape.batch * positions * heads * ROW_WORDS + ROW_WORDS,), dtype=torch.int32,
                              device="cuda")
        out = torch.empty(len(first), words * ROW_WORDS, dtype=torch.int32, device="cuda")
        calls.append(lambda table=table, first=first, out=out: _gather[(triton.cdiv(len(first), rows),)](
            table, first, lines, out, len(first), position_stride, len(shape.levels), shape.points, rows,
            words * ROW_WORDS, not pairs, num_warps=4))
    return calls, first.numel() * 4 * ROW_WORDS * 4


def main():
    shape = next(s for s in cases.WHOLE_SHAPES if s.name == "base-cameras")
    print(f"{torch.cuda.get_device_name()}\n\n| rows | µs | TB/s |\n|---|---|---|")
    for title, head_major, pairs in (("64 bytes of [S,M,D]", False, False), ("64 bytes of [M,S,D]", True, False),
                                     ("128 bytes of [M,S,D], pairs", True, True)):
        calls, size = calls_of(shape, head_major, pairs)
        us = timing.time_calls(calls)
        print(f"| {title} | {us:.1f} | {size / us * 1e-6:.1f} |", flush=True)


if __name__ == "__main__":
    main()
