# SPDX-License-Identifier: MIT
"""A gain of an amp that follows its lane from frame to frame.

It is applied outside the amp, whose own gains go in straight lines of 5 ms: no zipper noise either,
but no lane could bend in less.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from ..audio.arrays import Audio
from ..settings import Number, declared
from .automated_property import AutomatedProperty
from .lane_frames import LaneFrames

_range = cast("Number", declared["input_gain_db"].kind)  # and that of the other gain


class GainCurve:
    """Scales the frames of a signal, from its first on.

    Parameters
    ----------
    automated
        The gain, in dB.
    sample_rate
        In Hz.
    ramp_frames
        What a jump takes, in a straight line from the level right before.
    """

    def __init__(self, automated: AutomatedProperty, sample_rate: float, ramp_frames: int) -> None:
        self._automated = automated
        self._lane = LaneFrames(automated.lane, sample_rate)
        self._ramp_frames = ramp_frames
        self._done = 0
        self._jump = -ramp_frames  # the last one
        self._level_before = 1.0  # it
        self._last_level = 1.0

    def apply(self, audio: Audio) -> Audio:
        """Scale the next frames.

        Raises
        ------
        ValueError
            If the lane has a value that an amp does not accept.
        """
        if not audio.shape[1]:
            return audio
        end = self._done + audio.shape[1]
        levels = self._levels(self._done, end)
        self._done, self._last_level = end, levels[-1]
        return audio * levels.astype(np.float32)

    def _levels(self, begin: int, end: int) -> NDArray[np.float64]:
        db = self._lane.numbers(begin, end)
        for extreme_db in (db.min(), db.max()):
            if not _range.low <= extreme_db <= _range.high:
                self._automated.set(float(extreme_db))  # which says so
        levels = 10.0 ** (db / 20.0)
        jumps = self._lane.jumps(max(begin, 1), end).tolist()
        for jump, next_jump in zip([self._jump, *jumps], [*jumps, end], strict=True):
            if jump >= begin:
                self._level_before = levels[jump - begin - 1] if jump > begin else self._last_level
            frames = np.arange(max(jump, begin), min(jump + self._ramp_frames, next_jump))
            part = (frames - (jump - 1)) / self._ramp_frames
            levels[frames - begin] = self._level_before + part * (
                levels[frames - begin] - self._level_before
            )
            self._jump = jump
        return levels
