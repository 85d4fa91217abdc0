# SPDX-License-Identifier: MIT
"""The specification: what a Sequential computes. Its networks play one after the other.

Silence comes in for ever before the first frame, so each of them has heard for ever what the one
before makes of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .network import Network


class Sequential(Network):
    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = networks

    def play(self, x: np.ndarray, before: np.ndarray) -> np.ndarray:
        for network in self._networks:
            x, before = network.play(x, before), network.rest(before)
        return x

    def rest(self, before: np.ndarray) -> np.ndarray:
        for network in self._networks:
            before = network.rest(before)
        return before
