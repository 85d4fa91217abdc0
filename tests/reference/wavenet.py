# SPDX-License-Identifier: MIT
"""The specification: what a WaveNet computes, in float64 and without cleverness.

x is the input; c, the condition, is what `condition_dsp` makes of it, or x itself. Layers are in
arrays, each of a width of its own::

    head = 0
    for every layer array:
        h = rechannel x                                  a 1x1 without a bias
        for every layer:
            h, p = layer(h, c)                           `wavenet_layer.py` says what it is
            head = head + p
        x    = h
        head = head_conv(head)
    y = head_scale head
    for every convolution of the post-stack head, if there is one:
        y = conv(activation(y))

Old files and those of today say the same in other words: `head_size` and `head_bias` are a head of
one tap, `kernel_size` is that of all layers, and so is an activation, a gating mode or a gate that
is no list; `gated` is the mode "gated", with a Sigmoid.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .activations import activation
from .convolution import Convolution
from .network import Network, after, held
from .wavenet_layer import Layer, Own
from .weights import Weights


class WaveNet(Network):
    """`condition` is the network of the config's `condition_dsp`, if it has one."""

    def __init__(
        self, config: dict[str, Any], weights: Weights, condition: Network | None = None
    ) -> None:
        self._condition = condition
        self._arrays = [_LayerArray(fields, weights) for fields in config["layers"]]
        width = head_of(config["layers"][-1])["out_channels"]
        self._post: list[Convolution] = []
        post = config.get("head")
        if post is not None:
            self._post_activation = activation(post["activation"])
            each_taps = post["kernel_sizes"]
            each_width = [post["channels"]] * (len(each_taps) - 1) + [post["out_channels"]]
            for taps, outputs in zip(each_taps, each_width, strict=True):
                self._post.append(Convolution(weights, "post head", width, outputs, taps))
                width = outputs
        self._head_scale = weights.take("head_scale", 1)
        self._lookback = sum(part.lookback for part in (*self._arrays, *self._post))

    def play(self, x: np.ndarray, before: np.ndarray) -> np.ndarray:
        condition, condition_before = x, before
        if self._condition is not None:
            condition = self._condition.play(x, before)
            condition_before = self._condition.rest(before)
        played = self._played(
            after(before, self._lookback, x), after(condition_before, self._lookback, condition)
        )
        return played[:, self._lookback :]

    def rest(self, before: np.ndarray) -> np.ndarray:
        condition = self._condition.rest(before) if self._condition is not None else before
        frames = self._lookback + 1
        return self._played(held(before, frames), held(condition, frames))[:, -1]

    def _played(self, x: np.ndarray, condition: np.ndarray) -> np.ndarray:
        head = np.zeros((1, 1))
        for array in self._arrays:
            x, head = array(x, condition, head)
        y = self._head_scale * head
        for conv in self._post:
            y = conv(self._post_activation(y))
        return y


class _LayerArray:
    def __init__(self, config: dict[str, Any], weights: Weights) -> None:
        channels, bottleneck = config["channels"], config.get("bottleneck")
        head, head1x1 = head_of(config), config.get("head1x1") or {"active": False}
        self._rechannel = Convolution(
            weights, "rechannel", config["input_size"], channels, bias=False
        )
        self._layers = [Layer(config, own, weights) for own in layers_of(config)]
        self._head = Convolution(
            weights,
            "head",
            head1x1["out_channels"] if head1x1["active"] else bottleneck or channels,
            head["out_channels"],
            head["kernel_size"],
            1 if head.get("head_dilation") is None else head["head_dilation"],
            bias=head["bias"],
        )
        self.lookback = sum(layer.lookback for layer in self._layers) + self._head.lookback

    def __call__(
        self, x: np.ndarray, condition: np.ndarray, head: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        h = self._rechannel(x)
        for layer in self._layers:
            h, p = layer(h, condition)
            head = head + p
        return h, self._head(head)


def head_of(config: dict[str, Any]) -> dict[str, Any]:
    """The head of a layer array, in the words of today."""
    if config.get("head") is not None:
        return config["head"]
    return {"out_channels": config["head_size"], "kernel_size": 1, "bias": config["head_bias"]}


def layers_of(config: dict[str, Any]) -> list[Own]:
    """The layers of a layer array, in the words of today."""
    count = len(config["dilations"])

    def each(found: Any) -> list[Any]:
        return found if isinstance(found, list) else [found] * count

    taps = config.get("kernel_sizes") or config["kernel_size"]
    modes, gates = config.get("gating_mode"), config.get("secondary_activation")
    if modes is None:
        modes, gates = "gated" if config.get("gated") else "none", None
    return [
        Own(*layer)
        for layer in zip(
            each(taps),
            config["dilations"],
            each(config["activation"]),
            each(modes),
            each(gates or "Sigmoid"),
            strict=True,
        )
    ]
