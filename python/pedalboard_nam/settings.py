# SPDX-License-Identifier: MIT
"""What every door to the engine takes besides a model: size, gains and output mode."""

from __future__ import annotations

from typing import Any, Literal

from . import _core
from .model import Model, Size, size_value
from .number import is_number

OutputMode = Literal["raw", "normalized", "calibrated"]

default_settings: dict[str, Any] = {
    "size": "full",
    "input_gain_db": 0.0,
    "output_gain_db": 0.0,
    "output_mode": "raw",
    "target_loudness_db": -18.0,
    "interface_level_dbu": None,
}


def core_model(model: Model) -> _core.Model:
    """The engine's model; a TypeError that says what to do for anything that is no `Model`."""
    if not isinstance(model, Model):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"model is a {type(model).__name__}; make a Model of it with Model.load")
    return model._core


def number(name: str, value: object) -> float:
    """The value as a float; a ValueError for text, truth and nothing."""
    if not is_number(value):
        raise ValueError(f"{name} is {value!r}; accepted are numbers")
    return float(value)


def core_settings(
    size: Size,
    input_gain_db: float,
    output_gain_db: float,
    output_mode: OutputMode,
    target_loudness_db: float,
    interface_level_dbu: float | None,
) -> _core.Settings:
    """The engine's settings; the engine checks ranges, and against the model, when used."""
    level = interface_level_dbu
    return _core.Settings(
        {
            "size": size_value(size),
            "input_gain_db": number("input_gain_db", input_gain_db),
            "output_gain_db": number("output_gain_db", output_gain_db),
            "output_mode": output_mode,  # other words are refused there
            "target_loudness_db": number("target_loudness_db", target_loudness_db),
            "interface_level_dbu": None if level is None else number("interface_level_dbu", level),
        }
    )
