# SPDX-License-Identifier: MIT
"""The examples in docs/sessions.md run as they stand there."""

from __future__ import annotations

import re
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile
from playing import noise

from pedalboard_nam import Session

_page = (Path(__file__).parents[2] / "docs" / "sessions.md").read_text("utf-8")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    with as_file(files("pedalboard_nam") / "demo" / "amp.nam") as amp:
        shutil.copy(amp, "plexi.nam")
        shutil.copy(amp, "twin.nam")
    for name in ("di.wav", "cab.wav"):
        with AudioFile(name, "w", 48_000, 1, bit_depth=32) as file:
            file.write(noise(1, 4_800))
    return tmp_path


def _blocks(language: str) -> str:
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", _page, re.DOTALL))


def test_python(folder: Path) -> None:
    exec(_blocks("python"), {})
    assert sorted(path.name for path in folder.glob("stems/*")) == [
        "left.wav",
        "right.wav",
        "room.wav",
    ]
    assert '"model": "plexi.nam"' in (folder / "board.json").read_text()


def test_toml(folder: Path) -> None:
    (folder / "song.toml").write_text(_blocks("toml"))
    done = Session.load("song.toml").bounce("mix.wav")
    assert (done.frames, done.is_finite) == (4_800 + 2 * 48_000, True)
    with AudioFile("mix.wav") as file:
        assert np.any(file.read(file.frames))
