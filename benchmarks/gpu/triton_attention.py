# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Multi-scale deformable attention as Triton kernels: what an afternoon with Triton gives.

A program computes some rows (batch row, query, head) of all channels; coordinates, weights and sums
are f32, whatever the type of the value. The sizes are compile-time constants, and rows per program
and warps are chosen by measuring. Channels and, for the whole op, samples of a row need a power of
two.
"""
import torch
import triton
import triton.language as tl

from triton_tuning import Tuned


@triton.jit
def _sampled(out, value, x, y, weight, rows, H: tl.constexpr, W: tl.constexpr, ROW: tl.constexpr):
    """out + weight * the bilinear sample at pixels (x, y): value are pointers to the level's first
    row of each of `rows`, ROW the elements between neighbouring positions."""
    x = tl.minimum(tl.maximum(x, -1.0), W)
    y = tl.minimum(tl.maximum(y, -1.0), H)
    left = tl.floor(x)
    top = tl.floor(y)
    right_part = x - left
    lower_part = y - top
    column = left.to(tl.int32)
    line = top.to(tl.int32)
    for dy in tl.static_range(2):
        for dx in tl.static_range(2):
            at_x = column + dx
            at_y = line + dy
            inside = rows & (at_x >= 0) & (at_x < W) & (at_y >= 0) & (at_y < H)
            part = (right_part if dx else 1 - right_part) * (lower_part if dy else 1 - lower_part)
            corner = tl.load(value + ((at_y * W + at_x) * ROW)[:, None], mask=inside[:, None],
                             other=0.0)
            out += (weight * part)[:, None] * corner.to(tl.float32)
    return out


@triton.jit
def _core(value, locations, weights, out, count, Q: tl.constexpr, M: tl.constexpr, D: tl.constexpr,
          P: tl.constexpr, LEVELS: tl.constexpr, POSITIONS: tl.constexpr, ROWS: tl.constexpr):
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    rows = row < count
    channel = tl.arange(0, D)
    batch = row // (Q * M)
    value += (batch.to(tl.int64) * (POSITIONS * M * D) + row % M * D)[:, None] + channel[None, :]
    total = tl.zeros((ROWS, D), tl.float32)
    samples: tl.constexpr = len(LEVELS) * P
    for level in tl.static_range(len(LEVELS)):
        for point in range(P):
            at = row * samples + level * P + point
            x = tl.load(locations + 2 * at, mask=rows, other=0.0)
            y = tl.load(locations + 2 * at + 1, mask=rows, other=0.0)
            weight = tl.load(weights + at, mask=rows, other=0.0)
            total = _sampled(total, value, x * LEVELS[level][1] - 0.5, y * LEVELS[level][0] - 0.5,
                             weight, rows, LEVELS[level][0], LEVELS[level][1], M * D)
        value += LEVELS[level][0] * LEVELS[level][1] * M * D
    tl.store(out + row[:, None] * D + channel[None, :], total.to(out.dtype.element_ty),
             mask=rows[:, None])


@triton.jit
def _whole(value, reference, offsets, logits, out, count, Q: tl.constexpr, M: tl.constexpr,
           D: tl.constexpr, P: tl.constexpr, R: tl.constexpr, LEVELS: tl.constexpr,
           POSITIONS: tl.constexpr, SAME: tl.constexpr, ROWS: tl.constexpr):
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    rows = row < count
    # Offsets and logits may be the same for all batch rows.
    own = row % (Q * M) if SAME else row
    channel = tl.arange(0, D)
    batch = row // (Q * M)
    query = row // M
    value += (batch.to(tl.int64) * (POSITIONS * M * D) + row % M * D)[:, None] + channel[None, :]
    samples: tl.constexpr = len(LEVELS) * P
    sample = tl.arange(0, samples)
    scores = tl.load(logits + own[:, None] * samples + sample[None, :], mask=rows[:, None],
                     other=0.0).to(tl.float32)
    largest = tl.max(scores, 1)
    norm = tl.sum(tl.exp(scores - largest[:, None]), 1)
    total = tl.zeros((ROWS, D), tl.float32)
    for level in tl.static_range(len(LEVELS)):
        for point in range(P):
            at = own * samples + level * P + point
            anchor = 2 * (query * R + point % R)
            x = tl.load(reference + anchor, mask=rows, other=0.0) * LEVELS[level][1]
            y = tl.load(reference + anchor + 1, mask=rows, other=0.0) * LEVELS[level][0]
            x += tl.load(offsets + 2 * at, mask=rows, other=0.0).to(tl.float32)
            y += tl.load(offsets + 2 * at + 1, mask=rows, other=0.0).to(tl.float32)
            score = tl.load(logits + at, mask=rows, other=0.0).to(tl.float32)
            total = _sampled(total, value, x - 0.5, y - 0.5, tl.exp(score - largest), rows,
                             LEVELS[level][0], LEVELS[level][1], M * D)
        value += LEVELS[level][0] * LEVELS[level][1] * M * D
    tl.store(out + row[:, None] * D + channel[None, :],
             (total / norm[:, None]).to(out.dtype.element_ty), mask=rows[:, None])


class Attention(Tuned):
    """One of the two kernels for tensors of given sizes; calling it takes the operands."""

    configurations = ((8, 1), (16, 2), (16, 4), (32, 4), (32, 8), (64, 4))  # rows of a program, warps

    def __init__(self, levels, whole):
        super().__init__()
        self.levels, self.whole = tuple(levels), whole

    def launch(self, operands, configuration):
        rows, warps = configuration
        value, last = operands[0], operands[-1]
        B, S, M, D = value.shape
        out = torch.empty(B, last.shape[1], M, D, dtype=value.dtype, device=value.device)
        count = out.numel() // D
        sizes = dict(Q=out.shape[1], M=M, D=D, LEVELS=self.levels, POSITIONS=S, ROWS=rows)
        if self.whole:
            sizes.update(P=operands[2].shape[4], R=operands[1].shape[2],
                         SAME=all(tensor.stride(0) == 0 for tensor in operands[2:]))
            if sizes["SAME"]:
                operands = (*operands[:2], *(tensor[0] for tensor in operands[2:]))
        else:
            sizes.update(P=operands[1].shape[4])
        operands = [tensor.contiguous() for tensor in operands]
        kernel = _whole if self.whole else _core
        kernel[(triton.cdiv(count, rows),)](*operands, out, count, **sizes, num_warps=warps)
        return out


class OverRows:
    """The attention over cameras or frames, `combine`, from the whole attention of each."""

    def __init__(self, combine, kernel):
        self.combine, self.kernel = combine, kernel
        self.compiling, self.choosing = kernel.compiling, kernel.choosing

    def __call__(self, *operands):
        return self.combine(self.kernel, *operands)
