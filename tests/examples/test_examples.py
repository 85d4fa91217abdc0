# SPDX-License-Identifier: MIT
"""The examples run as they stand, and make what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from pedalboard.io import AudioFile

_examples = Path(__file__).parents[2] / "examples"
_scripts = sorted(path.name for path in _examples.glob("*.py"))
_outputs = {
    "reamp_a_folder.py": ["wet/listen.html", "wet/manifest.jsonl", "wet/di__lead__full.wav"],
    "two_amps.py": ["two_amps.wav", "two_amps_stems/left.wav", "two_amps_stems/room.wav"],
    "solo_boost.py": ["solo.wav"],
    "paired_data.py": [],
    "live.py": [],
}
_sound_card = 'pcm.!default { type file  slave.pcm "null"  file "/dev/null"  format "raw" }\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files that the examples expect, and a sound card that swallows all."""
    demo = resources.files("pedalboard_nam") / "demo"
    with (
        resources.as_file(demo / "di.flac") as di,
        AudioFile(str(di)) as dry,
        AudioFile(str(tmp_path / "di.wav"), "w", dry.samplerate, 1) as copy,
    ):
        copy.write(dry.read(3 * int(dry.samplerate)))
    with resources.as_file(demo / "amp.nam") as amp:
        for name in ("rhythm.nam", "lead.nam"):
            shutil.copy(amp, tmp_path / name)
    (tmp_path / "di").mkdir()
    shutil.copy(tmp_path / "di.wav", tmp_path / "di")
    (tmp_path / "amps").mkdir()
    for name in ("rhythm.nam", "lead.nam"):
        shutil.copy(tmp_path / name, tmp_path / "amps")
    (tmp_path / ".asoundrc").write_text(_sound_card)
    return tmp_path


def _run(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)},
        input="\n",  # for the one that waits for Enter
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("script", _scripts)
def test_an_example_runs(folder: Path, script: str) -> None:
    done = _run(folder, _examples / script)
    if script == "live.py" and re.search("No such device|no sound card", done.stderr):
        pytest.skip("pedalboard sees no sound card, not even one that swallows all")
    assert (done.returncode, done.stderr) == (0, "")
    for output in _outputs[script]:
        assert (folder / output).stat().st_size > 0, output


def test_live_says_that_there_is_no_sound_card(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALSA_CONFIG_PATH", os.devnull)
    done = _run(folder, _examples / "live.py")
    assert (done.returncode, done.stderr) == (
        1,
        "There is no sound card with an input and an output.\n",
    )


@pytest.mark.parametrize("script", sorted(set(_scripts) - {"live.py"}))
def test_an_example_runs_again(folder: Path, script: str) -> None:
    for _ in range(2):
        done = _run(folder, _examples / script)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_session_plays(folder: Path) -> None:
    shutil.copy(_examples / "song.toml", folder)
    done = _run(folder, "-m", "pedalboard_nam.cli", "session", "song.toml", "--output", "mix.wav")
    assert (done.returncode, done.stderr) == (0, "")
    with AudioFile(str(folder / "mix.wav")) as mix:
        assert mix.duration == 1.5 + 3 + 2
