# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Seeded test cases for every bev op: small, many, and on the edges.

    for case in generate("ms_deform_attn", seed=0): ...     # or generate() for all ops
    expected(case)    {output name: float64 or bool array}, from bevref
    ignored(case)     {output name: bool mask or None}: ties and ill-conditioned decisions; count them, do not compare
    limits(case)      {output name: relative L2 tolerance, or None where bounds() holds instead or it must be equal}
    bounds(case)      {output name: elementwise absolute bound, or None}

A case is a dict: name; op; attrs (keyword arguments of the bevref function); inputs {operand: array}, in the operands'
order; outputs [names]; dtypes {operand or output: f32 | f16 | bf16 | i1 | i32}; layout {operand or output: dimension letters,
literal digits for fixed ones}; dynamic (the letters whose dimensions are to be `?`; empty: all static);
dynamic_levels (level shapes as index operands); extent (largest H or W sampled); tags (what it is about).

bf16 arrays are stored as uint16 bit patterns, which decoded(case) turns into exact float32. A seed gives the same cases
for ever, with any numpy since 1.24 (PCG64 and its basic distributions). limits() hold for float32 arithmetic on every
case of seed 0; among other seeds about one case in four thousand samples so little, just inside a border, that f32
coordinate rounding alone exceeds the relative limit.
"""
import numpy as np

import bevref
import bf16
import compare
import pooling_cases
import poolref

CHANNELS = (4, 5, 7, 8, 12, 16, 20, 32, 33, 64)
TYPES = ("f32", "f16", "bf16")
SIDES = (1, 2, 3, 4, 5, 7, 8, 13, 16, 25)
QUERIES = (1, 2, 3, 5, 8, 17, 33)
OPS = ("ms_deform_attn", "deformable_attention", "project_points", "spatial_cross_attention",
       "temporal_self_attention", "warp_bev", "ego_shift", "reference_grid", "grid_sample", "inverse_sigmoid",
       "frustum_to_voxel", "voxel_pool", "interval_pool", "segment_pool")
_STORED = {"f32": np.float32, "f16": np.float16, "i1": np.bool_, "i32": np.int32}
_WILD = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, 3e38, -3e38, 1e7, -1e7], np.float32)


def _store(array, tag):
    with np.errstate(over="ignore"):
        return bf16.to_bits(array) if tag == "bf16" else np.ascontiguousarray(array, _STORED[tag])


def _case(op, name, attrs, arrays, outputs, dtypes, layout, *, dynamic="", dynamic_levels=False, extent=0, tags=()):
    inputs = {key: _store(array, dtypes[key]) for key, array in arrays.items()}
    return dict(name=f"{op}-{name}", op=op, attrs=attrs, inputs=inputs, outputs=list(outputs), dtypes=dtypes,
                layout=layout, dynamic=frozenset(dynamic), dynamic_levels=dynamic_levels, extent=extent,
                tags=tuple(tags))


def decoded(case):
    """{operand: float or bool array} with the exact numbers the case's inputs stand for."""
    return {name: bf16.from_bits(array) if case["dtypes"][name] == "bf16" else array
            for name, array in case["inputs"].items()}


def expected(case):
    """{output: array} of the reference: float64, bool for `visible`, or integers for cells."""
    result = getattr(poolref if hasattr(poolref, case["op"]) else bevref, case["op"])(**decoded(case), **case["attrs"])
    return dict(zip(case["outputs"], result if isinstance(result, tuple) else (result,)))


def _cells(indices, shape):
    mask = np.zeros(shape, bool)
    mask[tuple(indices.T)] = True
    return mask


def ignored(case):
    """{output: bool mask of elements not to compare, or None}. `visible` and uv share no mask: uv has bounds()."""
    result, values, attrs = dict.fromkeys(case["outputs"]), decoded(case), case["attrs"]
    if case["op"] == "project_points":
        # What uv is where the matrix is NaN is not specified (visible is: false).
        result["uv"] = np.isnan(expected(case)["uv"])
        if "exact" not in case["tags"]:
            result["visible"] = bevref.project_points_ill_conditioned(**values, **attrs)
    elif case["op"] == "warp_bev" and attrs["mode"] == "nearest":
        # The source coordinate is a sum of a few terms no larger than the distance to the centre.
        center = attrs["center"] or (0, 0)
        limit = max(1e-5, 8 * bevref.F32_ROUNDOFF * (max(center) + case["extent"]))
        ties = bevref.warp_bev_ties(**values, center=attrs["center"], tolerance=limit)
        result["out"] = _cells(ties, values["prev"].shape[:3])[..., None].repeat(values["prev"].shape[3], axis=-1)
    elif case["op"] == "grid_sample" and attrs["mode"] == "nearest" and "exact" not in case["tags"]:
        ties = bevref.grid_sample_ties(values["input"], values["grid"], padding=attrs["padding"],
                                       align_corners=attrs["align_corners"])
        mask = _cells(ties, values["grid"].shape[:3])
        result["out"] = np.broadcast_to(mask[:, None], expected(case)["out"].shape)
    elif case["op"] == "frustum_to_voxel" and "exact" not in case["tags"]:
        result["out"] = poolref.frustum_to_voxel_ties(**values, **attrs)
    return result


def bounds(case):
    """{output: elementwise absolute error bound [shape of the output], or None}."""
    result = dict.fromkeys(case["outputs"])
    if case["op"] == "project_points":
        result["uv"] = bevref.project_points_uv_error(**decoded(case), **case["attrs"])
    return result


def limits(case):
    """{output: relative L2 tolerance; None where it has bounds() or is a mask}."""
    return {name: None if case["op"] in ("project_points", "frustum_to_voxel") else compare.tolerance(case["dtypes"][name], case["extent"])
            for name in case["outputs"]}


# ---------------------------------------------------------------------------------------------------------------------
# Coordinates and values


def _extent(level_shapes):
    return max(max(shape) for shape in level_shapes)


def _level_shapes(rng, count):
    return [(int(rng.choice(SIDES)), int(rng.choice(SIDES))) for _ in range(count)]


def _borders(rng, shape, side):
    """Normalised f32 coordinates on the borders of a map `side` wide, +-1 ulp: the pixel positions -1, -.5, 0, the
    middle, side-1, side-.5, side, half of them moved by one ulp."""
    pixels = np.array([-1, -0.5, 0, 0.5, (side - 1) / 2, side - 1.5, side - 1, side - 0.5, side], np.float32)
    exact = ((rng.choice(pixels, shape) + np.float32(0.5)) / np.float32(side)).astype(np.float32)
    step = rng.integers(-1, 2, shape)
    moved = np.nextafter(exact, np.where(step < 0, -np.inf, np.inf).astype(np.float32))
    return np.where(step == 0, exact, moved).astype(np.float32)


def _coordinates(rng, shape, kind, sides):
    """[*shape, 2] f32 normalised (x, y); at least the even ones of the last but one dimension lie inside the map.

    inside: 0..1. around: -0.3..1.3. border: see _borders, for a map of `sides` = (H, W). wild: NaN, +-Inf, huge."""
    inside = rng.random(shape + (2,), np.float32) * np.float32(0.8) + np.float32(0.1)
    if kind == "inside":
        return rng.random(shape + (2,), np.float32)
    if kind == "around":
        special = rng.random(shape + (2,), np.float32) * np.float32(1.6) - np.float32(0.3)
    elif kind == "border":
        special = np.stack([_borders(rng, shape, sides[1]), _borders(rng, shape, sides[0])], axis=-1)
    else:
        special = rng.choice(_WILD, shape + (2,))
        one_axis = rng.random(shape + (2,)) < 0.3  # one bad coordinate is enough
        special = np.where(one_axis, inside, special)
    count = int(np.prod(shape))
    pick = (np.arange(count) % 2 == 1).reshape(shape)
    return np.where(pick[..., None], special, inside).astype(np.float32)


def _touched(locations, level_shapes, use=None):
    """[B,S,M] bool: cells within 1/100 pixel of being sampled from locations [B,Q,M,L,P,2]; use [B,Q] selects queries.
    The margin covers what f32 rounding may shift."""
    batch, _, heads = locations.shape[:3]
    result = []
    for l, (height, width) in enumerate(level_shapes):
        mask = np.zeros((batch, height, width, heads), bool)
        with np.errstate(invalid="ignore", over="ignore"):
            x = locations[:, :, :, l, :, 0].astype(np.float64) * width - 0.5
            y = locations[:, :, :, l, :, 1].astype(np.float64) * height - 0.5
            near = (x > -1.1) & (x < width + 0.1) & (y > -1.1) & (y < height + 0.1)
        if use is not None:
            near &= use[:, :, None, None]
        b, q, m, p = np.nonzero(near)
        px, py = x[b, q, m, p], y[b, q, m, p]
        taps = lambda c: (np.floor(c - 0.01), np.floor(c), np.floor(c) + 1, np.floor(c + 0.01) + 1)
        for ty in taps(py):
            for tx in taps(px):
                ok = (tx >= 0) & (tx < width) & (ty >= 0) & (ty < height)
                mask[b[ok], ty[ok].astype(int), tx[ok].astype(int), m[ok]] = True
        result.append(mask.reshape(batch, height * width, heads))
    return np.concatenate(result, axis=1)


def _poison(rng, value, touched):
    """value with NaN, Inf and -Inf in the cells not touched."""
    bad = rng.choice(np.array([np.nan, np.inf, -np.inf], np.float32), value.shape)
    return np.where(touched[(...,) + (None,) * (value.ndim - touched.ndim)], value, bad)


def _normal(rng, *shape):
    return rng.standard_normal(shape).astype(np.float32)


KINDS = ("inside", "around", "border", "wild", "poison")


def _deck(rng, count, **factors):
    """`count` dicts that give every factor a value: each factor's values come equally often, in an order of its own,
    so that no two factors go in step."""
    columns = {name: [values[k % len(values)] for k in rng.permutation(count)] for name, values in factors.items()}
    return [{name: column[i] for name, column in columns.items()} for i in range(count)]


def _attention_deck(rng, count, **more):
    """Factors that the attention ops share. side: the type of weights, offsets and logits, "same" as the value's."""
    return _deck(rng, count, b=(1, 2, 3), q=QUERIES, m=(1, 2, 3, 4, 8), d=CHANNELS, levels=(1, 2, 3, 4),
                 p=tuple(range(1, 9)), tag=TYPES, side=("same", "f32", "same", "f16"), kind=KINDS,
                 dynamic=("", "", "sizes", "levels"), **more)


def _flags(dynamic, letters):
    """The keywords of _case for "" (static), "sizes" (`letters` dynamic) or "levels" (level shapes as well)."""
    return dict(dynamic=letters if dynamic else "", dynamic_levels=dynamic == "levels")


def _dealt(f):
    """(b, q, m, d, number of levels, p, value type, type of weights, offsets and logits, kind) of one dealt case."""
    side = f["tag"] if f["side"] == "same" else f["side"]
    return f["b"], f["q"], f["m"], f["d"], f["levels"], f["p"], f["tag"], side, f["kind"]


# ---------------------------------------------------------------------------------------------------------------------
# The attention ops


def _ms_deform_attn(rng, count):
    layout = dict(value="BSMD", locations="BQMLP2", weights="BQMLP", out="BQMD")
    for i, dealt in enumerate(_attention_deck(rng, count)):
        b, q, m, d, levels, p, tag, side, kind = _dealt(dealt)
        shapes = _level_shapes(rng, levels)
        coordinates = "around" if kind == "poison" else kind
        locations = np.stack([_coordinates(rng, (b, q, m, p), coordinates, s) for s in shapes], axis=3)
        value = _normal(rng, b, sum(h * w for h, w in shapes), m, d)
        if kind in ("poison", "wild"):
            value = _poison(rng, value, _touched(locations, shapes))
        weights = bevref.softmax(_normal(rng, b, q, m, levels * p)).reshape(b, q, m, levels, p)
        yield _case("ms_deform_attn", f"{i:03d}-{kind}-{tag}-{side}", dict(level_shapes=shapes),
                    dict(value=value, locations=locations, weights=weights), ["out"],
                    dict(value=tag, locations="f32", weights=side, out=tag), layout, extent=_extent(shapes),
                    tags=[kind], **_flags(dealt["dynamic"], "BQS"))
    # Exact pixel centres on power-of-two maps: f32 coordinates are exact, three neighbours weigh exactly 0 and hold
    # NaN or Inf. Inf in the sampled cell itself follows IEEE: weight 0 gives NaN, weight 1 gives Inf.
    for tag in TYPES:
        shapes = [(4, 8)]
        cells = np.array([(0, 0), (7, 3), (3, 1), (0, 3)], np.float32)
        locations = ((cells + np.float32(0.5)) / np.array([8, 4], np.float32)).reshape(1, 2, 1, 1, 2, 2)
        value = np.full((1, 32, 1, 4), np.nan, np.float32)
        for x, y in cells.astype(int):
            value[0, y * 8 + x, 0] = (1, -2, 3, 0.5)
        yield _case("ms_deform_attn", f"zero-weight-neighbours-{tag}", dict(level_shapes=shapes),
                    dict(value=value, locations=locations, weights=np.full((1, 2, 1, 1, 2), 0.5)), ["out"],
                    dict(value=tag, locations="f32", weights=tag, out=tag), layout, extent=8, tags=["exact"])
        value = value.copy()
        value[0, 0, 0] = np.inf
        yield _case("ms_deform_attn", f"inf-times-weight-{tag}", dict(level_shapes=shapes),
                    dict(value=value, locations=np.stack([locations[:, 0], locations[:, 0]], axis=1),
                         weights=np.array([[0, 1], [1, 0]]).reshape(1, 2, 1, 1, 2)), ["out"],
                    dict(value=tag, locations="f32", weights=tag, out=tag), layout, extent=8, tags=["exact"])


def _offsets(rng, shape, kind, tag):
    """Pixel offsets; border: zeros for two thirds, so that the reference alone decides; wild: some not finite."""
    offsets = _normal(rng, *shape) * 2
    if kind == "border":
        offsets = np.where(rng.random(shape[:-1] + (1,)) < 2 / 3, 0, offsets)
    if kind == "wild":
        bad = rng.choice(np.array([np.nan, np.inf, -np.inf, 6e4, -6e4], np.float32), shape)
        offsets = np.where(rng.random(shape) < 0.1, bad, offsets)
    return offsets.astype(np.float32)


def _as_stored(array, tag):
    """The exact numbers that `array` becomes when stored as `tag`."""
    stored = _store(array, tag)
    return bf16.from_bits(stored) if tag == "bf16" else stored


def _deformable_attention(rng, count):
    layout = dict(value="BSMD", reference="BQR2", offsets="BQMLP2", logits="BQMK", out="BQMD")
    deck = _attention_deck(rng, count, form=("level", "box", "pillar", "pillar-div"), one_reference=(False, True))
    for i, dealt in enumerate(deck):
        b, q, m, d, levels, p, tag, side, kind = _dealt(dealt)
        form, shapes = dealt["form"], _level_shapes(rng, levels)
        attrs = dict(level_shapes=shapes, reference_kind=form.split("-")[0],
                     anchor_order="div" if form == "pillar-div" else "mod")
        if form.startswith("pillar"):
            anchors = int(rng.choice([z for z in range(1, p + 1) if p % z == 0]))
        else:
            anchors = 1 if dealt["one_reference"] else levels
        reference = _coordinates(rng, (b, q, anchors), "around" if kind == "poison" else kind, shapes[0])
        if form == "box":
            reference = np.concatenate([reference, rng.random((b, q, anchors, 2), np.float32) * 0.3], axis=-1)
        offsets = _offsets(rng, (b, q, m, levels, p, 2), kind, side)
        value = _normal(rng, b, sum(h * w for h, w in shapes), m, d)
        if kind in ("poison", "wild"):
            locations = bevref.sampling_locations(reference.astype(np.float32), _as_stored(offsets, side), **attrs)
            value = _poison(rng, value, _touched(locations, shapes))
        yield _case("deformable_attention", f"{i:03d}-{form}-{kind}-{tag}-{side}", attrs,
                    dict(value=value, reference=reference, offsets=offsets,
                         logits=_normal(rng, b, q, m, levels * p) * 2), ["out"],
                    dict(value=tag, reference="f32", offsets=side, logits=side, out=tag),
                    dict(layout, reference="BQR4" if form == "box" else "BQR2"), extent=_extent(shapes),
                    tags=[kind, form], **_flags(dealt["dynamic"], "BQS"))


def _spatial_cross_attention(rng, count):
    layout = dict(value="BNSMD", uv="BNQZ2", visible="BNQZ", offsets="BQMLP2", logits="BQMK", out="BQMD")
    deck = _attention_deck(rng, count, n=(1, 2, 3, 6), order=("mod", "mod", "mod", "div"),
                           seen=("some", "some", "some", "some", "none", "all"))
    for i, dealt in enumerate(deck):
        b, q, m, d, levels, p, tag, side, kind = _dealt(dealt)
        n, seen, shapes = dealt["n"], dealt["seen"], _level_shapes(rng, levels)
        z = int(rng.choice([z for z in range(1, p + 1) if p % z == 0]))
        attrs = dict(level_shapes=shapes, anchor_order=dealt["order"])
        uv = _coordinates(rng, (b, n, q, z), "around" if kind == "poison" else kind, shapes[0])
        visible = rng.random((b, n, q, z)) < {"some": 0.4, "none": 0, "all": 1}[seen]
        if seen == "some":
            visible[:, :, ::3] = False  # every third query is seen by no camera
        hit = visible.any(axis=-1)
        # Where no anchor is visible the projection is meaningless: far away, or not finite.
        uv = np.where(hit[..., None, None] | (rng.random(hit.shape)[..., None, None] < 0.5), uv,
                      rng.choice(_WILD, uv.shape)).astype(np.float32)
        offsets = _offsets(rng, (b, q, m, levels, p, 2), kind, side)
        value = _normal(rng, b, n, sum(h * w for h, w in shapes), m, d)
        if kind in ("poison", "wild"):
            for c in range(n):
                locations = bevref.sampling_locations(uv[:, c], _as_stored(offsets, side), reference_kind="pillar",
                                                      **attrs)
                value[:, c] = _poison(rng, value[:, c], _touched(locations, shapes, hit[:, c]))
        yield _case("spatial_cross_attention", f"{i:03d}-{kind}-{seen}-{tag}-{side}", attrs,
                    dict(value=value, uv=uv, visible=visible, offsets=offsets,
                         logits=_normal(rng, b, q, m, levels * p) * 2), ["out"],
                    dict(value=tag, uv="f32", visible="i1", offsets=side, logits=side, out=tag), layout,
                    extent=_extent(shapes), tags=[kind, "seen-by-" + seen], **_flags(dealt["dynamic"], "BNQS"))


def _temporal_self_attention(rng, count):
    layout = dict(value="BTSMD", reference="BTQL2", offsets="BQMTLP2", logits="BQMTK", out="BQMD")
    for i, dealt in enumerate(_attention_deck(rng, count, t=(2, 2, 1, 3))):
        b, q, m, d, levels, p, tag, side, kind = _dealt(dealt)
        t, shapes = dealt["t"], _level_shapes(rng, levels)
        reference = np.stack([_coordinates(rng, (b, t, q), "around" if kind == "poison" else kind, s)
                              for s in shapes], axis=3)
        offsets = _offsets(rng, (b, q, m, t, levels, p, 2), kind, side)
        value = _normal(rng, b, t, sum(h * w for h, w in shapes), m, d)
        if kind in ("poison", "wild"):
            for f in range(t):
                locations = bevref.sampling_locations(reference[:, f], _as_stored(offsets, side)[:, :, :, f],
                                                      level_shapes=shapes)
                value[:, f] = _poison(rng, value[:, f], _touched(locations, shapes))
        yield _case("temporal_self_attention", f"{i:03d}-{kind}-{tag}-{side}", dict(level_shapes=shapes),
                    dict(value=value, reference=reference, offsets=offsets,
                         logits=_normal(rng, b, q, m, t, levels * p) * 2), ["out"],
                    dict(value=tag, reference="f32", offsets=side, logits=side, out=tag), layout,
                    extent=_extent(shapes), tags=[kind], **_flags(dealt["dynamic"], "BQS"))


# ---------------------------------------------------------------------------------------------------------------------
# Geometry


def _rig(rng, batch, cameras, size):
    """lidar2img [B,N,4,4] f32 of cameras that look around horizontally: K [R | t] with the focal length about 0.8 of
    the width, 1 m to 2 m from the origin."""
    result = np.zeros((batch, cameras, 4, 4))
    for b in range(batch):
        for n in range(cameras):
            yaw = 2 * np.pi * n / cameras + rng.normal() * 0.1
            forward = np.array([np.cos(yaw), np.sin(yaw), 0])
            right, down = np.array([np.sin(yaw), -np.cos(yaw), 0]), np.array([0, 0, -1.0])
            rotation = np.stack([right, down, forward])
            height, width = size[n]
            focal = 0.8 * width
            intrinsics = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
            position = forward * rng.uniform(1, 2) + np.array([0, 0, 1.5])
            result[b, n, :3, :3] = intrinsics @ rotation
            result[b, n, :3, 3] = intrinsics @ (-rotation @ position)
            result[b, n, 3, 3] = 1
    # To multiples of 2^-10: sines and matrix products differ in the last bit between numpy builds.
    return (np.round(result * 1024) / 1024).astype(np.float32)


_PROJECT_LAYOUT = dict(points="BQZ3", lidar2img="BN44", image_size="N2", uv="BNQZ2", visible="BNQZ")
_PROJECT_TYPES = dict(points="f32", lidar2img="f32", image_size="f32", uv="f32", visible="i1")


def _project_points(rng, count):
    outputs = ["uv", "visible"]
    deck = _deck(rng, count, b=(1, 2, 3), q=QUERIES, n=(1, 2, 3, 6), z=(1, 2, 3, 4, 5),
                 kind=("metres", "unit-cube", "nan-matrix", "behind"), dynamic=("", "BNQ"))
    for i, dealt in enumerate(deck):
        b, q, n, z, kind = (dealt[key] for key in ("b", "q", "n", "z", "kind"))
        size = rng.choice(np.array([(480, 800), (900, 1600), (37, 53)], np.float32), n)
        attrs, matrices = {}, _rig(rng, b, n, size)
        if kind == "unit-cube":
            attrs["pc_range"] = tuple(float(np.float32(v)) for v in (-51.2, -51.2, -5.0, 51.2, 51.2, 3.0))
            points = rng.random((b, q, z, 3), np.float32)
        else:
            points = (rng.uniform(-50, 50, (b, q, z, 3)) * (1, 1, 0.05)).astype(np.float32)
        if kind == "behind":  # every camera looks along +x, every point is at negative x
            matrices = np.repeat(_rig(rng, b, 1, size[:1]), n, axis=1)
            points[..., 0] = -np.abs(points[..., 0]) - 5
        if kind == "nan-matrix":
            matrices[0, 0] = np.nan
            matrices[-1, -1, 2, 1] = np.nan
        yield _case("project_points", f"{i:03d}-{kind}", attrs,
                    dict(points=points, lidar2img=matrices, image_size=size), outputs, _PROJECT_TYPES,
                    _PROJECT_LAYOUT, tags=[kind], dynamic=dealt["dynamic"])
    # Exact bounds: the identity matrix and power-of-two images make every step exact in f32, so u, v and the depth lie
    # exactly on, or one ulp beside, the strict bounds.
    one_ulp = lambda v: [np.nextafter(np.float32(v), np.float32(-9)), np.float32(v),
                         np.nextafter(np.float32(v), np.float32(9))]
    tiny = np.float32(2.0 ** -100)
    edges = [np.float32(-tiny), np.float32(0), tiny] + one_ulp(1) + [np.float32(0.5)]
    points = [(u * 16, v * 8, 1) for u in edges for v in edges]
    depths = one_ulp(1e-5) + [np.float32(0), np.float32(-1), np.float32(1e-6), np.float32(1)]
    points += [(np.float32(8) * d, np.float32(4) * d, d) for d in depths]
    yield _case("project_points", "exact-bounds", {},
                dict(points=np.array(points, np.float32)[None, :, None], lidar2img=np.eye(4)[None, None],
                     image_size=np.array([(8, 16)])), outputs, _PROJECT_TYPES, _PROJECT_LAYOUT, tags=["exact"])


def _warp_bev(rng, count):
    layout = dict(prev="BHWC", angle="B", reset="B", out="BHWC")
    deck = _deck(rng, count, b=(1, 2, 3), h=SIDES, w=SIDES, c=CHANNELS, tag=TYPES, mode=("nearest", "bilinear"),
                 kind=("random", "right-angles", "published-centre", "not-finite", "small"), reset=(True, False),
                 dynamic=("", "BHW"))
    for i, dealt in enumerate(deck):
        b, h, w, c, tag, mode, kind = (dealt[key] for key in ("b", "h", "w", "c", "tag", "mode", "kind"))
        center = {"published-centre": (100.0, 100.0), "random": (float(rng.integers(0, w + 1)), h / 2),
                  "small": None}.get(kind, (w / 2, h / 2))
        if kind == "right-angles":
            h = w  # so that the turned map covers itself
            center, angle = (w / 2, h / 2), rng.choice([0, 90, -90, 180, 270, 360], b)
        elif kind == "not-finite":
            angle = np.array([np.nan, 10, np.inf])[:b]
        elif kind in ("small", "published-centre"):
            angle = rng.uniform(-3, 3, b)
        else:
            angle = rng.uniform(-200, 200, b)
        if kind == "published-centre":
            h = w = 50
            c = 4
        prev = _normal(rng, b, h, w, c)
        arrays = dict(prev=prev, angle=np.asarray(angle, np.float32))
        if dealt["reset"]:
            arrays["reset"] = np.arange(b) % 2 == 1
            prev[arrays["reset"]] = np.nan  # reset selects, it does not multiply
        yield _case("warp_bev", f"{i:03d}-{mode}-{kind}-{tag}", dict(mode=mode, center=center), arrays, ["out"],
                    dict(prev=tag, angle="f32", reset="i1", out=tag),
                    {key: value for key, value in layout.items() if key in arrays or key == "out"},
                    # Twice the size: the angle's own rounding, up to 2^-23 of pi, moves a far pixel as much again.
                    extent=2 * max(h, w, *(center or (0,))), tags=[mode, kind],
                    dynamic=dealt["dynamic"])


def _ego_shift(rng, count):
    for i in range(count):
        b, k = 1 + i % 3, (18, 4, 7)[i % 3]
        can_bus = _normal(rng, b, k)
        kind = ("random", "standing", "backwards")[(i // 3) % 3]
        if kind == "standing":
            can_bus[:, :2] = 0
        if kind == "backwards":
            can_bus[:, 0], can_bus[:, 1] = -np.abs(can_bus[:, 0]), 0
        can_bus[:, -2] = rng.uniform(-np.pi, np.pi, b)
        grid = tuple(float(np.float32(v)) for v in rng.choice([0.512, 0.4, 1.0], 2))
        size = (int(rng.choice([50, 200, 7])), int(rng.choice([50, 200, 9])))
        yield _case("ego_shift", f"{i:03d}-{kind}", dict(grid_length=grid, bev_size=size), dict(can_bus=can_bus),
                    ["shift"], dict(can_bus="f32", shift="f32"), dict(can_bus="BK", shift="B2"), tags=[kind],
                    dynamic="B" if i % 4 == 3 else "", extent=32)  # an angle of some hundred degrees is rounded: 16 ulp


def _reference_grid(rng, count):
    sizes = ((1, 1), (1, 7), (5, 1), (13, 8), (50, 50), (20, 33))
    for i in range(count):
        size, anchors = sizes[i % len(sizes)], (None, 4, 1, 8)[(i // 2) % 4]
        attrs = dict(bev_size=size)
        if anchors is not None:
            attrs.update(num_anchors=anchors, pillar_height=float((8, 4, 1)[i % 3]))
        yield _case("reference_grid", f"{i:03d}-{size[0]}x{size[1]}" + (f"x{anchors}" if anchors else ""), attrs, {},
                    ["grid"], dict(grid="f32"), dict(grid="SZ3" if anchors else "S2"))


# ---------------------------------------------------------------------------------------------------------------------
# Resampling and elementwise


def _grid_touched(shape, grid, attrs):
    """[N,H,W] bool: input pixels within one pixel of a tap of grid_sample."""
    used, x, y = bevref._grid_pixels(shape, grid.astype(np.float64), attrs["padding"], attrs["align_corners"])
    mask = np.zeros((shape[0],) + shape[2:], bool)
    pad = lambda c, size: bevref._pad_coordinate(c, size, attrs["padding"], attrs["align_corners"])
    if attrs["mode"] != "bicubic":
        x, y = pad(x, shape[3]), pad(y, shape[2])
    for j in range(-2, 4):
        for i in range(-2, 4):
            tx, ty = pad(np.floor(x) + i, shape[3]), pad(np.floor(y) + j, shape[2])
            n, a, b = np.nonzero(used & (tx >= 0) & (tx < shape[3]) & (ty >= 0) & (ty < shape[2]))
            mask[n, ty[n, a, b].astype(int), tx[n, a, b].astype(int)] = True
    return mask


def _grid_sample(rng, count):
    layout = dict(input="NCHW", grid="NYX2", out="NCYX")
    forms = [(mode, padding, align) for mode in ("bilinear", "nearest", "bicubic")
             for padding in ("zeros", "border", "reflection") for align in (False, True)]
    deck = _deck(rng, count, form=forms, tag=TYPES, kind=("around", "border", "wild", "poison"), n=(1, 2, 3),
                 c=(1, 3, 4, 7), h=SIDES, w=SIDES, ho=(1, 2, 5, 9), wo=(2, 3, 7), dynamic=("", "NHWYX"))
    for i, dealt in enumerate(deck):
        n, c, h, w, ho, wo, tag, kind = (dealt[key] for key in ("n", "c", "h", "w", "ho", "wo", "tag", "kind"))
        mode, padding, align = dealt["form"]
        attrs = dict(mode=mode, padding=padding, align_corners=align)
        grid = _coordinates(rng, (n, ho, wo), "around" if kind == "poison" else kind, (h, w))
        with np.errstate(over="ignore"):
            grid = (grid * np.float32(2) - np.float32(1)).astype(np.float32)
        if padding == "reflection":  # mirrored often, a huge coordinate has no f32 digits left
            grid = np.where(np.isfinite(grid) & (np.abs(grid) > 10), np.float32(3.25), grid)
        image = _normal(rng, n, c, h, w)
        if kind == "poison":
            mask = _grid_touched(image.shape, grid, attrs)
            image = _poison(rng, image.transpose(0, 2, 3, 1), mask).transpose(0, 3, 1, 2)
        yield _case("grid_sample", f"{i:03d}-{mode}-{padding}-{'align' if align else 'edge'}-{kind}-{tag}", attrs,
                    dict(input=image, grid=grid), ["out"], dict(input=tag, grid="f32", out=tag), layout,
                    extent=3 * max(h, w) if mode == "bicubic" else max(h, w), tags=[mode, padding, kind],
                    dynamic=dealt["dynamic"])


def _inverse_sigmoid(rng, count):
    special = np.array([0, 1, 0.5, -1, 2, np.nan, np.inf, -np.inf, 1e-5, 1 - 1e-5, 1e-30, 1e-6, -0.0], np.float32)
    shapes = ((13,), (1, 1), (3, 5, 4), (2, 7), (1, 900, 3), (33,))
    for i in range(count):
        shape, tag = shapes[i % len(shapes)], TYPES[(i // 2) % 3]
        x = rng.random(shape, np.float32)
        if i % 2 == 0:
            x = np.where(rng.random(shape) < 0.4, rng.choice(special, shape), x)
        yield _case("inverse_sigmoid", f"{i:03d}-{'special' if i % 2 == 0 else 'random'}-{tag}", {}, dict(input=x),
                    ["out"], dict(input=tag, out=tag), dict(input="ABC"[:len(shape)], out="ABC"[:len(shape)]),
                    dynamic="A" if i % 5 == 4 else "")


def _frustum_to_voxel(rng, count):
    for name, attrs, arrays, dtypes, layout, dynamic, tags in pooling_cases.frustum_to_voxel(rng, count, _deck):
        yield _case("frustum_to_voxel", name, attrs, arrays, ["out"], dtypes,
                    {key: letters for key, letters in layout.items() if key in arrays or key == "out"},
                    dynamic=dynamic, tags=tags)


def _pool(op):
    def make(rng, count):
        for name, attrs, arrays, dtypes, layout, dynamic, tags, extent in getattr(pooling_cases, op)(
                rng, count, _deck, CHANNELS, TYPES):
            yield _case(op, name, attrs, arrays, ["out"], dtypes, layout, dynamic=dynamic, extent=extent, tags=tags)

    return make


_MAKERS = dict(ms_deform_attn=(_ms_deform_attn, 60), deformable_attention=(_deformable_attention, 72),
               project_points=(_project_points, 24), spatial_cross_attention=(_spatial_cross_attention, 48),
               temporal_self_attention=(_temporal_self_attention, 30), warp_bev=(_warp_bev, 40),
               ego_shift=(_ego_shift, 12), reference_grid=(_reference_grid, 12), grid_sample=(_grid_sample, 72),
               inverse_sigmoid=(_inverse_sigmoid, 12), frustum_to_voxel=(_frustum_to_voxel, 36),
               voxel_pool=(_pool("voxel_pool"), 84), interval_pool=(_pool("interval_pool"), 30),
               segment_pool=(_pool("segment_pool"), 96))


def generate(op=None, seed=0, count=None):
    """Yields the cases of one op, or of all; `count` replaces the usual number of random cases per op. Raises
    ValueError for an unknown op. The cases of an op do not depend on which other ops are asked for."""
    if op is not None and op not in _MAKERS:
        raise ValueError(f"expected one of {', '.join(_MAKERS)}, but got '{op}'")
    for name in OPS if op is None else (op,):
        maker, usual = _MAKERS[name]
        yield from maker(np.random.Generator(np.random.PCG64([seed, OPS.index(name)])),
                         usual if count is None else count)


def permuted_queries(case, order):
    """The attention case with its queries taken in `order` [Q]: its result must be the same rows, bit for bit."""
    inputs = {}
    for name, array in case["inputs"].items():
        axis = case["layout"][name].find("Q")
        inputs[name] = array if axis < 0 else np.ascontiguousarray(np.take(array, order, axis=axis))
    return dict(case, name=case["name"] + "-permuted", inputs=inputs)


def single_row(case, row):
    """The case cut down to batch row `row`: its result must be that row, bit for bit."""
    letter = "N" if case["op"] == "grid_sample" else "B"
    inputs = {}
    for name, array in case["inputs"].items():
        axis = case["layout"][name].find(letter)
        inputs[name] = array if axis < 0 else np.ascontiguousarray(np.take(array, [row], axis=axis))
    return dict(case, name=f"{case['name']}-row{row}", inputs=inputs)
