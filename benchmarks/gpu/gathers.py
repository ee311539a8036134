#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What it takes to gather the rows that an attention over six cameras samples, and nothing else.

    python3 benchmarks/gpu/gathers.py

The 40000 queries of BEVFormer base in f16: kernels that read, for each visible (camera, query), head, level and point,
the two by two neighbours whose numbers are in a table, and add them up as integers. As rows of 64 bytes of values
[S,M,D], the two heads of a line beside each other, and of values [M,S,D]; and of the latter as pairs of neighbours, 128
bytes on end. No offsets, weights and softmax are read or computed, and no cameras looked for: an attention that reads
as the kernel does takes no less. Microseconds of graph replays. Needs PyTorch with CUDA.
"""
import os
import sys

import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import timing

ROW_BYTES, TEAMS = 64, 32  # 32 channels of f16; rows of a block
# A team of LANES threads has a row of `firsts` [rows, 32]: 16-byte words of the first neighbours of its samples, which
# it first brings to shared memory.
SOURCE = r"""
extern "C" __global__ void gather(const uint4 *table, const int *firsts, uint4 *out, int rows, int step) {
  __shared__ int4 samples[TEAMS][9];
  const int team = threadIdx.x / LANES, lane = threadIdx.x % LANES, row = blockIdx.x * TEAMS + team;
  if (row >= rows)
    return;
  for (int i = lane; i < 8; i += LANES)
    samples[team][i] = ((const int4 *)firsts)[row * 8 + i];
  __syncwarp(__activemask());
  uint4 sum = make_uint4(0, 0, 0, 0);
  auto add = [&](uint4 part) { sum.x += part.x; sum.y += part.y; sum.z += part.z; sum.w += part.w; };
  const int widths[] = {WIDTHS};
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const int4 four = samples[team][i];
    const int at[] = {four.x, four.y, four.z, four.w}, below = widths[i / 2] * step;
    uint4 read[4][CORNERS];
#pragma unroll
    for (int j = 0; j < 4; ++j)
#pragma unroll
      for (int k = 0; k < CORNERS; ++k)
        read[j][k] = __ldg(table + at[j] + lane + (k & 1 ? below : 0) + (k & 2 ? step : 0));
#pragma unroll
    for (int j = 0; j < 4; ++j)
#pragma unroll
      for (int k = 0; k < CORNERS; ++k)
        add(read[j][k]);
  }
  out[row * LANES + lane] = sum;
}
"""


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
        offsets = direction[:, None] * step[:, None] + 0.5 * noise
        at = points[camera, query][:, anchor][:, None] * size + offsets - 0.5
        x, y = at.floor().long().unbind(-1)
        found.append(start + y.clamp(0, height - 2) * width + x.clamp(0, width - 2))
        start += height * width
    return camera, torch.cat(found, -1)


def calls_of(shape, head_major, pairs, sets=3):
    """Launches over different inputs, and the bytes that each asks for."""
    heads, positions, words = shape.heads, shape.positions, ROW_BYTES // 16
    step, head_step = (words, words * positions) if head_major else (words * heads, words)
    together = 1 if head_major else 2  # heads whose rows are neighbours
    lanes, corners = (2 * words, 2) if pairs else (words, 4)
    source = SOURCE
    for name, value in dict(LANES=lanes, TEAMS=TEAMS, CORNERS=corners,
                            WIDTHS=", ".join(str(width) for _, width in shape.levels)).items():
        source = source.replace(name, str(value))
    kernel = torch.cuda._compile_kernel(source, "gather")
    calls = []
    for seed in range(sets):
        camera, position = samples(shape, seed)
        head = torch.arange(heads, device="cuda").view(1, -1, 1)
        firsts = camera.view(-1, 1, 1) * (positions * heads * words) + head * head_step + position * step
        firsts = firsts.unflatten(1, (heads // together, together)).transpose(0, 1).reshape(-1, firsts.shape[-1])
        firsts = firsts.int().contiguous()
        table = torch.randint(1 << 30, (shape.batch * positions * heads * words + 16, 4), dtype=torch.int32,
                              device="cuda")
        out = torch.empty(len(firsts), lanes * 4, dtype=torch.int32, device="cuda")
        grid = ((len(firsts) + TEAMS - 1) // TEAMS, 1, 1)
        calls.append(lambda table=table, firsts=firsts, out=out, grid=grid: kernel(
            grid, (TEAMS * lanes, 1, 1), [table, firsts, out, len(firsts), step]))
    return calls, firsts.numel() * 4 * ROW_BYTES


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
