# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Self-tests of the reference: /usr/bin/python3 -m unittest discover -s test/Integration/reference

Hand-computed numbers, per-pixel loops written independently of bevref, torch where it can be imported, the recorded
BEVFormer modules where their folder is found, and the same formulas in float32 against the stated tolerances.
"""
import math
import os
import sys
import unittest

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bevref  # noqa: E402
import bf16  # noqa: E402
import cases  # noqa: E402
import compare  # noqa: E402
import shared_models  # noqa: E402

try:
    import torch
    NO_TORCH = None
except ImportError as error:
    torch, NO_TORCH = None, f"torch is not importable ({error})"


def skip(test, reason):
    print(f"skipped {test.id()}: {reason}", file=sys.stderr)
    raise unittest.SkipTest(reason)


# --- Independent loop implementations, one sample at a time in Python numbers -----------------------------------------


def loop_reflect(p, low, high):
    """Mirror p between low and high until it lies inside."""
    if low == high:
        return 0.0
    while p < low or p > high:
        p = 2 * low - p if p < low else 2 * high - p
    return p


def loop_fetch(image, c, y, x, padding, align):
    """image[c, y, x] for whole numbers anywhere; None outside with padding zeros."""
    _, height, width = image.shape
    if padding == "reflection":
        edge = 0.0 if align else 0.5
        x, y = loop_reflect(x, -edge, width - 1 + edge), loop_reflect(y, -edge, height - 1 + edge)
    if padding != "zeros":
        x, y = min(max(x, 0), width - 1), min(max(y, 0), height - 1)
    if not (0 <= x < width and 0 <= y < height):
        return None
    return float(image[c, int(y), int(x)])


def loop_keys(d):
    """Keys' cubic kernel, a = -3/4, at distance d."""
    d, a = abs(d), -0.75
    if d <= 1:
        return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1
    return a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a if d < 2 else 0.0


def loop_sample(image, c, gx, gy, mode, padding, align):
    _, height, width = image.shape
    pixels = []
    for g, size in ((gx, width), (gy, height)):
        if not math.isfinite(g):
            if padding == "zeros":
                return 0.0
            p = 0.0
        else:
            p = (g + 1) * 0.5 * (size - 1) if align else (g + 1) * 0.5 * size - 0.5
        if abs(p) > 1e6:
            if padding == "zeros":
                return 0.0
            p = math.copysign(1e6, p)  # border only; reflection is never asked that far
        if padding != "zeros" and mode != "bicubic":
            if padding == "reflection":
                edge = 0.0 if align else 0.5
                p = loop_reflect(p, -edge, size - 1 + edge)
            p = min(max(p, 0.0), size - 1.0)
        pixels.append(p)
    x, y = pixels
    if mode == "nearest":
        value = loop_fetch(image, c, round(y), round(x), padding, align)  # Python rounds half to even
        return 0.0 if value is None else value
    total = 0.0
    reach = 2 if mode == "bicubic" else 1
    kernel = loop_keys if mode == "bicubic" else (lambda d: max(0.0, 1 - abs(d)))
    for ty in range(math.floor(y) - reach + 1, math.floor(y) + reach + 1):
        for tx in range(math.floor(x) - reach + 1, math.floor(x) + reach + 1):
            weight = kernel(x - tx) * kernel(y - ty)
            value = loop_fetch(image, c, ty, tx, padding, align)
            if weight != 0 and value is not None:
                total += weight * value
    return total


def loop_grid_sample(image, grid, mode, padding, align_corners):
    out = np.zeros(image.shape[:2] + grid.shape[1:3])
    for n, c, j, i in np.ndindex(out.shape):
        out[n, c, j, i] = loop_sample(image[n], c, float(grid[n, j, i, 0]), float(grid[n, j, i, 1]), mode, padding,
                                      align_corners)
    return out


def loop_ms_deform_attn(value, locations, weights, level_shapes):
    b_, q_, m_, l_, p_, _ = locations.shape
    out = np.zeros((b_, q_, m_, value.shape[3]))
    for b, q, m, d in np.ndindex(out.shape):
        start = 0
        for l, (h, w) in enumerate(level_shapes):
            image = value[b, start:start + h * w, m, d].reshape(1, h, w)
            start += h * w
            for p in range(p_):
                u, v = (float(t) for t in locations[b, q, m, l, p])
                out[b, q, m, d] += float(weights[b, q, m, l, p]) * loop_sample(image, 0, 2 * u - 1, 2 * v - 1,
                                                                               "bilinear", "zeros", False)
    return out


def one_map(image):
    """[H,W] -> value [1,S,1,1] and its level shapes."""
    image = np.asarray(image, np.float32)
    return image.reshape(1, -1, 1, 1), [image.shape]


def sample_at(image, *pixels):
    """bilin0 through ms_deform_attn: image [H,W], pixel coordinates (x, y) ... -> list of floats."""
    value, shapes = one_map(image)
    h, w = shapes[0]
    locations = np.array([((x + 0.5) / w, (y + 0.5) / h) for x, y in pixels], np.float64)
    return bevref.ms_deform_attn(value, locations.reshape(1, -1, 1, 1, 1, 2), np.ones((1, len(pixels), 1, 1, 1)),
                                 level_shapes=shapes).ravel().tolist()


class HandComputed(unittest.TestCase):
    def test_bilin0(self):
        image = [[1, 2, 3, 4], [5, 6, 7, 8]]
        self.assertEqual(sample_at(image, (0, 0), (3, 1), (0.5, 0), (0.5, 0.5), (-0.5, 0), (3.5, 1), (-0.75, -0.5)),
                         [1, 8, 1.5, 3.5, 0.5, 4, 0.125])
        self.assertEqual(sample_at(image, (-1, 0), (4, 0), (0, 2), (0, -1), (1e30, 0), (np.nan, 0), (0, np.inf),
                                   (-np.inf, np.nan)), [0] * 8)

    def test_zero_weight_neighbour_does_not_leak(self):
        image = [[1, np.nan, np.inf, 4], [np.nan, np.inf, -np.inf, np.nan]]
        self.assertEqual(sample_at(image, (0, 0), (3, 0), (-0.5, 0), (-9, 9)), [1, 4, 0.5, 0])
        self.assertEqual(sample_at(image, (2, 0)), [np.inf])
        self.assertTrue(np.isnan(sample_at(image, (0.5, 0))[0]))

    def test_weight_zero_times_infinity_is_ieee(self):
        value, shapes = one_map([[np.inf]])
        locations = np.array([0.5, 0.5, 9, 9]).reshape(1, 2, 1, 1, 1, 2)
        out = bevref.ms_deform_attn(value, locations, np.zeros((1, 2, 1, 1, 1)), level_shapes=shapes).ravel()
        self.assertTrue(np.isnan(out[0]))
        self.assertEqual(out[1], 0)

    def test_levels_follow_each_other(self):
        value = np.arange(1, 8, dtype=np.float32).reshape(1, 7, 1, 1)  # 1x2 [1 2], then 1x1 [3], then 2x2 [4..7]
        locations = np.full((1, 1, 1, 3, 1, 2), 0.5)
        weights = np.array([1, 10, 100.0]).reshape(1, 1, 1, 3, 1)
        out = bevref.ms_deform_attn(value, locations, weights, level_shapes=[(1, 2), (1, 1), (2, 2)])
        self.assertEqual(out.item(), 1.5 + 30 + 550)

    def test_locations(self):
        offsets = np.array([[8, 4], [0, 0], [-8, 4], [4, 0]], np.float32).reshape(1, 1, 1, 1, 4, 2)
        where = lambda reference, **attrs: bevref.sampling_locations(
            np.array(reference, np.float32).reshape(1, 1, -1, len(reference[0])), offsets, level_shapes=[(4, 8)],
            **attrs).reshape(4, 2).tolist()
        self.assertEqual(where([(0.5, 0.25)]), [[1.5, 1.25], [0.5, 0.25], [-0.5, 1.25], [1, 0.25]])
        self.assertEqual(where([(0.5, 0.25, 1, 2)], reference_kind="box"),
                         [[1.5, 1.25], [0.5, 0.25], [-0.5, 1.25], [1, 0.25]])
        self.assertEqual(where([(0, 0), (10, 20)], reference_kind="pillar"), [[1, 1], [10, 20], [-1, 1], [10.5, 20]])
        self.assertEqual(where([(0, 0), (10, 20)], reference_kind="pillar", anchor_order="div"),
                         [[1, 1], [0, 0], [9, 21], [10.5, 20]])

    def test_softmax_is_joint_over_levels_and_points(self):
        value = np.array([1, 2], np.float32).reshape(1, 2, 1, 1)  # two levels of 1x1
        logits = np.log(np.array([1, 2, 3, 4.0])).reshape(1, 1, 1, 4)
        out = bevref.deformable_attention(value, np.full((1, 1, 1, 2), 0.5), np.zeros((1, 1, 1, 2, 2, 2)), logits,
                                          level_shapes=[(1, 1), (1, 1)])
        self.assertAlmostEqual(out.item(), 0.3 + 1.4, places=14)

    def test_spatial_cross_attention_averages_the_cameras_that_see(self):
        value = np.array([1, 3, np.nan], np.float32).reshape(1, 3, 1, 1, 1)  # three cameras, one cell
        visible = np.array([[True, True, False], [True, False, False], [False, False, False]]).T.reshape(1, 3, 3, 1)
        out = bevref.spatial_cross_attention(value, np.full((1, 3, 3, 1, 2), 0.5), visible,
                                             np.zeros((1, 3, 1, 1, 1, 2)), np.zeros((1, 3, 1, 1)),
                                             level_shapes=[(1, 1)])
        self.assertEqual(out.ravel().tolist(), [2, 1, 0])

    def test_temporal_self_attention_is_a_mean(self):
        value = np.array([1, 4], np.float32).reshape(1, 2, 1, 1, 1)
        out = bevref.temporal_self_attention(value, np.full((1, 2, 1, 1, 2), 0.5), np.zeros((1, 1, 1, 2, 1, 1, 2)),
                                             np.zeros((1, 1, 1, 2, 1)), level_shapes=[(1, 1)])
        self.assertEqual(out.item(), 2.5)

    def test_project_points(self):
        # Focal length 2, centre (4, 2), image 4 x 8: (x, y, z) -> ((2x/z + 4)/8, (2y/z + 2)/4).
        matrix = np.array([[2, 0, 4, 0], [0, 2, 2, 0], [0, 0, 1, 0], [0, 0, 0, 1]], np.float32)[None, None]
        points = np.array([(1, 1, 2), (0, 0, 1), (0, 0, -1), (4, 0, 2), (8, 0, 2)], np.float32)[None, :, None]
        uv, visible = bevref.project_points(points, matrix, np.array([[4, 8]], np.float32))
        np.testing.assert_allclose(uv[0, 0, [0, 1, 3, 4], 0], [(0.625, 0.75), (0.5, 0.5), (1, 0.5), (1.5, 0.5)],
                                   rtol=0, atol=0)
        np.testing.assert_allclose(uv[0, 0, 2, 0], (-0.5 / bevref.EPSILON, -0.5 / bevref.EPSILON))
        self.assertEqual(visible.ravel().tolist(), [True, True, False, False, False])
        unit, _ = bevref.project_points(np.array([0.5, 0.5, 0.25], np.float32).reshape(1, 1, 1, 3), matrix,
                                        np.array([[4, 8]], np.float32), pc_range=(0, 0, 1, 2, 2, 5))
        self.assertEqual(unit.ravel().tolist(), [0.625, 0.75])
        ill = bevref.project_points_ill_conditioned(points, matrix, np.array([[4, 8]], np.float32))
        self.assertEqual(ill.ravel().tolist(), [False, False, False, True, False])
        _, visible = bevref.project_points(points, matrix * np.nan, np.array([[4, 8]], np.float32))
        self.assertFalse(visible.any())

    def test_strict_visibility_bounds(self):
        case = list(cases.generate("project_points"))[-1]
        visible = cases.expected(case)["visible"].ravel()
        edges = [False, False, True, True, False, False, True]  # -tiny 0 tiny 1-ulp 1 1+ulp .5
        self.assertEqual(visible[:49].tolist(), [u and v for u in edges for v in edges])
        self.assertEqual(visible[49:].tolist(), [False, False, True, False, False, False, True])

    def test_warp_bev(self):
        prev = np.arange(9, dtype=np.float32).reshape(1, 3, 3, 1)
        turned = bevref.warp_bev(prev, np.array([90.0]), mode="nearest")
        self.assertEqual(turned[0, :, :, 0].tolist(), np.rot90(prev[0, :, :, 0]).tolist())  # counter-clockwise
        self.assertEqual(bevref.warp_bev(prev, np.array([90.0]), center=(0.5, 0.5))[0, :, :, 0].tolist(),
                         [[0, 3, 6], [0, 0, 0], [0, 0, 0]])
        both = bevref.warp_bev(np.concatenate([prev, prev * np.nan]), np.array([0.0, 0.0]), np.array([False, True]),
                               mode="bilinear")
        self.assertEqual(both.ravel().tolist(), list(range(9)) + [0] * 9)
        self.assertEqual(bevref.warp_bev(prev, np.array([np.nan])).tolist(), np.zeros((1, 3, 3, 1)).tolist())
        ties = bevref.warp_bev_ties(prev, np.array([45.0]), center=(1.5, 1.5))
        self.assertEqual(len(ties), 0)
        half = bevref.warp_bev_ties(prev, np.array([90.0]), center=(1.5, 2))
        self.assertEqual(len(half), 9)

    def test_ego_shift(self):
        can_bus = np.array([[3, 4, 0, np.pi / 2, 9], [0, 0, 0, 1, 9], [-2, 0, 0, 0, 9]], np.float64)
        shift = bevref.ego_shift(can_bus, grid_length=(0.5, 0.25), bev_size=(10, 20))
        # a = 90 deg - atan2(4, 3): sin a = 3/5, cos a = 4/5, len 5.  a = -180 deg: sin 0, cos -1, len 2.
        np.testing.assert_allclose(shift, [(3 / 0.25 / 20, 4 / 0.5 / 10), (0, 0), (0, -2 / 0.5 / 10)], atol=1e-15)

    def test_reference_grid(self):
        self.assertEqual(bevref.reference_grid(bev_size=(2, 4))[[0, 1, 4]].tolist(),
                         [[0.125, 0.25], [0.375, 0.25], [0.125, 0.75]])
        pillar = bevref.reference_grid(bev_size=(1, 2), num_anchors=4, pillar_height=8.0)
        self.assertEqual(pillar.shape, (2, 4, 3))
        np.testing.assert_allclose(pillar[1, :, 2], (np.array([0.5, 2.8333333333333335, 5.166666666666667, 7.5])) / 8)
        self.assertEqual(pillar[1, 0, :2].tolist(), [0.75, 0.5])

    def test_inverse_sigmoid(self):
        x = np.array([0.5, 0, 1, -3, 7, 0.9, np.nan])
        e = bevref.EPSILON
        expected = [0, np.log(e), -np.log(e), np.log(e), -np.log(e), np.log(9), np.nan]
        np.testing.assert_allclose(bevref.inverse_sigmoid(x), expected, atol=1e-12)

    def test_errors_say_expected_and_actual(self):
        value = np.zeros((1, 6, 1, 4), np.float32)
        with self.assertRaisesRegex(ValueError, "expected 'value' with 8 positions .*, but got 6"):
            bevref.ms_deform_attn(value, np.zeros((1, 2, 1, 1, 3, 2)), np.zeros((1, 2, 1, 1, 3)), level_shapes=[(2, 4)])
        with self.assertRaisesRegex(ValueError, "multiple of the anchors, but got 2"):
            bevref.sampling_locations(np.zeros((1, 1, 2, 2)), np.zeros((1, 1, 1, 1, 3, 2)), level_shapes=[(2, 3)],
                                      reference_kind="pillar")
        with self.assertRaisesRegex(ValueError, "decode bfloat16 bits"):
            bevref.inverse_sigmoid(np.zeros(3, np.uint16))


class AgainstLoops(unittest.TestCase):
    def test_grid_sample(self):
        for case in cases.generate("grid_sample", seed=1, count=36):
            values = cases.decoded(case)
            with self.subTest(case["name"]):
                want = loop_grid_sample(values["input"], values["grid"], **case["attrs"])
                np.testing.assert_allclose(bevref.grid_sample(**values, **case["attrs"]), want, rtol=0, atol=1e-9)

    def test_ms_deform_attn(self):
        tried = 0
        for case in cases.generate("ms_deform_attn", seed=2):
            values = cases.decoded(case)
            if values["locations"].size * values["value"].shape[3] > 12000:
                continue
            tried += 1
            with self.subTest(case["name"]):
                want = loop_ms_deform_attn(values["value"], values["locations"], values["weights"],
                                           case["attrs"]["level_shapes"])
                np.testing.assert_allclose(bevref.ms_deform_attn(**values, **case["attrs"]), want, rtol=0, atol=1e-9)
        self.assertGreater(tried, 20)

    def test_warp_bev_is_torchvisions_affine_grid(self):
        """torchvision.transforms.functional.rotate: its inverse matrix, its base grid, then grid_sample."""
        for case in cases.generate("warp_bev", seed=3):
            values, mode = cases.decoded(case), case["attrs"]["mode"]
            prev, angle = values["prev"], values["angle"]
            if not np.isfinite(angle).all():
                continue
            batch, h, w, _ = prev.shape
            center = case["attrs"]["center"] or (w / 2, h / 2)
            cx, cy = center[0] - w * 0.5, center[1] - h * 0.5
            grids = []
            for degrees in angle.astype(np.float64):
                rot = math.radians(-degrees)
                a, b, c, d = math.cos(rot), -math.sin(rot), math.sin(rot), math.cos(rot)
                matrix = [d, -b, 0.0, -c, a, 0.0]
                matrix[2] += matrix[0] * -cx + matrix[1] * -cy + cx
                matrix[5] += matrix[3] * -cx + matrix[4] * -cy + cy
                x, y = np.meshgrid(np.linspace(-w / 2 + 0.5, w / 2 - 0.5, w), np.linspace(-h / 2 + 0.5, h / 2 - 0.5, h))
                base = np.stack([x, y, np.ones_like(x)], axis=-1)
                grids.append(base @ (np.array(matrix).reshape(2, 3).T / np.array([w / 2, h / 2])))
            want = bevref.grid_sample(prev.transpose(0, 3, 1, 2), np.stack(grids), mode=mode).transpose(0, 2, 3, 1)
            reset = values.get("reset", np.zeros(batch, bool))
            want = np.where(reset[:, None, None, None], 0, want)
            ignore = cases.ignored(case)["out"]
            with self.subTest(case["name"]):
                result = compare.compare(bevref.warp_bev(**values, **case["attrs"]), want, ignore)
                self.assertTrue(result.within(1e-10), str(result))


class AgainstTorch(unittest.TestCase):
    def setUp(self):
        if NO_TORCH:
            skip(self, NO_TORCH)

    def test_grid_sample(self):
        for case in cases.generate("grid_sample", seed=4, count=108):
            values, attrs = cases.decoded(case), case["attrs"]
            grid = values["grid"].astype(np.float64)
            grid = np.where(np.isfinite(grid) & (np.abs(grid) < 1e6), grid, 0.25)  # torch specifies no others
            image = np.nan_to_num(values["input"].astype(np.float64), nan=3, posinf=5, neginf=7)
            want = torch.nn.functional.grid_sample(
                torch.from_numpy(image), torch.from_numpy(grid), mode=attrs["mode"], padding_mode=attrs["padding"],
                align_corners=attrs["align_corners"]).numpy()
            ties = np.zeros(want.shape, bool)
            if attrs["mode"] == "nearest":
                found = bevref.grid_sample_ties(image, grid, padding=attrs["padding"],
                                                align_corners=attrs["align_corners"], tolerance=1e-12)
                ties |= cases._cells(found, grid.shape[:3])[:, None]
            with self.subTest(case["name"]):
                result = compare.compare(bevref.grid_sample(image, grid, **attrs), want, ties)
                self.assertTrue(result.within(1e-11), str(result))

    def test_ms_deform_attn_composed_of_grid_sample(self):
        for case in cases.generate("ms_deform_attn", seed=5):
            values, shapes = cases.decoded(case), case["attrs"]["level_shapes"]
            if any(tag in ("wild", "exact") for tag in case["tags"]):
                continue
            value = torch.from_numpy(np.nan_to_num(values["value"].astype(np.float64), nan=3, posinf=5, neginf=7))
            locations = torch.from_numpy(values["locations"].astype(np.float64))
            weights = torch.from_numpy(values["weights"].astype(np.float64))
            b, q, m, _, p, _ = locations.shape
            parts, per_level = [], value.split([h * w for h, w in shapes], dim=1)
            for l, (h, w) in enumerate(shapes):
                image = per_level[l].permute(0, 2, 3, 1).reshape(b * m, -1, h, w)
                grid = (2 * locations[:, :, :, l] - 1).transpose(1, 2).reshape(b * m, q, p, 2)
                sampled = torch.nn.functional.grid_sample(image, grid, align_corners=False)      # [B*M,D,Q,P]
                part = (sampled * weights[:, :, :, l].transpose(1, 2).reshape(b * m, 1, q, p)).sum(-1)
                parts.append(part.reshape(b, m, -1, q).permute(0, 3, 1, 2))
            with self.subTest(case["name"]):
                result = compare.compare(bevref.ms_deform_attn(value.numpy(), locations.numpy(), weights.numpy(),
                                                               level_shapes=shapes), sum(parts).numpy())
                self.assertTrue(result.within(1e-12), str(result))

    def test_bfloat16(self):
        x = np.random.default_rng(0).standard_normal(100000).astype(np.float32) * np.float32(2.0) ** np.repeat(
            np.arange(-140, 110, dtype=np.float32), 400)
        want = torch.from_numpy(x).to(torch.bfloat16).float().numpy()
        np.testing.assert_array_equal(bf16.rounded(x), want)


class BFloat16(unittest.TestCase):
    def test_round_trip_of_every_pattern(self):
        bits = np.arange(65536, dtype=np.uint16)
        numbers = bf16.from_bits(bits)
        again = bf16.to_bits(numbers)
        nan = np.isnan(numbers)
        np.testing.assert_array_equal(again[~nan], bits[~nan])
        self.assertTrue(np.isnan(bf16.from_bits(again[nan])).all())
        np.testing.assert_array_equal(again[nan] >> 15, bits[nan] >> 15)

    def test_rounding(self):
        single = lambda *bits: np.array(bits, np.uint32).view(np.float32)
        given = single(0x3F800000, 0x3F808000, 0x3F808001, 0x3F818000, 0x3F807FFF, 0x7F7F8000, 0xFF7FFFFF, 0x7F7F7FFF,
                       0x00000001, 0x00008000, 0x00018000, 0x80008001, 0x7F800000, 0x7F800001, 0xFFFFFFFF)
        want = [0x3F80, 0x3F80, 0x3F81, 0x3F82, 0x3F80, 0x7F80, 0xFF80, 0x7F7F, 0x0000, 0x0000, 0x0002, 0x8001, 0x7F80,
                0x7FC0, 0xFFFF]
        self.assertEqual([hex(b) for b in bf16.to_bits(given)], [hex(b) for b in want])
        self.assertEqual(bf16.to_bits(np.float32(1)).shape, ())


class Comparing(unittest.TestCase):
    def test_compare(self):
        e = np.array([3.0, 4.0, np.nan, np.inf, 0.0])
        self.assertTrue(compare.compare(e, e).within(0))
        self.assertAlmostEqual(compare.compare(e + np.array([0, 0.5, 0, 0, 0]), e).relative_l2, 0.1)
        self.assertEqual(compare.compare(e + np.array([0, 0.5, 0, 0, 0]), e).worst_index, (1,))
        self.assertFalse(compare.compare(np.array([3, 4, 0, np.inf, 0]), e).within(1))
        self.assertFalse(compare.compare(np.array([3, 4, np.nan, -np.inf, 0]), e).within(1))
        self.assertFalse(compare.compare(np.array([3, 4, np.nan, 9, 0]), e).within(1))
        self.assertEqual(compare.compare(np.array([1.0]), np.array([0.0])).relative_l2, float("inf"))
        self.assertTrue(compare.compare(np.array([1.0, 7]), np.array([1.0, 8]), [False, True]).within(0))
        self.assertTrue(compare.compare(np.zeros((0, 3)), np.zeros((0, 3))).within(0))
        with self.assertRaisesRegex(ValueError, "expected a result of shape"):
            compare.compare(np.zeros(2), np.zeros(3))


class Cases(unittest.TestCase):
    def test_every_case_and_float32_within_tolerance(self):
        """The formulas in float32, rounded once to the output type, stay within the stated limits on every case."""
        names, channels, compared, left_out, unspecified = set(), set(), 0, 0, 0
        for case in cases.generate():
            self.assertNotIn(case["name"], names)
            names.add(case["name"])
            if case["op"] == "ms_deform_attn":
                channels.add(case["inputs"]["value"].shape[3])
            with self.subTest(case["name"]):
                want, ignored = cases.expected(case), cases.ignored(case)
                limits, bounds = cases.limits(case), cases.bounds(case)
                with bevref.arithmetic(np.float32):
                    got = cases.expected(case)
                self.assertEqual(set(case["layout"]), set(case["inputs"]) | set(case["outputs"]))
                for name in case["inputs"]:
                    self.assertEqual(len(case["layout"][name]), case["inputs"][name].ndim, name)
                for name, expected in want.items():
                    tag = case["dtypes"][name]
                    skipped = np.zeros(expected.shape, bool) if ignored[name] is None else ignored[name]
                    compared += expected.size
                    if name == "uv":
                        unspecified += int(skipped.sum())
                    else:
                        left_out += int(skipped.sum())
                    if tag in ("i1", "i32"):
                        self.assertEqual(int(((got[name] != expected) & ~skipped).sum()), 0)
                    elif bounds[name] is not None:
                        with np.errstate(invalid="ignore"):
                            self.assertEqual(int(((np.abs(got[name] - expected) > bounds[name]) & ~skipped).sum()), 0)
                    else:
                        result = compare.compare(cases._as_stored(got[name], tag), expected, ignored[name])
                        self.assertTrue(result.within(limits[name]), f"{result} (limit {limits[name]:.2e})")
                    if case["op"] not in ("inverse_sigmoid", "project_points") and "inf-times" not in case["name"]:
                        self.assertTrue(np.isfinite(expected).all(), "a poisoned cell was sampled")
        self.assertGreater(len(names), 300)
        for op in ("ms_deform_attn", "deformable_attention", "spatial_cross_attention", "temporal_self_attention"):
            seen = {(c["dtypes"]["value"], c["dtypes"]["weights" if op == "ms_deform_attn" else "offsets"],
                     bool(c["dynamic"])) for c in cases.generate(op)}
            for value in cases.TYPES:
                self.assertTrue({(value, value), (value, "f32")} <= {pair[:2] for pair in seen}, f"{op} {value}")
                self.assertEqual({dynamic for tag, _, dynamic in seen if tag == value}, {False, True}, f"{op} {value}")
        self.assertEqual(channels, set(cases.CHANNELS))
        self.assertLess(left_out, compared // 1000)
        print(f"{len(names)} cases, {compared} elements, of which not compared {left_out} (ties, ill-conditioned) and "
              f"{unspecified} (uv of a NaN matrix)", file=sys.stderr)

    def test_the_pools_meet_what_they_are_about(self):
        found = {(tag, case["op"]) for case in cases.generate() for tag in case["tags"]}
        for form in ("ranks", "lifted", "cells", "segments"):
            for kind in ("empty", "one-cell", "poison", "inf-times", "hostile"):
                self.assertTrue(any({form, kind} <= set(case["tags"]) for case in cases.generate("voxel_pool")),
                                f"{form} {kind}")
        for order in ("columns", "padded", "shuffled", "overlap", "ends"):
            for kind in ("random", "empty", "poison", "inf-times", "hostile"):
                self.assertTrue(any({order, kind} <= set(case["tags"]) for case in cases.generate("segment_pool")),
                                f"{order} {kind}")
        self.assertIn(("exact", "frustum_to_voxel"), found)
        inside = [(cases.expected(case)["out"] >= 0).mean() for case in cases.generate("frustum_to_voxel")]
        self.assertTrue(0.2 < np.mean(inside) < 0.8, np.mean(inside))

    def test_the_same_seed_gives_the_same_cases(self):
        for a, b in zip(cases.generate("deformable_attention", seed=7), cases.generate("deformable_attention", seed=7)):
            self.assertEqual(a["name"], b["name"])
            for name in a["inputs"]:
                self.assertEqual(a["inputs"][name].tobytes(), b["inputs"][name].tobytes())

    def test_metamorphic_helpers(self):
        for op in ("ms_deform_attn", "deformable_attention", "spatial_cross_attention", "temporal_self_attention"):
            for case in cases.generate(op, count=12):
                want = cases.expected(case)["out"]
                order = np.random.default_rng(1).permutation(want.shape[1])
                with self.subTest(case["name"]):
                    np.testing.assert_array_equal(cases.expected(cases.permuted_queries(case, order))["out"],
                                                  want[:, order])
                    np.testing.assert_array_equal(cases.expected(cases.single_row(case, want.shape[0] - 1))["out"],
                                                  want[-1:])


class RecordedModels(unittest.TestCase):
    def test_forward(self):
        for name in shared_models.NAMES:
            try:
                layer = shared_models.load(name)
            except shared_models.Unavailable as reason:
                skip(self, str(reason))
            with self.subTest(name):
                result = compare.compare(layer.outputs["output"], shared_models.forward(name, layer))
                print(f"{name}: {result}", file=sys.stderr)
                self.assertTrue(result.within(1e-5), str(result))


if __name__ == "__main__":
    unittest.main()
