# SPDX-License-Identifier: MIT
"""Values of every setting, for tests that must not miss one: derived from the declarations."""

from __future__ import annotations

import math
from typing import Any

from pedalboard_nam.settings import Choice, NetworkSize, Number, Switch, declared


def accepted(name: str) -> list[Any]:
    """Values that a model accepts which states its levels and loudness."""
    kind = declared[name].kind
    if isinstance(kind, Number):
        inside = [value for value in (-6.02, 0.1, 12.5, -20.0) if kind.low < value < kind.high]
        return [kind.low, *inside, kind.high, *([None] if kind.may_be_none else [])]
    if isinstance(kind, Choice):
        return [word for word in kind.words if word != "calibrated"]  # which needs another setting
    if isinstance(kind, Switch):
        return [True, False]
    assert isinstance(kind, NetworkSize)
    return ["lite", "full", 0.0, 0.4, 1.0]


def refused(name: str) -> list[Any]:
    """Values that no model accepts."""
    kind = declared[name].kind
    if isinstance(kind, Number):
        outside = [kind.low - 0.1, kind.high + 0.1, math.nan, math.inf, -math.inf]
        return [*outside, "3", b"3", True, False, [], *([] if kind.may_be_none else [None])]
    if isinstance(kind, Choice):
        return ["loud", None]
    if isinstance(kind, Switch):
        return ["True", None, 1, 0.0]
    assert isinstance(kind, NetworkSize)
    return [-0.1, 1.1, math.nan, "huge", None, True]


def another(name: str) -> Any:
    """A value that is not the default."""
    inside = accepted(name)[1:] if isinstance(declared[name].kind, Number) else accepted(name)
    return next(value for value in inside if value != declared[name].default)


def other_settings() -> dict[str, Any]:
    """All settings, none of them at its default."""
    return {name: another(name) for name in declared}
