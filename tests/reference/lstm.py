# SPDX-License-Identifier: MIT
"""The specification: what an LSTM computes, in float64 and without cleverness.

For every frame, and every layer of `units`; x is the mono input, then the h of the layer before::

    i, f, g, o = W [x, h] + b
    c = sigmoid(f) c + sigmoid(i) tanh(g)
    h = sigmoid(o) tanh(c)
    y = head h + head_bias                    of the last layer

It starts from the h and c in the file, and half a second of silence comes before the first frame.

`nam` is a parsed `.nam` file of one network. Every engine holds weights in float32, so the weights
here are rounded to float32 too; all else is float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Nam = dict[str, Any]


def render(nam: Nam, x: np.ndarray) -> np.ndarray:
    """The output of a network for the mono input `x`: as many frames, without delay."""
    units = nam["config"]["hidden_size"]
    flat = np.array(nam["weights"], np.float32).astype(np.float64)

    def take(*shape: int) -> np.ndarray:
        nonlocal flat
        taken, flat = np.split(flat, [int(np.prod(shape))])
        return taken.reshape(shape)

    prewarm = int(0.5 * (nam.get("sample_rate") or 48_000.0))
    signal = np.concatenate([np.zeros(prewarm), x])[:, np.newaxis]
    for _ in range(nam["config"]["num_layers"]):
        matrix = take(4 * units, signal.shape[1] + units)
        signal = _layer(signal, matrix, take(4 * units), h=take(units), c=take(units))
    head, head_bias = take(units), take(1)
    return (signal @ head + head_bias)[prewarm:]


def _layer(
    signal: np.ndarray, matrix: np.ndarray, bias: np.ndarray, h: np.ndarray, c: np.ndarray
) -> np.ndarray:
    output = np.empty((len(signal), len(h)))
    for frame, x in enumerate(signal):
        i, f, g, o = np.split(matrix @ np.concatenate([x, h]) + bias, 4)
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
        h = _sigmoid(o) * np.tanh(c)
        output[frame] = h
    return output


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(0.5 * x)
