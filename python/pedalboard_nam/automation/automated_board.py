# SPDX-License-Identifier: MIT
"""Which property of which effect follows which lane: checked before anything is played."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_
from typing import Any, cast

import numpy as np
from pedalboard import Plugin

from ..effect_fields import properties
from ..errors import placed
from ..number import is_number
from ..plugin import NeuralAmp
from .lanes import Curve, FunctionLane, Lane

# The breakpoints of a lane will do for the lane.
LaneLike = Lane | Sequence[tuple[float, Any]] | Callable[[float], float]
Automation = Mapping[Any, Mapping[str, LaneLike]]  # by Plugin; a type checker wants just that

_not_automated = {"preset_data", "raw_state"}
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
            raise ValueError(f"{_full_name(self.effect, self.name)}: {error}") from None


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
        name = _full_name(amp, ", ".join(steps))
        try:
            with placed(name):
                amp._set_together(**steps)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name}: {error}") from None


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
                self._properties.append(_property(effect, name, lane))
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
                    _parameters(effect)[p.name].raw_value = value.normalised
            set_together((p, value) for p, value in before if not isinstance(value, _RawValue))


@dataclass(frozen=True, slots=True)
class _RawValue:
    normalised: float


def _property(effect: Plugin, name: str, lane: LaneLike) -> AutomatedProperty:
    accepted = _property_names(effect)
    if name not in accepted:
        raise ValueError(
            f"automation: {type(effect).__name__} has no {name!r}; it has {', '.join(accepted)}"
        )
    full_name, present = _full_name(effect, name), getattr(effect, name)
    is_amp = isinstance(effect, NeuralAmp)
    steps_only = not is_number(present) or (is_amp and name not in gains_of_an_amp)
    made = _lane(lane, full_name, "step" if steps_only else "linear")
    if steps_only and made.curve != "step":
        raise ValueError(f'{full_name} changes in steps: give a Lane(points, "step")')
    checks_itself = is_amp or name in _parameters(effect) or (made.is_numeric and not steps_only)
    if isinstance(made, Lane) and not checks_itself:
        made = made.with_values([_like(present, value, full_name) for value in made.values])
    return AutomatedProperty(effect, name, made)


def _like(present: Any, value: Any, name: str) -> Any:
    """The value as a property takes it that has another one at present."""
    kind = cast("type[Any]", type(present))
    choices: Mapping[str, Any] = getattr(kind, "__members__", {})
    if isinstance(value, str) and value in choices:
        return choices[value]
    if choices:
        is_like, accepted = isinstance(value, kind), ", ".join(choices)
    elif isinstance(present, bool):
        is_like, accepted = isinstance(value, (bool, np.bool_)), "True and False"
    else:
        is_like, accepted = is_number(value), "numbers"
    if not is_like:
        raise ValueError(f"{name} is {value!r}; accepted are {accepted}")
    return value


def _lane(lane: LaneLike, name: str, curve: Curve) -> Lane | FunctionLane:
    if isinstance(lane, Lane):
        return lane
    if callable(lane):
        return FunctionLane(lane, name)
    if not isinstance(cast("object", lane), Iterable):
        raise ValueError(f"{name}: {lane!r} is no lane; expected are points, a Lane or a function")
    try:
        return Lane(lane, curve)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _property_names(effect: Plugin) -> list[str]:
    own = [
        name
        for name in properties(type(effect))
        if not name.startswith("_") and name not in _not_automated
    ]
    return own + [name for name in _parameters(effect) if name not in own]


def _parameters(effect: Plugin) -> Mapping[str, Any]:
    return getattr(effect, "parameters", {})  # of plug-ins only


def _value(effect: Plugin, name: str) -> Any:
    """What sets it again; the value of a foreign plug-in's parameter is rounded."""
    if name in _parameters(effect):
        return _RawValue(_parameters(effect)[name].raw_value)
    return getattr(effect, name)


def _try(automated: AutomatedProperty) -> None:
    lane = automated.lane
    # What effects accept of numbers is from one to another.
    for value in lane.extremes if lane.is_numeric else lane.values:
        automated.set(value)


def _try_steps(amp: NeuralAmp, steps: Sequence[AutomatedProperty]) -> None:
    """Every moment's combination: what an amp accepts of one depends on the others."""
    rates_hz: set[float] = set()
    in_words = [p for p in steps if not p.lane.is_numeric]
    in_numbers = [p for p in steps if p.lane.is_numeric]
    moments_s = np.unique(np.concatenate([[0.0], *(p.lane.times_s for p in in_words)]))
    tried: list[tuple[Any, ...]] = []
    for values in zip(*(p.lane.at(moments_s) for p in in_words), strict=True) if in_words else [()]:
        if any(all(map(is_, values, old)) for old in tried):
            continue
        tried.append(values)
        for extreme in (0, 1):
            numbers = [(p, p.lane.extremes[extreme]) for p in in_numbers]
            set_together([*zip(in_words, values, strict=True), *numbers])
            if not numbers:
                break
        rates_hz.add(amp.model.sample_rate)
    if len(rates_hz) > 1:  # and so more than one latency
        rates = " and ".join(f"{rate_hz:g}" for rate_hz in sorted(rates_hz))
        raise ValueError(
            f"{_full_name(amp, 'model')} has models of {rates} Hz; one rate is accepted"
        )


def _full_name(effect: Plugin, name: str) -> str:
    return f"automation of {type(effect).__name__}.{name}"
