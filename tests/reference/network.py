# SPDX-License-Identifier: MIT
"""What a network does with a signal, and with the silence before it.

A signal is [channel, frame]. Something constant came in for ever before the first frame: zero for
an amp; inside another network, what the one before makes of silence.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np


class Network(ABC):
    @abstractmethod
    def play(self, x: np.ndarray, before: np.ndarray) -> np.ndarray:
        """The output for `x`, [channel, frame], after `before`, [channel], for ever."""

    @abstractmethod
    def rest(self, before: np.ndarray) -> np.ndarray:
        """What comes out, [channel], when `before` has come in for ever."""


def held(value: np.ndarray, frames: int) -> np.ndarray:
    """A signal that has one value in each channel."""
    return np.repeat(value[:, np.newaxis], frames, axis=1)


def after(before: np.ndarray, frames: int, x: np.ndarray) -> np.ndarray:
    """`x`, and so many frames of what was before it."""
    return np.concatenate([held(before, frames), x], axis=1)
