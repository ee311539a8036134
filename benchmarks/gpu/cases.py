# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Inputs of multi-scale deformable attention, and the formula in float64.

Samples lie where trained models place them ("model": reference point plus a few pixels) or anywhere
in the map ("uniform"). The shapes are in shapes.py.
"""
import math

import torch

from shapes import BEST_PEER, SHAPES, WHOLE_SHAPES, Shape  # noqa: F401  (for those who import this)


def _grid(h, w, device):
    """Cell centres of an h x w map, (x, y) in 0 ... 1, [h*w, 2]."""
    y = (torch.arange(h, device=device, dtype=torch.float32) + 0.5) / h
    x = (torch.arange(w, device=device, dtype=torch.float32) + 0.5) / w
    yy, xx = torch.meshgrid(y, x, indexing="ij")
    return torch.stack((xx, yy), -1).reshape(-1, 2)


def project_pillars(side, tiny, device):
    """Pillars of a side x side grid (102.4 m wide, four heights) in six pinhole cameras.

    Returns points [6, side*side, 4, 2] in units of the image, and which of them each camera sees,
    [6, side*side, 4]."""
    yaws = (0.0, -55.0, 55.0, 180.0, 110.0, -110.0)
    focal = (1266.0, 1266.0, 1266.0, 809.0, 1256.0, 1256.0)
    width, height = 1600.0, (960.0 if tiny else 928.0)
    c = (torch.arange(side, device=device, dtype=torch.float32) + 0.5) / side * 102.4 - 51.2
    yy, xx = torch.meshgrid(c, c, indexing="ij")
    x, y = xx.reshape(-1, 1), yy.reshape(-1, 1)
    z = (torch.arange(4, device=device, dtype=torch.float32) + 0.5) / 4 * 8 - 5
    points, masks = [], []
    for yaw, f in zip(yaws, focal):
        a = math.radians(yaw)
        depth = (x * math.cos(a) + y * math.sin(a) - 1.0).expand(-1, 4)
        left = (-x * math.sin(a) + y * math.cos(a)).expand(-1, 4)
        up = (z + 0.3).expand(x.shape[0], 4)
        front = depth > 0.1
        d = depth.clamp(min=0.1)
        uv = torch.stack(((800.0 - f * left / d) / width, (450.0 - f * up / d) / height), -1)
        inside = front & ((uv > 0) & (uv < 1)).all(-1)
        uv = torch.where(front[..., None], uv, torch.full_like(uv, -1.0)).clamp(-1.0, 2.0)
        points.append(uv)
        masks.append(inside)
    return torch.stack(points), torch.stack(masks)


def make_inputs(shape, dist, seed, device="cuda"):
    """f32 value [B,S,M,D], reference [B,Q,R,2], offsets [B,Q,M,L,P,2] in pixels, locations
    [B,Q,M,L,P,2] in 0 ... 1 and logits [B,Q,M,L*P]."""
    g = torch.Generator(device=device).manual_seed(seed)
    B, Q, M, L, P, D = (shape.batch, shape.queries, shape.heads, len(shape.levels), shape.points,
                        shape.dim)

    def normal(*size):
        return torch.randn(*size, device=device, generator=g)

    value = normal(B, shape.positions, M, D)
    logits = normal(B, Q, M, L * P)
    wh = torch.tensor([[w, h] for h, w in shape.levels], device=device, dtype=torch.float32)
    wh = wh[None, None, None, :, None]
    if dist == "uniform":
        reference = torch.full((B, Q, shape.anchors, 2), 0.5, device=device)
        locations = torch.rand(B, Q, M, L, P, 2, device=device, generator=g)
        offsets = (locations - 0.5) * wh
        return dict(value=value, reference=reference, offsets=offsets, locations=locations,
                    logits=logits)
    if shape.kind == "tsa":
        reference = _grid(*shape.levels[0], device)[None, :, None].expand(B, -1, -1, -1)
    elif shape.kind == "grid":  # the first queries of a square grid, whatever the levels
        side = math.ceil(math.sqrt(Q))
        reference = _grid(side, side, device)[None, :Q, None].expand(B, -1, -1, -1)
    elif shape.kind == "enc":
        grids = torch.cat([_grid(h, w, device) for h, w in shape.levels])
        reference = grids[None, :, None].expand(B, -1, -1, -1)
    elif shape.kind == "dec":
        reference = torch.rand(B, Q, 1, 2, device=device, generator=g)
    else:
        tiny = L == 1
        points, visible = project_pillars(50 if tiny else 200, tiny, device)
        mask = visible.any(-1)
        if Q == points.shape[1]:
            reference = points
        else:  # the queries that each camera sees, in order, then zeros, as rebatching leaves them
            reference = torch.zeros(B, Q, 4, 2, device=device)
            for b in range(B):
                seen = mask[b].nonzero()[:, 0]
                if seen.numel() > Q:
                    seen = seen[torch.linspace(0, seen.numel() - 1, Q, device=device).long()]
                reference[b, :seen.numel()] = points[b, seen]
    reference = reference.contiguous()
    angle = torch.arange(M, device=device, dtype=torch.float32) * (2 * math.pi / M)
    direction = torch.stack((angle.cos(), angle.sin()), -1)
    direction = direction / direction.abs().amax(-1, keepdim=True)
    step = torch.arange(1, P + 1, device=device, dtype=torch.float32)
    offsets = (direction[None, None, :, None, None] * step[None, None, None, None, :, None]
               + 0.5 * normal(B, Q, M, L, P, 2))
    anchor = torch.arange(P, device=device) % shape.anchors
    locations = reference[:, :, anchor][:, :, None, None] + offsets / wh
    return dict(value=value, reference=reference, offsets=offsets,
                locations=locations.contiguous(), logits=logits)


def attention_float64(value, levels, locations, weights):
    """The formula in float64. value [B,S,M,D], locations [B,q,M,L,P,2], weights [B,q,M,L,P] to
    [B,q,M,D]."""
    B, _, M, D = value.shape
    b = torch.arange(B, device=value.device).view(B, 1, 1, 1)
    m = torch.arange(M, device=value.device).view(1, 1, M, 1)
    out = torch.zeros(B, locations.shape[1], M, D, dtype=torch.float64, device=value.device)
    start = 0
    for level, (h, w) in enumerate(levels):
        x = locations[:, :, :, level, :, 0].double() * w - 0.5
        y = locations[:, :, :, level, :, 1].double() * h - 0.5
        weight = weights[:, :, :, level].double()
        for dy in (0, 1):
            for dx in (0, 1):
                xi, yi = x.floor() + dx, y.floor() + dy
                c = (1 - (x - xi).abs()) * (1 - (y - yi).abs()) * weight
                inside = (xi >= 0) & (xi < w) & (yi >= 0) & (yi < h)
                row = start + yi.clamp(0, h - 1).long() * w + xi.clamp(0, w - 1).long()
                out += (torch.where(inside, c, 0.0)[..., None] * value[b, row, m].double()).sum(3)
        start += h * w
    return out
