# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The bev ops in float64 numpy, formula by formula from the op specification.

Nothing here is shared with the compiler: these functions are what the compiler is compared against. Every function
takes plain arrays (float32, float16, or bfloat16 decoded by bf16.py), upcasts them exactly to float64, computes in
float64 and returns float64 (or bool) arrays. Attributes are keyword arguments.

Letters: B batch, N cameras, Q queries, M heads, D channels per head, L levels, P points per level, S = sum of H*W over
the levels (row-major, level after level), Z anchors per pillar, T frames. Coordinates are (x, y); level shapes are
(H, W) pairs.

The one sampling rule, bilin0(F, x, y) on a map of H x W: pixel centres at the integers; of the four neighbours those
contribute that lie inside the map AND have a non-zero bilinear weight. So an Inf or NaN in a cell that is not sampled,
or that is sampled with weight zero, never reaches the result, and a NaN, +-Inf or far-away coordinate contributes
exactly 0. Normalised (u, v) means pixel (u*W - 0.5, v*H - 0.5). Masks select; they never multiply. A point with no
contributing neighbour adds exactly 0 whatever its attention weight; a sampled cell times its weight follows IEEE.
"""
import contextlib

import numpy as np

# The clamp constant of project_points and inverse_sigmoid. Both are defined in true f32 arithmetic, so it is the
# float32 number nearest to 1e-5.
EPSILON = float(np.float32(1e-5))
# Unit roundoff of float32: one correctly rounded operation errs by at most this, relatively.
F32_ROUNDOFF = 2.0 ** -24

_real = np.float64


@contextlib.contextmanager
def arithmetic(dtype):
    """Within this context the same formulas run in `dtype` instead of float64.

    It exists to measure what float32 arithmetic can reach (see compare.py and the self-tests); an expected value is
    never made this way.
    """
    global _real
    before = _real
    _real = dtype
    try:
        yield
    finally:
        _real = before


def _require(condition, message):
    if not condition:
        raise ValueError(message)


def _up(array, name, *ranks):
    """`array` as an exact upcast to the working precision; its rank must be one of `ranks`."""
    array = np.asarray(array)
    _require(array.dtype != np.uint16,
             f"expected '{name}' as numbers, but got uint16 (decode bfloat16 bits with bf16.from_bits)")
    _require(array.dtype.kind == "f", f"expected '{name}' of a float type, but got {array.dtype}")
    _require(not ranks or array.ndim in ranks,
             f"expected '{name}' of rank {' or '.join(map(str, ranks))}, but got shape {list(array.shape)}")
    return array.astype(_real)


def _mask(array, name, rank):
    array = np.asarray(array)
    _require(array.dtype == np.bool_, f"expected '{name}' of type bool, but got {array.dtype}")
    _require(array.ndim == rank, f"expected '{name}' of rank {rank}, but got shape {list(array.shape)}")
    return array


def _shape(array, name, expected):
    _require(array.shape == tuple(expected),
             f"expected '{name}' of shape {list(expected)}, but got {list(array.shape)}")


def _levels(level_shapes, positions):
    """[(H, W, start)] of the levels in the flattened value, whose length `positions` they must fill exactly."""
    result, start = [], 0
    for h, w in level_shapes:
        result.append((int(h), int(w), start))
        start += int(h) * int(w)
    _require(start == positions,
             f"expected 'value' with {start} positions (the sum of H*W over the levels), but got {positions}")
    return result


def _corners(x, y, height, width):
    """The four (flat index, weight, contributes) terms of bilin0 at pixel coordinates (x, y), elementwise."""
    with np.errstate(invalid="ignore"):
        near = (x > -1) & (x < width) & (y > -1) & (y < height)  # false for NaN and +-Inf
    x, y = np.where(near, x, 0), np.where(near, y, 0)
    x0, y0 = np.floor(x), np.floor(y)
    fx, fy = x - x0, y - y0
    for cy, wy in ((y0, 1 - fy), (y0 + 1, fy)):
        for cx, wx in ((x0, 1 - fx), (x0 + 1, fx)):
            contributes = near & (cx >= 0) & (cx < width) & (cy >= 0) & (cy < height) & (wx != 0) & (wy != 0)
            index = np.where(contributes, cy * width + cx, 0).astype(np.int64)
            yield index, wx * wy, contributes


def _sampled_sum(value, x, y, weights, level):
    """sum over P of weights * bilin0(value of one level): value [B,S,M,D], x, y, weights [B,Q,M,P] -> [B,Q,M,D]."""
    height, width, start = level
    image = value[:, start:start + height * width]
    batch = np.arange(value.shape[0])[:, None, None, None]
    head = np.arange(value.shape[2])[None, None, :, None]
    sample = np.zeros(x.shape + value.shape[3:], _real)
    sampled = np.zeros(x.shape, bool)
    with np.errstate(invalid="ignore", over="ignore"):
        for index, weight, contributes in _corners(x, y, height, width):
            sample += np.where(contributes[..., None], weight[..., None] * image[batch, index, head], 0)
            sampled |= contributes
        return np.where(sampled[..., None], weights[..., None] * sample, 0).sum(axis=3)


def _attend(value, locations, weights, level_shapes):
    """ms_deform_attn on arrays already in working precision."""
    batch, positions, heads, channels = value.shape
    _require(locations.ndim == 6 and locations.shape[-1] == 2,
             f"expected 'locations' of shape [B,Q,M,L,P,2], but got {list(locations.shape)}")
    queries, points = locations.shape[1], locations.shape[4]
    levels = _levels(level_shapes, positions)
    _shape(locations, "locations", (batch, queries, heads, len(levels), points, 2))
    _shape(weights, "weights", locations.shape[:-1])
    out = np.zeros((batch, queries, heads, channels), _real)
    with np.errstate(invalid="ignore", over="ignore"):
        for l, level in enumerate(levels):
            x = locations[:, :, :, l, :, 0] * level[1] - _real(0.5)
            y = locations[:, :, :, l, :, 1] * level[0] - _real(0.5)
            out += _sampled_sum(value, x, y, weights[:, :, :, l], level)
    return out


def softmax(logits):
    """Softmax over the last axis, with the maximum subtracted first."""
    logits = np.asarray(logits).astype(_real)
    with np.errstate(invalid="ignore"):
        e = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)


def ms_deform_attn(value, locations, weights, *, level_shapes):
    """out[b,q,m,:] = sum over l, p of weights * bilin0(value_l[b,:,m,:], locations).

    value [B,S,M,D]; locations [B,Q,M,L,P,2] in [0,1] units of each level; weights [B,Q,M,L,P], used as given;
    level_shapes L pairs (H, W) -> [B,Q,M,D]. Raises ValueError where the shapes disagree.
    """
    return _attend(_up(value, "value", 4), _up(locations, "locations", 6), _up(weights, "weights", 5), level_shapes)


def sampling_locations(reference, offsets, *, level_shapes, reference_kind="level", anchor_order="mod"):
    """Where a deformable attention samples, in [0,1] units: reference [B,Q,R,2|4], offsets [B,Q,M,L,P,2] ->
    [B,Q,M,L,P,2].

    level (R = L or 1): ref_l + off / (W_l, H_l).
    box (R = L or 1, last dimension 4): ref.xy + off / P * ref.wh * 0.5.
    pillar (R = Z, which divides P): ref[a(p)] + off / (W_l, H_l) with a(p) = p mod Z, or p div (P / Z).
    """
    reference, offsets = _up(reference, "reference", 4), _up(offsets, "offsets", 6)
    _require(offsets.shape[-1] == 2, f"expected 'offsets' dim 5 to equal 2, but got {offsets.shape[-1]}")
    batch, queries, _, levels, points, _ = offsets.shape
    _require(levels == len(level_shapes),
             f"expected 'offsets' dim 3 to equal the number of levels ({len(level_shapes)}), but got {levels}")
    _require(reference.shape[:2] == (batch, queries),
             f"expected 'reference' of shape [{batch},{queries},R,2|4], but got {list(reference.shape)}")
    anchors, width = reference.shape[2:]
    size = np.array([(w, h) for h, w in level_shapes], _real)  # [L,2] as (W, H)
    with np.errstate(invalid="ignore", over="ignore"):
        if reference_kind == "pillar":
            _require(width == 2, f"expected 'reference' dim 3 to equal 2 for pillar, but got {width}")
            _require(anchors > 0 and points % anchors == 0,
                     f"expected the number of points ({points}) to be a multiple of the anchors, but got {anchors}")
            _require(anchor_order in ("mod", "div"), f"expected anchor_order mod or div, but got {anchor_order}")
            p = np.arange(points)
            anchor = p % anchors if anchor_order == "mod" else p // (points // anchors)
            base = reference[:, :, anchor][:, :, None, None]                            # [B,Q,1,1,P,2]
            return base + offsets / size[:, None]
        _require(anchors in (1, levels),
                 f"expected 'reference' dim 2 to equal 1 or the number of levels ({levels}), but got {anchors}")
        if reference_kind == "box":
            _require(width == 4, f"expected 'reference' dim 3 to equal 4 for box, but got {width}")
            base = reference[:, :, None, :, None, :2]                                   # [B,Q,1,R,1,2]
            return base + offsets / points * reference[:, :, None, :, None, 2:] * _real(0.5)
        _require(reference_kind == "level", f"expected reference_kind level, box or pillar, but got {reference_kind}")
        _require(width == 2, f"expected 'reference' dim 3 to equal 2 for level, but got {width}")
        return reference[:, :, None, :, None, :] + offsets / size[:, None]


def deformable_attention(value, reference, offsets, logits, *, level_shapes, reference_kind="level",
                         anchor_order="mod"):
    """The attention between its linear layers: softmax, location arithmetic, sampling.

    value [B,S,M,D]; reference [B,Q,R,2|4]; offsets [B,Q,M,L,P,2] in pixels of the level (in units of half the box over
    P for box); logits [B,Q,M,L*P], softmax jointly over L*P -> [B,Q,M,D]. Locations: see sampling_locations.
    """
    value, logits = _up(value, "value", 4), _up(logits, "logits", 4)
    locations = sampling_locations(reference, offsets, level_shapes=level_shapes, reference_kind=reference_kind,
                                   anchor_order=anchor_order)
    _shape(logits, "logits", locations.shape[:3] + (locations.shape[3] * locations.shape[4],))
    return _attend(value, locations, softmax(logits).reshape(locations.shape[:-1]), level_shapes)


def _project(points, lidar2img, image_size, pc_range):
    """(cameras [B,N,Q,Z,3] = the first three rows of lidar2img . (p, 1); image (w, h) [N,2]; |terms| [B,N,Q,Z,3])."""
    points, lidar2img = _up(points, "points", 4), _up(lidar2img, "lidar2img", 4)
    image_size = np.asarray(image_size).astype(_real)
    _require(points.shape[-1] == 3, f"expected 'points' dim 3 to equal 3, but got {points.shape[-1]}")
    _shape(lidar2img, "lidar2img", (points.shape[0], lidar2img.shape[1], 4, 4))
    _shape(image_size, "image_size", (lidar2img.shape[1], 2))
    magnitude = np.abs(points)
    if pc_range is not None:
        low, high = np.asarray(pc_range, np.float64).reshape(2, 3).astype(_real)
        magnitude = magnitude * np.abs(high - low) + np.abs(low)
        points = points * (high - low) + low
    with np.errstate(invalid="ignore", over="ignore"):
        cameras = (np.einsum("bnij,bqzj->bnqzi", lidar2img[:, :, :3, :3], points)
                   + lidar2img[:, :, None, None, :3, 3])
        terms = (np.einsum("bnij,bqzj->bnqzi", np.abs(lidar2img[:, :, :3, :3]), magnitude)
                 + np.abs(lidar2img[:, :, None, None, :3, 3]))
    return cameras, image_size[:, ::-1], terms


def project_points(points, lidar2img, image_size, *, pc_range=None):
    """Reference points to cameras.

    points [B,Q,Z,3] in metres, or in the unit cube where `pc_range` = (x0,y0,z0,x1,y1,z1) is given (metres:
    p*(max-min)+min); lidar2img [B,N,4,4]; image_size [N,2] = (h, w) in pixels
    -> (uv [B,N,Q,Z,2] in [0,1] units, visible [B,N,Q,Z] bool).
    h = lidar2img . (p, 1); uv = h.xy / max(h.z, 1e-5) / (w, h); visible = h.z > 1e-5 and 0 < u < 1 and 0 < v < 1, all
    strict, so that NaN is not visible.
    """
    cameras, size, _ = _project(points, lidar2img, image_size, pc_range)
    depth = cameras[..., 2]
    with np.errstate(invalid="ignore", over="ignore"):
        uv = cameras[..., :2] / np.maximum(depth, _real(EPSILON))[..., None] / size[None, :, None, None, :]
        visible = (depth > EPSILON) & ((uv > 0) & (uv < 1)).all(axis=-1)
    return uv, visible


def _project_bounds(points, lidar2img, image_size, pc_range):
    """(uv, its absolute f32 error bound, depth, its bound). A dot product of four terms in any order, over points that
    themselves went through one multiply-add, errs by at most 8 roundoffs of the sum of its terms' magnitudes."""
    cameras, size, terms = _project(points, lidar2img, image_size, pc_range)
    uv, _ = project_points(points, lidar2img, image_size, pc_range=pc_range)
    bound = 8 * F32_ROUNDOFF * terms
    depth, depth_bound = cameras[..., 2], bound[..., 2]
    with np.errstate(invalid="ignore", over="ignore"):
        smallest = np.maximum(depth - depth_bound, EPSILON * (1 - F32_ROUNDOFF))[..., None]
        uv_bound = (bound[..., :2] / smallest / size[None, :, None, None, :]
                    + np.abs(uv) * (np.where(depth + depth_bound > EPSILON, depth_bound, 0)[..., None] / smallest
                                    + 4 * F32_ROUNDOFF))
    return uv, uv_bound, depth, depth_bound


def project_points_uv_error(points, lidar2img, image_size, *, pc_range=None):
    """[B,N,Q,Z,2]: how far the uv of a correct f32 implementation may lie from project_points' uv, in uv units.

    A relative L2 over uv says little, since points behind a camera have uv up to 1e7; compare elementwise with this.
    """
    return _project_bounds(points, lidar2img, image_size, pc_range)[1]


def project_points_ill_conditioned(points, lidar2img, image_size, *, pc_range=None):
    """[B,N,Q,Z] bool: where f32 rounding alone may decide `visible`, because one of its strict bounds is within the
    error bound of the value tested and none of the others settles it. Compare `visible` outside, count inside."""
    uv, uv_bound, depth, depth_bound = _project_bounds(points, lidar2img, image_size, pc_range)
    with np.errstate(invalid="ignore"):
        inside = np.minimum(uv, 1 - uv)  # > 0 where 0 < uv < 1
        margins = np.concatenate([inside, (depth - EPSILON)[..., None]], axis=-1)
        bounds = np.concatenate([uv_bound, depth_bound[..., None]], axis=-1)
        surely_true = (margins > bounds).all(axis=-1)
        surely_false = ((margins < -bounds) | np.isnan(margins)).any(axis=-1)
    return ~(surely_true | surely_false)


def spatial_cross_attention(value, uv, visible, offsets, logits, *, level_shapes, anchor_order="mod"):
    """Pillar-deformable attention over the cameras that see the query, averaged over those cameras.

    value [B,N,S,M,D]; uv [B,N,Q,Z,2] in [0,1] units; visible [B,N,Q,Z] bool; offsets [B,Q,M,L,P,2]; logits [B,Q,M,L*P]
    -> [B,Q,M,D]. hit(b,n,q) = any over Z of visible; out = sum over hit cameras / max(number of hit cameras, 1). All Z
    anchors of a hit camera are sampled. A query that no camera sees gives exactly 0.
    """
    value, uv, visible = _up(value, "value", 5), _up(uv, "uv", 5), _mask(visible, "visible", 4)
    _require(value.shape[:2] == uv.shape[:2],
             f"expected 'uv' dims 0 and 1 to equal {list(value.shape[:2])}, but got {list(uv.shape[:2])}")
    _shape(visible, "visible", uv.shape[:-1])
    hit = visible.any(axis=-1)                                                          # [B,N,Q]
    total = 0
    for n in range(value.shape[1]):
        one = deformable_attention(value[:, n], uv[:, n], offsets, logits, level_shapes=level_shapes,
                                   reference_kind="pillar", anchor_order=anchor_order)
        total = total + np.where(hit[:, n, :, None, None], one, 0)
    return total / np.maximum(hit.sum(axis=1), 1).astype(_real)[:, :, None, None]


def temporal_self_attention(value, reference, offsets, logits, *, level_shapes):
    """Level-deformable attention per frame, averaged over the T frames.

    value [B,T,S,M,D]; reference [B,T,Q,L|1,2]; offsets [B,Q,M,T,L,P,2]; logits [B,Q,M,T,L*P], softmax over L*P for each
    frame -> [B,Q,M,D].
    """
    value, reference = _up(value, "value", 5), _up(reference, "reference", 5)
    offsets, logits = _up(offsets, "offsets", 7), _up(logits, "logits", 5)
    frames = value.shape[1]
    for name, array, dim in (("reference", reference, 1), ("offsets", offsets, 3), ("logits", logits, 3)):
        _require(array.shape[dim] == frames,
                 f"expected '{name}' dim {dim} to equal the number of frames ({frames}), but got {array.shape[dim]}")
    return sum(deformable_attention(value[:, t], reference[:, t], offsets[:, :, :, t], logits[:, :, :, t],
                                    level_shapes=level_shapes) for t in range(frames)) / _real(frames)


def _warp_source(shape, angle, center):
    """Source pixel (x, y), each [B,H,W], of torchvision's rotate: the output pixel (i, j), taken at its centre
    (i + .5, j + .5), turned by the angle about `center`, which is in pixels from the map's top left corner and None for
    its middle. (From
    torchvision.transforms.functional.rotate: _get_inverse_affine_matrix, _gen_affine_grid, grid_sample with
    align_corners=False. Positive angles turn the picture counter-clockwise.)"""
    batch, height, width = shape[:3]
    center = (width / 2, height / 2) if center is None else center
    angle = _up(angle, "angle", 1)
    _shape(angle, "angle", (batch,))
    with np.errstate(invalid="ignore"):
        radians = angle * _real(np.pi / 180)
        cos, sin = np.cos(radians)[:, None, None], np.sin(radians)[:, None, None]
        cx, cy = _real(center[0]), _real(center[1])
        x = (np.arange(width).astype(_real) + _real(0.5) - cx)[None, None, :]
        y = (np.arange(height).astype(_real) + _real(0.5) - cy)[None, :, None]
        return cos * x - sin * y + cx - _real(0.5), sin * x + cos * y + cy - _real(0.5)


def warp_bev(prev, angle, reset=None, *, center=None, mode="nearest"):
    """The previous bird's-eye view turned into the current ego frame, with torchvision.rotate's meaning and zero fill.

    prev [B,H,W,C]; angle [B] in degrees; reset [B] bool or None, true gives zeros whatever prev holds; center (x, y) in
    pixels from the top left corner, None for the middle of the map; mode nearest (ties to the even pixel) or bilinear
    -> [B,H,W,C].
    For nearest, compare outside warp_bev_ties.
    """
    prev = _up(prev, "prev", 4)
    batch, height, width, channels = prev.shape
    x, y = _warp_source(prev.shape, angle, center)
    flat = prev.reshape(batch, height * width, channels)
    rows = np.arange(batch)[:, None, None]
    if mode == "nearest":
        with np.errstate(invalid="ignore"):
            x, y = np.rint(x), np.rint(y)
            inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        index = np.where(inside, y * width + x, 0).astype(np.int64)
        out = np.where(inside[..., None], flat[rows, index], 0)
    else:
        _require(mode == "bilinear", f"expected mode nearest or bilinear, but got {mode}")
        out = np.zeros_like(prev)
        with np.errstate(invalid="ignore", over="ignore"):
            for index, weight, contributes in _corners(x, y, height, width):
                out += np.where(contributes[..., None], weight[..., None] * flat[rows, index], 0)
    if reset is not None:
        reset = _mask(reset, "reset", 1)
        _shape(reset, "reset", (batch,))
        out = np.where(reset[:, None, None, None], 0, out)
    return out


def _tie_distance(coordinate):
    """How far a coordinate is from the nearest k + 1/2."""
    return np.abs(coordinate - np.floor(coordinate) - 0.5)


def warp_bev_ties(prev, angle, reset=None, *, center=None, tolerance=1e-5):
    """int64 [n,3]: the output pixels (b, y, x) of warp_bev nearest whose source lies within `tolerance` pixels of a
    rounding tie, where f32 rounding may choose the other neighbour. Count them; do not compare there."""
    shape = np.asarray(prev).shape
    x, y = _warp_source(shape, angle, center)
    with np.errstate(invalid="ignore"):
        ties = (_tie_distance(x) <= tolerance) | (_tie_distance(y) <= tolerance)
        # Only where the result could depend on it: the source is in the map, or half a pixel outside it.
        ties &= (x > -1) & (x < shape[2]) & (y > -1) & (y < shape[1])
    if reset is not None:
        ties &= ~np.asarray(reset)[:, None, None]
    return np.argwhere(ties)


def ego_shift(can_bus, *, grid_length, bev_size):
    """How far the ego moved, in units of the BEV map: can_bus [B,K], with dx = column 0 and dy = column 1 in metres and
    the ego angle = column K-2 in radians; grid_length = (y, x) in metres per cell, bev_size = (H, W) in cells
    -> shift [B,2] = (x, y).

    len = sqrt(dx^2 + dy^2); a = ego_deg - atan2(dy, dx)*180/pi; shift_y = len*cos(a)/grid_y/H;
    shift_x = len*sin(a)/grid_x/W; atan2(0, 0) = 0.
    """
    can_bus = _up(can_bus, "can_bus", 2)
    _require(can_bus.shape[1] >= 4, f"expected 'can_bus' dim 1 to be at least 4, but got {can_bus.shape[1]}")
    dx, dy = can_bus[:, 0], can_bus[:, 1]
    length = np.sqrt(dx * dx + dy * dy)
    degrees = can_bus[:, -2] * _real(180 / np.pi) - np.arctan2(dy, dx) * _real(180 / np.pi)
    radians = degrees * _real(np.pi / 180)
    return np.stack([length * np.sin(radians) / _real(grid_length[1]) / _real(bev_size[1]),
                     length * np.cos(radians) / _real(grid_length[0]) / _real(bev_size[0])], axis=-1)


def reference_grid(*, bev_size, num_anchors=None, pillar_height=None):
    """The constant grids: bev_size = (H, W), xs = (i + .5)/W, ys = (j + .5)/H, query index = j*W + i.

    2-D (num_anchors None): [H*W, 2] = (x, y). Pillar: [H*W, Z, 3] = (x, y, z) with Z = num_anchors and
    zs = linspace(.5, Zr - .5, Z)/Zr, Zr = pillar_height, the pillar's extent in metres. Z = 1 is .5/Zr.
    """
    height, width = bev_size
    x = np.broadcast_to(((np.arange(width) + 0.5) / width)[None, :], (height, width)).reshape(-1)
    y = np.broadcast_to(((np.arange(height) + 0.5) / height)[:, None], (height, width)).reshape(-1)
    flat = np.stack([x, y], axis=-1).astype(_real)
    if num_anchors is None:
        return flat
    _require(pillar_height is not None and pillar_height > 0,
             f"expected a positive 'pillar_height' (metres), but got {pillar_height}")
    z = (np.linspace(0.5, pillar_height - 0.5, num_anchors) / pillar_height).astype(_real)
    result = np.empty((height * width, num_anchors, 3), _real)
    result[:, :, :2], result[:, :, 2] = flat[:, None, :], z[None, :]
    return result


def _source_coordinate(coordinate, size, align_corners):
    """A grid coordinate in [-1, 1] to pixels."""
    if align_corners:
        return (coordinate + 1) / 2 * (size - 1)
    return ((coordinate + 1) * size - 1) / 2


def _pad_coordinate(coordinate, size, padding, align_corners):
    """Border clamps to [0, size-1]; reflection mirrors about the outer pixels' centres (align_corners) or their outer
    edges, and then clamps; zeros leaves the coordinate as it is."""
    if padding == "reflection":
        low, span = (0.0, size - 1.0) if align_corners else (-0.5, float(size))
        if span == 0:
            return np.zeros_like(coordinate)
        distance = np.abs(coordinate - low)
        flips = np.floor(distance / span)
        extra = np.fmod(distance, span)
        coordinate = np.where(flips % 2 == 0, extra + low, span - extra + low)
    if padding in ("border", "reflection"):
        coordinate = np.clip(coordinate, 0, size - 1)
    return coordinate


def _cubic(t):
    """The four weights of cubic convolution with A = -0.75 for a fraction t in [0, 1)."""
    a = -0.75
    inner = lambda d: ((a + 2) * d - (a + 3)) * d * d + 1
    outer = lambda d: ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return outer(t + 1), inner(t), inner(1 - t), outer(2 - t)


def _grid_pixels(shape, grid, padding, align_corners):
    """(used, x, y), each [N,Ho,Wo], in pixels of the input. A coordinate that is not finite makes the point unused
    with padding zeros, and with the other paddings reads as pixel 0 of its axis."""
    finite = np.isfinite(grid)
    safe = np.where(finite, grid, 0)
    x = np.where(finite[..., 0], _source_coordinate(safe[..., 0], shape[3], align_corners), 0)
    y = np.where(finite[..., 1], _source_coordinate(safe[..., 1], shape[2], align_corners), 0)
    return finite.all(axis=-1) | (padding != "zeros"), x, y


def grid_sample(input, grid, *, mode="bilinear", padding="zeros", align_corners=False):
    """ONNX GridSample and torch.nn.functional.grid_sample, 2-D.

    input [N,C,H,W]; grid [N,Ho,Wo,2] = (x, y), -1..1 across the image; mode bilinear, nearest (ties to even) or bicubic
    (A = -0.75); padding zeros, border or reflection -> [N,C,Ho,Wo]. A neighbour of weight zero does not contribute.
    A grid coordinate that is NaN or +-Inf gives exactly 0 with padding zeros, and with border and reflection reads as
    pixel 0 of its axis (torch documents NaN as -1; ONNX says nothing).
    For nearest, compare outside grid_sample_ties.
    """
    input, grid = _up(input, "input", 4), _up(grid, "grid", 4)
    batch, channels, height, width = input.shape
    _shape(grid, "grid", (batch, grid.shape[1], grid.shape[2], 2))
    _require(padding in ("zeros", "border", "reflection"),
             f"expected padding zeros, border or reflection, but got {padding}")
    flat = input.reshape(batch, channels, height * width).transpose(0, 2, 1)           # [N,HW,C]
    rows = np.arange(batch)[:, None, None]
    used, x, y = _grid_pixels(input.shape, grid, padding, align_corners)
    pad = lambda c, size: _pad_coordinate(c, size, padding, align_corners)
    out = np.zeros(x.shape + (channels,), _real)

    def add(cx, cy, weight):
        contributes = used & (cx >= 0) & (cx < width) & (cy >= 0) & (cy < height) & (weight != 0)
        index = np.where(contributes, cy * width + cx, 0).astype(np.int64)
        with np.errstate(invalid="ignore", over="ignore"):
            out[...] += np.where(contributes[..., None], weight[..., None] * flat[rows, index], 0)

    if mode == "nearest":
        add(np.rint(pad(x, width)), np.rint(pad(y, height)), np.ones(x.shape, _real))
    elif mode == "bilinear":
        x, y = pad(x, width), pad(y, height)
        x0, y0 = np.floor(x), np.floor(y)
        for cy, wy in ((y0, 1 - (y - y0)), (y0 + 1, y - y0)):
            for cx, wx in ((x0, 1 - (x - x0)), (x0 + 1, x - x0)):
                add(cx, cy, wx * wy)
    else:
        _require(mode == "bicubic", f"expected mode bilinear, nearest or bicubic, but got {mode}")
        x0, y0 = np.floor(x), np.floor(y)
        for j, wy in enumerate(_cubic(y - y0)):
            for i, wx in enumerate(_cubic(x - x0)):
                add(pad(x0 + (i - 1), width), pad(y0 + (j - 1), height), wx * wy)
    return out.transpose(0, 3, 1, 2)


def grid_sample_ties(input, grid, *, padding="zeros", align_corners=False, tolerance=1e-5):
    """int64 [n,3]: the output pixels (n, y, x) of grid_sample nearest whose source lies within `tolerance` pixels of a
    rounding tie. Count them; do not compare there."""
    shape = np.asarray(input).shape
    grid = _up(grid, "grid", 4)
    used, x, y = _grid_pixels(shape, grid, padding, align_corners)
    x = _pad_coordinate(x, shape[3], padding, align_corners)
    y = _pad_coordinate(y, shape[2], padding, align_corners)
    near = (x > -1) & (x < shape[3]) & (y > -1) & (y < shape[2])
    return np.argwhere(used & near & ((_tie_distance(x) <= tolerance) | (_tie_distance(y) <= tolerance)))


def inverse_sigmoid(input, *, eps=EPSILON):
    """input x of any shape, clamped to [0, 1]: log(max(x, eps) / max(1 - x, eps)). NaN gives NaN."""
    x = np.clip(_up(input, "input"), 0, 1)
    return np.log(np.maximum(x, _real(eps)) / np.maximum(1 - x, _real(eps)))
