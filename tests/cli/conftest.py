# SPDX-License-Identifier: MIT
"""A model, and a file to play."""

from __future__ import annotations

from pathlib import Path

import pytest
from audio_files import noise, write_audio

from pedalboard_nam import Model


@pytest.fixture(scope="session")
def amp(amp_path: Path) -> Model:
    return Model.load(amp_path)


@pytest.fixture
def di(tmp_path: Path) -> Path:
    """A tenth of a second of mono noise at 48 kHz."""
    return write_audio(tmp_path / "di.wav", noise(1, 4_800), 48_000)
