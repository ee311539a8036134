# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Self-tests of the reference of gradients: differences of bevref's forward ops, and torch's autograd through
grid_sample where torch can be imported."""
import os
import sys
import unittest

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import backwardref  # noqa: E402
import bevref  # noqa: E402

try:
    import torch
    NO_TORCH = None
except ImportError as error:
    torch, NO_TORCH = None, f"torch is not importable ({error})"

LEVELS = ((5, 7), (3, 4))
B, Q, M, D, L, P = 2, 6, 3, 4, 2, 4
KINDS = (("level", 1, "mod"), ("level", 2, "mod"), ("box", 1, "mod"), ("box", 2, "mod"), ("pillar", 1, "mod"),
         ("pillar", 2, "mod"), ("pillar", 2, "div"), ("pillar", 4, "div"))


def core_operands(rng):
    """value, locations (some outside), weights and grad_out."""
    positions = sum(h * w for h, w in LEVELS)
    return [rng.standard_normal((B, positions, M, D)), rng.uniform(-0.3, 1.3, (B, Q, M, L, P, 2)),
            rng.standard_normal((B, Q, M, L, P)), rng.standard_normal((B, Q, M, D))]


def whole_operands(rng, kind, references):
    """value, reference, offsets, logits and grad_out."""
    value, _, _, grad_out = core_operands(rng)
    reference = rng.uniform(0.05, 0.95, (B, Q, references, 4 if kind == "box" else 2))
    return [value, reference, 2 * rng.standard_normal((B, Q, M, L, P, 2)), rng.standard_normal((B, Q, M, L * P)),
            grad_out]


def gradients(operands, kind=None, order="mod"):
    """One of each operand but grad_out, by the reference."""
    if kind is None:
        return backwardref.ms_deform_attn(*operands, LEVELS)[:3]
    value, offsets, logits, _, reference = backwardref.deformable_attention(*operands, LEVELS, kind, order)
    return value, reference, offsets, logits


class Differences(unittest.TestCase):
    """The slope of sum(result * grad_out) along any direction."""

    def check(self, forward, operands, found):
        rng, step = np.random.default_rng(5), 1e-6
        loss = lambda inputs: float((forward(inputs) * operands[-1]).sum())
        for i, gradient in enumerate(found):
            for _ in range(6):
                direction = rng.standard_normal(operands[i].shape)
                moved = [[o + sign * step * direction if i == j else o for j, o in enumerate(operands[:-1])]
                         for sign in (1, -1)]
                slope = (loss(moved[0]) - loss(moved[1])) / (2 * step)
                want = float((gradient * direction).sum())
                scale = np.linalg.norm(gradient * direction)
                with self.subTest(operand=i):
                    self.assertLess(abs(slope - want), 1e-6 * scale)

    def test_ms_deform_attn(self):
        for seed in range(4):
            operands = core_operands(np.random.default_rng(seed))
            self.check(lambda inputs: bevref.ms_deform_attn(*inputs, level_shapes=LEVELS), operands,
                       gradients(operands))

    def test_deformable_attention(self):
        for seed, (kind, references, order) in enumerate(KINDS):
            operands = whole_operands(np.random.default_rng(seed), kind, references)
            with self.subTest(kind=kind, references=references, order=order):
                self.check(
                    lambda inputs: bevref.deformable_attention(*inputs, level_shapes=LEVELS, reference_kind=kind,
                                                               anchor_order=order), operands,
                    gradients(operands, kind, order))


class Autograd(unittest.TestCase):
    """Torch's own gradients, of grid_sample and what is around it."""

    def setUp(self):
        if torch is None:
            print(f"skipped {self.id()}: {NO_TORCH}", file=sys.stderr)
            self.skipTest(NO_TORCH)

    def attend(self, value, locations, weights):
        out, start = 0, 0
        for level, (h, w) in enumerate(LEVELS):
            image = value[:, start:start + h * w].reshape(B, h, w, M, D).permute(0, 3, 4, 1, 2)
            grid = (2 * locations[:, :, :, level] - 1).permute(0, 2, 1, 3, 4)
            sampled = torch.nn.functional.grid_sample(image.reshape(B * M, D, h, w), grid.reshape(B * M, Q, P, 2),
                                                      align_corners=False)
            out = out + torch.einsum("bmdqp,bqmp->bqmd", sampled.reshape(B, M, D, Q, P), weights[:, :, :, level])
            start += h * w
        return out

    def check(self, forward, operands, found):
        inputs = [torch.from_numpy(o).requires_grad_() for o in operands[:-1]]
        forward(*inputs).backward(torch.from_numpy(operands[-1]))
        for i, (tensor, gradient) in enumerate(zip(inputs, found)):
            with self.subTest(operand=i):
                np.testing.assert_allclose(gradient, tensor.grad.numpy(), rtol=0, atol=1e-11)

    def test_ms_deform_attn(self):
        for seed in range(4):
            operands = core_operands(np.random.default_rng(seed))
            self.check(self.attend, operands, gradients(operands))

    def test_deformable_attention(self):
        sizes = [torch.tensor([w, h], dtype=torch.float64) for h, w in LEVELS]
        for seed, (kind, references, order) in enumerate(KINDS):

            def forward(value, reference, offsets, logits):
                locations = []
                for level in range(L):
                    for point in range(P):
                        r = 0 if references == 1 else level
                        if kind == "pillar":
                            r = point % references if order == "mod" else point // (P // references)
                        at, moved = reference[:, :, None, r], offsets[:, :, :, level, point]
                        moved = moved * at[..., 2:] * 0.5 / P if kind == "box" else moved / sizes[level]
                        locations.append(at[..., :2] + moved)
                return self.attend(value, torch.stack(locations, -2).reshape(B, Q, M, L, P, 2),
                                   logits.softmax(-1).reshape(B, Q, M, L, P))

            operands = whole_operands(np.random.default_rng(seed), kind, references)
            with self.subTest(kind=kind, references=references, order=order):
                self.check(forward, operands, gradients(operands, kind, order))


if __name__ == "__main__":
    unittest.main()
