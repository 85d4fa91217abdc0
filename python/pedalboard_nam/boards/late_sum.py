# SPDX-License-Identifier: MIT
"""A sum of signals that come at paces of their own."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..audio.arrays import Audio


class LateSum:
    """Adds up signals frame by frame; those that are ahead wait for the last one."""

    def __init__(self, signals: int, num_channels: int) -> None:
        self._waiting: list[Audio] = [np.empty((num_channels, 0), np.float32)] * signals

    def add(self, blocks: Iterable[Audio]) -> Audio:
        """Take the next frames of each signal; give the sum as far as all have come."""
        ready = [np.concatenate(both, axis=1) for both in zip(self._waiting, blocks, strict=True)]
        frames = min(signal.shape[1] for signal in ready)
        self._waiting = [signal[:, frames:] for signal in ready]
        total = np.zeros((len(ready[0]), frames), np.float32)
        for signal in ready:
            total += signal[:, :frames]
        return total
