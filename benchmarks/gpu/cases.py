# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The benchmark shapes of multi-scale deformable attention, and their inputs.

Shapes are those of BEVFormer tiny and base, Deformable-DETR's encoder and a BEV decoder. Inputs are
placed where trained models place them ("model": reference point plus a few pixels) or anywhere in
the map ("uniform").
"""
import math
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Shape:
    """Sizes of one case: batch B, queries Q, levels [(H, W)], points P, heads M, channels D."""

    name: str
    batch: int
    queries: int
    levels: tuple
    points: int
    kind: str  # where samples lie: tsa, sca, enc or dec
    heads: int = 8
    dim: int = 32

    @property
    def positions(self):
        """S, the flattened positions of all levels."""
        return sum(h * w for h, w in self.levels)

    @property
    def anchors(self):
        """Reference points per query: Z for pillars, else 1."""
        return 4 if self.kind == "sca" else 1

    def floor_bytes(self, element_size):
        """Bytes that must move: value, locations, weights and output, each once."""
        return self._bytes(element_size, self.batch, self.batch)

    def whole_floor_bytes(self, element_size, op):
        """The same for the attention over all cameras or frames, whose output is one, as are the
        offsets and logits of all cameras."""
        return self._bytes(element_size, self.batch if op == "temporal" else 1, 1)

    def _bytes(self, element_size, sampled, results):
        samples = sampled * self.queries * self.heads * len(self.levels) * self.points
        value = self.batch * self.positions * self.heads * self.dim
        out = results * self.queries * self.heads * self.dim
        return (value + 3 * samples + out) * element_size


_BASE = ((116, 200), (58, 100), (29, 50), (15, 25))
_DETR = ((100, 167), (50, 84), (25, 42), (13, 21))
_DETR_POSITIONS = sum(h * w for h, w in _DETR)
SHAPES = [
    Shape("tiny-TSA", 2, 2500, ((50, 50),), 4, "tsa"),
    Shape("tiny-SCA-700", 6, 700, ((15, 25),), 8, "sca"),
    Shape("tiny-SCA-2500", 6, 2500, ((15, 25),), 8, "sca"),
    Shape("base-TSA", 2, 40000, ((200, 200),), 4, "tsa"),
    Shape("base-SCA-9675", 6, 9675, _BASE, 8, "sca"),
    Shape("base-SCA-40000", 6, 40000, _BASE, 8, "sca"),
    Shape("DETR-enc-B1", 1, _DETR_POSITIONS, _DETR, 4, "enc"),
    Shape("DETR-enc-B4", 4, _DETR_POSITIONS, _DETR, 4, "enc"),
    Shape("decoder", 1, 900, ((200, 200),), 4, "dec"),
]

# What one op does for all cameras or frames, which are the batch here.
WHOLE_SHAPES = [
    Shape("tiny-cameras", 6, 2500, ((15, 25),), 8, "sca"),
    Shape("base-cameras", 6, 40000, _BASE, 8, "sca"),
    Shape("tiny-frames", 2, 2500, ((50, 50),), 4, "tsa"),
    Shape("base-frames", 2, 40000, ((200, 200),), 4, "tsa"),
]

# Microseconds on an NVIDIA H200 of the best hand-written kernel whose error is below 1e-3 (fp16) or
# 1e-5 (fp32): the core op, and the whole op from logits, reference points and offsets.
BEST_PEER = {
    "fp32": {
        "core": {"tiny-TSA": 9.37, "tiny-SCA-700": 12.1, "tiny-SCA-2500": 18.6, "base-TSA": 100,
                 "base-SCA-9675": 612, "base-SCA-40000": 1202, "DETR-enc-B1": 116,
                 "DETR-enc-B4": 439, "decoder": 6.07},
        "whole": {"tiny-TSA": 17.8, "tiny-SCA-700": 23.4, "tiny-SCA-2500": 37.8, "base-TSA": 142,
                  "base-SCA-9675": 821, "base-SCA-40000": 2036, "DETR-enc-B1": 162,
                  "DETR-enc-B4": 600, "decoder": 11.0},
    },
    "fp16": {
        "core": {"tiny-TSA": 7.46, "tiny-SCA-700": 10.7, "tiny-SCA-2500": 15.9, "base-TSA": 71.7,
                 "base-SCA-9675": 393, "base-SCA-40000": 766, "DETR-enc-B1": 94.6,
                 "DETR-enc-B4": 348, "decoder": 6.06},
        "whole": {"tiny-TSA": 16.3, "tiny-SCA-700": 21.8, "tiny-SCA-2500": 35.1, "base-TSA": 109,
                  "base-SCA-9675": 584, "base-SCA-40000": 1521, "DETR-enc-B1": 138,
                  "DETR-enc-B4": 496, "decoder": 10.2},
    },
}


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
