# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Comparing a result with the float64 reference, and how close it has to be.

Tolerances are relative L2 errors: ||actual - expected|| / ||expected|| over the elements where both are finite.

f32: 1e-6 times size_factor(max(W, H)) = 1 + max(W, H)/8. Where the factor comes from: with u in [0, 1] the
pixel coordinate x = u*W - 0.5 is made in float32 from an exact u by a multiply and a subtract (and for the attention
ops after a divide and an add, u = ref + off/W): up to four roundings, each of half an ulp of a number up to W. Such a
rounding is uniform on +-ulp/2, so its rms is ulp/sqrt(12); ulp is about 2^-23 * W/sqrt(2) averaged over [0, W], and
three to four of them add up to an rms coordinate error of about 2^-23 * 0.35 W = 4e-8 W pixels on each axis. On a map
of independent values of unit variance the interpolated value has rms 2/3 and its slope along one axis has rms
sqrt(2 * 2/3) = 1.15, so the two axes together give a relative error of 4e-8 W * 1.15 * sqrt(2) / (2/3) = 1e-7 W: a
tenth of 1e-6 * W. The sum over points averages error and signal alike. 1/8 leaves a margin of a quarter over the rms;
the 1 is everything that does not scale with W (weights, softmax, accumulation). Real feature maps are smoother than
independent values, so they err less. The self-test measures what float32 arithmetic reaches over all generated cases:
at most about half of the limit.

f16: 1e-3 and bf16: 1e-2, whatever the size: the result is rounded once, to 2^-11 or 2^-9 relatively; coordinates and
sums are float32, so what the f32 term above adds (1.3e-4 at 1000 pixels) disappears in the rounding's: the rms of
rounding to f16 is 2^-11/sqrt(3) = 2.8e-4 at worst.
"""
import dataclasses

import numpy as np

BASE = {"f32": 1e-6, "f16": 1e-3, "bf16": 1e-2}


def size_factor(extent):
    """By how much the f32 tolerance grows with max(W, H) = `extent` pixels; see the module's docstring."""
    return 1 + extent / 8


def tolerance(element_type, extent=0):
    """Largest acceptable relative L2 error for outputs of `element_type` (f32, f16, bf16) that sample maps of at most
    `extent` pixels in either direction (0: no sampling). Raises ValueError for another type."""
    if element_type not in BASE:
        raise ValueError(f"expected an element type of {', '.join(BASE)}, but got {element_type}")
    return BASE[element_type] * (size_factor(extent) if element_type == "f32" else 1)


@dataclasses.dataclass
class Comparison:
    """How `actual` differs from `expected`. Errors are over elements finite in both; nan_mismatches counts elements
    that are NaN in one alone, infinity_mismatches those infinite in one alone or with another sign."""
    relative_l2: float
    max_abs: float
    worst_index: tuple
    worst_actual: float
    worst_expected: float
    nan_mismatches: int
    infinity_mismatches: int
    nonzero_where_zero: int
    elements: int

    def within(self, limit):
        """True if the relative L2 error is at most `limit` and NaNs and infinities agree."""
        return self.relative_l2 <= limit and not self.nan_mismatches and not self.infinity_mismatches

    def __str__(self):
        return (f"relative L2 {self.relative_l2:.3e}, max abs {self.max_abs:.3e} at {list(self.worst_index)} "
                f"(got {self.worst_actual:.9g}, expected {self.worst_expected:.9g}), NaN mismatches "
                f"{self.nan_mismatches}, infinity mismatches {self.infinity_mismatches}, of {self.elements} elements")


def compare(actual, expected, ignore=None):
    """Comparison of two float (or bool) arrays of one shape; `ignore` [same shape, or leading dimensions of it] bool
    marks elements to leave out (ties, ill-conditioned decisions). Raises ValueError where the shapes differ.

    An expected array of all zeros needs an actual one of all zeros: relative_l2 is then 0 or inf.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.shape != expected.shape:
        raise ValueError(f"expected a result of shape {list(expected.shape)}, but got {list(actual.shape)}")
    a, e = actual.astype(np.float64), expected.astype(np.float64)
    use = np.ones(e.shape, bool)
    if ignore is not None:
        ignore = np.asarray(ignore, bool)
        use &= ~ignore.reshape(ignore.shape + (1,) * (e.ndim - ignore.ndim))
    nan = np.isnan(a) != np.isnan(e)
    both_nan = np.isnan(a) & np.isnan(e)
    infinite = (np.isinf(a) | np.isinf(e)) & ~nan & ~both_nan
    wrong_infinity = infinite & (a != e)
    finite = use & np.isfinite(a) & np.isfinite(e)
    difference = np.where(finite, np.abs(np.where(finite, a, 0) - np.where(finite, e, 0)), 0)
    norm, error = float(np.linalg.norm(np.where(finite, e, 0))), float(np.linalg.norm(difference))
    worst = np.unravel_index(int(difference.argmax()), e.shape) if e.size else ()
    return Comparison(relative_l2=error / norm if norm else (0.0 if error == 0 else float("inf")),
                      max_abs=float(difference.max()) if e.size else 0.0,
                      worst_index=tuple(int(i) for i in worst),
                      worst_actual=float(a[worst]) if e.size else 0.0,
                      worst_expected=float(e[worst]) if e.size else 0.0,
                      nan_mismatches=int((nan & use).sum()),
                      infinity_mismatches=int((wrong_infinity & use).sum()),
                      nonzero_where_zero=int((finite & (e == 0) & (a != 0)).sum()),
                      elements=int(use.sum()))
