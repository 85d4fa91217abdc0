# SPDX-License-Identifier: MIT
"""A2 models whose output is known without computing: a wire, an echo; and a whisper."""

from __future__ import annotations

from typing import Any

import nam_factory
import numpy as np

from pedalboard_nam import Model


class Weights:
    """The weights of a lite network by name, all zero at first."""

    channels = 3

    def __init__(self) -> None:
        c = self.channels
        self.rechannel = np.zeros(c)
        self.layers = [
            {
                "conv": np.zeros((c, c, taps)),  # [out, in, tap], tap 0 the oldest
                "bias": np.zeros(c),
                "mixin": np.zeros(c),
                "conv1x1": np.zeros((c, c)),  # [out, in]
                "bias1x1": np.zeros(c),
            }
            for taps in nam_factory.KERNEL_SIZES
        ]
        self.head = np.zeros((c, nam_factory.HEAD_KERNEL_SIZE))
        self.head_bias = 0.0
        self.head_scale = 1.0

    def nam(self, **fields: Any) -> dict[str, Any]:
        """The network as a parsed `.nam` file; `fields` replace those of the root."""
        layers = [array.ravel() for layer in self.layers for array in layer.values()]
        scalars = [self.head_bias, self.head_scale]
        flat = np.concatenate([self.rechannel, *layers, self.head.ravel(), scalars])
        return nam_factory.lite(**{"weights": np.float32(flat).tolist()} | fields)


def wire_nam(offset: float = 0.0, **fields: Any) -> dict[str, Any]:
    """y = x + offset.

    Two channels of the first layer hold x and -x, and leaky(x) - leaky(-x) = 1.01 x.
    """
    weights = Weights()
    weights.layers[0]["mixin"][:2] = 1.0, -1.0
    weights.head[:2, -1] = 1.0, -1.0
    weights.head_scale = 1 / 1.01
    weights.head_bias = offset * 1.01
    return weights.nam(**fields)


def wire(offset: float = 0.0, **fields: Any) -> Model:
    return Model.load(wire_nam(offset, **fields))


def echo_nam(**fields: Any) -> dict[str, Any]:
    """Adds 23 earlier frames, each heard as it was; the last is the oldest of the receptive field.

    For positive input, the first channel is delayed by each layer's lookback: h - h[t] + h[t - L],
    where the first channel of the layer's sums holds h[t] and the second h[t - L]. The head adds up
    what is delayed, 15 frames later.
    """
    weights = Weights()
    weights.rechannel[0] = 1.0
    for layer in weights.layers:
        layer["conv"][0, 0, -1] = 1.0
        layer["conv"][1, 0, 0] = 1.0
        layer["conv1x1"][0, :2] = -1.0, 1.0
    weights.head[1, 0] = 1.0
    return weights.nam(**fields)


def echo(**fields: Any) -> Model:
    return Model.load(echo_nam(**fields))


def echo_delays() -> np.ndarray:
    """The delay in frames of each of the 23 echoes."""
    taps, dilations = np.array(nam_factory.KERNEL_SIZES), np.array(nam_factory.DILATIONS)
    return np.cumsum((taps - 1) * dilations) + nam_factory.HEAD_KERNEL_SIZE - 1


def whisper() -> Model:
    """Under silence, sums of products each of which is denormal, though their sum is not.

    The third channel rests at 1e-20; the first one hears it through 2e-19, and is all that the head
    hears.
    """
    weights = Weights()
    for layer in weights.layers:
        layer["bias"][2] = 1e-20
        layer["mixin"][0] = 1.0
        layer["conv"][0, 2, :] = 2e-19
        layer["conv1x1"][2, 2] = 1.0
    weights.head[0, :] = 1e30
    return Model.load(weights.nam())
