# SPDX-License-Identifier: MIT
"""The command, a model, and a file to play."""

from __future__ import annotations

import json
from pathlib import Path

import nam_factory
import pytest
from audio_files import noise, write_audio
from reamp_command import Done, Reamp, run_here, run_process

from pedalboard_nam import Model


@pytest.fixture
def reamp(tmp_path: Path) -> Reamp:
    """`reamp("render", ...)` in an empty folder, in a process of its own."""

    def run(*arguments: str | Path, prefix: tuple[str, ...] = ()) -> Done:
        return run_process(tmp_path, arguments, prefix)

    return run


@pytest.fixture
def reamp_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Reamp:
    """The same without a process: for what ends early, many times."""
    return lambda *arguments: run_here(tmp_path, arguments, capsys)


@pytest.fixture(scope="session")
def amp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("amp") / "amp.nam"
    path.write_text(json.dumps(nam_factory.container()))
    return path


@pytest.fixture(scope="session")
def amp(amp_path: Path) -> Model:
    return Model.load(amp_path)


@pytest.fixture
def di(tmp_path: Path) -> Path:
    """A tenth of a second of mono noise at 48 kHz."""
    path = tmp_path / "di.wav"
    write_audio(path, noise(1, 4_800), 48_000)
    return path
