# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Floors and ceilings of a GPU, measured on the spot: what memory, caches and a launch allow at best.

The copy is PyTorch's; the others are Triton kernels, and are left out where there is no Triton.
"""
import math

import torch

try:
    import triton
    import triton.language as tl
except ImportError:
    triton = None

import timing


def copy_bandwidth():
    """Bytes read plus written a second by a large device copy."""
    x = torch.empty(2 << 30, dtype=torch.uint8, device="cuda").random_()
    y = torch.empty_like(x)
    times = []
    for _ in range(10):
        start, stop = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        y.copy_(x)
        stop.record()
        stop.synchronize()
        times.append(start.elapsed_time(stop))
    return 2 * x.numel() / (sorted(times)[5] * 1e-3)


if triton:
    @triton.jit
    def _nothing(out):
        pass

    @triton.jit
    def _read(source, out, steps, BLOCK: tl.constexpr):
        """Adds up `steps` blocks of 32-bit words that follow one another."""
        program = tl.program_id(0).to(tl.int64)
        word = tl.arange(0, BLOCK)
        first = source + program * steps * BLOCK + word
        total = tl.zeros((BLOCK,), tl.int32)
        for step in range(steps):
            total += tl.load(first + step * BLOCK)
        tl.store(out + program * BLOCK + word, total)

    @triton.jit
    def _gather(table, out, mask, steps, ROWS: tl.constexpr, WORDS: tl.constexpr):
        """Adds up rows of `WORDS` 32-bit words at pseudo-random places of a table of mask + 1 rows."""
        program = tl.program_id(0)
        row = tl.arange(0, ROWS)
        word = tl.arange(0, WORDS)
        state = ((program * ROWS + row) * 747796405 + 277803737).to(tl.uint32)
        total = tl.zeros((ROWS, WORDS), tl.int32)
        for _ in range(steps):
            for _ in tl.static_range(8):
                state = state * 1664525 + 1013904223
                at = ((state >> 9) & mask).to(tl.int32)
                total += tl.load(table + at[:, None] * WORDS + word[None, :])
        tl.store(out + program * ROWS * WORDS + row[:, None] * WORDS + word[None, :], total)


def _gather_bandwidth(multiprocessors, table_bytes, row_bytes):
    """Bytes a second that gathers of rows deliver, from a table that is a power of two of bytes."""
    words = row_bytes // 4
    warps, rows = 8, 8 * 32 * 4 // words  # 16 bytes a thread
    steps = 32 if table_bytes < 1 << 20 else 4
    programs = multiprocessors * 8 * (4 if table_bytes < 1 << 20 else 16)
    table = torch.randint(1 << 30, (table_bytes // 4,), dtype=torch.int32, device="cuda")
    out = torch.empty(programs * rows * words, dtype=torch.int32, device="cuda")
    call = lambda: _gather[(programs,)](table, out, table_bytes // row_bytes - 1, steps, rows, words,
                                        num_warps=warps)
    call()
    return programs * rows * steps * 8 * row_bytes / (timing.time_calls([call]) * 1e-6)


def _read_bandwidth():
    block, steps = 2048, 16
    programs = (4 << 30) // 4 // (block * steps)
    source = torch.zeros(programs * block * steps, dtype=torch.int32, device="cuda")
    out = torch.empty(programs * block, dtype=torch.int32, device="cuda")
    call = lambda: _read[(programs,)](source, out, steps, block, num_warps=8)
    call()
    return source.numel() * 4 / (timing.time_calls([call]) * 1e-6)


def launch():
    """Microseconds of an empty kernel in a graph; NaN without Triton."""
    if triton is None:
        return math.nan
    out = torch.empty(1, dtype=torch.int32, device="cuda")
    call = lambda: _nothing[(1,)](out, num_warps=1)
    call()
    return timing.time_calls([call])


def measure(multiprocessors):
    """{name: bytes a second}, and "launch": microseconds of an empty kernel in a graph. Without
    Triton only the copy."""
    found = dict(copy=copy_bandwidth())
    if triton is None:
        return found
    found["read"] = _read_bandwidth()
    for row in (128, 64):
        found[f"l2_gather_{row}"] = _gather_bandwidth(multiprocessors, 16 << 20, row)
        found[f"l1_gather_{row}"] = _gather_bandwidth(multiprocessors, 32 << 10, row)
    found["launch"] = launch()
    torch.cuda.empty_cache()
    return found


TITLES = {"copy": "copy, read and written, TB/s", "read": "read of memory, TB/s",
          "l2_gather_128": "gather of 128 bytes in the L2 cache, TB/s",
          "l2_gather_64": "gather of 64 bytes in the L2 cache, TB/s",
          "l1_gather_128": "gather of 128 bytes in the first-level cache, TB/s",
          "l1_gather_64": "gather of 64 bytes in the first-level cache, TB/s",
          "launch": "an empty kernel in a graph, µs"}


def show(report, found):
    """A table of what `measure` found."""
    table = report.table("ceilings", [("ceiling", "name", TITLES.get), ("measured", "value", ".2f")])
    for name, value in found.items():
        table.add(dict(name=name, value=value if name == "launch" else value / 1e12))
