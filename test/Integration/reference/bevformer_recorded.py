# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The weights of a recorded BEVFormer export (see shared_models.py), to be put into a graph of examples/bevformer.

An export keeps few of the published parameter names: equal tensors are shared under one name, and weight matrices are
constants without any. So weights are taken in the order in which the export uses them, which is that of the published
code, and each must have the shape that the example asks for.
"""
import dataclasses
import os
import re

import numpy as np

import shared_models

BATCH_NORM_EPSILON = 1e-5


@dataclasses.dataclass
class Recorded:
    """`inputs`, `outputs`: graph names -> arrays; queues of (weight, bias) in the order of use: `linears` [in, out],
    `gemms` [out, in], `norms`, `convolutions`, `projections` (the packed in_proj of self-attention,
    without a bias); `embeddings`: the tensors that are found by their names' ends, or (columns, rows, cameras, levels)
    by where they are used."""
    inputs: dict
    outputs: dict
    linears: list
    gemms: list
    norms: list
    convolutions: list
    projections: list
    embeddings: dict


def _known(graph, tensors):
    """Constants, and what a Transpose or Tile makes of them."""
    known = dict(tensors)
    for node in graph.node:
        if node.input and all(name in known for name in node.input):
            if node.op_type == "Transpose":
                known[node.output[0]] = known[node.input[0]].transpose(node.attribute[0].ints)
            elif node.op_type == "Tile":
                known[node.output[0]] = np.tile(known[node.input[0]], known[node.input[1]])
    return known


def load(group, name):
    """The export NAME.onnx[.gz] of a group as Recorded. Raises shared_models.Unavailable."""
    folder = shared_models.models_folder()
    graph, tensors = shared_models.read_graph(folder, name)
    known = _known(graph, tensors)
    made_by = {output: node for node in graph.node for output in node.output}
    queues = {queue: [] for queue in ("linears", "gemms", "norms", "convolutions", "projections")}
    embeddings = {re.sub(r"^.*?(\w+\.weight)$", r"\1", name): array for name, array in tensors.items()
                  if name.endswith("embedding.weight")}
    for node in graph.node:
        operands = [known.get(name) for name in node.input]
        if node.op_type == "Add":
            for bias, product in ((0, 1), (1, 0)):
                source = made_by.get(node.input[product])
                if operands[bias] is not None and operands[bias].ndim == 1 and source is not None \
                        and source.op_type == "MatMul" and source.input[1] in known:
                    queues["linears"].append((known[source.input[1]], operands[bias]))
            for array in operands:
                if array is not None and array.ndim == 4 and array.shape[1:3] == (1, 1):
                    kind = "levels" if array.shape[0] == 1 else "cameras"
                    embeddings.setdefault(kind, array[:, 0, 0])
        elif node.op_type == "Gemm":
            queues["gemms"].append((operands[1], operands[2]))
        elif node.op_type == "LayerNormalization":
            queues["norms"].append((operands[1], operands[2]))
        elif node.op_type == "Conv":
            queues["convolutions"].append((operands[1], operands[2] if len(operands) > 2 else None))
        elif node.op_type == "Split" and operands[0] is not None and node.input[0].endswith("in_proj_weight"):
            queues["projections"].append((operands[0], None))
        elif node.op_type == "Concat" and "columns" not in embeddings and all(
                array is not None and array.ndim == 3 for array in operands):
            embeddings["columns"], embeddings["rows"] = operands[0][0], operands[1][:, 0]
    with np.load(os.path.join(folder, group + ".npz")) as arrays:
        named = lambda prefix: {key[len(prefix):]: arrays[key] for key in arrays.files if key.startswith(prefix)}
        inputs, outputs = named("in:"), named("out:")
    inputs.pop("img_shape", None)
    return Recorded(inputs, outputs, embeddings=embeddings, **queues)


class Weights:
    """A source of weights for the example's Graph, which takes those of `recorded` in turn."""

    def __init__(self, recorded):
        self.embeddings = recorded.embeddings
        self.linears, self.gemms, self.norms = list(recorded.linears), list(recorded.gemms), list(recorded.norms)
        self.convolutions, self.projections = list(recorded.convolutions), list(recorded.projections)
        self.bias = {}  # of the layers whose weight has been taken
        self.folded = None  # the bias of the last convolution of the backbone

    def _batch_norm(self, leaf, shape):
        """Batch norms are folded in the exports: here they only add the bias of the convolution before them."""
        if leaf == "running_var":
            return np.full(shape, 1 - BATCH_NORM_EPSILON)
        return {"weight": np.ones(shape), "bias": self.folded, "running_mean": np.zeros(shape)}[leaf]

    def _find(self, name, shape):
        layer, _, leaf = name.rpartition(".")
        if re.search(r"(\.|^)(bn\d|downsample\.1)$", layer):
            return self._batch_norm(leaf, shape)
        if leaf.startswith("in_proj_"):
            # The exports of this folder have packed biases of zeros.
            return self.projections.pop(0)[0] if leaf == "in_proj_weight" else np.zeros(shape)
        for end, key in (("col_embed.weight", "columns"), ("row_embed.weight", "rows"), ("cams_embeds", "cameras"),
                         ("level_embeds", "levels")):
            if name.endswith(end):
                return self.embeddings[key]
        if leaf == "weight" and name.endswith("embedding.weight"):
            return self.embeddings[name.split(".")[-2] + ".weight"]
        if leaf == "bias":
            return self.bias[layer]
        if name.startswith(("img_backbone.", "img_neck.")):
            weight, self.folded = self.convolutions.pop(0)
            self.bias[layer] = self.folded = np.zeros(len(weight)) if self.folded is None else self.folded
            return weight
        branch = re.search(r"cls_branches\.(\d+)\.0\.weight$", name)
        if branch and int(branch[1]) > 0:
            # The head has just used the three layers of the box branch before it, which the decoder had taken.
            del self.linears[:3]
        if ".norms." in name or name.endswith("can_bus_mlp.norm.weight") or re.search(
                r"cls_branches\.\d+\.[14]\.weight$", name):
            queue = self.norms
        elif ".can_bus_mlp." in name or ".out_proj." in name:
            queue = self.gemms
        else:
            queue = self.linears
        weight, self.bias[layer] = queue.pop(0)
        return weight

    def tensor(self, name, shape, std, mean=0.0, centre=None):
        array = np.ascontiguousarray(self._find(name, shape), np.float32)
        if array.shape != tuple(shape):
            raise ValueError(f"expected {name} of shape {list(shape)}, but the export has {list(array.shape)}")
        return array
