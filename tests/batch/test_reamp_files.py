# SPDX-License-Identifier: MIT
"""Every output holds the bits of `render`, and its record says what is in it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import nam_factory
import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio, write_silence

from pedalboard_nam import Model, isa, reamp_files, render
from pedalboard_nam.audio.arrays import Audio
from pedalboard_nam.audio.headers import headers
from pedalboard_nam.audio.reader import AudioReader
from pedalboard_nam.batch import BatchError, Manifest, Record, events, player, worker
from pedalboard_nam.batch.worker import content_hash
from pedalboard_nam.files.regular_file import RegularFile
from process_memory import in_a_new_process, most_resident_bytes


def rendered(record: Record, **settings: Any) -> np.ndarray:
    model = Model.load(record.model)
    dry = read_audio(Path(record.input))
    rate = record.sample_rate
    return np.stack([render(model, row, rate, **{**record.settings, **settings}) for row in dry])


def output(manifest: Manifest, record: Record) -> np.ndarray:
    return read_audio(Path(manifest.path).parent / record.output)


def test_every_input_through_every_model(di: Path, amps: Path, tmp_path: Path) -> None:
    done = reamp_files(di, amps, tmp_path / "out", settings={"input_gain_db": 3.0})
    assert (done.done, done.skipped, done.failures) == (6, 0, [])
    assert sorted(record.output for record in done.records) == [
        "mono__brand-loud__full.wav",
        "mono__clean__full.wav",
        "stereo__brand-loud__full.wav",
        "stereo__clean__full.wav",
        "takes/eight__brand-loud__full.wav",
        "takes/eight__clean__full.wav",
    ]
    for record in done.records:
        assert np.array_equal(output(done, record), rendered(record)), record.output


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("frames", [1, 3, 262_143, 262_144, 262_145])
def test_audio_of_any_length_is_played_to_its_end(
    tmp_path: Path, amps: Path, rate: int, frames: int
) -> None:
    write_audio(tmp_path / "di.wav", noise(1, frames), rate)
    done = reamp_files(tmp_path / "di.wav", amps / "clean.nam", tmp_path / "out")
    (record,) = done.records
    assert record.frames == frames
    assert np.array_equal(output(done, record), rendered(record))


def test_a_record_says_what_is_in_the_output(di: Path, amp_path: Path, tmp_path: Path) -> None:
    done = reamp_files(di / "stereo.wav", amp_path, tmp_path / "out", seed=7)
    (record,) = done.records
    wet = rendered(record)
    assert record.status == "done"
    assert (record.input, record.model) == (str(di / "stereo.wav"), str(amp_path))
    assert (record.model_name, record.isa, record.seed, record.draw) == ("Factory amp", isa(), 7, 0)
    assert record.input_hash == content_hash(di / "stereo.wav")
    assert (record.sample_rate, record.num_channels, record.frames) == (44_100, 2, 9_001)
    assert record.duration_s == pytest.approx(9_001 / 44_100)
    assert record.peak_dbfs == pytest.approx(20 * np.log10(abs(wet).max()))
    assert record.loudness_db == pytest.approx(10 * np.log10(np.mean(wet.astype(float) ** 2)))
    assert record.clipped is False
    assert record.output_bytes == os.path.getsize(tmp_path / "out" / record.output)
    assert record.seconds is not None
    assert record.dsp_seconds is not None
    assert 0 < record.dsp_seconds < record.seconds


def test_silence_has_no_level(amps: Path, tmp_path: Path) -> None:
    from special_models import wire_nam

    (tmp_path / "wire.nam").write_text(__import__("json").dumps(wire_nam()))
    write_audio(tmp_path / "di.wav", np.zeros((1, 100), np.float32), 48_000)
    (record,) = reamp_files(tmp_path / "di.wav", tmp_path / "wire.nam", tmp_path / "out").records
    assert (record.peak_dbfs, record.loudness_db) == (None, None)


@pytest.mark.parametrize(
    ("extension", "bit_depth", "step"),
    [("wav", 16, 2**-15), ("flac", None, 2**-23), ("aiff", 16, 2**-15)],
)
def test_format_and_bit_depth(
    di: Path, amp_path: Path, tmp_path: Path, extension: str, bit_depth: int | None, step: float
) -> None:
    template = f"{{model}}/{{input}}.{extension}"
    done = reamp_files(di, amp_path, tmp_path / "out", template=template, bit_depth=bit_depth)
    assert (tmp_path / "out" / "amp" / "takes" / f"eight.{extension}").exists()
    for record in done.records:
        np.testing.assert_allclose(output(done, record), rendered(record), rtol=0, atol=1.2 * step)


def test_a_clipped_output_is_said(di: Path, amp_path: Path, tmp_path: Path) -> None:
    loud = {"output_gain_db": 40.0}
    options: dict[str, Any] = {"settings": loud, "template": "{input}.flac"}
    (record,) = reamp_files(di / "mono.wav", amp_path, tmp_path / "out", **options).records
    assert record.clipped is True
    assert record.peak_dbfs is not None
    assert record.peak_dbfs > 0


def test_draws_are_heard_and_recorded(di: Path, amp_path: Path, tmp_path: Path) -> None:
    ranges = {"input_gain_db": (-12.0, 12.0), "size": ["lite", "full"], "output_gain_db": -3}
    done = reamp_files(di, amp_path, tmp_path / "out", settings=ranges, seed=5, draws_per_pair=3)
    gains = [record.settings["input_gain_db"] for record in done.records]
    assert len(set(gains)) == done.done == 9
    assert all(-12.0 <= gain <= 12.0 for gain in gains)
    for record in done.records:
        assert record.settings["output_gain_db"] == -3.0
        assert np.array_equal(output(done, record), rendered(record)), record.output


def test_pairs_of_a_table_and_of_an_iterable(di: Path, amps: Path, tmp_path: Path) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text("input,model,size\ndi/mono.wav,amps/clean.nam,\ndi/stereo.wav,amp.nam,lite\n")
    with pytest.raises(FileNotFoundError, match=r"amp\.nam"):
        reamp_files(None, None, tmp_path / "out", pairs=table)
    table.write_text(
        "input,model,output_gain_db\ndi/mono.wav,amps/clean.nam,\ndi/stereo.wav,amps/clean.nam,2\n"
    )
    done = reamp_files(None, None, tmp_path / "out", pairs=table, settings={"output_gain_db": 1})
    assert {r.output: r.settings["output_gain_db"] for r in done.records} == {
        "di/mono__amps-clean__full.wav": 1.0,
        "di/stereo__amps-clean__full.wav": 2.0,
    }
    pair = [(di / "mono.wav", amps / "clean.nam")]
    done = reamp_files(None, None, tmp_path / "other", pairs=pair)
    assert [record.output for record in done.records] == ["mono__clean__full.wav"]


def test_a_model_object_needs_no_file(di: Path, amp_path: Path, tmp_path: Path) -> None:
    model = Model.load(amp_path)
    done = reamp_files(di / "mono.wav", model, tmp_path / "out")
    (record,) = done.records
    assert (record.output, record.model) == ("mono__Factory amp__full.wav", "")
    assert np.array_equal(output(done, record)[0], render(model, noise(1, 4_800)[0], 48_000))


def test_inputs_may_come_from_a_generator(di: Path, amp_path: Path, tmp_path: Path) -> None:
    inputs = (path for path in sorted(di.glob("*.wav")))
    assert reamp_files(inputs, iter([amp_path]), tmp_path / "out").done == 2


def test_many_jobs_of_one_input(di: Path, amp_path: Path, tmp_path: Path) -> None:
    ranges = {"input_gain_db": (-12.0, 12.0), "size": "lite"}
    done = reamp_files(di, amp_path, tmp_path / "out", settings=ranges, draws_per_pair=70, jobs=2)
    assert done.done == 210
    for record in done.records[::20]:
        assert np.array_equal(output(done, record), rendered(record)), record.output


def test_events_tell_the_story(di: Path, amp_path: Path, tmp_path: Path) -> None:
    story: list[events.Event] = []
    reamp_files(di, amp_path, tmp_path / "out", progress=story.append)
    assert story[0] == events.Planned(jobs=3, skipped=0, inputs=3)
    assert {one.input for one in story if isinstance(one, events.Started)} == set(
        map(str, di.rglob("*.wav"))
    )
    assert sum(isinstance(one, events.Done) for one in story) == 3
    finished = story[-1]
    assert isinstance(finished, events.Finished)
    assert (finished.done, finished.failed) == (3, 0)
    worked = finished.read_seconds + finished.dsp_seconds + finished.write_seconds
    assert 0 < worked < finished.seconds * finished.workers


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"on_error": "ignore"}, 'on_error is \'ignore\'; accepted are "stop" and "skip"'),
        ({"draws_per_pair": 0}, "draws_per_pair is 0"),
        ({"jobs": 0}, "jobs is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"settings": {"gain": 1}}, "'gain' is no setting"),
        ({"settings": {"input_gain_db": (1, -1)}}, "a tuple is a range of two finite numbers"),
        ({"template": "{input}.m4a"}, r"cannot write \.m4a"),
        ({"template": "{input}.flac", "bit_depth": 32}, "FLAC files have no bit depth of 32"),
        ({"pairs": []}, "pairs name their inputs and models"),
        ({"models": []}, "there are no models"),
        ({"inputs": []}, "there are no inputs"),
        ({"inputs": None}, "a batch needs inputs and models, or pairs"),
    ],
)
def test_what_is_not_accepted_is_said_before_the_work(
    di: Path, amp_path: Path, tmp_path: Path, arguments: dict[str, Any], said: str
) -> None:
    given: dict[str, Any] = {"inputs": di, "models": amp_path, "output_dir": tmp_path / "out"}
    with pytest.raises(ValueError, match=said):
        reamp_files(**{**given, **arguments})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"input_gain_db": {}}, "input_gain_db is {}; accepted are numbers"),
        ({"output_mode": ["raw", "loud"]}, "output_mode is 'loud'"),
        ({"size": (0.0, 2.0)}, "size is 2.0; accepted are"),
    ],
)
def test_settings_that_are_none_are_found_before_the_work(
    di: Path, amp_path: Path, tmp_path: Path, settings: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        reamp_files(di, amp_path, tmp_path / "out", settings=settings, on_error="skip")
    assert not (tmp_path / "out").exists()


def test_an_input_is_not_read_on_when_no_output_is_left(
    amp_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_audio(tmp_path / "long.wav", noise(1, 2_000_000), 48_000)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").touch()  # where a folder should be
    frames = 0
    read = AudioReader.read

    def count(reader: AudioReader, most: int) -> Audio:
        nonlocal frames
        section = read(reader, most)
        frames += section.shape[1]
        return section

    monkeypatch.setattr(AudioReader, "read", count)
    done = reamp_files(
        tmp_path / "long.wav",
        amp_path,
        tmp_path / "out",
        template="x/{input}.wav",
        on_error="skip",
    )
    assert len(done.failures) == 1
    assert frames < 1_000_000


def test_an_input_is_read_once_and_converted_once_for_all_models_of_a_rate(
    di: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "amps").mkdir()
    for i in range(6):
        amp = nam_factory.lite(i, sample_rate=(44_100.0, 96_000.0)[i % 2])
        (tmp_path / "amps" / f"{i}.nam").write_text(json.dumps(amp))
    opened: list[str] = []
    converted: list[float] = []

    def open_counted(file: RegularFile) -> Any:
        opened.append(file.name)
        return read(file)

    def convert_counted(rate: float, model_rate: float, num_channels: int) -> Any:
        converted.append(model_rate)
        return convert(rate, model_rate, num_channels)

    read, convert = worker.read_audio, player.ToModelRate
    monkeypatch.setattr(worker, "read_audio", open_counted)
    monkeypatch.setattr(player, "ToModelRate", convert_counted)
    done = reamp_files(di / "mono.wav", tmp_path / "amps", tmp_path / "out", jobs=1)
    assert done.done == 6
    # Six jobs are two tasks, so that one worker is busy while another is given work.
    assert opened == [str(di / "mono.wav")] * 2
    assert sorted(converted) == [44_100.0, 44_100.0, 96_000.0, 96_000.0]


def test_a_model_is_loaded_once_for_all_threads(
    amp_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    for i in range(8):
        write_audio(tmp_path / "in" / f"{i}.wav", noise(1, 100), 48_000)
    load = Model.load
    loaded = 0

    def load_slowly(path: str) -> Model:
        nonlocal loaded
        loaded += 1
        time.sleep(0.1)  # for other threads to come in between
        return load(path)

    monkeypatch.setattr(Model, "load", load_slowly)
    reamp_files(tmp_path / "in", amp_path, tmp_path / "out", jobs=4)
    assert loaded == 2  # by the plan, and by the work


def test_what_would_be_too_long_for_aiff_is_not_begun(
    di: Path, amp_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = headers["aiff"]._replace(most_bytes=2**24 + 1_000)
    monkeypatch.setitem(headers, "aiff", small)
    monkeypatch.setattr("pedalboard_nam.batch.output.Output.play", pytest.fail)
    with pytest.raises(BatchError, match=r"\.aiff: an AIFF file holds no more than 4 GiB"):
        reamp_files(di, amp_path, tmp_path / "out", template="{input}.aiff")


def most_memory_of(source: Path, model: Path, folder: Path) -> int:
    settings = {"size": "lite"}
    done = reamp_files(
        source, model, folder, settings=settings, template="{input}.flac", bit_depth=16
    )
    assert done.records[0].duration_s == 3 * 3600
    return most_resident_bytes()


@pytest.mark.slow
def test_three_hours_take_no_more_memory_than_a_song(amp_path: Path, tmp_path: Path) -> None:
    source = write_silence(tmp_path / "long.wav", 3 * 3600 * 8_000, 8_000)
    assert in_a_new_process(most_memory_of, source, amp_path, tmp_path / "out") < 120_000_000
