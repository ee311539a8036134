# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the models of the tests beside: models.py NAME FILE.onnx calls the function NAME below."""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL


def value(name, element=FLOAT, shape=None):
    return helper.make_tensor_value_info(name, element, shape)


def unstated(name):
    return onnx.ValueInfoProto(name=name)


def node(op, inputs, outputs, name=None, domain=None, **attributes):
    return helper.make_node(op, inputs, outputs, name=name, domain=domain, **attributes)


def graph(nodes, inputs, outputs, **more):
    return helper.make_graph(nodes, "g", inputs, outputs, **more)


def model(nodes, inputs, outputs, opset=16, domains=(), functions=(), **more):
    sets = [helper.make_opsetid("", opset)] + [helper.make_opsetid(name, version) for name, version in domains]
    made = helper.make_model(graph(nodes, inputs, outputs, **more), opset_imports=sets, functions=list(functions))
    made.ir_version = 8
    return made


def newer_field(message, number, content):
    """Sets a field that this onnx may not know, of strings or messages."""
    content = content.encode() if isinstance(content, str) else content.SerializeToString()
    assert len(content) < 128
    message.MergeFromString(bytes([(number << 3 & 127) | 2 | (128 if number > 15 else 0)]
                                  + ([number >> 4] if number > 15 else []) + [len(content)]) + content)


def tensor(name, element, shape, **fields):
    made = TensorProto(name=name, data_type=element, dims=shape)
    for key, content in fields.items():
        if key == "raw_data":
            made.raw_data = content
        else:
            getattr(made, key).extend(content)
    return made


def constants(tensors):
    """A model that returns constants."""
    return model([], [], [unstated(t.name) for t in tensors], initializer=tensors)


# ---------------------------------------------------------------------------------------------------------------------


def basic():
    """A node with a name, one without, an optional input and an optional output left out."""
    weights = numpy_helper.from_array(np.arange(6, dtype=np.float32).reshape(3, 2), "w")
    return model([node("MatMul", ["x", "w"], ["m"], name="first"),
                  node("Clip", ["m", "", "limit"], ["c"]),
                  node("MaxPool", ["c"], ["y", ""], name="pool", kernel_shape=[1, 1])],
                 [value("x", shape=["batch", 3]), value("limit", shape=[])], [value("y", shape=["batch", 2])],
                 initializer=[weights], value_info=[value("m", shape=[None, 2])])


def dims():
    """Symbolic, unknown and static sizes; an input without a shape."""
    return model([node("Identity", ["a"], ["y"]), node("Identity", ["b"], ["z"])],
                 [value("a", shape=["batch", 3, None, "h"]), value("b", INT64)],
                 [value("y", shape=["batch", 3, None, "h"]), value("z", INT64)])


def static():
    """A static input shape, and other values' shapes that follow from it."""
    return model([node("Relu", ["x"], ["r"]), node("Relu", ["r"], ["y"])], [value("x", shape=[1, 3])],
                 [value("y", shape=[1, 3])], value_info=[value("r", shape=[1, 3])])


def raw_types():
    """An initializer of each element type in raw data; numbers of types that are newer than this onnx."""
    sizes = {1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 14: 8, 15: 16, 16: 2, 17: 1,
             18: 1, 19: 1, 20: 1, 24: 1}
    tensors = [tensor(f"t{number}", number, [2], raw_data=bytes([1] + [0] * (size - 1)) * 2)
               for number, size in sizes.items()]
    # Less than a byte: the first element is in the low bits, and the last byte is not full.
    tensors += [tensor(f"t{number}", number, [3], raw_data=bytes([0xF1, 0x02])) for number in (21, 22, 23)]
    tensors += [tensor(f"t{number}", number, [5], raw_data=bytes([0b11100100, 0b10])) for number in (25, 26)]
    tensors += [tensor("empty", 1, [0, 4], raw_data=b""), tensor("none", 1, [0, 4])]
    return constants(tensors)


def typed_data():
    """The same in typed fields."""
    return constants([
        tensor("f32", 1, [2], float_data=[1.5, -2]), tensor("f64", 11, [2], double_data=[1.5, -2]),
        tensor("ui8", 2, [2], int32_data=[1, 255]), tensor("i8", 3, [2], int32_data=[1, -1]),
        tensor("ui16", 4, [2], int32_data=[1, 65535]), tensor("i16", 5, [2], int32_data=[1, -1]),
        tensor("i32", 6, [2], int32_data=[1, -1]), tensor("i64", 7, [2], int64_data=[1, -1]),
        tensor("bool", 9, [2], int32_data=[1, 0]), tensor("f16", 10, [2], int32_data=[0x3C00, 0xC000]),
        tensor("bf16", 16, [2], int32_data=[0x3F80, 0xC000]), tensor("ui32", 12, [2], uint64_data=[1, 2**32 - 1]),
        tensor("ui64", 13, [2], uint64_data=[1, 2**64 - 1]), tensor("c64", 14, [1], float_data=[1, -2]),
        tensor("c128", 15, [1], double_data=[1, -2]), tensor("ui4", 21, [3], int32_data=[0xF1, 2]),
        tensor("string", 8, [2], string_data=[b"a", b"b\x00c"])])


def large():
    """Tensors of more than a kilobyte in raw and in typed data, with a name that is no identifier."""
    many = np.arange(600, dtype=np.float32)
    return constants([numpy_helper.from_array(many, 'raw "1"'),
                      tensor("typed", 7, [300], int64_data=range(300)),
                      tensor("floats", 1, [300], float_data=range(300)),
                      tensor("doubles", 11, [300], double_data=range(300)),
                      tensor("complexes", 14, [200], float_data=range(400)),
                      tensor("narrowed", 2, [2000], int32_data=[i % 256 for i in range(2000)]),
                      tensor("truths", 9, [2000], int32_data=[1] * 2000)])


def everywhere():
    """Raw data of more than a kilobyte in every place that tensors can be in, and more than that of other fields."""
    def numbers(start, count=300):
        return numpy_helper.from_array(np.arange(start, start + count, dtype=np.float32))

    def branch(start):
        made = helper.make_graph([node("Constant", [], ["k"], value=numbers(start)),
                                  node("Add", ["k", "held"], ["sum"])], "b", [], [unstated("sum")],
                                 initializer=[numpy_helper.from_array(np.float32([start] * 300), "held")])
        made.doc_string = "long " * 300
        return made
    function = helper.make_function("local", "f", [], ["r"], [node("Constant", [], ["r"], value=numbers(10))],
                                    [helper.make_opsetid("", 16)])
    sparse_values = onnx.SparseTensorProto(values=numbers(20), dims=[1000], indices=numpy_helper.from_array(
        np.arange(0, 600, 2, dtype=np.int64)))
    sparse_values.values.name = "sparse"
    plugin = node("Thing", [], ["p"], domain="my.domain", several=[numbers(50), numbers(60)])
    return model([node("If", ["c"], ["y"], then_branch=branch(30), else_branch=branch(40)),
                  node("f", [], ["z"], domain="local"), plugin],
                 [value("c", BOOL, [])], [unstated(name) for name in ("y", "z", "p", "sparse")],
                 domains=[("local", 1), ("my.domain", 1)], functions=[function], sparse_initializer=[sparse_values])


def odd_addresses(path):
    """y = x @ w, z = x @ v: large weights that the file has at odd addresses."""
    rows = np.random.default_rng(0).standard_normal((2, 160, 160)).astype("f4")
    made = model([node("MatMul", ["x", "w"], ["y"]), node("MatMul", ["x", "v"], ["z"])],
                 [value("x", shape=[3, 160])], [value("y", shape=[3, 160]), value("z", shape=[3, 160])],
                 initializer=[numpy_helper.from_array(rows[0], "w"), numpy_helper.from_array(rows[1], "v")])
    while True:
        content = made.SerializeToString()
        if all(content.index(part.tobytes()) % 4 for part in rows):
            break
        made.producer_name += "x"
    x = np.random.default_rng(1).standard_normal((3, 160)).astype("f4")
    products = [(x.astype("f8") @ part.astype("f8")).astype("f4") for part in rows]
    np.savez(path + ".inputs.npz", x=x)
    np.savez(path + ".expected.npz", y=products[0], z=products[1])
    return made


def external(path):
    """Tensors in a file beside; one at an offset that its type cannot be read at."""
    folder = os.path.dirname(path)
    os.makedirs(os.path.join(folder, "sub"), exist_ok=True)
    many = np.arange(400, dtype=np.float32).tobytes()
    with open(os.path.join(folder, "sub", "weights.bin"), "wb") as file:
        file.write(b"\0" * 4096 + many + b"\1" + many)
    tensors = []
    for name, entries in (("aligned", {"offset": 4096, "length": 1600}), ("unaligned", {"offset": 5697})):
        made = tensor(name, 1, [400])
        made.data_location = TensorProto.EXTERNAL
        for key, content in {"location": "sub/weights.bin", **entries}.items():
            made.external_data.add(key=key, value=str(content))
        tensors.append(made)
    return constants(tensors)


def sparse():
    """Sparse initializers with linear and with coordinate indices, and a sparse constant."""
    def made(name, indices, shape):
        return onnx.SparseTensorProto(
            values=helper.make_tensor(name, FLOAT, [2], [5, 7]),
            indices=helper.make_tensor("", INT64, np.shape(indices), np.ravel(indices)), dims=shape)
    constant = node("Constant", [], ["c"], sparse_value=made("", [0, 1], [3]))
    return model([constant], [], [unstated("linear"), unstated("coordinates"), unstated("c")],
                 sparse_initializer=[made("linear", [1, 5], [2, 3]), made("coordinates", [[0, 1], [1, 2]], [2, 3])])


def attributes():
    """Every kind of attribute."""
    tensors = [helper.make_tensor("", INT64, [2], [1, 2]), helper.make_tensor("", FLOAT, [], [1])]
    return model([node("Thing", ["x"], ["y"], name="thing", domain="my.domain", f=0.5, i=-3, s="text", t=tensors[0],
                       floats=[1.0, 2.0], ints=[1, -2], strings=["a", "b"], tensors=tensors,
                       tp=helper.make_tensor_type_proto(FLOAT, [2, None]))],
                 [value("x", shape=[2])], [value("y")], domains=[("my.domain", 3)])


def node_constants():
    """Every spelling of Constant."""
    spellings = {"a": {"value": helper.make_tensor("", INT64, [2], [1, 2])}, "b": {"value_float": 1.5},
                 "c": {"value_int": 3}, "d": {"value_floats": [1.0, 2.0]}, "e": {"value_ints": [1, 2]},
                 "f": {"value_string": "x"}, "g": {"value_strings": ["x", "y"]}}
    return model([node("Constant", [], [name], **content) for name, content in spellings.items()], [],
                 [unstated(name) for name in spellings])


def subgraphs():
    """If, whose branches use values from outside, in a Loop, whose body has inputs without types."""
    then_graph = helper.make_graph([node("Relu", ["carried"], ["t"], name="then_relu")], "then", [], [unstated("t")])
    else_graph = helper.make_graph([node("Add", ["carried", "two"], ["e"])], "else", [], [unstated("e")],
                                   initializer=[helper.make_tensor("two", FLOAT, [], [2])])
    body = helper.make_graph([node("If", ["c"], ["next"], name="choose", then_branch=then_graph,
                                   else_branch=else_graph),
                              node("Identity", ["go"], ["go_on"])],
                             "body", [value("i", INT64, []), value("go", BOOL, []), unstated("carried")],
                             [unstated("go_on"), unstated("next")])
    return model([node("Loop", ["", "c", "x"], ["y"], name="loop", body=body)],
                 [value("c", BOOL, []), value("x", shape=[2])], [value("y", shape=[2])])


def functions():
    """A function that calls another, with attributes that refer to the call's, one left out, one with a default."""
    def reference(name, to, kind):
        return onnx.AttributeProto(name=name, ref_attr_name=to, type=kind)
    leaf = node("LeakyRelu", ["a"], ["b"], name="leaky")
    leaf.attribute.append(reference("alpha", "slope", onnx.AttributeProto.FLOAT))
    leaf.attribute.append(reference("gone", "missing", onnx.AttributeProto.INT))
    inner = helper.make_function("local", "inner", ["a", "unused"], ["b"], [leaf], [helper.make_opsetid("", 15)],
                                 ["slope", "missing"])
    newer_field(inner, 11, helper.make_attribute("slope", 0.25))
    call = node("inner", ["u"], ["v"], domain="local", name="call")
    call.attribute.append(reference("slope", "outer_slope", onnx.AttributeProto.FLOAT))
    outer = helper.make_function("local", "outer", ["u"], ["v"], [call], [helper.make_opsetid("local", 1)],
                                 ["outer_slope"])
    return model([node("outer", ["x"], ["m"], domain="local", name="one", outer_slope=0.5),
                  node("outer", ["m"], ["y"], domain="local", name="two")],
                 [value("x", shape=[2])], [value("y", shape=[2])], domains=[("local", 1)], functions=[inner, outer])


def overloads():
    """Two functions of one name, told apart by their overloads."""
    made, calls = [], []
    for overload, op in (("", "Relu"), ("second", "Sigmoid")):
        function = helper.make_function("local", "f", ["a"], ["b"], [node(op, ["a"], ["b"])],
                                        [helper.make_opsetid("", 16)])
        call = node("f", ["x"], [f"y{overload}"], domain="local", name=f"call{overload}")
        if overload:
            newer_field(function, 13, overload)
            newer_field(call, 8, overload)
        made.append(function)
        calls.append(call)
    return model(calls, [value("x", shape=[2])], [unstated("y"), unstated("ysecond")], domains=[("local", 1)],
                 functions=made)


def graph_attribute():
    """A function that passes on a graph of its call, which uses a value around the call."""
    branch = helper.make_graph([node("Relu", ["x"], ["t"])], "branch", [], [unstated("t")])
    choose = node("If", ["c"], ["r"], name="choose")
    for name in ("then_branch", "else_branch"):
        choose.attribute.append(onnx.AttributeProto(name=name, ref_attr_name="g", type=onnx.AttributeProto.GRAPH))
    function = helper.make_function("local", "f", ["c"], ["r"], [choose], [helper.make_opsetid("", 16)], ["g"])
    return model([node("f", ["c"], ["y"], domain="local", name="call", g=branch)],
                 [value("c", BOOL, []), value("x", shape=[2])], [value("y", shape=[2])], domains=[("local", 1)],
                 functions=[function])


def initializer_inputs():
    """An initializer that is listed as input, as old exporters do."""
    return model([node("Add", ["x", "w"], ["y"])], [value("x", shape=[2]), value("w", shape=[2])],
                 [value("y", shape=[2])], initializer=[helper.make_tensor("w", FLOAT, [2], [1, 2])])


def main():
    make, path = globals()[sys.argv[1]], sys.argv[2]
    made = make(path) if make in (external, odd_addresses) else make()
    with open(path, "wb") as file:
        file.write(made.SerializeToString())


if __name__ == "__main__":
    main()
