# SPDX-License-Identifier: MIT
"""Amps, and a folder of audio to play through them."""

from __future__ import annotations

import json
from pathlib import Path

import nam_factory
import pytest
from audio_files import noise, write_audio
from reamp_command import Done, Reamp, run_here, run_process


@pytest.fixture
def reamp(tmp_path: Path) -> Reamp:
    """`reamp("batch", ...)` in the test's folder, in a process of its own."""

    def run(*arguments: str | Path, prefix: tuple[str, ...] = ()) -> Done:
        return run_process(tmp_path, arguments, prefix)

    return run


@pytest.fixture
def reamp_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Reamp:
    """The same without a process."""
    return lambda *arguments: run_here(tmp_path, arguments, capsys)


@pytest.fixture
def amp_path(tmp_path: Path) -> Path:
    path = tmp_path / "amp.nam"
    path.write_text(json.dumps(nam_factory.container()))
    return path


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
