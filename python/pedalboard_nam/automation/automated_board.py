# SPDX-License-Identifier: MIT
"""Which property of which effect follows which lane: checked before anything is played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pedalboard import Plugin

from ..effect.neural_amp import NeuralAmp
from .accepted_lanes import Automation, automated_property
from .automated_property import AutomatedProperty, full_name, parameters, set_together
from .lanes import FunctionLane


class AutomatedBoard:
    """The lanes of a board's effects, and what the properties were before.

    Parameters
    ----------
    effects
        All effects of the board.
    automation
        By effect and name of the property: the lanes.

    Raises
    ------
    ValueError
        If an effect is not among `effects`, has no such property, or does not accept a value of the
        lane. The effects are then as before.
    """

    def __init__(self, effects: Sequence[Plugin], automation: Automation) -> None:
        self._effects = list(effects)  # kept, or pedalboard makes other objects for them
        self._before: list[tuple[AutomatedProperty, Any]] = []
        self._properties: list[AutomatedProperty] = []
        if not isinstance(automation, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"automation is {automation!r}; expected are lanes by effect")
        for effect, lanes in automation.items():
            if not any(effect is other for other in self._effects):
                raise ValueError(f"automation: {effect!r} is not an effect of the board")
            if not isinstance(lanes, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise ValueError(
                    f"automation of {type(effect).__name__} is {lanes!r}; "
                    "expected are lanes by the name of a property"
                )
            for name, lane in lanes.items():
                self._properties.append(automated_property(effect, name, lane))
        self._before = [(p, _value(p.effect, p.name)) for p in self._properties]
        try:
            for automated in self._properties:
                if not automated.is_step_of_an_amp:
                    _try(automated)
            for effect in self._effects:
                if isinstance(effect, NeuralAmp):
                    _try_steps(effect, [p for p in self.of(effect) if p.is_step_of_an_amp])
        finally:
            self.restore()

    def of(self, effect: Plugin) -> list[AutomatedProperty]:
        """What is automated of this effect."""
        return [automated for automated in self._properties if automated.effect is effect]

    def ends_at(self, time_s: float) -> None:
        """Say that this is the last time that a function of time is asked for."""
        for automated in self._properties:
            if isinstance(automated.lane, FunctionLane):
                automated.lane.ends_at(time_s)

    def restore(self) -> None:
        """Give all properties the values that they had before."""
        for effect in self._effects:
            before = [(p, value) for p, value in self._before if p.effect is effect]
            for p, value in before:
                if isinstance(value, _RawValue):
                    parameters(effect)[p.name].raw_value = value.normalised
            set_together((p, value) for p, value in before if not isinstance(value, _RawValue))


@dataclass(frozen=True, slots=True)
class _RawValue:
    normalised: float


def _value(effect: Plugin, name: str) -> Any:
    """What sets it again; the value of a foreign plug-in's parameter is rounded."""
    if name in parameters(effect):
        return _RawValue(parameters(effect)[name].raw_value)
    return getattr(effect, name)


def _try(automated: AutomatedProperty) -> None:
    lane = automated.lane
    # What effects accept of numbers is from one to another.
    for value in lane.extremes if lane.is_numeric else lane.values:
        automated.set(value)


def _try_steps(amp: NeuralAmp, steps: Sequence[AutomatedProperty]) -> None:
    """Every moment's combination: what an amp accepts of one depends on the others."""
    rates_hz: set[float] = set()
    levels = [p for p in steps if p.lane.is_numeric and p.name != "size"]
    others = [p for p in steps if p not in levels]
    moments_s = np.unique(np.concatenate([[0.0], *(p.lane.times_s for p in others)]))
    tried: set[tuple[Any, ...]] = set()
    for values in zip(*(p.lane.at(moments_s) for p in others), strict=True) if others else [()]:
        # Models that are equal are one; what else is no number or word may have no hash.
        key = tuple(v if isinstance(v, (float, str)) else id(v) for v in values)
        if key in tried:
            continue
        tried.add(key)
        for extreme in (0, 1):  # what is accepted of levels is from one to another
            level = [(p, p.lane.extremes[extreme]) for p in levels]
            set_together([*zip(others, values, strict=True), *level])
            if not levels:
                break
        rates_hz.add(amp.model.sample_rate)
    if len(rates_hz) > 1:  # and so more than one latency
        rates = " and ".join(f"{rate_hz:g}" for rate_hz in sorted(rates_hz))
        raise ValueError(
            f"{full_name(amp, 'model')} has models of {rates} Hz; one rate is accepted"
        )
