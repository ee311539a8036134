# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes an ONNX model with two inverse sigmoids, one of which clamps its two parts to different numbers."""
import sys

import onnx
from onnx import TensorProto, helper


def number(name, value):
    return helper.make_tensor(name, TensorProto.FLOAT, [], [value])


def inverse_sigmoid(name, least):
    """Nodes from x to NAME.y, whose Log is called NAME."""
    return [helper.make_node(op, inputs, [f"{name}.{output}"], name if op == "Log" else f"{name}.{output}")
            for op, inputs, output in [
                ("Clip", ["x", "zero", "one"], "inside"),
                ("Clip", [f"{name}.inside", "epsilon"], "above"),
                ("Sub", ["one", f"{name}.inside"], "rest"),
                ("Clip", [f"{name}.rest", least], "below"),
                ("Div", [f"{name}.above", f"{name}.below"], "odds"),
                ("Log", [f"{name}.odds"], "y"),
            ]]


size = [3]
onnx.save(helper.make_model(helper.make_graph(
    inverse_sigmoid("right", "epsilon") + inverse_sigmoid("wrong", "other"), "inverse_sigmoids",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, size)],
    [helper.make_tensor_value_info(f"{name}.y", TensorProto.FLOAT, None) for name in ("right", "wrong")],
    [number("zero", 0.0), number("one", 1.0), number("epsilon", 1e-5), number("other", 1e-3)]),
    opset_imports=[helper.make_opsetid("", 13)]), sys.argv[1])
