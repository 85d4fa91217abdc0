# SPDX-License-Identifier: MIT
"""Reads how the layers of a WaveNet are gated, in the words of today and in those of old files."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from ..errors import ModelError
from ..wording.quoted import is_list, quoted
from . import activations
from .activations import Activation, Note
from .expected import found


class Mode(IntEnum):
    """By the numbers that the core knows them by."""

    none = 0
    gated = 1
    blended = 2


def read_modes(gating_mode: Any, gated: bool | None, layers: int, where: str) -> list[Mode]:
    """The mode of each layer; `where` is the place of the layer array."""
    if gating_mode is None:
        return [Mode.gated if gated else Mode.none] * layers
    where = f"{where}.gating_mode"
    if not is_list(gating_mode):
        return [_mode(gating_mode, where)] * layers
    activations.check_length(gating_mode, layers, where)
    return [_mode(entry, f"{where}[{i}]") for i, entry in enumerate(gating_mode)]


def read_secondary(
    value: Any, modes: list[Mode], width: int, where: str, note: Note
) -> list[Activation | None]:
    """The activation of the gate, for each layer that has one: what others say is not read."""
    gates = [mode is not Mode.none for mode in modes]
    if value is None or not any(gates):
        one = activations.sigmoid
    elif is_list(value):
        activations.check_length(value, len(modes), where)
        return [
            activations.read(value[i], width, f"{where}[{i}]", note) if gate else None
            for i, gate in enumerate(gates)
        ]
    else:
        one = activations.read(value, width, where, note)
    return [one if gate else None for gate in gates]


def _mode(value: Any, where: str) -> Mode:
    if isinstance(value, str) and value in Mode.__members__:
        return Mode[value]
    accepted = ", ".join(map(quoted, Mode.__members__))
    raise ModelError(f"{where} is {found(value)}; accepted are {accepted}")
