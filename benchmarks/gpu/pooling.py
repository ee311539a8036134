#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Voxel pooling on a GPU: the compiler's kernels beside the best peers.

    python3 benchmarks/gpu/pooling.py --lib build/lib

For BEVDet's and BEVFusion's shapes, in fp32 and fp16: microseconds, the error against float64,
whether a second run gives the same bits, the ratio to the best peer (quoted, for an H200), and the
fraction of the time that the memory alone would take. The ops: `ranks` is bev.voxel_pool with rank
and interval tables (bev_pool_v2), `bounds` the same with the bounds of each cell ready
(bev.interval_pool), `lifted` with lifted points (bev_pool v1), `cells` without tables, which sorts,
and `frustum` bev.frustum_to_voxel, whose error is the fraction of cells that differ. CUDA-graph
replays, median; input sets rotate so that they do not stay in the L2 cache; outputs are poisoned
before the check. Needs PyTorch.
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
import pooling_cases as cases
from attention import ROTATED_BYTES, copy_bandwidth, time_calls

ELEMENTS = {"fp32": (torch.float32, "f32"), "fp16": (torch.float16, "f16"),
            "bf16": (torch.bfloat16, "bf16")}
NAMES = {torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16", torch.int32: "i32"}
CLAUSES = {
    "ranks": ("voxel_pool", (("ins", 1), ("depth", 1), ("points", 2), ("intervals", 3))),
    "bounds": ("interval_pool", (("ins", 1), ("depth", 1), ("points", 2), ("bounds", 1))),
    "lifted": ("voxel_pool", (("ins", 1), ("intervals", 3))),
    "cells": ("voxel_pool", (("ins", 1), ("depth", 1), ("cells", 1))),
    "frustum": ("frustum_to_voxel", (("ins", 3), ("image_augmentation", 1))),
}


def module(op, prefix, tensors, out):
    """The MLIR of the op from `tensors` into a destination of the caller's."""
    name, clauses = CLAUSES[op]
    spell = lambda t: f"{'x'.join(map(str, t.shape))}x{NAMES[t.dtype]}"
    arguments = ", ".join(f"%a{i}: tensor<{spell(t)}>" for i, t in enumerate(tensors))
    text, first = [], 0
    for clause, count in clauses:
        numbers = range(first, first + count)
        text.append(f"{clause}({', '.join(f'%a{i}' for i in numbers)} : "
                    f"{', '.join(f'tensor<{spell(tensors[i])}>' for i in numbers)})")
        first += count
    return f"""
func.func @main({arguments}, %out: memref<{spell(out)}>) {{
  %empty = tensor.empty() : tensor<{spell(out)}>
  %result = bev.{name} {prefix} {' '.join(text)}
    outs(%empty : tensor<{spell(out)}>) -> tensor<{spell(out)}>
  bufferization.materialize_in_destination %result in restrict writable %out
    : (tensor<{spell(out)}>, memref<{spell(out)}>) -> ()
  return
}}
"""


def attributes(op, shape, schedule):
    """What stands between the op's name and its operands."""
    if op != "frustum":
        return f"schedule(<{schedule}>)" if schedule else ""
    numbers = lambda values: ", ".join(map(str, values))
    return (f"image_size([{numbers(shape.image)}]) lower([{numbers(shape.lower)}]) "
            f"cell_size([{numbers(shape.cell)}]) grid_size([{numbers(shape.grid)}])")


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
    if op == "bounds":
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


def measure(library, chip, op, shape, precision, schedule, check_only):
    dtype, _ = ELEMENTS[precision]
    calibration = cases.calibration(shape)
    cells = cases.frustum_cells(shape, *calibration)
    tables = cases.tables(shape, cells)
    row = dict(op=op, shape=shape.name, dtype=precision, schedule=schedule, points=len(tables[0]),
               intervals=len(tables[3]), longest=int(tables[4].max()))
    make = lambda seed: inputs(op, shape, dtype, seed, calibration, cells, tables)
    tensors, out = make(1000)
    start = time.time()
    function = library.compile(module(op, attributes(op, shape, schedule), tensors, out), chip)
    row["compile_s"] = round(time.time() - start, 2)
    total = sum(t.numel() * t.element_size() for t in [*tensors, out])
    sets = 1 if check_only else max(2, min(24, math.ceil(ROTATED_BYTES / total)))
    kept = [(tensors, out)] + [make(1000 + i) for i in range(1, sets)]
    for _, result in kept:
        result.fill_(-2 if op == "frustum" else float("nan"))
    calls = [function.bind([(t.data_ptr(), t.shape) for t in [*tensors, out]])
             for tensors, out in kept]
    calls[0]()
    torch.cuda.synchronize()
    row["error"] = error_of(op, shape, tensors, out, cells, tables)
    again = out.clone()
    calls[0]()
    torch.cuda.synchronize()
    row["repeats"] = bool(torch.equal(again, out))
    if not check_only:
        row["us"] = time_calls(calls, library)
    row["floor_bytes"] = (total if op in ("frustum", "lifted", "cells")
                          else shape.floor_bytes(dtype.itemsize, len(tables[0])))
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lib", default="build/lib", help="folder of libBEV-C.so")
    parser.add_argument("--shapes", default=",".join(s.name for s in cases.SHAPES))
    parser.add_argument("--dtypes", default="fp32,fp16")
    parser.add_argument("--ops", default="ranks,bounds,lifted,cells,frustum")
    parser.add_argument("--schedules", default="", help="schedules to force, separated by ';'")
    parser.add_argument("--check-only", action="store_true", help="compile and check, do not time")
    parser.add_argument("--json", default="", help="write all figures to this file")
    args = parser.parse_args()

    library = bev_c.Library(args.lib)
    properties = torch.cuda.get_device_properties(0)
    chip = f"sm_{properties.major}{properties.minor}"
    bandwidth = copy_bandwidth()
    print(f"{properties.name}, {chip}, copy {bandwidth / 1e12:.2f} TB/s, "
          f"torch {torch.__version__}\n")
    print("| op | shape | points, cells, longest | type | schedule | µs | error | repeats "
          "| best peer µs | ratio | of memory floor |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    rows = []
    for name in args.shapes.split(","):
        shape = next(s for s in cases.SHAPES if s.name == name)
        for op in args.ops.split(","):
            for precision in args.dtypes.split(",") if op != "frustum" else ["fp32"]:
                for schedule in args.schedules.split(";") if op != "frustum" else [""]:
                    try:
                        row = measure(library, chip, op, shape, precision, schedule,
                                      args.check_only)
                    except RuntimeError as error:
                        row = dict(op=op, shape=name, dtype=precision, schedule=schedule,
                                   failed=str(error)[:300])
                    rows.append(row)
                    if "failed" in row:
                        print(f"| {op} | {name} | | {precision} | {schedule} | - "
                              f"| {row['failed']} | | | | |", flush=True)
                        continue
                    about = f"{row['points']}, {row['intervals']}, {row['longest']}"
                    head = f"| {op} | {name} | {about} | {precision} | {schedule} |"
                    if "us" not in row:
                        print(f"{head} - | {row['error']:.1e} | {row['repeats']} | | | |",
                              flush=True)
                        continue
                    row["floor_us"] = row["floor_bytes"] / bandwidth * 1e6
                    peer = cases.BEST_PEER.get(precision, {}).get(name)
                    if op == "frustum" or peer is None:
                        compared = "| |"
                    else:
                        row["ratio"] = row["us"] / peer
                        compared = f"{peer} | {row['ratio']:.2f} |"
                    print(f"{head} {row['us']:.2f} | {row['error']:.1e} | {row['repeats']} | "
                          f"{compared} {row['floor_us'] / row['us']:.0%} |", flush=True)
                    torch.cuda.empty_cache()
    if args.json:
        with open(args.json, "w") as file:
            json.dump(dict(device=properties.name, torch=torch.__version__, copy=bandwidth,
                           rows=rows), file, indent=1)


if __name__ == "__main__":
    main()
