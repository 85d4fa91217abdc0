# SPDX-License-Identifier: MIT
"""`reamp compare`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, write_audio
from reamp_command import Reamp


@pytest.fixture
def recordings(tmp_path: Path) -> tuple[str, str]:
    """b, and a: 12 frames later, 6 dB louder and upside down."""
    b = noise(1, 48_000, 0.2)
    write_audio(tmp_path / "b.wav", b, 48_000)
    write_audio(tmp_path / "a.wav", -2.0 * np.roll(b, 12), 48_000)
    return "a.wav", "b.wav"


def test_the_table_says_how_they_differ(reamp_here: Reamp, recordings: tuple[str, str]) -> None:
    done = reamp_here("compare", *recordings)
    assert (done.returncode, done.stderr) == (0, "")
    for fact in ("12 frames, 0.250 ms", "inverted", "+6.02 dB", "-inf dB"):
        assert fact in done.stdout


def test_json_says_the_same(reamp_here: Reamp, recordings: tuple[str, str]) -> None:
    done = reamp_here("compare", "--json", *recordings)
    assert (done.returncode, done.stderr) == (0, "")
    facts = json.loads(done.stdout)
    assert facts.pop("error_to_signal_ratio") == pytest.approx(5.0, abs=0.1)
    assert facts.pop("esr_db") == pytest.approx(7.0, abs=0.1)
    assert facts.pop("level_difference_db") == pytest.approx(6.02, abs=0.01)
    assert facts == {
        "a": "a.wav",
        "b": "b.wav",
        "null_depth_db": None,
        "delay_frames": 12.0,
        "inverted": True,
        "num_channels": 1,
        "frames": 48_000,
        "sample_rate_hz": 48_000.0,
    }


def test_a_plot_is_made_once(
    reamp_here: Reamp, recordings: tuple[str, str], tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    arguments = ("compare", *recordings, "--plot", "out.png")
    assert reamp_here(*arguments).returncode == 0
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    done = reamp_here(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "reamp: out.png exists already; --force replaces it\n"
    assert reamp_here(*arguments, "--force").returncode == 0


def test_without_matplotlib_a_line_says_what_to_install(
    reamp_here: Reamp, recordings: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    done = reamp_here("compare", *recordings, "--plot", "out.png")
    assert done.returncode == 1
    assert 'pip install "pedalboard-nam[plot]"' in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_cannot_be_compared_is_one_line(
    reamp_here: Reamp, recordings: tuple[str, str], tmp_path: Path
) -> None:
    write_audio(tmp_path / "short.wav", noise(1, 100), 48_000)
    done = reamp_here("compare", "short.wav", "b.wav")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ("reamp: short.wav has 100 frames, b.wav has 48000; they must be alike\n")
    done = reamp_here("compare", "none.wav", "b.wav")
    assert (done.returncode, done.stderr) == (1, "reamp: none.wav: No such file or directory\n")


def test_help_fits_80_columns(reamp_here: Reamp) -> None:
    done = reamp_here("compare", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
