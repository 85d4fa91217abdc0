# SPDX-License-Identifier: MIT
"""The state of the effect: its settings and its model, as plugin/src/state.h lays it out."""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass
from typing import NamedTuple

from .errors import ModelError
from .model import Model
from .settings import OutputMode

class_id = "2CB6A609B8B748EA98AC1597DBEB4025"  # as in plugin/src/vst3.cpp

min_gain_db, max_gain_db = -50.0, 50.0

# As in plugin/src/parameters.h: a parameter is a float from 0 to 1 and 6e-6 dB off.
_gain_steps_per_db = 10_000

_output_modes: tuple[OutputMode, ...] = ("raw", "normalized", "calibrated")
_prefix = struct.Struct("<8sII")
_fields = struct.Struct("<QdddIffIIIQ")
_header_bytes = _prefix.size + _fields.size
_magic = b"NAMSTATE"
_version = 1
_refused_setting = 1


@dataclass(frozen=True)
class EffectState:
    """All that an effect is. One that was never given a model has none."""

    model: Model | None
    size: float
    input_gain_db: float
    output_gain_db: float
    output_mode: OutputMode
    target_loudness_db: float
    interface_level_dbu: float | None


class _Fields(NamedTuple):
    total_bytes: int
    size: float
    target_loudness_db: float
    interface_level_dbu: float
    output_mode: int
    input_gain: float
    output_gain: float
    refusal_kind: int
    refusal_bytes: int
    zero: int
    image_bytes: int


def to_normalised(gain_db: float) -> float:
    """The value from 0 to 1 that a host's parameter has for a gain."""
    return (gain_db - min_gain_db) / (max_gain_db - min_gain_db)


def to_gain_db(normalised: float) -> float:
    """The gain that the effect makes of a host's parameter: a multiple of 0.0001 dB."""
    gain_db = min_gain_db + (max_gain_db - min_gain_db) * normalised
    return round(gain_db * _gain_steps_per_db) / _gain_steps_per_db


def write(state: EffectState) -> bytes:
    """Write a state that the effect can be set to."""
    image = b"" if state.model is None else state.model.to_bytes()
    level = state.interface_level_dbu
    fields = _fields.pack(
        *_Fields(
            total_bytes=_header_bytes + len(image),
            size=state.size,
            target_loudness_db=state.target_loudness_db,
            interface_level_dbu=math.nan if level is None else level,
            output_mode=_output_modes.index(state.output_mode),
            input_gain=to_normalised(state.input_gain_db),
            output_gain=to_normalised(state.output_gain_db),
            refusal_kind=0,
            refusal_bytes=0,
            zero=0,
            image_bytes=len(image),
        )
    )
    return _prefix.pack(_magic, _version, zlib.crc32(fields)) + fields + image


def read(state: bytes) -> EffectState:
    """Read a state that the effect gave, and therefore has checked.

    Raises
    ------
    ModelError
        If it is of another effect or release.
    """
    fields = _read_fields(state)
    level = fields.interface_level_dbu
    return EffectState(
        model=Model.from_bytes(state[-fields.image_bytes :]) if fields.image_bytes else None,
        size=fields.size,
        input_gain_db=to_gain_db(fields.input_gain),
        output_gain_db=to_gain_db(fields.output_gain),
        output_mode=_output_modes[fields.output_mode],
        target_loudness_db=fields.target_loudness_db,
        interface_level_dbu=None if math.isnan(level) else level,
    )


def refusal(state: bytes) -> ValueError:
    """The error that tells why the effect that gave this state refused to be set to another."""
    fields = _read_fields(state)
    reason = state[_header_bytes : _header_bytes + fields.refusal_bytes].decode("utf-8", "replace")
    return ValueError(reason) if fields.refusal_kind == _refused_setting else ModelError(reason)


def _read_fields(state: bytes) -> _Fields:
    if len(state) < _header_bytes or _prefix.unpack_from(state)[:2] != (_magic, _version):
        raise ModelError("state: this is not one of NeuralAmp, version 1")
    return _Fields(*_fields.unpack_from(state, _prefix.size))
