# SPDX-License-Identifier: MIT
"""`reamp batch`: its options, its plan, its events, its bar."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio
from pedalboard import Convolution, Gain, NoiseGate, Pedalboard
from reamp_command import Reamp, command

from pedalboard_nam import NeuralAmp
from pedalboard_nam.report.manifest import read_records


def test_one_line_says_what_was_done(
    reamp: Reamp, reamp_here: Reamp, di: Path, amp_path: Path
) -> None:
    done = reamp("batch", di, "-m", amp_path, "-o", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("3 done, 0.3 s of audio in ")
    assert done.stdout.count("\n") == 1
    assert reamp_here("batch", di, "-m", amp_path, "-o", "out").stdout == "0 done, 3 done before\n"


def test_settings_are_values_ranges_and_choices(
    reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path
) -> None:
    ranges = "--size full,lite --input-gain-db -6..6 --output-gain-db -3 --draws 4 --seed 9"
    done = reamp_here("batch", di / "mono.wav", "-m", amp_path, "-o", "out", *ranges.split())
    assert done.returncode == 0, done.stderr
    records = list(read_records(tmp_path / "out" / "manifest.jsonl"))
    assert len({record.settings["input_gain_db"] for record in records}) == 4
    assert all(-6 <= record.settings["input_gain_db"] <= 6 for record in records)
    assert {record.settings["output_gain_db"] for record in records} == {-3.0}
    assert {record.settings["size"] for record in records} <= {"full", "lite"}
    assert {(record.seed, record.draw) for record in records} == {(9, n) for n in range(4)}


def test_a_plan_is_printed_and_nothing_written(
    reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path
) -> None:
    (di / "text.wav").write_text("no audio")
    before = sorted(tmp_path.rglob("*"))
    done = reamp_here("batch", di, "-m", amp_path, "-o", "out", "--dry-run")
    assert done.returncode == 0
    *jobs, summary = done.stdout.splitlines()
    assert f"{di}/mono.wav + {amp_path} -> mono__amp__full.wav" in jobs
    assert len(jobs) == 4
    assert summary == "4 outputs of 4 inputs, 0.3 s of audio, about 187 kB; 0 more are done"
    assert done.stderr.startswith(f"reamp: warning: {di}/text.wav: no audio that can be read")
    assert sorted(tmp_path.rglob("*")) == before
    (di / "text.wav").unlink()
    reamp_here("batch", di, "-m", amp_path, "-o", "out")
    done = reamp_here("batch", di, "-m", amp_path, "-o", "out", "--dry-run", "--json")
    assert json.loads(done.stdout) == {
        "event": "planned",
        "jobs": 0,
        "skipped": 3,
        "inputs": 0,
        "audio_s": 0.0,
        "output_bytes": 0,
        "left_out": {},
    }


def test_what_is_left_out_of_a_folder_is_said(reamp_here: Reamp, di: Path, amp_path: Path) -> None:
    for name in ("notes.txt", "more.TXT", "README", ".hidden"):
        (di / name).touch()
    said = ", left out: 3 files (2 .txt, 1 without extension)\n"
    for more in ("--dry-run",), ():
        done = reamp_here("batch", di, "-m", amp_path, "-o", di / "out", *more)
        assert done.stdout.endswith(said)
    done = reamp_here("batch", di, "-m", amp_path, "-o", di / "out", "--json")
    assert json.loads(done.stdout.splitlines()[0])["left_out"] == {".txt": 2, "": 1}


def test_events_are_one_json_object_a_line(reamp_here: Reamp, di: Path, amp_path: Path) -> None:
    (di / "text.wav").write_text("no audio")
    options = ("--json", "--on-error", "skip")
    done = reamp_here("batch", di, "-m", amp_path, "-o", "out", *options)
    assert done.returncode == 1
    events = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = [event["event"] for event in events]
    assert (kinds[0], kinds[-1]) == ("planned", "finished")
    assert [kinds.count(kind) for kind in ("started", "done", "failed")] == [4, 3, 1]
    (failed,) = (event["record"] for event in events if event["event"] == "failed")
    assert failed["error"].startswith(f"{di}/text.wav: no audio that can be read")


def test_a_profile_accounts_for_all_the_time(reamp_here: Reamp, di: Path, amp_path: Path) -> None:
    done = reamp_here("batch", di, "-m", amp_path, "-o", "out", "--profile")
    _, *parts = done.stdout.splitlines()
    assert [part.split("  ")[-1] for part in parts] == [
        "engine and effects",
        "reading",
        "writing",
        "everything else, waiting included",
    ]
    engine, *_, other = (float(part.split("%")[0]) for part in parts)
    assert 0.0 < engine < 100.0
    assert other > 0.0  # else a part would have been counted twice


def test_a_terminal_shows_a_bar(di: Path, amp_path: Path, tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    arguments = [*command, "batch", str(di), "-m", str(amp_path), "-o", "out"]
    run = subprocess.run(arguments, cwd=tmp_path, stderr=terminal, capture_output=False, stdout=-1)
    os.close(terminal)
    shown = os.read(screen, 1 << 16).decode()
    os.close(screen)
    assert run.returncode == 0
    assert run.stdout.startswith(b"3 done, ")
    assert "3/3" in shown
    assert "x real time" in shown


def test_gate_and_cabinet(reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path) -> None:
    write_audio(tmp_path / "cab.wav", noise(1, 300, peak=0.1), 48_000)
    options = ("--gate", "-30", "--ir", "cab.wav")
    done = reamp_here("batch", di / "mono.wav", "-m", amp_path, "-o", "out", *options)
    assert done.returncode == 0, done.stderr
    cab = Convolution(str(tmp_path / "cab.wav"))
    expected = Pedalboard([NoiseGate(-30), NeuralAmp(amp_path), cab])(noise(1, 4_800), 48_000)
    found = read_audio(tmp_path / "out" / "mono__amp__full.wav")
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_a_board_of_a_script(reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path) -> None:
    script = tmp_path / "board.py"
    script.write_text("from pedalboard import Gain\ndef board(amp):\n    return [amp, Gain(-6)]\n")
    arguments = ("batch", di / "mono.wav", "-m", amp_path, "-o", "out", "--board", script)
    assert reamp_here(*arguments).stdout.startswith("1 done, ")
    expected = Pedalboard([NeuralAmp(amp_path), Gain(-6)])(noise(1, 4_800), 48_000)
    assert np.array_equal(read_audio(tmp_path / "out" / "mono__amp__full.wav"), expected)
    assert reamp_here(*arguments).stdout.startswith("0 done, 1 done before")
    script.write_text(script.read_text().replace("-6", "-3"))
    assert reamp_here(*arguments).stdout.startswith("1 done, ")


def test_a_script_may_be_in_any_encoding_and_have_classes(
    reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "board.py").write_text(
        "# -*- coding: latin-1 -*-\n"
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class Müller:\n"
        "    effects: list\n"
        "def board(amp):\n"
        "    return Müller([amp]).effects\n",
        "latin-1",
    )
    done = reamp_here("batch", di / "mono.wav", "-m", amp_path, "-o", "out", "--board", "board.py")
    assert done.stdout.startswith("1 done, "), done.stderr


def test_a_saved_board_is_none_for_a_batch(
    reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "board.json").write_text('{"version": 1, "effects": []}')
    done = reamp_here("batch", di, "-m", amp_path, "-o", "out", "--board", "board.json")
    assert done.returncode == 1
    assert done.stderr.startswith("reamp: board.json: a batch calls board(amp) of a Python")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("board = 3", "`board` is 3; a batch calls a function board(amp)"),
        (
            "import pedalboard\nboard = pedalboard.Pedalboard([])",
            "a batch calls a function board(a",
        ),
        ("def board(amp):\n    return 3", "board(amp) gave 3; expected a pedalboard.Pedalboard"),
        ("def board(amp:", "board.py: line 1: "),
        ("", "board.py: there is no `board` in it"),
        ("import nothing_of_that_name", "board.py: line 1: ModuleNotFoundError: No module named "),
        ("def board(amp):\n    return 1 / 0", "board.py: line 2: ZeroDivisionError: division"),
    ],
)
def test_a_script_without_such_a_board(
    reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "board.py").write_text(text)
    done = reamp_here("batch", di, "-m", amp_path, "-o", "out", "--board", "board.py")
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing option '--output-dir'"),
        (["-o", "out"], "Missing INPUT and '--model', or '--pairs'"),
        (["-o", "out", "di"], "Missing INPUT and '--model', or '--pairs'"),
        (["-o", "out", "di", "--pairs", "p.csv"], "--pairs names inputs and models"),
        (["-o", "out", "di", "-m", "m", "--board", "b", "--gate", "-6"], "without --gate and --ir"),
        (["-o", "out", "di", "-m", "m", "--on-error", "ask"], "Invalid value for '--on-error'"),
        (["-o", "out", "di", "-m", "m", "--draws", "0"], "Invalid value for '--draws'"),
    ],
)
def test_wrong_usage_is_said(reamp_here: Reamp, arguments: list[str], said: str) -> None:
    done = reamp_here("batch", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.filterwarnings("ignore")
def test_dask_by_its_address(reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tcp", dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address
        done = reamp_here("batch", di, "-m", amp_path, "-o", "out", "--dask", address)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("3 done, ")
    assert len(list(read_records(tmp_path / "out" / "manifest.jsonl"))) == 3


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_said(reamp: Reamp, di: Path, amp_path: Path) -> None:
    pytest.importorskip("distributed")
    done = reamp("batch", di, "-m", amp_path, "-o", "out", "--dask", "tcp://127.0.0.1:1")
    assert done.returncode == 1
    assert done.stderr.startswith("reamp: no Dask scheduler answers at tcp://127.0.0.1:1")
    assert done.stderr.count("\n") == 1


def test_a_report_is_made(reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path) -> None:
    done = reamp_here("batch", di, "-m", amp_path, "-o", "out", "--report", "report.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert "mono__amp__full.wav" in (tmp_path / "report.html").read_text()


def test_a_batch_that_stops_says_all_that_failed(
    reamp_here: Reamp, tmp_path: Path, amp_path: Path
) -> None:
    (tmp_path / "none.wav").write_text("no audio")
    options = ("--draws", "4", "--jobs", "1", "--json")
    done = reamp_here("batch", "none.wav", "-m", amp_path, "-o", "out", *options)
    assert done.returncode == 1
    assert done.stdout.count('"event":"failed"') >= 2
    (said,) = done.stderr.splitlines()  # one reason, whatever the number of outputs
    assert said.startswith(f"reamp: {tmp_path}/none.wav through ")
    assert said.endswith("(4 of 4 to do)")
