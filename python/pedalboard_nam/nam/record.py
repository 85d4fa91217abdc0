# SPDX-License-Identifier: MIT
"""What a model image holds of a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A network that has been read and checked.

    Attributes
    ----------
    tag
        Four letters, by which the core finds the room that plays it.
    config
        What that room wants to know, in its own layout.
    weights
        In the order of the `.nam` file.
    children
        The networks that it holds.
    """

    tag: bytes
    config: bytes
    weights: npt.NDArray[np.float32]
    children: tuple[Record, ...] = ()

    def count(self) -> int:
        """Of records: this one, and those inside."""
        return 1 + sum(child.count() for child in self.children)

    def weight_count(self) -> int:
        """Of this one, and those inside."""
        return self.weights.size + sum(child.weight_count() for child in self.children)
