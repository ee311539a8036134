# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads the constants that the only function of a printed module returns."""
import re

import numpy as np

TYPES = {"i1": np.bool_, "i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64, "ui8": np.uint8,
         "ui16": np.uint16, "ui32": np.uint32, "ui64": np.uint64, "f16": np.float16, "f32": np.float32, "f64": np.float64}
CONSTANT = re.compile(r"^\s*(%\S+) = onnx\.constant (dense(?:_resource)?)<(.*)> : tensor<([^>]*)>", re.M)
RESOURCE = re.compile(r'^\s*(\S+): "0x([0-9A-Fa-f]+)"', re.M)


def _number(text, dtype):
    if text in ("true", "false"):
        return text == "true"
    if text.startswith("0x") and np.dtype(dtype).kind == "f":
        # The bits of what decimals cannot say: infinities and NaN.
        bits = np.dtype(f"uint{8 * np.dtype(dtype).itemsize}")
        return np.array(int(text, 16), bits).view(dtype)[()]
    return dtype(float(text)) if np.dtype(dtype).kind == "f" else int(text)


def _elements(text, shape, dtype):
    if text.startswith('"0x'):
        data = np.frombuffer(bytes.fromhex(text[3:-1]), np.uint8)
        if dtype is np.bool_ and data.size != int(np.prod(shape)):
            return np.unpackbits(data, bitorder="little")[:int(np.prod(shape))].astype(bool).reshape(shape)
        data = data.view(dtype)
        return np.full(shape, data[0]) if data.size == 1 else data.reshape(shape)
    numbers = re.findall(r"[^\s,\[\]]+", text)
    values = np.array([_number(number, dtype) for number in numbers], dtype)
    return np.full(shape, values[0], dtype) if not text.startswith("[") and text else values.reshape(shape)


def returned(text):
    """The values of the last `return` in order: arrays, and None for what is not a constant of a type numpy has."""
    resources = {name: bytes.fromhex(data)[4:] for name, data in RESOURCE.findall(text)}
    found = {}
    for name, kind, content, type in CONSTANT.findall(text):
        *sizes, element = type.split("x")
        if element not in TYPES:
            continue
        shape, dtype = tuple(int(size) for size in sizes), TYPES[element]
        if kind == "dense":
            found[name] = _elements(content, shape, dtype)
        elif content in resources:
            found[name] = np.frombuffer(resources[content], dtype).reshape(shape)
    names = re.findall(r"^\s*return (.*?) :", text, re.M)[-1].split(", ")
    return [found.get(name) for name in names]
