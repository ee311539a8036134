# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Inputs of voxel pooling: BEVDet's and BEVFusion's frustums of six calibrated cameras, as on nuScenes'
vehicle, and the tables that both models make of them. The shapes are in pooling_shapes.py.
"""
import math
import os
import sys

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples"))
import pooling_tables  # noqa: E402

# Of each camera: yaw in degrees, focal length in pixels of 1600 x 900, position in metres.
CAMERAS = ((0.3, 1266.4, (1.70, 0.02, 1.51)), (-55.4, 1260.8, (1.55, -0.49, 1.50)),
           (55.0, 1272.6, (1.52, 0.49, 1.51)), (179.6, 809.2, (0.03, 0.00, 1.57)),
           (110.4, 1256.7, (1.04, 0.48, 1.59)), (-109.5, 1259.5, (1.01, -0.48, 1.58)))


def calibration(shape, device="cuda", tilt=0.0):
    """f32 depths [Dd], intrinsics [B,N,3,3], camera_to_ego [B,N,4,4], and the image augmentation
    [B,N,4,4] that scales 1600 x 900 to the image's width and keeps its middle rows. Cameras are level,
    or turned by `tilt` degrees up or down, in turns, and as many about where they look."""
    height, width = shape.image
    scale = width / 1600
    intrinsics, ego = torch.zeros(6, 3, 3), torch.zeros(6, 4, 4)
    cos, sin = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
    roll = torch.tensor([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])
    for n, (yaw, focal, position) in enumerate(CAMERAS):
        up = sin if n % 2 else -sin
        turn = torch.tensor([[1.0, 0, 0], [0, cos, -up], [0, up, cos]]) @ roll
        a = math.radians(yaw)
        forward = torch.tensor([math.cos(a), math.sin(a), 0.0])
        right = torch.tensor([math.sin(a), -math.cos(a), 0.0])
        down = torch.tensor([0.0, 0.0, -1.0])
        ego[n, :3, :3] = torch.stack((right, down, forward), 1) @ turn
        ego[n, :3, 3] = torch.tensor(position)
        ego[n, 3, 3] = 1
        intrinsics[n] = torch.tensor([[focal, 0, 808.0], [0, focal, 470.0], [0, 0, 1]])
    image = torch.eye(4).repeat(6, 1, 1)
    image[:, 0, 0] = image[:, 1, 1] = scale
    image[:, 1, 3] = (height - 900 * scale) / 2
    rows = lambda x: x[None].repeat(shape.batch, *[1] * x.dim()).contiguous().to(device)
    return torch.arange(*shape.depths).to(device), rows(intrinsics), rows(ego), rows(image)


def frustum_cells(shape, depths, intrinsics, ego, image):
    """The cell of every frustum point in its batch row, or -1, in float64: i32 [B,N,Dd,H,W]."""
    h, w = shape.features
    x = torch.linspace(0, shape.image[1] - 1, w, dtype=torch.float64, device=depths.device)
    y = torch.linspace(0, shape.image[0] - 1, h, dtype=torch.float64, device=depths.device)
    d = depths.double()
    point = torch.stack(torch.broadcast_tensors(x, y[:, None], d[:, None, None]), -1)
    apply = lambda matrix, p: torch.einsum("bnij,bndhwj->bndhwi", matrix, p)
    shift = lambda vector: vector[:, :, None, None, None]
    image, ego = image.double(), ego.double()
    point = apply(image[..., :3, :3].inverse(), point - shift(image[..., :3, 3]))
    point = torch.cat((point[..., :2] * point[..., 2:], point[..., 2:]), -1)
    point = apply(ego[..., :3, :3] @ intrinsics.double().inverse(), point) + shift(ego[..., :3, 3])
    lower = torch.tensor(shape.lower, dtype=torch.float64, device=depths.device)
    cell = torch.tensor(shape.cell, dtype=torch.float64, device=depths.device)
    g = ((point - lower) / cell).long()
    size = torch.tensor(shape.grid[::-1], device=depths.device)
    inside = ((g >= 0) & (g < size)).all(-1)
    rank = (g[..., 2] * shape.grid[1] + g[..., 1]) * shape.grid[2] + g[..., 0]
    return torch.where(inside, rank, -1).int()


def tables(shape, cells):
    """ranks_depth, ranks_feat, ranks_bev [P], interval_starts, interval_lengths [I] and, for
    bev.interval_pool, bounds [B,Z,Y,X,2], all i32."""
    batch = torch.arange(shape.batch, device=cells.device).view(-1, 1, 1, 1, 1) * shape.cells
    key = torch.where(cells >= 0, cells + batch, -1).flatten()
    point = (key >= 0).nonzero()[:, 0]
    key, order = key[point].sort(stable=True)
    point = point[order]
    image = shape.features[0] * shape.features[1]
    camera = image * shape.num_depths
    feat = point // camera * image + point % image
    starts = torch.cat((torch.zeros(1, device=key.device, dtype=torch.long),
                        (key[1:] != key[:-1]).nonzero()[:, 0] + 1))
    lengths = torch.diff(starts, append=torch.tensor([len(key)], device=key.device))
    bounds = torch.zeros(shape.batch * shape.cells, 2, dtype=torch.int32, device=key.device)
    bounds[key[starts]] = torch.stack((starts, starts + lengths), 1).int()
    result = [table.int().contiguous() for table in (point, feat, key, starts, lengths)]
    return result + [bounds.view(shape.batch, *shape.grid, 2)]


def segments(shape, cells):
    """What bev.voxel_pool takes of segments: the tables of examples/pooling_tables.py."""
    made = pooling_tables.segments(cells.cpu().numpy().astype("int64"), shape.grid)
    return tuple(torch.from_numpy(table).to(cells.device) for table in made)


def pool_float64(shape, depth, feat, point, rows, key):
    """The result in float64, [B,Z,Y,X,C]."""
    out = torch.zeros(shape.batch * shape.cells, shape.channels, dtype=torch.float64,
                      device=feat.device)
    for part in range(0, len(point), 1 << 18):
        at = slice(part, part + (1 << 18))
        lifted = (depth.flatten()[point[at].long(), None].double()
                  * feat.reshape(-1, shape.channels)[rows[at].long()].double())
        out.index_add_(0, key[at].long(), lifted)
    return out.view(shape.batch, *shape.grid, shape.channels)
