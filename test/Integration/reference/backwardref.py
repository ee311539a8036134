# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The gradients of the attention ops in float64 numpy, from the chain rule; letters and the sampling rule as in
bevref.py. Nothing here is shared with the compiler.

A sample that is not within (-1, W) x (-1, H) pixels has no part in any gradient. A neighbour inside the map counts in
the derivatives along x and y even where its weight is 0, that is at the centre of a pixel, where the derivative is the
one to the right or below.
"""
import numpy as np


def _levels(level_shapes):
    start = 0
    for h, w in level_shapes:
        yield int(h), int(w), start
        start += int(h) * int(w)


def _corners(x, y, height, width):
    """(flat index, weight, d weight / dx, d weight / dy, in the map) of each neighbour, elementwise."""
    with np.errstate(invalid="ignore"):
        near = (x > -1) & (x < width) & (y > -1) & (y < height)
    x, y = np.where(near, x, 0), np.where(near, y, 0)
    x0, y0 = np.floor(x), np.floor(y)
    fx, fy = x - x0, y - y0
    for cy, wy, sy in ((y0, 1 - fy, -1), (y0 + 1, fy, 1)):
        for cx, wx, sx in ((x0, 1 - fx, -1), (x0 + 1, fx, 1)):
            inside = near & (cx >= 0) & (cx < width) & (cy >= 0) & (cy < height)
            index = np.where(inside, cy * width + cx, 0).astype(np.int64)
            yield index, wx * wy, sx * wy, sy * wx, inside


def sampled(value, x, y, weights, grad_out, level_shapes):
    """Gradients of value [B,S,M,D], of pixel coordinates and of weights [B,Q,M,L,P]: (grad_value, grad_x, grad_y,
    grad_weights), given those of the result [B,Q,M,D]."""
    value, grad_out, weights = (np.asarray(a, np.float64) for a in (value, grad_out, weights))
    batch = np.arange(value.shape[0])[:, None, None, None]
    head = np.arange(value.shape[2])[None, None, :, None]
    grad_value = np.zeros(value.shape)
    grad_x, grad_y, grad_weights = (np.zeros(weights.shape) for _ in range(3))
    g = grad_out[:, :, :, None, :]
    with np.errstate(invalid="ignore", over="ignore"):
        for l, (h, w, start) in enumerate(_levels(level_shapes)):
            image, weight = value[:, start:start + h * w], weights[:, :, :, l]
            for index, c, dx, dy, inside in _corners(x[:, :, :, l], y[:, :, :, l], h, w):
                dot = np.where(inside[..., None], g * image[batch, index, head], 0).sum(-1)
                grad_weights[:, :, :, l] += np.where(inside & (c != 0), c * dot, 0)
                grad_x[:, :, :, l] += np.where(inside, dx * weight * dot, 0)
                grad_y[:, :, :, l] += np.where(inside, dy * weight * dot, 0)
                part = np.where(inside[..., None], (c * weight)[..., None] * g, 0)
                b, q, m, p = np.nonzero(inside)
                np.add.at(grad_value, (b, start + index[b, q, m, p], m), part[b, q, m, p])
    return grad_value, grad_x, grad_y, grad_weights


def _sizes(level_shapes):
    return np.array([[w, h] for h, w in level_shapes], np.float64)


def ms_deform_attn(value, locations, weights, grad_out, level_shapes):
    """(grad_value, grad_locations, grad_weights, pixels [B,Q,M,L,P,2])."""
    sizes = _sizes(level_shapes)[:, None]
    with np.errstate(invalid="ignore", over="ignore"):
        pixels = np.asarray(locations, np.float64) * sizes - 0.5
    gv, gx, gy, gw = sampled(value, pixels[..., 0], pixels[..., 1], weights, grad_out, level_shapes)
    return gv, np.stack((gx, gy), -1) * sizes, gw, pixels


def deformable_attention(value, reference, offsets, logits, grad_out, level_shapes, reference_kind,
                         anchor_order="mod"):
    """(grad_value, grad_offsets, grad_logits, pixels, grad_reference)."""
    reference, offsets, logits = (np.asarray(a, np.float64) for a in (reference, offsets, logits))
    levels, points = offsets.shape[3:5]
    count = reference.shape[2]
    r = np.zeros((levels, points), int)
    if reference_kind == "pillar":
        p = np.arange(points)
        r[:] = p % count if anchor_order == "mod" else p // (points // count)
    elif count != 1:
        r[:] = np.arange(levels)[:, None]
    at = reference[:, :, r][:, :, None]  # [B,Q,1,L,P,2|4]
    sizes = _sizes(level_shapes)[:, None]
    box = reference_kind == "box"
    scale = at[..., 2:] * (sizes * 0.5 / points) if box else np.ones_like(at)
    with np.errstate(invalid="ignore", over="ignore"):
        pixels = at[..., :2] * sizes - 0.5 + offsets * scale
        e = np.exp(logits - logits.max(-1, keepdims=True))
        weights = e / e.sum(-1, keepdims=True)
        split = weights.reshape(weights.shape[:3] + (levels, points))
        gv, gx, gy, gw = sampled(value, pixels[..., 0], pixels[..., 1], split, grad_out, level_shapes)
        moved = np.stack((gx, gy), -1)
        gw = gw.reshape(weights.shape)
        grad_logits = weights * (gw - (weights * gw).sum(-1, keepdims=True))
        # Of the reference points: what moves a sample moves them all.
        per_sample = moved * sizes
        if box:
            per_sample = np.concatenate((per_sample, moved * offsets * (sizes * 0.5 / points)), -1)
        grad_reference = np.zeros(reference.shape)
        for l in range(levels):
            for p in range(points):
                grad_reference[:, :, r[l, p]] += per_sample[:, :, :, l, p].sum(2)
        return gv, moved * scale, grad_logits, pixels, grad_reference
