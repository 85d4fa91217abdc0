# SPDX-License-Identifier: MIT
"""What a property does over time: breakpoints, samples at a rate, or a function of time."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..wording.numbers import is_finite_number, is_number
from ..wording.quoted import quoted

Curve = Literal["linear", "step", "smooth"]
_shapes: dict[str, Callable[[Any], Any]] = {
    "linear": lambda part: part,
    "step": np.zeros_like,
    "smooth": lambda part: part * part * (3.0 - 2.0 * part),
}


class Lane:
    """Values over time. Before its first and after its last point a lane keeps their values.

    Parameters
    ----------
    points
        (seconds, value) pairs in order of time. Two of the same time are a jump.
    curve
        The way from a point to the next: ``"linear"``; ``"step"``, which keeps the value until the
        next point; or ``"smooth"``, level at both ends (3 u^2 - 2 u^3 of the way). Values that are
        not numbers, like models, can only be stepped.

    Raises
    ------
    TypeError
        If the points are no series of any.
    ValueError
        If there is no point, a time is negative, out of order or not a number, a value is NaN or
        infinite, or the curve is another or does not suit the values.
    """

    def __init__(self, points: Iterable[tuple[float, Any]], curve: Curve = "linear") -> None:
        if not isinstance(points, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"the points of a lane are {quoted(points)}; expected are pairs")
        pairs = [_pair(n, point) for n, point in enumerate(points)]
        times_s = _floats("times", [time_s for time_s, _ in pairs])
        self._set(times_s, [value for _, value in pairs], curve)

    @classmethod
    def sampled(cls, values: ArrayLike, rate_hz: float, curve: Curve = "linear") -> Lane:
        """A lane of one value every 1 / `rate_hz` seconds, the first at 0.

        Parameters
        ----------
        values
            Numbers, shape (points,).
        rate_hz
            Points in a second.
        curve
            The way from one to the next, as above.

        Raises
        ------
        ValueError
            If there is no value, one is not finite, or the rate is not above 0.
        """
        if not is_finite_number(rate_hz) or rate_hz <= 0.0:
            raise ValueError(f"rate_hz is {quoted(rate_hz)}; a number above 0 is expected")
        array = _floats("values", values)
        if array.ndim != 1:
            raise ValueError(f"the values have shape {array.shape}; expected is (points,)")
        lane = cls.__new__(cls)
        lane._set(np.arange(len(array)) / rate_hz, array, curve)
        return lane

    def _set(
        self, times_s: NDArray[np.float64], values: Sequence[Any] | NDArray[np.float64], curve: str
    ) -> None:
        if curve not in list(_shapes):
            accepted = ", ".join(f'"{name}"' for name in _shapes)
            raise ValueError(f"curve is {curve!r}; accepted are {accepted}")
        if not len(times_s):
            raise ValueError("a lane has no points")
        _check_times(times_s)
        self.curve = curve
        self.is_numeric = isinstance(values, np.ndarray) or all(map(is_number, values))
        self.times_s = times_s
        if not self.is_numeric:
            if curve != "step":
                other = next(value for value in values if not is_number(value))
                raise ValueError(f'{other!r} is not a number; only curve="step" takes others')
            self._values = list(values)
            return
        self._values = _floats("values", values)
        finite = np.isfinite(self._values)
        if not finite.all():
            n = int(np.argmin(finite))
            raise ValueError(f"point {n} of a lane, at {times_s[n]:g} s, is {self._values[n]}")

    def with_values(self, values: Sequence[Any]) -> Lane:
        """A lane of the same times and curve."""
        lane = copy(self)
        lane._set(self.times_s, values, self.curve)
        return lane

    def __repr__(self) -> str:
        count = len(self.times_s)
        points = f"{count} point{'' if count == 1 else 's'}"
        times = f"{self.times_s[0]:g} to {self.times_s[-1]:g} s"
        values = " to ".join(map(reprlib.repr, self.extremes))
        return f"<pedalboard_nam.Lane of {points}, {self.curve}, {times}, {values}>"

    @property
    def extremes(self) -> tuple[Any, Any]:
        """The lowest and the highest value; of what is not numbers, the first and the last."""
        if isinstance(self._values, np.ndarray):
            return float(self._values.min()), float(self._values.max())
        return self._values[0], self._values[-1]

    @property
    def values(self) -> list[Any]:
        """The values of all points, in order."""
        return self._values.tolist() if isinstance(self._values, np.ndarray) else self._values

    def jumps_s(self, begin_s: float, end_s: float) -> NDArray[np.float64]:
        """The times in [begin, end) from which on the value is another than right before."""
        first, end = np.searchsorted(self.times_s, [begin_s, end_s])
        first, end = max(first, 1), max(end, 1)
        is_jump = self._differs(first, end)
        if self.curve != "step":
            is_jump &= self.times_s[first:end] == self.times_s[first - 1 : end - 1]
        return self.times_s[first:end][is_jump]

    def ways_s(self, begin_s: float, end_s: float) -> tuple[NDArray[np.float64], ...]:
        """The times from when and to when it moves without a jump, of all that touch [begin, end).

        Each is the way from a point to the next.
        """
        if self.curve == "step":
            return np.empty(0), np.empty(0)
        first, end = np.searchsorted(self.times_s, [begin_s, end_s])
        first, end = max(first, 1), min(end + 1, len(self.times_s))
        froms, tos = self.times_s[first - 1 : end - 1], self.times_s[first:end]
        is_way = self._differs(first, end) & (froms < tos)
        return froms[is_way], tos[is_way]

    def _differs(self, first: int, end: int) -> NDArray[np.bool_]:
        """Which of these points have another value than the one before."""
        if not isinstance(self._values, np.ndarray):
            return np.ones(end - first, np.bool_)
        return self._values[first:end] != self._values[first - 1 : end - 1]

    def at(self, times_s: NDArray[np.float64]) -> list[Any]:
        """The values at these times in seconds."""
        if isinstance(self._values, np.ndarray):
            return self.numbers_at(times_s).tolist()
        return [self._values[n] for n in self._points_before(times_s)]

    def numbers_at(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same of a lane of numbers."""
        values = np.asarray(self._values)
        before = self._points_before(times_s)
        after = np.minimum(before + 1, len(values) - 1)
        width_s = np.maximum(self.times_s[after] - self.times_s[before], 1e-12)
        part = np.clip((times_s - self.times_s[before]) / width_s, 0.0, 1.0)
        return values[before] + _shapes[self.curve](part) * (values[after] - values[before])

    def _points_before(self, times_s: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.maximum(np.searchsorted(self.times_s, times_s, side="right") - 1, 0)


class FunctionLane:
    """A function of time in seconds that gives a number; the name is for errors."""

    def __init__(self, function: Callable[[float], float], name: str) -> None:
        self._function = function
        self._name = name
        self._last_s = math.inf
        self.curve = "linear"
        self.is_numeric = True

    @property
    def times_s(self) -> NDArray[np.float64]:
        """None that stands out."""
        return np.empty(0)

    def jumps_s(self, begin_s: float, end_s: float) -> NDArray[np.float64]:
        """None that is known."""
        return np.empty(0)

    def ways_s(self, begin_s: float, end_s: float) -> tuple[NDArray[np.float64], ...]:
        """It may move at any time."""
        return np.zeros(1), np.full(1, max(end_s, 0.0))

    @property
    def values(self) -> list[Any]:
        """The value at 0 s: that of other times is known when they come."""
        return self.at(np.zeros(1))

    @property
    def extremes(self) -> tuple[Any, Any]:
        """As far as they are known."""
        return self.values[0], self.values[0]

    def at(self, times_s: NDArray[np.float64]) -> list[Any]:
        """The values at these times in seconds; a ValueError where one is not a finite number."""
        return [self._at(time_s) for time_s in np.minimum(times_s, self._last_s).tolist()]

    def ends_at(self, time_s: float) -> None:
        """From now on, do not ask for later times than this one, which stands for them."""
        self._last_s = time_s

    def _at(self, time_s: float) -> float:
        try:
            value = self._function(time_s)
        except Exception as error:
            raise ValueError(
                f"{self._name}: at {time_s:g} s the function raised {type(error).__name__}: {error}"
            ) from error
        if not is_finite_number(value):
            raise ValueError(f"{self._name} is {value!r} at {time_s:g} s; a number is expected")
        return float(value)


def _pair(n: int, point: Any) -> tuple[float, Any]:
    try:
        time_s, value = point
    except (TypeError, ValueError):
        time_s = value = None
    if not is_number(time_s):
        raise ValueError(f"point {n} of a lane is {point!r}; expected is (seconds, value)")
    return time_s, value


def _floats(what: str, numbers: ArrayLike) -> NDArray[np.float64]:
    try:
        array = np.asarray(numbers)
        if array.dtype.kind not in "cSU":  # of which complex numbers and digits would be taken
            return array.astype(np.float64)
    except (OverflowError, TypeError, ValueError):
        pass
    raise ValueError(f"the {what} of a lane are not all numbers of 64 bits")


def _check_times(times_s: NDArray[np.float64]) -> None:
    steps_s = np.diff(times_s, prepend=0.0)
    wrong = ~((steps_s >= 0.0) & np.isfinite(times_s))  # NaN is
    if wrong.any():
        n = int(np.argmax(wrong))
        after = f" after {times_s[n - 1]:g} s" if n else ""
        raise ValueError(f"point {n} of a lane is at {times_s[n]:g} s{after}; times go up from 0")
