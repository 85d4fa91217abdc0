# SPDX-License-Identifier: MIT
"""Audio to play, and files of it."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import soundfile
from pedalboard.io import AudioFile


def noise(channels: int, frames: int, peak: float = 0.5) -> np.ndarray:
    random = np.random.default_rng(frames)
    return random.uniform(-peak, peak, (channels, frames)).astype(np.float32)


def write_audio(path: Path, audio: np.ndarray, rate_hz: int, bit_depth: int = 32) -> Path:
    with AudioFile(os.fspath(path), "w", rate_hz, len(audio), bit_depth=bit_depth) as file:
        file.write(audio[:, :0])  # says which axis is frames, should the audio be square
        file.write(audio)
    return path


def write_silence(path: Path, frames: int, rate_hz: int) -> Path:
    """A WAV file of hours in a moment: of its 16 bits a sample, none is written."""
    form = struct.pack("<IHHIIHH", 16, 1, 1, rate_hz, 2 * rate_hz, 2, 16)
    with open(path, "wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 36 + 2 * frames) + b"WAVEfmt " + form)
        file.write(b"data" + struct.pack("<I", 2 * frames))
        file.truncate(44 + 2 * frames)
    return path


def read_audio(path: Path) -> np.ndarray:
    with open(path, "rb") as file:
        return soundfile.read(file, dtype="float32", always_2d=True)[0].T
