# SPDX-License-Identifier: MIT
"""Killed, interrupted, out of disk: nothing finished is lost, nothing half-done is left."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import nam_factory
import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio
from reamp_command import Reamp, command

from pedalboard_nam import Model, reamp_files, render
from pedalboard_nam.batch.events import Done, Event, Planned
from pedalboard_nam.report.manifest import read_records


@pytest.fixture(scope="module")
def long_inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds each: half a second of work for the full network, on an idle core 0.1 s."""
    folder = tmp_path_factory.mktemp("long")
    for i in range(6):
        write_audio(folder / f"{i}.wav", noise(1, 480_000 + i), 48_000, 16)
    return folder


def start(folder: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*command, "batch", *map(os.fspath, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def wait_for_records(manifest: Path, count: int) -> None:
    end = time.monotonic() + 60.0
    while not manifest.exists() or manifest.read_bytes().count(b"\n") < count:
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture(scope="module")
def rendered(long_inputs: Path) -> dict[str, np.ndarray]:
    """What `render` makes of them with the amp of `amp_path`, by the names of the outputs."""
    amp = Model.load(nam_factory.container())
    return {
        f"{path.stem}__amp__full.wav": render(amp, read_audio(path)[0], 48_000)
        for path in long_inputs.iterdir()
    }


def assert_complete(out: Path, rendered: dict[str, np.ndarray]) -> None:
    """Every output is there with the bits of `render`, and nothing else is."""
    assert {*os.listdir(out)} == {"manifest.jsonl", *rendered}
    for name, expected in rendered.items():
        assert np.array_equal(read_audio(out / name)[0], expected), name


def test_kill_9_loses_nothing_that_was_finished(
    reamp: Reamp,
    long_inputs: Path,
    rendered: dict[str, np.ndarray],
    amp_path: Path,
    tmp_path: Path,
) -> None:
    arguments = (long_inputs, "-m", amp_path, "-o", "out", "--jobs", "2")
    run = start(tmp_path, *arguments)
    wait_for_records(tmp_path / "out" / "manifest.jsonl", 2)
    run.kill()
    run.communicate()
    finished = {
        record.output: (tmp_path / "out" / record.output).stat().st_mtime_ns
        for record in read_records(tmp_path / "out" / "manifest.jsonl")
    }
    assert 2 <= len(finished) < 6
    done = reamp("batch", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{6 - len(finished)} done, {len(finished)} done before, ")
    for output, written_ns in finished.items():
        assert (tmp_path / "out" / output).stat().st_mtime_ns == written_ns
    assert_complete(tmp_path / "out", rendered)


def test_what_a_killed_run_had_no_time_to_record_is_its_own(
    reamp_here: Reamp, long_inputs: Path, amp_path: Path, tmp_path: Path
) -> None:
    arguments = ("batch", long_inputs / "0.wav", "-m", amp_path, "-o", "out", "--size", "lite")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "0__amp__lite.wav").write_text("half")
    assert "exists already and is not of this batch; --force" in reamp_here(*arguments).stderr
    (tmp_path / "out" / ".manifest.jsonl.begun").write_bytes(b"0__amp__lite.wav\0")
    assert reamp_here(*arguments).stdout.startswith("1 done, ")
    assert sorted(os.listdir(tmp_path / "out")) == ["0__amp__lite.wav", "manifest.jsonl"]


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "sigterm"]
)
def test_an_interrupt_leaves_what_is_finished_and_nothing_else(
    reamp_here: Reamp,
    long_inputs: Path,
    rendered: dict[str, np.ndarray],
    amp_path: Path,
    tmp_path: Path,
    sent: signal.Signals,
    code: int,
) -> None:
    arguments = (long_inputs, "-m", amp_path, "-o", "out", "--jobs", "2")
    run = start(tmp_path, *arguments)
    wait_for_records(tmp_path / "out" / "manifest.jsonl", 1)
    run.send_signal(sent)
    _, stderr = run.communicate(timeout=30)
    assert run.returncode == code
    says = "reamp: interrupted: the same command does the rest\n"
    assert stderr.decode() == (says if code == 130 else "")
    records = {record.output for record in read_records(tmp_path / "out" / "manifest.jsonl")}
    assert {*os.listdir(tmp_path / "out")} == {"manifest.jsonl", *records}
    done = reamp_here("batch", *arguments)
    assert done.returncode == 0, done.stderr
    assert_complete(tmp_path / "out", rendered)


def test_what_was_finished_is_recorded_once_if_progress_raises(
    amp_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for i in range(40):
        write_audio(tmp_path / "in" / f"{i}.wav", noise(1, 2_000), 48_000)

    def fail(event: Event) -> None:
        if isinstance(event, Done):
            time.sleep(0.2)  # the others are finished meanwhile
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        reamp_files(tmp_path / "in", amp_path, tmp_path / "out", progress=fail, jobs=4)
    records = [record.output for record in read_records(tmp_path / "out" / "manifest.jsonl")]
    assert len(records) > 1
    assert sorted(records) == sorted(path.name for path in (tmp_path / "out").glob("*.wav"))


def test_a_full_disk_fails_the_job_and_the_others_go_on(
    reamp: Reamp, reamp_here: Reamp, di: Path, amp_path: Path, tmp_path: Path
) -> None:
    write_audio(tmp_path / "di" / "long.wav", noise(1, 200_000), 48_000, 16)
    arguments = ("batch", di, "-m", amp_path, "-o", "out", "--on-error", "skip")
    # As a full disk at 400 kB a file, by the shell, but for the number of the error.
    done = reamp(*arguments, prefix=("sh", "-c", 'ulimit -f 800 && exec "$@"', "sh"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("reamp: long__amp__full.wav: ")
    assert done.stderr.endswith("/out/long__amp__full.wav: File too large\n")
    assert done.stdout.startswith("3 done, 1 failed, ")
    assert not list((tmp_path / "out").glob(".*"))
    assert reamp_here(*arguments).stdout.startswith("1 done, 3 done before, ")


def test_an_input_that_vanishes_fails_and_the_others_go_on(
    di: Path, amp_path: Path, tmp_path: Path
) -> None:
    def remove(event: Event) -> None:
        if isinstance(event, Planned):
            (di / "mono.wav").unlink()

    done = reamp_files(di, amp_path, tmp_path / "out", on_error="skip", progress=remove)
    assert done.done == 2
    assert [record.error for record in done.failures] == [
        f"{di}/mono.wav: No such file or directory"
    ]


def test_a_model_that_changes_meanwhile_fails(di: Path, amp_path: Path, tmp_path: Path) -> None:
    def change(event: Event) -> None:
        if isinstance(event, Planned):
            amp_path.write_text(amp_path.read_text().replace("Factory amp", "Another amp"))

    done = reamp_files(di, amp_path, tmp_path / "out", on_error="skip", progress=change)
    assert {record.error for record in done.failures} == {
        f"{amp_path}: this model has changed since the batch began"
    }
