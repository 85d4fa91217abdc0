# SPDX-License-Identifier: MIT
"""Audio to play, and files of it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from pedalboard.io import AudioFile


def noise(channels: int, frames: int, peak: float = 0.5) -> np.ndarray:
    random = np.random.default_rng(frames)
    return random.uniform(-peak, peak, (channels, frames)).astype(np.float32)


def write_audio(path: Path, audio: np.ndarray, rate_hz: int, bit_depth: int = 32) -> Path:
    with AudioFile(os.fspath(path), "w", rate_hz, len(audio), bit_depth=bit_depth) as file:
        file.write(audio[:, :0])  # says which axis is frames, should the audio be square
        file.write(audio)
    return path


def read_audio(path: Path) -> np.ndarray:
    with open(path, "rb") as file, AudioFile(file) as audio:
        return audio.read(audio.frames)
