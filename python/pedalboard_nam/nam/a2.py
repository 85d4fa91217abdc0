# SPDX-License-Identifier: MIT
"""A2 networks: WaveNets of one shape, in 3 or 8 channels, which have a tag of their own."""

from __future__ import annotations

import struct

import numpy as np
import numpy.typing as npt

from .activations import leaky_relu
from .gating import Mode
from .record import Record
from .wavenet_shape import Layer, LayerArray, Shape

tag = b"A2\0\0"
config_layout = struct.Struct("<I")  # channels

_taps = [6] * 14 + [15] * 2 + [6] * 7
_dilations = [1, 3, 7, 17, 41, 101, 239] * 2 + [1, 13] + [1, 3, 7, 17, 41, 101, 239]


def record(channels: int, weights: npt.NDArray[np.float32]) -> Record:
    """The record of an A2 network of so many channels."""
    return Record(tag, config_layout.pack(channels), weights)


def channels_of(shape: Shape) -> int | None:
    """The channels of an A2 network, if this shape is one's."""
    return next((channels for channels, a2 in _shapes.items() if shape == a2), None)


def _shape(channels: int) -> Shape:
    layers = [
        Layer(taps, dilation, Mode.none, leaky_relu(0.01), None)
        for taps, dilation in zip(_taps, _dilations, strict=True)
    ]
    array = LayerArray(
        input_size=1,
        channels=channels,
        bottleneck=channels,
        head_outputs=1,
        head_taps=16,
        head_dilation=1,
        head_bias=True,
        layer1x1_groups=1,
        head1x1_outputs=0,
        head1x1_groups=0,
        groups_input=1,
        groups_input_mixin=1,
        films=(None,) * 8,
        layers=tuple(layers),
    )
    return Shape(1, 1, (array,), None, ())


_shapes = {channels: _shape(channels) for channels in (3, 8)}
