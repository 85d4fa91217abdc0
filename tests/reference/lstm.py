# SPDX-License-Identifier: MIT
"""The specification: what an LSTM computes, in float64 and without cleverness.

For every frame, and every layer of `units`; x is the input, then the h of the layer before::

    i, f, g, o = W [x, h] + b
    c = sigmoid(f) c + sigmoid(i) tanh(g)
    h = sigmoid(o) tanh(c)
    y = head h + head_bias                    of the last layer

It starts from the h and c in the file, and half a second of silence comes before the first frame:
it has no finite memory, so what is called silence for ever is just that long.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .activations import sigmoid
from .network import Network, after, held
from .weights import Weights


class _Layer(NamedTuple):
    matrix: np.ndarray  # [gate and unit, x and h]
    bias: np.ndarray
    h: np.ndarray
    c: np.ndarray


class Lstm(Network):
    def __init__(self, config: dict[str, Any], weights: Weights, rate_hz: float) -> None:
        units, width = config["hidden_size"], config["input_size"]
        outputs = config.get("out_channels") or 1
        self._settle_frames = int(0.5 * rate_hz)
        self._layers: list[_Layer] = []
        for _ in range(config["num_layers"]):
            self._layers.append(
                _Layer(
                    matrix=weights.take("gates", 4 * units, width + units),
                    bias=weights.take("gates bias", 4 * units),
                    h=weights.take("h", units),
                    c=weights.take("c", units),
                )
            )
            width = units
        self._head = weights.take("head", outputs, units)
        self._head_bias = weights.take("head bias", outputs)

    def play(self, x: np.ndarray, before: np.ndarray) -> np.ndarray:
        return self._from_start(after(before, self._settle_frames, x))[:, self._settle_frames :]

    def rest(self, before: np.ndarray) -> np.ndarray:
        return self._from_start(held(before, self._settle_frames))[:, -1]

    def _from_start(self, x: np.ndarray) -> np.ndarray:
        signal = x.T
        for layer in self._layers:
            signal = _played(layer, signal)
        return self._head @ signal.T + self._head_bias[:, np.newaxis]


def _played(layer: _Layer, signal: np.ndarray) -> np.ndarray:
    """The h of a layer for each frame; signals are [frame, channel] here."""
    h, c = layer.h, layer.c
    output = np.empty((len(signal), len(h)))
    for frame, x in enumerate(signal):
        i, f, g, o = np.split(layer.matrix @ np.concatenate([x, h]) + layer.bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        output[frame] = h
    return output
