#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A whole ONNX model on the CPU: bev-run beside onnxruntime, on the same inputs and threads.

    python3 examples/bevformer build --config tiny -o tiny.onnx --inputs tiny.inputs.npz
    python3 benchmarks/cpu/model.py tiny.onnx tiny.inputs.npz

The two take turns; medians and their ratio (above 1: bev-run is faster) are printed, and the relative L2 difference of
each output. Needs onnxruntime.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxruntime


def run_onnxruntime(model, inputs, threads, runs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {i.name: inputs[i.name] for i in session.get_inputs() if i.name in inputs}
    outputs = session.run(None, feed)
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        session.run(None, feed)
        times.append(time.perf_counter() - start)
    return dict(zip((o.name for o in session.get_outputs()), outputs)), 1e3 * np.median(times)


def run_bev(tool, model, inputs, threads, runs):
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "outputs.npz")
        done = subprocess.run([tool, model, "--inputs", inputs, "--output", output, f"--threads={threads}",
                               f"--benchmark={runs}"], capture_output=True, text=True)
        found = re.search(r"median ([0-9.]+) us", done.stdout)
        if done.returncode != 0 or not found:
            sys.exit(f"error: bev-run failed:\n{done.stderr}")
        with np.load(output) as arrays:
            return dict(arrays), float(found.group(1)) / 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="MODEL.onnx")
    parser.add_argument("inputs", metavar="INPUTS.npz")
    parser.add_argument("--bev-run", default="build/bin/bev-run")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()
    inputs = dict(np.load(options.inputs))
    theirs, ours = [], []
    for _ in range(options.turns):
        expected, milliseconds = run_onnxruntime(options.model, inputs, options.threads, options.runs)
        theirs.append(milliseconds)
        actual, milliseconds = run_bev(options.bev_run, options.model, options.inputs, options.threads, options.runs)
        ours.append(milliseconds)
    for name, reference in expected.items():
        error = np.linalg.norm(np.float64(actual[name]) - reference) / max(np.linalg.norm(np.float64(reference)), 1e-30)
        print(f"{name}: relative L2 {error:.1e}")
    print(f"onnxruntime {min(theirs):.1f} ms, bev-run {min(ours):.1f} ms, ratio {min(theirs) / min(ours):.2f} "
          f"({options.threads} threads, least of {options.turns} medians of {options.runs} runs)")


if __name__ == "__main__":
    main()
