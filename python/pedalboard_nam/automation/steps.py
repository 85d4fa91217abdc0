# SPDX-License-Identifier: MIT
"""The values that properties are given on the way, and the frames from which on they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..plugin_state import max_gain_db, min_gain_db
from .lane_frames import Frames, LaneFrames, finest_frames

_every_frames = 32

ramp_s = 0.005  # of an amp: to another gain in a straight line, to another model in a fade


@dataclass(frozen=True, slots=True)
class Steps:
    """Values, each of which holds from its frame up to the next."""

    frames: Frames
    values: list[Any]

    def at(self, frames: Frames) -> list[Any]:
        """The values that hold at these frames."""
        return [self.values[n] for n in np.searchsorted(self.frames, frames, side="right") - 1]


def in_the_middle(lane: LaneFrames, frames: Frames, end: int) -> Steps:
    """Steps at these frames, to what the lane is in the middle of each."""
    lasts = np.append(frames[1:], end) - 1
    return Steps(frames, lane.at((frames + lasts) / 2))


def where_it_goes(lane: LaneFrames, edges: Frames, end: int) -> Steps:
    """Steps at the edges, which are sorted, and where the lane jumps or moves between them."""
    begin = int(edges[0])
    parts = [edges, lane.jumps(begin, end), lane.moves(begin, end, _every_frames)]
    return in_the_middle(lane, np.unique(np.concatenate(parts)), end)


def gains_of_an_amp(
    gains: Sequence[LaneFrames], fresh: Frames, sample_rate: float, begin: int, end: int
) -> list[Steps]:
    """What the gains of an amp are told from `begin` to `end`, so that they go as their lanes do.

    An amp goes to a gain in a straight line that takes it 5 ms. To be somewhere in less, as at a
    corner, it is told what lies on that line after 5 ms. For a jump it has all of its 5 ms, and is
    told nothing else meanwhile: a word on one gain lets both begin new lines.

    Parameters
    ----------
    gains
        The lanes of one amp's gains.
    fresh
        Frames where another sound begins, which has the gains that it is told from its first frame.
        They are sorted, and of the 10 ms before `begin` and the 5 ms behind `end` too.
    sample_rate
        In Hz.
    begin, end
        The frames that are wanted. Lanes are read up to 5 ms behind.
    """
    ramp_frames = ramp_s * sample_rate
    reach = int(np.ceil(ramp_frames))
    low, high = begin - 2 * reach - 1, end + reach  # all lines that are on their way at `begin`
    jumps = np.unique(np.concatenate([gain.jumps(low, high) for gain in gains]))
    moves = [gain.moves(low, high, int(ramp_frames)) for gain in gains]
    fresh = fresh[(fresh >= low) & (fresh < high)]
    others = np.concatenate([[low], *moves, fresh, fresh + finest_frames, jumps + reach])
    others = others[others < high]
    before = np.append(low - reach, jumps)[np.searchsorted(jumps, others, side="right")]
    frames = np.unique(np.concatenate([jumps, others[others - before >= ramp_frames]]))
    ends = np.append(frames[1:], high)
    has_time = np.isin(frames, np.append(jumps, fresh)) | np.isin(ends, fresh)
    stretch = np.where(has_time, 1.0, np.maximum(ramp_frames / (ends - frames), 1.0))
    return [_on_its_line(gain, frames, ends, stretch) for gain in gains]


def _on_its_line(gain: LaneFrames, frames: Frames, ends: Frames, stretch: NDArray[Any]) -> Steps:
    db = np.array(gain.at(np.append(frames, ends[-1]) - 1))  # a line ends on its last frame
    begin, end = 10.0 ** (np.clip([db[:-1], db[1:]], 2 * min_gain_db, 2 * max_gain_db) / 20.0)
    beyond = np.maximum(begin + stretch * (end - begin), 1e-5)
    # Within what an amp takes; but what a lane has that it does not take, it has to see.
    lowest, highest = np.minimum(db[1:], min_gain_db), np.maximum(db[1:], max_gain_db)
    told_db = np.clip(20.0 * np.log10(beyond), lowest, highest)
    is_there = (stretch == 1.0) | (db[:-1] == db[1:])
    return Steps(frames, np.where(is_there, db[1:], told_db).tolist())
