#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles the benchmarks' kernels for chips, and looks at what they take.

    kernel_resources.py --bev-opt FILE --chips sm_90,... [--set attention,pools,sweep] [--ptxas FILE]

Default schedules. PTX must have no local memory, and touch no memory before it waits for what it depends
on, but read what was there before the kernel that it waits for, where that has waited itself; where ptxas
assembles it, no stack and no spills. Prints a line for what differs, and a summary.
"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "benchmarks")
sys.path[:0] = [ROOT, os.path.join(ROOT, "gpu")]
import modules
import pooling_shapes
import shapes
import sweep_shapes

ELEMENTS = ("f32", "f16", "bf16")


def attention(elements):
    """{name: MLIR} of the benchmark shapes."""
    found = {}
    for shape in shapes.SHAPES + shapes.WHOLE_SHAPES:
        ops = ("core", "whole")
        if shape in shapes.WHOLE_SHAPES:
            ops = ("spatial",) if shape.kind == "sca" else ("temporal",)
        for op in ops:
            for element in elements:
                found[f"{op} {shape.name} {element}"] = getattr(modules, op)(shape, element)
    return found


def pools(elements):
    """The same of the pools, whose points and intervals are not known when they are compiled."""
    found = {}
    for shape in pooling_shapes.SHAPES:
        h, w = shape.features
        image = (shape.batch, shape.cameras, h, w, shape.channels)
        points = (shape.batch, shape.cameras, shape.num_depths, h, w)
        unknown, table = ("?",), ((shape.batch, *shape.grid, 2), "i32")
        list_of = lambda count: [(unknown, "i32")] * count
        for element in elements:
            feat, depth = (image, element), (points, element)
            flat = [((image[0] * image[1] * h * w, shape.channels), element),
                    ((points[0] * points[1] * points[2] * h * w,), element)]
            operands = {"ranks": [feat, depth, *list_of(5)], "bounds": [*flat, *list_of(2), table],
                        "lifted": [(("?", shape.channels), element), *list_of(3)],
                        "segments": [feat, depth, (("?", 3), "i32"), *list_of(1), table]}
            for op, types in operands.items():
                found[f"{op} {shape.name} {element}"] = modules.pool(
                    op, "", types, ((shape.batch, *shape.grid, shape.channels), element))
            # Any tables will do where these are constants.
            many = np.sort(np.arange(2 * shape.cells, dtype=np.int32) * 7919 % 100003)
            ranks = (("100003",), "i32")
            found[f"calibrated {shape.name} {element}"] = modules.pool(
                "calibrated", "", [*flat, ranks, ranks, table],
                ((shape.batch, *shape.grid, shape.channels), element),
                [np.arange(100003, dtype=np.int32).tobytes()] * 2 + [many.tobytes()])
    return found


def sweep(elements):
    """The same of the sweeps' sizes."""
    found = {}
    for base in sweep_shapes.BASES:
        for size, value, shape in sweep_shapes.variants(base):
            for op in ("core", "whole"):
                for element in elements:
                    name = value if isinstance(value, int) else len(value)
                    found[f"{op} {base} {size}={name} {element}"] = getattr(modules, op)(shape, element)
    return found


SETS = dict(attention=attention, pools=pools, sweep=sweep)


def ptx_of(bev_opt, chip, functions):
    """[(name, PTX)] of the kernels of {name: MLIR}."""
    module = [source.replace("@main", f"@f{i}", 1) for i, source in enumerate(functions.values())]
    done = subprocess.run([bev_opt, f"--lower-to-nvvm=chip={chip}", "-"], input="\n".join(module),
                          text=True, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"bev-opt exits {done.returncode} for {chip}: {done.stderr[:2000]}")
    names, found = list(functions), []
    for binary in re.finditer(r'gpu\.binary @f(\d+)_\w+ .*?assembly = "((?:[^"\\]|\\.)*)"', done.stdout):
        text = re.sub(r"\\([0-9A-F]{2})", lambda code: chr(int(code.group(1), 16)), binary.group(2))
        found.append((names[int(binary.group(1))], text.rstrip("\0")))
    if not {name for name, _ in found} == set(names):
        sys.exit(f"{chip}: {len(found)} kernels of {len(names)} functions")
    return found


def lets_go_late(ptx):
    """Whether a kernel waits before it lets the next one start: what was written before is there for that."""
    return 0 <= ptx.find("griddepcontrol.wait;") < ptx.find("griddepcontrol.launch_dependents;")


def early_access(chip, ptx, may_read):
    """The first instruction of a kernel that touches memory before the wait, or that there is no wait.

    One that may read ahead writes to shared memory alone."""
    if int(chip[3:]) < 90:
        return "a wait" if "griddepcontrol" in ptx else None
    for entry in ptx.split(".entry ")[1:]:
        before, wait, _ = entry.partition("griddepcontrol.wait;")
        if not wait:
            return "no wait"
        touches = r"(st|atom|red|cp)\.(?!shared|" if may_read else r"(ld|st|atom|red|cp)\.(?!param|"
        found = re.search(r"\b" + touches + r"async\.bulk\.prefetch)[a-z].*", before)
        if found:
            return found.group(0) + " before the wait"
    return None


def assembled(ptxas, chip, ptx):
    """(bytes of stack and spills, largest registers), or the error."""
    with tempfile.NamedTemporaryFile("w", suffix=".ptx") as file:
        file.write(ptx)
        file.flush()
        done = subprocess.run([ptxas, "-v", f"-arch={chip}", file.name, "-o", os.devnull], text=True,
                              capture_output=True)
    if done.returncode != 0:
        return done.stderr.strip()
    used = re.findall(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads",
                      done.stderr)
    registers = [int(count) for count in re.findall(r"Used (\d+) registers", done.stderr)]
    return sum(int(count) for counts in used for count in counts), max(registers)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bev-opt", required=True)
    parser.add_argument("--chips", required=True)
    parser.add_argument("--set", default="attention,pools")
    parser.add_argument("--elements", default="f32,f16")
    parser.add_argument("--ptxas", default="", help="assembles the PTX as well")
    parser.add_argument("--spills-of", default="",
                        help="chips whose kernels may have no stack; default: all of --chips; none")
    args = parser.parse_args()
    functions = {}
    for name in args.set.split(","):
        functions.update(SETS[name](args.elements.split(",")))
    strict, problems = (args.spills_of or args.chips).split(","), 0
    for chip in args.chips.split(","):
        kernels, most = ptx_of(args.bev_opt, chip, functions), 0
        last = (None, "")
        for name, ptx in kernels:
            may_read, last = last[0] == name and lets_go_late(last[1]), (name, ptx)
            may_read |= name.startswith("calibrated")  # constants
            if ".local" in ptx:
                print(f"{chip}: {name}: local memory in PTX")
                problems += 1
            early = early_access(chip, ptx, may_read)
            if early:
                print(f"{chip}: {name}: {early}")
                problems += 1
        if args.ptxas:
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                results = pool.map(lambda kernel: assembled(args.ptxas, chip, kernel[1]), kernels)
                for (name, _), result in zip(kernels, results):
                    if isinstance(result, str):
                        print(f"{chip}: {name}: {result}")
                        problems += 1
                        continue
                    if result[0] and chip in strict:
                        print(f"{chip}: {name}: {result[0]} bytes of stack and spills")
                        problems += 1
                    most = max(most, result[1])
        print(f"{chip}: {len(functions)} functions, {len(kernels)} kernels"
              + (f", at most {most} registers" if args.ptxas else ""))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
