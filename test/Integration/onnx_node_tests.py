#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs ONNX's own tests of its operators, those of the onnx that this Python has, through bev-run on the CPU.

    python3 test/Integration/onnx_node_tests.py [-k PATTERN] [--update-docs | --check-docs]

Starting a process costs more than such a small model, so many run in one (bev-run --batch); where one ends the process,
the rest go on in another. A case passes where its outputs have the expected types and shapes and differ by no more than
ONNX's own runner allows; it is not supported where something says so, and fails otherwise. docs/onnx.md is the table of
a run with the newest onnx. Exit status: 0 when no case failed and the table is right, 1 otherwise, 2 where nothing can
run.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import fnmatch
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

import harness  # puts the reference on the path
import bf16

DOCS = os.path.join(harness.HERE, "..", "..", "docs", "onnx.md")
BATCH = 40
RANDOM = ("Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike")
# What refusals of the compiler say; any other error is a failure.
REFUSALS = ("not supported", "cannot lower")


@dataclasses.dataclass
class Case:
    """A test: `runs` are its data sets, each (folder, expected outputs); `verdict` is "passed", "failed" or "not
    supported", `reason` why."""
    name: str
    op: str
    rtol: float
    atol: float
    runs: list = dataclasses.field(default_factory=list)
    verdict: str = ""
    reason: str = ""

    def conclude(self, verdict, reason=""):
        if self.verdict != "failed":
            self.verdict, self.reason = verdict, reason


# ---------------------------------------------------------------------------------------------------------------------
# Cases


def element_name(number):
    from onnx import TensorProto
    names = {value: key for key, value in TensorProto.DataType.items()}
    return names.get(number, f"number {number}").lower()


def unsupported_type(info):
    """Why bev-run has no arrays for an input or output, or None."""
    kind = info.type.WhichOneof("value")
    if kind != "tensor_type":
        return (kind or "untyped").replace("_type", "").replace("_", " ") + "s as inputs or outputs"
    name = element_name(info.type.tensor_type.elem_type)
    if name in ("float", "double", "bool") or re.fullmatch(r"u?int[0-9]+|b?float[0-9]+(e[0-9]m[0-9][a-z]*)?", name):
        return None
    return f"elements of type {name} as inputs or outputs"


def modernize(model):
    """Gives a model of an older operator set version 9 where that changed none of its operators."""
    from onnx import defs
    for opset in model.opset_import:
        if opset.domain in ("", "ai.onnx") and opset.version < 9:
            for node in model.graph.node:
                old = defs.get_schema(node.op_type, opset.version, node.domain)
                new = defs.get_schema(node.op_type, 9, node.domain)
                if old.since_version != new.since_version:
                    return f"operator set {opset.version}"
            opset.version = 9
    return None


def operator_of(name, model, known):
    """The operator a case tests: of the case that a decomposed one comes from."""
    base = known.get(re.sub(r"_expanded.*$", "", name))
    if base:
        return base
    node = model.graph.node[-1] if model.graph.node else None
    if node is None:
        return name
    return f"{node.domain}.{node.op_type}" if node.domain not in ("", "ai.onnx") else node.op_type


def load(folder, number, info):
    """An input or output of a stored data set."""
    import onnx
    from onnx import numpy_helper
    with open(os.path.join(folder, number), "rb") as file:
        return numpy_helper.to_array(onnx.TensorProto.FromString(file.read()))


def data_sets(test, model):
    """[(inputs, outputs)] of a test."""
    if getattr(test, "data_sets", None):
        from onnx import TensorProto, numpy_helper
        convert = lambda v: numpy_helper.to_array(v) if isinstance(v, TensorProto) else np.asarray(v)  # noqa: E731
        return [([convert(v) for v in inputs], [convert(v) for v in outputs]) for inputs, outputs in test.data_sets]
    sets = []
    for entry in sorted(os.listdir(test.model_dir)):
        folder = os.path.join(test.model_dir, entry)
        if entry.startswith("test_data_set"):
            sets.append(([load(folder, f"input_{i}.pb", info) for i, info in enumerate(model.graph.input)],
                         [load(folder, f"output_{i}.pb", info) for i, info in enumerate(model.graph.output)]))
    return sets


def contradicts(info, array):
    """Whether an input's stored array has another shape than the model declares."""
    shape = info.type.tensor_type.shape
    if not info.type.tensor_type.HasField("shape"):
        return False
    array = np.asarray(array)
    return len(shape.dim) != array.ndim or any(
        dim.HasField("dim_value") and dim.dim_value != size for dim, size in zip(shape.dim, array.shape))


def store(array):
    """An array as bev-run takes it: bfloat16 and narrower floats as their bits, integers of less than a byte as int8 or
    uint8."""
    array = np.asarray(array)
    name = array.dtype.name
    if name == "bfloat16":
        return array.view(np.uint16)
    if name.startswith("float") and array.dtype.itemsize == 1:
        return array.view(np.uint8)
    if re.fullmatch("u?int[24]", name):
        return array.astype(np.uint8 if name.startswith("u") else np.int8)
    return array


def prepare(test, folder, known):
    """The Case of a test, its files in `folder`."""
    import onnx
    model = test.model
    if model is None:
        model = onnx.load(os.path.join(test.model_dir, "model.onnx"))
    case = Case(test.name, operator_of(test.name, model, known), getattr(test, "rtol", 1e-3),
                getattr(test, "atol", 1e-7))
    known[test.name] = case.op
    reasons = [reason for info in [*model.graph.input, *model.graph.output] if (reason := unsupported_type(info))]
    reasons += [f"domain {node.domain}" for node in model.graph.node
                if node.domain not in ("", "ai.onnx") and not len(model.functions)]
    reasons += ["random results" for node in model.graph.node if node.op_type in RANDOM]
    if not reasons and (reason := modernize(model)):
        reasons.append(reason)
    if reasons:
        case.conclude("not supported", reasons[0])
        return case
    sets = data_sets(test, model)
    if any(contradicts(info, array) for inputs, _ in sets for info, array in zip(model.graph.input, inputs)):
        case.conclude("not supported", "its stored inputs do not have the shapes that its model declares")
        return case
    folder = os.path.join(folder, test.name)
    os.makedirs(folder)
    with open(os.path.join(folder, "model.onnx"), "wb") as file:
        file.write(model.SerializeToString())
    for i, (inputs, outputs) in enumerate(sets):
        np.savez(os.path.join(folder, f"in{i}.npz"), **{f"arg{k}": store(v) for k, v in enumerate(inputs)})
        arguments = [os.path.join(folder, "model.onnx"), f"--output={os.path.join(folder, f'out{i}.npz')}"]
        if inputs:
            arguments.append(f"--inputs={os.path.join(folder, f'in{i}.npz')}")
        case.runs.append((arguments, os.path.join(folder, f"out{i}.npz"), outputs))
    return case


def collect(folder, pattern):
    """All Cases, those that can run with their files in `folder`."""
    from onnx.backend.test.loader import load_model_tests
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tests = load_model_tests(kind="node")
    known = {}
    return [prepare(test, folder, known) for test in sorted(tests, key=lambda test: test.name)
            if fnmatch.fnmatch(test.name, f"*{pattern}*")]


# ---------------------------------------------------------------------------------------------------------------------
# Running


def mismatch(actual, expected, case):
    """What is wrong with an output, or None."""
    expected = np.asarray(expected)
    if actual.shape != expected.shape:
        return f"shape {list(actual.shape)}, expected {list(expected.shape)}"
    rtol = case.rtol
    if expected.dtype.name.startswith("float") and expected.dtype.itemsize == 1 and actual.dtype == np.uint8:
        actual, expected = actual.view(expected.dtype).astype(np.float32), expected.astype(np.float32)
    elif re.fullmatch("u?int[24]", expected.dtype.name):
        expected = store(expected)
    if expected.dtype.name == "bfloat16":
        expected = expected.astype(np.float32)
        rtol = max(rtol, 2**-6)  # as in ONNX's own runner: two units in the last place
    if expected.dtype.kind == "f" and actual.dtype == np.uint16:
        actual = bf16.from_bits(actual).astype(expected.dtype)
    if actual.dtype != expected.dtype:
        return f"type {actual.dtype}, expected {expected.dtype}"
    try:
        np.testing.assert_allclose(actual, expected, rtol=rtol, atol=case.atol)
    except AssertionError as error:
        lines = [line for line in str(error).splitlines() if line.startswith(("Mismatched", "Max abs", "x and y nan"))]
        return "; ".join(lines) or str(error).strip().splitlines()[0]
    return None


def judge(case, run, status, text):
    """Notes what a run of a case has shown."""
    _, path, expected = run
    if status != 0:
        reason = harness.last_error(text)
        reason = re.sub(r"^.*?error: ", "", reason)
        refused = status == 2 and any(word in reason for word in REFUSALS)
        case.conclude("not supported" if refused else "failed", reason)
        return
    with np.load(path) as file:
        actual = [file[name] for name in file.files]
    problems = [f"output {i}: {problem}" for i, (a, e) in enumerate(zip(actual, expected))
                if (problem := mismatch(a, e, case))]
    if len(actual) != len(expected):
        problems.append(f"{len(actual)} outputs, expected {len(expected)}")
    case.conclude("failed" if problems else case.verdict or "passed", "; ".join(problems) or case.reason)


def run_batch(tool, runs, folder, timeout=240):
    """Runs [(case, run)] in as few processes as their faults allow."""
    while runs:
        with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".txt", delete=False) as file:
            file.write("".join("\t".join(run[0]) + "\n" for _, run in runs))
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        try:
            done = subprocess.run([tool, f"--batch={file.name}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=timeout, env=environment)
            output, end = done.stdout, f"ended with status {done.returncode}"
        except subprocess.TimeoutExpired as error:
            output, end = error.stdout or b"", f"did not end in {timeout} s"
        parts = re.split(r"^run (\d+)\n", output.decode(errors="replace"), flags=re.MULTILINE)
        finished = 0
        for text in parts[2::2]:
            status = re.search(r"^status (\d+)$", text, re.MULTILINE)
            finished += 1
            if status:
                judge(*runs[finished - 1], int(status[1]), text)
            else:
                message = harness.last_error(text) if text.strip() else ""
                runs[finished - 1][0].conclude("failed", f"the process {end}: {message}")
        if finished == 0:
            runs[0][0].conclude("failed", f"the process {end}")
            finished = 1
        runs = runs[finished:]


def run(cases, folder, jobs):
    runs = [(case, run) for case in cases for run in case.runs]
    # Neighbours are alike, and some are slow: deal them out.
    count = max(1, -(-len(runs) // BATCH))
    batches = [runs[i::count] for i in range(count)]
    tool = harness.tool("bev-run")
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for future in [pool.submit(run_batch, tool, batch, folder) for batch in batches]:
            future.result()


# ---------------------------------------------------------------------------------------------------------------------
# The table


def generalize(reason):
    """A reason without the names of one case."""
    reason = re.sub(r"^cannot lower \d+ ONNX nodes?: |^ONNX node ('[^']*' )?\([^)]*\): ", "", reason)
    reason = re.sub(r" \(\d+ nodes?[^)]*\)", "", reason)
    return reason.replace("|", "\\|")


def table(cases, version):
    rows = collections.defaultdict(list)
    for case in cases:
        rows[case.op].append(case)
    passed = sum(case.verdict == "passed" for case in cases)
    complete = sum(all(case.verdict == "passed" for case in group) for group in rows.values())
    lines = [
        "<!-- Generated by test/Integration/onnx_node_tests.py --update-docs. -->", "", "# ONNX operators", "",
        f"ONNX's own tests of its operators, those of onnx {version}, run on the CPU: {passed} of {len(cases)} cases "
        f"pass, and all of {complete} of {len(rows)} operators. Cases of an operator include those of its "
        "decomposition into others. What is not supported is refused with a message; why is in the last column, with "
        "the number of cases.", "",
        "| operator | passed | cases | not supported |", "|---|---|---|---|"]
    for op in sorted(rows, key=lambda op: ("." in op, op)):
        group = rows[op]
        reasons = collections.Counter(("fails: " if case.verdict == "failed" else "") + generalize(case.reason)
                                      for case in group if case.verdict != "passed")
        shown = "; ".join(f"{count}: {reason}" for reason, count in sorted(reasons.items()))
        lines.append(f"| {op} | {sum(case.verdict == 'passed' for case in group)} | {len(group)} | {shown} |")
    return "\n".join(lines) + "\n"


def documented_version():
    """The version of onnx that the table in docs/ is of, or None."""
    try:
        with open(DOCS) as file:
            found = re.search(r"those of onnx ([0-9][0-9A-Za-z.]*?),", file.read())
    except FileNotFoundError:
        return None
    return found and found[1]


def main():
    parser = argparse.ArgumentParser(description="Runs ONNX's own tests of its operators.")
    parser.add_argument("-k", metavar="PATTERN", default="", help="only cases whose name contains it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    parser.add_argument("--update-docs", action="store_true", help="write docs/onnx.md")
    parser.add_argument("--check-docs", action="store_true", help="fail where docs/onnx.md is another onnx's or stale")
    parser.add_argument("--verbose", action="store_true", help="print all cases that do not pass")
    options = parser.parse_args()
    try:
        import onnx
    except ImportError as error:
        print(f"onnx_node_tests: error: nothing can run: {error}")
        return 2
    reason = harness.Runner("cpu").unavailable()
    if reason:
        print(f"onnx_node_tests: error: nothing can run: {reason}")
        return 2

    start = time.time()
    with tempfile.TemporaryDirectory() as folder:
        cases = collect(folder, options.k)
        if not cases:
            print("onnx_node_tests: error: this onnx has no tests; Debian's are in libonnx-testdata")
            return 2
        run(cases, folder, options.jobs)
    failed = [case for case in cases if case.verdict == "failed"]
    for case in failed:
        print(f"failed: {case.op}: {case.name}: {case.reason}")
    refused = collections.Counter(f"{case.op}: {generalize(case.reason)}" for case in cases
                                  if case.verdict == "not supported")
    for reason, count in sorted(refused.items()):
        print(f"not supported: {count} of {reason}")
    print(f"onnx {onnx.__version__}: {sum(case.verdict == 'passed' for case in cases)} passed, {len(failed)} failed, "
          f"{sum(refused.values())} not supported of {len(cases)} cases, {time.time() - start:.0f} s")

    text = table(cases, onnx.__version__)
    if options.update_docs:
        with open(DOCS, "w") as file:
            file.write(text)
    elif options.check_docs:
        with open(DOCS) as file:
            if file.read() != text:
                print("docs/onnx.md is not what this run says; run: test/Integration/onnx_node_tests.py --update-docs")
                return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
