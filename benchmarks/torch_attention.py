# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Multi-scale deformable attention composed of PyTorch's operators, in two forms: one `grid_sample` per
level, as models without a kernel do it, and four gathers that a compiler can fuse into one kernel.

value [B,S,M,D], locations [B,Q,M,L,P,2] in 0 ... 1, weights [B,Q,M,L,P] to [B,Q,M,D].
"""
import torch
import torch.nn.functional as F


def channels_first(value, levels):
    """[B,S,M,D] to one [B*M,D,h,w] per level."""
    B, _, M, D = value.shape
    parts = value.split([h * w for h, w in levels], 1)
    return [part.permute(0, 2, 3, 1).reshape(B * M, D, h, w) for part, (h, w) in zip(parts, levels)]


def sample(maps, locations, weights):
    """The core op from channels-first maps: [B,Q,M,D]."""
    B, Q, M, L, P, _ = locations.shape
    grids = 2 * locations - 1
    samples = []
    for level, values in enumerate(maps):
        grid = grids[:, :, :, level].transpose(1, 2).flatten(0, 1)  # [B*M,Q,P,2]
        samples.append(F.grid_sample(values, grid, mode="bilinear", padding_mode="zeros",
                                     align_corners=False))  # [B*M,D,Q,P]
    weights = weights.transpose(1, 2).reshape(B * M, 1, Q, L * P)
    out = (torch.stack(samples, -2).flatten(-2) * weights).sum(-1)  # [B*M,D,Q]
    return out.view(B, M, -1, Q).permute(0, 3, 1, 2).contiguous()


def grid_form(value, levels, locations, weights):
    """`grid_sample` wants coordinates of the maps' type, which costs half precision its accuracy."""
    return sample(channels_first(value, levels), locations.to(value.dtype), weights.to(value.dtype))


def gather_form(value, levels, locations, weights):
    """Coordinates and sums in f32, whatever the type of `value`."""
    B, _, M, _ = value.shape
    b = torch.arange(B, device=value.device).view(B, 1, 1, 1)
    m = torch.arange(M, device=value.device).view(1, 1, M, 1)
    out, start = 0, 0
    for level, (h, w) in enumerate(levels):
        x = (locations[:, :, :, level, :, 0].float() * w - 0.5).clamp(-1, w)
        y = (locations[:, :, :, level, :, 1].float() * h - 0.5).clamp(-1, h)
        weight = weights[:, :, :, level].float()
        left, top = x.floor(), y.floor()
        for row, vertical in ((top, 1 - (y - top)), (top + 1, y - top)):
            for column, horizontal in ((left, 1 - (x - left)), (left + 1, x - left)):
                inside = (column >= 0) & (column < w) & (row >= 0) & (row < h)
                corner = torch.where(inside, horizontal * vertical * weight, 0.0)
                at = start + row.clamp(0, h - 1).long() * w + column.clamp(0, w - 1).long()
                out = out + (corner[..., None] * value[b, at, m].float()).sum(3)
        start += h * w
    return out.to(value.dtype)


FORMS = {"grid": grid_form, "gather": gather_form}


def sizes_of(levels, device):
    """(width, height) of each level, f32 [L,2]."""
    return torch.tensor([[w, h] for h, w in levels], dtype=torch.float32, device=device)


def locations_of(sizes, reference, offsets):
    """Sampling locations from reference points [B,Q,R,2] and offsets in pixels [B,Q,M,L,P,2]: point p
    starts from reference point p mod R."""
    anchors, points = reference.shape[2], offsets.shape[4]
    start = reference if anchors == 1 else reference[:, :, torch.arange(
        points, device=reference.device) % anchors]
    return start[:, :, None, None] + offsets.to(reference.dtype) / sizes[:, None]


def whole(attend, levels, sizes, value, reference, offsets, logits):
    """The attention from logits [B,Q,M,L*P], reference points and offsets; `attend` is a form of the
    core, `sizes` are those of the levels, ready on the device."""
    weights = logits.float().softmax(-1).view(offsets.shape[:-1])
    return attend(value, levels, locations_of(sizes, reference, offsets), weights)


def spatial(attend_whole, value, uv, visible, offsets, logits):
    """The mean over the cameras that see any of a query's points. value [1,N,S,M,D], uv [1,N,Q,Z,2],
    visible [1,N,Q,Z], offsets [1,Q,M,L,P,2], logits [1,Q,M,L*P]; `attend_whole` is the attention of
    each camera: (value, reference, offsets, logits) to [N,Q,M,D]."""
    cameras = value.shape[1]
    expand = lambda tensor: tensor.expand(cameras, *tensor.shape[1:])
    each = attend_whole(value[0], uv[0], expand(offsets), expand(logits))
    hit = visible[0].any(-1)[..., None, None]
    total = torch.where(hit, each, 0).sum(0, keepdim=True)
    return total / hit.sum(0, keepdim=True).clamp(min=1).to(total.dtype)


def temporal(attend_whole, value, reference, offsets, logits):
    """The mean over frames. value [1,T,S,M,D], reference [1,T,Q,R,2], offsets [1,Q,M,T,L,P,2], logits
    [1,Q,M,T,L*P]."""
    return attend_whole(value[0], reference[0], offsets[0].movedim(2, 0),
                        logits[0].movedim(2, 0)).mean(0, keepdim=True)


def composed(op, attend, levels, device):
    """The function of the operands of `op` (core, whole, spatial or temporal) that a form makes."""
    if op == "core":
        return lambda value, locations, weights: attend(value, levels, locations, weights)
    sizes = sizes_of(levels, device)
    attend_whole = lambda *operands: whole(attend, levels, sizes, *operands)
    if op == "whole":
        return attend_whole
    combine = spatial if op == "spatial" else temporal
    return lambda *operands: combine(attend_whole, *operands)
