# SPDX-License-Identifier: MIT
"""A network that remembers for ever: what a stream of the engine is to those who play one."""

from __future__ import annotations

import struct
from typing import ClassVar

import numpy as np

from pedalboard_nam.settings import Settings


class LatchStream:
    """Turns the sound upside down at every frame above 0.9, and keeps it so until the next one.

    It hears itself, too: half of what it gave for the frame before is added. So its state is a sign
    that nothing but the whole signal tells, and a number that is forgotten to the bit.
    """

    lookback = None
    settle = 200
    num_channels = 1
    blocks_played: ClassVar[list[int]] = []  # lengths of those of all of them

    def __init__(self, _model: object, _rate: float, _channels: int, settings: object) -> None:
        self.settings = settings
        self.latency = 0
        self.reset()

    def reset(self, first_frame: int = 0) -> None:
        self._sign, self._last = np.float32(1.0), np.float32(0.0)

    def process(self, dry: np.ndarray, wet: np.ndarray) -> None:
        LatchStream.blocks_played.append(dry.shape[1])
        for frame, value in enumerate(dry[0]):
            if value > 0.9:
                self._sign = -self._sign
            self._last = np.float32(self._sign * value + np.float32(0.5) * self._last)
            if abs(self._last) < 1e-30:
                self._last = np.float32(0.0)
            wet[0, frame] = self._last

    def state(self) -> bytes:
        return struct.pack("<ff", self._sign, self._last)

    def set_state(self, state: bytes) -> None:
        sign, last = struct.unpack("<ff", state)
        self._sign, self._last = np.float32(sign), np.float32(last)


def played(dry: np.ndarray) -> np.ndarray:
    """What a latch makes of (channels, frames), on one thread and in one go."""
    wet = np.empty_like(dry)
    for channel in range(len(dry)):
        LatchStream(None, 48_000.0, 1, Settings()).process(
            dry[channel : channel + 1], wet[channel : channel + 1]
        )
    return wet
