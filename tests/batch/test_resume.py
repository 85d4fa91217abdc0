# SPDX-License-Identifier: MIT
"""The same call again does what is missing or stale, and nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import board_factories
import nam_factory
import pytest
from audio_files import noise, write_audio

from pedalboard_nam import Model, reamp_files
from pedalboard_nam.batch import BatchError
from pedalboard_nam.nam.old_model_image import release_0_1
from pedalboard_nam.report.manifest import read_records


@pytest.fixture
def call(di: Path, amps: Path, tmp_path: Path) -> dict[str, Any]:
    return {"inputs": di, "models": amps, "output_dir": tmp_path / "out"}


def times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*.wav")}


def test_what_is_done_is_not_done_again(call: dict[str, Any]) -> None:
    assert reamp_files(**call).done == 6
    before = times(call["output_dir"])
    again = reamp_files(**call)
    assert (again.done, again.skipped) == (0, 6)
    assert times(call["output_dir"]) == before
    assert len(again.records) == 6


def test_models_are_known_by_the_hash_that_release_0_1_gave_them(call: dict[str, Any]) -> None:
    images = [Model.load(path).to_bytes() for path in call["models"].rglob("*.nam")]
    expected = {sha256(release_0_1(image)).hexdigest() for image in images}
    assert {record.model_hash for record in reamp_files(**call).records} == expected


def change_input(call: dict[str, Any]) -> None:
    write_audio(call["inputs"] / "mono.wav", noise(1, 4_800, peak=0.4), 48_000)


def change_model(call: dict[str, Any]) -> None:
    (call["models"] / "clean.nam").write_text(json.dumps(nam_factory.lite(5)))


def remove_output(call: dict[str, Any]) -> None:
    (call["output_dir"] / "mono__clean__full.wav").unlink()


def cut_output(call: dict[str, Any]) -> None:
    os.truncate(call["output_dir"] / "mono__clean__full.wav", 100)


def add_input(call: dict[str, Any]) -> None:
    write_audio(call["inputs"] / "new.wav", noise(1, 100), 48_000)


def change_settings(call: dict[str, Any]) -> None:
    call["settings"] = {"output_gain_db": 1}


def change_bit_depth(call: dict[str, Any]) -> None:
    call["bit_depth"] = 16


def change_board(call: dict[str, Any]) -> None:
    call["board"] = board_factories.quieter


def touch_everything(call: dict[str, Any]) -> None:
    for path in [*call["inputs"].rglob("*.wav"), *call["models"].rglob("*.nam")]:
        os.utime(path)


@pytest.mark.parametrize(
    ("change", "redone"),
    [
        (touch_everything, 0),
        (change_input, 2),
        (change_model, 3),
        (remove_output, 1),
        (cut_output, 1),
        (add_input, 2),
        (change_settings, 6),
        (change_bit_depth, 6),
        (change_board, 6),
    ],
)
def test_a_change_brings_back_what_it_concerns(
    call: dict[str, Any], change: Callable[[dict[str, Any]], None], redone: int
) -> None:
    total = reamp_files(**call).done
    change(call)
    total += change is add_input and 2
    again = reamp_files(**call)
    assert (again.done, again.skipped) == (redone, total - redone)
    assert reamp_files(**call).done == 0


def test_a_file_of_someone_else_is_replaced_only_by_force(call: dict[str, Any]) -> None:
    mine = call["output_dir"] / "mono__clean__full.wav"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(
        FileExistsError, match=r"mono__clean__full\.wav exists already and is not of"
    ):
        reamp_files(**call)
    assert os.listdir(call["output_dir"]) == [mine.name]
    assert mine.read_text() == "mine"
    assert reamp_files(**call, force=True).done == 6
    assert mine.stat().st_size > 4_800


def test_an_input_is_never_an_output(call: dict[str, Any]) -> None:
    inputs = [call["inputs"] / "mono.wav"]
    with pytest.raises(ValueError, match=r"mono\.wav: this is an input; choose another template"):
        reamp_files(
            inputs, call["models"] / "clean.nam", call["inputs"], template="{input}.wav", force=True
        )
    reamp_files(inputs, call["models"], call["inputs"])
    with pytest.raises(ValueError, match="this is an output of the same batch"):
        reamp_files(call["inputs"].glob("*.wav"), call["models"], call["inputs"])


def test_outputs_below_the_inputs_are_not_played(call: dict[str, Any]) -> None:
    call["output_dir"] = call["inputs"] / "out"
    assert reamp_files(**call).done == 6
    assert reamp_files(**call).skipped == 6


def test_a_manifest_may_be_elsewhere(call: dict[str, Any], tmp_path: Path) -> None:
    call["manifest"] = tmp_path / "logs" / "batch.jsonl"
    done = reamp_files(**call)
    assert done.path == str(tmp_path / "logs" / "batch.jsonl")
    assert all((tmp_path / "logs" / record.output).exists() for record in done.records)
    assert reamp_files(**call).skipped == 6


def test_what_failed_is_tried_again(call: dict[str, Any], tmp_path: Path) -> None:
    (call["inputs"] / "mono.wav").write_text("no audio")
    first = reamp_files(**call, on_error="skip")
    assert (first.done, len(first.failures)) == (4, 2)
    write_audio(call["inputs"] / "mono.wav", noise(1, 4_800), 48_000)
    again = reamp_files(**call)
    assert (again.done, again.skipped) == (2, 4)
    assert {record.status for record in again.records} == {"done"}


def test_a_job_that_failed_does_not_own_the_file_in_its_place(call: dict[str, Any]) -> None:
    (call["inputs"] / "mono.wav").write_text("no audio")
    assert len(reamp_files(**call, on_error="skip").failures) == 2
    (call["output_dir"] / "mono__clean__full.wav").write_text("mine")
    with pytest.raises(FileExistsError, match="exists already and is not of this batch"):
        reamp_files(**call, on_error="skip")


def test_stop_records_all_that_the_same_task_has_done(call: dict[str, Any], amp_path: Path) -> None:
    call |= {"inputs": call["inputs"] / "mono.wav", "models": [amp_path] * 3, "jobs": 1}
    call |= {"draws_per_pair": 8, "template": "{draw}/{input}.wav"}
    (call["output_dir"]).mkdir()
    (call["output_dir"] / "0").touch()  # where a folder should be
    with pytest.raises(BatchError, match=r"mono\.wav through .*amp\.nam: ") as stopped:
        reamp_files(**call)
    assert stopped.value.manifest.done == 3
    assert len(list(read_records(stopped.value.manifest.path))) == 4
    (call["output_dir"] / "0").unlink()
    again = reamp_files(**call)
    assert (again.done, again.skipped) == (5, 3)


def test_the_manifest_is_no_output(call: dict[str, Any]) -> None:
    manifest = call["output_dir"] / "mono__clean__full.wav"
    with pytest.raises(ValueError, match="the manifest would be one of the outputs"):
        reamp_files(**call, manifest=manifest)
    assert not call["output_dir"].exists()


def test_an_output_that_is_a_link_stays_one_and_is_done(
    call: dict[str, Any], tmp_path: Path
) -> None:
    call["output_dir"].mkdir()
    link = call["output_dir"] / "mono__clean__full.wav"
    link.symlink_to(tmp_path / "elsewhere.wav")
    reamp_files(**call)
    assert link.is_symlink()
    assert reamp_files(**call).skipped == 6
