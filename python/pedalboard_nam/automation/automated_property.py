# SPDX-License-Identifier: MIT
"""A property of an effect that follows a lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pedalboard import Plugin

from ..effect.neural_amp import NeuralAmp
from ..errors import placed
from .lanes import FunctionLane, Lane

gains_of_an_amp = {"input_gain_db", "output_gain_db"}  # all else of it changes in a fade


@dataclass(frozen=True, slots=True)
class AutomatedProperty:
    """A property of an effect, and the lane that it follows."""

    effect: Plugin
    name: str
    lane: Lane | FunctionLane

    @property
    def is_gain_of_an_amp(self) -> bool:
        """Whether it is applied outside the amp."""
        return isinstance(self.effect, NeuralAmp) and self.name in gains_of_an_amp

    @property
    def is_step_of_an_amp(self) -> bool:
        """Whether the amp takes it together with others of the same moment."""
        return isinstance(self.effect, NeuralAmp) and self.name not in gains_of_an_amp

    def set(self, value: Any) -> None:
        """Change it from the next frame on.

        Raises
        ------
        ValueError
            If the effect does not accept the value.
        """
        try:
            setattr(self.effect, self.name, value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{full_name(self.effect, self.name)}: {error}") from None


def set_together(changes: Iterable[tuple[AutomatedProperty, Any]]) -> None:
    """Change properties of one effect from the next frame on.

    Raises
    ------
    ValueError
        If the effect does not accept a value, or an amp not what its steps make together.
    """
    steps: dict[str, Any] = {}
    amp: Plugin | None = None
    for automated, value in changes:
        if automated.is_step_of_an_amp:
            steps[automated.name] = value
            amp = automated.effect
        else:
            automated.set(value)
    if isinstance(amp, NeuralAmp):
        name = full_name(amp, ", ".join(steps))
        try:
            with placed(name):
                amp._set_together(**steps)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}: {error}") from None


def parameters(effect: Plugin) -> Mapping[str, Any]:
    """Those of a plug-in, by name."""
    return getattr(effect, "parameters", {})  # of plug-ins only


def full_name(effect: Plugin, name: str) -> str:
    """What messages call a property."""
    return f"automation of {type(effect).__name__}.{name}"
