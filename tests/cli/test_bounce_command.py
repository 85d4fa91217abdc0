# SPDX-License-Identifier: MIT
"""`reamp bounce` on real files, through the real command."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio
from pedalboard import Delay, Gain, Pedalboard
from pedalboard.io import AudioFile
from reamp_command import Reamp, command

from pedalboard_nam import Model, NeuralAmp, board_to_dict

SCRIPT = """
from pedalboard import Delay, Gain, Pedalboard
from pedalboard_nam import NeuralAmp
volume = Gain(0)
board = Pedalboard([NeuralAmp({amp!r}), Delay(0.05), volume])
"""


@pytest.fixture
def script(tmp_path: Path, amp_path: Path) -> Path:
    path = tmp_path / "board.py"
    path.write_text(SCRIPT.format(amp=str(amp_path)))
    return path


def test_a_board_of_a_script_with_a_tail(
    reamp: Reamp, amp: Model, tmp_path: Path, di: Path, script: Path
) -> None:
    done = reamp("bounce", di, "--board", script, "--output", "wet.wav", "--tail", "0.1")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert done.stdout.startswith("wet.wav: 0.2 s mono at 48000 Hz, peak ")
    padded = np.pad(noise(1, 4_800), [(0, 0), (0, 4_800)])
    expected = Pedalboard([NeuralAmp(amp), Delay(0.05)])(padded, 48_000)
    assert np.array_equal(read_audio(tmp_path / "wet.wav"), expected)


def test_another_rate_has_its_exact_length(
    reamp_here: Reamp, tmp_path: Path, di: Path, script: Path
):
    done = reamp_here("bounce", di, "--board", script, "-o", "wet.wav", "--sample-rate", "44101")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("wet.wav: 0.1 s mono at 44101 Hz, peak ")
    assert read_audio(tmp_path / "wet.wav").shape == (1, 4_411)  # 4410.1


@pytest.mark.parametrize("name", ["render", "bounce"])
def test_lanes_of_a_script(
    reamp_here: Reamp, amp: Model, tmp_path: Path, di: Path, script: Path, name: str
) -> None:
    with open(script, "a") as file:
        file.write("automation = {volume: {'gain_db': [(0, -20)]}}\n")
    done = reamp_here(name, di, "--board", script, "-o", "wet.wav")
    assert done.returncode == 0, done.stderr
    board = Pedalboard([NeuralAmp(amp), Delay(0.05), Gain(-20)])
    assert np.array_equal(read_audio(tmp_path / "wet.wav"), board(noise(1, 4_800), 48_000))


@pytest.mark.parametrize("name", ["render", "bounce"])
def test_a_saved_board_finds_its_files_beside_it(
    reamp_here: Reamp, amp: Model, amp_path: Path, tmp_path: Path, di: Path, name: str
) -> None:
    (tmp_path / "rig").mkdir()
    shutil.copy(amp_path, tmp_path / "rig" / "amp.nam")
    board = Pedalboard([NeuralAmp(tmp_path / "rig" / "amp.nam"), Delay(0.05), Gain(-3)])
    saved = board_to_dict(board, base_dir=tmp_path / "rig")
    assert saved["effects"][0]["model"] == "amp.nam"
    (tmp_path / "rig" / "board.json").write_text(json.dumps(saved))
    done = reamp_here(name, di, "--board", "rig/board.json", "-o", "wet.wav")
    assert done.returncode == 0, done.stderr
    assert np.array_equal(read_audio(tmp_path / "wet.wav"), board(noise(1, 4_800), 48_000))


def test_a_tail_until_silence_at_another_rate_with_dither(
    reamp_here: Reamp, tmp_path: Path, di: Path, script: Path
) -> None:
    options = ["--tail", "silence", "--sample-rate", "44100", "--bit-depth", "16", "--dither"]
    done = reamp_here("bounce", di, "--board", script, "-o", "wet.flac", *options)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("wet.flac: 0.2 s mono at 44100 Hz, peak ")
    with AudioFile(os.fspath(tmp_path / "wet.flac")) as file:
        assert (file.file_dtype, file.samplerate) == ("int16", 44_100)
        assert 0.15 < file.duration < 0.3  # an echo, and the memory of the amp


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ("di.wav -o o.wav", 2, "Missing option '--board'"),
        ("di.wav --board board.py", 2, "Missing option '--output'"),
        (
            "di.wav --board board.py -o o.wav --tail long",
            2,
            "Invalid value for '--tail': long; accepted are 0 to 86400 seconds and silence",
        ),
        ("di.wav --board board.py -o o.wav --tail -1", 2, "Invalid value for '--tail': -1; acc"),
        ("di.wav --board board.py -o o.wav --tail nan", 2, "Invalid value for '--tail': nan; acc"),
        ("di.wav --board none.json -o o.wav", 1, "none.json: No such file or directory"),
        ("di.wav --board text.json -o o.wav", 1, "text.json: Expecting value"),
        ("di.wav --board deep.json -o o.wav", 1, "deep.json: maximum recursion depth"),
        ("di.wav --board other.json -o o.wav", 1, "other.json: effects[0] (Fuzz): there is no"),
        ("di.wav --board empty.py -o o.wav", 1, "empty.py: there is no `board` in it"),
        ("di.wav --board board.py -o o.wav --dither", 1, "o.wav: dither is for 16 and 24 bits"),
        ("di.wav --board board.py -o o.wav --sample-rate 0", 1, "sample_rate is 0.0; accepted are"),
        ("di.wav --board none.py -o o.wav", 1, "none.py: No such file or directory"),
        ("none.wav --board board.py -o o.wav", 1, "none.wav: No such file or directory"),
        ("di.wav --board board.py -o di.wav -f", 1, "di.wav: this is the input; name another outp"),
        ("di.wav --board lanes.py -o o.wav", 1, "lanes.py: `automation` is 3; expected lanes by"),
        ("di.wav --board value.py -o o.wav", 1, "automation of Delay.mix: Mix must be between 0.0"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    reamp_here: Reamp, tmp_path: Path, di: Path, script: Path, arguments: str, code: int, says: str
) -> None:
    (tmp_path / "lanes.py").write_text(script.read_text() + "automation = 3\n")
    (tmp_path / "value.py").write_text(
        script.read_text() + "automation = {board[1]: {'mix': [(0, 2)]}}\n"
    )
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "text.json").write_text("board")
    (tmp_path / "deep.json").write_text("[" * 100_000)
    (tmp_path / "other.json").write_text('{"version": 1, "effects": [{"effect": "Fuzz"}]}')
    before = sorted(tmp_path.iterdir())
    done = reamp_here("bounce", *arguments.split())
    assert done.returncode == code
    assert done.stderr.startswith(f"reamp: {says}")
    assert done.stderr.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("interrupt", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_nothing(
    tmp_path: Path, script: Path, interrupt: signal.Signals, code: int
) -> None:
    write_audio(tmp_path / "di.wav", np.zeros((2, 200 * 48_000), np.float32), 48_000, bit_depth=16)
    before = sorted(tmp_path.iterdir())
    with subprocess.Popen(
        [*command, "bounce", "di.wav", "--board", "board.py", "-o", "wet.wav"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        # Where the tests run in a shell's background, all their children would ignore SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        deadline = time.monotonic() + 20.0
        while not list(tmp_path.glob(".*.partial")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(interrupt)
        process.communicate()
    assert process.returncode == code
    assert sorted(tmp_path.iterdir()) == before
