# SPDX-License-Identifier: MIT
"""What a reader makes of a model, and what it may ask about the models inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from ..errors import ModelError
from . import limits
from .record import Record


class Cost(NamedTuple):
    """What a network takes to play, the networks inside included."""

    multiply_adds: int  # for a frame
    lookback_frames: int = 0
    history_floats: int = 0

    def and_then(self, *others: Cost) -> Cost:
        """The cost of networks or convolutions that play one after the other."""
        return Cost(*map(sum, zip(self, *others, strict=True)))

    def check(self, where: str) -> None:
        """Refuse what takes more than any amp; nothing has been allocated by then."""
        for found, accepted, unit in (
            (self.multiply_adds, limits.max_multiply_adds, "multiply-adds for a frame"),
            (self.lookback_frames, limits.max_lookback_frames, "frames of lookback"),
            (self.history_floats, limits.max_history_floats, "values of history"),
        ):
            if found > accepted:
                raise ModelError(f"{where} takes {found:,} {unit}; accepted are {accepted:,}")


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network that has been read and checked.

    Attributes
    ----------
    smaller
        Makes its smaller sizes, for who wants them: a breakpoint and a network for each, ascending.
        A size below the first breakpoint that exceeds it plays.
    """

    record: Record
    inputs: int
    outputs: int
    cost: Cost
    smaller: Callable[[], Sequence[tuple[float, Network]]] = tuple


class Models(Protocol):
    """The file that a model is read from: all that a reader knows of it."""

    def full(self, tree: Any, where: str) -> Network:
        """Read a model inside another, which plays at full size; `where` ends in a dot."""
        ...

    def note(self, sentence: str) -> None:
        """Tell the user what plays otherwise than the file may have meant."""
        ...
