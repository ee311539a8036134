#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gradients of deformable attention on a GPU: the compiler's kernels beside the best hand-written ones.

    python3 benchmarks/gpu/backward.py --lib build/lib

For every shape, in fp32 and fp16: microseconds of the gradients of the core op (value, locations,
weights) and of the whole op (value, offsets, logits), all of them and everything that has to be zeroed
included; the relative L2 errors of the three against float64 (where gradients jump, at the centres of
pixels, the side is that of the coordinates in f32), whether a second run repeats the bits, and the
ratio to the best peer (quoted, for an H200). The gradient of value has value's type, as peers give it. `-det` are the deterministic forms. CUDA-graph replays, median; input sets rotate so that
they do not stay in the L2 cache; outputs are poisoned before the check. Needs PyTorch.
"""
import os
import sys

import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cases
import machine
import resources
import shapes
import timing

COLUMNS = [("op", "op", ""), ("shape", "shape", ""), ("dist", "dist", ""), ("type", "dtype", ""),
           ("schedule", "schedule", ""), ("µs", "us", ".2f"),
           ("errors of value, locations, weights", "each", ""), ("repeats", "repeats", ""),
           ("best peer µs", "peer", ""), ("ratio", "ratio", ".2f"),
           ("kernels", "kernels", lambda found: str(len(found))), *resources.columns()]
OUTPUTS = ("value", "locations", "weights")
OPS = ("core", "whole", "core-det", "whole-det")


def source(op, shape, element, schedule=""):
    """The MLIR of the op: its operands, then grad_value and the two others as destinations."""
    B, Q, M, D, L, P = (shape.batch, shape.queries, shape.heads, shape.dim, len(shape.levels), shape.points)
    spell = lambda sizes, type: "tensor<" + "x".join(map(str, sizes)) + f"x{type}>"
    value, row = (B, shape.positions, M, D), spell((B, Q, M, D), element)
    if op.startswith("core"):
        name, kind = "ms_deform_attn_backward", ""
        moved, weights = spell((B, Q, M, L, P, 2), "f32"), spell((B, Q, M, L, P), "f32")
        operands = [spell(value, element), moved, weights, row]
    else:
        name, kind = "deformable_attention_backward", "pillar " if shape.kind == "sca" else "level "
        moved, weights = spell((B, Q, M, L, P, 2), element), spell((B, Q, M, L * P), element)
        operands = [spell(value, element), spell((B, Q, shape.anchors, 2), "f32"), moved, weights, row]
    results = [spell(value, "f32"), moved, weights]
    outs = [spell(value, element), moved, weights]
    buffers = [out.replace("tensor", "memref") for out in outs]
    levels = ", ".join(f"[{h}, {w}]" for h, w in shape.levels)
    lines = [f"  %empty{i} = tensor.empty() : {type}" for i, type in enumerate(results)]
    lines.append(
        f"  %r:3 = bev.{name} {'deterministic ' if op.endswith('-det') else ''}{kind}levels({levels})"
        + (f" schedule(<{schedule}>)" if schedule else "")
        + f" ins({', '.join(f'%a{i}' for i in range(len(operands)))} : {', '.join(operands)})"
        + f" outs(%empty0, %empty1, %empty2 : {', '.join(results)}) -> {', '.join(results)}")
    values = ["%r#0", "%r#1", "%r#2"]
    if element != "f32":
        lines.append(f"  %narrow = arith.truncf %r#0 : {results[0]} to {outs[0]}")
        values[0] = "%narrow"
    for i, (value, out, buffer) in enumerate(zip(values, outs, buffers)):
        lines.append(f"  bufferization.materialize_in_destination {value} in restrict writable %o{i} : "
                     f"({out}, {buffer}) -> ()")
    arguments = [f"%a{i}: {type}" for i, type in enumerate(operands)]
    arguments += [f"%o{i}: {buffer}" for i, buffer in enumerate(buffers)]
    return "\n".join([f"func.func @main({', '.join(arguments)}) {{", *lines, "  return", "}", ""])


def inputs(op, shape, dist, dtype, seed):
    """The operands in order, and poisoned results."""
    x = cases.make_inputs(shape, dist, seed)
    generator = torch.Generator(device="cuda").manual_seed(seed + 1)
    grad = torch.randn(shape.batch, shape.queries, shape.heads, shape.dim, device="cuda",
                       generator=generator).to(dtype)
    value = x["value"].to(dtype)
    if op.startswith("core"):
        weights = x["logits"].softmax(-1).view(x["locations"].shape[:-1]).contiguous()
        operands = [value, x["locations"], weights, grad]
    else:
        operands = [value, x["reference"], x["offsets"].to(dtype), x["logits"].to(dtype), grad]
    outs = [torch.full_like(t, float("nan")) for t in (value, operands[-3], operands[-2])]
    return operands, outs


def coordinates(op, shape, operands):
    """Pixel coordinates of all samples in float64, and the cells that they lie in.

    Gradients jump from cell to cell: the cell is that of the coordinates in f32, which is what an op has."""
    wh = torch.tensor([[w, h] for h, w in shape.levels], device="cuda", dtype=torch.float64)[:, None]
    if op.startswith("core"):
        exact = operands[1].double() * wh - 0.5
        rounded = exact.float()
    else:
        anchor = torch.arange(shape.points, device="cuda") % operands[1].shape[2]
        scaled = operands[1][:, :, anchor][:, :, None, None].double() * wh
        exact = scaled - 0.5 + operands[2].double()
        # The product and its sum are rounded once.
        rounded = (scaled + (operands[2].float() - 0.5).double()).float()
    near = ((rounded > -1) & (rounded < wh)).all(-1)
    return exact, rounded.floor().double(), near, wh


def gradients_float64(op, shape, operands):
    """The three gradients, in float64, on the very operands."""
    levels, points = shape.levels, shape.points
    value, grad = operands[0].double(), operands[-1].double()
    exact, cells, touches, wh = coordinates(op, shape, operands)
    if op.startswith("core"):
        weights = operands[2].double()
    else:
        weights = operands[3].double().softmax(-1).view(exact.shape[:-1])
    B, S, M, D = value.shape
    b = torch.arange(B, device="cuda").view(B, 1, 1, 1)
    m = torch.arange(M, device="cuda").view(1, 1, M, 1)
    grad_value = torch.zeros(B * S * M, D, dtype=torch.float64, device="cuda")
    grad_pixels, grad_weights = torch.zeros_like(exact), torch.zeros_like(weights)
    # Queries at once: a few GB.
    step = max(1, int(1e8 / (B * M * points * D)))
    for first in range(0, shape.queries, step):
        part, start = slice(first, first + step), 0
        g = grad[:, part, :, None]
        for l, (h, w) in enumerate(levels):
            weight, near = weights[:, part, :, l], touches[:, part, :, l]
            x0, y0 = torch.where(near[..., None], cells[:, part, :, l], 0.0).unbind(-1)
            fx, fy = torch.where(near[..., None], exact[:, part, :, l] - cells[:, part, :, l], 0.0).unbind(-1)
            for dy in (0, 1):
                for dx in (0, 1):
                    xi, yi = x0 + dx, y0 + dy
                    cx, cy = fx if dx else 1 - fx, fy if dy else 1 - fy
                    inside = near & (xi >= 0) & (xi < w) & (yi >= 0) & (yi < h)
                    row = start + yi.clamp(0, h - 1).long() * w + xi.clamp(0, w - 1).long()
                    dot = torch.where(inside, (g * value[b, row, m]).sum(-1), 0.0)
                    grad_weights[:, part, :, l] += cx * cy * dot
                    grad_pixels[:, part, :, l, :, 0] += (2 * dx - 1) * cy * weight * dot
                    grad_pixels[:, part, :, l, :, 1] += (2 * dy - 1) * cx * weight * dot
                    share = torch.where(inside, cx * cy * weight, 0.0)[..., None] * g
                    grad_value.index_add_(0, ((b * S + row) * M + m).reshape(-1), share.reshape(-1, D))
            start += h * w
    grad_value = grad_value.view(B, S, M, D)
    if op.startswith("core"):
        return grad_value, grad_pixels * wh, grad_weights
    soft, flat = weights.flatten(3), grad_weights.flatten(3)
    return grad_value, grad_pixels, soft * (flat - (soft * flat).sum(-1, keepdim=True))


def measure(on, op, shape, dist, precision, schedule="", check_only=False):
    """The row of a case: error, repeatability, time and kernels."""
    dtype, element = machine.ELEMENTS[precision]
    row = dict(op=op, shape=shape.name, dist=dist, dtype=precision, schedule=schedule)
    function = on.compiled(source(op, shape, element, schedule))
    bind = lambda case: function.bind([(t.data_ptr(), t.shape) for part in case for t in part])
    case = inputs(op, shape, dist, dtype, 1000)
    call = bind(case)
    call()
    torch.cuda.synchronize()
    operands, outs = case
    errors = []
    for out, expected in zip(outs, gradients_float64(op, shape, operands)):
        errors.append(float((out.double() - expected).norm() / expected.norm()))
    row["errors"], row["error"] = dict(zip(OUTPUTS, errors)), max(errors)
    row["each"] = " ".join(f"{error:.1e}" for error in errors)
    before = [out.clone() for out in outs]
    call()
    torch.cuda.synchronize()
    row["repeats"] = str(all(torch.equal(a, b) for a, b in zip(before, outs))).lower()
    if check_only:
        return row
    total = sum(t.numel() * t.element_size() for part in case for t in part)
    kept = [case] + [inputs(op, shape, dist, dtype, 1000 + i) for i in range(1, timing.input_sets(total))]
    row["us"] = timing.time_calls([bind(case) for case in kept], on.library)
    row["peer"] = shapes.BACKWARD_PEER.get(precision, {}).get(shape.name)
    if row["peer"]:
        row["ratio"] = row["us"] / row["peer"]
    row.update(resources.of_row(call, on))
    return row


def add_options(parser):
    """Which cases."""
    parser.add_argument("--shapes", default=",".join(shapes.BACKWARD_PEER["fp32"]))
    parser.add_argument("--dist", default="model", help="of model, uniform")
    parser.add_argument("--ops", default="core,whole", help="of " + ", ".join(OPS))
    parser.add_argument("--schedules", default="", help="schedules to force, separated by ';'")


def run(on, args):
    """The table of all cases that the options ask for; its rows."""
    chosen = [(op, next(s for s in shapes.SHAPES if s.name == name), dist, precision, schedule)
              for name in args.shapes.split(",") for dist in args.dist.split(",")
              for precision in args.dtypes.split(",") for op in args.ops.split(",")
              for schedule in args.schedules.split(";")]
    on.compile_all(source(op, shape, machine.ELEMENTS[precision][1], schedule)
                   for op, shape, _, precision, schedule in chosen)
    table = on.report.table("backward", COLUMNS)
    for op, shape, dist, precision, schedule in chosen:
        try:
            row = measure(on, op, shape, dist, precision, schedule, args.check_only)
        except (RuntimeError, OSError) as error:
            row = dict(op=op, shape=shape.name, dist=dist, dtype=precision, schedule=schedule,
                       failed=str(error))
        table.add(row)
        torch.cuda.empty_cache()
    return table.rows


if __name__ == "__main__":
    machine.main(__doc__, add_options, run)
