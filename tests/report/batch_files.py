# SPDX-License-Identifier: MIT
"""A folder as a batch leaves it: inputs, outputs and a manifest."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from pedalboard.io import AudioFile

from pedalboard_nam.report.manifest import Record, encode

rate_hz = 48_000
AddRecord = Callable[..., Path]


def write_sine(path: Path, level_db: float, *, duration_s: float = 0.1, channels: int = 1) -> None:
    time_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    sine = 10.0 ** (level_db / 20.0) * np.sin(2.0 * np.pi * 1000.0 * time_s)
    with (
        open(path, "wb") as file,
        AudioFile(file, "w", rate_hz, channels, bit_depth=32, format="wav") as audio,
    ):
        audio.write(np.tile(sine, (channels, 1)).astype(np.float32))


def new_batch(folder: Path) -> AddRecord:
    """`add("wet.wav", level_db=-6)` makes that output and its record, and gives the manifest."""
    (folder / "di").mkdir()
    (folder / "wet").mkdir()
    manifest = folder / "wet" / "manifest.jsonl"

    def add(
        output: str,
        *,
        input: str = "di.wav",
        level_db: float = -6.0,
        duration_s: float = 0.1,
        model_name: str = "Plexi",
        settings: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Path:
        dry, wet = folder / "di" / input, manifest.parent / output
        if not dry.exists():
            write_sine(dry, -20.0, duration_s=duration_s)
        write_sine(wet, level_db, duration_s=duration_s)
        record: dict[str, Any] = {
            "status": "done",
            "input": str(dry),
            "model": "amp.nam",
            "output": output,
            "input_hash": "1" * 32,
            "model_hash": "2" * 32,
            "model_name": model_name,
            "settings": {"size": "full", "input_gain_db": 0.0} | (settings or {}),
            "seed": 0,
            "draw": 0,
            "board": None,
            "bit_depth": None,
            "versions": {"pedalboard_nam": "0.1.0"},
            "sample_rate": rate_hz,
            "num_channels": 1,
            "frames": round(duration_s * rate_hz),
            "duration_s": duration_s,
            "peak_dbfs": level_db,
            "clipped": False,
            "loudness_db": level_db - 10.0 * math.log10(2.0),
        }
        with open(manifest, "ab") as file:
            file.write(encode(Record(**(record | fields))) + b"\n")
        return manifest

    return add
