#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the cost model chooses, beside the best that search has measured.

    cost_model.py --bev-opt FILE RESULTS.json...

RESULTS.json are what `bev-tune --json` has written; what they have of one op counts together. For each op the table has the best measured time, and
that of the schedule that bev-select-schedule chooses; where search has not measured that one, of the nearest
that it has, with what differs. Needs no GPU. Exits with 1 where a choice takes more than --within of the best.
"""
import argparse
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import modules

# The operands' names, for readers of the modules only.
NAMES = "abcdefgh"
# How much less alike schedules are that differ in a parameter.
WEIGHTS = dict(lanes=8, share=8, packed=8, guard=3, heads=3, threads=2, blocks=1, together=1, strip=0.5, prefetch=0.5,
               width=0.1)
DEFAULTS = dict(threads="0", guard="predicate", blocks="0", share="false", packed="false", together="1", heads="0",
                strip="1", width="0", prefetch="none")


def tensor(text):
    *sizes, element = text.split("x")
    return [int(size) for size in sizes], element


def module_of(key):
    """The MLIR of a key of a schedule file."""
    op = re.search(r" bev\.(\w+)", key)[1]
    levels = [int(size) for size in re.search(r"levels=\[(.*?)\]", key)[1].split(",")]
    prefix = f"levels({', '.join(map(str, map(list, zip(levels[::2], levels[1::2]))))})"
    if kind := re.search(r"reference_kind=(\w+)", key):
        prefix = f"{kind[1]} {prefix}"
    ins = re.search(r"ins=(\S+)", key)[1].split(",")
    out = re.search(r"outs=([^\s:]+)", key)[1]
    return modules.module(op, prefix, [(name, *tensor(text)) for name, text in zip(NAMES, ins)], tensor(out))


def choices(bev_opt, keys):
    """The schedules that bev-select-schedule gives the ops of the keys."""
    source = "\n".join(module_of(key).replace("@main", f"@f{i}") for i, key in enumerate(keys))
    chip = keys[0].split()[0]
    done = subprocess.run([bev_opt, f"--bev-select-schedule=target=gpu chip={chip}", "-"], input=source, text=True,
                          capture_output=True)
    if done.returncode != 0:
        sys.exit(f"bev-opt exits {done.returncode}: {done.stderr[:2000]}")
    return re.findall(r"schedule\(<(.*?)>\)", done.stdout)


def parse(schedule):
    return DEFAULTS | dict(pair.split(" = ") for pair in schedule.split(", "))


def differences(a, b):
    a, b = parse(a), parse(b)
    return [name for name in sorted(a.keys() | b.keys()) if a.get(name) != b.get(name)]


def time_of(candidate):
    return candidate.get("final_us", candidate["us"])


def label(key):
    levels = re.search(r"levels=\[(.*?)\]", key)[1].count(",") // 2 + 1
    out, weights = (re.search(rf"{part}=([^\s:]+)", key)[1].split(",")[-1] for part in ("outs", "ins"))
    samples = [int(size) for size in weights.split("x")[3 if weights.count("x") > 3 else -2:-1]]
    count = 1
    for size in samples:
        count *= size
    op = re.search(r" bev\.(\w+)", key)[1]
    return f"{op} {out}, {count} samples in {levels} level{'s'[:levels > 1]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bev-opt", required=True)
    parser.add_argument("--within", type=float, default=1.1)
    parser.add_argument("results", nargs="+")
    args = parser.parse_args()
    by_key = {}
    for path in args.results:
        with open(path) as file:
            for op in json.load(file)["ops"]:
                by_key.setdefault(op["key"], op | {"candidates": []})["candidates"] += op["candidates"]
    ops = list(by_key.values())
    chosen = choices(args.bev_opt, [op["key"] for op in ops])
    print("| op | best, µs | chosen, µs | ratio | schedule | measured with other |\n|---|---|---|---|---|---|")
    ratios = []
    for op, schedule in zip(ops, chosen):
        measured = [candidate for candidate in op["candidates"] if candidate.get("us")]
        best = min(map(time_of, measured))
        nearest = min(measured, key=lambda other: (sum(WEIGHTS[name] for name in differences(
            schedule, other["schedule"])), time_of(other)))
        other = ", ".join(f"{name} = {parse(nearest['schedule'])[name]}"
                          for name in differences(schedule, nearest["schedule"]) if name != "width")
        ratios.append(time_of(nearest) / best)
        print(f"| {label(op['key'])} | {best:.2f} | {time_of(nearest):.2f} | {ratios[-1]:.3f} | `{schedule}` | {other} |")
    mean = sum(ratios) / len(ratios)
    print(f"\n{len(ops)} ops: {mean:.3f} of the best on average, {max(ratios):.3f} at most")
    return 1 if max(ratios) > args.within else 0


if __name__ == "__main__":
    sys.exit(main())
