# SPDX-License-Identifier: MIT
"""The state of the effect: its settings and its model, as plugin/src/state.h lays it out."""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass, replace
from typing import NamedTuple

from .._core import OutputMode as CoreOutputMode
from ..errors import ModelError
from ..nam.model import Model
from ..settings import Settings, size_name, size_value

class_id = "2CB6A609B8B748EA98AC1597DBEB4025"  # as in plugin/src/vst3.cpp

# All of these as in plugin/src/parameters.h.
min_gain_db, max_gain_db, default_gain_db = -50.0, 50.0, 0.0
_gain_steps_per_db = 10_000  # a parameter is a float from 0 to 1 and 6e-6 dB off

_prefix = struct.Struct("<8sII")
_fields = struct.Struct("<QdddIffIIIQ")
_header_bytes = _prefix.size + _fields.size
_magic = b"NAMSTATE"
_version = 1
_refused_setting = 1


@dataclass(frozen=True)
class EffectState:
    """All that a `NeuralAmp` is: the arguments of its constructor."""

    model: Model
    settings: Settings


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
    if math.isnan(normalised):
        return default_gain_db
    gain_db = min_gain_db + (max_gain_db - min_gain_db) * min(max(normalised, 0.0), 1.0)
    return round(gain_db * _gain_steps_per_db) / _gain_steps_per_db


def on_grid(settings: Settings) -> Settings:
    """With the gains that the effect makes of its parameters."""
    return replace(
        settings,
        input_gain_db=to_gain_db(to_normalised(settings.input_gain_db)),
        output_gain_db=to_gain_db(to_normalised(settings.output_gain_db)),
    )


def write(state: EffectState) -> bytes:
    """Write a state that the effect can be set to."""
    image, settings = state.model.to_bytes(), state.settings
    level = settings.interface_level_dbu
    fields = _fields.pack(
        *_Fields(
            total_bytes=_header_bytes + len(image),
            size=size_value(settings.size),
            target_loudness_db=settings.target_loudness_db,
            interface_level_dbu=math.nan if level is None else level,
            output_mode=CoreOutputMode[settings.output_mode].value,
            input_gain=to_normalised(settings.input_gain_db),
            output_gain=to_normalised(settings.output_gain_db),
            refusal_kind=0,
            refusal_bytes=0,
            zero=0,
            image_bytes=len(image),
        )
    )
    return _prefix.pack(_magic, _version, zlib.crc32(fields)) + fields + image


def check_model(state: bytes) -> None:
    """Refuse a model that the effect would play and `NeuralAmp` cannot show, or none.

    All else that can be wrong with a state, the effect itself tells better.

    Raises
    ------
    ModelError
        If that is so.
    """
    try:
        fields = _read_fields(state)
    except ModelError:
        return
    if _header_bytes + fields.refusal_bytes + fields.image_bytes == len(state):
        _model(state, fields)


def read(state: bytes) -> EffectState:
    """Read a state that the effect gave, and therefore has checked.

    Raises
    ------
    ModelError
        If it is of another effect or release, and where `check_model` does.
    """
    fields = _read_fields(state)
    level = fields.interface_level_dbu
    return EffectState(
        _model(state, fields),
        Settings(
            size=size_name(fields.size),
            input_gain_db=to_gain_db(fields.input_gain),
            output_gain_db=to_gain_db(fields.output_gain),
            output_mode=CoreOutputMode(fields.output_mode).name,
            target_loudness_db=fields.target_loudness_db,
            interface_level_dbu=None if math.isnan(level) else level,
        ),
    )


def has_model(state: bytes) -> bool:
    """Whether the effect that gave this state has something to play."""
    return _read_fields(state).image_bytes > 0


def refusal(state: bytes) -> ValueError | None:
    """The error that tells why the effect that gave this state refused the last one, if it did."""
    fields = _read_fields(state)
    if fields.refusal_kind == 0:
        return None
    reason = state[_header_bytes : _header_bytes + fields.refusal_bytes].decode("utf-8", "replace")
    return ValueError(reason) if fields.refusal_kind == _refused_setting else ModelError(reason)


def _model(state: bytes, fields: _Fields) -> Model:
    if fields.image_bytes == 0:
        raise ModelError("state: there is no model in it")
    return Model.from_bytes(state[-fields.image_bytes :])


def _read_fields(state: bytes) -> _Fields:
    if len(state) < _header_bytes or _prefix.unpack_from(state)[:2] != (_magic, _version):
        raise ModelError("state: this is not one of NeuralAmp, version 1")
    return _Fields(*_fields.unpack_from(state, _prefix.size))
