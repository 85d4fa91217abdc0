# SPDX-License-Identifier: MIT
"""One layer of a WaveNet, with all that it may have.

x, `channels` wide, is what flows from layer to layer; c is the condition. Each F is a FiLM of c,
or nothing, as most of this is::

    a = F conv_post(conv(F conv_pre(x)))        `bottleneck` wide, or twice that with a gate
    m = F input_mixin_post(mixin(F input_mixin_pre(c)))
    z = F activation_pre(a + m)

    no gate:  p = activation(z)
    gated:    p = gate(second half of z) activation(first half of z)
    blended:  g = gate(second half of z)
              p = g activation(first half of z) + (1 - g) (first half of z)
    p = F activation_post(p)

    to the next layer:  x + F layer1x1_post(layer1x1(p)), or x without a layer1x1
    to the head:        F head1x1_post(head1x1(p)), or p without a head1x1
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .activations import activation
from .convolution import Convolution
from .film import Film, is_active
from .weights import Weights

# In the order of their weights.
FILMS = (
    "conv_pre_film",
    "conv_post_film",
    "input_mixin_pre_film",
    "input_mixin_post_film",
    "activation_pre_film",
    "activation_post_film",
    "layer1x1_post_film",
    "head1x1_post_film",
)


class Own(NamedTuple):
    """What a layer does not share with all others of its layer array."""

    taps: int
    dilation: int
    activation: Any
    gating_mode: str
    gate: Any  # an activation


class Layer:
    """A layer; `config` is that of its layer array."""

    def __init__(self, config: dict[str, Any], own: Own, weights: Weights) -> None:
        channels, condition_size = config["channels"], config["condition_size"]
        self._bottleneck = bottleneck = config.get("bottleneck") or channels
        rows = bottleneck if own.gating_mode == "none" else 2 * bottleneck
        layer1x1 = config.get("layer1x1") or {"active": True}
        head1x1 = config.get("head1x1") or {"active": False}
        self._activation = activation(own.activation)
        self._gating_mode = own.gating_mode
        self._gate = activation(own.gate) if own.gating_mode != "none" else None
        self._conv = Convolution(
            weights,
            "conv",
            channels,
            rows,
            own.taps,
            own.dilation,
            config.get("groups_input") or 1,
        )
        mixin_groups = config.get("groups_input_mixin") or 1
        self._mixin = Convolution(
            weights, "mixin", condition_size, rows, groups=mixin_groups, bias=False
        )
        self._layer1x1 = self._head1x1 = None
        if layer1x1["active"]:
            groups = layer1x1.get("groups") or 1
            self._layer1x1 = Convolution(weights, "layer1x1", bottleneck, channels, groups=groups)
        if head1x1["active"]:
            outputs, groups = head1x1["out_channels"], head1x1.get("groups") or 1
            self._head1x1 = Convolution(weights, "head1x1", bottleneck, outputs, groups=groups)
        widths = (
            channels,
            rows,
            condition_size,
            rows,
            rows,
            bottleneck,
            channels,
            head1x1.get("out_channels"),
        )
        self._films = {
            place: Film(weights, place, config[place], condition_size, width)
            for place, width in zip(FILMS, widths, strict=True)
            if is_active(config.get(place))
        }
        self.lookback = self._conv.lookback

    def __call__(self, x: np.ndarray, condition: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What goes to the next layer, and what goes to the head."""

        def film(place: str, signal: np.ndarray) -> np.ndarray:
            return self._films[place](signal, condition) if place in self._films else signal

        a = film("conv_post_film", self._conv(film("conv_pre_film", x)))
        m = film("input_mixin_post_film", self._mixin(film("input_mixin_pre_film", condition)))
        z = film("activation_pre_film", a + m)
        p = film("activation_post_film", self._activated(z))
        to_next, to_head = x, p
        if self._layer1x1:
            to_next = x + film("layer1x1_post_film", self._layer1x1(p))
        if self._head1x1:
            to_head = film("head1x1_post_film", self._head1x1(p))
        return to_next, to_head

    def _activated(self, z: np.ndarray) -> np.ndarray:
        if self._gate is None:
            return self._activation(z)
        first, second = z[: self._bottleneck], z[self._bottleneck :]
        gate = self._gate(second)
        if self._gating_mode == "gated":
            return gate * self._activation(first)
        return gate * self._activation(first) + (1.0 - gate) * first
