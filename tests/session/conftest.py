# SPDX-License-Identifier: MIT
"""Recordings."""

from __future__ import annotations

from pathlib import Path

import pytest
from audio_files import write_audio
from session_audio import mono_audio, rate, stereo_audio


@pytest.fixture
def mono(tmp_path: Path) -> Path:
    return write_audio(tmp_path / "mono.wav", mono_audio, rate)


@pytest.fixture
def stereo(tmp_path: Path) -> Path:
    return write_audio(tmp_path / "stereo.wav", stereo_audio, rate)
