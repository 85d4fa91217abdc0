# SPDX-License-Identifier: MIT
"""Text that is cut to a width, and what stays of it."""

from __future__ import annotations

import pytest

from pedalboard_nam.cli.columns import lines, told_apart


@pytest.mark.parametrize(
    ("texts", "cut"),
    [
        (["short.nam", "a long name.nam"], ["short.nam", "a lon…e.nam"]),
        (["amp of me 1.nam", "amp of me 2.nam"], ["amp o…1.nam", "amp o…2.nam"]),
        (["1 amp of my own.nam", "2 amp of my own.nam"], ["1 amp…n.nam", "2 amp…n.nam"]),
        (
            [f"long before {i} long behind.nam" for i in (1, 12)],
            ["… 1 long b…", "… 12 long …"],
        ),
        (["\N{GUITAR}" * 9], ["\N{GUITAR}\N{GUITAR}…\N{GUITAR}\N{GUITAR}"]),
    ],
)
def test_different_texts_stay_different(texts: list[str], cut: list[str]) -> None:
    assert told_apart(texts, 11) == cut


def test_only_the_first_column_gives_way() -> None:
    rows = [["size", "plays", "weights"], ["A1 feather WaveNet", "always", "1,234,567"]]
    assert lines(rows, left=2, limit=80) == [
        "size                plays     weights",
        "A1 feather WaveNet  always  1,234,567",
    ]
    assert lines(rows, left=2, limit=28) == [
        "size        plays    weights",
        "A1 feather  always 1,234,567",
        "WaveNet",
    ]
