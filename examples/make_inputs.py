#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes inputs for the examples, and what they should give.

    python3 examples/make_inputs.py [NAME ...] [-o FOLDER]

writes NAME.inputs.npz and NAME.expected.npz (default: for every example, beside this file). Inputs are made up from a
seed but look like those of a vehicle: six cameras around it, a map of 102.4 m x 102.4 m in 50 x 50 cells, sampling
offsets that point in a direction per head. Expected results are computed in float64 by the numpy reference of the
tests, which shares nothing with the compiler. Needs Python 3 and numpy.
"""
import argparse
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "test", "Integration", "reference"))
import bevref  # noqa: E402

BEV = (50, 50)
CAMERA = (15, 25)
CHANNELS, HEADS = 256, 8
PC_RANGE = tuple(float(np.float32(v)) for v in (-51.2, -51.2, -5.0, 51.2, 51.2, 3.0))
CELL = float(np.float32(2.048))  # metres
HIDDEN = 512
EPSILON = float(np.float32(1e-5))


# ---------------------------------------------------------------------------------------------------------------------
# The vehicle


def rig(rng, batch, image=(480, 800)):
    """lidar2img [B,6,4,4] and image_size [6,2] of six cameras: front, front right, front left, back, back left, back
    right; about 70 degrees wide, the back one 110; x forward, y left, z up, in metres from the lidar."""
    matrices = np.zeros((batch, 6, 4, 4))
    yaws = np.deg2rad([0, -55, 55, 180, 110, -110])
    focals = np.array([0.79, 0.79, 0.79, 0.505, 0.79, 0.79]) * image[1]
    for b in range(batch):
        for n, (yaw, focal) in enumerate(zip(yaws, focals)):
            yaw = yaw + rng.normal() * 0.01
            forward = np.array([np.cos(yaw), np.sin(yaw), 0])
            right, down = np.array([np.sin(yaw), -np.cos(yaw), 0]), np.array([0, 0, -1.0])
            rotation = np.stack([right, down, forward])
            position = forward * rng.uniform(0.8, 1.2) + np.array([0, 0, -0.3])
            intrinsics = np.array([[focal, 0, image[1] / 2], [0, focal, image[0] / 2], [0, 0, 1]])
            matrices[b, n, :3, :3] = intrinsics @ rotation
            matrices[b, n, :3, 3] = intrinsics @ (-rotation @ position)
            matrices[b, n, 3, 3] = 1
    return matrices.astype(np.float32), np.tile(np.array(image, np.float32), (6, 1))


def rig_for(rng, points):
    """A rig that decides clearly which of the points [B,Q,Z,3] each camera sees: none projects onto an image border so
    closely that rounding would decide."""
    while True:
        lidar2img, image_size = rig(rng, points.shape[0])
        if not bevref.project_points_ill_conditioned(points, lidar2img, image_size, pc_range=PC_RANGE).any():
            return lidar2img, image_size


def can_bus(rng, batch):
    """[B,18]: at 0, 1 the motion since the last frame in metres, at 16 the heading in radians, at 17 in degrees."""
    bus = rng.standard_normal((batch, 18)) * 0.1
    bus[:, 0], bus[:, 1] = rng.uniform(1, 5, batch), rng.uniform(-0.5, 0.5, batch)
    bus[:, -2] = rng.uniform(-0.1, 0.1, batch)
    bus[:, -1] = np.rad2deg(bus[:, -2])
    return bus.astype(np.float32)


def normal(rng, *shape, scale=1.0):
    return (rng.standard_normal(shape) * scale).astype(np.float32)


def directions(heads, groups, points):
    """[heads, groups, points, 2]: each head looks in a direction of its own, point p at p + 1 pixels: how deformable
    attention is initialised."""
    angle = np.arange(heads) * (2 * np.pi / heads)
    unit = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    unit /= np.abs(unit).max(axis=-1, keepdims=True)
    return unit[:, None, None, :] * np.arange(1, points + 1)[None, None, :, None] * np.ones((1, groups, 1, 1))


# ---------------------------------------------------------------------------------------------------------------------
# A layer


def linear_weights(rng, name, inputs, outputs, scale=1.0, bias=None):
    bias = normal(rng, outputs, scale=0.02) if bias is None else np.asarray(bias, np.float32).reshape(outputs)
    return {f"{name}.weight": normal(rng, inputs, outputs, scale=scale / np.sqrt(inputs)), f"{name}.bias": bias}


def layer_weights(rng):
    """The arguments of encoder_layer.mlir that are weights; [in, out]."""
    weights = {}
    for name, frames, points, width in (("tsa", 2, 4, 2 * CHANNELS), ("sca", 1, 8, CHANNELS)):
        weights.update(linear_weights(rng, f"{name}.value_proj", CHANNELS, CHANNELS))
        weights.update(linear_weights(rng, f"{name}.sampling_offsets", width, HEADS * frames * points * 2, 0.3,
                                      directions(HEADS, frames, points)))
        weights.update(linear_weights(rng, f"{name}.attention_weights", width, HEADS * frames * points))
        weights.update(linear_weights(rng, f"{name}.output_proj", CHANNELS, CHANNELS))
    weights.update(linear_weights(rng, "ffn.0", CHANNELS, HIDDEN))
    weights.update(linear_weights(rng, "ffn.1", HIDDEN, CHANNELS))
    for i in range(3):
        weights[f"norm{i}.weight"] = 1 + normal(rng, CHANNELS, scale=0.1)
        weights[f"norm{i}.bias"] = normal(rng, CHANNELS, scale=0.1)
    return weights


def linear(x, weights, name):
    return x @ weights[name + ".weight"].astype(np.float64) + weights[name + ".bias"]


def layer_norm(x, weights, name):
    centred = x - x.mean(axis=-1, keepdims=True)
    normalized = centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPSILON)
    return normalized * weights[name + ".weight"] + weights[name + ".bias"]


def layer(inputs, reference, points, bev, camera):
    """What a whole encoder layer gives, in float64: reference [B,2,Q,1,2], points [B,Q,4,3]; map sizes (H, W)."""
    query = inputs["bev_query"].astype(np.float64)
    batch, queries, _ = query.shape
    depth = CHANNELS // HEADS
    previous = inputs["prev_bev"].astype(np.float64)
    stacked = np.stack([previous, query], axis=1)
    mixed = np.concatenate([previous, query + inputs["bev_pos"]], axis=-1)
    attended = bevref.temporal_self_attention(
        linear(stacked, inputs, "tsa.value_proj").reshape(batch, 2, queries, HEADS, depth), reference,
        linear(mixed, inputs, "tsa.sampling_offsets").reshape(batch, queries, HEADS, 2, 1, 4, 2),
        linear(mixed, inputs, "tsa.attention_weights").reshape(batch, queries, HEADS, 2, 4), level_shapes=[bev])
    query = layer_norm(query + linear(attended.reshape(query.shape), inputs, "tsa.output_proj"), inputs, "norm0")
    uv, visible = bevref.project_points(points, inputs["lidar2img"], inputs["image_size"], pc_range=PC_RANGE)
    features = inputs["features"]
    attended = bevref.spatial_cross_attention(
        linear(features, inputs, "sca.value_proj").reshape(features.shape[:3] + (HEADS, depth)), uv, visible,
        linear(query, inputs, "sca.sampling_offsets").reshape(batch, queries, HEADS, 1, 8, 2),
        linear(query, inputs, "sca.attention_weights").reshape(batch, queries, HEADS, 8), level_shapes=[camera])
    query = layer_norm(query + linear(attended.reshape(query.shape), inputs, "sca.output_proj"), inputs, "norm1")
    hidden = np.maximum(linear(query, inputs, "ffn.0"), 0)
    return layer_norm(query + linear(hidden, inputs, "ffn.1"), inputs, "norm2")


# ---------------------------------------------------------------------------------------------------------------------
# The examples: each returns (inputs, expected)


def ms_deform_attn(rng):
    shapes = [(64, 64), (32, 32), (16, 16), (8, 8)]
    inputs = dict(value=normal(rng, 1, sum(h * w for h, w in shapes), HEADS, 32),
                  # Points gather around one place per query; some fall outside.
                  locations=(rng.random((1, 900, 1, 1, 1, 2)) + rng.standard_normal((1, 900, HEADS, 4, 4, 2)) * 0.1)
                  .astype(np.float32),
                  weights=bevref.softmax(normal(rng, 1, 900, HEADS, 16)).reshape(1, 900, HEADS, 4, 4)
                  .astype(np.float32))
    return inputs, dict(output=bevref.ms_deform_attn(**inputs, level_shapes=shapes))


def pillars(batch):
    grid = bevref.reference_grid(bev_size=BEV, num_anchors=4, pillar_height=8.0).astype(np.float32)
    return np.tile(grid, (batch, 1, 1, 1))


def camera_attention(rng):
    points = pillars(1)
    lidar2img, image_size = rig_for(rng, points)
    queries = BEV[0] * BEV[1]
    offsets = directions(HEADS, 1, 8) + rng.standard_normal((1, queries, HEADS, 1, 8, 2)) * 0.5
    inputs = dict(value=normal(rng, 1, 6, CAMERA[0] * CAMERA[1], HEADS, 32), lidar2img=lidar2img,
                  image_size=image_size, offsets=offsets.astype(np.float32), logits=normal(rng, 1, queries, HEADS, 8))
    uv, visible = bevref.project_points(points, lidar2img, image_size, pc_range=PC_RANGE)
    return inputs, dict(output=bevref.spatial_cross_attention(inputs["value"], uv, visible, inputs["offsets"],
                                                              inputs["logits"], level_shapes=[CAMERA]))


def align_previous_bev(rng):
    inputs = dict(prev_bev=normal(rng, 2, *BEV, CHANNELS), angle=np.array([3.5, -2.0], np.float32),
                  new_scene=np.array([False, True]), can_bus=can_bus(rng, 2))
    return inputs, dict(
        turned=bevref.warp_bev(inputs["prev_bev"], inputs["angle"], inputs["new_scene"], mode="bilinear",
                               center=(25.0, 25.0)),
        shift=bevref.ego_shift(inputs["can_bus"], grid_length=(CELL, CELL), bev_size=BEV))


def encoder_layer(rng):
    queries = BEV[0] * BEV[1]
    points = pillars(1)
    lidar2img, image_size = rig_for(rng, points)
    inputs = dict(bev_query=normal(rng, 1, queries, CHANNELS), bev_pos=normal(rng, 1, queries, CHANNELS, scale=0.5),
                  prev_bev=normal(rng, 1, queries, CHANNELS), features=normal(rng, 1, 6, CAMERA[0] * CAMERA[1], CHANNELS),
                  lidar2img=lidar2img, image_size=image_size, can_bus=can_bus(rng, 1), **layer_weights(rng))
    grid = bevref.reference_grid(bev_size=BEV)
    shift = bevref.ego_shift(inputs["can_bus"], grid_length=(CELL, CELL), bev_size=BEV)
    reference = np.stack([grid + shift[0], grid])[None, :, :, None, :]
    return inputs, dict(output=layer(inputs, reference, bevref.reference_grid(bev_size=BEV, num_anchors=4,
                                                                            pillar_height=8.0)[None], BEV, CAMERA))


def encoder_layer_dynamic(rng):
    batch, bev, camera = 2, (20, 30), (9, 16)
    queries = bev[0] * bev[1]
    grid = bevref.reference_grid(bev_size=bev)
    shift = bevref.ego_shift(can_bus(rng, batch), grid_length=(CELL, CELL), bev_size=bev)
    reference = np.stack([grid[None] + shift[:, None], np.tile(grid, (batch, 1, 1))], axis=1)[:, :, :, None, :]
    points = np.tile(bevref.reference_grid(bev_size=bev, num_anchors=4, pillar_height=8.0), (batch, 1, 1, 1))
    points = points.astype(np.float32)
    lidar2img, image_size = rig_for(rng, points)
    inputs = dict(bev_query=normal(rng, batch, queries, CHANNELS), prev_bev=normal(rng, batch, queries, CHANNELS),
                  bev_pos=normal(rng, batch, queries, CHANNELS, scale=0.5), reference_2d=reference.astype(np.float32),
                  reference_3d=points, features=normal(rng, batch, 6, camera[0] * camera[1], CHANNELS),
                  lidar2img=lidar2img, image_size=image_size, bev_height=np.int64(bev[0]), bev_width=np.int64(bev[1]),
                  camera_height=np.int64(camera[0]), camera_width=np.int64(camera[1]), **layer_weights(rng))
    return inputs, dict(output=layer(inputs, inputs["reference_2d"], points, bev, camera))


EXAMPLES = (ms_deform_attn, camera_attention, align_previous_bev, encoder_layer, encoder_layer_dynamic)


def main():
    names = [example.__name__ for example in EXAMPLES]
    parser = argparse.ArgumentParser(description="Makes inputs for the examples, and what they should give.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names)} (default: all)")
    parser.add_argument("-o", "--output", default=HERE, metavar="FOLDER", help="where to write (default: beside this file)")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in names]
    if unknown:
        parser.error(f"no example '{unknown[0]}'; there are {', '.join(names)}")
    os.makedirs(options.output, exist_ok=True)
    for seed, example in enumerate(EXAMPLES):
        name = example.__name__
        if options.names and name not in options.names:
            continue
        inputs, expected = example(np.random.default_rng(seed))
        for kind, arrays in (("inputs", inputs), ("expected", {k: v.astype(np.float32) for k, v in expected.items()})):
            path = os.path.join(options.output, f"{name}.{kind}.npz")
            np.savez(path, **arrays)
            print(f"{os.path.relpath(path)}: {len(arrays)} array{'s' if len(arrays) != 1 else ''}, "
                  f"{os.path.getsize(path) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
