#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Voxel pooling on a GPU: the compiler's kernels beside the best peers.

    python3 benchmarks/gpu/pooling.py --lib build/lib

For BEVDet's and BEVFusion's shapes, in fp32 and fp16: microseconds, the error against float64,
whether a second run gives the same bits, the ratio to the best peer (quoted, for an H200), and the
fraction of the time that the memory alone would take. The ops: `ranks` is bev.voxel_pool with rank
and interval tables (bev_pool_v2), `bounds` the same with the bounds of each cell ready
(bev.interval_pool), `calibrated` with tables that are constants of the model, `segments` with those of
segments of image columns ready, `lifted` with lifted points (bev_pool v1), `cells` without tables,
which sorts, and `frustum` bev.frustum_to_voxel, whose error is the fraction of cells that differ. CUDA-graph
replays, median; input sets rotate so that they do not stay in the L2 cache; outputs are poisoned
before the check. Needs PyTorch.
"""
import math
import os
import sys
from types import SimpleNamespace
from typing import NamedTuple

import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import machine
import modules
import pooling_cases as cases
import pooling_shapes as shapes
import resources
import timing

NAMES = {torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16", torch.int32: "i32"}
COLUMNS = [("op", "op", ""), ("shape", "shape", ""), ("points", "points", ""),
           ("cells", "intervals", ""), ("longest", "longest", ""), ("type", "dtype", ""),
           ("schedule", "schedule", ""), ("µs", "us", ".2f"), ("error", "error", ".1e"),
           ("repeats", "repeats", ""), ("best peer µs", "peer", ""), ("ratio", "ratio", ".2f"),
           ("of memory floor", "of_floor", ".0%"), *resources.columns()]


def source(op, shape, tensors, out, schedule="", copy=0):
    """The MLIR of the op on tensors like these. Copies with constants have these in memory of their own."""
    spell = lambda tensor: (tuple(tensor.shape), NAMES[tensor.dtype])
    constants = [tensor.cpu().numpy().tobytes() for tensor in tensors[given(op, tensors):]]
    return modules.pool(op, modules.pool_prefix(op, shape, schedule),
                        [spell(tensor) for tensor in tensors], spell(out), constants) + (
                            f"// {copy}\n" if constants else "")


def given(op, tensors):
    """How many of an op's operands are arguments; the others are constants."""
    return len(tensors) - (3 if op == "calibrated" else 0)


def inputs(op, shape, dtype, seed, calibration, cells, tables):
    """The operands of the op, in order, and an empty result."""
    generator = torch.Generator(device="cuda").manual_seed(seed)
    h, w = shape.features
    frustum = (shape.batch, shape.cameras, shape.num_depths, h, w)
    if op == "frustum":
        return list(calibration), torch.empty(frustum, dtype=torch.int32, device="cuda")
    feat = torch.randn(shape.batch, shape.cameras, h, w, shape.channels, device="cuda",
                       generator=generator).to(dtype)
    depth = torch.randn(frustum, device="cuda", generator=generator).softmax(2).to(dtype)
    out = torch.empty(shape.batch, *shape.grid, shape.channels, dtype=dtype, device="cuda")
    point, rows, key, starts, lengths, bounds = [table.clone() for table in tables]
    if op == "cells":
        return [feat, depth, cells.clone()], out
    if op == "lifted":
        lifted = (feat.view(-1, shape.channels)[rows.long()] * depth.flatten()[point.long(), None])
        return [lifted.contiguous(), key, starts, lengths], out
    if op == "segments":
        return [feat, depth, *cases.segments(shape, cells)], out
    if op in ("bounds", "calibrated"):
        flat = [feat.view(-1, shape.channels), depth.flatten()]
        return flat + [point, rows, bounds], out
    return [feat, depth, point, rows, key, starts, lengths], out


def error_of(op, shape, tensors, out, cells, tables):
    """The relative L2 error against float64, or the fraction of cells that differ."""
    if op == "frustum":
        return float((out != cells).double().mean())
    point, rows, key, starts, lengths, _ = tables
    if op == "lifted":
        row = torch.arange(len(point), device="cuda")
        ones = torch.ones(len(point), device="cuda")
        expected = cases.pool_float64(shape, ones, tensors[0], row, row, key)
    else:
        expected = cases.pool_float64(shape, tensors[1], tensors[0], point, rows, key)
    return float((out.double() - expected).norm() / expected.norm())


class Case(NamedTuple):
    """The pool of rank and interval tables, for those who compute it otherwise (baselines.py)."""

    shape: shapes.Shape
    precision: str
    dist: str = ""
    op: str = "ranks"

    def row(self):
        """The first columns of a table."""
        return dict(op="pool, ranks", shape=self.shape.name, dist=self.dist, dtype=self.precision)

    def _cells(self):
        calibration = cases.calibration(self.shape)
        cells = cases.frustum_cells(self.shape, *calibration)
        return calibration, cells, cases.tables(self.shape, cells)

    def operands(self, seed):
        """feat, depth, ranks of depths, features and cells, starts and lengths."""
        return inputs(self.op, self.shape, machine.ELEMENTS[self.precision][0], seed,
                      *self._cells())[0]

    def sets(self):
        """How many sets of operands to rotate through."""
        tensors = self.operands(0)
        return timing.input_sets(sum(t.numel() * t.element_size() for t in tensors))

    def check(self, tensors):
        """The expected result, whose `error` compares."""
        _, cells, tables = self._cells()
        return SimpleNamespace(error=lambda out: error_of(self.op, self.shape, tensors, out, cells,
                                                          tables))

    def composed(self):
        """Of PyTorch's operators: rows are lifted, and added to their cells in f32."""
        grid = (self.shape.batch, *self.shape.grid)

        def index_add(feat, depth, ranks_depth, ranks_feat, ranks_bev, starts, lengths):
            channels = feat.shape[-1]
            lifted = (feat.view(-1, channels)[ranks_feat.long()].float()
                      * depth.view(-1)[ranks_depth.long(), None].float())
            out = torch.zeros(math.prod(grid), channels, device=feat.device)
            return out.index_add(0, ranks_bev, lifted).to(feat.dtype).view(*grid, channels)

        return {"index_add": index_add}

    def triton_kernel(self):
        """The pool by a Triton kernel."""
        import triton_pooling

        return triton_pooling.Pool((self.shape.batch, *self.shape.grid))


def measure(on, op, shape, precision, schedule, tilt, check_only):
    """The row of a case: error, whether a second run repeats the bits, time and kernels."""
    dtype, _ = machine.ELEMENTS[precision]
    calibration = cases.calibration(shape, tilt=tilt)
    cells = cases.frustum_cells(shape, *calibration)
    tables = cases.tables(shape, cells)
    row = dict(op=op, shape=shape.name, dtype=precision, schedule=schedule, points=len(tables[0]),
               intervals=len(tables[3]), longest=int(tables[4].max()))
    make = lambda seed: inputs(op, shape, dtype, seed, calibration, cells, tables)
    tensors, out = make(1000)
    total = sum(t.numel() * t.element_size() for t in [*tensors, out])
    sets = 1 if check_only else timing.input_sets(total)
    kept = [(tensors, out)] + [make(1000 + i) for i in range(1, sets)]
    for _, result in kept:
        result.fill_(-2 if op == "frustum" else float("nan"))
    calls = [on.compiled(source(op, shape, tensors, out, schedule, copy)).bind(
                 [(t.data_ptr(), t.shape) for t in [*tensors[:given(op, tensors)], out]])
             for copy, (tensors, out) in enumerate(kept)]
    calls[0]()
    torch.cuda.synchronize()
    row["error"] = error_of(op, shape, tensors, out, cells, tables)
    again = out.clone()
    calls[0]()
    torch.cuda.synchronize()
    row["repeats"] = str(torch.equal(again, out)).lower()
    if check_only:
        return row
    row["us"] = timing.time_calls(calls, on.library)
    moved = (total if op in ("frustum", "lifted", "cells")
             else shape.floor_bytes(dtype.itemsize, len(tables[0])))
    row["floor_us"] = moved / on.bandwidth * 1e6
    row["of_floor"] = row["floor_us"] / row["us"]
    if op != "frustum":
        row["peer"] = shapes.BEST_PEER.get(precision, {}).get(shape.name)
    if row.get("peer"):
        row["ratio"] = row["us"] / row["peer"]
    row.update(resources.of_row(calls[0], on))
    return row


def add_options(parser):
    """Which cases."""
    parser.add_argument("--shapes", default=",".join(s.name for s in shapes.SHAPES))
    parser.add_argument("--ops", default=",".join(modules.POOLS))
    parser.add_argument("--schedules", default="", help="schedules to force, separated by ';'")
    add_camera_options(parser)


def add_camera_options(parser):
    """What the tables are computed from."""
    parser.add_argument("--tilt", type=float, default=0.0,
                        help="degrees that cameras are turned up or down and about where they look")


def run(on, args):
    """The table of all cases that the options ask for; its rows."""
    table = on.report.table("pooling", COLUMNS)
    for name in args.shapes.split(","):
        shape = next(s for s in shapes.SHAPES if s.name == name)
        for op in args.ops.split(","):
            for precision in args.dtypes.split(",") if op != "frustum" else ["fp32"]:
                for schedule in args.schedules.split(";") if op != "frustum" else [""]:
                    try:
                        row = measure(on, op, shape, precision, schedule, args.tilt, args.check_only)
                    except RuntimeError as error:
                        row = dict(op=op, shape=name, dtype=precision, schedule=schedule,
                                   failed=str(error))
                    table.add(row)
                    torch.cuda.empty_cache()
    return table.rows


if __name__ == "__main__":
    machine.main(__doc__, add_options, run)
