# SPDX-License-Identifier: MIT
"""Reads LSTMs: layers of units."""

from __future__ import annotations

import struct
from typing import Annotated

import msgspec

from ..errors import ModelError
from ..wording.counted import counted
from . import limits
from .fields import ModelFields, checked_weights, read_config
from .network import Cost, Models, Network
from .record import Record

tag = b"LSTM"

_Channels = Annotated[int, msgspec.Meta(ge=1, le=limits.max_channels)]


class _Config(msgspec.Struct):
    num_layers: Annotated[int, msgspec.Meta(ge=1, le=limits.max_lstm_layers)]
    hidden_size: Annotated[int, msgspec.Meta(ge=1, le=limits.max_lstm_units)]
    input_size: _Channels
    in_channels: _Channels | None = None
    out_channels: _Channels | None = None


def read(model: ModelFields, where: str, models: Models) -> Network:
    """The network of an LSTM; `where` is its place in the file, empty or with a dot.

    Raises
    ------
    ModelError
        If it is larger than what is played, or its inputs are not as many as its channels.
    """
    field = f"{where}config"
    config = read_config(model, _Config, where)
    inputs, outputs = config.in_channels or 1, config.out_channels or 1
    if config.input_size != inputs:
        # A column of the matrix would be without an input, or an input without a column.
        raise ModelError(
            f"{field}.input_size is {config.input_size}, but in_channels is {inputs}; "
            "an LSTM has as many of the one as of the other"
        )
    layers, units = config.num_layers, config.hidden_size
    matrices = [4 * units * (width + units) for width in [inputs] + [units] * (layers - 1)]
    head = outputs * units
    cost = Cost(sum(matrices) + head)
    cost.check(field)
    # Each layer has a bias for the gates too, and h and c at the start.
    count = sum(matrices) + layers * (4 + 2) * units + head + outputs
    of = f"an LSTM of {counted(layers, 'layer')} of {counted(units, 'unit')}"
    weights = checked_weights(model.weights, count, of, f"{where}weights")
    content = struct.pack("<4I", layers, units, inputs, outputs)
    return Network(Record(tag, content, weights), inputs, outputs, cost)
