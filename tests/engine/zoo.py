# SPDX-License-Identifier: MIT
"""Renders of the reference engine: one of every kind of model, where they are on this machine.

They are not part of the repository: without them `GOLDENS` is empty, and tests of it are skipped.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parents[3] / "shared" / "reference"


class Golden:
    """The first 48,000 frames of a model's output, and how far they are from float64."""

    def __init__(self, entry: dict[str, Any], of_render: dict[str, Any]) -> None:
        given = of_render["size"]
        self.id: str = entry["id"] if given is None else f"{entry['id']}@{given}"
        self.size: float = 1.0 if given is None else given
        self.f64_db: float = of_render["f64_db"]["stress"]
        self.inputs: int = entry["channels_in"]
        self.outputs: int = entry["channels_out"]
        self.multiply_adds: int = of_render["macs"]
        self.is_recurrent: bool = of_render["receptive_field"] is None
        # Of a network without a rate, the reference settles no more than a block of 64 frames.
        self.starts_unsettled = self.is_recurrent and entry["sample_rate"] is None
        self._file: str = entry["file"]
        self._render: str = of_render["golden"]["stress"]

    @cached_property
    def nam(self) -> dict[str, Any]:
        return json.loads((FOLDER / "zoo" / self._file).read_bytes())

    @property
    def input(self) -> np.ndarray:
        """Mono; or [channel, frame], the second channel being half as loud, and 7 frames late."""
        x = np.load(FOLDER / "audio" / "stress.npy")[:48_000]
        return (
            x if self.inputs == 1 else np.stack([x, 0.5 * np.append(np.zeros(7, x.dtype), x[:-7])])
        )

    @property
    def output(self) -> np.ndarray:
        """Mono, or [channel, frame]."""
        return np.load(FOLDER / "zoo" / self._render)


def _goldens() -> list[Golden]:
    index = FOLDER / "zoo" / "index.json"
    if not index.is_file():
        return []
    models = json.loads(index.read_bytes())["models"]
    return [Golden(entry, of_render) for entry in models for of_render in entry["renders"]]


GOLDENS = _goldens()
