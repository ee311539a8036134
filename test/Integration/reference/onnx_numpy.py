# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs an ONNX graph in numpy with every float in float64: slow, exact, and independent of the compiler and of any
other runtime. It knows the ops that BEVFormer exports consist of, at opsets 11 to 18, and says so about any other.

    outputs = run(model, {"img": ...})

Written from the ONNX operator specification; GridSample is bevref's.
"""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from onnx import TensorProto, helper, numpy_helper

import bevref

_TYPES = {TensorProto.FLOAT: np.float64, TensorProto.DOUBLE: np.float64, TensorProto.INT64: np.int64,
          TensorProto.INT32: np.int32, TensorProto.BOOL: np.bool_}


def _wide(array):
    """Floats as float64, everything else as it is."""
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def _axes(node, inputs, place=1):
    """The axes of Squeeze and its like: an attribute up to opset 12, an input from 13 on."""
    if len(inputs) > place and inputs[place] is not None:
        return tuple(int(a) for a in inputs[place])
    return tuple(node["axes"]) if "axes" in node else None


def _reshape(node, x, shape):
    shape = [int(s) for s in shape]
    if not node.get("allowzero", 0):
        shape = [x.shape[i] if s == 0 else s for i, s in enumerate(shape)]
    return x.reshape(shape)


def _slice(node, x, starts, ends, axes=None, steps=None):
    axes = range(len(starts)) if axes is None else axes
    steps = [1] * len(starts) if steps is None else steps
    index = [slice(None)] * x.ndim
    for axis, start, end, step in zip(axes, starts, ends, steps):
        if step < 0:
            raise NotImplementedError("Slice with a negative step")
        index[int(axis)] = slice(int(start), int(end), int(step))
    return x[tuple(index)]


def _unsqueeze(node, *inputs):
    axes = _axes(node, inputs)
    return np.expand_dims(inputs[0], tuple(a % (inputs[0].ndim + len(axes)) for a in axes))


def _split(node, x, sizes=None):
    axis = node.get("axis", 0)
    sizes = node.get("split") if sizes is None else sizes
    sizes = [x.shape[axis] // node["num_outputs"]] * node["num_outputs"] if sizes is None else sizes
    return tuple(np.split(x, np.cumsum(sizes)[:-1].astype(int), axis=axis))


def _softmax(node, x):
    if node.get("axis", -1) not in (-1, x.ndim - 1):
        raise NotImplementedError("Softmax over another axis than the last")
    return bevref.softmax(x)


def _expand(node, x, shape):
    return x * np.ones([int(s) for s in shape], x.dtype) if x.dtype != bool else np.broadcast_to(
        x, np.broadcast_shapes(x.shape, tuple(int(s) for s in shape)))


def _reduce(function):
    def reduce(node, *inputs):
        return function(inputs[0], axis=_axes(node, inputs), keepdims=bool(node.get("keepdims", 1)))
    return reduce


def _clip(node, x, low=None, high=None):
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _scatter_nd(node, data, indices, updates):
    if node.get("reduction", b"none") != b"none":
        raise NotImplementedError("ScatterND with a reduction")
    data = data.copy()
    data[tuple(np.moveaxis(indices, -1, 0))] = updates
    return data


def _scatter_elements(node, data, indices, updates):
    data = data.copy()
    np.put_along_axis(data, indices, updates, axis=node.get("axis", 0))
    return data


def _pad(node, x, pads, value=0.0):
    if node.get("mode", b"constant") != b"constant":
        raise NotImplementedError("Pad with another mode than constant")
    return np.pad(x, list(zip(pads[:x.ndim], pads[x.ndim:])), constant_values=value)


def _windows(x, node, fill):
    """x [n,c,h,w] -> [n,c,oh,ow,kh,kw]."""
    pads, strides = node.get("pads", [0] * 4), node.get("strides", [1, 1])
    if any(d != 1 for d in node.get("dilations", [1, 1])) or node.get("auto_pad", b"NOTSET") != b"NOTSET":
        raise NotImplementedError("windows with dilations or automatic padding")
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])), constant_values=fill)
    return sliding_window_view(x, node["kernel_shape"], axis=(2, 3))[:, :, ::strides[0], ::strides[1]]


def _convolution(node, x, weight, bias=None):
    if node.get("group", 1) != 1:
        raise NotImplementedError("Conv with groups")
    y = np.tensordot(_windows(x, {"kernel_shape": weight.shape[2:], **node}, 0.0), weight,
                     axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)
    return y if bias is None else y + bias[:, None, None]


def _batch_norm(node, x, *parameters):
    scale, shift, mean, variance = (p[:, None, None] for p in parameters)
    return (x - mean) / np.sqrt(variance + node.get("epsilon", 1e-5)) * scale + shift


def _layer_norm(node, x, scale, shift):
    if node.get("axis", -1) not in (-1, x.ndim - 1):
        raise NotImplementedError("LayerNormalization over more than the last axis")
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + node["epsilon"]) * scale + shift


def _gemm(node, a, b, c=0.0):
    a, b = a.T if node.get("transA", 0) else a, b.T if node.get("transB", 0) else b
    return node.get("alpha", 1.0) * (a @ b) + node.get("beta", 1.0) * c


def _resize(node, x, roi, scales, sizes):
    wanted = {"mode": b"nearest", "nearest_mode": b"floor", "coordinate_transformation_mode": b"asymmetric"}
    if any(node.get(name) != value for name, value in wanted.items()):
        raise NotImplementedError("Resize of another kind than nearest, floor, asymmetric")
    for axis, size in enumerate(sizes):
        x = np.take(x, np.arange(size) * x.shape[axis] // size, axis=axis)
    return x


def _grid_sample(node, x, grid):
    mode = node.get("mode", b"bilinear").decode()
    return bevref.grid_sample(x, grid, mode={"linear": "bilinear", "cubic": "bicubic"}.get(mode, mode),
                              padding=node.get("padding_mode", b"zeros").decode(),
                              align_corners=bool(node.get("align_corners", 0)))


def _constant_of_shape(node, shape):
    value = _wide(numpy_helper.to_array(node["value"])) if "value" in node else np.zeros(1)
    return np.full([int(s) for s in shape], value.reshape(())[()], value.dtype)


def _quotient(node, a, b):
    if a.dtype.kind != "f":
        raise NotImplementedError("Div of integers")
    return a / b


_OPS = {
    "Abs": lambda node, x: np.abs(x), "Add": lambda node, a, b: a + b, "And": lambda node, a, b: a & b,
    "Atan": lambda node, x: np.arctan(x), "BatchNormalization": _batch_norm,
    "Cast": lambda node, x: x.astype(_TYPES[node["to"]]), "Clip": _clip,
    "Concat": lambda node, *xs: np.concatenate(xs, axis=node["axis"]),
    "Constant": lambda node: _wide(numpy_helper.to_array(node["value"])), "ConstantOfShape": _constant_of_shape,
    "Conv": _convolution, "Cos": lambda node, x: np.cos(x), "Div": _quotient,
    "Equal": lambda node, a, b: a == b, "Exp": lambda node, x: np.exp(x), "Expand": _expand,
    "Floor": lambda node, x: np.floor(x), "Gather": lambda node, x, i: np.take(x, i, axis=node.get("axis", 0)),
    "GatherElements": lambda node, x, i: np.take_along_axis(x, i, axis=node.get("axis", 0)), "Gemm": _gemm,
    "Greater": lambda node, a, b: a > b, "GridSample": _grid_sample, "Identity": lambda node, x: x,
    "IsNaN": lambda node, x: np.isnan(x), "LayerNormalization": _layer_norm, "Less": lambda node, a, b: a < b,
    "Log": lambda node, x: np.log(x), "MatMul": lambda node, a, b: a @ b,
    "Max": lambda node, *xs: np.maximum.reduce(np.broadcast_arrays(*xs)),
    "MaxPool": lambda node, x: _windows(x, node, -np.inf).max(axis=(4, 5)), "Mul": lambda node, a, b: a * b,
    "Neg": lambda node, x: -x, "NonZero": lambda node, x: np.array(np.nonzero(x), np.int64),
    "Not": lambda node, x: ~x, "Or": lambda node, a, b: a | b, "Pad": _pad, "Pow": lambda node, a, b: a ** b,
    "ReduceMean": _reduce(np.mean), "ReduceSum": _reduce(np.sum), "Relu": lambda node, x: np.maximum(x, 0),
    "Reshape": _reshape, "Resize": _resize, "Round": lambda node, x: np.rint(x), "ScatterElements": _scatter_elements,
    "ScatterND": _scatter_nd, "Shape": lambda node, x: np.array(x.shape, np.int64),
    "Sigmoid": lambda node, x: 1 / (1 + np.exp(-x)), "Sin": lambda node, x: np.sin(x), "Slice": _slice,
    "Softmax": _softmax, "Split": _split, "Sqrt": lambda node, x: np.sqrt(x),
    "Squeeze": lambda node, *inputs: np.squeeze(inputs[0], _axes(node, inputs)), "Sub": lambda node, a, b: a - b,
    "Tile": lambda node, x, repeats: np.tile(x, repeats),
    "Transpose": lambda node, x: x.transpose(node.get("perm")), "Unsqueeze": _unsqueeze,
    "Where": lambda node, c, a, b: np.where(c, a, b),
}


def run(model, inputs):
    """The outputs of an onnx.ModelProto by name. Raises NotImplementedError for an op, or a form of one, that it does
    not know. Weights must be in the model."""
    graph = model.graph
    unknown = sorted({node.op_type for node in graph.node} - set(_OPS))
    if unknown:
        raise NotImplementedError(f"no numpy meaning of {', '.join(unknown)}")
    values = {tensor.name: _wide(numpy_helper.to_array(tensor)) for tensor in graph.initializer}
    values.update((name, _wide(np.asarray(array))) for name, array in inputs.items())
    uses = {}
    for node in graph.node:
        for name in node.input:
            uses[name] = uses.get(name, 0) + 1
    keep = {value.name for value in graph.output}
    for node in graph.node:
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        operands = [values[name] if name else None for name in node.input]
        with np.errstate(all="ignore"):
            results = _OPS[node.op_type](attributes, *operands)
        results = results if isinstance(results, tuple) else (results,)
        values.update(zip(node.output, results))
        for name in node.input:
            uses[name] -= 1
            if not uses[name] and name not in keep:
                values.pop(name, None)
    return {name: values[name] for name in keep}
