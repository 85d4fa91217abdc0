# SPDX-License-Identifier: MIT
"""`reamp render` on real files, through the real command."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio
from reamp_command import Reamp, command

from pedalboard_nam import Model, render


def test_the_file_holds_the_bits_of_render(
    reamp: Reamp, amp: Model, amp_path: Path, tmp_path: Path, di: Path
) -> None:
    done = reamp("render", di, "--model", amp_path, "--output", "wet.wav")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert done.stdout.startswith("wet.wav: 0.1 s mono at 48000 Hz, peak ")
    assert done.stdout.count("\n") == 1
    expected = render(amp, noise(1, 4_800)[0], 48_000)
    assert np.array_equal(read_audio(tmp_path / "wet.wav")[0], expected)


def test_every_setting_is_heard(
    reamp_here: Reamp, amp: Model, amp_path: Path, tmp_path: Path, di: Path
) -> None:
    sound = "--size 0.25 --input-gain-db -3 --output-gain-db 1.5 --output-mode normalized"
    levels = "--target-loudness-db -23 --interface-level-dbu 10.5 --threads 2"
    files = ["render", di, "-m", amp_path, "-o", "wet.wav"]
    done = reamp_here(*files, *sound.split(), *levels.split())
    assert done.returncode == 0, done.stderr
    expected = render(
        amp,
        noise(1, 4_800)[0],
        48_000,
        size=0.25,
        input_gain_db=-3.0,
        output_gain_db=1.5,
        output_mode="normalized",
        target_loudness_db=-23.0,
        interface_level_dbu=10.5,
    )
    assert np.array_equal(read_audio(tmp_path / "wet.wav")[0], expected)


def test_a_clipped_file_is_said_and_the_gain_helps(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path, di: Path
) -> None:
    loud = ["render", di, "-m", amp_path, "-o", "wet.flac", "--force", "--output-gain-db"]
    done = reamp_here(*loud, "30")
    assert done.returncode == 0
    assert done.stderr.startswith("reamp: warning: wet.flac is clipped: its peak is +")
    assert done.stderr.count("\n") == 1
    done = reamp_here(*loud, done.stderr.split()[-1])
    assert done.returncode == 0
    assert not done.stderr
    assert 0.98 < abs(read_audio(tmp_path / "wet.flac")).max() < 1.0


def test_floating_point_does_not_clip(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path, di: Path
) -> None:
    done = reamp_here("render", di, "-m", amp_path, "-o", "wet.wav", "--output-gain-db", "30")
    assert not done.stderr
    assert abs(read_audio(tmp_path / "wet.wav")).max() > 1.0


@pytest.mark.parametrize(
    "name", ["with space.wav", "new\nline.wav", "Überverstärker 音.wav", b"not \xff utf-8.wav"]
)
def test_any_name_works(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path, di: Path, name: str | bytes
) -> None:
    name = os.fsdecode(name)
    di = di.rename(tmp_path / f"di {name}")
    done = reamp_here("render", di, "-m", amp_path, "-o", name, "--size", "lite")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert read_audio(tmp_path / name).shape == (1, 4_800)


def test_any_name_can_be_printed(reamp: Reamp, amp_path: Path, tmp_path: Path, di: Path) -> None:
    name = os.fsdecode("a\nb Überverstärker 音 ".encode() + b"\xff.wav")
    done = reamp("render", di, "-m", amp_path, "-o", name, "--size", "lite")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    assert read_audio(tmp_path / name).shape == (1, 4_800)


def test_force_replaces(reamp_here: Reamp, amp_path: Path, tmp_path: Path, di: Path) -> None:
    (tmp_path / "wet.wav").write_text("old")
    done = reamp_here("render", di, "-m", amp_path, "-o", "wet.wav", "--force")
    assert done.returncode == 0, done.stderr
    assert read_audio(tmp_path / "wet.wav").shape == (1, 4_800)


@pytest.mark.parametrize(
    ("interrupt", "code", "says"),
    [
        (signal.SIGINT, 130, b"reamp: interrupted\n"),
        (signal.SIGTERM, 143, b""),
        (signal.SIGHUP, 129, b""),
    ],
)
def test_an_interrupt_leaves_nothing(
    amp_path: Path, tmp_path: Path, interrupt: signal.Signals, code: int, says: bytes
) -> None:
    write_audio(tmp_path / "di.wav", np.zeros((1, 200 * 48_000), np.float32), 48_000, bit_depth=16)
    arguments = ["render", "di.wav", "-m", os.fspath(amp_path), "-o", "wet.wav", "--threads", "1"]
    with subprocess.Popen(
        [*command, *arguments],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        # In a shell's background or under nohup, the tests' children would ignore them.
        preexec_fn=lambda: signal.signal(interrupt, signal.SIG_DFL),
    ) as process:
        deadline = time.monotonic() + 20.0
        while not list(tmp_path.glob(".*.partial")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(interrupt)
        _, error = process.communicate()
    assert process.returncode == code
    assert error == says
    assert [path.name for path in tmp_path.iterdir()] == ["di.wav"]


def test_a_terminal_sees_progress(amp_path: Path, tmp_path: Path) -> None:
    write_audio(tmp_path / "di.wav", np.zeros((1, 60 * 48_000), np.float32), 48_000, bit_depth=16)
    ours, theirs = pty.openpty()
    subprocess.run(
        [*command, "render", "di.wav", "-m", os.fspath(amp_path), "-o", "o.wav", "--size", "lite"],
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        check=True,
    )
    os.close(theirs)
    assert b"100%" in os.read(ours, 1 << 16)
    os.close(ours)


def test_samples_that_are_not_numbers_are_told(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path
) -> None:
    audio = np.zeros((1, 4_800), np.float32)
    audio[0, 100] = np.nan
    write_audio(tmp_path / "di.wav", audio, 48_000, bit_depth=32)
    done = reamp_here("render", "di.wav", "-m", amp_path, "-o", "wet.wav")
    assert done.returncode == 0
    assert "wet.wav holds samples that are not numbers; look for them in the input" in done.stderr
