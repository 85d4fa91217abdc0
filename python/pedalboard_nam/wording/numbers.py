# SPDX-License-Identifier: MIT
"""What counts as a number among the values that users give."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import TypeGuard

from .quoted import quoted


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is one, and not True or False."""
    return isinstance(value, (int, float, Real)) and not isinstance(value, bool)


def is_finite_number(value: object) -> TypeGuard[float]:
    """Whether it is one that a float can hold."""
    try:
        return is_number(value) and math.isfinite(value)
    except OverflowError:  # of a whole number of more than 1,024 bits
        return False


def check_number(name: str, value: object, low: float, high: float) -> None:
    """Raise a ValueError if this is no number from `low` to `high`."""
    if not is_number(value) or not low <= value <= high:  # NaN is not
        raise ValueError(f"{name} is {quoted(value)}; accepted are {low:g} to {high:g}")


def check_whole_number(name: str, value: object, low: int) -> None:
    """Raise a ValueError if this is no whole number from `low` on."""
    if not is_number(value) or not isinstance(value, Integral) or value < low:
        raise ValueError(f"{name} is {quoted(value)}; accepted are whole numbers of {low} and more")


def check_rate(sample_rate: object) -> None:
    """Raise a ValueError if this is no rate that audio can have."""
    if not is_number(sample_rate) or not 0.0 < sample_rate < math.inf:
        raise ValueError(
            f"sample_rate is {quoted(sample_rate)}; a number of Hz above 0 is expected"
        )
