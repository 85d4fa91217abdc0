# SPDX-License-Identifier: MIT
"""The specification: what a Linear computes, in float64 and without cleverness.

It is an impulse response, whose first weight is the newest tap::

    y[t] = bias + sum over k of w[k] x[t - k]

The same one plays from input 0 to output 0, from input 1 to output 1, and so on. An output without
an input of its number is zero, without the bias; an input without an output is not heard.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .network import Network, after, held
from .weights import Weights


class Linear(Network):
    def __init__(self, config: dict[str, Any], weights: Weights) -> None:
        taps = config["receptive_field"]
        self._lookback = taps - 1
        self._response = weights.take("taps", taps)
        self._bias = weights.take("bias", 1) if config["bias"] else np.zeros(1)
        self._outputs = config.get("out_channels") or 1

    def play(self, x: np.ndarray, before: np.ndarray) -> np.ndarray:
        return self._played(after(before, self._lookback, x))[:, self._lookback :]

    def rest(self, before: np.ndarray) -> np.ndarray:
        return self._played(held(before, self._lookback + 1))[:, -1]

    def _played(self, x: np.ndarray) -> np.ndarray:
        frames = x.shape[1]
        y = np.zeros((self._outputs, frames))
        for heard, row in zip(x, y, strict=False):
            row += np.convolve(heard, self._response)[:frames] + self._bias
        return y
