# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One PNG of a model's outputs: the boxes from above, and where one query of the bird's-eye view sampled the images.

Needs Pillow. Lengths in metres in the lidar's frame (x right, y forward, z up), as everywhere in this example.
"""
import dataclasses

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import vehicle
from configurations import CLASSES, CONFIGURATIONS
from encoder import pillar_points

PC_RANGE = CONFIGURATIONS["tiny"].pc_range
ANCHORS = CONFIGURATIONS["tiny"].anchors
MAP, FRAME, MARGIN, HEADER, FOOTER = 760, 400, 24, 64, 96  # pixels of the result
COLOURS = ((31, 119, 180), (214, 113, 8), (140, 86, 75), (23, 150, 165), (148, 103, 189), (110, 110, 110),
           (214, 39, 40), (227, 119, 194), (44, 140, 44), (160, 160, 20))
INK, FAINT, PAPER, MARK = (32, 34, 38), (196, 200, 206), (255, 255, 255), (236, 20, 110)
# From the smallest to the largest attention weight; light ends stand out from the images.
SCALE = np.array([(62, 38, 168), (45, 135, 247), (38, 192, 170), (250, 186, 62), (249, 251, 21)], np.float64)


@dataclasses.dataclass
class Query:
    """One cell of the map: `index` in the flattened map, centre `x`, `y` in metres, `size` (x, y) in metres."""
    index: int
    x: float
    y: float
    size: tuple


def find_query(bev_size, at):
    """The cell that contains the point `at` = (x, y); raises ValueError where that is outside the map."""
    height, width = bev_size
    cell = (PC_RANGE[3] - PC_RANGE[0]) / width, (PC_RANGE[4] - PC_RANGE[1]) / height
    i, j = int(np.floor((at[0] - PC_RANGE[0]) / cell[0])), int(np.floor((at[1] - PC_RANGE[1]) / cell[1]))
    if not (0 <= i < width and 0 <= j < height):
        raise ValueError(f"expected a point within {PC_RANGE[0]} to {PC_RANGE[3]} m, but got {at[0]}, {at[1]}")
    return Query(j * width + i, PC_RANGE[0] + (i + 0.5) * cell[0], PC_RANGE[1] + (j + 0.5) * cell[1], cell)


def decode_boxes(scores, boxes, top, threshold):
    """scores, boxes [q,10] of one layer -> the best boxes as (score, class, x, y, width, length, heading), best first.
    The heading is in radians from the x axis, counter-clockwise."""
    probability = 1 / (1 + np.exp(-scores.astype(np.float64)))
    best = probability.max(axis=1)
    order = [n for n in np.argsort(-best)[:top] if best[n] >= threshold]
    result = []
    for n in order:
        x, y, log_width, log_length, _, _, sine, cosine = boxes[n, :8].astype(np.float64)
        # The model's angle turns clockwise from the negative y axis.
        heading = -np.arctan2(sine, cosine) - np.pi / 2
        result.append((best[n], int(probability[n].argmax()), x, y, np.exp(log_width), np.exp(log_length), heading))
    return result


class Canvas:
    """An image drawn at `factor` times its size, so that lines come out smooth."""

    def __init__(self, width, height):
        self.fonts = {}
        self.scalable = self._load(20) is not None
        self.factor = 2 if self.scalable else 1
        self.image = Image.new("RGB", (width * self.factor, height * self.factor), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    @staticmethod
    def _load(size):
        try:
            return ImageFont.truetype("DejaVuSans.ttf", size)
        except OSError:
            return None

    def _at(self, points):
        return [tuple(float(v) * self.factor for v in p) for p in points]

    def _font(self, size):
        if size not in self.fonts:
            self.fonts[size] = self._load(size * self.factor) or ImageFont.load_default()
        return self.fonts[size]

    def text(self, x, y, text, size=14, colour=INK, right=False):
        if right:
            x -= self.draw.textlength(text, font=self._font(size)) / self.factor
        self.draw.text(self._at([(x, y)])[0], text, font=self._font(size), fill=colour)

    def line(self, points, colour, width=1.0):
        self.draw.line(self._at(points), fill=colour, width=max(1, round(width * self.factor)), joint="curve")

    def polygon(self, points, outline, width=1.0, fill=None):
        if fill:
            self.draw.polygon(self._at(points), fill=fill)
        self.line(list(points) + [points[0]], outline, width)

    def disc(self, x, y, radius, fill, outline=None):
        corners = self._at([(x - radius, y - radius), (x + radius, y + radius)])
        self.draw.ellipse([*corners[0], *corners[1]], fill=fill, outline=outline, width=self.factor)

    def paste(self, picture, x, y):
        self.image.paste(picture, (round(x * self.factor), round(y * self.factor)))

    def save(self, out):
        size = self.image.size[0] // self.factor, self.image.size[1] // self.factor
        (self.image if self.factor == 1 else self.image.resize(size, Image.LANCZOS)).save(out, format="PNG")


class TopDown:
    """The map panel with its corner at (left, top): forward is up."""

    def __init__(self, canvas, left, top):
        self.canvas, self.left, self.top = canvas, left, top
        self.scale = MAP / (PC_RANGE[3] - PC_RANGE[0])

    def _place(self, x, y):
        return self.left + (x - PC_RANGE[0]) * self.scale, self.top + (PC_RANGE[4] - y) * self.scale

    def _clipped(self, points):
        """Points [n,2] in metres, as pixels that stay in the panel."""
        return [self._place(np.clip(x, PC_RANGE[0], PC_RANGE[3]), np.clip(y, PC_RANGE[1], PC_RANGE[4]))
                for x, y in points]

    def ground(self, lidar2img, image_size):
        """Rings of distance, the cameras' fields of view, the vehicle."""
        canvas = self.canvas
        corners = [self._place(PC_RANGE[0], PC_RANGE[1]), self._place(PC_RANGE[3], PC_RANGE[4])]
        canvas.polygon([(corners[0][0], corners[1][1]), corners[1], (corners[1][0], corners[0][1]), corners[0]], FAINT,
                       1.5, fill=(249, 250, 251))
        for radius in range(10, 51, 10):
            turn = np.linspace(0, 2 * np.pi, 181)
            canvas.line(self._clipped(radius * np.stack([np.cos(turn), np.sin(turn)], -1)), FAINT, 0.75)
            x, y = self._place(0, -radius)
            canvas.text(x + 4, y - 17, f"{radius} m", 12, (110, 114, 120))
        for matrix in lidar2img:
            inverse = np.linalg.inv(matrix[:3, :3].astype(np.float64))
            start = -inverse @ matrix[:3, 3]
            for u in (0, image_size[1]):
                ray = inverse @ np.array([u, 0.55 * image_size[0], 1.0])
                ray = ray[:2] / np.linalg.norm(ray[:2])
                canvas.line(self._clipped([start[:2] + 2 * ray, start[:2] + 12 * ray]), (150, 186, 222), 1.25)
        outline = [(-0.95, -2.2), (0.95, -2.2), (0.95, 1.6), (0, 2.6), (-0.95, 1.6)]
        canvas.polygon([self._place(*p) for p in outline], INK, 1.5, fill=(214, 218, 224))

    def boxes(self, boxes):
        """Drawn from the least to the most certain, the more certain the stronger."""
        strongest = boxes[0][0] if boxes else 1
        for score, label, x, y, width, length, heading in reversed(boxes):
            ahead, left = np.array([np.cos(heading), np.sin(heading)]), np.array([-np.sin(heading), np.cos(heading)])
            centre = np.array([x, y])
            corners = [centre + a * length / 2 * ahead + b * width / 2 * left for a, b in ((1, 1), (1, -1), (-1, -1),
                                                                                          (-1, 1))]
            strength = 0.35 + 0.65 * score / strongest
            colour = tuple(round(255 + strength * (c - 255)) for c in COLOURS[label])
            self.canvas.polygon(self._clipped(corners), colour, 1.75)
            self.canvas.line(self._clipped([centre, centre + 0.5 * length * ahead]), colour, 1.75)

    def query(self, query):
        half = max(query.size[0] / 2, 0.5), max(query.size[1] / 2, 0.5)
        corners = [(query.x + a * half[0], query.y + b * half[1]) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        self.canvas.polygon([self._place(*c) for c in corners], MARK, 2, fill=MARK)


def _colour(fraction):
    place = float(np.clip(fraction, 0, 1)) * (len(SCALE) - 1)
    low = min(int(place), len(SCALE) - 2)
    return tuple(int(round(v)) for v in SCALE[low] + (place - low) * (SCALE[low + 1] - SCALE[low]))


@dataclasses.dataclass
class Sampling:
    """What one query does in each camera: `references` [N,Z,2] and `locations` [N,points,2] in [0,1] of the images,
    `visible` [N,Z], `weights` [points] or None where the outputs do not say."""
    references: np.ndarray
    visible: np.ndarray
    locations: np.ndarray = None
    weights: np.ndarray = None


def sampling_of(outputs, lidar2img, image_size, query, bev_size, row):
    """The Sampling of a query, from the outputs of a model built with --expose-sampling; from the calibration alone
    where they lack that."""
    if "sampling_locations" in outputs:
        locations, weights = outputs["sampling_locations"][row, :, query.index], outputs["sampling_weights"][row]
        return Sampling(outputs["pillar_references"][row, :, query.index],
                        outputs["pillar_visible"][row, :, query.index] > 0.5,
                        locations.reshape(locations.shape[0], -1, 2), weights[query.index].reshape(-1))
    configuration = dataclasses.replace(CONFIGURATIONS["tiny"], bev_size=bev_size)
    low, high = np.array(PC_RANGE[:3]), np.array(PC_RANGE[3:])
    points = pillar_points(configuration)[:, query.index] * (high - low) + low
    cameras = (np.einsum("nij,zj->nzi", lidar2img[:, :3, :3].astype(np.float64), points)
               + lidar2img[:, None, :3, 3])
    uv = cameras[..., :2] / np.maximum(cameras[..., 2:], 1e-5) / np.array(image_size[::-1])
    return Sampling(uv, (cameras[..., 2] > 1e-5) & ((uv > 0) & (uv < 1)).all(axis=-1))


def _frame(canvas, left, top, picture, name, sampling, n, largest):
    """One camera's image with what the query does there, in a frame FRAME wide."""
    width, height = picture.size
    seen = bool(sampling.visible[n].any())
    if not seen:
        picture = Image.blend(picture, Image.new("RGB", picture.size, (238, 239, 241)), 0.65)
    scaled = FRAME / width
    canvas.paste(picture.resize((FRAME * canvas.factor, round(height * scaled) * canvas.factor), Image.LANCZOS), left,
                 top)
    bottom = round(height * scaled)

    def place(point):
        return left + point[0] * FRAME, top + point[1] * bottom

    def inside(point):
        return 0 <= point[0] <= 1 and 0 <= point[1] <= 1

    if seen and sampling.weights is not None:
        for k in np.argsort(sampling.weights):
            if inside(sampling.locations[n, k]):
                fraction = sampling.weights[k] / largest
                canvas.disc(*place(sampling.locations[n, k]), 2.2 + 2.8 * fraction, _colour(fraction), INK)
    if seen:
        points = [place(p) for p in sampling.references[n] if inside(p)]
        if len(points) > 1:
            canvas.line(points, MARK, 1.5)
        for x, y in points:
            canvas.line([(x - 6, y), (x + 6, y)], MARK, 2)
            canvas.line([(x, y - 6), (x, y + 6)], MARK, 2)
    canvas.text(left, top - 20, name, 13)
    if not seen:
        canvas.text(left + FRAME, top - 20, "does not see the cell", 12, (130, 134, 140), right=True)
    return bottom


def _image_of(normalised):
    levels = normalised.transpose(1, 2, 0).astype(np.float64) * vehicle.PIXEL_STD + vehicle.PIXEL_MEAN
    return Image.fromarray(np.clip(np.round(levels), 0, 255).astype(np.uint8))


def _frame_order(cameras):
    """Cameras as one looks around: the front three from left to right, then the back three."""
    return [2, 0, 1, 4, 3, 5] if cameras == 6 else list(range(cameras))


def _legend(canvas, left, top, boxes, total):
    """The classes that occur, under the map."""
    canvas.text(left, top, f"{len(boxes)} best of {total} boxes, last decoder layer; line from the centre: heading", 13)
    x, y = left, top + 24
    for label in sorted({box[1] for box in boxes}):
        entry = f"{CLASSES[label]} ({sum(box[1] == label for box in boxes)})"
        if x + 20 + 7.5 * len(entry) > left + MAP:
            x, y = left, y + 20
        canvas.polygon([(x, y + 3), (x + 12, y + 3), (x + 12, y + 15), (x, y + 15)], COLOURS[label], 2)
        canvas.text(x + 18, y, entry, 13)
        x += 34 + 7.5 * len(entry)


def _weight_legend(canvas, left, top, largest):
    canvas.line([(left, top + 9), (left + 14, top + 9)], MARK, 2)
    canvas.line([(left + 7, top + 2), (left + 7, top + 16)], MARK, 2)
    canvas.text(left + 22, top, "points of the cell's pillar, projected", 13)
    if largest is None:
        canvas.text(left, top + 26, "sampling locations: build with --expose-sampling", 13)
        return
    canvas.text(left, top + 26, "sampling location, coloured by attention weight:  0", 13)
    start, length = left + 352, 160
    for k in range(length):
        canvas.line([(start + k, top + 28), (start + k, top + 42)], _colour(k / (length - 1)), 1.5)
    canvas.text(start + length + 8, top + 26, f"{largest:.2f} (sum 1 over the points of a head)", 13)


def draw(outputs, inputs, path_or_file, bev_size, at, row=0, top=40, threshold=0.0):
    """Writes the PNG. outputs: all_cls_scores and all_bbox_preds, and those of --expose-sampling if there; inputs: img
    and lidar2img. `row` is the row of the batch. Returns a line that says what was drawn."""
    lidar2img, images = inputs["lidar2img"][row], inputs["img"][row]
    image_size = images.shape[-2:]
    query = find_query(bev_size, at)
    scores = outputs["all_cls_scores"][-1, row]
    boxes = decode_boxes(scores, outputs["all_bbox_preds"][-1, row], top, threshold)
    sampling = sampling_of(outputs, lidar2img, image_size, query, bev_size, row)
    largest = None if sampling.weights is None else float(sampling.weights.max())

    frame_height = round(FRAME * image_size[0] / image_size[1])
    columns = 3 if len(images) > 4 else max(1, min(2, len(images)))
    rows = -(-len(images) // columns)
    right = MARGIN * 2 + MAP
    width = right + max(columns, 2) * (FRAME + 12) + MARGIN
    height = max(HEADER + MAP + FOOTER, HEADER + rows * (frame_height + 32) + 2 * FOOTER)
    canvas = Canvas(width, height)
    canvas.text(MARGIN, 14, "BEVFormer with seeded, untrained weights: boxes show the data flow, not detections", 18)
    canvas.text(MARGIN, 40, "From above, forward is up", 13)
    panel = TopDown(canvas, MARGIN, HEADER)
    panel.ground(lidar2img, image_size)
    panel.boxes(boxes)
    panel.query(query)
    _legend(canvas, MARGIN, HEADER + MAP + 10, boxes, len(scores))

    hit = int(sampling.visible.any(axis=1).sum())
    canvas.text(right, 40, f"What the cell at x {query.x:.1f} m, y {query.y:.1f} m (pink) looks at: seen by {hit} of "
                           f"{len(images)} cameras", 13)
    names = vehicle.camera_names(len(images))
    for place, n in enumerate(_frame_order(len(images))):
        x = right + (place % columns) * (FRAME + 12)
        y = HEADER + 24 + (place // columns) * (frame_height + 32)
        _frame(canvas, x, y, _image_of(images[n]), names[n], sampling, n, largest)
    _weight_legend(canvas, right, HEADER + 24 + rows * (frame_height + 32), largest)
    canvas.save(path_or_file)
    return f"{len(boxes)} boxes; query {query.index} is seen by {hit} of {len(images)} cameras"
