# SPDX-License-Identifier: MIT
"""What every door to the engine takes besides a model: size, gains and output mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from . import _core
from .nam.model import Model, Size, size_value
from .wording.numbers import is_number

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


def core_output_mode(output_mode: OutputMode) -> _core.OutputMode:
    """The engine's output mode; a ValueError for other words."""
    accepted = {mode.name: mode for mode in _core.OutputMode}
    if not isinstance(output_mode, str) or output_mode not in accepted:  # pyright: ignore[reportUnnecessaryIsInstance]
        names = ", ".join(f'"{name}"' for name in accepted)
        raise ValueError(f"output_mode is {output_mode!r}; accepted are {names}")
    return accepted[output_mode]


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
        size_value(size),
        number("input_gain_db", input_gain_db),
        number("output_gain_db", output_gain_db),
        core_output_mode(output_mode),
        number("target_loudness_db", target_loudness_db),
        None if level is None else number("interface_level_dbu", level),
    )


_units = {"_db": " dB", "_dbu": " dBu"}


def settings_in_words(settings: Mapping[str, Any]) -> list[str]:
    """The size and what else is not as it would be by default, like ``input gain 3 dB``."""
    words = [f"size {_value(settings.get('size', default_settings['size']))}"]
    for name, value in settings.items():
        if name != "size" and value != default_settings.get(name):
            suffix = next((suffix for suffix in _units if name.endswith(suffix)), "")
            label = name.removesuffix(suffix).replace("_", " ")
            words.append(f"{label} {_value(value)}{_units.get(suffix, '')}")
    return words


def _value(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
