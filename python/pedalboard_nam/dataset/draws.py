# SPDX-License-Identifier: MIT
"""Settings drawn from ranges: the same seed and keys give the same settings, on any machine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from typing import Any, TypeAlias, cast
from zlib import crc32

import numpy as np

from ..settings import Settings, declared

# A value; a pair (low, high), of which any number between is as likely; or a list of values.
Range: TypeAlias = Any
Ranges: TypeAlias = Mapping[str, Range]


def check_ranges(ranges: Ranges) -> None:
    """Refuse what `drawn_settings` cannot draw from.

    Whether a drawn value is one that the engine takes is the engine's to say, when it is used.

    Raises
    ------
    ValueError
        If a name is none of `Stream`'s settings, a pair is not two finite numbers in order, or a
        list is empty.
    """
    for name, among in ranges.items():
        if name not in declared:
            raise ValueError(f"{name!r} is no setting; accepted are {', '.join(declared)}")
        if isinstance(among, tuple):
            _check_pair(name, cast("tuple[Any, ...]", among))
        elif isinstance(among, list) and not among:
            raise ValueError(f"{name} is an empty list; give at least one value")


def check_values(ranges: Ranges) -> None:
    """Refuse what is no value of a setting, for any model.

    Raises
    ------
    ValueError
        As in `check_ranges`, and for text that is no choice, or anything else where a number is
        expected.
    """
    check_ranges(ranges)
    for settings in extreme_settings(ranges):
        Settings(**settings)


def drawn_settings(ranges: Ranges, seed: int, *keys: int) -> dict[str, Any]:
    """Draw one value for each setting in `ranges`.

    Each setting has a random generator of its own, seeded by `seed`, `keys` and its name: its
    value does not depend on which others are drawn, or on what was drawn before.

    Parameters
    ----------
    ranges
        For a setting of `Stream`: a value, which is taken as it is; a tuple ``(low, high)``, for a
        number from low to high, all as likely; or a list, for one of its values, all as likely.
    seed
        0 or more; another seed, other draws.
    *keys
        0 or more each: what the draw is for, such as the number of an item.

    Returns
    -------
    dict
        The names of `ranges`, each with a plain value: keyword arguments for `render` or `Stream`.

    Raises
    ------
    ValueError
        For ranges as in `check_ranges`, and for a seed or key that is negative.
    """
    check_ranges(ranges)
    return {name: _draw(among, name, seed, keys) for name, among in ranges.items()}


def extreme_settings(ranges: Ranges) -> list[dict[str, Any]]:
    """A few settings that reach both ends of every pair and every value of every list.

    What accepts them accepts, as far as each setting goes, whatever is drawn.
    """
    values: dict[str, list[Any]] = {
        name: list(cast("list[Any]", among)) if isinstance(among, tuple | list) else [among]
        for name, among in ranges.items()
    }
    count = max(map(len, values.values()), default=1)
    return [
        {name: each[index % len(each)] for name, each in values.items()} for index in range(count)
    ]


def generator(purpose: str, seed: int, *keys: int) -> np.random.Generator:
    """The random generator for one purpose: its numbers depend on these arguments alone.

    Raises
    ------
    ValueError
        If the seed or a key is negative.
    """
    if min(seed, *keys, 0) < 0:
        raise ValueError(f"seed and keys are {(seed, *keys)}; accepted are integers from 0")
    # The count keeps (1,) and (1, 0) apart, which numpy does not.
    return np.random.default_rng([crc32(purpose.encode()), len(keys), seed, *keys])


def _draw(among: Range, name: str, seed: int, keys: tuple[int, ...]) -> Any:
    if isinstance(among, tuple):
        low, high = cast("tuple[float, float]", among)
        return generator(name, seed, *keys).uniform(low, high)
    if isinstance(among, list):
        choices = cast("list[Any]", among)
        return choices[generator(name, seed, *keys).integers(len(choices))]
    return among


def _check_pair(name: str, pair: tuple[Any, ...]) -> None:
    if len(pair) != 2 or not all(_is_finite(bound) for bound in pair) or pair[0] > pair[1]:
        raise ValueError(
            f"{name} is {pair!r}; a tuple is a range of two finite numbers (low, high), "
            "a list is a choice"
        )


def _is_finite(value: Any) -> bool:
    return isinstance(value, Real) and math.isfinite(value)
