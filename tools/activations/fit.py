# SPDX-License-Identifier: MIT
"""The coefficients of `expm1_near_0` in core/src/simd/activations.h, of degree 5, and of the
shorter one in core/src/lstm/kernels/units.h, of degree 4. Needs numpy alone:

    python tools/activations/fit.py

e^s - 1 = s + s^2 (c[0] + c[1] s + ...), on ln(2) / 2 either side of zero, with the least largest
relative error. The coefficients are rounded to float32 one after the other, the lowest first, and
those that follow make up for what that cost.
"""

from __future__ import annotations

import numpy as np

largest_s = 0.3467  # ln(2) / 2, and what rounding adds to it


def main() -> None:
    for degree in (4, 5):
        print_fit(degree)


def print_fit(degree: int) -> None:
    s = largest_s * np.cos(np.linspace(0.0, np.pi, 4000)).astype(np.longdouble)
    remainder = _series(s, first=2)
    weight = np.abs(s / _series(s, first=1))  # from an error of the remainder to a relative one
    rounded: list[np.float32] = []
    while len(rounded) <= degree:
        known = _polynomial(rounded, s)
        powers = np.stack([s**n for n in range(len(rounded), degree + 1)], axis=1)
        rounded.append(np.float32(_minimax(powers, remainder - known, weight)[0]))
    error = np.abs((_polynomial(rounded, s) - remainder) * weight).max()
    print(f"degree {degree}, largest relative error 2^{float(np.log2(error)):.1f}:")
    print(", ".join(f"{float(c).hex().replace('0000000p', 'p')}f" for c in rounded))


def _series(s: np.ndarray, first: int) -> np.ndarray:
    """s^0 / first! + s^1 / (first + 1)! + ..., which is exact where e^s - 1 - s cancels."""
    total, term = np.zeros_like(s), np.ones_like(s)
    for n in range(1, 30):
        term = term / n
        if n >= first:
            total += term
            term = term * s
    return total


def _polynomial(coefficients: list[np.float32], s: np.ndarray) -> np.ndarray:
    return sum((np.longdouble(c) * s**n for n, c in enumerate(coefficients)), np.zeros_like(s))


def _minimax(powers: np.ndarray, wanted: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Lawson's iteration: least squares, where what is far off counts more and more."""
    importance = np.ones(len(wanted))
    best, least = np.zeros(powers.shape[1]), np.inf
    for _ in range(300):
        scale = np.sqrt(importance) * weight.astype(float)
        fit = np.linalg.lstsq(
            powers.astype(float) * scale[:, None], wanted.astype(float) * scale, rcond=None
        )[0]
        error = np.abs((powers @ fit - wanted) * weight).astype(float)
        if error.max() < least:
            best, least = fit, error.max()
        importance = np.maximum(importance * error / error.mean(), 1e-12)
        importance /= importance.mean()
    return best


if __name__ == "__main__":
    main()
