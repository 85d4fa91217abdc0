# SPDX-License-Identifier: MIT
"""The state of the effect, which is its settings and its model, in Python's words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .._core import EffectState as Fields
from .._core import gain_db_on_grid, read_effect_state, write_effect_state
from ..errors import ModelError
from ..nam.model import Model
from ..settings import Settings, size_name

class_id = "2CB6A609B8B748EA98AC1597DBEB4025"  # as in plugin/src/vst3.cpp


@dataclass(frozen=True)
class EffectState:
    """All that a `NeuralAmp` is: the arguments of its constructor."""

    model: Model
    settings: Settings


def on_grid(settings: Settings) -> Settings:
    """With the gains that the effect makes of its parameters."""
    return replace(
        settings,
        input_gain_db=gain_db_on_grid(settings.input_gain_db),
        output_gain_db=gain_db_on_grid(settings.output_gain_db),
    )


def write(state: EffectState) -> bytes:
    """Write a state that the effect can be set to."""
    return write_effect_state(state.settings.core().to_dict(), state.model.to_bytes())


def checked(state: bytes) -> bytes:
    """The state, with its model as this release writes it.

    So the effect knows the model again when it is set anew. Whether the settings suit it, the
    effect itself tells.

    Raises
    ------
    ModelError
        If `NeuralAmp` cannot show the model, or there is none, or this is not a state that this
        release can read.
    ValueError
        For a setting that no model accepts.
    """
    fields = read_effect_state(state)
    is_current = _model(fields).to_bytes() == fields.image
    return state if is_current else write(read(state))


def read(state: bytes) -> EffectState:
    """Read a state.

    Raises
    ------
    ModelError
        Where `checked` does.
    ValueError
        For a setting that no model accepts.
    """
    fields = read_effect_state(state)
    values: dict[str, Any] = fields.settings
    values["size"] = size_name(values["size"])
    return EffectState(_model(fields), Settings(**values))


def has_model(state: bytes) -> bool:
    """Whether the effect that gave this state has something to play."""
    return len(read_effect_state(state).image) > 0


def refusal(state: bytes) -> ValueError | None:
    """The error that tells why the effect that gave this state refused the last one, if it did."""
    refused = read_effect_state(state).refusal
    if refused is None:
        return None
    kind, reason = refused
    return ValueError(reason) if kind == "setting" else ModelError(reason)


def _model(fields: Fields) -> Model:
    image = fields.image
    if not image:
        raise ModelError("state: there is no model in it")
    return Model.from_bytes(image)
