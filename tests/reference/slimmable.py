# SPDX-License-Identifier: MIT
"""The specification: which network is in a slimmable WaveNet, for a size from 0 to 1.

A layer array that is slimmable has a list of n widths, and plays number floor(size n) of it; size 1
plays the last, its full width. A narrower network has the first rows and columns of each matrix of
the full one, of all its taps, and the first of each bias. That goes for stacked matrices too: of
signal and gate, of scale and shift, the first rows are kept whatever they were.

What follows from a width c of C: the bottleneck is B c / C, rounded down, at least 1; the next
layer array takes c channels, and the head of the one before gives c.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .wavenet import WaveNet, head_of
from .weights import Weights

Config = dict[str, Any]


def narrowed(config: Config, flat: Sequence[float], size: float) -> tuple[Config, Sequence[float]]:
    """Config and weights of the network that `size` selects, of a WaveNet slimmable or not."""
    widths = [_width(array, size) for array in config["layers"]]
    narrow = _narrow_config(config, widths)
    if widths == [array["channels"] for array in config["layers"]]:
        return config, flat
    weights = Weights(flat)
    parts = [
        weights.take("full", *whole)[tuple(slice(0, length) for length in part)]
        for whole, part in zip(_shapes(config), _shapes(narrow), strict=True)
    ]
    weights.check_none_left()
    return narrow, np.concatenate([part.ravel() for part in parts]).tolist()


def _width(array: Config, size: float) -> int:
    slimmable = array.get("slimmable") or {}
    if not slimmable.get("method"):
        return array["channels"]
    allowed = (slimmable.get("kwargs") or {}).get("allowed_channels")
    allowed = allowed or range(1, array["channels"] + 1)
    return allowed[min(math.floor(size * len(allowed)), len(allowed) - 1)]


def _narrow_config(config: Config, widths: list[int]) -> Config:
    narrow = copy.deepcopy(config)
    for i, (array, width) in enumerate(zip(narrow["layers"], widths, strict=True)):
        channels, bottleneck = array["channels"], array.get("bottleneck") or array["channels"]
        has_layer1x1 = (array.get("layer1x1") or {"active": True})["active"]
        array["channels"] = width
        array["bottleneck"] = max(1, bottleneck * width // channels) if has_layer1x1 else width
        for key in ("activation", "secondary_activation"):
            array[key] = _narrow_activation(array.get(key), array["bottleneck"])
        if i > 0:
            array["input_size"] = widths[i - 1]
        if i + 1 < len(widths):
            array["head"] = head_of(array) | {"out_channels": widths[i + 1]}
    return narrow


def _narrow_activation(found: Any, width: int) -> Any:
    """An activation, or a list of them, with the first of its slopes."""
    if isinstance(found, list):
        return [_narrow_activation(entry, width) for entry in found]
    if isinstance(found, dict) and found.get("negative_slopes"):
        return found | {"negative_slopes": found["negative_slopes"][:width]}
    return found


def _shapes(config: Config) -> list[tuple[int, ...]]:
    """The shapes of the weights of a WaveNet, in the order of the file."""
    noted = _Noted()
    WaveNet(config, noted)
    return noted.shapes


class _Noted(Weights):
    """Weights of which nothing is known but their shapes."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def take(self, name: str, *shape: int) -> np.ndarray:
        self.shapes.append(shape)
        return np.zeros(shape)
