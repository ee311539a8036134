#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Deformable attention on a GPU: the compiler's kernels beside the best hand-written ones.

    python3 benchmarks/gpu/attention.py --lib build/lib

For every shape, in fp32 and fp16: microseconds of the core op (locations and weights given) and of
the whole op (from logits, reference points and offsets), or of the attention over all cameras or
frames; the error against float64, the ratio to the best hand-written kernel (quoted, for an H200),
the fraction of the time that the memory alone would take, and what the kernels take of a
multiprocessor. CUDA-graph replays, median; input sets rotate so that they do not stay in the L2
cache; outputs are poisoned before the check. Needs PyTorch.
"""
import math
import os
import sys
from typing import NamedTuple

import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import machine
import modules
import resources
import shapes
import timing
import torch_attention


class Case(NamedTuple):
    """What is measured: an op (core, whole, spatial or temporal), its sizes, where samples lie, the
    type of its values and whether they are given position- or head-major."""

    op: str
    shape: shapes.Shape
    dist: str
    precision: str
    layout: str = "position_major"

    @property
    def dtype(self):
        return machine.ELEMENTS[self.precision][0]

    def source(self, schedule=""):
        """The MLIR of the op."""
        return getattr(modules, self.op)(self.shape, machine.ELEMENTS[self.precision][1],
                                         schedule=schedule, layout=self.layout)

    def given(self, tensors):
        """The operands with the value in its layout."""
        if self.layout == "position_major":
            return tensors
        return [tensors[0].transpose(-3, -2).contiguous(), *tensors[1:]]

    def row(self):
        """The first columns of a table."""
        row = dict(op=self.op, shape=self.shape.name, dist=self.dist, dtype=self.precision)
        return row if self.layout == "position_major" else dict(row, layout=self.layout)

    def out(self):
        """A poisoned result."""
        shape = self.shape
        batch = 1 if self.op in ("spatial", "temporal") else shape.batch
        return torch.full((batch, shape.queries, shape.heads, shape.dim), float("nan"),
                          dtype=self.dtype, device="cuda")

    def sets(self):
        """How many sets of operands to rotate through."""
        return timing.input_sets(self.shape.floor_bytes(self.dtype.itemsize))

    def floor_us(self, bandwidth):
        """Microseconds that the compulsory bytes alone would take."""
        size = self.dtype.itemsize
        moved = (self.shape.whole_floor_bytes(size, self.op) if self.op in ("spatial", "temporal")
                 else self.shape.floor_bytes(size))
        return moved / bandwidth * 1e6


    def operands(self, seed):
        """The op's inputs in the order of its operands."""
        return operands(self, seed)

    def check(self, tensors):
        """The expected result of some queries."""
        return Check(self, tensors, 1000)

    def composed(self):
        """The op of PyTorch's operators, in each form."""
        return {name: torch_attention.composed(self.op, form, self.shape.levels, "cuda")
                for name, form in torch_attention.FORMS.items()}

    def triton_kernel(self):
        """The op by a Triton kernel, and PyTorch's operators around it where it is of cameras or frames."""
        import triton_attention

        kernel = triton_attention.Attention(self.shape.levels, self.op != "core")
        combine = dict(spatial=torch_attention.spatial, temporal=torch_attention.temporal).get(self.op)
        return triton_attention.OverRows(combine, kernel) if combine else kernel


COLUMNS = [("op", "op", ""), ("shape", "shape", ""), ("dist", "dist", ""), ("type", "dtype", ""),
           ("schedule", "schedule", ""), ("µs", "us", ".2f"), ("error", "error", ".1e"),
           ("of rounding alone", "rounding", ".1e"), ("best peer µs", "peer", ""), ("ratio", "ratio", ".2f"),
           ("of memory floor", "of_floor", ".0%"), *resources.columns()]


def operands(case, seed):
    """The op's inputs in the order of its operands."""
    shape, dtype = case.shape, case.dtype
    x = cases.make_inputs(shape, case.dist, seed)
    if case.op == "spatial":
        _, visible = cases.project_pillars(math.isqrt(shape.queries), len(shape.levels) == 1, "cuda")
        return [x["value"][None].to(dtype), x["reference"][None], visible[None].contiguous(),
                x["offsets"][:1].to(dtype), x["logits"][:1].to(dtype)]
    if case.op == "temporal":
        # Frames stand after heads in offsets and logits.
        return [x["value"][None].to(dtype), x["reference"][None].contiguous(),
                x["offsets"].movedim(0, 2)[None].contiguous().to(dtype),
                x["logits"].movedim(0, 2)[None].contiguous().to(dtype)]
    if case.op == "whole":
        return [x["value"].to(dtype), x["reference"], x["offsets"].to(dtype), x["logits"].to(dtype)]
    weights = x["logits"].softmax(-1).view(x["locations"].shape[:-1])
    return [x["value"].to(dtype), x["locations"], weights.contiguous()]


def reference(op, shape, tensors, queries):
    """The op in float64 on the very inputs it was given, for some queries."""
    if op == "core":
        value, locations, weights = tensors
        return cases.attention_float64(value, shape.levels, locations[:, queries],
                                       weights[:, queries])
    if op == "spatial":
        value, uv, visible, offsets, logits = (tensor[0] for tensor in tensors)
        cameras = value.shape[0]
        out = reference("whole", shape, (value, uv, offsets.expand(cameras, *offsets.shape),
                                         logits.expand(cameras, *logits.shape)), queries)
        hit = visible[:, queries].any(-1)[..., None, None]
        out = torch.where(hit, out, torch.zeros_like(out)).sum(0)
        return (out / hit.sum(0).clamp(min=1))[None]
    if op == "temporal":
        value, ref, offsets, logits = (tensor[0] for tensor in tensors)
        return reference("whole", shape, (value, ref, offsets.movedim(2, 0), logits.movedim(2, 0)),
                         queries).mean(0)[None]
    value, ref, offsets, logits = tensors
    L, P = len(shape.levels), shape.points
    weights = logits[:, queries].double().softmax(-1).unflatten(-1, (L, P))
    wh = torch.tensor([[w, h] for h, w in shape.levels], device=ref.device, dtype=torch.float64)
    anchor = torch.arange(P, device=ref.device) % ref.shape[2]
    locations = (ref[:, queries][:, :, anchor][:, :, None, None].double()
                 + offsets[:, queries].double() / wh[None, None, None, :, None])
    return cases.attention_float64(value, shape.levels, locations, weights)


class Check:
    """The expected result of some queries."""

    def __init__(self, case, tensors, most=4000):
        shape = case.shape
        budget = int(6e8 / (shape.batch * shape.heads * shape.points * shape.dim * 32))
        count = min(shape.queries, max(64, min(most, budget)))
        self.queries = torch.randperm(shape.queries, device="cuda")[:count].sort().values
        self.expected = reference(case.op, shape, tensors, self.queries)

    def error(self, out):
        """Relative L2."""
        return self._relative(out[:, self.queries])

    def rounding(self, dtype):
        """The same of the expected result itself in this type."""
        return self._relative(self.expected.to(dtype))

    def _relative(self, result):
        return float((result.double() - self.expected).norm() / self.expected.norm())


def measure(on, case, schedule="", check_only=False, most_checked=4000):
    """The row of a case: error, time and kernels."""
    row = case.row()
    if schedule:
        row["schedule"] = schedule
    function = on.compiled(case.source(schedule))
    kept = [(case.given(operands(case, 1000 + i)), case.out())
            for i in range(1 if check_only else case.sets())]
    calls = [function.bind([(t.data_ptr(), t.shape) for t in [*tensors, out]])
             for tensors, out in kept]
    tensors, out = operands(case, 1000), kept[0][1]
    calls[0]()
    torch.cuda.synchronize()
    check = Check(case, tensors, most_checked)
    row["error"], row["rounding"] = check.error(out), check.rounding(out.dtype)
    row["unwritten"] = int(torch.isnan(out).sum())
    if check_only:
        return row
    row["us"] = timing.time_calls(calls, on.library)
    row["floor_us"] = case.floor_us(on.bandwidth)
    row["of_floor"] = row["floor_us"] / row["us"]
    # Both ops are compared with the core of the best peer.
    peers = shapes.BEST_PEER.get(case.precision, {})
    row["peer"] = peers.get("core", {}).get(case.shape.name)
    row["peer_whole"] = peers.get("whole", {}).get(case.shape.name)
    if row["peer"]:
        row["ratio"] = row["us"] / row["peer"]
    row.update(resources.of_row(calls[0], on))
    return row


def try_measure(on, case, schedule="", **options):
    """The same; what goes wrong stands in the row."""
    try:
        row = measure(on, case, schedule, **options)
    except (RuntimeError, OSError, AttributeError) as error:
        row = dict(case.row(), schedule=schedule, failed=f"{type(error).__name__}: {error}")
    torch.cuda.empty_cache()
    return row


def chosen_cases(args):
    """The Cases that the options ask for."""
    every = {shape.name: shape for shape in shapes.SHAPES + shapes.WHOLE_SHAPES}
    found = []
    for name in args.shapes.split(","):
        shape = every[name]
        fitting = ("core", "whole")
        if shape in shapes.WHOLE_SHAPES:
            fitting = ("spatial",) if shape.kind == "sca" else ("temporal",)
        found += [Case(op, shape, dist, precision, args.value_layout) for dist in args.dist.split(",")
                  for precision in args.dtypes.split(",")
                  for op in (args.ops.split(",") if args.ops else fitting) if op in fitting]
    return found


def add_options(parser):
    """Which cases."""
    parser.add_argument("--shapes", default=",".join(
        shape.name for shape in shapes.SHAPES + shapes.WHOLE_SHAPES))
    parser.add_argument("--dist", default="model", help="of model, uniform")
    parser.add_argument("--ops", default="",
                        help="of core, whole, spatial and temporal; default: what fits the shape")
    parser.add_argument("--schedules", default="", help="schedules to force, separated by ';'")
    parser.add_argument("--value-layout", default="position_major",
                        choices=["position_major", "head_major"],
                        help="whether value is given as [B,S,M,D] or [B,M,S,D]")


def run(on, args):
    """The table of all cases that the options ask for; its rows."""
    chosen, schedules = chosen_cases(args), args.schedules.split(";")
    on.compile_all(case.source(schedule) for case in chosen for schedule in schedules)
    table = on.report.table("attention", COLUMNS)
    for case in chosen:
        for schedule in schedules:
            table.add(try_measure(on, case, schedule, check_only=args.check_only))
    return table.rows


if __name__ == "__main__":
    machine.main(__doc__, add_options, run)
