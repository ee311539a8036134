# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's recurrent layers and its attention against float64 numpy (reference/onnx_layers.py): what ONNX's own tests of
them leave out. Batch sizes and lengths are symbolic in every second case."""
import os
import tempfile
import unittest

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import harness
import onnx_layers

LIMIT = 2e-6
F32 = TensorProto.FLOAT


def node_model(op, version, arrays, shapes, attributes, outputs):
    """A model of one node. `arrays` has its inputs, None for what is left out; those with a shape in `shapes` (names
    stand for symbolic sizes) are inputs of the model, others initializers."""
    node = helper.make_node(op, [name if array is not None else "" for name, array in arrays.items()],
                            outputs, name="layer", **{k: v for k, v in attributes.items() if v is not None})
    inputs = [helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(arrays[name].dtype)
                                            if hasattr(helper, "np_dtype_to_tensor_dtype")
                                            else onnx.mapping.NP_TYPE_TO_TENSOR_TYPE[arrays[name].dtype], shape)
              for name, shape in shapes.items()]
    weights = [numpy_helper.from_array(array, name) for name, array in arrays.items()
               if array is not None and name not in shapes]
    graph = helper.make_graph([node], "graph", inputs,
                              [helper.make_tensor_value_info(name, F32, None) for name in outputs], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)])
    model.ir_version = 8
    return model


class Layers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.runner = harness.Runner("cpu")

    def run_node(self, *node):
        model, arrays, shapes = node_model(*node), node[2], node[3]
        with tempfile.TemporaryDirectory(prefix="bev-layers-") as folder:
            path, arguments, results = (os.path.join(folder, n) for n in ("model.onnx", "inputs.npz", "results.npz"))
            onnx.save(model, path)
            np.savez(arguments, **{name: arrays[name] for name in shapes})
            status, _, stderr = self.runner.command([path, "--inputs", arguments, "--output", results])
            self.assertEqual(status, 0, stderr[-3000:])
            loaded = harness.load_results(results)
        return [loaded[name] for name in node[5]]

    def judge(self, title, actual, expected):
        for number, (a, e) in enumerate(zip(actual, expected)):
            self.assertEqual(a.shape, e.shape)
            comparison = harness.compare.compare(a, e)
            print(f"  {title}, output {number}: {comparison}; limit {LIMIT:.0e}", flush=True)
            self.assertTrue(comparison.within(LIMIT), str(comparison))

    # -----------------------------------------------------------------------------------------------------------------

    def check_recurrent(self, number, kind, title, lengths=None, start=False, bias=True, peepholes=False, **attributes):
        rng = np.random.default_rng(number)
        length, batch, size, hidden = 7, 3, 5, 4
        gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[kind]
        directions = 2 if attributes.get("direction") == "bidirectional" else 1
        make = lambda *shape: rng.normal(0, 0.7, shape).astype(np.float32)  # noqa: E731
        first = attributes.get("layout", 0)
        state = (batch, directions, hidden) if first else (directions, batch, hidden)
        arrays = {
            "x": make(batch, length, size) if first else make(length, batch, size),
            "w": make(directions, gates * hidden, size), "r": make(directions, gates * hidden, hidden),
            "b": make(directions, 2 * gates * hidden) if bias else None,
            "lengths": None if lengths is None else np.array(lengths, np.int32),
            "start": make(*state) if start else None}
        if kind == "LSTM":
            arrays["start_cell"] = make(*state) if start else None
            arrays["peepholes"] = make(directions, 3 * hidden) if peepholes else None
        symbolic = [None, None, size]
        shapes = {"x": symbolic if number % 2 else list(arrays["x"].shape)}
        for name in ("lengths", "start"):
            if arrays[name] is not None:
                shapes[name] = list(arrays[name].shape)
        expected = onnx_layers.recurrent(kind, *arrays.values(), **attributes) if kind == "LSTM" else \
            onnx_layers.recurrent(kind, *arrays.values(), None, None, **attributes)
        outputs = ["all", "last"] + (["last_cell"] if kind == "LSTM" else [])
        actual = self.run_node(kind, 14, arrays, shapes, dict(attributes, hidden_size=hidden), outputs)
        self.judge(f"{kind}, {title}", actual, expected)

    def test_recurrent(self):
        cases = [
            ("LSTM", "plain", {}),
            ("LSTM", "symbolic sizes", dict(start=True)),
            ("LSTM", "both directions, lengths", dict(direction="bidirectional", lengths=[7, 1, 4], start=True)),
            ("LSTM", "backwards, symbolic sizes", dict(direction="reverse", bias=False)),
            ("LSTM", "peepholes, clip", dict(peepholes=True, clip=0.3, start=True)),
            ("LSTM", "coupled gates, batch first", dict(input_forget=1, layout=1, start=True)),
            ("LSTM", "other functions", dict(activations=["HardSigmoid", "ScaledTanh", "LeakyRelu"],
                                             activation_alpha=[0.3, 1.1, 0.2], activation_beta=[0.4, 0.8])),
            ("GRU", "linear before reset, symbolic sizes", dict(linear_before_reset=1, start=True)),
            ("GRU", "both directions, lengths", dict(direction="bidirectional", lengths=[2, 7, 5])),
            ("GRU", "linear before reset, no biases", dict(linear_before_reset=1, bias=False)),
            ("GRU", "backwards, lengths, batch first", dict(direction="reverse", layout=1, lengths=[3, 7, 6])),
            ("RNN", "symbolic sizes", {}),
            ("RNN", "functions of both directions", dict(direction="bidirectional", activations=["Affine", "Elu"],
                                                         activation_alpha=[0.5, 0.7], activation_beta=[0.1])),
            ("RNN", "Softsign, symbolic sizes", dict(activations=["Softsign"], lengths=[1, 2, 3])),
            ("RNN", "ThresholdedRelu", dict(activations=["ThresholdedRelu"], activation_alpha=[0.2])),
        ]
        for number, (kind, title, options) in enumerate(cases):
            with self.subTest(f"{kind}, {title}"):
                self.check_recurrent(number, kind, title, **options)

    # -----------------------------------------------------------------------------------------------------------------

    def check_attention(self, number, title, flat=False, heads=(4, 4), rows=5, columns=6, past=0, mask=None,
                        lengths=None, **attributes):
        rng = np.random.default_rng(100 + number)
        batch, size, value_size = 2, 8, 6
        make = lambda *shape: rng.normal(0, 1, shape).astype(np.float32)  # noqa: E731
        arrays = {"q": make(batch, heads[0], rows, size), "k": make(batch, heads[1], columns, size),
                  "v": make(batch, heads[1], columns, value_size)}
        if flat:
            arrays = {name: np.ascontiguousarray(x.transpose(0, 2, 1, 3)).reshape(batch, x.shape[2], -1)
                      for name, x in arrays.items()}
            attributes.update(q_num_heads=heads[0], kv_num_heads=heads[1])
        shapes = {name: list(x.shape) for name, x in arrays.items()}
        if number % 2:
            for name, shape in shapes.items():
                shape[0], shape[1 if flat else 2] = None, None
        arrays["mask"] = None
        if mask is not None:
            kind, shape = mask
            arrays["mask"] = rng.random(shape) < 0.7 if kind == bool else make(*shape)
            shapes["mask"] = [None if number % 2 else n for n in shape]
        arrays["past_key"] = make(batch, heads[1], past, size) if past else None
        arrays["past_value"] = make(batch, heads[1], past, value_size) if past else None
        arrays["lengths"] = None if lengths is None else np.array(lengths, np.int64)
        for name in ("past_key", "past_value", "lengths"):
            if arrays[name] is not None:
                shapes[name] = list(arrays[name].shape)
        expected = onnx_layers.attention(*arrays.values(), **attributes)
        self.judge(title, self.run_node("Attention", 24, arrays, shapes, attributes, ["y"]), [expected])

    def test_attention(self):
        cases = [
            ("plain", {}),
            ("symbolic sizes", dict(flat=True)),
            ("shared keys, flat", dict(heads=(6, 2), flat=True, scale=0.2)),
            ("shared keys, symbolic sizes", dict(heads=(4, 1), mask=(float, (5, 6)))),
            ("mask of truths that is short", dict(mask=(bool, (2, 1, 5, 4)))),
            ("short mask, past, symbolic sizes", dict(mask=(float, (1, 4, 5, 7)), past=3, is_causal=1)),
            ("windows", dict(left_window_size=1, right_window_size=0, softcap=1.5)),
            ("window and past, symbolic sizes", dict(left_window_size=2, past=4, flat=True, is_causal=1)),
            ("lengths, of which one has no place for some", dict(lengths=[6, 3], is_causal=1)),
            ("lengths and mask, symbolic sizes", dict(lengths=[2, 6], mask=(bool, (5, 6)))),
        ]
        for number, (title, options) in enumerate(cases):
            with self.subTest(title):
                self.check_attention(number, title, **options)


if __name__ == "__main__":
    unittest.main(verbosity=2)
