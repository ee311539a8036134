# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sampling of maps at fractional places, as GridSample or (below opset 16, which has none) node by node."""
from graph import FLOAT, INT64

GRID_SAMPLE_OPSET = 16


def _pixels(graph, grid, component, extent):
    """Grid coordinates in [-1, 1] to pixels: ((c + 1) * extent - 1) / 2."""
    c = graph.gather(grid, component, 3)
    c = graph.op("Mul", graph.op("Add", c, graph.constant(1.0)), graph.constant(extent))
    return graph.op("Div", graph.op("Sub", c, graph.constant(1.0)), graph.constant(2.0))


def _clamp(graph, index, last):
    """index in [0, last], with comparisons: opset 11 has no Clip on integers."""
    low = graph.op("Where", graph.op("Less", index, graph.int64(0)), graph.int64(0), index)
    return graph.op("Where", graph.op("Greater", low, graph.int64(last)), graph.int64(last), low)


def _bilinear_by_gathers(graph, image, grid, images, channels, shape, samples):
    """mmcv's bilinear_grid_sample: the image padded with one pixel of zeros, four gathers at clamped indices."""
    height, width = shape
    x = graph.reshape(_pixels(graph, grid, 0, width), (images, -1))
    y = graph.reshape(_pixels(graph, grid, 1, height), (images, -1))
    one = graph.int64(1)
    x0 = graph.cast(graph.op("Floor", x), INT64)
    y0 = graph.cast(graph.op("Floor", y), INT64)
    x1, y1 = graph.op("Add", x0, one), graph.op("Add", y0, one)
    right = graph.op("Sub", graph.cast(x1, FLOAT), x)
    below = graph.op("Sub", graph.cast(y1, FLOAT), y)
    left = graph.op("Sub", x, graph.cast(x0, FLOAT))
    above = graph.op("Sub", y, graph.cast(y0, FLOAT))
    weights = [graph.unsqueeze(graph.op("Mul", a, b), 1)
               for a, b in ((right, below), (right, above), (left, below), (left, above))]
    padded = graph.op("Pad", image, graph.int64([0, 0, 1, 1, 0, 0, 1, 1]), graph.constant(0.0), mode="constant")
    padded = graph.reshape(padded, (images, channels, -1))
    # In the padded image everything lies one pixel further.
    columns = [_clamp(graph, c, width + 1) for c in (x1, graph.op("Add", x1, one))]
    rows = [_clamp(graph, r, height + 1) for r in (y1, graph.op("Add", y1, one))]
    starts = [graph.op("Mul", r, graph.int64(width + 2)) for r in rows]
    total = None
    for (column, start), weight in zip(((c, s) for c in columns for s in starts), weights):
        index = graph.unsqueeze(graph.op("Add", column, start), 1)
        corner = graph.op("GatherElements", padded, graph.expand(index, (images, channels, samples)), axis=2)
        term = graph.op("Mul", corner, weight)
        total = term if total is None else graph.op("Add", total, term)
    return total


def bilinear(graph, image, grid, images, channels, shape, grid_shape):
    """image [n,d,h,w] sampled at grid [n,Q,P,2] = (x, y), -1..1 across the image -> [n,d,Q,P]; zero outside."""
    if graph.opset >= GRID_SAMPLE_OPSET:
        return graph.op("GridSample", image, grid, align_corners=0, mode="bilinear", padding_mode="zeros")
    sampled = _bilinear_by_gathers(graph, image, grid, images, channels, shape, grid_shape[0] * grid_shape[1])
    return graph.reshape(sampled, (images, channels) + tuple(grid_shape))


def nearest(graph, image, grid, channels, shape):
    """image [1,d,h,w] sampled at grid [1,h,w,2] at the nearest pixel -> [1,d,h,w]; zero outside."""
    if graph.opset >= GRID_SAMPLE_OPSET:
        return graph.op("GridSample", image, grid, align_corners=0, mode="nearest", padding_mode="zeros")
    height, width = shape
    inside, index = None, None
    for component, extent, step in ((0, width, 1), (1, height, width)):
        pixel = graph.op("Round", graph.reshape(_pixels(graph, grid, component, extent), (-1,)))
        ok = graph.op("And", graph.op("Greater", pixel, graph.constant(-0.5)),
                      graph.op("Less", pixel, graph.constant(extent - 0.5)))
        cell = graph.op("Mul", _clamp(graph, graph.cast(pixel, INT64), extent - 1), graph.int64(step))
        inside = ok if inside is None else graph.op("And", inside, ok)
        index = cell if index is None else graph.op("Add", index, cell)
    sampled = graph.op("Gather", graph.reshape(image, (channels, height * width)), index, axis=1)
    sampled = graph.op("Where", graph.unsqueeze(inside, 0), sampled, graph.constant(0.0))
    return graph.reshape(sampled, (1, channels, height, width))
