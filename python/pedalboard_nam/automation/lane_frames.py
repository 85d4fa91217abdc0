# SPDX-License-Identifier: MIT
"""Where a lane lies among the frames that reach an effect: its jumps, and where it is read anew.

All of it is a matter of the lane and the frame alone, so that the blocks of a signal change
nothing, and is found for the frames that are asked for, so that hours take no memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lanes import FunctionLane, Lane

Frames = NDArray[np.int64]

every_frames = 32  # between two points, or of a function, which has none

# A lane of a value every frame would have an effect play frame by frame. Where its points are
# closer than this, it is read at multiples of this: 6 kHz at a rate of 48 kHz.
finest_frames = 8


@dataclass(frozen=True, slots=True)
class LaneFrames:
    """A lane whose time begins when `late_frames` have reached the effect."""

    lane: Lane | FunctionLane
    sample_rate: float
    late_frames: int = 0

    def at(self, frames: NDArray[Any]) -> list[Any]:
        """The values at these frames, also between two."""
        return self.lane.at(self._times_of(frames))

    def numbers(self, begin: int, end: int) -> NDArray[np.float64]:
        """The value at every frame in [begin, end); of a function, in lines of 32 frames.

        If `end` is a multiple of 32, a function is asked for no later time.
        """
        if isinstance(self.lane, Lane):
            return self.lane.numbers_at(self._times_of(np.arange(begin, end)))
        read = np.arange(
            begin // every_frames * every_frames - 1, end + every_frames - 1, every_frames
        )
        return np.interp(np.arange(begin, end), read, self.at(read))

    def jumps(self, begin: int, end: int) -> Frames:
        """The frames in [begin, end) that are the first with another value."""
        return _within(
            self._first_frames(self.lane.jumps_s(*self._times_s(begin, end))), begin, end
        )

    def moves(self, begin: int, end: int) -> Frames:
        """The frames in [begin, end) where it is read anew, jumps aside.

        They are the points at both ends of its ways, and between them every 32 frames.
        """
        window_s = self._times_s(begin, end)
        begins_s, ends_s = self.lane.ways_s(*window_s)
        # No further than a second behind, or 1e300 s would be a frame that no integer counts.
        begins, ends = map(self._first_frames, (begins_s, np.minimum(ends_s, window_s[1] + 1.0)))
        is_short = ends - begins < finest_frames
        begins, ends = (
            np.where(is_short, -(-point // finest_frames) * finest_frames, point)
            for point in (begins, ends)
        )
        first = begins + -(np.minimum(begins - begin, 0) // every_frames) * every_frames
        counts = np.maximum(-((first - np.minimum(ends, end)) // every_frames), 0)
        numbers = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        between: Frames = np.repeat(first, counts) + every_frames * numbers
        return _within(np.concatenate([begins, ends, between]), begin, end)

    def _times_of(self, frames: NDArray[Any]) -> NDArray[np.float64]:
        return np.maximum(frames - self.late_frames, 0.0) / self.sample_rate

    def _times_s(self, begin: int, end: int) -> tuple[float, float]:
        """A little more at both ends: what lies outside is left out when it is known in frames."""
        ends = begin - self.late_frames - finest_frames, end - self.late_frames + 1
        return ends[0] / self.sample_rate, ends[1] / self.sample_rate

    def _first_frames(self, times_s: NDArray[np.float64]) -> Frames:
        """The first frames that are not before these times, as `at` sees it: 1.1 s * 48 kHz in
        floats is more than 52800, but frame 52800 is at 1.1 s."""
        frames = np.ceil(times_s * self.sample_rate)
        frames -= (frames - 1) / self.sample_rate >= times_s
        frames += frames / self.sample_rate < times_s
        return frames.astype(np.int64) + self.late_frames


def _within(frames: Frames, begin: int, end: int) -> Frames:
    return np.unique(frames[(frames >= begin) & (frames < end)])
