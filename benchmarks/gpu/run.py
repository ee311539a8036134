#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""All tables of kernels on a GPU, rebuilt by one command on a machine that has one:

    python3 benchmarks/gpu/run.py --lib build/lib --markdown tables.md --json tables.json

The ceilings of the machine; attention (attention.py), its gradients (backward.py) and pools
(pooling.py); the same attention in PyTorch eager, torch.compile and a Triton kernel, each checked
against float64; with --sweep only how time per sample changes with the sizes (sweep.py). Needs
PyTorch; Triton for its kernel and the ceilings.
"""
import argparse
import math
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import attention
import backward
import baselines
import ceilings
import machine
import modules
import pooling
import pooling_shapes
import shapes
import sweep

BASELINE_COLUMNS = [
    ("op", "op", ""), ("shape", "shape", ""), ("dist", "dist", ""), ("type", "dtype", ""),
    ("ours µs", "ours_us", ".2f"), ("by", "baseline", ""), ("form", "form", ""), ("µs", "us", ".2f"),
    ("times ours", "times", ".2f"), ("error", "error", ".1e"), ("compile s", "compile_s", ".1f")]


def compare(on, workers, cases, ours, pools, stop):
    """The table of the baselines; `ours` and `pools` are the rows of our kernels, `stop` the time to end
    at."""
    times = {(row["op"], row["shape"], row["dist"], row["dtype"]): row.get("us") for row in ours
             if not row.get("schedule")}
    times.update({(f"pool, {row['op']}", row["shape"], "", row["dtype"]): row.get("us")
                  for row in pools if not row.get("schedule")})
    table = on.report.table("baselines", BASELINE_COLUMNS)
    for i, case in enumerate(cases):
        if time.time() > stop:
            on.report.say(f"\n{len(cases) - i} cases of the baselines are left out: out of time")
            break
        for row in workers.rows(case):
            row["ours_us"] = times.get((row["op"], row["shape"], row["dist"], row["dtype"]))
            if row["ours_us"] and "us" in row:
                row["times"] = row["us"] / row["ours_us"]
            table.add(row)
        on.save()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    machine.add_options(parser)
    attention.add_options(parser)
    pooling.add_camera_options(parser)
    parser.set_defaults(dist="model,uniform")
    parser.add_argument("--tables", default="ceilings,attention,backward,pooling,baselines")
    parser.add_argument("--baselines", default=",".join(baselines.NAMES))
    parser.add_argument("--baseline-dist", default="model", help="of model, uniform")
    parser.add_argument("--compile-limit", type=float, default=90,
                        help="seconds that the baselines may compile")
    parser.add_argument("--limit", type=float, default=math.inf,
                        help="seconds after which no more baselines are measured")
    parser.add_argument("--processes", type=int, default=max(1, (os.cpu_count() or 2) - 1),
                        help="that compile the baselines")
    parser.add_argument("--sweep", action="store_true", help="sweep the sizes instead")
    sweep.add_options(parser)
    args = parser.parse_args()

    start = time.time()
    wanted = args.tables.split(",")
    if args.sweep:
        on = machine.Machine(args)
        sweep.run(on, args)
        on.save()
        return
    compared, workers = [], None
    if "baselines" in wanted and args.baselines and not args.check_only:
        compared = attention.chosen_cases(
            argparse.Namespace(**{**vars(args), "dist": args.baseline_dist}))
        compared.sort(key=lambda case: args.baseline_dist.split(",").index(case.dist))
        if "pooling" in wanted:
            compared += [pooling.Case(shape, precision) for shape in pooling_shapes.SHAPES
                         for precision in args.dtypes.split(",")]
        workers = baselines.Workers(compared, args.baselines.split(","), args.compile_limit,
                                    args.processes)
    on = machine.Machine(args)
    if workers:
        # Compiled beside them; nothing is measured while they use the GPU.
        on.compile_all(case.source() for case in attention.chosen_cases(args))
        for problem in workers.wait():
            on.report.say(problem)
    rows, pools = [], []
    if "ceilings" in wanted and not args.check_only:
        found = ceilings.measure(on.properties.multi_processor_count)
        on.report.facts["ceilings"] = found
        ceilings.show(on.report, found)
    if "attention" in wanted:
        rows = attention.run(on, args)
    changed = lambda **values: argparse.Namespace(**{**vars(args), "schedules": "", **values})
    if "backward" in wanted:
        backward.run(on, changed(shapes=",".join(shapes.BACKWARD_PEER["fp32"]), ops="core,whole"))
    if "pooling" in wanted:
        pools = pooling.run(on, changed(shapes=",".join(shape.name for shape in pooling_shapes.SHAPES),
                                ops=",".join(modules.POOLS)))
    on.save()
    if workers:
        compare(on, workers, compared, rows, pools, start + args.limit)
        workers.close()
    on.report.say(f"\n{time.time() - start:.0f} s")
    on.save()


if __name__ == "__main__":
    main()
