# SPDX-License-Identifier: MIT
"""Which captures are meant, by conditions like ``tone_type=crunch``, and in which order."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..wording.numbers import is_number
from .capture import Capture

_orders: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_condition = re.compile(r"\s*([^<>=!]+?)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """A field, how it is compared, and with what.

    ``=`` and ``!=`` compare numbers as numbers and all else as text, in which case does not count
    and ``*`` is any text. Files without the field are different from everything.
    """

    field: str
    comparison: str
    value: str

    @classmethod
    def parsed(cls, text: str) -> Condition:
        """Read ``KEY=VALUE``, or with one of ``!= < <= > >=``; a ValueError for anything else."""
        found = _condition.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no condition; one is like tone_type=crunch or gain<0.3")
        condition = cls(*found.groups())
        if condition.comparison in _orders and _number(condition.value) is None:
            raise ValueError(f"{text!r} compares with {condition.value!r}; a number is expected")
        return condition

    def holds(self, fields: dict[str, Any]) -> bool:
        found = fields.get(self.field)
        if self.comparison not in _orders:
            return self._equals(found) == (self.comparison == "=")
        limit = _number(self.value)
        if limit is None or not is_number(found):
            return False
        return _orders[self.comparison](found, limit)

    def _equals(self, found: Any) -> bool:
        if found is None:
            return False
        number = _number(self.value)
        if is_number(found) and number is not None:
            return found == number
        return fnmatchcase(text_of(found).casefold(), self.value.casefold())


def chosen(captures: Iterable[Capture], conditions: Iterable[Condition]) -> list[Capture]:
    """Those for which all conditions hold: never one that cannot be read, if there are any.

    Raises
    ------
    ValueError
        If a condition is on a field that none of them has.
    """
    left = list(captures)
    for condition in conditions:
        check_field(left, condition.field)
        left = [one for one in left if not one.error and condition.holds(one.fields())]
    return left


def ordered(captures: Iterable[Capture], field: str, descending: bool = False) -> list[Capture]:
    """In the order of a field, numbers before text; those without it come last.

    Raises
    ------
    ValueError
        If none of them has it.
    """
    all_of_them = list(captures)
    check_field(all_of_them, field)
    with_field = [(value, one) for one in all_of_them if (value := _of(one, field)) is not None]
    with_field.sort(key=lambda pair: _rank(pair[0]), reverse=descending)
    return [one for _, one in with_field] + [one for one in all_of_them if _of(one, field) is None]


def check_field(captures: Iterable[Capture], field: str) -> None:
    """Raise a ValueError if there are files, and none has a field of this name."""
    names = {name for one in captures if not one.error for name in one.fields()}
    if names and field not in names:
        raise ValueError(f"no file has the field {field!r}; there are {', '.join(sorted(names))}")


def text_of(value: Any) -> str:
    """A value as text: as JSON has it, where it is none."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _of(capture: Capture, field: str) -> Any:
    return None if capture.error else capture.fields().get(field)


def _rank(value: Any) -> tuple[bool, float, str]:
    return (False, value, "") if is_number(value) else (True, 0.0, text_of(value).casefold())


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
