# SPDX-License-Identifier: MIT
"""Amps, and a folder of audio to play through them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nam_factory
import pytest
from audio_files import noise, write_audio


@pytest.fixture
def amp_path(amp_path: Path, tmp_path: Path) -> Path:
    """In the test's folder, where it may change."""
    return Path(shutil.copy(amp_path, tmp_path))


@pytest.fixture
def amps(tmp_path: Path) -> Path:
    """A folder with a lite amp and a full one, the latter at 44.1 kHz."""
    folder = tmp_path / "amps"
    (folder / "brand").mkdir(parents=True)
    (folder / "clean.nam").write_text(json.dumps(nam_factory.lite(3)))
    loud = nam_factory.full(4, sample_rate=44_100.0)
    (folder / "brand" / "loud.nam").write_text(json.dumps(loud))
    return folder


@pytest.fixture
def di(tmp_path: Path) -> Path:
    """A folder: mono at 48 kHz, stereo at 44.1 kHz, and 8 channels at 192 kHz in a folder below."""
    folder = tmp_path / "di"
    (folder / "takes").mkdir(parents=True)
    write_audio(folder / "mono.wav", noise(1, 4_800), 48_000)
    write_audio(folder / "stereo.wav", noise(2, 9_001), 44_100)
    write_audio(folder / "takes" / "eight.wav", noise(8, 3_000), 192_000)
    return folder
