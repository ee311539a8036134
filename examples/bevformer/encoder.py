# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From camera features and vehicle motion to the bird's-eye view: queries, geometry and the encoder's layers."""
import math

import numpy as np

import sampling
from attention import Pillars, SpatialCrossAttention, temporal_self_attention
from graph import tensor_of


def _columns(graph, can_bus, *indices):
    """can_bus [B,18] -> [B] each."""
    return [graph.gather(can_bus, index, 1) for index in indices]


def _atan2(graph, y, x):
    """atan2 from Atan, as exporters write it; 0 where both are 0."""
    quotient = graph.op("Atan", graph.op("Div", y, x))
    turn = graph.constant(math.pi)
    behind = graph.op("Where", graph.op("Greater", y, graph.constant(0.0)), graph.op("Add", quotient, turn),
                      graph.op("Sub", quotient, turn))
    angle = graph.op("Where", graph.op("Less", x, graph.constant(0.0)), behind, quotient)
    return graph.op("Where", graph.op("IsNaN", angle), graph.constant(0.0), angle)


def ego_shift(graph, configuration, can_bus):
    """[B,2] = (x, y): the motion since the last frame in units of the map. Length sqrt(dx^2 + dy^2), direction the
    heading (can_bus -2, radians) less that of the motion (can_bus 0 and 1, metres)."""
    grid_y, grid_x = configuration.grid_length
    dx, dy, heading = _columns(graph, can_bus, 0, 1, -2)
    pi, half_turn = graph.constant(math.pi), graph.constant(180.0)
    heading = graph.op("Mul", graph.op("Div", heading, pi), half_turn)
    square = lambda v: graph.op("Pow", v, graph.constant(2.0))
    length = graph.op("Sqrt", graph.op("Add", square(dx), square(dy)))
    motion = graph.op("Mul", graph.op("Div", _atan2(graph, dy, dx), pi), half_turn)
    angle = graph.op("Mul", graph.op("Div", graph.op("Sub", heading, motion), half_turn), pi)
    shift_y, shift_x = (
        graph.op("Div", graph.op("Div", graph.op("Mul", length, graph.op(function, angle)), graph.constant(cell)),
                 graph.constant(extent))
        for function, cell, extent in (("Cos", grid_y, configuration.bev_size[0]),
                                       ("Sin", grid_x, configuration.bev_size[1])))
    return graph.transpose(graph.concat([graph.unsqueeze(shift_x, 0), graph.unsqueeze(shift_y, 0)], 0), 1, 0)


def rotated_previous(graph, configuration, previous, can_bus):
    """previous [Q,B,C] turned about `rotate_center` (cells) by can_bus -1 (degrees), nearest cell, zero outside. One
    row of the batch after the other, as published."""
    height, width = configuration.bev_size
    # The rotation works in cells from the middle of the map.
    x0, y0 = (c - extent * 0.5 for c, extent in zip(configuration.rotate_center, (width, height)))
    cells = np.empty((height, width, 3))
    cells[..., 0] = np.arange(width) + 0.5 - width * 0.5
    cells[..., 1] = (np.arange(height) + 0.5 - height * 0.5)[:, None]
    cells[..., 2] = 1
    cells = graph.array("base_grid", cells.reshape(-1, 3).astype(np.float32))
    rows = []
    for row in range(configuration.batch):
        degrees = graph.gather(graph.gather(can_bus, row, 0), -1, 0)
        angle = graph.op("Mul", graph.op("Neg", degrees), graph.constant(math.pi / 180))
        cos, sin = graph.op("Cos", angle), graph.op("Sin", angle)
        times = lambda v, factor: graph.op("Mul", v, graph.constant(factor))
        move_x = graph.op("Add", graph.op("Sub", times(cos, -x0), times(sin, y0)), graph.constant(x0))
        move_y = graph.op("Add", graph.op("Sub", times(sin, x0), times(cos, y0)), graph.constant(y0))
        stack = lambda *values: graph.concat([graph.unsqueeze(v, 0) for v in values], 0)
        matrix = stack(stack(cos, sin, move_x), stack(graph.op("Neg", sin), cos, move_y))
        matrix = graph.op("Div", graph.transpose(matrix, 1, 0), graph.constant([0.5 * width, 0.5 * height]))
        grid = graph.reshape(graph.op("MatMul", cells, matrix), (1, height, width, 2))
        image = graph.reshape(graph.gather(previous, row, 1), (height, width, configuration.channels))
        image = graph.unsqueeze(graph.transpose(image, 2, 0, 1), 0)
        turned = sampling.nearest(graph, image, grid, configuration.channels, configuration.bev_size)
        turned = graph.transpose(graph.gather(turned, 0, 0), 1, 2, 0)
        rows.append(graph.reshape(turned, (height * width, 1, configuration.channels)))
    return rows[0] if len(rows) == 1 else graph.concat(rows, 1)


def bev_positions(graph, configuration):
    """[B,Q,C]: learned, half of the channels from a cell's column and half from its row."""
    height, width = configuration.bev_size
    half = configuration.channels // 2
    with graph.scope("pts_bbox_head.positional_encoding"):
        columns = graph.parameter("col_embed.weight", (width, half), 0.29, 0.5)
        rows = graph.parameter("row_embed.weight", (height, half), 0.29, 0.5)
        both = graph.concat([graph.tile(graph.unsqueeze(columns, 0), (height, 1, 1)),
                             graph.tile(graph.unsqueeze(rows, 1), (1, width, 1))], -1)
        image = graph.tile(graph.unsqueeze(graph.transpose(both, 2, 0, 1), 0), (configuration.batch, 1, 1, 1))
        flat = graph.reshape(image, (configuration.batch, configuration.channels, height * width))
    return graph.transpose(flat, 0, 2, 1)


def bev_queries(graph, configuration, can_bus):
    """[Q,B,C]: learned, plus what a small network makes of can_bus."""
    channels = configuration.channels
    with graph.scope("pts_bbox_head"):
        learned = graph.parameter("bev_embedding.weight", (configuration.bev_queries, channels), 1.0)
        learned = graph.tile(graph.unsqueeze(learned, 1), (1, configuration.batch, 1))
        with graph.scope("transformer", "can_bus_mlp"):
            x = can_bus
            for name, inputs, outputs in (("0", configuration.can_bus, channels // 2), ("2", channels // 2, channels)):
                with graph.scope(name):
                    weight = graph.parameter("weight", (outputs, inputs), inputs ** -0.5)
                    bias = graph.parameter("bias", (outputs,), 0.05)
                    x = graph.op("Relu", graph.op("Gemm", x, weight, bias, transB=1))
            motion = graph.layer_norm(x, "norm", channels)
    return graph.op("Add", learned, graph.unsqueeze(motion, 0))


def camera_features(graph, configuration, maps):
    """The pyramid's maps [B*N,C,h,w] -> [N,S,B,C], with an embedding for each camera and each level."""
    c = configuration
    with graph.scope("pts_bbox_head.transformer"):
        cameras = graph.parameter("cams_embeds", (c.cameras, c.channels), 0.3)
        levels = graph.parameter("level_embeds", (c.levels, c.channels), 0.3)
        flat = []
        for level, (x, (height, width)) in enumerate(zip(maps, c.level_shapes)):
            x = graph.reshape(x, (c.batch, c.cameras, c.channels, height * width))
            x = graph.op("Add", graph.transpose(x, 1, 0, 3, 2), graph.unsqueeze(cameras, 1, 2))
            flat.append(graph.op("Add", x, graph.slice(graph.unsqueeze(levels, 1, 2), 0, level, level + 1)))
        return graph.transpose(graph.concat(flat, 2), 0, 2, 1, 3)


def pillar_points(configuration):
    """float64 [Z,Q,3]: the points of each query's pillar in the unit cube; query j*W + i is the cell (i, j)."""
    height, width = configuration.bev_size
    extent = configuration.pc_range[5] - configuration.pc_range[2]
    points = np.empty((configuration.anchors, height, width, 3))
    points[..., 0] = (np.arange(width) + 0.5) / width
    points[..., 1] = ((np.arange(height) + 0.5) / height)[:, None]
    points[..., 2] = (np.linspace(0.5, extent - 0.5, configuration.anchors) / extent)[:, None, None]
    return points.reshape(configuration.anchors, height * width, 3)


def project_points(graph, configuration, lidar2img):
    """The pillars in the images: (reference [N,B,Q,Z,2] in [0,1] of the image, mask [N,B,Q,Z])."""
    c = configuration
    low, high = np.array(c.pc_range[:3]), np.array(c.pc_range[3:])
    points = graph.array("pillar_points", pillar_points(c)[None].astype(np.float32))
    points = graph.tile(points, (c.batch, 1, 1, 1))
    points = graph.op("Add", graph.op("Mul", points, graph.constant(high - low)), graph.constant(low))
    ones = graph.op("ConstantOfShape", graph.int64((c.batch, c.anchors, c.bev_queries, 1)),
                    value=tensor_of(np.ones(1, np.float32)))
    points = graph.transpose(graph.concat([points, ones], -1), 1, 0, 2, 3)
    points = graph.reshape(points, (c.anchors, c.batch, 1, c.bev_queries, 4))
    points = graph.unsqueeze(graph.tile(points, (1, 1, c.cameras, 1, 1)), -1)
    matrices = graph.tile(graph.reshape(lidar2img, (1, c.batch, c.cameras, 1, 4, 4)),
                          (c.anchors, 1, 1, c.bev_queries, 1, 1))
    camera = graph.squeeze(graph.op("MatMul", matrices, points), -1)
    epsilon = graph.constant(1e-5)
    depth = graph.slice(camera, 4, 2, 3)
    mask = graph.op("Greater", depth, epsilon)
    plane = graph.op("Div", graph.slice(camera, 4, 0, 2), graph.op("Max", depth, epsilon))
    plane = graph.op("Div", plane, graph.constant(c.image_size[::-1]))
    for component in (1, 0):
        one = graph.slice(plane, 4, component, component + 1)
        for comparison, bound in (("Greater", 0.0), ("Less", 1.0)):
            mask = graph.op("And", mask, graph.op(comparison, one, graph.constant(bound)))
    return (graph.transpose(plane, 2, 1, 3, 0, 4), graph.squeeze(graph.transpose(mask, 2, 1, 3, 0, 4), -1))


def _stacked(graph, previous, current, shape):
    """previous, current [B,...] -> [2B,...], row after row."""
    both = graph.concat([graph.unsqueeze(previous, 1), graph.unsqueeze(current, 1)], 1)
    return graph.reshape(both, (2 * shape[0],) + tuple(shape[1:]))


def encode(graph, configuration, maps, can_bus, lidar2img, previous=None, hits=None):
    """The bird's-eye view [B,Q,C] and a function that exposes the last layer's sampling (see
    SpatialCrossAttention.expose). `previous` [Q,B,C] is the last frame's; `hits` asks for the rebatch (see Pillars)."""
    c = configuration
    positions = bev_positions(graph, c)
    shift = ego_shift(graph, c, can_bus)
    if previous is not None:
        with graph.scope("pts_bbox_head.transformer"):
            previous = graph.transpose(rotated_previous(graph, c, previous, can_bus), 1, 0, 2)
    query = graph.transpose(bev_queries(graph, c, can_bus), 1, 0, 2)
    features = camera_features(graph, c, maps)
    with graph.scope("pts_bbox_head.transformer", "encoder"):
        pillars = Pillars(*project_points(graph, c, lidar2img), hits)
        grid = np.broadcast_to(pillar_points(c)[0, None, :, None, :2], (c.batch, c.bev_queries, 1, 2))
        grid = graph.array("reference_grid", np.ascontiguousarray(grid, np.float32))
        shape = (c.batch, c.bev_queries, 1, 2)
        if previous is not None:
            shifted = graph.op("Add", grid, graph.unsqueeze(shift, 1, 2))
            reference = _stacked(graph, shifted, grid, shape)
        else:
            reference = _stacked(graph, grid, grid, shape)
        shape = (c.batch, c.bev_queries, c.channels)
        # A previous map goes with the queries as they are before the first layer.
        history = None if previous is None else _stacked(graph, previous, query, shape)
        for layer in range(c.encoder_layers):
            with graph.scope("layers", layer):
                with graph.scope("attentions.0"):
                    stacked = _stacked(graph, query, query, shape) if history is None else history
                    query = temporal_self_attention(graph, c, query, positions, stacked, reference)
                query = graph.layer_norm(query, "norms.0", c.channels)
                with graph.scope("attentions.1"):
                    attention = SpatialCrossAttention(graph, c, features, pillars, hits is not None)
                    seen, query = query, attention(query)
                query = graph.layer_norm(query, "norms.1", c.channels)
                query = graph.feed_forward(query, "ffns.0", c.channels, c.hidden)
                query = graph.layer_norm(query, "norms.2", c.channels)

    def expose():
        with graph.scope("pts_bbox_head.transformer", "encoder"):
            with graph.scope("layers", c.encoder_layers - 1), graph.scope("attentions.1"):
                return attention.expose(seen)

    return query, expose
