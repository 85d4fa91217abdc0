# SPDX-License-Identifier: MIT
"""Random weights for any network, drawn by the walk of the specification.

They are scaled by what they are, so that noise leaves every model audible and none of them
explodes. The same seed gives the same weights.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.network import Network
from reference.weights import Weights


def drawn(build: Callable[[Weights], Network], seed: int = 0) -> list[float]:
    """All that `build` takes, in the file's order, each a float32 value."""
    weights = _DrawnWeights(seed)
    build(weights)
    return weights.flat()


class _DrawnWeights(Weights):
    """Random ones, of any number, by what they are."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._drawn: list[np.ndarray] = []

    def take(self, name: str, *shape: int) -> np.ndarray:
        drawn = self._draw(name, shape).astype(np.float32)
        self._drawn.append(drawn.ravel())
        return np.float64(drawn)

    def flat(self) -> list[float]:
        return np.concatenate(self._drawn).tolist()

    def _draw(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        normal, fan_in = self._random.normal, int(np.prod(shape[1:]))
        if name == "head_scale":
            return np.array([0.5])
        if name == "eps":
            return np.array([1e-5])
        if name == "variance":
            return self._random.uniform(0.3, 2.0, shape)
        if name == "norm":
            return normal(1.0, 0.2, shape)
        if name == "taps":  # of a Linear: it rings, and dies away
            fading = normal(0.0, 1.0, shape) * np.exp(-7.0 * np.arange(*shape) / shape[0])
            return 0.7 * fading / np.linalg.norm(fading)
        if name == "gates":
            units = shape[0] // 4
            inputs = shape[1] - units
            scales = np.repeat([2.0 * inputs**-0.5, 0.8 * units**-0.5], [inputs, units])
            return normal(0.0, scales, shape)
        if name == "gates bias":  # forget gates begin open
            return normal(np.repeat([0.0, 1.0, 0.0, 0.0], shape[0] // 4), 0.3)
        if name.endswith("film bias"):  # of the scale
            return normal(1.0, 0.2, shape)
        if name.endswith("film with shift bias"):
            return normal(np.repeat([1.0, 0.0], shape[0] // 2), 0.2)
        if len(shape) == 1:
            return normal(0.0, 0.1, shape)
        gain = {"layer1x1": 0.4, "rechannel": 1.0}.get(name, 0.8)
        return normal(0.0, gain * fan_in**-0.5, shape)
