# SPDX-License-Identifier: MIT
"""Reads LSTMs: layers of units, one signal in and one out."""

from __future__ import annotations

import struct
from typing import Annotated

import msgspec

from ..errors import ModelError
from .fields import ModelFields, checked_weights, convert
from .record import Record

tag = b"LSTM"
config_layout = struct.Struct("<IIII")  # layers, units, inputs, outputs

_max_layers = 8
_max_units = 128


class _Config(msgspec.Struct):
    num_layers: Annotated[int, msgspec.Meta(ge=1, le=_max_layers)]
    hidden_size: Annotated[int, msgspec.Meta(ge=1, le=_max_units)]
    input_size: int
    in_channels: int | None = None
    out_channels: int | None = None


def read(model: ModelFields, where: str) -> Record:
    """The record of an LSTM; `where` is its place in the file, empty or with a dot.

    Raises
    ------
    ModelError
        If it is larger than what is played, or not mono.
    """
    config = convert(model.config, _Config, f"{where}config")
    _check_channels(config, f"{where}config")
    layers, units = config.num_layers, config.hidden_size
    of = f"an LSTM of {layers} layers of {units} units"
    weights = checked_weights(model.weights, _weight_count(layers, units), of, f"{where}weights")
    return Record(tag, config_layout.pack(layers, units, 1, 1), weights)


def _check_channels(config: _Config, where: str) -> None:
    """Sizes that disagree would leave a column of the matrix without an input."""
    inputs = 1 if config.in_channels is None else config.in_channels
    if config.input_size != inputs:
        raise ModelError(
            f"{where}.input_size is {config.input_size}, but in_channels is {inputs}; "
            "an LSTM has as many of the one as of the other"
        )
    for field in ("in_channels", "out_channels"):
        if (found := getattr(config, field)) not in (None, 1):
            raise ModelError(f"{where}.{field} is {found}; only mono LSTMs are supported: 1")


def _weight_count(layers: int, units: int) -> int:
    """For each layer a matrix, a bias, h and c at the start; then the head and its bias."""
    first, others = (units * (4 * (inputs + units) + 4 + 2) for inputs in (1, units))
    return first + (layers - 1) * others + units + 1
