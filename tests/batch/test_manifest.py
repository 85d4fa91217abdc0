# SPDX-License-Identifier: MIT
"""A manifest only grows, survives a cut, and belongs to one run at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pedalboard_nam.batch.resume import ManifestWriter, read_known
from pedalboard_nam.report.manifest import Manifest, Record, encode, read_records


def record(output: str = "wet.wav", **fields: Any) -> Record:
    known: dict[str, Any] = {
        "status": "done",
        "input": "/in/di.wav",
        "model": "/amps/amp.nam",
        "output": output,
        "input_hash": "i",
        "model_hash": "m",
        "model_name": "Amp",
        "settings": {"size": "full", "input_gain_db": 0.1},
        "seed": 0,
        "draw": 0,
        "board": None,
        "bit_depth": None,
        "versions": {},
    }
    return Record(**{**known, **fields})


@pytest.mark.parametrize("name", ["plain.wav", "new\nline.wav", "音.wav", os.fsdecode(b"\xff.wav")])
def test_a_record_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    written = record(name, input=f"/in/{name}", peak_dbfs=None, loudness_db=-23.4)
    assert encode(written).count(b"\n") == 0
    (tmp_path / "m.jsonl").write_bytes(encode(written) + b"\n")
    assert list(read_records(tmp_path / "m.jsonl")) == [written]


def write(path: Path, *records: Record) -> None:
    writer = ManifestWriter(path)
    for one in records:
        writer.add(one)
    writer.close(complete=True)


def test_the_last_record_of_an_output_counts(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    write(path, record(status="failed", error="no"), record("other.wav"))
    write(path, record(output_bytes=5))
    assert Manifest(str(path)).records == [record(output_bytes=5), record("other.wav")]
    assert read_known(path)["wet.wav"].done


@pytest.mark.parametrize("cut", [1, 10, 100])
def test_a_cut_line_is_no_line_and_harms_no_other(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "m.jsonl"
    write(path, record("a.wav"), record("b.wav"))
    path.write_bytes(path.read_bytes()[:-cut])
    left = ["a.wav", "b.wav"] if cut == 1 else ["a.wav"]
    assert [one.output for one in read_records(path)] == left
    write(path, record("c.wav"))
    assert [one.output for one in read_records(path)] == [*left, "c.wav"]


def test_a_manifest_cut_in_its_first_line_is_one(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_bytes(encode(record())[:50])
    write(path, record("c.wav"))
    assert [one.output for one in read_records(path)] == ["c.wav"]


@pytest.mark.parametrize("text", [b"RIFF\0\0\0\0WAVE", b"some text\n", b'{"a": 1}\n', b"[]\n"])
def test_another_file_is_not_taken_for_one(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "m.jsonl").write_bytes(text)
    with pytest.raises(ValueError, match=r"m\.jsonl: this is no manifest"):
        read_known(tmp_path / "m.jsonl")


def test_no_manifest_knows_nothing(tmp_path: Path) -> None:
    assert read_known(tmp_path / "m.jsonl") == {}
    assert Manifest(str(tmp_path / "m.jsonl")).records == []


def test_two_runs_cannot_write_one_manifest(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    writer = ManifestWriter(path)
    for function in (ManifestWriter, read_known):
        with pytest.raises(BlockingIOError, match="another run is at work here"):
            function(path)
    code = f"from pedalboard_nam.batch.resume import ManifestWriter; ManifestWriter({str(path)!r})"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "another run is at work here" in other.stderr
    writer.close(complete=True)
    write(path)


def test_a_run_that_cannot_write_leaves_the_manifest_to_others(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        ManifestWriter(path)
    path.rmdir()
    assert os.listdir(tmp_path) == []
    write(path, record())


def test_a_run_does_not_go_on_from_what_another_has_changed_since(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    known_bytes = 0
    write(path, record())
    with pytest.raises(BlockingIOError, match="another run was at work here meanwhile"):
        ManifestWriter(path, known_bytes)
    ManifestWriter(path, path.stat().st_size).close(complete=True)


def test_a_lock_on_a_list_that_is_gone_keeps_nobody_out(tmp_path: Path) -> None:
    # A run waits between opening and locking; meanwhile the one before removes the list.
    code = f"""
import os
from pedalboard_nam.batch import resume

lock = resume.lock_for_process
def late(file):
    resume.lock_for_process = lock
    print("open", flush=True)
    input()
    lock(file)
resume.lock_for_process = late
writer = resume.ManifestWriter({str(tmp_path / "m.jsonl")!r})
print(os.path.samestat(os.fstat(writer._begun.fileno()), os.stat(resume._begun_path(writer._path))))
"""
    first = ManifestWriter(tmp_path / "m.jsonl")
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as second:
        assert second.stdout is not None
        second.stdout.readline()
        first.close(complete=True)
        assert second.communicate("\n")[0] == "True\n"


def test_outputs_begun_are_known_until_they_are_recorded(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    writer = ManifestWriter(path)
    writer.begin(["a\n.wav", "b.wav"])
    writer.add(record("b.wav"))
    writer.close(complete=False)
    assert {name: one.done for name, one in read_known(path).items()} == {
        "a\n.wav": False,
        "b.wav": True,
    }
    writer = ManifestWriter(path)
    assert writer.follows_a_killed_run
    writer.close(complete=True)
    assert os.listdir(tmp_path) == ["m.jsonl"]
