# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""MLIR modules of the benchmarks: one op from tensors into a destination of the caller's."""


def _shape(sizes, element):
    return "x".join(str(size) for size in sizes) + f"x{element}"


def _levels(levels):
    return ", ".join(f"[{h}, {w}]" for h, w in levels)


def module(op, prefix, inputs, output, schedule=None, layout=None):
    """`op` with `prefix` attributes; inputs [(name, sizes, element)], output (sizes, element). With layout
    "head_major" the first input, value, has its heads before its positions."""
    if layout == "head_major":
        name, sizes, element = inputs[0]
        inputs = [(name, (*sizes[:-3], sizes[-2], sizes[-3], sizes[-1]), element), *inputs[1:]]
        prefix += f" value_layout({layout})"
    out = _shape(*output)
    arguments = ", ".join(f"%{name}: tensor<{_shape(sizes, element)}>" for name, sizes, element in inputs)
    operands = ", ".join(f"%{name}" for name, _, _ in inputs)
    types = ", ".join(f"tensor<{_shape(sizes, element)}>" for _, sizes, element in inputs)
    chosen = f" schedule(<{schedule}>)" if schedule else ""
    return f"""
func.func @main({arguments}, %out: memref<{out}>) {{
  %empty = tensor.empty() : tensor<{out}>
  %result = bev.{op} {prefix}{chosen}
    ins({operands} : {types})
    outs(%empty : tensor<{out}>) -> tensor<{out}>
  bufferization.materialize_in_destination %result in restrict writable %out
    : (tensor<{out}>, memref<{out}>) -> ()
  return
}}
"""


def core(shape, element, weights="f32", schedule=None, layout=None):
    """bev.ms_deform_attn: value, locations, weights -> out."""
    B, Q, M, D, L, P = (shape.batch, shape.queries, shape.heads, shape.dim, len(shape.levels),
                        shape.points)
    return module("ms_deform_attn", f"levels({_levels(shape.levels)})",
                  [("value", (B, shape.positions, M, D), element),
                   ("locations", (B, Q, M, L, P, 2), "f32"),
                   ("weights", (B, Q, M, L, P), weights)], ((B, Q, M, D), element), schedule, layout)


def whole(shape, element, schedule=None, layout=None):
    """bev.deformable_attention: value, reference, offsets, logits -> out."""
    B, Q, M, D, L, P = (shape.batch, shape.queries, shape.heads, shape.dim, len(shape.levels),
                        shape.points)
    kind = "pillar" if shape.kind == "sca" else "level"
    return module("deformable_attention", f"{kind} levels({_levels(shape.levels)})",
                  [("value", (B, shape.positions, M, D), element),
                   ("reference", (B, Q, shape.anchors, 2), "f32"),
                   ("offsets", (B, Q, M, L, P, 2), element),
                   ("logits", (B, Q, M, L * P), element)], ((B, Q, M, D), element), schedule, layout)


def spatial(shape, element, schedule=None, layout=None):
    """bev.spatial_cross_attention: value, uv, visible, offsets, logits -> out; cameras are the shape's batch."""
    N, Q, M, D, L, P, Z = (shape.batch, shape.queries, shape.heads, shape.dim, len(shape.levels),
                           shape.points, shape.anchors)
    return module("spatial_cross_attention", f"levels({_levels(shape.levels)})",
                  [("value", (1, N, shape.positions, M, D), element),
                   ("uv", (1, N, Q, Z, 2), "f32"), ("visible", (1, N, Q, Z), "i1"),
                   ("offsets", (1, Q, M, L, P, 2), element),
                   ("logits", (1, Q, M, L * P), element)], ((1, Q, M, D), element), schedule, layout)


def temporal(shape, element, schedule=None, layout=None):
    """bev.temporal_self_attention: value, reference, offsets, logits -> out; frames are the shape's batch."""
    T, Q, M, D, L, P = (shape.batch, shape.queries, shape.heads, shape.dim, len(shape.levels),
                        shape.points)
    return module("temporal_self_attention", f"levels({_levels(shape.levels)})",
                  [("value", (1, T, shape.positions, M, D), element),
                   ("reference", (1, T, Q, L, 2), "f32"),
                   ("offsets", (1, Q, M, T, L, P, 2), element),
                   ("logits", (1, Q, M, T, L * P), element)], ((1, Q, M, D), element), schedule, layout)


# The clauses of pools and of what leads to them, with how many operands each has.
POOLS = {
    "ranks": ("voxel_pool", (("ins", 1), ("depth", 1), ("points", 2), ("intervals", 3))),
    "bounds": ("interval_pool", (("ins", 1), ("depth", 1), ("points", 2), ("bounds", 1))),
    "calibrated": ("interval_pool", (("ins", 1), ("depth", 1), ("points", 2), ("bounds", 1))),
    "segments": ("voxel_pool", (("ins", 1), ("depth", 1), ("segments", 2), ("bounds", 1))),
    "lifted": ("voxel_pool", (("ins", 1), ("intervals", 3))),
    "cells": ("voxel_pool", (("ins", 1), ("depth", 1), ("cells", 1))),
    "frustum": ("frustum_to_voxel", (("ins", 3), ("image_augmentation", 1))),
}


def pool(op, prefix, operands, output, constants=()):
    """The op POOLS[op] with `prefix` attributes; operands [(sizes, element)], output (sizes, element).
    The last operands are `constants`, the bytes of each, and no arguments of the function."""
    name, clauses = POOLS[op]
    types = [f"tensor<{_shape(*operand)}>" for operand in operands]
    given = len(types) - len(constants)
    arguments = ", ".join(f"%a{i}: {type}" for i, type in enumerate(types[:given]))
    values = "\n".join(f'  %a{given + i} = arith.constant dense<"0x{data.hex()}"> : {types[given + i]}'
                       for i, data in enumerate(constants))
    text, first, out = [], 0, _shape(*output)
    for clause, count in clauses:
        numbers = range(first, first + count)
        text.append(f"{clause}({', '.join(f'%a{i}' for i in numbers)} : "
                    f"{', '.join(types[i] for i in numbers)})")
        first += count
    return f"""
func.func @main({arguments}, %out: memref<{out}>) {{
{values}
  %empty = tensor.empty() : tensor<{out}>
  %result = bev.{name} {prefix} {' '.join(text)}
    outs(%empty : tensor<{out}>) -> tensor<{out}>
  bufferization.materialize_in_destination %result in restrict writable %out
    : (tensor<{out}>, memref<{out}>) -> ()
  return
}}
"""


def pool_prefix(op, shape, schedule=None):
    """What stands between the op's name and its operands; the shape is of pooling_shapes.py."""
    if op != "frustum":
        return f"schedule(<{schedule}>)" if schedule else ""
    numbers = lambda values: ", ".join(map(str, values))
    return (f"image_size([{numbers(shape.image)}]) lower([{numbers(shape.lower)}]) "
            f"cell_size([{numbers(shape.cell)}]) grid_size([{numbers(shape.grid)}])")
