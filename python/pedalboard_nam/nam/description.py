# SPDX-License-Identifier: MIT
"""What a model is, as people say it: "A2 full + lite", "A1 standard WaveNet, 16/8 channels"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from .._core import NetworkInfo

_most_named = 3
_most_in_a_row = 4
_arrow = " -> "  # between the networks of a Sequential


def description(networks: Sequence[NetworkInfo]) -> str:
    """All sizes of a model in words, the last of them, which plays by default, first."""
    named = [(label(network), words(network)) for network in reversed(networks)]
    (last_label, last), *others = named
    if not others:
        return last
    if not of_one_kind(named):
        few = len(named) <= _most_named
        return " + ".join(said for _, said in named) if few else f"{last} + {len(others)} others"
    before, after = _around(last_label, last)
    if len(named) <= _most_named:
        return before + " + ".join(one for one, _ in named) + after
    return f"{last}, in {len(named)} sizes ({others[-1][0]} to {last_label}{after})"


def label(network: NetworkInfo) -> str:
    """What tells it from networks of its kind: "16/8"."""
    return _in_short(network.label)


def words(network: NetworkInfo) -> str:
    """The network itself: "A1 standard WaveNet, 16/8 channels"."""
    return _in_short(network.description)


def of_one_kind(named: Sequence[tuple[str, str]]) -> bool:
    """Whether labels, which come first, are all in which these descriptions differ."""
    kinds = {_around(one, said) for one, said in named}
    return len(named) == 1 or (len(kinds) == 1 and all(one in said for one, said in named))


def names(named: Sequence[tuple[str, str]]) -> list[str]:
    """Of sizes: their labels, or all that they are if they are of several kinds."""
    return [one if of_one_kind(named) else said for one, said in named]


def _around(label: str, words: str) -> tuple[str, str]:
    """What a description says before and after the label."""
    before, _, after = words.partition(label)
    return before, after


def _in_short(row: str) -> str:
    """Equal neighbours of a Sequential once, and no more than can be read: "6 x 4/2 -> 1x8"."""
    runs = [(len(list(same)), one) for one, same in groupby(row.split(_arrow))]
    said = [one if count == 1 else f"{count} x {one}" for count, one in runs]
    if len(said) > _most_in_a_row:
        left_out = sum(count for count, _ in runs[2:-1])
        said[2:-1] = [f"{left_out} more"]
    return _arrow.join(said)
