# SPDX-License-Identifier: MIT
"""Makes valid LSTM `.nam` dicts: of random weights, and one that remembers for ever."""

from __future__ import annotations

from typing import Any

import numpy as np
from drawn_weights import drawn

from reference.lstm import Lstm


def lstm(layers: int = 1, units: int = 3, seed: int = 0, **fields: Any) -> dict[str, Any]:
    """Random weights: the same seed gives the same model. `fields` replace those of the root."""
    config = _config(layers, units)
    return _nam(config, drawn(lambda weights: Lstm(config, weights, 48_000), seed), fields)


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
    return _nam(_config(1, 2), np.float32(flat).tolist(), fields)


def _config(layers: int, units: int) -> dict[str, Any]:
    return {"num_layers": layers, "input_size": 1, "hidden_size": units}


def _nam(config: dict[str, Any], weights: list[float], fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "0.5.4",
        "metadata": {"loudness": -18.5},
        "architecture": "LSTM",
        "config": config,
        "weights": weights,
        "sample_rate": 48000,
    } | fields
