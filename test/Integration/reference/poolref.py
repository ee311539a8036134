# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The ops of lift-splat models in float64 numpy, as bevref has the others.

Letters: B batch, N cameras, Dd depths, H x W features of a camera, C channels, Z x Y x X cells, P points of the
tables, I intervals, S segments, T ranks of segments.
"""
import numpy as np

import bevref
from bevref import _require, _shape, _up


def _inverse(matrices):
    """The inverses of [..., 3, 3]; NaN where there is none."""
    result = np.full(matrices.shape, np.nan, bevref._real)
    for at in np.ndindex(matrices.shape[:-2]):
        try:
            result[at] = np.linalg.inv(matrices[at])
        except np.linalg.LinAlgError:
            pass
    return result


def frustum_positions(depths, intrinsics, camera_to_ego, image_augmentation=None, bev_augmentation=None, *, image_size,
                      feature_size, lower, cell_size):
    """Where frustum points lie in the grid, in cells: [B,N,Dd,H,W,3] as (x, y, z)."""
    depths, intrinsics, ego = _up(depths, "depths", 1), _up(intrinsics, "intrinsics", 4), _up(
        camera_to_ego, "camera_to_ego", 4)
    cameras, (height, width) = intrinsics.shape[:2], feature_size
    _shape(intrinsics, "intrinsics", cameras + (3, 3))
    _shape(ego, "camera_to_ego", cameras + (4, 4))
    real = bevref._real
    u = np.arange(width, dtype=real) * real(image_size[1] - 1) / real(max(width - 1, 1))
    v = np.arange(height, dtype=real) * real(image_size[0] - 1) / real(max(height - 1, 1))
    point = np.stack(np.broadcast_arrays(u[None, None, :], v[None, :, None], depths[:, None, None]), -1)
    point = np.broadcast_to(point, cameras + point.shape)
    apply = lambda matrix, x: np.einsum("bnij,bndhwj->bndhwi", matrix, x)
    at = lambda vector: vector[:, :, None, None, None]
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        if image_augmentation is not None:
            image = _up(image_augmentation, "image_augmentation", 4)
            point = apply(_inverse(image[..., :3, :3]), point - at(image[..., :3, 3]))
        point = np.concatenate([point[..., :2] * point[..., 2:], point[..., 2:]], -1)
        point = apply(_inverse(intrinsics), point)
        point = apply(ego[..., :3, :3], point) + at(ego[..., :3, 3])
        if bev_augmentation is not None:
            bev = np.repeat(_up(bev_augmentation, "bev_augmentation", 3)[:, None], cameras[1], axis=1)
            point = apply(bev[..., :3, :3], point) + at(bev[..., :3, 3])
        # The attributes are f32.
        return (point - np.float32(lower).astype(real)) / np.float32(cell_size).astype(real)


def frustum_to_voxel(*, grid_size, floor=False, **keywords):
    """The cell (z * Y + y) * X + x of every frustum point, or -1: int [B,N,Dd,H,W]. Positions are truncated towards
    zero, or rounded down with `floor`."""
    g = frustum_positions(**keywords)
    with np.errstate(invalid="ignore"):
        cell = np.floor(g) if floor else np.trunc(g)
        size = np.array(grid_size[::-1])
        inside = ((cell >= 0) & (cell < size)).all(-1)  # false for NaN
    x, y, z = np.moveaxis(np.where(inside[..., None], cell, 0).astype(np.int64), -1, 0)
    return np.where(inside, (z * grid_size[1] + y) * grid_size[2] + x, -1)


def frustum_to_voxel_ties(*, grid_size, floor=False, tolerance=2e-4, **keywords):
    """Which frustum points lie within `tolerance` cells of the border of a cell, and in or next to the grid."""
    g = frustum_positions(**keywords)
    with np.errstate(invalid="ignore"):
        near = np.abs(g - np.rint(g)) <= tolerance * np.maximum(1, np.abs(g) / 64)
        reachable = ((g > -1.5) & (g < np.array(grid_size[::-1]) + 0.5)).all(-1)
    return near.any(-1) & reachable


def _add(out, at, row, depth=1):
    with np.errstate(invalid="ignore", over="ignore"):
        out[at] += depth * row


def interval_pool(feat, depth=None, ranks_depth=None, ranks_feat=None, bounds=None):
    """out[v] = sum over bounds[v,0] <= j < bounds[v,1] of depth[ranks_depth[j]] * feat[ranks_feat[j]]: [..., C];
    without depths of feat[ranks_feat[j]], and without ranks of feat[j]. Bounds are cut to the points; points whose
    ranks are no rows do not count."""
    feat = _up(feat, "feat", 2)
    points = len(feat) if ranks_feat is None else len(ranks_feat)
    out = np.zeros(bounds.shape[:-1] + feat.shape[1:], bevref._real)
    exists = np.ones(points, bool) if ranks_feat is None else (ranks_feat >= 0) & (ranks_feat < len(feat))
    if depth is not None:
        depth = _up(depth, "depth", 1)
        exists &= (ranks_depth >= 0) & (ranks_depth < len(depth))
    for at in np.ndindex(bounds.shape[:-1]):
        begin, end = max(int(bounds[at][0]), 0), min(int(bounds[at][1]), points)
        for j in range(begin, end):
            if exists[j]:
                row = feat[j if ranks_feat is None else ranks_feat[j]]
                _add(out, at, row, 1 if depth is None else depth[ranks_depth[j]])
    return out


def segment_points(segments, step, features, depths):
    """Yields (s, rank of depth, rank of feat) of the points that there are, where so many features and depths are."""
    step = max(step, 1)
    for s, (depth, feature, length) in enumerate(segments.tolist()):
        if 0 <= depth < depths and 0 <= feature < features:
            for _ in range(length):
                if depth >= depths or feature >= features:
                    break
                yield s, depth, feature
                depth, feature = depth + step, feature + step


def segment_pool(feat, depth, segments, *, step):
    """out[s] = sum over the points of segments[s] of depth * feat: [S,C]. A segment that begins with no row is 0, and
    one ends with the last."""
    feat, depth = _up(feat, "feat", 2), _up(depth, "depth", 1)
    out = np.zeros((len(segments), feat.shape[1]), bevref._real)
    for s, depth_rank, row in segment_points(segments, step, len(feat), len(depth)):
        _add(out, s, feat[row], depth[depth_rank])
    return out


def voxel_pool(feat, depth=None, ranks_depth=None, ranks_feat=None, ranks_bev=None, interval_starts=None,
               interval_lengths=None, cells=None, segments=None, ranks_segment=None, bounds=None, *, grid_size,
               batch=None):
    """Pooled features [B,Z,Y,X,C]; see bev.voxel_pool for the forms. Intervals, segments and points that do not exist
    or are of no cell do not count. `batch` is B where feat is of lifted points."""
    volume, batch = int(np.prod(grid_size)), batch or len(feat)
    flat = feat.reshape(-1, feat.shape[-1])
    out = np.zeros((batch * volume, feat.shape[-1]), bevref._real)
    if segments is not None:
        sums = segment_pool(flat, depth.reshape(-1), segments, step=feat.shape[3])
        for cell, (begin, end) in enumerate(bounds.reshape(-1, 2).tolist()):
            for rank in ranks_segment[max(begin, 0):max(end, 0)]:
                if 0 <= rank < len(sums):
                    _add(out, cell, sums[rank])
    elif cells is None:
        _require(interval_starts.shape == interval_lengths.shape, "expected as many starts as lengths")
        bounds = np.zeros((batch * volume, 2), np.int64)
        for start, length in zip(interval_starts.astype(np.int64), interval_lengths.astype(np.int64)):
            if not 0 <= start < len(ranks_bev) or length <= 0 or not 0 <= ranks_bev[start] < len(out):
                continue
            _require(not bounds[ranks_bev[start]].any(), "expected one interval per cell")
            bounds[ranks_bev[start]] = start, start + length
        out = interval_pool(flat, None if depth is None else depth.reshape(-1), ranks_depth, ranks_feat, bounds)
    else:
        values = _up(feat, "feat", 5)
        weights = _up(depth, "depth", 5)
        for b, n, d, h, w in np.ndindex(cells.shape):
            if 0 <= cells[b, n, d, h, w] < volume:
                _add(out, b * volume + cells[b, n, d, h, w], values[b, n, h, w], weights[b, n, d, h, w])
    return out.reshape((batch,) + tuple(grid_size) + feat.shape[-1:])
