# SPDX-License-Identifier: MIT
"""The flat list of weights of a `.nam` file, taken from its front piece by piece.

Every engine holds weights in float32, so they are rounded to float32 here too. All that is computed
with them is float64.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Weights:
    """What is left of the list."""

    def __init__(self, flat: Sequence[float]) -> None:
        self._left = np.float64(np.float32(flat))

    def take(self, name: str, *shape: int) -> np.ndarray:
        """The next weights, the last index running fastest; `name` says what they are."""
        count = int(np.prod(shape))
        if count > self._left.size:
            raise ValueError(f"{name} has {count} weights; {self._left.size} are left in the file")
        taken, self._left = self._left[:count], self._left[count:]
        return taken.reshape(shape)

    def check_none_left(self) -> None:
        if self._left.size:
            raise ValueError(f"the network has {self._left.size} weights fewer than the file")
