# SPDX-License-Identifier: MIT
"""Activations, by the names that files give them.

A file has a name, or an object with it as `type` and parameters beside it; those are rounded to
float32, as weights are. With one slope, or one for each channel::

    Tanh           tanh(x)
    Hardtanh       x, but at least -1 and at most 1 (min_val and max_val do not count)
    Fasttanh       a rational function close to tanh: see `_fasttanh`
    ReLU           max(x, 0)
    LeakyReLU      x above 0, negative_slope x (0.01 x) below
    PReLU          the same with negative_slope or, for each channel, negative_slopes
    Sigmoid        1 / (1 + exp(-x))
    SiLU           x sigmoid(x)
    Hardswish      x (x + 3, but at least 0 and at most 6) / 6
    LeakyHardtanh  x from min_val to max_val (-1 to 1), and lines of min_slope and max_slope (0.01)
                   beyond
    Softsign       x / (1 + |x|)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Activation = Callable[[np.ndarray], np.ndarray]  # of a signal, [channel, frame]


def activation(found: str | dict[str, Any]) -> Activation:
    """The activation that a config names."""
    fields = {"type": found} if isinstance(found, str) else found
    name = fields["type"]
    if name in ("LeakyReLU", "PReLU"):
        slopes = slopes_of(fields)[:, np.newaxis]
        return lambda x: np.where(x > 0, x, slopes * x)
    if name in ("LeakyHardtanh", "LeakyHardTanh"):
        low, high = _float32(fields, "min_val", -1.0), _float32(fields, "max_val", 1.0)
        below, above = _float32(fields, "min_slope", 0.01), _float32(fields, "max_slope", 0.01)
        return lambda x: np.select(
            [x < low, x > high], [low + below * (x - low), high + above * (x - high)], x
        )
    return _plain[name]


def slopes_of(fields: dict[str, Any]) -> np.ndarray:
    """Of a LeakyReLU or PReLU: one, or one for each channel."""
    several = fields.get("negative_slopes") if fields["type"] == "PReLU" else None
    if fields.get("negative_slope") is not None or several is None:
        several = [_float32(fields, "negative_slope", 0.01)]
    return np.float64(np.float32(several))


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def _fasttanh(x: np.ndarray) -> np.ndarray:
    size, square = np.abs(x), x * x
    above = 2.45550750702956 * (1 + size) + (0.893229853513558 + 0.821226666969744 * size) * square
    below = 2.44506634652299 + (2.44506634652299 + square) * np.abs(
        x + 0.814642734961073 * x * size
    )
    return x * above / below


def _float32(fields: dict[str, Any], key: str, default: float) -> float:
    value = fields.get(key)
    return float(np.float32(default if value is None else value))


_plain: dict[str, Activation] = {
    "Tanh": np.tanh,
    "Hardtanh": lambda x: np.clip(x, -1.0, 1.0),
    "Fasttanh": _fasttanh,
    "ReLU": lambda x: np.maximum(x, 0.0),
    "Sigmoid": sigmoid,
    "SiLU": lambda x: x * sigmoid(x),
    "Hardswish": lambda x: x * np.clip(x + 3.0, 0.0, 6.0) / 6.0,
    "Softsign": lambda x: x / (1.0 + np.abs(x)),
}
