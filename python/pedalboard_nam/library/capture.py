# SPDX-License-Identifier: MIT
"""A model file and its facts, as plain values."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..effect import effect_state, vstpreset
from ..engine.benchmark import SpeedOf
from ..errors import located, sentence
from ..nam.description import words
from ..nam.model import Model
from ..wording.quoted import is_object


@dataclass(frozen=True, slots=True)
class Capture:
    """A model file that was read, or could not be.

    Attributes
    ----------
    path
        As its user would write it.
    facts
        What ``reamp info --json`` prints of it, but for the path; empty if it cannot be read.
    error
        Why it cannot be read, or empty.
    """

    path: str
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"path": self.path, **({"error": self.error} if self.error else self.facts)}

    def fields(self) -> dict[str, Any]:
        """Facts by one name each, for columns, filters and order; those of nested metadata too."""
        facts = self.facts
        if not facts:
            return {"path": self.path, "file": os.path.basename(self.path), "error": self.error}
        metadata, full = facts["metadata"], facts["sizes"][-1]
        gear = (str(metadata[key]) for key in ("gear_make", "gear_model") if metadata.get(key))
        return flattened(metadata) | {
            "path": self.path,
            "file": os.path.basename(self.path),
            "name": facts["name"],
            "gear": " ".join(gear) or None,
            "tone": metadata.get("tone_type"),
            "kind": facts["description"],
            "architecture": facts["architecture"],
            "sample_rate_hz": facts["sample_rate_hz"],
            "loudness": full["loudness_db"],
            "gain": metadata.get("gain"),
            "input_level_dbu": facts["input_level_dbu"],
            "output_level_dbu": facts["output_level_dbu"],
            "weights": full["weights"],
            "multiply_adds": full["multiply_adds"],
            "lookback_frames": full["lookback_frames"],
            "x_real_time": full["x_real_time"],
            "notes": " ".join(facts["notes"]) or None,
        }


def read(path: str, speed_of: SpeedOf | None) -> Capture:
    """Read a `.nam` file, or a `.vstpreset` file with a model in it, and measure how fast it is."""
    try:
        return Capture(path, facts_of(load(Path(path)), speed_of))
    except (OSError, ValueError) as error:
        return Capture(path, error=sentence(error))


def load(path: Path) -> Model:
    """The model of a `.nam` file, or in a `.vstpreset` file."""
    if path.suffix.lower() != ".vstpreset":
        return Model.load(path)
    try:
        class_id, component = vstpreset.read(path.read_bytes())
        if class_id != effect_state.class_id:
            raise ValueError(f"this .vstpreset is of another plug-in, {class_id}")
        return effect_state.read(component).model
    except ValueError as error:
        raise located(str(path), error) from None


def facts_of(model: Model, speed_of: SpeedOf | None) -> dict[str, Any]:
    """All that is known of a model, sizes in order; speeds are None if they are not measured."""
    networks = model._core.networks
    return {
        "name": model.name,
        "architecture": model.architecture,
        "description": model.description,
        "sample_rate_hz": model.sample_rate,
        "receptive_field_frames": model.receptive_field,
        "input_level_dbu": model.input_level_dbu,
        "output_level_dbu": model.output_level_dbu,
        "sizes": [
            {
                "name": size.name,
                "description": words(network),
                "breakpoint": size.breakpoint,
                "channels": size.channels,
                "weights": size.weights,
                "loudness_db": size.loudness_db,
                "multiply_adds": network.multiply_adds,
                "lookback_frames": network.lookback,
                "x_real_time": None if speed_of is None else speed_of(model, index),
            }
            for index, (size, network) in enumerate(zip(model.sizes, networks, strict=True))
        ],
        "notes": list(model.notes),
        "metadata": model.metadata,
    }


def flattened(metadata: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Values in nested objects by names with dots."""
    flat: dict[str, Any] = {}
    for key, value in metadata.items():
        if is_object(value):
            flat |= flattened(value, f"{before}{key}.")
        else:
            flat[before + key] = value
    return flat
