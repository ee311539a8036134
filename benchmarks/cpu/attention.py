#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Deformable attention on a CPU: the compiler's code beside a composition of PyTorch's grid_sample.

    python3 benchmarks/cpu/attention.py --lib build/lib

For every shape and distribution, in f32 on --threads threads: milliseconds of the core op
(locations and weights given) and of the whole op (from logits, reference points and offsets), those
of the same attention composed in PyTorch, the ratios, and both errors against float64. The
composition is the usual eager one: the maps of each level are made channels-first, grid_sample reads
them, and the samples are weighted and summed. "maps ready" leaves the conversion of the maps to
channels-first out of its time, as if a model kept them so. The calls alternate. Times are medians;
the last ratio is that of the least times, which other programs on the machine disturb less.
"""
import argparse
import os
import sys
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(FOLDER, ".."), os.path.join(FOLDER, "..", "gpu")]
# Both programs keep threads: those that wait must not take the processors of those that work.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
import torch

import bev_c
import cases
import modules
from torch_attention import channels_first, locations_of, sample, sizes_of


def timed(call):
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def time_calls(calls, seconds):
    """Median and least milliseconds of each call; the calls take turns, `seconds` in all."""
    for call in calls * 2:
        call()
    times = [[] for _ in calls]
    stop = time.perf_counter() + seconds
    while time.perf_counter() < stop or len(times[0]) < 7:
        for call, kept in zip(calls, times):
            kept.append(timed(call)[0])
    return [(1e3 * sorted(kept)[len(kept) // 2], 1e3 * min(kept)) for kept in times]


def measure(library, op, shape, dist, schedule, schedule_file, seconds):
    x = cases.make_inputs(shape, dist, 1000, device="cpu")
    assert shape.anchors == 1
    if op == "whole":
        tensors = [x["value"], x["reference"], x["offsets"], x["logits"]]
        sizes = sizes_of(shape.levels, "cpu")
        prepare = lambda reference, offsets, logits: (
            locations_of(sizes, reference, offsets), logits.softmax(-1).view(offsets.shape[:-1]))
        derive = lambda: prepare(*tensors[1:])
        locations, weights = prepare(*(t.double() for t in tensors[1:]))
        source = modules.whole(shape, "f32", schedule)
    else:
        weights = x["logits"].softmax(-1).view(x["locations"].shape[:-1]).contiguous()
        tensors = [x["value"], x["locations"], weights]
        derive = lambda: tensors[1:]
        locations = x["locations"].double()
        source = modules.core(shape, "f32", schedule=schedule)
    function = library.compile(source, schedule_file=schedule_file)
    out = torch.full((shape.batch, shape.queries, shape.heads, shape.dim), float("nan"))
    call = function.bind([(t.data_ptr(), t.shape) for t in [*tensors, out]])
    composed = lambda: sample(channels_first(x["value"], shape.levels), *derive())
    maps = channels_first(x["value"], shape.levels)
    composed_ready = lambda: sample(maps, *derive())

    expected = cases.attention_float64(x["value"], shape.levels, locations, weights)
    error = lambda result: float((result.double() - expected).norm() / expected.norm())
    call()
    row = dict(error=error(out), torch_error=error(composed()))
    del expected
    ours, theirs, ready = time_calls([call, composed, composed_ready], seconds)
    row.update(ms=ours[0], torch_ms=theirs[0], ready_ms=ready[0], least_ratio=theirs[1] / ours[1])
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lib", default="build/lib", help="folder of libBEV-C.so")
    parser.add_argument("--shapes", default="tiny-TSA,DETR-enc-B1")
    parser.add_argument("--dist", default="model,uniform")
    parser.add_argument("--ops", default="core,whole")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=4, help="time of each row")
    parser.add_argument("--schedules", default="", help="schedules to force, separated by ';'")
    parser.add_argument("--schedule-file", default="", help="schedules that bev-tune has found")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    library = bev_c.Library(args.lib)
    library.runtime.bevrtSetNumThreads(args.threads)
    print(f"{args.threads} threads, PyTorch {torch.__version__} with "
          f"{torch.backends.cpu.get_cpu_capability()}, f32\n")
    print("| op | shape | distribution | ms | PyTorch ms | ratio | maps ready ms | ratio | "
          "ratio of least | error | PyTorch's error |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in args.shapes.split(","):
        shape = next(s for s in cases.SHAPES if s.name == name)
        for dist in args.dist.split(","):
            for op in args.ops.split(","):
                for schedule in args.schedules.split(";"):
                    row = measure(library, op, shape, dist, schedule, args.schedule_file,
                                  args.seconds)
                    title = f"{op} {schedule}".strip()
                    print(f"| {title} | {name} | {dist} | {row['ms']:.2f} | {row['torch_ms']:.1f} | "
                          f"{row['torch_ms'] / row['ms']:.2f} | {row['ready_ms']:.1f} | "
                          f"{row['ready_ms'] / row['ms']:.2f} | {row['least_ratio']:.2f} | "
                          f"{row['error']:.1e} | {row['torch_error']:.1e} |", flush=True)


if __name__ == "__main__":
    with torch.inference_mode():
        main()
