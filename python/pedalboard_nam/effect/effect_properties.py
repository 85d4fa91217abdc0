# SPDX-License-Identifier: MIT
"""What effects have as properties: found by asking them, not listed."""

from __future__ import annotations

import inspect
import math
from typing import Any

import numpy as np
import pedalboard
from pedalboard import (
    ExternalPlugin,  # pyright: ignore[reportPrivateImportUsage]
    IIRFilter,
    Plugin,
    PluginContainer,
)

from ..wording.numbers import is_finite_number
from ..wording.quoted import quoted

_not_effects = (Plugin, IIRFilter)  # what effects have in common
_not_built_in = (ExternalPlugin, PluginContainer)


def built_in(name: str) -> type[Plugin] | None:
    """The class of pedalboard's own effect of this name."""
    cls = getattr(pedalboard, name, None)
    if not isinstance(cls, type) or not issubclass(cls, Plugin):
        return None
    return None if cls in _not_effects or issubclass(cls, _not_built_in) else cls


def built_in_names() -> list[str]:
    """Of all of them, in order."""
    return [name for name in dir(pedalboard) if built_in(name) is not None]


def properties(cls: type[Plugin]) -> list[str]:
    """What can be set, by pedalboard's habit the arguments of the class too."""
    return [
        name
        for name, member in inspect.getmembers(cls)
        if isinstance(member, property) and member.fset is not None
    ]


def plain(name: str, value: Any) -> bool | float | str:
    """A property as JSON has it. Floats are short: 0.3 rather than 0.30000001192092896."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, float):
        return value.name
    if not math.isfinite(value):
        raise ValueError(f"{name} is {value}; only numbers can be saved")
    is_single = np.float32(value) == value
    return float(str(np.float32(value))) if is_single else value


def like(name: str, value: object, default: Any) -> Any:
    """A value from JSON as a property has it whose default is this."""
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        raise ValueError(f"{name} is {quoted(value)}; true or false is expected")
    if isinstance(default, float):
        return number(name, value)
    choices: dict[str, Any] = default.__members__
    if isinstance(value, str) and value in choices:
        return choices[value]
    raise ValueError(f"{name} is {quoted(value)}; accepted are {', '.join(choices)}")


def number(name: str, value: object) -> float:
    if not is_finite_number(value):
        raise ValueError(f"{name} is {quoted(value)}; a number is expected")
    return float(value)


def refuse_rest(fields: dict[str, Any], accepted: list[str]) -> None:
    for field in fields.keys() - set(accepted):
        raise ValueError(f"{quoted(field)} is unknown; accepted are {', '.join(accepted)}")
