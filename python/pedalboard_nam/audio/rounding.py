# SPDX-License-Identifier: MIT
"""Samples become whole numbers: the nearest, with noise or without."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .arrays import Audio


class Rounding:
    """To so many bits; what exceeds full scale is cut, and what is not a number becomes 0."""

    def __init__(self, bits: int, dither: bool) -> None:
        self._steps = 1 << bits - 1
        self._dtype = np.float64 if bits > 24 or dither else np.float32
        # Always the same noise: one source and one board make one file.
        self._random = np.random.default_rng(0) if dither else None

    def of(self, audio: Audio) -> NDArray[np.int32]:
        """Steps of full scale."""
        scaled = audio.astype(self._dtype) * self._dtype(self._steps)
        if self._random is not None:
            # The difference of two even distributions of a step: triangular, as is right for a
            # rounding error that neither its mean nor its power lets hear the signal.
            even = self._random.random((audio.shape[1], 2, audio.shape[0]), dtype=np.float32)
            scaled += (even[:, 0] - even[:, 1]).T
        np.rint(scaled, out=scaled)
        np.clip(scaled, -self._steps, self._steps - 1, out=scaled)
        if np.isnan(scaled).any():
            scaled = np.nan_to_num(scaled, nan=0.0)
        return scaled.astype(np.int32)
