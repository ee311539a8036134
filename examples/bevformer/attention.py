# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The three attentions of BEVFormer that sample: temporal self-attention, spatial cross-attention, and the decoder's
deformable attention.

Letters: B batch, N cameras, Q queries, M heads, d channels per head, C = M*d, L levels, P points per level, Z anchors
per pillar, S = sum of h*w over the levels.
"""
import dataclasses

import numpy as np

import sampling
from graph import FLOAT, INT64
from weights import direction_bias


def sampled_values(graph, value, locations, weights, images, queries, heads, channels, levels, points):
    """The core: value [n,S,M,d], locations [n,Q,M,L,P,2] in [0,1], weights [n,Q,M,L,P] -> [n,M*d,Q]."""
    d = channels // heads
    grids = graph.op("Sub", graph.op("Mul", locations, graph.constant(2.0)), graph.constant(1.0))
    pieces = graph.split(value, 1, [h * w for h, w in levels])
    sampled = []
    for level, (piece, (height, width)) in enumerate(zip(pieces, levels)):
        image = graph.transpose(graph.reshape(piece, (images, height * width, channels)), 0, 2, 1)
        image = graph.reshape(image, (images * heads, d, height, width))
        grid = graph.transpose(graph.gather(grids, level, 3), 0, 2, 1, 3, 4)
        grid = graph.reshape(grid, (images * heads, queries, points, 2))
        one = sampling.bilinear(graph, image, grid, images * heads, d, (height, width), (queries, points))
        sampled.append(graph.unsqueeze(one, -2))
    stacked = graph.concat(sampled, -2)
    stacked = graph.reshape(stacked, (images * heads, d, queries, len(levels) * points))
    weights = graph.transpose(weights, 0, 2, 1, 3, 4)
    weights = graph.reshape(weights, (images * heads, 1, queries, len(levels) * points))
    total = graph.reduce_sum(graph.op("Mul", stacked, weights), -1)
    return graph.reshape(total, (images, channels, queries))


def _sizes(graph, levels):
    """[1,1,1,L,1,2]: (width, height) of each level, what offsets in pixels are divided by."""
    return graph.constant(np.array([(w, h) for h, w in levels]).reshape(1, 1, 1, len(levels), 1, 2))


def _offsets_and_logits(graph, query, inputs, groups, heads, levels, points):
    """The two linear layers, flat: [n,Q,groups*2] and [n,Q,groups]. Offsets start in a direction per head."""
    bias = direction_bias(heads, levels, points)
    offsets = graph.linear(query, "sampling_offsets", inputs, 2 * groups, gain=0.6, bias_std=0.25,
                           bias_mean=bias.reshape(-1))
    return offsets, graph.linear(query, "attention_weights", inputs, groups, gain=0.8, bias_std=0.3)


def temporal_self_attention(graph, configuration, query, position, stacked, reference):
    """query, position [B,Q,C]; stacked [2B,Q,C] = (previous, current) of each batch row; reference [2B,Q,1,2]
    -> [B,Q,C] with the residual. The offsets come from the previous map beside query + position."""
    c = configuration
    batch, queries, heads, points, channels = c.batch, c.bev_queries, c.heads, c.bev_points, c.channels
    levels = [c.bev_size]
    positioned = graph.op("Add", query, position)
    # The published code takes the first `batch` rows, which are the previous maps only where batch = 1.
    previous = graph.slice(stacked, 0, 0, 1) if batch == 1 else graph.slice(stacked, 0, 0, 2 * batch, 2)
    both = graph.concat([previous, positioned], -1)
    value = graph.reshape(graph.linear(stacked, "value_proj", channels, channels),
                          (2 * batch, queries, heads, channels // heads))
    offsets, logits = _offsets_and_logits(graph, both, 2 * channels, heads * 2 * points, heads, 2, points)
    offsets = graph.reshape(offsets, (batch, queries, heads, 2, 1, points, 2))
    weights = graph.softmax(graph.reshape(logits, (batch, queries, heads, 2, points)), 4)
    weights = graph.reshape(weights, (batch, queries, heads, 2, 1, points))
    weights = graph.reshape(graph.transpose(weights, 0, 3, 1, 2, 4, 5), (2 * batch, queries, heads, 1, points))
    offsets = graph.reshape(graph.transpose(offsets, 0, 3, 1, 2, 4, 5, 6), (2 * batch, queries, heads, 1, points, 2))
    locations = graph.op("Add", graph.unsqueeze(reference, 2, 4), graph.op("Div", offsets, _sizes(graph, levels)))
    output = sampled_values(graph, value, locations, weights, 2 * batch, queries, heads, channels, levels, points)
    output = graph.reshape(graph.transpose(output, 2, 1, 0), (queries, channels, batch, 2))
    output = graph.transpose(graph.reduce_mean(output, -1), 2, 0, 1)
    return graph.op("Add", graph.linear(output, "output_proj", channels, channels), query)


def decoder_attention(graph, configuration, query, position, bev, reference):
    """query, position [q,B,C]; bev [Q,B,C]; reference [B,q,1,2] -> [q,B,C] with the residual."""
    c = configuration
    heads, points, channels = c.heads, c.bev_points, c.channels
    levels = [c.bev_size]
    mixed = graph.transpose(graph.op("Add", query, position), 1, 0, 2)
    value = graph.linear(graph.transpose(bev, 1, 0, 2), "value_proj", channels, channels)
    value = graph.reshape(value, (c.batch, c.bev_queries, heads, channels // heads))
    offsets, logits = _offsets_and_logits(graph, mixed, channels, heads * points, heads, 1, points)
    offsets = graph.reshape(offsets, (c.batch, c.queries, heads, 1, points, 2))
    weights = graph.softmax(graph.reshape(logits, (c.batch, c.queries, heads, points)), 3)
    weights = graph.reshape(weights, (c.batch, c.queries, heads, 1, points))
    locations = graph.op("Add", graph.unsqueeze(reference, 2, 4), graph.op("Div", offsets, _sizes(graph, levels)))
    output = sampled_values(graph, value, locations, weights, c.batch, c.queries, heads, channels, levels, points)
    output = graph.linear(graph.transpose(output, 0, 2, 1), "output_proj", channels, channels, gain=0.5)
    return graph.op("Add", graph.transpose(output, 1, 0, 2), query)


@dataclasses.dataclass
class Pillars:
    """Where the cameras see the queries' pillars: `reference` [N,B,Q,Z,2] in [0,1] of the image, `mask` [N,B,Q,Z] bool.
    `hits` [B,N,Q], a numpy bool array, is what the mask says for the calibration that a rebatch is traced with."""
    reference: str
    mask: str
    hits: np.ndarray = None


class SpatialCrossAttention:
    """Spatial cross-attention, with the camera half of its input shared by all layers.

    `rebatch` picks the published way of saving work: the queries that a camera sees are gathered (NonZero), attended,
    and scattered back (ScatterND). Their counts are constants of the graph, as a tracing exporter leaves them, so that
    the graph is right for one calibration only. Without it every camera attends to every query, and a mask selects.
    """

    def __init__(self, graph, configuration, features, pillars, rebatch):
        """features [N,S,B,C]."""
        self.graph, self.configuration = graph, configuration
        self.features, self.pillars, self.rebatch = features, pillars, rebatch
        self.levels = configuration.level_shapes
        self.positions = sum(h * w for h, w in self.levels)

    def _locations(self, query, images, queries, reference):
        """query [n,Q,C], reference [n,Q,Z,2] -> locations [n,Q,M,L,P,2], weights [n,Q,M,L,P]."""
        graph, c = self.graph, self.configuration
        heads, points, anchors, levels = c.heads, c.camera_points, c.anchors, len(self.levels)
        offsets, logits = _offsets_and_logits(graph, query, c.channels, heads * levels * points, heads, levels, points)
        offsets = graph.reshape(offsets, (images, queries, heads, levels, points, 2))
        weights = graph.softmax(graph.reshape(logits, (images, queries, heads, levels * points)), 3)
        weights = graph.reshape(weights, (images, queries, heads, levels, points))
        offsets = graph.op("Div", offsets, _sizes(graph, self.levels))
        # Point p goes with anchor p mod Z.
        offsets = graph.reshape(offsets, (images, queries, heads, levels, points // anchors, anchors, 2))
        locations = graph.op("Add", graph.unsqueeze(reference, 2, 3, 4), offsets)
        return graph.reshape(locations, (images, queries, heads, levels, points, 2)), weights

    def _attend(self, query, queries, reference):
        """query [B*N,q,C], reference [B*N,q,Z,2] -> [B,N,q,C]."""
        graph, c = self.graph, self.configuration
        images = c.batch * c.cameras
        value = graph.reshape(graph.transpose(self.features, 2, 0, 1, 3), (images, self.positions, c.channels))
        with graph.scope("deformable_attention"):
            value = graph.reshape(graph.linear(value, "value_proj", c.channels, c.channels),
                                  (images, self.positions, c.heads, c.channels // c.heads))
            locations, weights = self._locations(query, images, queries, reference)
            output = sampled_values(graph, value, locations, weights, images, queries, c.heads, c.channels,
                                    self.levels, c.camera_points)
            output = graph.transpose(output, 0, 2, 1)
        return graph.reshape(output, (c.batch, c.cameras, queries, c.channels))

    def _hit(self):
        """[B,N,Q] bool: the camera sees any anchor of the query's pillar."""
        graph = self.graph
        count = graph.reduce_sum(graph.cast(self.pillars.mask, INT64), -1)
        return graph.transpose(graph.op("Greater", count, graph.int64(0)), 1, 0, 2)

    def _dense_reference(self):
        graph, c = self.graph, self.configuration
        return graph.reshape(graph.transpose(self.pillars.reference, 1, 0, 2, 3, 4),
                             (c.batch * c.cameras, c.bev_queries, c.anchors, 2))

    def _dense_query(self, query):
        graph, c = self.graph, self.configuration
        every = graph.expand(graph.unsqueeze(query, 1), (c.batch, c.cameras, c.bev_queries, c.channels))
        return graph.reshape(every, (c.batch * c.cameras, c.bev_queries, c.channels))

    def _masked(self, query):
        """The sum [B,Q,C] over the cameras that see a query, with every query given to every camera."""
        graph, c = self.graph, self.configuration
        output = self._attend(self._dense_query(query), c.bev_queries, self._dense_reference())
        hit = graph.cast(self._hit(), FLOAT)
        total = graph.reduce_sum(graph.op("Mul", output, graph.unsqueeze(hit, -1)), 1)
        return total, graph.reduce_sum(hit, 1)

    def _rebatched(self, query):
        """The same sum, with each camera given only the queries that it sees."""
        graph, c, hits = self.graph, self.configuration, self.pillars.hits
        counts = hits.sum(axis=2)
        longest = max(int(counts.max()), 1)
        masks = graph.split(self.pillars.mask, 0, [1] * c.cameras)
        references = graph.split(self.pillars.reference, 0, [1] * c.cameras)
        at = [(row, camera) for row in range(c.batch) for camera in range(c.cameras)]
        indices = {}
        for row, camera in at:
            mask = graph.gather(graph.squeeze(masks[camera], 0), row, 0)
            seen = graph.op("NonZero", graph.reduce_sum(graph.cast(mask, INT64), -1))
            indices[row, camera] = graph.squeeze(graph.transpose(seen, 1, 0), 1)

        def zeros(*shape):
            # An initialised tensor in a traced graph; this is smaller and folds to it.
            return graph.op("ConstantOfShape", graph.int64(shape))

        queries = zeros(c.batch, c.cameras, longest, c.channels)
        points = zeros(c.batch, c.cameras, longest, c.anchors, 2)
        for row, camera in at:
            count, index = int(counts[row, camera]), indices[row, camera]
            place = np.empty((1, 1, count, 3), np.int64)
            place[..., 0], place[..., 1], place[..., 2] = row, camera, np.arange(count)
            place = graph.int64(place)
            part = graph.op("Gather", graph.gather(query, row, 0), index, axis=0)
            part = graph.reshape(graph.expand(part, (count, c.channels)), (1, 1, count, c.channels))
            queries = graph.op("ScatterND", queries, place, part)
            part = graph.gather(graph.squeeze(references[camera], 0), row, 0)
            part = graph.expand(graph.op("Gather", part, index, axis=0), (count, c.anchors, 2))
            points = graph.op("ScatterND", points, place, graph.reshape(part, (1, 1, count, c.anchors, 2)))
        images = c.batch * c.cameras
        output = self._attend(graph.reshape(queries, (images, longest, c.channels)), longest,
                              graph.reshape(points, (images, longest, c.anchors, 2)))
        slots = zeros(c.batch, c.bev_queries, c.channels)
        for row, camera in at:
            index = indices[row, camera]
            before = graph.op("Gather", graph.gather(slots, row, 0), index, axis=0)
            part = graph.slice(graph.gather(graph.gather(output, row, 0), camera, 0), 0, 0, int(counts[row, camera]))
            after = graph.op("Add", before, part)
            line = graph.op("Add", graph.int64([[0]]), index)
            shape = graph.op("Shape", line)
            place = graph.concat([graph.unsqueeze(graph.op("Expand", graph.int64(row), shape), -1),
                                  graph.unsqueeze(graph.op("Expand", index, shape), -1)], -1)
            after = graph.op("Reshape", after, graph.concat([shape, graph.int64([c.channels])], 0))
            slots = graph.op("ScatterND", slots, place, after)
        hit = graph.transpose(graph.op("Greater", graph.reduce_sum(graph.cast(self.pillars.mask, INT64), -1),
                                       graph.int64(0)), 1, 2, 0)
        return slots, graph.cast(graph.reduce_sum(graph.cast(hit, INT64), -1), FLOAT)

    def __call__(self, query):
        """query [B,Q,C] -> [B,Q,C] with the residual: the mean over the cameras that see the query."""
        graph, channels = self.graph, self.configuration.channels
        total, cameras = (self._rebatched if self.rebatch else self._masked)(query)
        mean = graph.op("Div", total, graph.unsqueeze(graph.clip(cameras, 1.0), -1))
        return graph.op("Add", graph.linear(mean, "output_proj", channels, channels), query)

    def expose(self, query):
        """What a picture of the attention needs, of every query in every camera: (locations [B,N,Q,M,L,P,2] in [0,1] of
        the images, weights [B,Q,M,L,P], reference [B,N,Q,Z,2], visible [B,N,Q,Z] as 0 or 1)."""
        graph, c = self.graph, self.configuration
        dense = (c.batch, c.cameras, c.bev_queries)
        with graph.scope("deformable_attention"):
            locations, weights = self._locations(self._dense_query(query), c.batch * c.cameras, c.bev_queries,
                                                 self._dense_reference())
        rest = (c.heads, len(self.levels), c.camera_points)
        weights = graph.gather(graph.reshape(weights, dense + rest), 0, 1)
        return (graph.reshape(locations, dense + rest + (2,)), weights,
                graph.transpose(self.pillars.reference, 1, 0, 2, 3, 4),
                graph.cast(graph.transpose(self.pillars.mask, 1, 0, 2, 3), FLOAT))
