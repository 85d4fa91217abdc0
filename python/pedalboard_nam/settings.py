# SPDX-License-Identifier: MIT
"""What every door to the engine takes besides a model: size, gains and output mode."""

from __future__ import annotations

from typing import Literal

from . import _core
from .model import Model, Size, size_value

OutputMode = Literal["raw", "normalized", "calibrated"]

_output_modes = {mode.name: mode for mode in _core.OutputMode}


def core_model(model: Model) -> _core.Model:
    """The engine's model; a TypeError that says what to do for anything that is no `Model`."""
    if not isinstance(model, Model):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"model is a {type(model).__name__}; make a Model of it with Model.load")
    return model._core


def core_settings(
    size: Size,
    input_gain_db: float,
    output_gain_db: float,
    output_mode: OutputMode,
    target_loudness_db: float,
    interface_level_dbu: float | None,
) -> _core.Settings:
    """The engine's settings; the engine checks the numbers, and against the model, when used."""
    if not isinstance(output_mode, str) or output_mode not in _output_modes:  # pyright: ignore[reportUnnecessaryIsInstance]
        accepted = ", ".join(f'"{name}"' for name in _output_modes)
        raise ValueError(f"output_mode is {output_mode!r}; accepted are {accepted}")
    return _core.Settings(
        size_value(size),
        float(input_gain_db),
        float(output_gain_db),
        _output_modes[output_mode],
        float(target_loudness_db),
        None if interface_level_dbu is None else float(interface_level_dbu),
    )
