# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares a model's outputs with those of onnxruntime or, where that is not installed, with recorded ones.

Recorded outputs are a few thousand values of each output, drawn at fixed places, and the norm of the whole: enough to
estimate the relative L2 error, small enough to keep with the sources. `record` makes them, with onnxruntime on the CPU.
"""
import json
import os

import numpy as np

from model import METADATA
from weights import uniform

RECORDED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorded.npz")
SAMPLES = 4096
# Of what is recorded with: decides no number of a model, but how it was made.
MADE_BY = "made_by"


class CannotCompare(ValueError):
    """There is nothing to compare with; the message says what is missing."""


def _runtime():
    try:
        import onnxruntime
    except ImportError:
        return None
    return onnxruntime


def has_runtime():
    return _runtime() is not None


def run_model(path, inputs, threads=0):
    """The outputs by name of the ONNX model at `path`, by onnxruntime on the CPU. Raises CannotCompare where it is
    missing."""
    runtime = _runtime()
    if runtime is None:
        raise CannotCompare("onnxruntime is not installed")
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    session = runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    wanted = [value.name for value in session.get_inputs()]
    missing = [name for name in wanted if name not in inputs]
    if missing:
        raise ValueError(f"the inputs lack {', '.join(missing)}, which {path} takes")
    results = session.run(None, {name: inputs[name] for name in wanted})
    return dict(zip((value.name for value in session.get_outputs()), results))


def description_of(path):
    """What the model at `path` says it was built from; raises ValueError where it says nothing."""
    import onnx
    model = onnx.load(path, load_external_data=False)
    for entry in model.metadata_props:
        if entry.key == METADATA:
            return json.loads(entry.value)
    raise ValueError(f"{path} was not written by this program: it has no metadata '{METADATA}'")


def relative_l2(actual, expected):
    """||actual - expected|| / ||expected|| in float64; infinite where anything is not finite."""
    actual, expected = actual.astype(np.float64), expected.astype(np.float64)
    if not np.isfinite(actual).all():
        return float("inf")
    norm, error = np.linalg.norm(expected), np.linalg.norm(actual - expected)
    return float(error / norm) if norm else (0.0 if error == 0 else float("inf"))


def _shapes_agree(name, actual, shape):
    shape = [int(extent) for extent in shape]
    if list(actual.shape) != shape:
        raise ValueError(f"expected {name} of shape {shape}, but got {list(actual.shape)}")


def against_runtime(outputs, path, inputs):
    """[(output, relative L2)] against onnxruntime running the model at `path`."""
    expected = run_model(path, inputs)
    common = [name for name in expected if name in outputs]
    if not common:
        raise ValueError(f"the outputs to check hold none of {', '.join(expected)}")
    for name in common:
        _shapes_agree(name, outputs[name], expected[name].shape)
    return [(name, relative_l2(outputs[name], expected[name])) for name in common]


# ---------------------------------------------------------------------------------------------------------------------
# Recorded outputs


def _places(key, shape):
    """Indices into the flattened output: fixed by the key, spread over everything."""
    count = int(np.prod(shape))
    if count <= SAMPLES:
        return np.arange(count)
    return np.minimum(((uniform(key, SAMPLES) + 1) / 2 * count).astype(np.int64), count - 1)


def _arithmetic(description):
    """The part of a model's description that decides its numbers."""
    return {name: value for name, value in description.items() if name not in ("name", MADE_BY)}


def runtime_version():
    """What to record as having made the outputs of run_model."""
    return f"onnxruntime {_runtime().__version__} on the CPU, numpy {np.__version__}"


def record(models, run, made_by):
    """Arrays for numpy's savez: `models` is [(path, inputs, outputs' names)], run(path, inputs) gives the outputs."""
    arrays, entries = {}, []
    for number, (path, inputs, names) in enumerate(models):
        outputs = run(path, inputs)
        description = description_of(path)
        description[MADE_BY] = made_by
        for name in names:
            value = outputs[name]
            arrays[f"{number}:{name}:values"] = value.reshape(-1)[_places(f"{number}:{name}", value.shape)]
            arrays[f"{number}:{name}:shape"] = np.array(value.shape, np.int64)
            arrays[f"{number}:{name}:norm"] = np.float64(np.linalg.norm(value.astype(np.float64)))
        entries.append({"description": description, "outputs": list(names)})
    arrays["entries"] = np.frombuffer(json.dumps(entries).encode(), np.uint8)
    return arrays


def recorded_entry(arrays, description):
    """(its number, its description, names of its outputs) of the recording of such a model, or CannotCompare."""
    entries = json.loads(bytes(arrays["entries"]))
    for number, entry in enumerate(entries):
        if _arithmetic(entry["description"]) == _arithmetic(description):
            return number, entry["description"], entry["outputs"]
    known = "; ".join(f"{e['description']['name']}{', temporal' if e['description']['temporal'] else ''}, seed "
                      f"{e['description']['seed']}" for e in entries)
    raise CannotCompare(f"onnxruntime is not installed, and of such a model nothing is recorded (recorded: {known})")


def against_recorded(outputs, description, path=RECORDED):
    """([(output, estimated relative L2)], how the recording was made). A norm that is off counts as an error too, so
    that a wrong value at a place that is not recorded is likely to be noticed."""
    with np.load(path) as source:
        arrays = {name: source[name] for name in source.files}
    number, made_from, names = recorded_entry(arrays, description)
    results = []
    for name in names:
        if name not in outputs:
            raise ValueError(f"the outputs to check have no {name}")
        value, key = outputs[name], f"{number}:{name}"
        _shapes_agree(name, value, arrays[f"{key}:shape"])
        error = relative_l2(value.reshape(-1)[_places(key, value.shape)], arrays[f"{key}:values"])
        norm = float(arrays[f"{key}:norm"])
        drift = abs(np.linalg.norm(value.astype(np.float64)) - norm) / norm
        results.append((name, max(error, float(drift)) if np.isfinite(drift) else float("inf")))
    return results, made_from[MADE_BY]
