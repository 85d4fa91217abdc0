# SPDX-License-Identifier: MIT
"""The state of the effect, which is its settings and its model, in Python's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import _core
from .errors import ModelError
from .model import Model, Size, size_name, size_value
from .settings import OutputMode, number

class_id = "2CB6A609B8B748EA98AC1597DBEB4025"  # as in plugin/src/vst3.cpp


@dataclass(frozen=True)
class EffectState:
    """All that a `NeuralAmp` is: the arguments of its constructor."""

    model: Model
    size: Size
    input_gain_db: float
    output_gain_db: float
    output_mode: OutputMode
    target_loudness_db: float
    interface_level_dbu: float | None

    def settings(self) -> dict[str, Any]:
        """All but the model, by name."""
        return {name: value for name, value in vars(self).items() if name != "model"}


def checked_gain_db(name: str, gain_db: object) -> float:
    """The gain, on the grid of the effect; a ValueError for one out of range."""
    value = number(name, gain_db)
    if not _core.min_gain_db <= value <= _core.max_gain_db:  # NaN is not
        accepted = f"{_core.min_gain_db:g} to {_core.max_gain_db:g}"
        raise ValueError(f"{name} is {value:.12g}; accepted are {accepted}")
    return _core.gain_db_on_grid(value)


def write(state: EffectState) -> bytes:
    """Write a state that the effect can be set to."""
    settings = state.settings()
    settings["size"] = size_value(state.size)
    return _core.write_effect_state(settings, state.model.to_bytes())


def check_model(state: bytes) -> None:
    """Refuse a model that the effect would play and `NeuralAmp` cannot show, or none.

    Whether the settings suit it, the effect itself tells.

    Raises
    ------
    ModelError
        If that is so, or this is not a state that this release can read.
    """
    _model(_core.read_effect_state(state))


def read(state: bytes) -> EffectState:
    """Read a state.

    Raises
    ------
    ModelError
        Where `check_model` does.
    """
    fields = _core.read_effect_state(state)
    settings = fields.settings
    settings["size"] = size_name(settings["size"])
    return EffectState(_model(fields), **settings)


def has_model(state: bytes) -> bool:
    """Whether the effect that gave this state has something to play."""
    return len(_core.read_effect_state(state).image) > 0


def refusal(state: bytes) -> ValueError | None:
    """The error that tells why the effect that gave this state refused the last one, if it did."""
    refused = _core.read_effect_state(state).refusal
    if refused is None:
        return None
    kind, reason = refused
    return ValueError(reason) if kind == "setting" else ModelError(reason)


def _model(fields: _core.EffectState) -> Model:
    image = fields.image
    if not image:
        raise ModelError("state: there is no model in it")
    return Model.from_bytes(image)
