# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""BEVFormer after its backbone in float64 numpy, from bevref's ops: what the graphs of examples/bevformer are compared
with. Weights are looked up by the published parameter names; linear weights are [in, out].

Letters as in bevref; q object queries.
"""
import numpy as np

import bevref

HEAD = "pts_bbox_head"
EPSILON = 1e-5  # of the layer norms


class BEVFormer:
    """`weights`: name -> array; `c`: sizes (channels, heads, bev_size, ... as in the example's Configuration)."""

    def __init__(self, weights, c):
        self.weights, self.c = weights, c

    def _w(self, name):
        return self.weights[name].astype(np.float64)

    def linear(self, x, name):
        return x @ self._w(name + ".weight") + self._w(name + ".bias")

    def gemm(self, x, name):
        return x @ self._w(name + ".weight").T + self._w(name + ".bias")

    def norm(self, x, name):
        centred = x - x.mean(axis=-1, keepdims=True)
        return (centred / np.sqrt((centred ** 2).mean(axis=-1, keepdims=True) + EPSILON) * self._w(name + ".weight")
                + self._w(name + ".bias"))

    def feed_forward(self, x, name):
        return x + self.linear(np.maximum(self.linear(x, name + ".layers.0.0"), 0), name + ".layers.1")

    # -----------------------------------------------------------------------------------------------------------------
    # The bird's-eye view

    def queries(self, can_bus):
        """[B,Q,C]."""
        x = can_bus
        for layer in ("0", "2"):
            x = np.maximum(self.gemm(x, f"{HEAD}.transformer.can_bus_mlp.{layer}"), 0)
        motion = self.norm(x, f"{HEAD}.transformer.can_bus_mlp.norm")
        return self._w(f"{HEAD}.bev_embedding.weight")[None] + motion[:, None]

    def positions(self):
        """[1,Q,C]: query j*W + i has the column i's half first."""
        columns = self._w(f"{HEAD}.positional_encoding.col_embed.weight")
        rows = self._w(f"{HEAD}.positional_encoding.row_embed.weight")
        height, width = self.c.bev_size
        return np.stack([np.concatenate([columns[i], rows[j]]) for j in range(height) for i in range(width)])[None]

    def features(self, maps):
        """maps: [B*N,C,h,w] for each level -> [B,N,S,C]."""
        c = self.c
        flat = []
        for level, x in enumerate(maps):
            x = x.reshape(c.batch, c.cameras, c.channels, -1).transpose(0, 1, 3, 2)
            flat.append(x + self._w(f"{HEAD}.transformer.cams_embeds")[None, :, None]
                        + self._w(f"{HEAD}.transformer.level_embeds")[level])
        return np.concatenate(flat, axis=2)

    def _temporal(self, query, positions, previous, current, reference, name):
        """previous, current [B,Q,C] -> [B,Q,C]."""
        c = self.c
        batch, queries = query.shape[:2]
        mixed = np.concatenate([previous, query + positions], axis=-1)
        frames = np.stack([previous, current], axis=1)
        value = self.linear(frames, name + ".value_proj").reshape(batch, 2, queries, c.heads, -1)
        offsets = self.linear(mixed, name + ".sampling_offsets")
        logits = self.linear(mixed, name + ".attention_weights")
        out = bevref.temporal_self_attention(
            value, reference, offsets.reshape(batch, queries, c.heads, 2, 1, c.bev_points, 2),
            logits.reshape(batch, queries, c.heads, 2, c.bev_points), level_shapes=[c.bev_size])
        return query + self.linear(out.reshape(batch, queries, -1), name + ".output_proj")

    def _spatial(self, query, features, uv, visible, name):
        """([B,Q,C], locations [B,N,Q,M,L,P,2], weights [B,Q,M,L,P])."""
        c = self.c
        batch, queries = query.shape[:2]
        deformable = name + ".deformable_attention"
        value = self.linear(features, deformable + ".value_proj")
        offsets = self.linear(query, deformable + ".sampling_offsets")
        offsets = offsets.reshape(batch, queries, c.heads, c.levels, c.camera_points, 2)
        logits = self.linear(query, deformable + ".attention_weights").reshape(batch, queries, c.heads, -1)
        out = bevref.spatial_cross_attention(
            value.reshape(value.shape[:3] + (c.heads, -1)), uv, visible, offsets, logits, level_shapes=c.level_shapes)
        locations = np.stack([bevref.sampling_locations(uv[:, n], offsets, level_shapes=c.level_shapes,
                                                        reference_kind="pillar") for n in range(c.cameras)], axis=1)
        weights = bevref.softmax(logits).reshape(offsets.shape[:-1])
        return query + self.linear(out.reshape(batch, queries, -1), name + ".output_proj"), locations, weights

    def encode(self, maps, can_bus, lidar2img, previous=None):
        """dict(bev [B,Q,C], and of the last layer locations, weights, uv, visible). `previous` [Q,B,C]."""
        c = self.c
        can_bus = can_bus.astype(np.float64)
        query, positions, features = self.queries(can_bus), self.positions(), self.features(maps)
        points = bevref.reference_grid(bev_size=c.bev_size, num_anchors=c.anchors,
                                       pillar_height=c.pc_range[5] - c.pc_range[2])
        points = np.broadcast_to(points[None], (c.batch,) + points.shape)
        # The project's reference takes the image size as (height, width) for each camera.
        uv, visible = bevref.project_points(points, lidar2img, np.tile(np.array(c.image_size, np.float64),
                                                                       (c.cameras, 1)), pc_range=c.pc_range)
        grid = np.broadcast_to(bevref.reference_grid(bev_size=c.bev_size)[None, :, None],
                               (c.batch, c.bev_queries, 1, 2))
        reference = np.stack([grid, grid], axis=1)
        if previous is not None:
            shift = bevref.ego_shift(can_bus, grid_length=c.grid_length, bev_size=c.bev_size)
            reference = np.stack([grid + shift[:, None, None], grid], axis=1)
            maps_before = previous.transpose(1, 0, 2).reshape((c.batch,) + tuple(c.bev_size) + (-1,))
            previous = bevref.warp_bev(maps_before, can_bus[:, -1], center=c.rotate_center)
            previous = previous.reshape(c.batch, c.bev_queries, -1)
        first = query
        for layer in range(c.encoder_layers):
            name = f"{HEAD}.transformer.encoder.layers.{layer}"
            frames = (query, query) if previous is None else (previous, first)
            query = self.norm(self._temporal(query, positions, *frames, reference, name + ".attentions.0"),
                              name + ".norms.0")
            query, locations, weights = self._spatial(query, features, uv, visible, name + ".attentions.1")
            query = self.norm(query, name + ".norms.1")
            query = self.norm(self.feed_forward(query, name + ".ffns.0"), name + ".norms.2")
        return {"bev": query, "locations": locations, "weights": weights, "uv": uv, "visible": visible}

    # -----------------------------------------------------------------------------------------------------------------
    # Boxes

    def _self_attention(self, query, position, name):
        c = self.c
        weight, bias = self._w(name + ".in_proj_weight"), self._w(name + ".in_proj_bias")
        parts = []
        for n, x in enumerate((query + position, query + position, query)):
            rows = slice(n * c.channels, (n + 1) * c.channels)
            parts.append((x @ weight[rows].T + bias[rows]).reshape(x.shape[:2] + (c.heads, -1)))
        scores = np.einsum("bqmd,bkmd->bmqk", parts[0], parts[1]) / np.sqrt(c.channels // c.heads)
        out = np.einsum("bmqk,bkmd->bqmd", bevref.softmax(scores), parts[2]).reshape(query.shape)
        return query + self.gemm(out, name + ".out_proj")

    def _box(self, x, layer):
        for name in ("0", "2"):
            x = np.maximum(self.linear(x, f"{HEAD}.reg_branches.{layer}.{name}"), 0)
        return self.linear(x, f"{HEAD}.reg_branches.{layer}.4")

    def _scores(self, x, layer):
        for name, norm in (("0", "1"), ("3", "4")):
            x = self.linear(x, f"{HEAD}.cls_branches.{layer}.{name}")
            x = np.maximum(self.norm(x, f"{HEAD}.cls_branches.{layer}.{norm}"), 0)
        return self.linear(x, f"{HEAD}.cls_branches.{layer}.6")

    def decode(self, bev):
        """bev [B,Q,C] -> (scores, boxes), each [layers,B,q,10]."""
        c = self.c
        embedding = self._w(f"{HEAD}.query_embedding.weight")
        position, query = (np.broadcast_to(part[None], (c.batch,) + part.shape)
                           for part in np.split(embedding, 2, axis=1))
        reference = 1 / (1 + np.exp(-self.linear(position, f"{HEAD}.transformer.reference_points")))
        low, high = np.split(np.array(c.pc_range), 2)
        scores, boxes = [], []
        for layer in range(c.decoder_layers):
            name = f"{HEAD}.transformer.decoder.layers.{layer}"
            query = self.norm(self._self_attention(query, position, name + ".attentions.0.attn"), name + ".norms.0")
            mixed, cross = query + position, name + ".attentions.1"
            value = self.linear(bev, cross + ".value_proj").reshape(c.batch, c.bev_queries, c.heads, -1)
            offsets = self.linear(mixed, cross + ".sampling_offsets")
            out = bevref.deformable_attention(
                value, reference[:, :, None, :2], offsets.reshape(c.batch, c.queries, c.heads, 1, c.bev_points, 2),
                self.linear(mixed, cross + ".attention_weights").reshape(c.batch, c.queries, c.heads, -1),
                level_shapes=[c.bev_size])
            query = query + self.linear(out.reshape(query.shape), cross + ".output_proj")
            query = self.norm(query, name + ".norms.1")
            query = self.norm(self.feed_forward(query, name + ".ffns.0"), name + ".norms.2")
            box = self._box(query, layer)
            logits = bevref.inverse_sigmoid(reference)
            logits[..., :2] += box[..., :2]
            logits[..., 2] += box[..., 4]
            reference = 1 / (1 + np.exp(-logits))
            box[..., [0, 1, 4]] = reference * (high - low) + low
            scores.append(self._scores(query, layer))
            boxes.append(box)
        return np.stack(scores), np.stack(boxes)
