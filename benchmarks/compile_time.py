#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compile time of one attention op: wall seconds of a bev-opt process, from MLIR text to the end.

    python3 benchmarks/compile_time.py --bev-opt build/bin/bev-opt

At the shape of base-SCA (four levels, eight points, pillars), for the GPU down to PTX and for the
CPU; the median of --runs processes, and the processor's seconds, which other programs on the machine
disturb less.
"""
import argparse
import os
import resource
import subprocess
import sys
import time
from types import SimpleNamespace

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import modules

LEVELS = ((116, 200), (58, 100), (29, 50), (15, 25))
SHAPE = SimpleNamespace(batch=6, queries=40000, heads=8, dim=32, levels=LEVELS, points=8,
                        positions=sum(h * w for h, w in LEVELS), kind="sca", anchors=4)
PIPELINES = {"GPU, PTX": "--lower-to-nvvm=chip=sm_90 format=isa", "CPU, llvm dialect": "--lower-to-llvm"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bev-opt", default="build/bin/bev-opt")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--limit", type=float, default=1.0, help="seconds that the GPU may take")
    args = parser.parse_args()
    sources = {f"{op}, {element}": make(SHAPE, element)
               for op, make in (("ms_deform_attn", modules.core),
                                ("deformable_attention", modules.whole)) for element in ("f32", "f16")}
    slow = False
    print("| op | target | median s | least s | processor s | ratio to the limit |")
    print("|---|---|---|---|---|---|")
    for name, source in sources.items():
        for target, pipeline in PIPELINES.items():
            times, spent = [], []
            for _ in range(args.runs):
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                start = time.perf_counter()
                subprocess.run([args.bev_opt, pipeline, "-"], input=source.encode(),
                               stdout=subprocess.DEVNULL, check=True)
                times.append(time.perf_counter() - start)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            median = sorted(times)[len(times) // 2]
            slow |= target.startswith("GPU") and median > args.limit
            print(f"| {name} | {target} | {median:.2f} | {min(times):.2f} | "
                  f"{sorted(spent)[len(spent) // 2]:.2f} | {median / args.limit:.2f} |", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
