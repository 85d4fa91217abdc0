# SPDX-License-Identifier: MIT
"""What a lane is between its points, and what cannot be one."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pedalboard_nam import Lane
from pedalboard_nam.automation.lane_frames import LaneFrames

POINTS = [(1.0, 0.0), (2.0, 10.0), (2.0, 20.0), (4.0, 0.0)]


def values(lane: Lane, *times_s: float) -> list:
    return lane.at(np.array(times_s))


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ("linear", [0, 0, 2.5, 20, 10, 0, 0]),
        ("step", [0, 0, 0, 20, 20, 0, 0]),
        ("smooth", [0, 0, 1.5625, 20, 10, 0, 0]),
    ],
)
def test_curves_jump_where_two_points_have_one_time(curve, expected) -> None:
    assert values(Lane(POINTS, curve), 0.0, 1.0, 1.25, 2.0, 3.0, 4.0, 99.0) == expected


def test_a_smooth_curve_is_level_at_its_points() -> None:
    start, near = values(Lane([(0, 0), (1, 1)], "smooth"), 0.0, 1e-3)
    assert near - start < 4e-6


def test_one_point_is_a_value_for_all_times() -> None:
    assert values(Lane([(3, 7)]), 0.0, 3.0, 5.0) == [7, 7, 7]


def test_samples_lie_at_their_rate() -> None:
    lane = Lane.sampled([0.0, 1.0, 4.0], rate_hz=2.0)
    assert values(lane, 0.0, 0.25, 0.5, 0.75, 1.0, 2.0) == [0, 0.5, 1, 2.5, 4, 4]


def test_what_is_not_a_number_is_stepped() -> None:
    lane = Lane([(0, "lite"), (1, None)], "step")
    assert values(lane, 0.0, 0.999, 1.0) == ["lite", "lite", None]


@pytest.mark.parametrize(
    ("lane", "shown"),
    [
        (Lane(POINTS), "4 points, linear, 1 to 4 s, 0.0 to 20.0"),
        (Lane.sampled(np.arange(40), 10), "40 points, linear, 0 to 3.9 s, 0.0 to 39.0"),
        (Lane([(3, "lite")], "step"), "1 point, step, 3 to 3 s, 'lite' to 'lite'"),
    ],
)
def test_a_lane_is_shown_in_a_line(lane: Lane, shown: str) -> None:
    assert repr(lane) == f"<pedalboard_nam.Lane of {shown}>"


def test_the_line_is_short_whatever_is_in_the_lane() -> None:
    assert len(repr(Lane([(0, {"weights": [0.0] * 9999}), (1, b"x" * 9999)], "step"))) < 150


@pytest.mark.parametrize("curve", ["linear", "step", "smooth"])
@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 700), st.integers(0, 3)), min_size=1, max_size=20),
    st.lists(st.integers(0, 900), max_size=5),
    st.sampled_from([48_000.0, 44_100.0]),
)
def test_any_window_shows_what_the_whole_does(curve, points, cuts, rate: float) -> None:
    lane = Lane([(n / rate, value) for n, value in sorted(points)], curve)
    frames = LaneFrames(lane, rate, 7)
    edges = [0, *sorted(cuts), 900]
    for find in (frames.jumps, frames.moves):
        parts = [find(begin, end) for begin, end in pairwise(edges)]
        np.testing.assert_array_equal(np.concatenate(parts), find(0, 900))


@pytest.mark.parametrize(
    ("points", "curve", "said"),
    [
        ([], "linear", "no points"),
        ([(1, 0), (0.5, 0)], "linear", "point 1 of a lane is at 0.5 s after 1 s"),
        ([(-1, 0)], "linear", "point 0 of a lane is at -1 s; times go up from 0"),
        ([(math.nan, 0)], "linear", "point 0 of a lane is at nan s"),
        ([(0, 0), (math.inf, 0)], "linear", "point 1 of a lane is at inf s"),
        ([(0, 0), (1, math.nan)], "step", "point 1 of a lane, at 1 s, is nan"),
        ([(0, math.inf)], "linear", "point 0 of a lane, at 0 s, is inf"),
        ([0, 1], "linear", r"point 0 of a lane is 0; expected is \(seconds, value\)"),
        ([("x", 1)], "linear", "point 0 of a lane is"),
        ([("0", 1)], "linear", "point 0 of a lane is"),
        ([(10**400, 1)], "linear", "the times of a lane are not all numbers"),
        ([(0, 10**400)], "linear", "the values of a lane are not all numbers"),
        ([(0, 1)], ["linear"], r"curve is \['linear'\]; accepted are"),
        ([(0, 1), (1, "lite")], "linear", "'lite' is not a number"),
        ([(0, True)], "smooth", "True is not a number"),
        ([(0, 0)], "cubic", "curve is 'cubic'; accepted are"),
    ],
)
def test_what_is_no_lane_is_said(points, curve, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Lane(points, curve)


@pytest.mark.parametrize(
    ("samples", "rate_hz", "said"),
    [
        ([], 10.0, "no points"),
        ([[1.0, 2.0]], 10.0, r"shape \(1, 2\)"),
        ([1.0], 0.0, "rate_hz is 0.0"),
        ([1.0], math.nan, "rate_hz is NaN"),
        ([1.0, math.nan], 10.0, "point 1 of a lane, at 0.1 s, is nan"),
        ([1.0], "10", 'rate_hz is "10"'),
        ([1j], 10.0, "the values of a lane are not all numbers"),
        (np.array([1j]), 10.0, "the values of a lane are not all numbers"),
        (["1"], 10.0, "the values of a lane are not all numbers"),
        ([[1.0], [1.0, 2.0]], 10.0, "the values of a lane are not all numbers"),
        ([1.0], 10**400, "rate_hz is an integer of 1329 bits"),
    ],
)
def test_samples_that_are_no_lane(samples, rate_hz: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Lane.sampled(samples, rate_hz)


def test_points_that_are_none_are_said() -> None:
    with pytest.raises(TypeError, match="the points of a lane are 5; expected are pairs"):
        Lane(5)  # pyright: ignore[reportArgumentType]
