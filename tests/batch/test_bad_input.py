# SPDX-License-Identifier: MIT
"""Each thing that is wrong is a clear line, and the other jobs go on under `skip`."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio
from reamp_command import Reamp

from pedalboard_nam import Model, render
from pedalboard_nam.report.manifest import read_records

unknown = {"version": "0.5.4", "architecture": "CatLSTM", "config": {}, "weights": []}


@pytest.fixture
def folder(tmp_path: Path, di: Path, amp_path: Path) -> Path:
    """Inputs and models that are good, and others that are not."""
    (di / "takes" / "eight.wav").unlink()
    (di / "stereo.wav").unlink()
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "zero.wav").touch()
    write_audio(tmp_path / "bad" / "no_frames.wav", np.zeros((1, 0), np.float32), 48_000)
    (tmp_path / "bad" / "header.mp3").write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x0aRIFF" * 50)
    (tmp_path / "bad" / "text.flac").write_text("no audio")
    half = (di / "mono.wav").read_bytes()[:30]
    (tmp_path / "bad" / "cut.wav").write_bytes(half)
    nan = noise(1, 2_000)
    nan[0, 1_000] = np.nan
    write_audio(tmp_path / "bad" / "nan.wav", nan, 48_000)
    write_audio(tmp_path / "bad" / "slow.wav", noise(1, 100), 4_000)
    (tmp_path / "bad" / "dangling.wav").symlink_to("nowhere")
    (tmp_path / "old.nam").write_text(json.dumps(unknown))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("empty -m amp.nam", "empty: no file here ends in .aif, .aifc, .aiff, .caf, "),
        ("*.ogg -m amp.nam", "*.ogg: no file here ends in"),
        ("none.wav -m amp.nam", "none.wav: No such file or directory"),
        ("di -m empty", "empty: no file here ends in .nam"),
        ("di -m none.nam", "none.nam: No such file or directory"),
        ("di -m old.nam", 'old.nam: architecture is "CatLSTM"; accepted are "WaveNet", '),
        ("di bad/zero.wav -m amp.nam --template {model}.wav", "/di/mono.wav and "),
        ("di -m amp.nam --output-mode loud", "reamp: output_mode is 'loud'; accepted are"),
        ("bad/slow.wav -m amp.nam", "bad/slow.wav through "),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    reamp_here: Reamp, folder: Path, arguments: str, says: str
) -> None:
    done = reamp_here("batch", *arguments.split(), "-o", "out")
    assert done.returncode == 1
    assert says in done.stderr
    assert done.stderr.startswith("reamp: ")
    assert done.stderr.count("\n") == 1
    assert not done.stdout


def test_skip_does_all_that_can_be_done_and_lists_the_rest(reamp_here: Reamp, folder: Path) -> None:
    arguments = ("di", "bad", "none.wav", "-m", "amp.nam", "-m", "old.nam", "--on-error", "skip")
    done = reamp_here("batch", *arguments, "-o", "out", "--template", "{model}/{input}.wav")
    assert done.returncode == 1
    bad = folder / "bad"
    expected = {
        "amp/zero.wav": f"{bad}/zero.wav: the file is empty",
        "amp/no_frames.wav": f"{bad}/no_frames.wav: the file holds no audio",
        "amp/header.wav": f"{bad}/header.mp3: no audio that can be read; accepted are WAV, ",
        "amp/text.wav": f"{bad}/text.flac: no audio that can be read; accepted are WAV, ",
        "amp/cut.wav": f"{bad}/cut.wav: the file is cut off: ",
        "amp/nan.wav": f"{bad}/nan.wav: frame 1000 is not a number",
        "amp/slow.wav": "sample_rate is 4000",
        "amp/dangling.wav": f"{bad}/dangling.wav: No such file or directory",
        "amp/none.wav": f"{folder}/none.wav: No such file or directory",
    }
    first, *others = done.stderr.splitlines()
    assert first.startswith(f"reamp: {folder}/old.nam: architecture is ")
    assert first.endswith(" (10 outputs)")
    said = dict(line.removeprefix("reamp: ").split(": ", 1) for line in others)
    assert {*said} == {*expected}
    for output, reason in expected.items():
        assert said[output].startswith(reason)
    assert done.stdout.startswith("1 done, 19 failed, ")
    files = {str(path.relative_to(folder / "out")) for path in (folder / "out").rglob("*.*")}
    assert files == {"manifest.jsonl", "amp/mono.wav"}
    failed = [one for one in read_records(folder / "out" / "manifest.jsonl") if one.error]
    assert len(failed) == 19


def test_what_failed_again_is_counted(reamp_here: Reamp, folder: Path) -> None:
    arguments = ("batch", "di", "bad", "-m", "amp.nam", "-o", "out", "--on-error", "skip")
    reamp_here(*arguments)
    (folder / "bad" / "text.flac").write_bytes(b"")
    done = reamp_here(*arguments)
    assert done.returncode == 1
    assert done.stdout == "0 done, 8 failed, 1 done before\n"
    changed, again = done.stderr.splitlines()
    assert changed.endswith(f"{folder}/bad/text.flac: the file is empty")
    assert again == f"reamp: 7 outputs failed as before, and {folder}/out/manifest.jsonl says why"


def test_all_bad_models_are_named(reamp_here: Reamp, folder: Path) -> None:
    (folder / "zeros.nam").write_bytes(bytes(1_000))
    done = reamp_here("batch", "di", "-m", "*.nam", "-o", "out")
    assert done.returncode == 1
    old, zeros = done.stderr.splitlines()
    assert old.startswith(f"reamp: {folder}/old.nam: architecture is ")
    assert zeros.startswith(f"reamp: {folder}/zeros.nam: the file holds zeros only")
    assert not (folder / "out").exists()


def test_a_model_without_loudness_is_named_once(reamp_here: Reamp, folder: Path) -> None:
    tree = json.loads((folder / "amp.nam").read_text())
    tree["metadata"] = {}
    for submodel in tree["config"].get("submodels", []):
        submodel["model"]["metadata"] = {}
    (folder / "quiet.nam").write_text(json.dumps(tree))
    shutil.copy(folder / "di" / "mono.wav", folder / "di" / "other.wav")
    options = ("--output-mode", "normalized", "--on-error", "skip")
    done = reamp_here("batch", "di", "-m", "quiet.nam", "-o", "out", *options)
    assert done.stderr == (
        f'reamp: {folder}/quiet.nam: output_mode "normalized" needs its loudness, which this model '
        'does not state; "raw" plays it as it is, and measure_loudness tells how loud that is '
        "(2 outputs)\n"
    )


def test_stop_ends_at_the_first_failure(reamp_here: Reamp, folder: Path) -> None:
    done = reamp_here("batch", "bad/text.flac", "di", "-m", "amp.nam", "-o", "out", "--jobs", "1")
    assert done.returncode == 1
    assert done.stderr.startswith(f"reamp: {folder}/bad/text.flac through {folder}/amp.nam: ")
    assert done.stderr.count("\n") == 1
    assert reamp_here("batch", "di", "-m", "amp.nam", "-o", "out").returncode == 0


def test_any_name_works(reamp: Reamp, reamp_here: Reamp, folder: Path) -> None:
    names = ["with space.wav", "new\nline.wav", "Überverstärker 音.wav", b"not \xff utf-8.wav"]
    names = [os.fsdecode(name) for name in names]
    for name in names:
        shutil.copy(folder / "di" / "mono.wav", folder / "di" / name)
    (folder / "di" / "mono.wav").unlink()
    arguments = ("batch", "di", "-m", "amp.nam", "-o", "out")
    done = reamp(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    expected = render(Model.load(folder / "amp.nam"), noise(1, 4_800)[0], 48_000)
    for name in names:
        wet = read_audio(folder / "out" / f"{name[:-4]}__amp__full.wav")
        assert np.array_equal(wet[0], expected), name
    assert reamp_here(*arguments).stdout.startswith("0 done, 4 done before")


def test_eight_channels_at_192_khz_are_played(reamp_here: Reamp, folder: Path) -> None:
    write_audio(folder / "eight.wav", noise(8, 2_000), 192_000)
    assert reamp_here("batch", "eight.wav", "-m", "amp.nam", "-o", "out").returncode == 0
    assert read_audio(folder / "out" / "eight__amp__full.wav").shape == (8, 2_000)


def test_eight_channels_that_a_format_cannot_hold_are_said(reamp_here: Reamp, folder: Path) -> None:
    write_audio(folder / "nine.wav", noise(9, 2_000), 48_000)
    options = ("--template", "{input}.flac", "--on-error", "skip")
    done = reamp_here("batch", "nine.wav", "di", "-m", "amp.nam", "-o", "out", *options)
    assert done.returncode == 1
    assert "nine.flac: FLAC cannot hold 9 channels at 48000 Hz; WAV can\n" in done.stderr
    assert done.stdout.startswith("1 done, 1 failed")


def test_two_inputs_of_one_name_have_outputs_in_their_folders(
    reamp_here: Reamp, folder: Path
) -> None:
    write_audio(folder / "di" / "takes" / "mono.wav", noise(1, 100), 48_000)
    assert reamp_here("batch", "di", "-m", "amp.nam", "-o", "out").returncode == 0
    assert (folder / "out" / "takes" / "mono__amp__full.wav").exists()
    inputs = ("di/mono.wav", "di/takes/mono.wav")
    done = reamp_here("batch", *inputs, "-m", "amp.nam", "-o", "other")
    assert done.returncode == 1
    assert "would both become mono__amp__full.wav" in done.stderr
    assert not (folder / "other").exists()


def test_an_output_folder_that_cannot_be_written_is_said(reamp_here: Reamp, folder: Path) -> None:
    done = reamp_here("batch", "di", "-m", "amp.nam", "-o", "/proc/out")
    assert done.returncode == 1
    assert done.stderr.startswith("reamp: /proc/out: ")
    assert done.stderr.count("\n") == 1
    done = reamp_here("batch", "di", "-m", "amp.nam", "-o", "amp.nam")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_an_output_folder_below_that_cannot_be_written_fails_its_jobs(
    reamp_here: Reamp, folder: Path
) -> None:
    write_audio(folder / "di" / "takes" / "a.wav", noise(1, 100), 48_000)
    (folder / "out").mkdir()
    (folder / "out" / "takes").touch()  # where a folder should be
    done = reamp_here("batch", "di", "-m", "amp.nam", "-o", "out", "--on-error", "skip")
    assert done.returncode == 1
    assert done.stdout.startswith("1 done, 1 failed, ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_what_is_not_allowed_is_said(reamp_here: Reamp, folder: Path) -> None:
    (folder / "di" / "mono.wav").chmod(0)
    done = reamp_here("batch", "di", "-m", "amp.nam", "-o", "out", "--on-error", "skip")
    assert done.returncode == 1
    assert done.stderr.endswith("mono.wav: Permission denied\n")
    (folder / "empty").chmod(0o500)
    done = reamp_here("batch", "di", "-m", "amp.nam", "-o", "empty")
    assert done.stderr.endswith("Permission denied\n")
