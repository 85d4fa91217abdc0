# SPDX-License-Identifier: MIT
"""The specification: what a ConvNet computes, in float64 and without cleverness.

x is the input; it becomes what each block makes of it, by a convolution of two taps::

    for every block:
        a = conv x                                          with a bias, if there is no batchnorm
        a = norm (a - mean) / sqrt(eps + variance) + norm_bias         if there is a batchnorm
        x = activation(a)
    y = head x + head_bias
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .activations import activation
from .convolution import Convolution
from .network import Network, after, held
from .weights import Weights


class _Batchnorm:
    def __init__(self, weights: Weights, channels: int) -> None:
        self._mean = weights.take("mean", channels, 1)
        self._variance = weights.take("variance", channels, 1)
        self._norm = weights.take("norm", channels, 1)
        self._bias = weights.take("norm bias", channels, 1)
        self._eps = weights.take("eps", 1)

    def __call__(self, a: np.ndarray) -> np.ndarray:
        return self._norm * (a - self._mean) / np.sqrt(self._eps + self._variance) + self._bias


class ConvNet(Network):
    def __init__(self, config: dict[str, Any], weights: Weights) -> None:
        width, channels = config.get("in_channels") or 1, config["channels"]
        has_norm = config["batchnorm"]
        self._activation = activation(config["activation"])
        self._convolutions: list[Convolution] = []
        self._norms: list[_Batchnorm] = []
        for dilation in config["dilations"]:
            self._convolutions.append(
                Convolution(
                    weights,
                    "conv",
                    width,
                    channels,
                    taps=2,
                    dilation=dilation,
                    groups=config.get("groups") or 1,
                    bias=not has_norm,
                )
            )
            if has_norm:
                self._norms.append(_Batchnorm(weights, channels))
            width = channels
        self._head = Convolution(weights, "head", channels, config.get("out_channels") or 1)
        self._lookback = sum(conv.lookback for conv in self._convolutions)

    def play(self, x: np.ndarray, before: np.ndarray) -> np.ndarray:
        return self._played(after(before, self._lookback, x))[:, self._lookback :]

    def rest(self, before: np.ndarray) -> np.ndarray:
        return self._played(held(before, self._lookback + 1))[:, -1]

    def _played(self, x: np.ndarray) -> np.ndarray:
        for block, conv in enumerate(self._convolutions):
            a = conv(x)
            if self._norms:
                a = self._norms[block](a)
            x = self._activation(a)
        return self._head(x)
