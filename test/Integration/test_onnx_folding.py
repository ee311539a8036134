# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What onnx-simplify computes at compile time, against ONNX's own tests of its operators: their inputs become constants,
many cases become one model, and each output must then be a constant with the expected elements. Cases of operators
without an evaluation stay nodes; how many is printed, and operators that have one must fold in every case."""
import collections
import os
import subprocess
import tempfile
import unittest
import warnings

import numpy as np

import harness
import mlir_constants

try:
    import onnx
    from onnx import numpy_helper
    from onnx.backend.test.loader import load_model_tests
    import onnx_node_tests
    MISSING = None
except ImportError as error:
    MISSING = f"no onnx with its node tests: {error}"

# Operators that fold on any constants. Others fold in some cases, or never.
FOLDED = """Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh BitShift BitwiseAnd BitwiseNot BitwiseOr
BitwiseXor BlackmanWindow CastLike Ceil Celu Clip Compress Concat ConstantOfShape Cos Cosh CumSum DepthToSpace Det Div
Elu Equal Erf Exp Expand Flatten Floor Gather GatherElements GatherND Gelu Gemm Greater GreaterOrEqual HammingWindow
HannWindow HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Less LessOrEqual Log LogSoftmax MatMul Max MaxUnpool
Mean Min Mish Mod Mul Neg NegativeLogLikelihoodLoss NonZero Not OneHot Or PRelu Pad Pow Range Reciprocal ReduceL1
ReduceMean ReduceProd ReduceSum Relu Reshape ReverseSequence Round Scatter ScatterElements ScatterND Selu Shape Shrink
Sigmoid Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub
Sum Tan Tanh ThresholdedRelu Tile TopK Transpose Trilu Unsqueeze Where Xor""".split()

# Element types that evaluation computes with and numpy has, by ONNX's numbers.
TYPE_OF_NUMBER = {1: np.float32, 2: np.uint8, 3: np.int8, 4: np.uint16, 5: np.int16, 6: np.int32, 7: np.int64, 9: np.bool_,
                  10: np.float16, 11: np.float64, 12: np.uint32, 13: np.uint64}


def with_constants(model, inputs, prefix):
    """The model's nodes and outputs under a prefix, and its inputs as initializers."""
    graph = model.graph
    rename = lambda name: prefix + name if name else ""  # noqa: E731

    def walk(node):
        node.name = prefix + (node.name or node.op_type)
        for names in (node.input, node.output):
            names[:] = [rename(name) for name in names]
        for attribute in node.attribute:
            for inner in [attribute.g] if attribute.HasField("g") else attribute.graphs:
                subgraph(inner)
        return node

    def subgraph(inner):
        for info in (*inner.input, *inner.output, *inner.value_info, *inner.initializer):
            info.name = rename(info.name)
        for node in inner.node:
            walk(node)

    nodes = [walk(node) for node in graph.node]
    constants = [numpy_helper.from_array(np.array(array), rename(info.name))
                 for info, array in zip(graph.input, inputs)]
    for stored in graph.initializer:
        stored.name = rename(stored.name)
        constants.append(stored)
    for info in graph.output:
        info.name = rename(info.name)
    return nodes, constants, list(graph.output)


def is_numeric(arrays, infos):
    """Whether numpy has the elements as what they are: bfloat16, say, it reads as uint16."""
    return len(arrays) == len(infos) and all(
        isinstance(array, np.ndarray) and array.dtype == TYPE_OF_NUMBER.get(info.type.tensor_type.elem_type)
        for array, info in zip(arrays, infos))


@unittest.skipIf(MISSING, MISSING)
class Folding(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.translate, cls.opt = harness.tool("bev-translate"), harness.tool("bev-opt")
        if not cls.translate or not cls.opt:
            raise unittest.SkipTest("no bev-translate or bev-opt")
        cls.groups = collections.defaultdict(list)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for test in load_model_tests(kind="node"):
                cls.collect(test)

    @classmethod
    def collect(cls, test):
        model = getattr(test, "model", None)
        if model is None:
            path = os.path.join(test.model_dir, "model.onnx")
            try:
                model = onnx.load(path)
            except OSError:
                return
        domains = {opset.domain or "ai.onnx": opset.version for opset in model.opset_import}
        infos = (*model.graph.input, *model.graph.output)
        if set(domains) != {"ai.onnx"} or domains["ai.onnx"] < 9 or model.functions or \
                any(info.type.WhichOneof("value") != "tensor_type" for info in infos):
            return
        try:
            sets = onnx_node_tests.data_sets(test, model)
        except (OSError, TypeError, ValueError):
            return
        for number, (inputs, outputs) in enumerate(sets):
            if is_numeric(inputs, model.graph.input) and is_numeric(outputs, model.graph.output):
                copy = onnx.ModelProto.FromString(model.SerializeToString())
                cls.groups[domains["ai.onnx"]].append((f"{test.name}.{number}", copy, inputs, outputs, test))

    def fold(self, version, cases):
        """The constants that the outputs of the cases become, None where they do not."""
        nodes, constants, outputs, counts = [], [], [], []
        for index, (_, model, inputs, _, _) in enumerate(cases):
            more = with_constants(model, inputs, f"case{index}_")
            for target, part in zip((nodes, constants, outputs), more):
                target.extend(part)
            counts.append(len(more[2]))
        graph = onnx.helper.make_graph(nodes, "cases", [], outputs, constants)
        model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", version)])
        model.ir_version = 8
        with tempfile.TemporaryDirectory() as folder:
            path, code = os.path.join(folder, "cases.onnx"), os.path.join(folder, "cases.mlirbc")
            onnx.save(model, path)
            run = lambda *command: subprocess.run(command, capture_output=True, text=True)  # noqa: E731
            done = run(self.translate, "--import-onnx", path, "--bytecode", "-o", code)
            self.assertEqual(done.returncode, 0, done.stderr)
            done = run(self.opt, code, "-onnx-simplify")
            self.assertEqual(done.returncode, 0, done.stderr[:2000])
        values = mlir_constants.returned(done.stdout)
        self.assertEqual(len(values), sum(counts))
        result = []
        for count in counts:
            result.append(values[:count])
            values = values[count:]
        return result

    def test_node_tests(self):
        folded, kept, wrong = 0, collections.Counter(), []
        for version, cases in sorted(self.groups.items()):
            for (name, model, _, expected, test), actual in zip(cases, self.fold(version, cases)):
                operators = {node.op_type for node in model.graph.node}
                if any(value is None for value in actual):
                    kept["/".join(sorted(operators))] += 1
                    if operators <= set(FOLDED):
                        wrong.append(f"{name}: not folded")
                    continue
                folded += 1
                for value, reference in zip(actual, expected):
                    # What is decomposed was recorded with less precise constants, and so were windows (a pi of 3.1415,
                    # in older versions): ONNX's own tolerance.
                    rough = len(model.graph.node) > 1 or any("Window" in name for name in operators)
                    rtol = test.rtol if rough else 0
                    wrong.extend(f"{name}: {why}" for why in self.differences(value, reference, rtol))
        print(f"folding: {folded} cases folded, {sum(kept.values())} kept")
        print("kept: " + ", ".join(f"{name} {count}" for name, count in kept.most_common()))
        self.assertGreater(folded, 300)
        self.assertFalse(wrong, "\n".join(["", *wrong]))

    @staticmethod
    def differences(value, reference, rtol):
        if value.shape != reference.shape or value.dtype != reference.dtype:
            return [f"is {value.dtype}{value.shape}, not {reference.dtype}{reference.shape}"]
        if reference.dtype.kind != "f":
            return [] if np.array_equal(value, reference) else [f"is {value}, not {reference}"]
        tolerance = {2: 2e-3, 4: 2e-5, 8: 1e-7}[reference.dtype.itemsize]
        if np.allclose(value, reference, rtol=max(tolerance, rtol), atol=tolerance * 1e-1, equal_nan=True):
            return []
        return [f"is {value}, not {reference}"]


if __name__ == "__main__":
    unittest.main()
