# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Test cases of the ops of lift-splat models, for cases.py: each maker yields the arguments of a case."""
import numpy as np

import poolref

GRIDS = (((-12.8, -12.8, -5.0), (1.6, 1.6, 8.0), (1, 16, 16)), ((-9.0, -7.5, -2.0), (0.75, 0.5, 1.0), (4, 30, 24)),
         ((2.0, -3.0, -10.0), (5.0, 1.0, 20.0), (1, 6, 3)), ((-54.0, -54.0, -10.0), (12.0, 13.5, 2.5), (8, 8, 9)))
_LAYOUT = dict(depths="D", intrinsics="BN33", camera_to_ego="BN44", image_augmentation="BN44", bev_augmentation="B44",
               out="BNDHW")


def _round(array):
    """To multiples of 2^-10: sines and matrix products differ in the last bit between numpy builds."""
    return (np.round(np.asarray(array) * 1024) / 1024).astype(np.float32)


def _turn(angle):
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return matrix


def _cameras(rng, batch, count, image_size):
    """Intrinsics [B,N,3,3] and camera-to-ego [B,N,4,4] of cameras that look around horizontally."""
    intrinsics, ego = np.zeros((batch, count, 3, 3)), np.zeros((batch, count, 4, 4))
    for b, n in np.ndindex(batch, count):
        yaw = 2 * np.pi * n / count + rng.normal() * 0.1
        forward = np.array([np.cos(yaw), np.sin(yaw), 0])
        ego[b, n, :3, :3] = np.stack([[np.sin(yaw), -np.cos(yaw), 0], [0, 0, -1], forward], axis=1)
        ego[b, n, :3, 3] = forward * rng.uniform(0, 1.5) + [0, 0, 1.5]
        ego[b, n, 3, 3] = 1
        focal = 0.8 * image_size[1] * rng.uniform(0.9, 1.1)
        intrinsics[b, n] = [[focal, 0.3, image_size[1] / 2], [0, focal, image_size[0] / 2], [0, 0, 1]]
    return _round(intrinsics), _round(ego)


def frustum_to_voxel(rng, count, deck):
    for i, dealt in enumerate(deck(rng, count, b=(1, 2, 3), n=(1, 2, 6), d=(1, 3, 7), h=(1, 2, 5), w=(1, 3, 8),
                                   kind=("plain", "image", "bev", "both", "nan", "singular"), floor=(False, True),
                                   grid=GRIDS, dynamic=("", "BND"))):
        b, n, d, kind = dealt["b"], dealt["n"], dealt["d"], dealt["kind"]
        lower, cell_size, grid_size = dealt["grid"]
        image_size = [(256, 704), (37, 53), (1, 1)][i % 3]
        intrinsics, ego = _cameras(rng, b, n, (max(image_size[0], 2), max(image_size[1], 2)))
        arrays = dict(depths=np.linspace(1, 14, d) if i % 4 else np.array([-2.0, 0.0, 3.5, np.nan, 1e30, 5, 7])[:d],
                      intrinsics=intrinsics, camera_to_ego=ego)
        if kind in ("image", "both"):
            image = np.stack([_turn(rng.uniform(-0.1, 0.1)) for _ in range(b * n)]).reshape(b, n, 4, 4)
            image[..., :2, :2] *= rng.uniform(0.4, 1.2, (b, n, 1, 1))
            image[..., :2, 3] = rng.uniform(-20, 20, (b, n, 2))
            arrays["image_augmentation"] = _round(image)
        if kind in ("bev", "both"):
            bev = np.stack([_turn(rng.uniform(-0.4, 0.4)) for _ in range(b)])
            bev[:, :, :2] *= rng.choice([-1, 1], (b, 1, 2))
            bev[:, :3, 3] = rng.uniform(-0.5, 0.5, (b, 3))
            arrays["bev_augmentation"] = _round(bev)
        if kind == "nan":
            ego[0, 0, 1, 2], ego[-1, -1, 0, 3] = np.nan, np.inf
        if kind == "singular":
            intrinsics[0, 0] = 0
        yield (f"{i:03d}-{kind}", dict(image_size=image_size, feature_size=(dealt["h"], dealt["w"]), lower=lower,
                                       cell_size=cell_size, grid_size=grid_size, floor=dealt["floor"]),
               arrays, {name: "f32" for name in arrays} | {"out": "i32"}, _LAYOUT, dealt["dynamic"], [kind])
    # Every step exact: points on the borders of cells, and just below the grid.
    for floor in (False, True):
        ego = np.eye(4)
        ego[:3, 3] = [-0.5, -2, -1]
        yield (f"exact-{'floor' if floor else 'trunc'}",
               dict(image_size=(5, 9), feature_size=(5, 9), lower=(0.0, 0.0, 0.0), cell_size=(1.0, 0.5, 0.25),
                    grid_size=(9, 13, 12), floor=floor),
               dict(depths=np.array([0.5, 1, 2, 4, 1.125]), intrinsics=np.eye(3)[None, None],
                    camera_to_ego=ego[None, None]),
               dict(depths="f32", intrinsics="f32", camera_to_ego="f32", out="i32"), _LAYOUT, "", ["exact"])


_POOL_LAYOUT = dict(feat="BNHWC", depth="BNDHW", ranks_depth="P", ranks_feat="P", ranks_bev="P", interval_starts="I",
                    interval_lengths="I", cells="BNDHW", segments="S3", ranks_segment="T", bounds="BZYX2", out="BZYXC")
_BAD = np.array([np.nan, np.inf, -np.inf], np.float32)
_LEAST, _MOST = -2**31, 2**31 - 1


def _intervals(cells):
    """Starts and lengths of the runs of sorted `cells`."""
    starts = np.flatnonzero(np.diff(cells, prepend=-1))
    return starts, np.diff(np.append(starts, len(cells)))


def _break(rng, tables, cells, rows):
    """Entries that are not to count, or to be cut: of the ranks, the starts and the lengths."""
    big = np.array([-1, -2**31, 2**31 - 1, 10**6])
    for name, size in rows.items():
        if name in tables and len(tables[name]):
            bad = rng.random(len(tables[name])) < 0.2
            tables[name] = np.where(bad, rng.choice(np.append(big, size), len(bad)), tables[name])
    starts, lengths = tables["interval_starts"], tables["interval_lengths"]
    if len(starts) > 4:
        # A start that is no point, lengths that are none, a length that is too long, a cell that is none.
        starts[0], starts[1] = -3, len(tables["ranks_bev"])
        lengths[2], lengths[3] = 0, -5
        lengths[-1] = 2**31 - 1
        tables["ranks_bev"][starts[4]] = rng.choice([-1, cells, 2**31 - 1])


def voxel_pool(rng, count, deck, channels, types):
    for i, dealt in enumerate(deck(rng, count, form=("ranks", "lifted", "cells"), b=(1, 2, 3), n=(1, 2, 3),
                                   d=(1, 2, 5, 9), h=(1, 3, 4), w=(1, 2, 7), c=channels, tag=types,
                                   side=("same", "f32", "f16"), grid=((1, 4, 5), (2, 3, 3), (1, 1, 1), (1, 17, 16)),
                                   kind=("random", "random", "empty", "one-cell", "poison", "inf-times", "hostile"),
                                   dynamic=("", "sizes"))):
        form, kind, tag, grid = dealt["form"], dealt["kind"], dealt["tag"], dealt["grid"]
        b, n, d, h, w, c = (dealt[key] for key in "bndhwc")
        if kind == "one-cell" and i % 2:
            b, n, d, h, w = 1, 3, 40, 5, 7  # long enough for every way to split it
        side = tag if dealt["side"] == "same" else dealt["side"]
        volume, frustum = int(np.prod(grid)), (b, n, d, h, w)
        cells = rng.integers(-1 if form == "cells" else 0, volume, frustum)
        if kind == "one-cell":
            cells[...] = volume // 2
        kept = rng.random(frustum) < 0.7
        if kind == "empty":
            kept[...] = False
        if kind in ("poison", "inf-times"):
            kept[..., 0, :] = False  # features that no point selects
        feat = rng.standard_normal((b, n, h, w, c)).astype(np.float32)
        depth = rng.random(frustum, np.float32) * np.float32(0.9) + np.float32(0.1)
        if kind in ("poison", "inf-times"):
            bad = np.array([np.nan, np.inf, -np.inf], np.float32)
            depth = np.where(kept, depth, rng.choice(bad, frustum))
            used = kept.any(axis=2)
            feat = np.where(used[..., None], feat, rng.choice(bad, feat.shape))
            if kind == "inf-times":
                feat = np.where(rng.random(feat.shape) < 0.02, rng.choice(bad, feat.shape), feat)
        if form == "cells":
            drop = rng.choice(np.array([-1, -7, volume, 2**31 - 1, -2**31]), frustum)
            arrays = dict(feat=feat, depth=depth, cells=np.where(kept, cells, drop))
        else:
            points = np.flatnonzero(kept)
            key = (np.arange(b)[:, None, None, None, None] * volume + cells).reshape(-1)[points]
            order = np.argsort(key, kind="stable")
            points, key = points[order], key[order]
            image = h * w
            rows = points // (d * image) * image + points % image
            starts, lengths = _intervals(key)
            tables = dict(ranks_bev=key, interval_starts=starts, interval_lengths=lengths)
            if form == "lifted":
                with np.errstate(invalid="ignore"):
                    lifted = feat.reshape(-1, c)[rows] * depth.reshape(-1)[points, None]
                arrays = dict(feat=lifted, **tables)
            else:
                arrays = dict(feat=feat, depth=depth, ranks_depth=points, ranks_feat=rows, **tables)
            if kind == "hostile":
                _break(rng, arrays, b * volume, dict(ranks_depth=depth.size, ranks_feat=feat.size // c))
        dtypes = {name: "i32" for name in arrays} | dict(feat=tag, depth=side, out=tag)
        layout = {name: "PC" if name == "feat" and form == "lifted" else _POOL_LAYOUT[name]
                  for name in list(arrays) + ["out"]}
        longest = np.bincount(np.where(kept, cells, 0).reshape(-1) % volume).max()
        attrs = dict(grid_size=grid, batch=b) if form == "lifted" else dict(grid_size=grid)
        yield (f"{i:03d}-{form}-{kind}-{tag}-{side}", attrs, arrays, {name: dtypes[name] for name in layout}, layout,
               ("PI" if form == "lifted" else "BNDHWPI") if dealt["dynamic"] else "", [form, kind], longest / 32)
    yield from _voxel_pool_of_segments(rng, count * 3 // 7, deck, channels, types)


def _mix(rng, array, values, share):
    """`array` with so large a share of its entries replaced by any of `values`."""
    values = np.asarray(values)
    return np.where(rng.random(array.shape) < share, rng.choice(values, array.shape), array)


def _segment(shape, camera, depth, begin, end, column):
    """(rank of depth, rank of feat, length) of rows `begin` to `end` of a column; shape: (Dd, H, W)."""
    d, h, w = shape
    return ((camera * d + depth) * h + begin) * w + column, (camera * h + begin) * w + column, end - begin


def _column_runs(cells):
    """([S,3], [S]): the segments of neighbouring rows with one cell (-1: none) in the columns of `cells` [N,Dd,H,W], by
    camera, column and depth; and their cells."""
    table, found = [], []
    for camera, column, depth in np.ndindex(cells.shape[0], cells.shape[3], cells.shape[1]):
        rows = cells[camera, depth, :, column]
        starts = np.flatnonzero(np.diff(rows, prepend=-2))
        for begin, end in zip(starts, np.append(starts[1:], len(rows))):
            if rows[begin] >= 0:
                table.append(_segment(cells.shape[1:], camera, depth, begin, end, column))
                found.append(rows[begin])
    return np.array(table, np.int64).reshape(-1, 3), np.array(found, np.int64)


def _arranged(rng, table, order, shape):
    """Which segment each entry of a table in some order is: as they are, those of a column filled up to fours, or in
    any order. shape: (Dd, H, W)."""
    if order == "shuffled":
        return rng.permutation(len(table))
    if order != "padded":
        return np.arange(len(table))
    _, h, w = shape
    columns = table[:, 1] // (h * w) * w + table[:, 1] % w
    parts = [np.flatnonzero(columns == column) for column in np.unique(columns)]
    return np.concatenate([np.append(part, [part[-1]] * (-len(part) % 4)) for part in parts] + [[]]).astype(np.int64)


def _hostile_segments(rng, table, depths, rows):
    """The table with entries that are no ranks or lengths, and lengths that are too long."""
    table = table.copy()
    for column, size in ((0, depths), (1, rows)):
        table[:, column] = _mix(rng, table[:, column], [-1, _LEAST, _MOST, 10**6, size, size - 1], 0.15)
    table[:, 2] = _mix(rng, table[:, 2], [0, -5, _LEAST, _MOST, rows], 0.3)
    return table


def _voxel_pool_of_segments(rng, count, deck, channels, types):
    for i, dealt in enumerate(deck(rng, count, b=(1, 2, 3), n=(1, 2, 3), d=(1, 2, 5, 9), h=(1, 3, 8, 17), w=(1, 2, 7),
                                   c=channels + (1, 3, 80, 96), tag=types, side=("same", "f32", "f16"),
                                   grid=((1, 4, 5), (2, 3, 3), (1, 1, 1), (1, 17, 16)), run=(1, 2, 5, 17),
                                   order=("columns", "padded", "shuffled"),
                                   kind=("random", "random", "empty", "one-cell", "poison", "inf-times", "hostile"),
                                   dynamic=("", "ST", "BNDHWSTZYX"))):
        kind, tag, grid, order = dealt["kind"], dealt["tag"], dealt["grid"], dealt["order"]
        b, n, d, h, w, c = (dealt[key] for key in "bndhwc")
        if kind == "one-cell" and i % 2:
            b, n, d, h, w = 1, 3, 40, 5, 7
        side = tag if dealt["side"] == "same" else dealt["side"]
        volume, run = int(np.prod(grid)), dealt["run"]
        cells = rng.integers(-1, volume, (b, n, d, -(-h // run), w)).repeat(run, axis=3)[:, :, :, :h]
        if kind == "one-cell":
            cells[...] = volume // 2
        cells = np.where(rng.random(cells.shape) < 0.1, -1, cells)
        if kind == "empty":
            cells[...] = -1
        if kind in ("poison", "inf-times"):
            cells[:, :, :, 0 if i % 2 else -1] = -1  # features beside those selected
        kept = cells >= 0
        keys = np.where(kept, np.arange(b)[:, None, None, None, None] * volume + cells, -1)
        table, of = _column_runs(keys.reshape(b * n, d, h, w))
        source = _arranged(rng, table, order, (d, h, w))
        first = np.array([np.flatnonzero(source == s)[0] for s in range(len(table))], np.int64)
        sort = np.argsort(of, kind="stable")
        table, ranks = table[source], first[sort]
        every = np.arange(b * volume)
        bounds = np.stack([np.searchsorted(of[sort], every), np.searchsorted(of[sort], every, "right")], axis=-1)
        if kind == "hostile":
            table = _hostile_segments(rng, table, kept.size, b * n * h * w)
            ranks = _mix(rng, ranks, [-1, _LEAST, _MOST, len(table), 0], 0.2)
            bounds = np.where(rng.random((len(bounds), 1)) < 0.1, bounds[:, ::-1], bounds)
            bounds = _mix(rng, bounds, [-1, _LEAST, _MOST, len(ranks) + 1], 0.1)
        feat = rng.standard_normal((b, n, h, w, c)).astype(np.float32)
        depth = rng.random(kept.shape, np.float32) * np.float32(0.9) + np.float32(0.1)
        if kind in ("poison", "inf-times"):
            depth = np.where(kept, depth, rng.choice(_BAD, kept.shape))
            feat = np.where(kept.any(axis=2)[..., None], feat, rng.choice(_BAD, feat.shape))
        if kind == "inf-times":
            feat = _mix(rng, feat, _BAD, 0.02)
        arrays = dict(feat=feat, depth=depth, segments=table, ranks_segment=ranks,
                      bounds=bounds.reshape((b,) + grid + (2,)))
        layout = {name: _POOL_LAYOUT[name] for name in list(arrays) + ["out"]}
        dtypes = {name: "i32" for name in layout} | dict(feat=tag, depth=side, out=tag)
        longest = np.bincount(np.where(kept, keys, 0).reshape(-1)).max()
        yield (f"{i:03d}-segments-{order}-{kind}-{tag}-{side}", dict(grid_size=grid), arrays, dtypes, layout,
               dealt["dynamic"], ["segments", order, kind], longest / 32)


def _wild_bounds(rng, shape, points):
    """[*shape, 2]: begins and ends in order, and some that are not, some before and behind the points."""
    bounds = np.sort(rng.integers(-3, points + 4, shape + (2,)), axis=-1)
    wild = rng.random(shape + (2,)) < 0.1
    return np.where(wild, rng.choice(np.array([-2**31, 2**31 - 1, 0]), shape + (2,)), bounds)


def interval_pool(rng, count, deck, channels, types):
    for i, dealt in enumerate(deck(rng, count, points=(0, 1, 5, 33, 200), rows=(1, 9, 40), k=(0, 1, 60), c=channels,
                                   tag=types, side=("same", "f32", "bf16"), form=("points", "lifted"),
                                   leading=("R", "AR", "ABR"), dynamic=("", "sizes"))):
        tag, c, points = dealt["tag"], dealt["c"], dealt["points"]
        side = tag if dealt["side"] == "same" else dealt["side"]
        shape = dict(R=(dealt["rows"],), AR=(2, dealt["rows"]), ABR=(3, 1, 7))[dealt["leading"]]
        bounds = _wild_bounds(rng, shape, points)
        arrays = dict(feat=rng.standard_normal((points if dealt["form"] == "lifted" else dealt["rows"], c)))
        layout = dict(feat="PC" if dealt["form"] == "lifted" else "FC")
        if dealt["form"] == "points":
            arrays.update(depth=rng.random(dealt["k"]), ranks_depth=rng.integers(-1, dealt["k"] + 1, points),
                          ranks_feat=rng.integers(-1, dealt["rows"] + 1, points))
            layout.update(depth="K", ranks_depth="P", ranks_feat="P")
        arrays["bounds"] = bounds
        layout.update(bounds=dealt["leading"] + "2", out=dealt["leading"] + "C")
        dtypes = dict(feat=tag, depth=side, ranks_depth="i32", ranks_feat="i32", bounds="i32", out=tag)
        yield (f"{i:03d}-{dealt['form']}-{tag}-{side}", {}, arrays, {name: dtypes[name] for name in layout}, layout,
               "ABRPFK" if dealt["dynamic"] else "", [dealt["form"]], points / 32)
    yield from _interval_pool_of_sums(rng, count * 4 // 5, deck, channels)


def _interval_pool_of_sums(rng, count, deck, channels):
    """Ranks of features without depths, and f32 features with results of 16 bits."""
    for i, dealt in enumerate(deck(rng, count, points=(0, 1, 5, 33, 200), rows=(0, 1, 9, 40), k=(1, 60),
                                   c=channels + (1, 3, 80, 96), form=("sums", "sums", "points", "lifted"),
                                   types=(("f32", "f16"), ("f32", "bf16"), ("f32", "f32"), ("f16", "f16"),
                                          ("bf16", "bf16")),
                                   side=("f32", "f16", "bf16"), kind=("random", "poison", "inf-times"),
                                   leading=("V", "AV", "ABV"), dynamic=("", "P", "ABVPFK"))):
        c, points, rows, form, kind = (dealt[key] for key in ("c", "points", "rows", "form", "kind"))
        (tag, result), leading = dealt["types"], dealt["leading"]
        if form == "lifted":
            rows = points
        bounds = _wild_bounds(rng, dict(V=(17,), AV=(2, 40), ABV=(3, 1, 7))[leading], points)
        ranks = _mix(rng, rng.integers(-1, rows + 1, points), [_LEAST, _MOST], 0.05)
        feat = rng.standard_normal((rows, c)).astype(np.float32)
        arrays, layout = dict(feat=feat), dict(feat="PC" if form == "lifted" else "FC")
        exists = (ranks >= 0) & (ranks < rows)
        if form == "points":
            arrays.update(depth=rng.random(dealt["k"]), ranks_depth=rng.integers(-1, dealt["k"] + 1, points))
            exists &= (arrays["ranks_depth"] >= 0) & (arrays["ranks_depth"] < dealt["k"])
            layout.update(depth="K", ranks_depth="P")
        if form != "lifted":
            arrays["ranks_feat"] = ranks
            layout["ranks_feat"] = "P"
        if kind != "random":
            used = np.zeros(rows, bool)
            for begin, end in np.clip(bounds, 0, points).reshape(-1, 2):
                if form == "lifted":
                    used[begin:end] = True
                else:
                    used[ranks[begin:end][exists[begin:end]]] = True
            arrays["feat"] = np.where(used[:, None], feat, rng.choice(_BAD, feat.shape))
        if kind == "inf-times":
            arrays["feat"] = _mix(rng, arrays["feat"], _BAD, 0.02)
        arrays["bounds"] = bounds
        layout.update(bounds=leading + "2", out=leading + "C")
        dtypes = dict(feat=tag, depth=dealt["side"], ranks_depth="i32", ranks_feat="i32", bounds="i32", out=result)
        yield (f"{i:03d}-of-{form}-{kind}-{tag}-{result}", {}, arrays, {name: dtypes[name] for name in layout}, layout,
               dealt["dynamic"], [form, kind], points / 32)


def _segment_table(rng, order, shape, cameras, rows, turn):
    """[S,3] of segments in rows[0] <= h < rows[1] of the columns of an image (Dd, H, W). overlap: with rows in common,
    equal ones and some far from each other; ends: up to the last row, or from the first; else the runs of cells."""
    d, h, w = shape
    if order not in ("overlap", "ends"):
        run = (1, 3, 8, 40)[turn % 4]
        cells = rng.integers(-1, 6, (cameras, d, -(-h // run), w)).repeat(run, axis=2)[:, :, :h]
        cells[:, :, :rows[0]] = cells[:, :, rows[1]:] = -1
        table = _column_runs(cells)[0]
        return table[_arranged(rng, table, order, shape)]
    table = []
    for camera, column in np.ndindex(cameras, w):
        for _ in range(rng.integers(1, 8)):
            depth = rng.integers(0, d)
            begin, end = np.sort(rng.integers(rows[0], rows[1] + 1, 2))
            if order == "ends":
                begin, end = (begin, rows[1]) if turn % 2 else (rows[0], end)
            table += [_segment(shape, camera, depth, begin, end, column)] * rng.integers(1, 3)
    return np.array(table, np.int64).reshape(-1, 3)


def segment_pool(rng, count, deck, channels, types):
    for i, dealt in enumerate(deck(rng, count, n=(1, 2, 3), d=(1, 3, 8), h=(1, 2, 5, 16, 33), w=(1, 2, 3, 8),
                                   c=(1, 3, 5, 8, 20, 80, 96, 33), tag=types, side=("same", "f32", "f16", "bf16"),
                                   order=("columns", "padded", "shuffled", "overlap", "ends"),
                                   kind=("random", "random", "poison", "inf-times", "hostile", "empty"),
                                   step=("width", "width", "width", "other"), dynamic=("", "S", "SRK"))):
        kind, tag, order = dealt["kind"], dealt["tag"], dealt["order"]
        n, d, h, w, c = (dealt[key] for key in "ndhwc")
        side = tag if dealt["side"] == "same" else dealt["side"]
        rows = (0, h)
        if kind in ("poison", "inf-times") and h > 1:
            rows = (1, h) if i % 2 else (0, h - 1)  # features beside those selected
        table = _segment_table(rng, order, (d, h, w), n, rows, i // 2)
        step = w if dealt["step"] == "width" else int(rng.choice([1, 0, -3, w + 1, 2 * w, 2**31, 2**40]))
        feat = rng.standard_normal((n * h * w, c)).astype(np.float32)
        depth = rng.random(n * d * h * w, np.float32) * np.float32(0.9) + np.float32(0.1)
        if kind == "hostile":
            table = _hostile_segments(rng, table, len(depth), len(feat))
        if kind == "empty":
            table, feat, depth = ((table[:0], feat, depth), (table, feat[:0], depth), (table, feat, depth[:0]))[i % 3]
        points = list(poolref.segment_points(table, step, len(feat), len(depth)))
        if kind in ("poison", "inf-times"):
            selects, selected = np.zeros(len(feat), bool), np.zeros(len(depth), bool)
            for _, depth_rank, row in points:
                selects[row] = selected[depth_rank] = True
            feat = np.where(selects[:, None], feat, rng.choice(_BAD, feat.shape))
            depth = np.where(selected, depth, rng.choice(_BAD, depth.shape))
        if kind == "inf-times":
            feat, depth = _mix(rng, feat, _BAD, 0.02), _mix(rng, depth, _BAD, 0.01)
        longest = max(np.bincount([s for s, *_ in points]), default=0)
        yield (f"{i:03d}-{order}-{kind}-{tag}-{side}", dict(step=step), dict(feat=feat, depth=depth, segments=table),
               dict(feat=tag, depth=side, segments="i32", out="f32"),
               dict(feat="RC", depth="K", segments="S3", out="SC"), dealt["dynamic"], [order, kind], longest / 32)
