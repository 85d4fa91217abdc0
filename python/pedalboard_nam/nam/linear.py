# SPDX-License-Identifier: MIT
"""Reads Linears: impulse responses, of cabinets mostly."""

from __future__ import annotations

import math
import struct
from typing import Annotated

import msgspec

from ..errors import ModelError
from ..wording.counted import counted
from ..wording.quoted import quoted
from . import limits
from .fields import ModelFields, checked_weights, read_config
from .network import Cost, Models, Network
from .record import Record

tag = b"LIN\0"

# How the reference is to compute it. It sounds the same.
_implementations = ("auto", "direct", "legacy", "old", "fft", "partitioned_fft", "partitioned-fft")

# As in core/src/linear/shape.h.
_max_direct_taps = 192
_block_frames = 64

_Channels = Annotated[int, msgspec.Meta(ge=1, le=limits.max_channels)]


class _Config(msgspec.Struct):
    receptive_field: Annotated[int, msgspec.Meta(ge=0, le=limits.max_linear_taps)]
    bias: bool
    implementation: str | None = None
    in_channels: _Channels | None = None
    out_channels: _Channels | None = None


def read(model: ModelFields, where: str, models: Models) -> Network:
    """The network of a Linear; `where` is its place in the file, empty or with a dot.

    Raises
    ------
    ModelError
        If it is longer than what is played, or a field is not what it should be.
    """
    field = f"{where}config"
    config = read_config(model, _Config, where)
    implementation = config.implementation
    if implementation is not None and implementation.lower() not in _implementations:
        accepted = ", ".join(map(quoted, _implementations))
        raise ModelError(
            f"{field}.implementation is {quoted(implementation)}; accepted are {accepted}"
        )
    taps = config.receptive_field
    inputs, outputs = config.in_channels or 1, config.out_channels or 1
    cost = _cost(taps, min(inputs, outputs))
    cost.check(field)
    of = f"a Linear of {counted(taps, 'tap')}" + (" and a bias" if config.bias else "")
    weights = checked_weights(model.weights, taps + config.bias, of, f"{where}weights")
    content = struct.pack("<4I", inputs, outputs, taps, config.bias)
    return Network(Record(tag, content, weights), inputs, outputs, cost)


def _cost(taps: int, filters: int) -> Cost:
    """Of long ones, all taps but the newest are played in blocks, as spectra."""
    if taps <= _max_direct_taps:
        multiply_adds, lookback = taps, max(taps - 1, 0)
    else:
        partitions = math.ceil((taps - _block_frames) / _block_frames)
        multiply_adds = _block_frames + 4 * partitions + 112
        lookback = (partitions + 1) * _block_frames + _block_frames - 1
    return Cost(filters * multiply_adds, lookback, filters * lookback)
