# SPDX-License-Identifier: MIT
"""What an amp is told, so that its gains go as their lanes do, and its sounds fade on time.

An amp goes to a gain in a straight line that takes it 5 ms. To be somewhere in less, as at a
corner, it is told what lies on that line after 5 ms. For a jump it has all of its 5 ms, and is told
nothing else meanwhile: a word on one gain lets both begin new lines.

Another model, size or output mode is another sound, which fades in over 5 ms with the gains that it
is told from its first frame on. One that comes in the fade of another waits for the block behind.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..plugin_state import max_gain_db, min_gain_db
from .lane_frames import Frames, LaneFrames, finest_frames
from .steps import Steps

_ramp_s = 0.005


def ramp_frames(sample_rate: float) -> int:
    """How many frames a gain takes to another, or a sound to fade in."""
    return math.ceil(_ramp_s * sample_rate)


def new_sounds(lanes: Sequence[LaneFrames], begin: int, end: int) -> Frames:
    """The frames in [begin, end) where another sound begins, by all lanes but those of gains."""
    return np.unique(np.concatenate([[0], *(lane.jumps(begin, end) for lane in lanes)]))


def gain_steps(
    gains: Sequence[LaneFrames], sounds: Frames, sample_rate: float, begin: int, end: int
) -> list[Steps]:
    """The steps of an amp's gains from `begin` to `end`.

    Parameters
    ----------
    gains
        The lanes, which are read up to 5 ms behind the end.
    sounds
        The frames where another sound begins, also 10 ms before and 5 ms behind.
    sample_rate
        In Hz.
    begin, end
        The frames that are wanted; there may be more.
    """
    ramp = _ramp_s * sample_rate
    reach = ramp_frames(sample_rate)
    low, high = begin - 2 * reach - 1, end + reach  # all lines that are on their way at `begin`
    jumps = np.unique(np.concatenate([gain.jumps(low, high) for gain in gains]))
    moves = [gain.moves(low, high, int(ramp)) for gain in gains]
    # A new sound has a short line first: it does not start where that begins, but where it ends.
    others = np.concatenate([*moves, sounds, sounds + finest_frames, jumps + reach])
    others = np.append(low, others[(others > low) & (others < high)])
    last_jumps = np.append(low - reach, jumps)[np.searchsorted(jumps, others, side="right")]
    frames = np.unique(np.concatenate([jumps, others[others - last_jumps >= ramp]]))
    ends = np.append(frames[1:], high)
    # What goes plays on towards what it was told last: that must not lie beyond its end.
    takes_all = np.isin(frames, np.append(jumps, sounds)) | np.isin(ends, sounds)
    stretch = np.where(takes_all, 1.0, np.maximum(ramp / (ends - frames), 1.0))
    return [_on_its_lines(gain, frames, ends, stretch) for gain in gains]


def _on_its_lines(gain: LaneFrames, frames: Frames, ends: Frames, stretch: NDArray[Any]) -> Steps:
    db = np.array(gain.at(np.append(frames, ends[-1]) - 1))  # a line ends on its last frame
    level = 10.0 ** (np.clip(db, 2 * min_gain_db, 2 * max_gain_db) / 20.0)
    beyond = level[:-1] + stretch * (level[1:] - level[:-1])
    beyond_db = 20.0 * np.log10(np.maximum(beyond, 1e-9))
    # A fall is too steep for 5 ms if its line ends below all gains, and is late then. A gain that
    # rests is told as the lane has it, to the bit.
    is_beyond = (stretch > 1.0) & (db[:-1] != db[1:])
    is_beyond &= (beyond_db >= min_gain_db) & (beyond_db <= max_gain_db)
    return Steps(frames, np.where(is_beyond, beyond_db, db[1:]).tolist())
