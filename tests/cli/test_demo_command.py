# SPDX-License-Identifier: MIT
"""`reamp demo`: the first command a newcomer runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from audio_files import read_audio
from reamp_command import Reamp


def test_the_demo_plays(reamp_here: Reamp, tmp_path: Path) -> None:
    done = reamp_here("demo")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert str(tmp_path / "demo.wav") in done.stdout
    wet = read_audio(tmp_path / "demo.wav")
    assert wet.shape[1] > 2 * 48_000
    assert 0.02 < np.sqrt(np.mean(wet**2)) < 0.5


def test_the_second_time_is_as_clear(reamp_here: Reamp, tmp_path: Path) -> None:
    (tmp_path / "demo.wav").touch()
    done = reamp_here("demo")
    assert done.returncode == 1
    assert done.stderr == "reamp: demo.wav exists already; --force replaces it\n"
    assert reamp_here("demo", "--force").returncode == 0
