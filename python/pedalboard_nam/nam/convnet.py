# SPDX-License-Identifier: MIT
"""Reads ConvNets: convolutions of two taps one after the other, each with an activation."""

from __future__ import annotations

import struct
from typing import Annotated, Any

import msgspec
import numpy as np
import numpy.typing as npt

from ..errors import ModelError
from ..wording.counted import counted
from . import activations, convolution, limits
from .convolution import Convolution
from .fields import ModelFields, checked_weights, read_config
from .network import Models, Network
from .record import Record

tag = b"CNET"

_Channels = Annotated[int, msgspec.Meta(ge=1, le=limits.max_channels)]
_Dilation = Annotated[int, msgspec.Meta(ge=0, le=limits.max_dilation)]


class _Config(msgspec.Struct):
    channels: Annotated[int, msgspec.Meta(ge=1, le=limits.max_width)]
    dilations: Annotated[list[_Dilation], msgspec.Meta(min_length=1, max_length=limits.max_layers)]
    batchnorm: bool
    activation: Any
    groups: Annotated[int, msgspec.Meta(ge=1)] | None = None
    in_channels: _Channels | None = None
    out_channels: _Channels | None = None


def read(model: ModelFields, where: str, models: Models) -> Network:
    """The network of a ConvNet; `where` is its place in the file, empty or with a dot.

    Raises
    ------
    ModelError
        If it is larger than what is played, or its fields do not fit together.
    """
    field = f"{where}config"
    config = read_config(model, _Config, where)
    channels, groups = config.channels, config.groups or 1
    inputs, outputs = config.in_channels or 1, config.out_channels or 1
    if inputs % groups or channels % groups:
        raise ModelError(
            f"{field}.groups is {groups}; "
            f"it must divide {counted(inputs, 'channel')} in and {channels} out"
        )
    activation = activations.read(config.activation, channels, f"{field}.activation", models.note)
    blocks = [
        Convolution(width, channels, 2, dilation, groups, bias=not config.batchnorm)
        for width, dilation in zip(
            [inputs] + [channels] * len(config.dilations), config.dilations, strict=False
        )
    ]
    head = Convolution(channels, outputs)
    cost = convolution.cost([*blocks, head])
    cost.check(field)
    count = convolution.weight_count([*blocks, head])
    if config.batchnorm:
        count += len(blocks) * _norm_weights(channels)
    of = f"a ConvNet of {counted(len(blocks), 'layer')} of {counted(channels, 'channel')}"
    weights = checked_weights(model.weights, count, of, f"{where}weights")
    if config.batchnorm:
        _check_variances(weights, blocks, f"{where}weights")
    numbers = (inputs, outputs, channels, groups, config.batchnorm)
    content = (
        struct.pack("<5I", *numbers)
        + activation.config()
        + struct.pack(f"<{1 + len(blocks)}I", len(blocks), *config.dilations)
    )
    return Network(Record(tag, content, weights), inputs, outputs, cost)


def _norm_weights(channels: int) -> int:
    """Mean, variance, weight and bias of each channel, and an epsilon."""
    return 4 * channels + 1


def _check_variances(
    weights: npt.NDArray[np.float32], blocks: list[Convolution], where: str
) -> None:
    """What is not above zero has no root to divide by."""
    start = 0
    for block in blocks:
        variances = start + block.weights + block.outputs
        start += block.weights + _norm_weights(block.outputs)
        epsilon = weights[start - 1].astype(np.float64)
        bad = np.flatnonzero(weights[variances : variances + block.outputs] + epsilon <= 0.0)
        if bad.size:
            at = variances + int(bad[0])
            raise ModelError(
                f"{where}[{at}] is {weights[at]:g}, the variance of a channel; "
                f"with epsilon, {epsilon:g}, it must be above 0"
            )
