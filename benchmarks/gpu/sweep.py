# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How the time per sample changes with the sizes: a cliff is a case that takes more than 1.5 times
its neighbour's time per sample.

Around two shapes, one size at a time: channels of a head, heads, points, levels, queries and batch. A
sample is one (batch row, query, head, level, point). What does not grow with the samples is taken off
first: the launch of an empty kernel, and the bytes of the value and the result at the speed of a copy;
the rest is divided by the samples, and for head dims by 32 channels of them. Raw time per sample is
printed beside it. All cases have at least 80,000 rows (query, head), which fill the GPU: with less
to do a kernel takes as long as one row takes, whatever the sizes.
"""
import math

import attention
import ceilings
from sweep_shapes import BASES, SIZES, variants

CLIFF = 1.5
COLUMNS = [("around", "base", ""), ("op", "op", ""), ("type", "dtype", ""), ("size", "size", ""),
           ("is", "is", ""), ("µs", "us", ".2f"), ("raw ns per 1000 samples", "raw", ".2f"),
           ("net", "net", ".2f"), ("of neighbours", "worst", ".2f"), ("cliff", "cliff", ""),
           ("error", "error", ".1e"), *attention.resources.columns()]


def samples(shape):
    """(batch row, query, head, level, point)."""
    return shape.batch * shape.queries * shape.heads * len(shape.levels) * shape.points


def per_sample(row, shape, size, launch, bandwidth):
    """(raw, net) nanoseconds for 1000 samples."""
    element = row["element_size"]
    fixed = (shape.batch * (shape.positions + shape.queries) * shape.heads * shape.dim * element
             / bandwidth * 1e6 + launch)
    count = samples(shape) * (shape.dim / 32 if size == "dim" else 1)
    return row["us"] * 1e6 / count, max(row["us"] - fixed, 0.0) * 1e6 / count


def mark_cliffs(rows):
    """Compares each row with its neighbours of the same sweep; both ways, so that a kernel much
    faster than its neighbours shows theirs."""
    for i, row in enumerate(rows):
        ratios = [row["net"] / other["net"] for other in rows[max(0, i - 1):i] + rows[i + 1:i + 2]
                  if row.get("net") and other.get("net")]
        if ratios:
            row["worst"] = max(ratios)
            row["cliff"] = "cliff" if row["worst"] > CLIFF else None


def cases_of(args):
    """{(base, op, dtype, size): [(value, Case)]}"""
    found = {}
    for base in args.sweep_bases.split(","):
        for op in args.sweep_ops.split(","):
            for precision in args.dtypes.split(","):
                for size, value, shape in variants(base):
                    if size in args.sweep_sizes.split(","):
                        found.setdefault((base, op, precision, size), []).append(
                            (value, attention.Case(op, shape, "model", precision)))
    return found


def add_options(parser):
    """Which sweeps."""
    parser.add_argument("--sweep-bases", default=",".join(BASES))
    parser.add_argument("--sweep-ops", default="core,whole")
    parser.add_argument("--sweep-sizes", default=",".join(SIZES))


def run(on, args):
    """The table of all sweeps."""
    sweeps = cases_of(args)
    on.compile_all(case.source() for cases in sweeps.values() for _, case in cases)
    launch = ceilings.launch()
    on.report.say(f"an empty kernel in a graph takes {launch:.2f} µs" if not math.isnan(launch)
                  else "without Triton the launch is not taken off")
    launch = 0.0 if math.isnan(launch) else launch
    table, measured = on.report.table("sweep", COLUMNS), {}
    for (base, op, precision, size), cases in sweeps.items():
        rows = []
        for value, case in cases:
            # The base itself belongs to every sweep.
            if case not in measured:
                measured[case] = attention.try_measure(on, case, check_only=args.check_only,
                                                       most_checked=200)
            row = dict(measured[case], base=base, size=size, element_size=case.dtype.itemsize)
            row["is"] = value
            if "us" in row:
                row["raw"], row["net"] = per_sample(row, case.shape, size, launch, on.bandwidth)
            rows.append(row)
        mark_cliffs(rows)
        for row in rows:
            table.add(row)
        on.save()
    cliffs = sum(1 for row in table.rows if row.get("cliff"))
    failed = sum(1 for row in table.rows if "failed" in row)
    on.report.say(f"\n{len(table.rows)} cases, {cliffs} cliffs above {CLIFF} times the time per "
                  f"sample of a neighbour, {failed} failed")
