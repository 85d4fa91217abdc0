# SPDX-License-Identifier: MIT
"""Whatever goes wrong is one line on stderr, an exit code, and no file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, write_audio
from full_disk import full_disk
from reamp_command import Reamp


@pytest.fixture
def folder(tmp_path: Path, amp_path: Path, di: Path) -> Path:
    """An amp, a DI, and things that are neither."""
    shutil.copy(amp_path, tmp_path / "amp.nam")
    (tmp_path / "text.wav").write_text("This is not audio.\n" * 100)
    (tmp_path / "text.nam").write_text("This is not JSON.\n")
    (tmp_path / "empty.wav").touch()
    (tmp_path / "existing.wav").touch()
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "link.wav").symlink_to(di)
    write_audio(tmp_path / "silent.wav", np.zeros((1, 0), np.float32), 48_000)
    write_audio(tmp_path / "slow.wav", noise(1, 100), 4_000)
    write_audio(tmp_path / "wide.wav", noise(9, 100), 48_000)
    write_audio(tmp_path / "fast.wav", noise(1, 100), 96_000)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("none.wav -m amp.nam -o o.wav", "none.wav: No such file or directory"),
        ("none.wav -m amp.nam -o existing.wav", "none.wav: No such file or directory"),
        ("folder.wav -m amp.nam -o o.wav", "folder.wav: Is a directory"),
        ("text.wav -m amp.nam -o o.wav", "text.wav: no audio that can be read; accepted are WAV"),
        ("empty.wav -m amp.nam -o o.wav", "empty.wav: the file is empty"),
        ("silent.wav -m amp.nam -o o.wav", "silent.wav: the file holds no audio"),
        ("slow.wav -m amp.nam -o o.wav", "sample_rate is 4000"),
        ("/dev/stdin -m amp.nam -o o.wav", "/dev/stdin: "),
        ("di.wav -m none.nam -o o.wav", "none.nam: No such file or directory"),
        ("di.wav -m text.nam -o o.wav", "text.nam: "),
        ("di.wav -m di.wav -o o.wav", "di.wav: "),
        ("di.wav -m amp.nam -o none/o.wav", "none/o.wav: No such file or directory"),
        ("di.wav -m amp.nam -o /proc/o.wav", "/proc/o.wav: "),
        ("di.wav -m amp.nam -o o.m4a", "o.m4a: cannot write .m4a; accepted are .wav, .flac"),
        ("di.wav -m amp.nam -o o", "o: cannot write a file without extension; accepted are"),
        ("di.wav -m amp.nam -o folder.wav", "folder.wav: this is not a regular file"),
        ("di.wav -m amp.nam -o existing.wav", "existing.wav exists already; --force replaces it"),
        ("di.wav -m amp.nam -o di.wav --force", "di.wav: this is the input; name another output"),
        ("di.wav -m amp.nam -o link.wav -f", "link.wav: this is the input; name another output"),
        ("wide.wav -m amp.nam -o o.flac", "o.flac: FLAC cannot hold 9 channels at 48000 Hz"),
        ("fast.wav -m amp.nam -o o.mp3", "o.mp3: MP3 cannot hold 1 channel at 96000 Hz; WAV can"),
        ("di.wav -m amp.nam -o o.flac --bit-depth 32", "o.flac: FLAC files have no bit depth of 3"),
        ("di.wav -m amp.nam -o o.wav --input-gain-db nan", "input_gain_db is nan"),
        ("di.wav -m amp.nam -o o.wav --output-gain-db inf", "output_gain_db is inf"),
        ("di.wav -m amp.nam -o o.wav --size 2", "size is 2.0; accepted are"),
        ("di.wav -m amp.nam -o o.wav --size huge", "size is 'huge'; accepted are"),
        ("di.wav -m amp.nam -o o.wav --output-mode calibrated", ""),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    reamp_here: Reamp, folder: Path, arguments: str, says: str
) -> None:
    before = sorted(folder.iterdir())
    done = reamp_here("render", *arguments.split())
    assert done.returncode == 1
    assert done.stderr.startswith(f"reamp: {says}")
    assert done.stderr.count("\n") == 1
    assert not done.stdout
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("render", "Missing argument 'IN'"),
        ("render di.wav -o o.wav", "Missing option '--model'"),
        ("render di.wav -m amp.nam -o o.wav --output-mode loud", "Invalid value for '--output-mo"),
        ("render di.wav -m amp.nam -o o.wav --threads 0", "Invalid value for '--threads': "),
        ("render di.wav -m amp.nam -o o.wav --input-gain-db loud", "Invalid value for '--input-g"),
        ("render di.wav -m amp.nam -o o.wav --gian 3", "No such option"),
        ("reamp", "No such command 'reamp'"),
        ("bench --isa mmx", "Invalid value for '--isa': mmx; accepted are "),
    ],
)
def test_wrong_usage_is_said_in_one_line(
    reamp_here: Reamp, folder: Path, arguments: str, says: str
) -> None:
    done = reamp_here(*arguments.split())
    assert done.returncode == 2
    assert done.stderr.startswith(f"reamp: {says}")
    assert done.stderr.count("\n") == 1
    assert not done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_what_is_not_allowed_is_said(reamp_here: Reamp, folder: Path) -> None:
    (folder / "di.wav").chmod(0)
    done = reamp_here("render", "di.wav", "-m", "amp.nam", "-o", "o.wav")
    assert (done.returncode, done.stderr) == (1, "reamp: di.wav: Permission denied\n")
    (folder / "di.wav").chmod(0o600)
    (folder / "folder.wav").chmod(0o500)
    done = reamp_here("render", "di.wav", "-m", "amp.nam", "-o", "folder.wav/o.wav")
    assert (done.returncode, done.stderr) == (1, "reamp: folder.wav/o.wav: Permission denied\n")


@pytest.mark.parametrize("extension", ["wav", "flac", "ogg"])
def test_a_full_disk_is_said_and_leaves_nothing(
    reamp_here: Reamp, folder: Path, extension: str
) -> None:
    write_audio(folder / "long.wav", noise(1, 40_000), 48_000)
    before = sorted(folder.iterdir())
    with full_disk(8_000):
        done = reamp_here("render", "long.wav", "-m", "amp.nam", "-o", f"o.{extension}")
    assert (done.returncode, done.stderr) == (1, f"reamp: o.{extension}: File too large\n")
    assert sorted(folder.iterdir()) == before


def test_a_name_cannot_break_the_line_or_the_terminal(reamp_here: Reamp, folder: Path) -> None:
    done = reamp_here("render", "a\nb\x1b[2J.wav", "-m", "amp.nam", "-o", "o.wav")
    assert done.stderr == "reamp: a\\nb\\x1b[2J.wav: No such file or directory\n"


def test_an_isa_that_is_not_there_is_a_line(
    reamp: Reamp, amp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEDALBOARD_NAM_ISA", "avx1024")
    done = reamp("info", amp_path)
    assert done.returncode == 1
    assert done.stderr.startswith('reamp: PEDALBOARD_NAM_ISA is "avx1024"; available on this mach')
    assert done.stderr.count("\n") == 1
    assert reamp("--help").returncode == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("-12...6", "input_gain_db is '-12...6'; a range is LOW..HIGH, with two dots"),
        ("", "input_gain_db is ''; accepted are numbers"),
    ],
)
def test_a_range_that_is_none_is_a_line(
    reamp_here: Reamp, amp_path: Path, di: Path, given: str, said: str
) -> None:
    done = reamp_here("batch", di, "-m", amp_path, "-o", "out", "--input-gain-db", given)
    assert (done.returncode, done.stderr) == (1, f"reamp: {said}\n")
