# SPDX-License-Identifier: MIT
"""Makes valid LSTM `.nam` dicts: of random weights, and one that remembers for ever."""

from __future__ import annotations

from typing import Any

import numpy as np


def lstm(layers: int = 1, units: int = 3, seed: int = 0, **fields: Any) -> dict[str, Any]:
    """Random weights: the same seed gives the same model. `fields` replace those of the root."""
    random = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    for layer in range(layers):
        inputs = 1 if layer == 0 else units
        matrix = np.hstack(
            [
                random.normal(0, 2.0 * inputs**-0.5, (4 * units, inputs)),
                random.normal(0, 0.8 * units**-0.5, (4 * units, units)),
            ]
        )
        bias = random.normal(0, 0.3, 4 * units)
        bias[units : 2 * units] += 1.0  # of the forget gate, as trainers start it
        parts += [matrix.ravel(), bias, random.normal(0, 0.3, 2 * units)]
    parts += [random.normal(0, units**-0.5, units), random.normal(0, 0.05, 1)]
    return _nam(layers, units, np.concatenate(parts), fields)


def latch(**fields: Any) -> dict[str, Any]:
    """A wire, nearly, and after the first frame above 0.95 one that is 21 dB quieter, for ever.

    Unit 0 is the latch. It keeps what it has (its forget gate is 1), lets a 1 in where x is loud,
    and nothing once it has one. Unit 1 keeps nothing and passes tanh(tanh(x)), half as loud, or by
    what the latch says. Gates of the latch are 0 or 1 in float32, but for x within 0.1 of 0.9: it
    forgets nothing, however long ago the loud frame was.
    """
    open_, shut, steep = 100.0, -1000.0, 1000.0
    matrix = np.zeros((4, 2, 3))  # [gate, unit, x and h of the units]
    bias = np.zeros((4, 2))
    i, f, g, o = range(4)
    matrix[i, 0] = steep, -1000 * steep, 0
    bias[i] = -0.9 * steep, open_
    bias[f] = open_, shut
    bias[g, 0] = open_
    matrix[g, 1, 0] = 1.0
    bias[o, 0] = open_
    matrix[o, 1, 1] = -4.0
    start, head, head_bias = np.zeros(4), [0.0, 1.0], [0.0]
    flat = np.concatenate([matrix.ravel(), bias.ravel(), start, head, head_bias])
    return _nam(1, 2, flat, fields)


def _nam(layers: int, units: int, weights: np.ndarray, fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "0.5.4",
        "metadata": {"loudness": -18.5},
        "architecture": "LSTM",
        "config": {"num_layers": layers, "input_size": 1, "hidden_size": units},
        "weights": weights.astype(np.float32).tolist(),
        "sample_rate": 48000,
    } | fields
