# SPDX-License-Identifier: MIT
"""The sizes of a slimmable WaveNet: each has the first channels of the full network.

Where a signal has fewer channels, the matrices around it keep their first rows and columns, of all
taps. The rows of a gated layer's convolution, and the scales and shifts of a FiLM, are one matrix,
of which the first rows are kept: trainers slice the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import msgspec
import numpy as np
import numpy.typing as npt

from ..errors import ModelError
from ..wording.quoted import quoted
from . import convolution, limits
from .activations import Note
from .convolution import Convolution
from .wavenet_shape import Layer, LayerArray, Shape, convolutions

Weights = npt.NDArray[np.float32]

_method = "slice_channels_uniform"


class _Kwargs(msgspec.Struct):
    allowed_channels: list[int] | None = None


class SlimmableFields(msgspec.Struct):
    method: str | None = None
    kwargs: _Kwargs | None = None


def allowed_widths(fields: SlimmableFields | None, channels: int, where: str) -> list[int]:
    """The widths that a layer array may have, ascending; the last is its full one."""
    if fields is None or not fields.method:
        return [channels]
    if fields.method != _method:
        raise ModelError(f'{where}.method is {quoted(fields.method)}; accepted is "{_method}"')
    allowed = fields.kwargs and fields.kwargs.allowed_channels
    if not allowed:
        return list(range(1, channels + 1))
    for i, width in enumerate(allowed):
        if width < 1 or (i > 0 and width <= allowed[i - 1]):
            raise ModelError(
                f"{where}.kwargs.allowed_channels[{i}] is {width}; "
                "accepted are numbers from 1 on, each above the one before"
            )
    if allowed[-1] != channels:
        raise ModelError(
            f"{where}.kwargs.allowed_channels ends in {allowed[-1]}; "
            f"the last is the full width, {channels} channels"
        )
    return allowed


def smaller(
    shape: Shape,
    weights: Weights,
    widths: list[list[int]],
    most: int,
    beside: int,
    where: str,
    note: Note,
) -> list[tuple[float, Shape, Weights]]:
    """The sizes below the full one, each with its breakpoint; `beside` it has so many weights more.

    None if there are more than `most` with the full one, or it is not clear what they are: a note
    says so, and the full one plays.
    """
    sizes = _smaller_widths(widths)
    if len(sizes) + 1 > most:
        note(f"{where} can be slimmed to {len(sizes) + 1} sizes, of which {most} fit: {_full}")
        return []
    shapes = [_narrowed(shape, channels) for _, channels in sizes]
    if not all(_can_be_sliced(shape, narrow) for narrow in shapes):
        note(f"{where} can be slimmed, but has groups, whose channels cannot: {_full}")
        return []
    count = sum(beside + weight_count(narrow) for narrow in shapes)
    if count > limits.max_sliced_weights:
        note(f"{where} can be slimmed to {len(sizes) + 1} sizes of {count:,} weights: {_full}")
        return []
    return [
        (end, narrow, _sliced(weights, shape, narrow))
        for (end, _), narrow in zip(sizes, shapes, strict=True)
    ]


_full = "it plays at full size only"


def weight_count(shape: Shape) -> int:
    """Of a WaveNet: the last is the scale of its head."""
    return convolution.weight_count(convolutions(shape)) + 1


def _smaller_widths(widths: Sequence[list[int]]) -> list[tuple[float, list[int]]]:
    """The sizes below the full one: a breakpoint, and the width of each layer array.

    An array of n widths plays width floor(size x n), whatever the other arrays have.
    """
    steps: dict[Fraction, float] = {}
    for n in {len(allowed) for allowed in widths}:
        for k in range(1, n):
            step = Fraction(k, n)
            steps[step] = min(_first_at(k, n), steps.get(step, 1.0))
    ends = sorted(steps)
    starts = [Fraction(0), *ends]
    return [
        (steps[end], [allowed[int(start * len(allowed))] for allowed in widths])
        for start, end in zip(starts, ends, strict=False)
    ]


def _first_at(k: int, n: int) -> float:
    """The smallest double that is at least k when multiplied by n, as doubles are."""
    value = k / n
    while math.nextafter(value, 0.0) * n >= k:
        value = math.nextafter(value, 0.0)
    while value * n < k:
        value = math.nextafter(value, 1.0)
    return value


def _narrowed(shape: Shape, channels: Sequence[int]) -> Shape:
    """The shape with so many channels in each layer array."""
    arrays: list[LayerArray] = []
    width_after = shape.arrays[-1].head_outputs
    input_sizes = (shape.inputs, *channels)
    for array, width, inputs in reversed(
        list(zip(shape.arrays, channels, input_sizes, strict=False))
    ):
        bottleneck = max(1, array.bottleneck * width // array.channels)
        narrow = array._replace(
            input_size=inputs,
            channels=width,
            bottleneck=bottleneck if array.layer1x1_groups else width,
            head_outputs=width_after,
        )
        narrow = narrow._replace(
            layers=tuple(_narrowed_layer(layer, narrow.bottleneck) for layer in array.layers)
        )
        width_after = narrow.head_width
        arrays.insert(0, narrow)
    return shape._replace(arrays=tuple(arrays))


def _narrowed_layer(layer: Layer, width: int) -> Layer:
    return layer._replace(
        activation=layer.activation.of_first(width),
        secondary=layer.secondary and layer.secondary.of_first(width),
    )


def _can_be_sliced(full: Shape, narrow: Shape) -> bool:
    """Whether it is clear what to keep: groups have no first rows and columns."""
    return all(
        whole.groups == 1 or whole == part
        for whole, part in zip(convolutions(full), convolutions(narrow), strict=True)
    )


def _sliced(weights: Weights, full: Shape, narrow: Shape) -> Weights:
    """The weights of a narrowed shape."""
    parts: list[Weights] = []
    start = 0
    for whole, part in zip(convolutions(full), convolutions(narrow), strict=True):
        parts += _first_of(weights[start : start + whole.weights], whole, part)
        start += whole.weights
    return np.concatenate([*parts, weights[start:]])


def _first_of(weights: Weights, whole: Convolution, part: Convolution) -> list[Weights]:
    if whole == part:
        return [weights]
    matrix = weights[: whole.matrix_weights].reshape(whole.outputs, whole.inputs, whole.taps)
    bias = weights[whole.matrix_weights :]
    return [matrix[: part.outputs, : part.inputs].ravel(), bias[: part.outputs]]
