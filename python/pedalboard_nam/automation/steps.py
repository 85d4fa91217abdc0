# SPDX-License-Identifier: MIT
"""The values that a property is given on the way, and the frames from which on they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .lane_frames import Frames, LaneFrames


@dataclass(frozen=True, slots=True)
class Steps:
    """Values, each of which holds from its frame up to the next."""

    frames: Frames
    values: list[Any]

    def at(self, frames: Frames) -> list[Any]:
        """The values that hold at these frames."""
        numbers = np.searchsorted(self.frames, frames, side="right") - 1
        return [self.values[n] for n in numbers.tolist()]


def steps(lane: LaneFrames, edges: Frames, end: int) -> Steps:
    """Steps at the edges, which are sorted, and up to `end` wherever the lane jumps or moves.

    Each is to what the lane is in the middle of its frames.
    """
    begin = int(edges[0])
    parts = [edges, lane.jumps(begin, end), lane.moves(begin, end)]
    frames = np.unique(np.concatenate(parts))
    lasts = np.append(frames[1:], end) - 1
    return Steps(frames, lane.at((frames + lasts) / 2))
