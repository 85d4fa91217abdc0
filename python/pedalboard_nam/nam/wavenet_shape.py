# SPDX-License-Identifier: MIT
"""The shape of a WaveNet: what its config says once it is read, and the weights that it takes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from . import films
from .activations import Activation
from .convolution import Convolution
from .films import Film
from .gating import Mode


class Layer(NamedTuple):
    taps: int
    dilation: int
    mode: Mode
    activation: Activation
    secondary: Activation | None  # None if the mode is none


class LayerArray(NamedTuple):
    """Groups, and outputs, are 0 of a 1x1 that is not there."""

    input_size: int
    channels: int
    bottleneck: int
    head_outputs: int
    head_taps: int
    head_dilation: int
    head_bias: bool
    layer1x1_groups: int
    head1x1_outputs: int
    head1x1_groups: int
    groups_input: int
    groups_input_mixin: int
    films: tuple[Film | None, ...]  # in the order of `films.places`
    layers: tuple[Layer, ...]

    @property
    def head_width(self) -> int:
        """Of the sum of all layers, which the head hears."""
        return self.head1x1_outputs or self.bottleneck

    def activated_rows(self, layer: Layer) -> int:
        """Of the layer's convolution: twice as many if half of them are gates."""
        return self.bottleneck if layer.mode is Mode.none else 2 * self.bottleneck


class PostConvolution(NamedTuple):
    outputs: int
    taps: int


class Shape(NamedTuple):
    inputs: int
    condition_size: int
    arrays: tuple[LayerArray, ...]
    post_activation: Activation | None  # None without post convolutions
    post: tuple[PostConvolution, ...]

    @property
    def outputs(self) -> int:
        return self.post[-1].outputs if self.post else self.arrays[-1].head_outputs


def convolutions(shape: Shape) -> Iterator[Convolution]:
    """All that have weights, in the order of the file; one weight, the head's scale, follows."""
    for array in shape.arrays:
        yield Convolution(array.input_size, array.channels, bias=False)
        for layer in array.layers:
            yield from layer_convolutions(shape, array, layer)
        yield Convolution(
            array.head_width,
            array.head_outputs,
            array.head_taps,
            array.head_dilation,
            bias=array.head_bias,
        )
    width = shape.arrays[-1].head_outputs
    for post in shape.post:
        yield Convolution(width, post.outputs, post.taps)
        width = post.outputs


def layer_convolutions(shape: Shape, array: LayerArray, layer: Layer) -> Iterator[Convolution]:
    channels, bottleneck, condition = array.channels, array.bottleneck, shape.condition_size
    rows = array.activated_rows(layer)
    yield Convolution(channels, rows, layer.taps, layer.dilation, array.groups_input)
    yield Convolution(condition, rows, groups=array.groups_input_mixin, bias=False)
    if array.layer1x1_groups:
        yield Convolution(bottleneck, channels, groups=array.layer1x1_groups)
    if array.head1x1_groups:
        yield Convolution(bottleneck, array.head1x1_outputs, groups=array.head1x1_groups)
    for film, width in zip(array.films, film_widths(shape, array, layer), strict=True):
        if film is not None:
            yield Convolution(condition, (1 + film.shift) * width, groups=film.groups)


def film_widths(shape: Shape, array: LayerArray, layer: Layer) -> tuple[int, ...]:
    """Of the signals that FiLMs act on, in the order of `films.places`."""
    rows = array.activated_rows(layer)
    return (
        array.channels,
        rows,
        shape.condition_size,
        rows,
        rows,
        array.bottleneck,
        array.channels,
        array.head1x1_outputs,
    )


def config(shape: Shape) -> bytes:
    """The shape as the core reads it."""
    words = (shape.inputs, shape.condition_size, len(shape.arrays), len(shape.post))
    parts = [_words(*words), *map(_array_config, shape.arrays)]
    if shape.post_activation is not None:
        parts.append(shape.post_activation.config())
    parts += (_words(*post) for post in shape.post)
    return b"".join(parts)


def _array_config(array: LayerArray) -> bytes:
    *numbers, films_of, layers = array
    return b"".join(
        (
            _words(*numbers),
            *map(films.config, films_of),
            _words(len(layers)),
            *map(_layer_config, layers),
        )
    )


def _layer_config(layer: Layer) -> bytes:
    gate = b"" if layer.secondary is None else layer.secondary.config()
    return _words(layer.taps, layer.dilation, layer.mode) + layer.activation.config() + gate


def _words(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)
