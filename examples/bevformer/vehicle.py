# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A vehicle with cameras around it: calibration, motion, and what the cameras see, all made up from a seed.

The frame is the lidar's, 1.84 m above the road: x right, y forward, z up, in metres. Pixel (u, v) is u right, v down,
the centre of the first pixel at (0.5, 0.5).
"""
import dataclasses

import numpy as np

from encoder import pillar_points
from weights import uniform

SENSOR = (900, 1600)  # height, width in pixels of the cameras before scaling
ROAD = -1.84
# Per camera: yaw (degrees from forward, to the left), pitch (degrees, down), focal length and principal point (pixels
# of the sensor), position. The back camera is wide.
RIG = {
    "front": (0.4, 0.6, 1262.0, (815.0, 493.0), (0.02, 0.72, -0.33)),
    "front right": (-55.6, 0.4, 1257.0, (806.0, 486.0), (0.49, 0.57, -0.35)),
    "front left": (55.2, 0.9, 1268.0, (827.0, 478.0), (-0.48, 0.56, -0.36)),
    "back": (179.7, -0.3, 806.0, (829.0, 483.0), (0.01, -0.95, -0.28)),
    "back left": (109.3, 0.5, 1254.0, (793.0, 492.0), (-0.47, -0.23, -0.31)),
    "back right": (-110.5, 0.2, 1260.0, (800.0, 495.0), (0.48, -0.25, -0.30)),
}
# Mean and standard deviation of the images in RGB, as the published models expect them.
PIXEL_MEAN, PIXEL_STD = np.array([123.675, 116.28, 103.53]), np.array([58.395, 57.12, 57.375])
ROUNDOFF = 2.0 ** -24  # of float32


def camera_names(cameras):
    """Their names in the order of the inputs."""
    return list(RIG)[:cameras] if cameras <= len(RIG) else [f"camera {i}" for i in range(cameras)]


@dataclasses.dataclass
class Camera:
    """`intrinsics` [3,3] for the scaled image, `rotation` [3,3] from the vehicle to the camera (x right, y down, z
    forward), `position` [3]."""
    intrinsics: np.ndarray
    rotation: np.ndarray
    position: np.ndarray

    def lidar2img(self):
        """[4,4]: (u*depth, v*depth, depth, 1) of a point (x, y, z, 1)."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.intrinsics @ self.rotation
        matrix[:3, 3] = -matrix[:3, :3] @ self.position
        # Coarser than the last bits, which depend on the machine's sine.
        return np.round(matrix * 2 ** 14) / 2 ** 14


def _camera(yaw, pitch, focal, principal, position, image_size):
    """Images keep the sensor's aspect: they are scaled to the width, and padded with zeros (or cut) below."""
    yaw, pitch = np.deg2rad(yaw), np.deg2rad(pitch)
    forward = np.array([-np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), -np.sin(pitch)])
    right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    rotation = np.stack([right, np.cross(forward, right), forward])
    scale = image_size[1] / SENSOR[1]
    intrinsics = np.array([[focal * scale, 0, principal[0] * scale], [0, focal * scale, principal[1] * scale],
                           [0, 0, 1]])
    return Camera(intrinsics, rotation, np.array(position))


def cameras(configuration, key):
    """The rig as mounted on one vehicle: RIG, or for more than six cameras a ring of equal ones, each turned by up to a
    quarter of a degree and moved by up to a centimetre depending on `key`."""
    count = configuration.cameras
    rig = list(RIG.values())[:count]
    if count > len(RIG):
        angles = np.deg2rad(360.0 * np.arange(count) / count)
        focal = 800.0 / np.tan(np.deg2rad(min(35.0, 270.0 / count)))
        rig = [(np.rad2deg(a), 0.5, focal, (800.0, 450.0), (-0.5 * np.sin(a), 0.6 * np.cos(a), -0.33)) for a in angles]
    noise = uniform(key, 5 * count).reshape(count, 5)
    return [_camera(yaw + 0.25 * n[0], pitch + 0.25 * n[1], focal, principal, position + 0.01 * n[2:],
                    configuration.image_size)
            for (yaw, pitch, focal, principal, position), n in zip(rig, noise)]


def hits(configuration, lidar2img):
    """(hit, doubtful), both [B,N,Q] bool: which cameras see any anchor of a query's pillar, and where the rounding of
    float32 arithmetic could decide that."""
    c = configuration
    low, high = np.array(c.pc_range[:3]), np.array(c.pc_range[3:])
    points = pillar_points(c) * (high - low) + low
    size = np.array(c.image_size[::-1], np.float64)
    hit = np.zeros((c.batch, c.cameras, c.bev_queries), bool)
    doubtful = np.zeros_like(hit)
    for row in range(c.batch):
        for camera, matrix in enumerate(lidar2img[row].astype(np.float64)):
            x, y, depth = np.moveaxis(points @ matrix[:3, :3].T + matrix[:3, 3], -1, 0)
            # A dot product of four terms errs by at most 8 roundoffs of the sum of their magnitudes.
            bounds = np.moveaxis(np.abs(points) @ np.abs(matrix[:3, :3]).T + np.abs(matrix[:3, 3]), -1, 0)
            bounds = 8 * ROUNDOFF * bounds
            margins, errors = [depth - 1e-5], [bounds[2]]
            deep = np.maximum(depth, 1e-5)
            for value, bound, extent in ((x, bounds[0], size[0]), (y, bounds[1], size[1])):
                u = value / deep / extent
                error = bound / deep / extent + np.abs(u) * (bounds[2] / deep + 4 * ROUNDOFF)
                margins += [u, 1 - u]
                errors += [error, error]
            sure = np.all([m > e for m, e in zip(margins, errors)], axis=0).any(axis=0)
            never = np.any([m < -e for m, e in zip(margins, errors)], axis=0).all(axis=0)
            hit[row, camera] = np.all([m > 0 for m in margins], axis=0).any(axis=0)
            doubtful[row, camera] = ~(sure | never)
    return hit, doubtful


def calibration(configuration, seed):
    """(rigs, a list of cameras for each batch row; lidar2img float32 [B,N,4,4]; hits [B,N,Q]), chosen so that rounding
    decides nowhere whether a camera sees a query. Raises ValueError where no such rig is found."""
    for attempt in range(64):
        rigs = [cameras(configuration, f"{seed}/rig/{row}/{attempt}") for row in range(configuration.batch)]
        lidar2img = np.array([[camera.lidar2img() for camera in rig] for rig in rigs]).astype(np.float32)
        seen, doubtful = hits(configuration, lidar2img)
        if not doubtful.any():
            return rigs, lidar2img, seen
    raise ValueError("found no camera rig that decides clearly which queries each camera sees; use another seed")


def can_bus(configuration, seed):
    """float32 [B,18]: 0 to 2 the motion since the last frame (metres), 3 to 6 the heading as a quaternion, 7 to 9
    acceleration, 10 to 12 turning rate, 13 to 15 velocity, 16 the heading (radians), 17 its change (degrees)."""
    bus = np.zeros((configuration.batch, configuration.can_bus))
    for row in range(configuration.batch):
        noise = uniform(f"{seed}/motion/{row}", 12)
        heading, speed = 0.6 * noise[0], 7.0 + 3.0 * noise[1]
        bus[row, 0:3] = 0.5 * speed * np.cos(heading), 0.5 * speed * np.sin(heading), 0
        bus[row, 3], bus[row, 6] = np.cos(heading / 2), np.sin(heading / 2)
        bus[row, 7:10] = 0.3 * noise[2], 0.3 * noise[3], 9.8 + 0.05 * noise[4]
        bus[row, 10:13] = 0.02 * noise[5], 0.02 * noise[6], 0.15 * noise[7]
        bus[row, 13] = speed
        bus[row, 16], bus[row, 17] = heading, 4.0 * noise[8]
    return np.round(bus * 2 ** 14).astype(np.float32) / np.float32(2 ** 14)


# ---------------------------------------------------------------------------------------------------------------------
# What the cameras see


def _traffic(key, count=18):
    """[count] of (centre x, y, half width, half length, height, colour): boxes along the road, none beside the vehicle,
    where it would fill a camera."""
    noise = uniform(key, 8 * count).reshape(count, 8)
    boxes = []
    for n in noise:
        lane = (-10.5, -7.0, -3.5, 3.5, 7.0)[int((n[0] + 1) * 2.5)]
        long = n[1] > 0.7
        size = (1.25, 4.5, 3.2) if long else (0.95, 2.3, 1.6)
        along = 45.0 * n[3] if abs(lane) > 5 else np.copysign(9.0 + 36.0 * abs(n[3]), n[3])
        boxes.append((lane + 0.3 * n[2], along, size[0], size[1] * (1 + 0.1 * n[4]), size[2], 130 + 90 * n[5:8]))
    return boxes


def _road_colour(x, y):
    """uint8-ranged RGB of the ground at (x, y): asphalt with dashed lanes, grass beside it."""
    colour = np.empty(x.shape + (3,))
    road = np.abs(x) < 12.3
    colour[...] = np.where(road[..., None], (92, 93, 96), (94, 118, 74))
    checker = ((np.floor(x / 5) + np.floor(y / 5)) % 2)[..., None]
    colour += checker * np.where(road[..., None], 6.0, 14.0)
    between_lanes = np.abs(np.abs(x / 3.5) % 1 - 0.5) < 0.025
    dashed = between_lanes & (np.floor(y / 3) % 3 == 0) & road
    edge = np.abs(np.abs(x) - 12.0) < 0.12
    colour[dashed | edge] = (225, 225, 215)
    return colour


def _view(camera, image_size, traffic):
    """RGB levels [H,W,3] of one camera: road, sky, and the nearest box that a pixel's ray meets."""
    height, width = image_size
    rows = min(height, round(SENSOR[0] * width / SENSOR[1]))
    inverse = np.linalg.inv(camera.intrinsics @ camera.rotation)
    u, v = np.arange(width)[None, :] + 0.5, np.arange(rows)[:, None] + 0.5
    ray = [inverse[i, 0] * u + inverse[i, 1] * v + inverse[i, 2] for i in range(3)]
    start = camera.position
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(ray[2] < 0, (ROAD - start[2]) / ray[2], np.inf)
        ground = np.isfinite(distance) & (distance < 400)
        reach = np.where(ground, distance, 0)
        colour = _road_colour(start[0] + reach * ray[0], start[1] + reach * ray[1])
        height_of_sky = np.clip(ray[2] / np.sqrt(ray[0] ** 2 + ray[1] ** 2), 0, 0.5)[..., None]
        sky = np.array([205.0, 217.0, 228.0]) - height_of_sky * np.array([190.0, 130.0, 60.0])
        haze = np.clip(reach / 150, 0, 1)[..., None]
        colour = np.where(ground[..., None], colour * (1 - haze) + sky * haze, sky)
        nearest = np.where(ground, distance, np.inf)
        for x, y, half_width, half_length, tall, paint in traffic:
            lower = (x - half_width, y - half_length, ROAD)
            upper = (x + half_width, y + half_length, ROAD + tall)
            enter, leave = np.zeros(nearest.shape), np.full(nearest.shape, np.inf)
            face = np.zeros(nearest.shape, int)
            for axis in range(3):
                a, b = (lower[axis] - start[axis]) / ray[axis], (upper[axis] - start[axis]) / ray[axis]
                near, far = np.minimum(a, b), np.maximum(a, b)
                face = np.where(near > enter, axis, face)
                enter, leave = np.maximum(enter, near), np.minimum(leave, far)
            met = (enter < leave) & (enter > 0.2) & (enter < nearest)
            shade = np.array([0.72, 0.9, 1.1])[face][..., None]
            level = (start[2] + enter * ray[2] - ROAD) / tall
            window = (face < 2) & (level > 0.56) & (level < 0.9)
            colour = np.where(met[..., None], np.where(window[..., None], (48, 54, 62), shade * paint), colour)
            nearest = np.where(met, enter, nearest)
    levels = np.zeros((height, width, 3))
    levels[:rows] = np.clip(colour, 0, 255)
    return levels, rows


def images(configuration, rigs, seed):
    """float32 [B,N,3,H,W]: rendered views as normalised RGB with a little noise, zeros where padded."""
    c = configuration
    result = np.zeros((c.batch, c.cameras, 3) + tuple(c.image_size), np.float32)
    for row, rig in enumerate(rigs):
        traffic = _traffic(f"{seed}/traffic/{row}")
        for n, camera in enumerate(rig):
            levels, rows = _view(camera, c.image_size, traffic)
            grain = uniform(f"{seed}/grain/{row}/{n}", levels.size).reshape(levels.shape)
            levels = np.clip(np.round(levels + 4 * grain), 0, 255)
            normalised = (levels - PIXEL_MEAN) / PIXEL_STD
            result[row, n, :, :rows] = normalised[:rows].transpose(2, 0, 1)
    return result


def make_inputs(configuration, seed):
    """(the model's inputs by name, hits as calibration() gives them)."""
    rigs, lidar2img, seen = calibration(configuration, seed)
    inputs = {"img": images(configuration, rigs, seed), "can_bus": can_bus(configuration, seed), "lidar2img": lidar2img}
    if configuration.temporal:
        shape = (configuration.bev_queries, configuration.batch, configuration.channels)
        noise = uniform(f"{seed}/prev_bev", int(np.prod(shape))) * 3 ** 0.5
        inputs["prev_bev"] = noise.reshape(shape).astype(np.float32)
    return inputs, seen
