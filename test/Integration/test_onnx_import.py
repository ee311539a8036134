# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models that are not valid, or hostile: bev-translate ends with a status of its own, not with a signal, soon, and
says what is wrong in exactly one error, which names the node or tensor."""
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest

import harness

sys.path.insert(0, os.path.join(harness.HERE, "..", "Import", "ONNX", "Inputs"))
from models import (BOOL, FLOAT, INT64, constants, model, node, tensor, unstated, value)  # noqa: E402
import models  # noqa: E402
import onnx  # noqa: E402
from onnx import helper  # noqa: E402

CRASHES = ("LLVM ERROR", "Stack dump", "PLEASE submit a bug report", "Assertion", "terminate called", "AddressSanitizer",
           "runtime error:", "core dumped", "libprotobuf")

X, Y = value("x", shape=[2]), value("y", shape=[2])


def chain(*nodes, **more):
    return model(list(nodes), [X], [Y], **more)


def weights(**fields):
    """A model with one initializer, which is not right."""
    return constants([tensor("w", **fields)])


def external(location, **more):
    made = tensor("w", 1, [4])
    made.data_location = onnx.TensorProto.EXTERNAL
    for key, content in {"location": location, **more}.items():
        if content is not None:
            made.external_data.add(key=key, value=str(content))
    return constants([made])


def sparse(indices, index_shape, shape, values=(1.0, 2.0)):
    made = onnx.SparseTensorProto(values=helper.make_tensor("w", FLOAT, [len(values)], values),
                                  indices=tensor("", INT64, index_shape, int64_data=indices), dims=shape)
    return model([], [], [unstated("w")], sparse_initializer=[made])


def with_type(make):
    """A model whose input has another kind of type."""
    info = onnx.ValueInfoProto(name="x")
    make(info.type)
    return model([node("Relu", ["x"], ["y"])], [info], [Y])


def output_type(make):
    made = model([node("Thing", ["x"], ["y"])], [X], [unstated("y")])
    make(made.graph.output[0].type)
    return made


def changed(change):
    made = chain(node("Relu", ["x"], ["y"]))
    change(made)
    return made


def function(name, nodes, inputs=("a",), outputs=("b",), **more):
    return helper.make_function("local", name, list(inputs), list(outputs), nodes, [helper.make_opsetid("local", 1)],
                                **more)


def calls(name, functions, **more):
    return chain(node(name, ["x"], ["y"], domain="local", name="call"), domains=[("local", 1)], functions=functions,
                 **more)


def doubling():
    """40 functions, each of which calls the next twice: 2^40 nodes."""
    made = [function(f"f{i}", [node(f"f{i + 1}", ["a"], ["m"], domain="local"),
                               node(f"f{i + 1}", ["m"], ["b"], domain="local")]) for i in range(40)]
    return calls("f0", made + [helper.make_function("local", "f40", ["a"], ["b"], [node("Relu", ["a"], ["b"])],
                                                    [helper.make_opsetid("", 16)])])


def call_chain():
    """1000 functions, each of which calls the next."""
    made = [function(f"f{i}", [node(f"f{i + 1}", ["a"], ["b"], domain="local")]) for i in range(1000)]
    return calls("f0", made + [function("f1000", [])])


def nested(depth):
    graph = helper.make_graph([], "innermost", [], [unstated("x")])
    for i in range(depth):
        graph = helper.make_graph([node("If", ["c"], [f"r{i}"], then_branch=graph)], f"g{i}", [],
                                  [unstated(f"r{i}")])
    return model([node("If", ["c"], ["y"], then_branch=graph)], [X, value("c", BOOL, [])], [Y])


def branch(graph, after=()):
    return model([node("If", ["c"], ["y"], name="if", then_branch=graph), *after], [X, value("c", BOOL, [])], [Y])


def recursive_attribute():
    """An attribute that refers to one outside of a function."""
    made = chain(node("LeakyRelu", ["x"], ["y"], name="leaky"))
    made.graph.node[0].attribute.add(name="alpha", ref_attr_name="beta", type=onnx.AttributeProto.FLOAT)
    return made


def raw_attribute(**fields):
    made = chain(node("Thing", ["x"], ["y"], name="thing"))
    made.graph.node[0].attribute.add(**fields)
    return made


HUGE = 1 << 40

# What is wrong: the model, what the error says.
BAD = {
    # Files.
    "an empty file": (b"", "the file is not an ONNX model: it has no graph"),
    "text": (b"SELECT * FROM cameras;\n", "the file is not an ONNX model, or it is truncated"),
    "garbage": (bytes(random.Random(1).randrange(256) for _ in range(400)), "the file is not an ONNX model"),
    "a length past the end": (b"\x08\x08\x3a\xff\xff\xff\xff\x0f", "is not an ONNX model, or it is truncated"),
    # Models.
    "no graph": (onnx.ModelProto(ir_version=8), "the file is not an ONNX model: it has no graph"),
    "no IR version": (changed(lambda m: m.ClearField("ir_version")), "it has no IR version"),
    "an old IR version": (changed(lambda m: setattr(m, "ir_version", 2)), "has IR version 2; expected 3 or newer"),
    "a negative IR version": (changed(lambda m: setattr(m, "ir_version", -1)), "has IR version -1; expected 3"),
    "no operator set": (changed(lambda m: m.ClearField("opset_import")), "the model imports no operator set"),
    "an old operator set": (chain(node("Relu", ["x"], ["y"]), opset=8),
                            "imports version 8 of operator set 'ai.onnx'; expected 9 or newer"),
    "two versions": (chain(node("Relu", ["x"], ["y"]), domains=[("ai.onnx", 12)]),
                     "imports versions 16 and 12 of operator set 'ai.onnx'"),
    "no domain": (chain(node("Thing", ["x"], ["y"], name="n", domain="d")),
                  "ONNX node 'n' (d.Thing): the model imports no operator set of domain 'd'"),
    # Graphs.
    "no outputs": (model([], [X], []), "the model's graph has no outputs"),
    "an empty graph": (changed(lambda m: m.graph.Clear()), "the model's graph has no outputs"),
    "an undefined output": (model([], [X], [Y]), "the output 'y', which is no input, initializer or output of a node"),
    "an undefined input": (chain(node("Add", ["x", "z"], ["y"], name="n")),
                           "ONNX node 'n' (Add): input 'z' is no input, initializer or output of a node"),
    "the wrong order": (chain(node("Relu", ["m"], ["y"], name="n"), node("Relu", ["x"], ["m"], name="o")),
                        "ONNX node 'n' (Relu): input 'm' is made by node 'o', which comes later"),
    "a cycle": (chain(node("Add", ["x", "b"], ["a"], name="n"), node("Relu", ["a"], ["c"], name="o"),
                      node("Relu", ["c"], ["b"], name="p"), node("Relu", ["b"], ["y"])),
                "ONNX node 'n' (Add): it is part of a cycle: 'n' uses 'p', which uses 'o', which uses 'n'"),
    "a cycle of one": (chain(node("Add", ["x", "y"], ["y"], name="n")),
                       "ONNX node 'n' (Add): it is part of a cycle: 'n' uses 'n'"),
    "two outputs of a name": (chain(node("Relu", ["x"], ["y"]), node("Relu", ["x"], ["y"], name="n")),
                              "ONNX node 'n' (Relu): its output 'y' is the name of another value too"),
    "an output like an input": (chain(node("Relu", ["x"], ["x"], name="n")),
                                "ONNX node 'n' (Relu): its output 'x' is the name of another value too"),
    "two inputs of a name": (model([node("Relu", ["x"], ["y"])], [X, X], [Y]), "two inputs named 'x'"),
    "two results of a name": (model([node("Relu", ["x"], ["y"])], [X], [Y, Y]), "two outputs named 'y'"),
    "two initializers of a name": (constants([tensor("w", 1, [1], float_data=[1])] * 2),
                                   "two initializers named 'w'"),
    "an input without a name": (model([], [value("", shape=[2])], [Y]), "an input of the model has no name"),
    "an initializer without a name": (constants([tensor("", 1, [1], float_data=[1])]),
                                      "an initializer has no name"),
    "a node without operator": (chain(node("", ["x"], ["y"], name="n")), "ONNX node 'n' (): it has no operator"),
    # Types.
    "an input without type": (model([], [unstated("x")], [Y]), "input 'x' has no type"),
    "an unset type": (with_type(lambda t: setattr(t, "denotation", "IMAGE")), "input 'x' has no type"),
    "no element type": (with_type(lambda t: t.tensor_type.shape.dim.add(dim_value=2)),
                        "input 'x' has no element type"),
    "an unknown element type": (model([], [value("x", 99, [2])], [unstated("x")]),
                                "input 'x' has elements of type number 99"),
    "a sequence": (with_type(lambda t: t.sequence_type.elem_type.tensor_type.__setattr__("elem_type", 1)),
                   "input 'x' is a sequence; only tensors can be inputs"),
    "a map": (with_type(lambda t: t.map_type.__setattr__("key_type", 7)), "input 'x' is a map"),
    "an optional": (with_type(lambda t: t.optional_type.elem_type.tensor_type.__setattr__("elem_type", 1)),
                    "input 'x' is an optional"),
    "a sparse input": (with_type(lambda t: t.sparse_tensor_type.__setattr__("elem_type", 1)),
                       "input 'x' is a sparse tensor"),
    "a sequence as output": (output_type(lambda t: t.sequence_type.elem_type.tensor_type.__setattr__("elem_type", 1)),
                             "output 'y' is a sequence"),
    "a negative size": (model([node("Relu", ["x"], ["y"])], [value("x", shape=[2, -1])], [Y]),
                        "dimension 1 of input 'x' is -1; expected a size"),
    "a negative size between": (model([node("Relu", ["x"], ["y"])], [X], [Y], value_info=[value("m", shape=[-5])]),
                                "dimension 0 of value 'm' is -5"),
    "a large product": (model([node("Relu", ["x"], ["y"])], [value("x", shape=[HUGE, HUGE])], [Y]),
                        "input 'x' has sizes 1099511627776x1099511627776, whose product is too large"),
    # Tensors.
    "too few elements": (weights(element=1, shape=[3], float_data=[1, 2]),
                         "tensor 'w': its sizes 3 are 3 elements of 32 bits, but its data has 8 bytes"),
    "too many bytes": (weights(element=7, shape=[], raw_data=b"123456789"), "but its data has 9 bytes"),
    "too few strings": (weights(element=8, shape=[2], string_data=[b"a"]), "2 strings, but its data has 1"),
    "2^40 elements": (weights(element=1, shape=[HUGE], raw_data=b"1234"),
                      "are 1099511627776 elements of 32 bits, but its data has 4 bytes"),
    "2^40 elements without data": (weights(element=9, shape=[HUGE]), "but its data has 0 bytes"),
    "2^80 elements": (weights(element=1, shape=[HUGE, HUGE], raw_data=b""), "negative or have too large a product"),
    "2^80 elements and none": (weights(element=1, shape=[HUGE, HUGE, 0], raw_data=b""), "too large a product"),
    "a negative size of a tensor": (weights(element=1, shape=[-1], raw_data=b""), "its sizes -1 are negative"),
    "an unknown element type of a tensor": (weights(element=77, shape=[1], raw_data=b"1"),
                                            "tensor 'w': its element type is number 77"),
    "no element type of a tensor": (weights(element=0, shape=[1], raw_data=b"1"), "its element type is number 0"),
    "two sets of data": (weights(element=1, shape=[1], raw_data=b"1234", float_data=[1]), "raw data and typed data"),
    "segments": (changed(lambda m: m.graph.initializer.add(name="w", data_type=1, dims=[1]).segment.__setattr__(
        "begin", 1)), "its data is in segments"),
    # External data.
    "no location": (external(None), "its data is external, but no location says where"),
    "a missing file": (external("missing.bin"), "cannot be read: No such file or directory; keep it beside"),
    "a path that escapes": (external("../outside.bin"), "must be in the model's folder or below it"),
    "a path that escapes later": (external("sub/../../outside.bin"), "must be in the model's folder or below it"),
    "an absolute path": (external("/etc/passwd"), "must be in the model's folder or below it"),
    "a path of Windows": (external("..\\outside.bin"), "must be in the model's folder or below it"),
    "a path with NUL": (external("weights.bin\0x"), "has a NUL character"),
    "a link that escapes": (external("link.bin"), "is a link to a file outside the model's folder"),
    "a folder link that escapes": (external("linked/outside.bin"), "is a link to a file outside the model's folder"),
    "a folder": (external("folder"), "it is not a regular file"),
    "a pipe": (external("pipe"), "it is not a regular file"),
    "an offset past the end": (external("weights.bin", offset=17), "which has only 16"),
    "a length past the end of data": (external("weights.bin", offset=8, length=16), "bytes 8 to 8 + 16 of"),
    "a length that overflows": (external("weights.bin", offset=8, length=2**64 - 8), "which has only 16"),
    "a negative offset": (external("weights.bin", offset=-4), "the offset of its external data is '-4'"),
    "an offset that is no number": (external("weights.bin", offset="0x4"), "expected a number of bytes"),
    "a short length": (external("weights.bin", length=12), "are 4 elements of 32 bits, but its data has 12 bytes"),
    "an empty file of data": (external("empty.bin"), "but its data has 0 bytes"),
    "external strings": (changed(lambda m: m.graph.initializer.add(name="w", data_type=8, data_location=1)),
                         "its strings are external data"),
    # Sparse tensors.
    "a sparse index outside": (sparse([0, 9], [2], [3]), "its index 9 is outside of a size of 3"),
    "a negative sparse index": (sparse([0, 0, 0, -1], [2, 2], [3, 3]), "its index -1 is outside of a size of 3"),
    "sparse indices of another count": (sparse([0], [1], [3]), "it is sparse: expected values of sizes [n]"),
    "2^40 sparse elements": (sparse([0, 1], [2], [HUGE]), "would have 1099511627776 elements"),
    "sparse without elements": (sparse([0, 1], [2], [0]), "its index 0 is outside of a size of 0"),
    # Attributes.
    "an attribute without name": (raw_attribute(i=1, type=2), "ONNX node 'thing' (Thing): an attribute has no name"),
    "an attribute without value": (raw_attribute(name="a"), "attribute 'a': it has no value of a kind"),
    "a list of graphs": (raw_attribute(name="a", type=onnx.AttributeProto.GRAPHS), "lists of graphs are not"),
    "a list of types": (raw_attribute(name="a", type=onnx.AttributeProto.TYPE_PROTOS), "lists of types are not"),
    "a list of sparse tensors": (raw_attribute(name="a", type=onnx.AttributeProto.SPARSE_TENSORS),
                                 "lists of sparse tensors are not"),
    "an attribute's bad tensor": (raw_attribute(name="a", type=4, t=tensor("", 1, [2])),
                                  "ONNX node 'thing' (Thing): attribute 'a': its sizes 2 are 2 elements"),
    "an attribute's kind of type": (
        raw_attribute(name="a", type=13, tp=onnx.TypeProto(sequence_type=onnx.TypeProto.Sequence())),
        "attribute 'a': it is the type of a sequence"),
    "an attribute that refers outside": (recursive_attribute(), "attribute 'alpha' refers to 'beta', but only"),
    "a constant without value": (chain(node("Constant", [], ["y"], name="n")),
                                 "ONNX node 'n' (Constant): expected one attribute, the value, but got 0"),
    "a constant of another kind": (chain(node("Constant", [], ["y"], name="n", value=1)),
                                   "attribute 'value' is no value of a constant"),
    "a constant of tensors as strings": (
        chain(node("Constant", [], ["y"], name="n", value_strings=[tensor("", 1, [0])])),
        "attribute 'value_strings' is no value of a constant"),
    "a constant with an input": (chain(node("Constant", ["x"], ["y"], value_int=1)), "expected no inputs and one"),
    # Subgraphs and functions.
    "an undefined output of a graph": (branch(helper.make_graph([], "g", [], [unstated("z")])),
                                       "graph 'g' has the output 'z', which is no input"),
    "two inputs of a graph": (branch(helper.make_graph([], "g", [X, X], [unstated("x")])),
                              "ONNX node 'if' (If): graph 'g' has two inputs named 'x'"),
    "a later value outside": (
        branch(helper.make_graph([node("Relu", ["later"], ["r"], name="in")], "g", [], [unstated("r")]),
               after=[node("Relu", ["x"], ["later"], name="o")]),
        "ONNX node 'in' (Relu): input 'later' is made by node 'o', which comes later"),
    "a recursive function": (calls("f", [function("f", [node("f", ["a"], ["b"], domain="local", name="again")])]),
                             "ONNX node 'call/again' (local.f): function 'f' calls itself"),
    "functions that call each other": (
        calls("f", [function("f", [node("g", ["a"], ["b"], domain="local", name="g")]),
                    function("g", [node("f", ["a"], ["b"], domain="local", name="f")])]),
        "ONNX node 'call/g/f' (local.f): function 'f' calls itself"),
    "functions in functions": (call_chain(), "graphs and functions are in each other more than 100 times"),
    "functions that double": (doubling(), "have more than 262144 nodes when they are inlined"),
    "two functions of a name": (calls("f", [function("f", [])] * 2), "defines function 'f' of domain 'local' twice"),
    "too many inputs of a call": (calls("f", [function("f", [], inputs=[])]), "it has 1 inputs and 1 outputs, but"),
    "two inputs of a function": (calls("f", [function("f", [], inputs=["a", "a"])]), "two inputs named 'a'"),
    "an undefined output of a function": (calls("f", [function("f", [])]), "function 'f' has the output 'b', which"),
    "graphs in graphs": (nested(60), "the file is not an ONNX model, or it is truncated"),
}


def bytes_of(made):
    return made if isinstance(made, bytes) else made.SerializeToString()


class ImportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tool = harness.tool("bev-translate")
        if cls.tool is None:
            raise RuntimeError("no bev-translate: set BEV_BIN_DIR to the folder that has it")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = os.path.join(folder.name, "model")
        os.makedirs(os.path.join(cls.folder, "folder"))
        for name, content in (("model/weights.bin", bytes(16)), ("model/empty.bin", b""), ("outside.bin", bytes(16))):
            with open(os.path.join(folder.name, name), "wb") as file:
                file.write(content)
        os.symlink(os.path.join("..", "outside.bin"), os.path.join(cls.folder, "link.bin"))
        os.symlink("..", os.path.join(cls.folder, "linked"))
        os.mkfifo(os.path.join(cls.folder, "pipe"))

    def translate(self, content, *options):
        """(exit status, stderr) of an import."""
        path = os.path.join(self.folder, "model.onnx")
        with open(path, "wb") as file:
            file.write(content)
        done = subprocess.run([self.tool, "--import-onnx", path, "-o", os.devnull, *options], capture_output=True,
                              text=True, errors="replace", timeout=60, stdin=subprocess.DEVNULL)
        return done.returncode, done.stderr

    def check_error(self, name, status, stderr, message):
        self.assertEqual(status, 2, f"{name}: exit status {status}: {stderr}")
        for word in CRASHES:
            self.assertNotIn(word, stderr, name)
        errors = [line for line in stderr.splitlines() if "error: " in line]
        self.assertEqual(len(errors), 1, f"{name}: {stderr}")
        self.assertIn(message, errors[0], name)
        self.assertFalse(errors[0].endswith("."), errors[0])

    def test_bad_models(self):
        for name, (made, message) in BAD.items():
            with self.subTest(name):
                start = time.time()
                status, stderr = self.translate(bytes_of(made))
                self.check_error(name, status, stderr, message)
                self.assertLess(time.time() - start, 30, name)

    def test_attribute_twice(self):
        made = raw_attribute(name="a", i=1, type=2)
        made.graph.node[0].attribute.add(name="a", i=2, type=2)
        self.check_error("an attribute twice", *self.translate(bytes_of(made)), "attribute 'a' is given twice")

    def test_data_twice(self):
        def field(number, content):
            size, head = len(content), [number << 3 | 2]
            while size >= 128:
                head.append(size & 127 | 128)
                size >>= 7
            return bytes(head + [size]) + content
        graph, initializer, raw_data, float_data = 7, 5, 9, 4
        empty = bytes_of(model([], [], [unstated("w")]))
        # More than a kilobyte stays in the file, so that protobuf cannot put the parts together.
        for first, second in ((2000, 2000), (2000, 500), (500, 2000)):
            for number, count, message in ((raw_data, second // 4, "its raw data is given twice"),
                                           (float_data, (first + second) // 4, "its numbers are in several parts")):
                made = tensor("w", 1, [count]).SerializeToString() + b"".join(
                    field(number, bytes(size)) for size in (first, second))
                status, stderr = self.translate(empty + field(graph, field(initializer, made)))
                self.check_error(f"{first} and {second} bytes", status, stderr, f"'w': {message}")
        made = tensor("w", 1, [500]).SerializeToString() + field(raw_data, bytes(2000)) + field(float_data, bytes(2000))
        self.check_error("raw and typed", *self.translate(empty + field(graph, field(initializer, made))),
                         "'w': it has raw data and typed data")

    def test_bad_options(self):
        made = bytes_of(models.dims())
        for options, message in (
                (["--input-shape=c=1"], "a shape is given of input 'c', which the model does not have; its inputs are "
                                        "'a', 'b'"),
                (["--dim=c=1"], "a size is given of dimension 'c', which the model does not have; its symbolic "
                                "dimensions are 'batch', 'h'"),
                (["--input-shape=a=1"], "the shape that is given of input 'a' has 1 sizes, but the model's has 4"),
                (["--input-shape=a=1x3x1x1", "--dim=batch=2"],
                 "dimension 'batch' is 1 in the shape that is given of input 'a', but 2 elsewhere"),
                (["--input-shape=b=4611686018427387904x4"], "whose product is too large"),
                (["--input-shape=a"], "expected '--input-shape' to be like"),
                (["--input-shape=a=1xx2"], "expected '--input-shape' to be like"),
                (["--input-shape=a=-1"], "expected '--input-shape' to be like"),
                (["--input-shape=b=1", "--input-shape=b=2"], "'--input-shape' gives the shape of 'b' twice"),
                (["--dim=batch=x"], "expected '--dim' to be like"),
                (["--dim=batch=?"], "expected '--dim' to be like"),
                (["--dim=h=1", "--dim=h=1"], "'--dim' gives the size of 'h' twice")):
            with self.subTest(options=options):
                self.check_error(str(options), *self.translate(made, *options), message)

    def test_bad_files(self):
        for name, path, message in (("a folder", self.folder, "the model cannot be read: it is a folder"),
                                    ("no file", os.path.join(self.folder, "no.onnx"), "No such file or directory")):
            with self.subTest(name):
                done = subprocess.run([self.tool, "--import-onnx", path], capture_output=True, text=True, timeout=60)
                self.check_error(name, done.returncode, done.stderr, message)

    def test_truncated(self):
        """No prefix of a model crashes; few are models."""
        whole = bytes_of(models.functions()) + bytes_of(models.subgraphs())
        for made in (models.functions(), models.subgraphs(), models.raw_types()):
            content = bytes_of(made)
            for length in range(0, len(content), max(1, len(content) // 8)):
                status, stderr = self.translate(content[:length])
                self.check_error(f"{length} bytes", status, stderr, "")
        # Two messages one after the other are one with the fields of both.
        status, stderr = self.translate(whole)
        self.assertIn(status, (0, 2), stderr)

    def test_mutated(self):
        """Bytes changed at random: an import or one error."""
        source = random.Random(7)
        imported = 0
        for made in (models.basic(), models.functions(), models.subgraphs(), models.typed_data(), models.sparse()):
            content = bytes_of(made)
            for _ in range(6):
                changed_bytes = bytearray(content)
                for _ in range(source.randrange(1, 5)):
                    changed_bytes[source.randrange(len(content))] = source.randrange(256)
                status, stderr = self.translate(bytes(changed_bytes))
                imported += status == 0
                if status != 0:
                    self.check_error("mutated", status, stderr, "")
        print(f"  {imported} of 30 mutated models were imported", flush=True)


if __name__ == "__main__":
    unittest.main()
