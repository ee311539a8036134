# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attentions between their linear layers: what passes over whole models rearrange.

    for program, expected in programs(): ...      # as mixed.programs()

Values, offsets and logits are linear layers of the inputs, with their biases as what the products begin with, or added
to the products afterwards. References are numpy in float64.
"""
import numpy as np

import bevref
import harness

# f32: sums of a few dozen terms, and offsets that carry their rounding to the samples.
LIMITS = {"f32": 2e-5, "f16": 4e-3}


class _Layers:
    """Text of linear layers, and what they compute."""

    def __init__(self, rng, element):
        self.rng, self.element = rng, element
        self.arguments, self.lines = {}, []

    def argument(self, name, array, element=None):
        element = element or self.element
        stored = harness.store(np.asarray(array, np.float32) if element != "i1" else array, element)
        type = harness.tensor(stored.shape, element)
        self.arguments[name] = (type, stored)
        return harness.numbers(stored, element).astype(np.float64), type

    def constant(self, name, array):
        """A constant whose numbers decimals of f16 say exactly."""
        exact = np.asarray(array, np.float16).astype(np.float64)
        text = np.array2string(exact, threshold=exact.size, separator=", ", max_line_width=10 ** 9,
                               formatter=dict(float=lambda x: f"{x:.10e}"))
        self.lines.append(f"%{name} = arith.constant dense<{text}> : {harness.tensor(exact.shape, self.element)}"
                          .replace("\n", " "))
        return exact

    def linear(self, name, source, exact, columns, bias_first, split=None):
        """%name = the layer's result [rows, columns], or [*split, columns] where its rows are taken apart before the
        bias is added; returns its numbers. `source`: SSA name of [rows, depth]."""
        rows, depth = exact.shape
        element = self.element
        weight = self.constant(f"{name}_weight", self.rng.standard_normal((depth, columns)) / np.sqrt(depth))
        bias = self.constant(f"{name}_bias", self.rng.standard_normal(columns))
        matrix = harness.tensor((rows, columns), element)
        vector = harness.tensor((columns,), element)
        operands = (f"ins(%{source}, %{name}_weight : {harness.tensor((rows, depth), element)}, "
                    f"{harness.tensor((depth, columns), element)})")
        self.lines.append(f"%{name}_empty = tensor.empty() : {matrix}")
        if bias_first:
            self.lines += [
                f"%{name}_init = linalg.broadcast ins(%{name}_bias : {vector}) outs(%{name}_empty : {matrix}) dimensions = [0]",
                f"%{name} = linalg.matmul {operands} outs(%{name}_init : {matrix}) -> {matrix}"]
            return exact @ weight + bias
        self.lines += [
            f"%{name}_zero = arith.constant 0.0 : {element}",
            f"%{name}_init = linalg.fill ins(%{name}_zero : {element}) outs(%{name}_empty : {matrix}) -> {matrix}",
            f"%{name}_product = linalg.matmul {operands} outs(%{name}_init : {matrix}) -> {matrix}"]
        shape, product = (rows, columns), f"%{name}_product"
        if split:
            shape, product = (*split, columns), f"%{name}_split"
            groups = f"[[{', '.join(map(str, range(len(split))))}], [{len(split)}]]"
            self.lines.append(f"%{name}_split = tensor.expand_shape %{name}_product {groups} output_shape {list(shape)} : "
                              f"{matrix} into {harness.tensor(shape, element)}")
        type = harness.tensor(shape, element)
        loops = ", ".join(f"d{i}" for i in range(len(shape)))
        kinds = ", ".join(['"parallel"'] * len(shape))
        same, last = f"affine_map<({loops}) -> ({loops})>", f"affine_map<({loops}) -> (d{len(shape) - 1})>"
        self.lines += [
            f"%{name}_dest = tensor.empty() : {type}",
            f"%{name} = linalg.generic {{indexing_maps = [{same}, {last}, {same}], "
            f"iterator_types = [{kinds}]}} "
            f"ins({product}, %{name}_bias : {type}, {vector}) outs(%{name}_dest : {type}) {{",
            f"^bb0(%x: {element}, %y: {element}, %out: {element}):",
            f"  %sum = arith.addf %x, %y : {element}",
            f"  linalg.yield %sum : {element}",
            f"}} -> {type}"]
        return exact @ weight + bias

    def expand(self, name, source, shape, groups, target):
        self.lines.append(f"%{name} = tensor.expand_shape %{source} {groups} output_shape {list(target)} : "
                          f"{harness.tensor(shape, self.element)} into {harness.tensor(target, self.element)}")


def _program(seed, op, element, bias_first, heads=2, channels=8, points=4):
    rng = np.random.default_rng(seed)
    text = _Layers(rng, element)
    levels = [(4, 5), (2, 3)]
    positions, queries, depth = sum(h * w for h, w in levels), 17, 12
    batch, outer = (1, {"spatial_cross_attention": 3, "temporal_self_attention": 2}.get(op, 1))
    has_outer = op in ("spatial_cross_attention", "temporal_self_attention")
    frames = outer if op == "temporal_self_attention" else 1
    L, M, D, P = len(levels), heads, channels, points

    rows = outer * positions
    features, _ = text.argument("features", rng.standard_normal((rows, depth)))
    split = (outer, positions)
    value = text.linear("value_rows", "features", features, M * D, bias_first, split)
    shape = (batch, outer, positions, M, D) if has_outer else (batch, positions, M, D)
    if bias_first:
        lead = ", ".join(map(str, range(len(shape) - 2)))
        groups = f"[[{lead}], [{len(shape) - 2}, {len(shape) - 1}]]"
        text.expand("value", "value_rows", (rows, M * D), groups, shape)
    elif has_outer:
        text.expand("value", "value_rows", (*split, M * D), "[[0, 1], [2], [3, 4]]", shape)
    else:
        text.expand("value", "value_rows", (*split, M * D), "[[0], [1], [2, 3]]", shape)
    value = value.reshape(shape)

    query, _ = text.argument("query", rng.standard_normal((queries, depth)))
    samples = frames * L * P
    offsets = text.linear("offset_rows", "query", query, M * samples * 2, bias_first, (batch, queries))
    logits = text.linear("logit_rows", "query", query, M * samples, bias_first, (batch, queries))
    middle = (frames,) if op == "temporal_self_attention" else ()
    offset_shape = (batch, queries, M, *middle, L, P, 2)
    logit_shape = (batch, queries, M, *middle, L * P)
    for name, columns, target in (("offset", M * samples * 2, offset_shape), ("logit", M * samples, logit_shape)):
        inner = ", ".join(map(str, range(2, len(target))))
        if bias_first:
            text.expand(f"{name}s", f"{name}_rows", (queries, columns), f"[[0, 1], [{inner}]]", target)
        else:
            text.expand(f"{name}s", f"{name}_rows", (batch, queries, columns), f"[[0], [1], [{inner}]]", target)
    offsets, logits = offsets.reshape(offset_shape), logits.reshape(logit_shape)

    out = harness.tensor((batch, queries, M, D), element)
    sizes = ", ".join(f"[{h}, {w}]" for h, w in levels)
    types = {name: harness.tensor(array.shape, element)
             for name, array in (("value", value), ("offsets", offsets), ("logits", logits))}
    kind, operands, more = "", ["value"], {}
    if op == "deformable_attention":
        kind = "level "
        more["reference"], types["reference"] = text.argument("reference", rng.random((batch, queries, L, 2)), "f32")
        exact = bevref.deformable_attention(value, more["reference"], offsets, logits, level_shapes=levels,
                                            reference_kind="level", anchor_order="mod")
    elif op == "temporal_self_attention":
        more["reference"], types["reference"] = text.argument(
            "reference", rng.random((batch, frames, queries, L, 2)), "f32")
        exact = bevref.temporal_self_attention(value, more["reference"], offsets, logits, level_shapes=levels)
    else:
        more["uv"], types["uv"] = text.argument("uv", rng.random((batch, outer, queries, 2, 2)), "f32")
        visible = rng.random((batch, outer, queries, 2)) < 0.4
        text.arguments["visible"] = (harness.tensor(visible.shape, "i1"), visible)
        more["visible"], types["visible"] = visible, text.arguments["visible"][0]
        exact = bevref.spatial_cross_attention(value, more["uv"], visible, offsets, logits, level_shapes=levels)
    operands += [*more, "offsets", "logits"]
    text.lines += [
        f"%init = tensor.empty() : {out}",
        f"%r = bev.{op} {kind}levels({sizes}) ins({', '.join('%' + n for n in operands)} : "
        f"{', '.join(types[n] for n in operands)}) outs(%init : {out}) -> {out}"]
    name = f"{op}-{element}-{'bias-first' if bias_first else 'bias-afterwards'}"
    return (harness.Program(name, text.arguments, "\n".join(text.lines), {"out": ("%r", out)}),
            {"out": (exact, LIMITS[element])})


def programs(seed=5):
    """[(Program, {result: (array, relative L2 limit)})]"""
    return [_program(seed + i, op, element, bias_first, heads, channels)
            for i, (op, element, bias_first, heads, channels) in enumerate(
                (op, element, bias_first, heads, channels)
                for op in ("deformable_attention", "spatial_cross_attention", "temporal_self_attention")
                for element, heads, channels in (("f32", 2, 8), ("f16", 3, 16))
                for bias_first in (True, False))]
