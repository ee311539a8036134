#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Deformable attention on a GPU: the compiler's kernels beside the best hand-written ones.

    python3 benchmarks/gpu/attention.py --lib build/lib

For every shape, in fp32 and fp16: microseconds of the core op (locations and weights given) and of
the whole op (from logits, reference points and offsets), or of the attention over all cameras or
frames; the error against float64, the ratio to the best hand-written kernel (quoted, for an H200),
and the fraction of the time that the memory alone would take. CUDA-graph replays, median; input sets rotate so that they do not stay in the L2
cache; outputs are poisoned before the check. Needs PyTorch.
"""
import argparse
import json
import math
import os
import sys
import time

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bev_c
import cases
import modules

ROTATED_BYTES = 200e6  # about three times the L2 cache of an H200


def time_calls(calls, library, target_ms=1.0, repetitions=10):
    """Median microseconds of a call, over graph replays that rotate through `calls`."""
    stream = torch.cuda.Stream()
    event = lambda: torch.cuda.Event(enable_timing=True)
    with torch.cuda.stream(stream):
        library.runtime.bevrtSetStream(stream.cuda_stream)
        for call in calls[:3]:
            call()
        torch.cuda.synchronize()
        start, stop = event(), event()
        start.record()
        for call in calls[:3]:
            call()
        stop.record()
        torch.cuda.synchronize()
        estimate = max(start.elapsed_time(stop) / len(calls[:3]), 0.002)
        rounds = max(1, min(math.ceil(target_ms / (estimate * len(calls))),
                            max(1, 240 // len(calls))))
        graph = torch.cuda.CUDAGraph()
        graph.capture_begin()
        for _ in range(rounds):
            for call in calls:
                call()
        graph.capture_end()
        torch.cuda.synchronize()
        for _ in range(3):
            graph.replay()
        torch.cuda.synchronize()
        times = []
        for _ in range(repetitions):
            start, stop = event(), event()
            start.record()
            graph.replay()
            stop.record()
            stop.synchronize()
            times.append(start.elapsed_time(stop) * 1000 / (rounds * len(calls)))
        library.runtime.bevrtSetStream(None)
    times.sort()
    return times[len(times) // 2]


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


def operands(op, shape, x, dtype):
    """The op's inputs in the order of its operands."""
    if op == "spatial":
        _, visible = cases.project_pillars(math.isqrt(shape.queries), len(shape.levels) == 1, "cuda")
        return [x["value"][None].to(dtype), x["reference"][None], visible[None].contiguous(),
                x["offsets"][:1].to(dtype), x["logits"][:1].to(dtype)]
    if op == "temporal":
        # Frames stand after heads in offsets and logits.
        return [x["value"][None].to(dtype), x["reference"][None].contiguous(),
                x["offsets"].movedim(0, 2)[None].contiguous().to(dtype),
                x["logits"].movedim(0, 2)[None].contiguous().to(dtype)]
    if op == "whole":
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
    wh = torch.tensor([[w, h] for h, w in shape.levels], device="cuda", dtype=torch.float64)
    anchor = torch.arange(P, device="cuda") % ref.shape[2]
    locations = (ref[:, queries][:, :, anchor][:, :, None, None].double()
                 + offsets[:, queries].double() / wh[None, None, None, :, None])
    return cases.attention_float64(value, shape.levels, locations, weights)


def measure(library, chip, op, shape, dist, precision, schedule, layout, check_only):
    dtype, element = {"fp32": (torch.float32, "f32"), "fp16": (torch.float16, "f16"),
                      "bf16": (torch.bfloat16, "bf16")}[precision]
    size = dtype.itemsize
    row = dict(op=op, shape=shape.name, dist=dist, dtype=precision)
    if schedule:
        row["schedule"] = schedule
    if layout == "head_major":
        row["layout"] = layout
    source = getattr(modules, op)(shape, element, schedule=schedule, layout=layout)
    start = time.time()
    function = library.compile(source, chip)
    row["compile_s"] = round(time.time() - start, 2)
    total = shape.floor_bytes(size)
    sets = 1 if total > 4e8 else max(2, min(24, math.ceil(ROTATED_BYTES / total)))
    calls, kept = [], []
    for i in range(1 if check_only else sets):
        tensors = operands(op, shape, cases.make_inputs(shape, dist, 1000 + i), dtype)
        batch = 1 if op in ("spatial", "temporal") else shape.batch
        out = torch.full((batch, shape.queries, shape.heads, shape.dim), float("nan"),
                         dtype=dtype, device="cuda")
        given = list(tensors)
        if layout == "head_major":
            given[0] = given[0].transpose(-3, -2).contiguous()
        kept.append((tensors, given, out))
        calls.append(function.bind([(t.data_ptr(), t.shape) for t in [*given, out]]))
    tensors, _, out = kept[0]
    calls[0]()
    torch.cuda.synchronize()
    budget = int(6e8 / (shape.batch * shape.heads * shape.points * shape.dim * 32))
    count = min(shape.queries, max(64, min(4000, budget)))
    queries = torch.randperm(shape.queries, device="cuda")[:count].sort().values
    expected = reference(op, shape, tensors, queries)
    difference = out[:, queries].double() - expected
    row["error"] = float(difference.norm() / expected.norm())
    row["unwritten"] = int(torch.isnan(out).sum())
    if not check_only:
        row["us"] = time_calls(calls, library)
    return row


def main():
    shapes = cases.SHAPES + cases.WHOLE_SHAPES
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lib", default="build/lib", help="folder of libBEV-C.so")
    parser.add_argument("--shapes", default=",".join(s.name for s in shapes))
    parser.add_argument("--dtypes", default="fp32,fp16")
    parser.add_argument("--dist", default="model")
    parser.add_argument("--ops", default="",
                        help="of core, whole, spatial and temporal; default: what fits the shape")
    parser.add_argument("--schedules", default="", help="schedules to force, separated by ';'")
    parser.add_argument("--value-layout", default="position_major",
                        choices=["position_major", "head_major"],
                        help="whether value is given as [B,S,M,D] or [B,M,S,D]")
    parser.add_argument("--check-only", action="store_true", help="compile and check, do not time")
    parser.add_argument("--json", default="", help="write all figures to this file")
    args = parser.parse_args()

    library = bev_c.Library(args.lib)
    torch.backends.cuda.matmul.allow_tf32 = False
    properties = torch.cuda.get_device_properties(0)
    chip = f"sm_{properties.major}{properties.minor}"
    bandwidth = copy_bandwidth()
    print(f"{properties.name}, {chip}, copy {bandwidth / 1e12:.2f} TB/s, torch {torch.__version__}\n")
    print("| op | shape | dist | type | schedule | µs | error | best peer µs | ratio | of memory floor |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    rows = []
    for name in args.shapes.split(","):
        shape = next(s for s in shapes if s.name == name)
        fitting = "core,whole"
        if shape in cases.WHOLE_SHAPES:
            fitting = "spatial" if shape.kind == "sca" else "temporal"
        for dist in args.dist.split(","):
            for precision in args.dtypes.split(","):
                for op in (args.ops or fitting).split(","):
                    for schedule in args.schedules.split(";"):
                        try:
                            row = measure(library, chip, op, shape, dist, precision, schedule,
                                          args.value_layout, args.check_only)
                        except RuntimeError as error:
                            row = dict(op=op, shape=name, dist=dist, dtype=precision,
                                       schedule=schedule, failed=str(error)[:300])
                        rows.append(row)
                        if "us" not in row:
                            print(f"| {op} | {name} | {dist} | {precision} | {schedule} | - | "
                                  f"{row.get('error', row.get('failed'))} | | | |", flush=True)
                            continue
                        # Both ops are compared with the core of the best peer.
                        peer = cases.BEST_PEER.get(precision, {}).get("core", {}).get(
                            name, float("nan"))
                        size = 4 if precision == "fp32" else 2
                        moved = (shape.whole_floor_bytes(size, op) if shape in cases.WHOLE_SHAPES
                                 else shape.floor_bytes(size))
                        floor = moved / bandwidth * 1e6
                        row["ratio"], row["floor_us"] = row["us"] / peer, floor
                        print(f"| {op} | {name} | {dist} | {precision} | {schedule} | "
                              f"{row['us']:.2f} | {row['error']:.1e} | {peer} | "
                              f"{row['ratio']:.2f} | {floor / row['us']:.0%} |", flush=True)
                        torch.cuda.empty_cache()
    if args.json:
        with open(args.json, "w") as file:
            json.dump(dict(device=properties.name, torch=torch.__version__, copy=bandwidth,
                           rows=rows), file, indent=1)


if __name__ == "__main__":
    main()
