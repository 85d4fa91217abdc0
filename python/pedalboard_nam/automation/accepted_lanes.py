# SPDX-License-Identifier: MIT
"""What a property may be given to follow, made a lane of the values that it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from pedalboard import Plugin

from ..effect.effect_properties import properties
from ..effect.neural_amp import NeuralAmp, model_of
from ..errors import placed
from ..nam.model import Model
from ..wording.numbers import is_number
from .automated_property import AutomatedProperty, full_name, gains_of_an_amp, parameters
from .lanes import Curve, FunctionLane, Lane

# The breakpoints of a lane will do for the lane.
LaneLike = Lane | Sequence[tuple[float, Any]] | Callable[[float], float]
Automation = Mapping[Any, Mapping[str, LaneLike]]  # by Plugin; a type checker wants just that

_not_automated = {"preset_data", "raw_state"}


def automated_property(effect: Plugin, name: str, lane: LaneLike) -> AutomatedProperty:
    """The property of this name, with its lane.

    Raises
    ------
    OSError
        If the file of a model cannot be read.
    ValueError
        If there is no such property, the lane is none, or not one that the property can follow.
    """
    accepted = _property_names(effect)
    if name not in accepted:
        raise ValueError(
            f"automation: {type(effect).__name__} has no {name!r}; it has {', '.join(accepted)}"
        )
    where, present = full_name(effect, name), getattr(effect, name)
    is_amp = isinstance(effect, NeuralAmp)
    steps_only = not is_number(present) or (is_amp and name not in gains_of_an_amp)
    made = _lane(lane, where, "step" if steps_only else "linear")
    if steps_only and made.curve != "step":
        raise ValueError(f'{where} changes in steps: give a Lane(points, "step")')
    checks_itself = is_amp or name in parameters(effect) or (made.is_numeric and not steps_only)
    if isinstance(made, Lane) and is_amp and name == "model":
        made = made.with_values(_models(made.values, where))
    elif isinstance(made, Lane) and not checks_itself:
        made = made.with_values([_like(present, value, where) for value in made.values])
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


def _models(sources: Sequence[Any], where: str) -> list[Model]:
    """Each loaded once, here: what is checked is what plays, whatever becomes of its file."""
    models: dict[Any, Model] = {}
    keys = [s if isinstance(s, (Model, Path, bytes, str)) else id(s) for s in sources]
    for key, source in zip(keys, sources, strict=True):
        try:
            with placed(where):
                models[key] = models.get(key) or model_of(source)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{where}: {error}") from None
    return [models[key] for key in keys]


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
    return own + [name for name in parameters(effect) if name not in own]
