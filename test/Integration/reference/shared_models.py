# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Single BEVFormer modules recorded as ONNX with inputs and outputs: their linear layers as numpy arrays, the inputs
of their bev op, and a numpy forward of the whole module through bevref.

The folder is $BEV_SHARED_MODELS, or shared/models beside the repository. It holds NAME.npz ('in:NAME', 'out:NAME') and
NAME_op18_dynamo.onnx[.gz]; large tensors are stripped from the graphs and made again by the folder's materialize.py.
Needs the `onnx` package (1.12 suffices). Where either is missing, load() raises Unavailable with the reason.

    layer = load("sca")                    # tsa, sca, decoder_attn, encoder_layer
    layer.weights["value_proj"]            # (weight [in, out], bias [out]): y = x @ weight + bias
    layer.inputs["query"], layer.outputs["output"]
    forward("sca", layer)                  # the output in float64, through the reference

The graphs keep the PyTorch names of the biases alone; each weight matrix is found as the constant operand of the MatMul
whose result that bias is added to. All tensors are float32; batch is 1. The query maps are 20 x 20, the camera feature
map 15 x 25; 8 heads.
"""
import dataclasses
import gzip
import importlib.util
import os
import sys

import numpy as np

import bevref

NAMES = ("tsa", "sca", "decoder_attn", "encoder_layer")
HEADS = 8
BEV_SHAPE = (20, 20)
CAMERA_SHAPE = (15, 25)


class Unavailable(Exception):
    """The models, or what is needed to read them, are not on this machine; the message says which."""


@dataclasses.dataclass
class Layer:
    """One recorded module. `weights`: layer name -> (weight, bias), for linears [in, out] and [out], for norms (gain,
    shift) both [C]; `inputs` and `outputs`: graph names -> arrays; `epsilon`: that of the layer norms, or None."""
    name: str
    weights: dict
    inputs: dict
    outputs: dict
    epsilon: float = None


def models_folder():
    """The path of the models folder. Raises Unavailable where there is none."""
    named = os.environ.get("BEV_SHARED_MODELS")
    root = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
    folder = named or os.path.join(root, "..", "shared", "models")
    if not os.path.isfile(os.path.join(folder, "materialize.py")):
        hint = "BEV_SHARED_MODELS" if named else "set BEV_SHARED_MODELS to it"
        raise Unavailable(f"no models folder with materialize.py at {folder} ({hint})")
    return os.path.abspath(folder)


def _materializer(folder):
    """The folder's materialize.py as a module."""
    specification = importlib.util.spec_from_file_location("bev_materialize", os.path.join(folder, "materialize.py"))
    materialize = importlib.util.module_from_spec(specification)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # leave the folder as it is
    try:
        specification.loader.exec_module(materialize)
    finally:
        sys.dont_write_bytecode = before
    return materialize


def materializer():
    """The models folder's materialize.py as a module. Raises Unavailable."""
    try:
        return _materializer(models_folder())
    except ImportError as error:
        raise Unavailable(f"the onnx package is missing ({error}); Debian: python3-onnx") from None


def inputs_of(name):
    """All inputs of the recorded graph NAME, the large ones made again. Raises Unavailable."""
    folder = models_folder()
    try:
        materialize = _materializer(folder)
    except ImportError as error:
        raise Unavailable(f"the onnx package is missing ({error}); Debian: python3-onnx") from None
    for suffix in (".onnx", ".onnx.gz"):
        path = os.path.join(folder, name + suffix)
        if os.path.isfile(path):
            return materialize.inputs_of(path, materialize.load_stripped(path))
    raise Unavailable(f"no {name}.onnx[.gz] in {folder}")


def read_graph(folder, name):
    """(onnx graph, {tensor name: array}) of NAME.onnx[.gz], stripped tensors made again."""
    try:
        import onnx
        from onnx import numpy_helper
    except ImportError as error:
        raise Unavailable(f"the onnx package is missing ({error}); Debian: python3-onnx") from None
    materialize = _materializer(folder)
    for suffix, opener in ((".onnx", open), (".onnx.gz", gzip.open)):
        path = os.path.join(folder, name + suffix)
        if os.path.isfile(path):
            with opener(path, "rb") as source:
                model = onnx.ModelProto.FromString(source.read())
            break
    else:
        raise Unavailable(f"no {name}.onnx[.gz] in {folder}")
    graph = materialize.fill(model).graph
    return graph, {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}


def load(name):
    """The recorded module `name` (one of NAMES) as a Layer. Raises Unavailable, or ValueError for another name."""
    if name not in NAMES:
        raise ValueError(f"expected one of {', '.join(NAMES)}, but got '{name}'")
    folder = models_folder()
    archive = os.path.join(folder, name + ".npz")
    if not os.path.isfile(archive):
        raise Unavailable(f"no {name}.npz in {folder}")
    graph, tensors = read_graph(folder, name + "_op18_dynamo")
    made_by = {output: node for node in graph.node for output in node.output}
    weights, epsilon, norms = {}, None, 0
    for node in graph.node:
        if node.op_type == "Add":
            for bias, product in (node.input, reversed(node.input)):
                source = made_by.get(product)
                if bias in tensors and source is not None and source.op_type == "MatMul" and source.input[1] in tensors:
                    # 'm.attentions.0.value_proj.bias' -> 'attentions.0.value_proj'
                    weights[bias[len("m."):-len(".bias")]] = (tensors[source.input[1]], tensors[bias])
        elif node.op_type == "LayerNormalization":
            # Equal gains are shared under the first one's name, so norms are named in order of use.
            weights[f"norms.{norms}"] = (tensors[node.input[1]], tensors[node.input[2]])
            epsilon = next(a.f for a in node.attribute if a.name == "epsilon")
            norms += 1
    with np.load(archive) as arrays:
        inputs = {key[3:]: arrays[key] for key in arrays.files if key.startswith("in:")}
        outputs = {key[4:]: arrays[key] for key in arrays.files if key.startswith("out:")}
    return Layer(name, weights, inputs, outputs, epsilon)


def linear(x, weight_and_bias):
    """x [..., in] @ weight [in, out] + bias [out], in float64."""
    weight, bias = (np.asarray(a, np.float64) for a in weight_and_bias)
    return np.asarray(x, np.float64) @ weight + bias


def layer_norm(x, gain_and_shift, epsilon):
    """Normalisation over the last axis, with the biased variance."""
    gain, shift = (np.asarray(a, np.float64) for a in gain_and_shift)
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + epsilon) * gain + shift


def _prefixed(weights, prefix):
    return {key[len(prefix):]: value for key, value in weights.items() if key.startswith(prefix)}


def temporal_op_inputs(weights, query, stacked, position, reference):
    """The operands of temporal_self_attention: query [1,Q,C], stacked [T,Q,C] (previous, current), position [1,Q,C],
    reference [T,Q,L,2] -> dict(value, reference, offsets, logits, level_shapes). The offsets come from
    concat(previous, query + position)."""
    frames, queries, channels = stacked.shape
    mixed = np.concatenate([stacked[:1].astype(np.float64), np.asarray(query, np.float64) + position], axis=-1)
    points = weights["attention_weights"][1].size // (HEADS * frames)
    return dict(value=linear(stacked, weights["value_proj"]).reshape(1, frames, queries, HEADS, channels // HEADS),
                reference=reference[None],
                offsets=linear(mixed, weights["sampling_offsets"]).reshape(1, queries, HEADS, frames, 1, points, 2),
                logits=linear(mixed, weights["attention_weights"]).reshape(1, queries, HEADS, frames, points),
                level_shapes=[BEV_SHAPE])


def spatial_op_inputs(weights, query, features, reference_cam, mask):
    """The operands of spatial_cross_attention: query [1,Q,C], features [N,S,1,C], reference_cam [N,1,Q,Z,2],
    mask [N,1,Q,Z] -> dict(value, uv, visible, offsets, logits, level_shapes)."""
    cameras, positions, _, channels = features.shape
    queries = query.shape[1]
    weights = _prefixed(weights, "deformable_attention.")
    points = weights["attention_weights"][1].size // HEADS
    value = linear(features[:, :, 0], weights["value_proj"])
    return dict(value=value.reshape(1, cameras, positions, HEADS, channels // HEADS),
                uv=reference_cam.transpose(1, 0, 2, 3, 4), visible=mask.transpose(1, 0, 2, 3),
                offsets=linear(query, weights["sampling_offsets"]).reshape(1, queries, HEADS, 1, points, 2),
                logits=linear(query, weights["attention_weights"]).reshape(1, queries, HEADS, points),
                level_shapes=[CAMERA_SHAPE])


def decoder_op_inputs(weights, query, value, position, reference):
    """The operands of deformable_attention (level): query [Q,1,C], value [S,1,C], position [Q,1,C], reference [1,Q,1,2]
    -> dict(value, reference, offsets, logits, level_shapes)."""
    mixed = (np.asarray(query, np.float64) + position).transpose(1, 0, 2)
    queries, positions, channels = query.shape[0], value.shape[0], value.shape[2]
    points = weights["attention_weights"][1].size // HEADS
    return dict(value=linear(value[:, 0], weights["value_proj"]).reshape(1, positions, HEADS, channels // HEADS),
                reference=reference,
                offsets=linear(mixed, weights["sampling_offsets"]).reshape(1, queries, HEADS, 1, points, 2),
                logits=linear(mixed, weights["attention_weights"]).reshape(1, queries, HEADS, points),
                level_shapes=[BEV_SHAPE])


def op_inputs(layer):
    """(op name, its operands in float64 with level_shapes) of the attention in `layer`: tsa, sca or decoder_attn."""
    i, w = layer.inputs, layer.weights
    if layer.name == "tsa":
        return "temporal_self_attention", temporal_op_inputs(w, i["query"], i["prev_bev"], i["bev_pos"], i["ref_2d"])
    if layer.name == "sca":
        return "spatial_cross_attention", spatial_op_inputs(w, i["query"], i["value"], i["reference_points_cam"],
                                                            i["bev_mask"])
    if layer.name == "decoder_attn":
        return "deformable_attention", decoder_op_inputs(w, i["query"], i["value"], i["query_pos"],
                                                         i["reference_points"])
    raise ValueError(f"expected tsa, sca or decoder_attn, but got '{layer.name}'")


def _joined(attended):
    """[B,Q,M,D] -> [B,Q,M*D]."""
    return attended.reshape(attended.shape[:2] + (-1,))


def forward(name, layer=None):
    """The module's output in float64, in the layout of its recorded 'output'."""
    layer = layer or load(name)
    i, w = layer.inputs, layer.weights
    if name != "encoder_layer":
        op, operands = op_inputs(layer)
        projected = linear(_joined(getattr(bevref, op)(**operands)), w["output_proj"])
        return (projected.transpose(1, 0, 2) if name == "decoder_attn" else projected) + i["query"]
    query, epsilon = np.asarray(i["bev_query"], np.float64), layer.epsilon
    temporal, spatial = _prefixed(w, "attentions.0."), _prefixed(w, "attentions.1.")
    operands = temporal_op_inputs(temporal, query, i["prev_bev"], i["bev_pos"], i["ref_2d"])
    query = query + linear(_joined(bevref.temporal_self_attention(**operands)), temporal["output_proj"])
    query = layer_norm(query, w["norms.0"], epsilon)
    operands = spatial_op_inputs(spatial, query, i["value"], i["reference_points_cam"], i["bev_mask"])
    query = query + linear(_joined(bevref.spatial_cross_attention(**operands)), spatial["output_proj"])
    query = layer_norm(query, w["norms.1"], epsilon)
    hidden = np.maximum(linear(query, w["ffns.0.layers.0.0"]), 0)
    return layer_norm(query + linear(hidden, w["ffns.0.layers.1"]), w["norms.2"], epsilon)


def main():
    try:
        for name in NAMES:
            layer = load(name)
            expected = layer.outputs["output"].astype(np.float64)
            error = np.linalg.norm(forward(name, layer) - expected) / np.linalg.norm(expected)
            print(f"{name}: relative L2 {error:.3e} over {list(expected.shape)}; layers "
                  + ", ".join(f"{k} {list(v[0].shape)}" for k, v in layer.weights.items()))
    except Unavailable as reason:
        print(f"skipped: {reason}")


if __name__ == "__main__":
    main()
