# SPDX-License-Identifier: MIT
"""A FiLM: what the condition says scales a signal, and may shift it.

For a signal of N channels, a 1x1 makes 2 N of the condition, or N where nothing is shifted::

    scale, shift = bias + matrix condition
    y = scale x + shift

It may have groups, which know nothing of where the scales end and the shifts begin.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .convolution import Convolution
from .weights import Weights


class Film:
    """The FiLM of a config, for a signal of `width` channels."""

    def __init__(
        self, weights: Weights, name: str, fields: dict[str, Any], condition_size: int, width: int
    ) -> None:
        self._width = width
        outputs = width
        if _or(fields.get("shift"), True):
            name, outputs = f"{name} with shift", 2 * width
        groups = _or(fields.get("groups"), 1)
        self._of = Convolution(weights, name, condition_size, outputs, groups=groups)

    def __call__(self, x: np.ndarray, condition: np.ndarray) -> np.ndarray:
        said = self._of(condition)
        scale, shift = said[: self._width], said[self._width :]
        return scale * x + shift if len(shift) else scale * x


def is_active(fields: dict[str, Any] | bool | None) -> bool:
    """Whether a config asks for a FiLM: one that is there is active if it says nothing else."""
    return isinstance(fields, dict) and _or(fields.get("active"), True)


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value
