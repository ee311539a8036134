# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs functions of MLIR text through bev-run and looks at their results.

A Program is the text of one function body with its arguments' arrays. Starting a process and compiling dominates what
such small programs cost, so run() puts many programs into one function of one module, each with names of its own, and
gives every program its results back. Where a batch fails it is halved until the programs that fail are alone.

    outcomes = Runner(device="cpu").run([of_case(case) for case in cases.generate("warp_bev")])
    outcomes[0].results     {"out": array}, bfloat16 as uint16 bits; or None, with outcomes[0].error
"""
import concurrent.futures
import dataclasses
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "reference"))
import bf16  # noqa: E402
import cases  # noqa: E402
import compare  # noqa: E402

_STORED = {"f32": np.float32, "f16": np.float16, "bf16": np.uint16, "i1": np.bool_, "i8": np.int8, "i32": np.int32,
           "i64": np.int64, "index": np.int64}


# ---------------------------------------------------------------------------------------------------------------------
# Programs


@dataclasses.dataclass
class Program:
    """A function without its frame. arguments: {name: (MLIR type, array)}, which the body reads as %name; results:
    {name: (SSA value, MLIR type)}. Arrays of bf16 are uint16 bits."""
    name: str
    arguments: dict
    body: str
    results: dict


@dataclasses.dataclass
class Outcome:
    """What became of a program: its results {name: array}, or the last line that bev-run wrote to stderr."""
    program: Program
    results: dict = None
    error: str = ""


def tensor(shape, element, dynamic=()):
    """The MLIR tensor type of `shape`; the dimensions whose index is in `dynamic` are `?`."""
    sizes = ["?" if i in dynamic else str(int(size)) for i, size in enumerate(shape)]
    return "tensor<" + "x".join(sizes + [element]) + ">"


def store(array, element):
    """`array` as bev-run reads the element type."""
    return bf16.to_bits(array) if element == "bf16" else np.ascontiguousarray(array, _STORED[element])


def numbers(array, element):
    """The numbers that a result stands for: bf16 bits decoded."""
    return bf16.from_bits(array) if element == "bf16" else array


def _prefixed(text, prefix):
    return re.sub(r"%(\w+)", lambda match: "%" + prefix + match.group(1), text)


def _quoted(prefix, name, type):
    return f'%{prefix}{name}: {type} {{bev.name = "{prefix}{name}"}}'


def module_of(programs, function="batch"):
    """One module with one public function that computes all `programs`. A single program keeps its names; the i-th of
    several has the prefix "pI_"."""
    prefixes = [""] if len(programs) == 1 else [f"p{i}_" for i in range(len(programs))]
    arguments, results, values, types, lines = [], [], [], [], []
    for prefix, program in zip(prefixes, programs):
        arguments += [_quoted(prefix, name, type) for name, (type, _) in program.arguments.items()]
        results += [f'{type} {{bev.name = "{prefix}{name}"}}' for name, (_, type) in program.results.items()]
        values += [_prefixed(value, prefix) for value, _ in program.results.values()]
        types += [type for _, type in program.results.values()]
        lines += [f"  // {program.name}"] + ["  " + line for line in _prefixed(program.body, prefix).splitlines()]
    header = f"func.func @{function}(\n    " + ",\n    ".join(arguments) + ")\n    -> (" + ",\n        ".join(results)
    return "\n".join([header + ") {"] + lines
                     + [f"  return {', '.join(values)} : {', '.join(types)}", "}", ""])


def inputs_of(programs):
    """{argument name: array} for module_of(programs)."""
    prefixes = [""] if len(programs) == 1 else [f"p{i}_" for i in range(len(programs))]
    return {prefix + name: array for prefix, program in zip(prefixes, programs)
            for name, (_, array) in program.arguments.items()}


# ---------------------------------------------------------------------------------------------------------------------
# From a case to a program


def _numbers_text(values):
    return "[" + ", ".join(repr(float(v)) if isinstance(v, float) else str(int(v)) for v in values) + "]"


def _clauses(case, levels):
    """(what precedes ins(...), what follows it but outs) of the op's syntax."""
    attrs, op = case["attrs"], case["op"]
    if op == "deformable_attention":
        order = f" anchor_order({attrs['anchor_order']})" if attrs["anchor_order"] != "mod" else ""
        return f"{attrs['reference_kind']}{order} levels({levels})"
    if op == "spatial_cross_attention":
        order = f"anchor_order({attrs['anchor_order']}) " if attrs["anchor_order"] != "mod" else ""
        return f"{order}levels({levels})"
    if op in ("ms_deform_attn", "temporal_self_attention"):
        return f"levels({levels})"
    if op == "project_points":
        return f"pc_range({_numbers_text(attrs['pc_range'])})" if attrs.get("pc_range") else ""
    if op == "ego_shift":
        return f"grid_length({_numbers_text(attrs['grid_length'])}) bev_size({_numbers_text(attrs['bev_size'])})"
    if op == "reference_grid":
        height = f" pillar_height({attrs['pillar_height']!r})" if "pillar_height" in attrs else ""
        return f"bev_size({_numbers_text(attrs['bev_size'])}){height}"
    if op == "warp_bev":
        center = f" center({_numbers_text(attrs['center'])})" if attrs["center"] else ""
        return attrs["mode"] + center
    if op == "grid_sample":
        return f"{attrs['mode']} {attrs['padding']}" + (" align_corners" if attrs["align_corners"] else "")
    if op == "frustum_to_voxel":
        sizes = " ".join(f"{name}({_numbers_text(attrs[name])})"
                         for name in ("image_size", "lower", "cell_size", "grid_size"))
        return ("floor " if attrs["floor"] else "") + sizes
    return ""


_GROUPS = dict(
    warp_bev=dict(ins=["prev", "angle"], reset=["reset"]),
    frustum_to_voxel=dict(ins=["depths", "intrinsics", "camera_to_ego"], image_augmentation=["image_augmentation"],
                          bev_augmentation=["bev_augmentation"]),
    voxel_pool=dict(ins=["feat"], depth=["depth"], points=["ranks_depth", "ranks_feat"],
                    intervals=["ranks_bev", "interval_starts", "interval_lengths"], cells=["cells"],
                    segments=["segments", "ranks_segment"], bounds=["bounds"]),
    interval_pool=dict(ins=["feat"], depth=["depth"], points=["ranks_depth", "ranks_feat"], bounds=["bounds"]))


def _operands(case, types):
    """The clauses with the op's inputs: ins(...), and those of optional ones."""
    groups = _GROUPS.get(case["op"], dict(ins=list(case["inputs"])))
    groups = {clause: [name for name in names if name in case["inputs"]] for clause, names in groups.items()}
    return [f"{clause}({', '.join('%' + n for n in names)} : {', '.join(types[n] for n in names)})"
            for clause, names in groups.items() if names]


def _case_types(case, arrays):
    """{operand or output: MLIR type} of `arrays`, with the case's dynamic dimensions."""
    types = {}
    for name, array in arrays.items():
        letters = case["layout"][name]
        dynamic = [i for i, letter in enumerate(letters) if letter in case["dynamic"]]
        types[name] = tensor(np.shape(array), case["dtypes"][name], dynamic)
    return types


def _sizes(case, name, lines):
    """SSA names of the dynamic sizes of output `name`, each read from an input with the same letter."""
    sizes = []
    for i, letter in enumerate(case["layout"][name]):
        if letter not in case["dynamic"]:
            continue
        source = next(key for key in case["inputs"] if letter in case["layout"][key])
        axis = case["layout"][source].index(letter)
        lines += [f"%{name}_i{i} = arith.constant {axis} : index",
                  f"%{name}_d{i} = tensor.dim %{source}, %{name}_i{i} : {_case_types(case, case['inputs'])[source]}"]
        sizes.append(f"%{name}_d{i}")
    return ", ".join(sizes)


def _with_head_major_value(case):
    """The attention case with its value [..., M, S, D]."""
    letters = case["layout"]["value"]
    value = np.ascontiguousarray(np.swapaxes(case["inputs"]["value"], letters.index("S"), letters.index("M")))
    return dict(case, inputs=dict(case["inputs"], value=value),
                layout=dict(case["layout"], value=letters.replace("SM", "MS")))


def _constant(name, array, dtype, type):
    """The lines of a constant `%name` of the type, which may have dynamic dimensions."""
    array = np.ascontiguousarray(store(array, dtype))
    static, own = tensor(array.shape, dtype), f"%{name}" if "?" not in type else f"%{name}_known"
    elements = f'"0x{array.tobytes().hex()}"' if array.size else ""
    lines = [f"{own} = arith.constant dense<{elements}> : {static}"]
    return lines + ([f"%{name} = tensor.cast {own} : {static} to {type}"] if "?" in type else [])


def of_case(case, schedule=None, destination_argument=False, value_layout=None, constants=()):
    """The Program of a generated case. `schedule`: text of a #bev.schedule attribute. With `destination_argument` the
    op writes "into" arguments filled with 7, which come back as results too: they must still be 7. `value_layout`: the
    attention's, whose value is given that way. Inputs that are `constants` are no arguments."""
    outputs = cases.expected(case)
    if value_layout == "head_major":
        case = _with_head_major_value(case)
    types = _case_types(case, {**case["inputs"], **outputs})
    arguments = {name: (types[name], array) for name, array in case["inputs"].items() if name not in constants}
    lines, results, levels = [], {}, ""
    for name in constants:
        lines += _constant(name, case["inputs"][name], case["dtypes"][name], types[name])
    if "level_shapes" in case["attrs"]:
        shapes = case["attrs"]["level_shapes"]
        levels = ", ".join(f"[%h{i}, %w{i}]" if case["dynamic_levels"] else f"[{h}, {w}]"
                           for i, (h, w) in enumerate(shapes))
        if case["dynamic_levels"]:
            for i, (h, w) in enumerate(shapes):
                arguments[f"h{i}"], arguments[f"w{i}"] = ("index", np.int64(h)), ("index", np.int64(w))
    step = case["attrs"].get("step")
    if step is not None and case["dynamic"]:
        arguments["step"] = ("index", np.int64(step))
    elif step is not None:
        lines.append(f"%step = arith.constant {step} : index")
    for name in case["outputs"]:
        if destination_argument:
            arguments[f"{name}_init"] = (types[name], store(np.full(outputs[name].shape, 7), case["dtypes"][name]))
        else:
            lines.append(f"%{name}_init = tensor.empty({_sizes(case, name, lines)}) : {types[name]}")
    inits = [f"%{name}_init" for name in case["outputs"]]
    out_types = ", ".join(types[name] for name in case["outputs"])
    clauses = [_clauses(case, levels), f"value_layout({value_layout})" if value_layout else "",
               f"schedule({schedule})" if schedule else "", *_operands(case, types),
               "step(%step)" if step is not None else "", f"outs({', '.join(inits)} : {out_types})"]
    count = len(case["outputs"])
    lines.append(f"%r{f':{count}' if count > 1 else ''} = bev.{case['op']} {' '.join(filter(None, clauses))} -> "
                 + out_types)
    for i, name in enumerate(case["outputs"]):
        results[name] = (f"%r#{i}" if count > 1 else "%r", types[name])
        if destination_argument:
            results[f"{name}_init"] = (f"%{name}_init", types[name])
    return Program(case["name"], arguments, "\n".join(lines), results)


# ---------------------------------------------------------------------------------------------------------------------
# Checking a case


@dataclasses.dataclass
class Verdict:
    """How the results of one case compare: elements compared and left out, the largest ratio of an error to its limit,
    and what is wrong, one line each."""
    elements: int = 0
    ignored: int = 0
    ratio: float = 0.0
    problems: list = dataclasses.field(default_factory=list)


def judge(case, results):
    """The Verdict over results {output: array} of a case."""
    verdict = Verdict()
    expected, ignored = cases.expected(case), cases.ignored(case)
    limits, bounds = cases.limits(case), cases.bounds(case)
    for name in case["outputs"]:
        actual = numbers(results[name], case["dtypes"][name])
        if actual.shape != expected[name].shape:
            verdict.problems.append(f"{name}: shape {list(actual.shape)}, expected {list(expected[name].shape)}")
            continue
        mask = np.zeros(actual.shape, bool)
        if ignored[name] is not None:
            skip = np.asarray(ignored[name], bool)
            mask |= skip.reshape(skip.shape + (1,) * (mask.ndim - skip.ndim))
        verdict.elements += int((~mask).sum())
        verdict.ignored += int(mask.sum())
        if case["dtypes"][name] in ("i1", "i32"):
            wrong = int(((actual != expected[name]) & ~mask).sum())
            ratio, problem = (np.inf if wrong else 0.0), f"{name}: {wrong} of {actual.size} elements differ"
        elif bounds[name] is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                error = np.abs(actual.astype(np.float64) - expected[name])
                over = np.where(mask | (error == 0), 0, error / bounds[name])
            ratio = float(np.nan_to_num(over, nan=np.inf).max(initial=0))
            problem = f"{name}: an error of {ratio:.3g} times its bound at {list(np.argwhere(over == over.max())[0])}"
        else:
            comparison = compare.compare(actual, expected[name], mask)
            ratio = comparison.relative_l2 / limits[name]
            if not comparison.within(limits[name]):
                ratio = max(ratio, np.inf if comparison.nan_mismatches or comparison.infinity_mismatches else 0)
            problem = f"{name}: {comparison}; limit {limits[name]:.3e}"
        verdict.ratio = max(verdict.ratio, ratio)
        if not ratio <= 1:
            verdict.problems.append(problem)
    return verdict


# ---------------------------------------------------------------------------------------------------------------------
# Running


def tool(name):
    """The path of a program of the build: in $BEV_BIN_DIR, $BEV_BUILD_DIR/bin, build/bin or on PATH, else None."""
    build = os.environ.get("BEV_BUILD_DIR") or os.path.join(HERE, "..", "..", "build")
    for folder in (os.environ.get("BEV_BIN_DIR"), os.path.join(build, "bin")):
        path = os.path.join(folder or "", name)
        if folder and os.access(path, os.X_OK):
            return os.path.abspath(path)
    return shutil.which(name)


def load_results(path):
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


def last_error(stderr):
    """The line of stderr that says what went wrong."""
    lines = [line for line in stderr.strip().splitlines() if line.strip()]
    named = [line for line in lines if "error:" in line]
    return (named or lines or ["no message"])[0]


def execute(name, arguments, timeout=600):
    """(exit status, stdout, stderr) of one of the tools; a run past the timeout has status 124."""
    try:
        done = subprocess.run([tool(name)] + arguments, text=True, capture_output=True, timeout=timeout,
                              errors="replace")
    except subprocess.TimeoutExpired:
        return 124, "", f"error: no end after {timeout} s"
    return done.returncode, done.stdout, done.stderr


class Runner:
    """Runs programs on one device. `batch`: how many go into one module; `jobs`: processes at once (default: as many
    as processors on the CPU, at most 4 on a GPU); `threads`: bev-run's --threads; `passes`: options of bev-opt, which
    the modules go through first. $BEV_RUN_PREFIX is put before bev-run, such as "compute-sanitizer --tool memcheck
    --error-exitcode 9"."""

    def __init__(self, device="cpu", batch=24, jobs=None, threads=None, timeout=600, passes=()):
        self.device, self.batch, self.threads, self.timeout = device, batch, threads, timeout
        self.passes = list(passes)
        self.jobs = jobs or (os.cpu_count() or 1 if device == "cpu" else min(4, os.cpu_count() or 1))
        self.bev_run = tool("bev-run")
        self.prefix = shlex.split(os.environ.get("BEV_RUN_PREFIX", ""))
        self.processes = 0

    def unavailable(self):
        """Why nothing can run on this device here, or None."""
        if self.bev_run is None:
            return "no bev-run: set BEV_BIN_DIR to the folder that has it"
        if self.device == "cpu":
            return None
        module = "func.func @probe(%x: tensor<4xf32>) -> tensor<4xf32> {\n  return %x : tensor<4xf32>\n}\n"
        status, _, stderr = self.command(["-", "--device", self.device, "--random-inputs"], stdin=module)
        return None if status == 0 else last_error(stderr).replace("bev-run: error: ", "")

    def command(self, arguments, stdin=None, env=None):
        """(exit status, stdout, stderr) of bev-run with `arguments`; a run past the timeout has status 124."""
        self.processes += 1
        try:
            done = subprocess.run(self.prefix + [self.bev_run] + arguments, input=stdin, text=True, capture_output=True,
                                  timeout=self.timeout, env=env, errors="replace")
        except subprocess.TimeoutExpired:
            return 124, "", f"error: no end after {self.timeout} s"
        return done.returncode, done.stdout, done.stderr

    def once(self, programs):
        """({name: array} of all results of one process, or None; what went wrong)."""
        with tempfile.TemporaryDirectory(prefix="bev-integration-") as folder:
            module, inputs, output = (os.path.join(folder, n) for n in ("module.mlir", "inputs.npz", "output.npz"))
            with open(module, "w") as file:
                file.write(module_of(programs))
            if self.passes:
                given, module = module, os.path.join(folder, "rearranged.mlir")
                status, _, stderr = execute("bev-opt", [given, *self.passes, "-o", module], self.timeout)
                if status != 0:
                    return None, f"bev-opt exits {status}: {last_error(stderr)}"
            np.savez(inputs, **inputs_of(programs))
            arguments = [module, "--device", self.device, "--inputs", inputs, "--output", output]
            if self.threads:
                arguments += ["--threads", str(self.threads)]
            status, _, stderr = self.command(arguments)
            if status != 0:
                return None, f"bev-run exits {status}: {last_error(stderr)}"
            return load_results(output), ""

    def _run_batch(self, programs):
        results, error = self.once(programs)
        if results is None:
            if len(programs) == 1:
                return [Outcome(programs[0], None, error)]
            half = len(programs) // 2
            return self._run_batch(programs[:half]) + self._run_batch(programs[half:])
        if len(programs) == 1:
            return [Outcome(programs[0], results)]
        return [Outcome(program, {name: results[f"p{i}_{name}"] for name in program.results})
                for i, program in enumerate(programs)]

    def run(self, programs):
        """The Outcome of each program, in order."""
        programs = list(programs)
        count = max(1, -(-len(programs) // self.batch))
        # Interleaved, so that batches take about as long as each other.
        batches = [list(range(i, len(programs), count)) for i in range(count)]
        outcomes = [None] * len(programs)
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            done = pool.map(lambda batch: self._run_batch([programs[i] for i in batch]), batches)
            for batch, results in zip(batches, done):
                for index, outcome in zip(batch, results):
                    outcomes[index] = outcome
        return outcomes
