# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes an ONNX graph node by node, hiding what the opsets spell differently.

Values are names. Nodes are called by the module path they stand in, as PyTorch's exporter does
("/encoder/layers.0/attentions.1/MatMul_2"), so that diagnostics which name them can be understood. Shapes are the
caller's business.
"""
import contextlib
import collections

import numpy as np
from onnx import TensorProto, helper

_TYPES = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.int64): TensorProto.INT64,
          np.dtype(np.bool_): TensorProto.BOOL}
FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
# From this opset on the axes of Squeeze, Unsqueeze and ReduceSum and the sizes of Split are inputs.
_AXES_ARE_INPUTS = 13


def tensor_of(array, name=""):
    """The array as a TensorProto."""
    return helper.make_tensor(name, _TYPES[array.dtype], array.shape, array.tobytes(), raw=True)


class Graph:
    """A graph under construction. `weights` is where parameters come from (see weights.py)."""

    def __init__(self, opset, weights):
        self.opset = opset
        self.weights = weights
        self.nodes, self.inputs, self.outputs = [], [], []
        self.parameters = {}  # name -> array, in the order of their first use
        self._scope = []
        self._counts = collections.Counter()
        self._constants = {}

    # -----------------------------------------------------------------------------------------------------------------
    # Names

    @contextlib.contextmanager
    def scope(self, *names):
        """Within this context nodes and parameters are those of the submodule names[0].names[1]..."""
        self._scope.append(".".join(str(name) for name in names))
        try:
            yield
        finally:
            self._scope.pop()

    def path(self, name):
        """The full name of parameter `name` of the module that the scope stands for."""
        return ".".join(self._scope + [name])

    def _node_name(self, kind):
        stem = "/".join([""] + self._scope + [kind])
        self._counts[stem] += 1
        return stem if self._counts[stem] == 1 else f"{stem}_{self._counts[stem] - 1}"

    # -----------------------------------------------------------------------------------------------------------------
    # Values

    def input(self, name, shape, type=FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, type, list(shape)))
        return name

    def output(self, value, name, shape, type=FLOAT):
        """Makes `value` the graph's output `name`."""
        self.nodes.append(helper.make_node("Identity", [value], [name], name=f"/{name}"))
        self.outputs.append(helper.make_tensor_value_info(name, type, list(shape)))

    def array(self, name, array):
        """The array as a parameter with this full name."""
        before = self.parameters.setdefault(name, array)
        assert before is array or np.array_equal(before, array), name
        return name

    def parameter(self, name, shape, std, mean=0.0, centre=None):
        """A parameter of the module that the scope stands for; see SeededWeights.tensor."""
        full = self.path(name)
        if full not in self.parameters:
            self.parameters[full] = self.weights.tensor(full, tuple(shape), std, mean, centre)
        return full

    def constant(self, value, dtype=np.float32):
        """A small constant in the graph itself; equal ones are shared."""
        array = np.asarray(value, dtype)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            name = f"/Constant_{len(self._constants)}"
            self.nodes.append(helper.make_node("Constant", [], [name + "_output_0"], name=name, value=tensor_of(array)))
            self._constants[key] = name + "_output_0"
        return self._constants[key]

    def int64(self, value):
        return self.constant(value, np.int64)

    def op(self, kind, *inputs, outputs=1, **attributes):
        """Adds a node; returns the name of its output, or a list of them where outputs > 1."""
        name = self._node_name(kind)
        results = [f"{name}_output_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), results, name=name, **attributes))
        return results if outputs > 1 else results[0]

    # -----------------------------------------------------------------------------------------------------------------
    # Ops that are spelled with constants, or differently from opset to opset

    def reshape(self, x, shape):
        return self.op("Reshape", x, self.int64(list(shape)))

    def transpose(self, x, *perm):
        return self.op("Transpose", x, perm=list(perm))

    def expand(self, x, shape):
        return self.op("Expand", x, self.int64(list(shape)))

    def tile(self, x, repeats):
        return self.op("Tile", x, self.int64(list(repeats)))

    def concat(self, values, axis):
        return self.op("Concat", *values, axis=axis)

    def cast(self, x, type):
        return self.op("Cast", x, to=type)

    def gather(self, x, index, axis):
        """One slice of x along an axis, which disappears."""
        return self.op("Gather", x, self.int64(index), axis=axis)

    def slice(self, x, axis, start, stop, step=1):
        return self.op("Slice", x, self.int64([start]), self.int64([stop]), self.int64([axis]), self.int64([step]))

    def _with_axes(self, kind, x, axes, **attributes):
        if self.opset >= _AXES_ARE_INPUTS:
            return self.op(kind, x, self.int64(axes), **attributes)
        return self.op(kind, x, axes=axes, **attributes)

    def squeeze(self, x, axis):
        return self._with_axes("Squeeze", x, [axis])

    def unsqueeze(self, x, *axes):
        """Adds dimensions of 1 at `axes` of the result; below opset 13 one node for each, as PyTorch writes them."""
        if self.opset >= _AXES_ARE_INPUTS:
            return self._with_axes("Unsqueeze", x, list(axes))
        for axis in axes:
            x = self._with_axes("Unsqueeze", x, [axis])
        return x

    def reduce_sum(self, x, axis):
        return self._with_axes("ReduceSum", x, [axis], keepdims=0)

    def reduce_mean(self, x, axis, keepdims=0):
        return self.op("ReduceMean", x, axes=[axis], keepdims=keepdims)

    def split(self, x, axis, sizes):
        """A list of pieces, also where there is one."""
        if self.opset >= _AXES_ARE_INPUTS:
            pieces = self.op("Split", x, self.int64(list(sizes)), axis=axis, outputs=len(sizes))
        else:
            pieces = self.op("Split", x, axis=axis, split=list(sizes), outputs=len(sizes))
        return pieces if len(sizes) > 1 else [pieces]

    def softmax(self, x, last_axis):
        """Softmax over the last axis, whose number opset 11 needs because it flattens what is before and after it."""
        return self.op("Softmax", x, axis=-1 if self.opset >= _AXES_ARE_INPUTS else last_axis)

    def clip(self, x, low=None, high=None):
        bounds = [self.constant(low) if low is not None else ""]
        if high is not None:
            bounds.append(self.constant(high))
        return self.op("Clip", x, *bounds)

    # -----------------------------------------------------------------------------------------------------------------
    # Layers

    def linear(self, x, name, inputs, outputs, gain=1.0, bias_std=0.05, bias_mean=0.0, centre=False):
        """x @ weight + bias over the last axis. The gain is how much larger the result is than x; `centre` is for an x
        that comes out of a relu."""
        with self.scope(name):
            weight = self.parameter("weight", (inputs, outputs), np.asarray(gain) / inputs ** 0.5,
                                    centre=0 if centre else None)
            bias = self.parameter("bias", (outputs,), bias_std, bias_mean)
            return self.op("Add", bias, self.op("MatMul", x, weight))

    def layer_norm(self, x, name, channels):
        """Normalisation over the last axis, in the nine nodes that PyTorch writes below opset 17."""
        with self.scope(name):
            gain = self.parameter("weight", (channels,), 0.05, 1.0)
            shift = self.parameter("bias", (channels,), 0.05)
            centred = self.op("Sub", x, self.reduce_mean(x, -1, keepdims=1))
            variance = self.reduce_mean(self.op("Pow", centred, self.constant(2.0)), -1, keepdims=1)
            deviation = self.op("Sqrt", self.op("Add", variance, self.constant(1e-5)))
            return self.op("Add", self.op("Mul", self.op("Div", centred, deviation), gain), shift)

    def feed_forward(self, x, name, channels, hidden):
        """x + linear(relu(linear(x)))."""
        with self.scope(name):
            inner = self.op("Relu", self.linear(x, "layers.0.0", channels, hidden, gain=1.4))
            return self.op("Add", x, self.linear(inner, "layers.1", hidden, channels, centre=True))

    def inverse_sigmoid(self, x):
        """log(max(x, 1e-5) / max(1 - x, 1e-5)) with x clamped to [0, 1]."""
        x = self.clip(x, 0.0, 1.0)
        low = self.clip(x, 1e-5)
        high = self.clip(self.op("Sub", self.constant(1.0), x), 1e-5)
        return self.op("Log", self.op("Div", low, high))
