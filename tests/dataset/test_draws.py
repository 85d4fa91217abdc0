# SPDX-License-Identifier: MIT
"""Settings drawn from ranges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pedalboard_nam.dataset.draws import check_ranges, drawn_settings, extreme_settings

RANGES = {"input_gain_db": (-12.0, 6.0), "size": ["full", "lite", 0.3], "output_mode": "normalized"}


def test_the_same_keys_draw_the_same_settings() -> None:
    assert drawn_settings(RANGES, 5, 7, 2) == drawn_settings(RANGES, 5, 7, 2)


def test_the_draws_of_this_release_are_those_of_all_later_ones() -> None:
    expected = {"input_gain_db": -3.162261764091996, "size": 0.3, "output_mode": "normalized"}
    assert drawn_settings(RANGES, 5, 7, 2) == expected


def test_another_seed_or_key_draws_another_gain() -> None:
    gains = {
        drawn_settings(RANGES, *keys)["input_gain_db"]
        for keys in [(0,), (0, 0), (0, 0, 0), (0, 1), (1, 0), (1,), (2**32,), (2**40, 3)]
    }
    assert len(gains) == 8


def test_what_else_is_drawn_changes_nothing() -> None:
    alone = drawn_settings({"input_gain_db": RANGES["input_gain_db"]}, 3, 1)
    assert alone["input_gain_db"] == drawn_settings(RANGES, 3, 1)["input_gain_db"]


def test_numbers_fill_their_range_and_choices_are_all_made() -> None:
    drawn = [drawn_settings(RANGES, 0, index) for index in range(2000)]
    gains = np.array([settings["input_gain_db"] for settings in drawn])
    counts, _ = np.histogram(gains, bins=9, range=(-12.0, 6.0))
    assert counts.sum() == 2000
    assert counts.min() > 160  # of 222, give or take 14
    for size in ("full", "lite", 0.3):
        assert 560 < sum(settings["size"] == size for settings in drawn) < 780
    assert {settings["output_mode"] for settings in drawn} == {"normalized"}


@pytest.mark.parametrize(
    ("ranges", "sentence"),
    [
        ({"gain": 3}, "'gain' is no setting; accepted are size, input_gain_db"),
        ({"input_gain_db": (3.0, -3.0)}, r"input_gain_db is \(3.0, -3.0\); a tuple is a range"),
        ({"input_gain_db": (0, 1, 2)}, "two finite numbers"),
        ({"input_gain_db": (0.0, float("inf"))}, "two finite numbers"),
        ({"size": ("lite", "full")}, "a list is a choice"),
        ({"size": []}, "size is an empty list"),
    ],
)
def test_bad_ranges_are_refused(ranges: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        check_ranges(ranges)
    with pytest.raises(ValueError, match=sentence):
        drawn_settings(ranges, 0)


@pytest.mark.parametrize("keys", [(-1,), (0, -1)])
def test_negative_keys_are_refused(keys: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="accepted are integers from 0"):
        drawn_settings(RANGES, *keys)


def test_the_extremes_reach_both_ends_and_every_choice() -> None:
    found = extreme_settings(RANGES)
    assert [settings["size"] for settings in found] == ["full", "lite", 0.3]
    assert {settings["input_gain_db"] for settings in found} == {-12.0, 6.0}
    assert {settings["output_mode"] for settings in found} == {"normalized"}
    assert extreme_settings({}) == [{}]
