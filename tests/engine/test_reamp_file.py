# SPDX-License-Identifier: MIT
"""Files that are played piece by piece hold the bits of `render`."""

from __future__ import annotations

import os
import wave
from pathlib import Path

import nam_factory
import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio
from pedalboard.io import AudioFile

from pedalboard_nam import Model, render
from pedalboard_nam.audio.reader import AudioFileError
from pedalboard_nam.audio.writer import create_audio
from pedalboard_nam.engine.long_signal import LongSignal
from pedalboard_nam.engine.reamp_file import Reamped, reamp_file
from pedalboard_nam.settings import Settings


def render_channels(model: Model, audio: np.ndarray, rate_hz: float, **settings) -> np.ndarray:
    return np.stack([render(model, channel, rate_hz, **settings) for channel in audio])


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    ("rate_hz", "channels"),
    [(48_000, 1), (48_000, 2), (44_100, 2), (22_050, 1), (96_000, 3), (11_027, 1)],
)
def test_pieces_have_the_bits_of_the_whole(
    amp: Model,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rate_hz: int,
    channels: int,
    threads: int,
) -> None:
    monkeypatch.setattr("pedalboard_nam.engine.reamp_file.section_samples", 5_000)
    dry = noise(channels, 50_001)
    write_audio(tmp_path / "dry.wav", dry, rate_hz)
    done = reamp_file(
        amp, tmp_path / "dry.wav", tmp_path / "wet.wav", threads=threads, settings=Settings(size=0)
    )
    wet = read_audio(tmp_path / "wet.wav")
    assert np.array_equal(wet, render_channels(amp, dry, rate_hz, size=0))
    assert done == Reamped(50_001, channels, rate_hz, float(abs(wet).max()), False, True)


def test_a_model_of_an_odd_rate_needs_no_longer_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd_amp = Model.load(nam_factory.lite(sample_rate=47_999.999))
    monkeypatch.setattr("pedalboard_nam.engine.reamp_file.section_samples", 5_000)
    dry = noise(1, 40_000)
    write_audio(tmp_path / "dry.wav", dry, 44_100)
    reports: list[int] = []
    reamp_file(
        odd_amp,
        tmp_path / "dry.wav",
        tmp_path / "wet.wav",
        progress=lambda done, _: reports.append(done),
    )
    assert len(reports) > 3
    expected = render_channels(odd_amp, dry, 44_100)
    assert np.array_equal(read_audio(tmp_path / "wet.wav"), expected)


@pytest.mark.parametrize("frames", [1, 2, 3, 20_479, 20_480, 20_481, 40_960])
def test_every_length_is_kept(
    amp: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frames: int
) -> None:
    monkeypatch.setattr("pedalboard_nam.engine.reamp_file.section_samples", 2 * 20_480)
    dry = noise(2, frames)
    write_audio(tmp_path / "dry.wav", dry, 48_000)
    reamp_file(amp, tmp_path / "dry.wav", tmp_path / "wet.wav", settings=Settings(size="lite"))
    expected = render_channels(amp, dry, 48_000, size="lite")
    assert np.array_equal(read_audio(tmp_path / "wet.wav"), expected)


def test_memory_does_not_grow_with_the_file(
    amp: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []

    def play_nothing(_: object, dry: np.ndarray) -> np.ndarray:
        lengths.append(dry.size)
        return dry

    monkeypatch.setattr(LongSignal, "process", play_nothing)
    monkeypatch.setattr("pedalboard_nam.engine.reamp_file.section_samples", 20_000)
    write_audio(tmp_path / "dry.wav", noise(1, 1_000_000), 48_000)
    reamp_file(amp, tmp_path / "dry.wav", tmp_path / "wet.wav")
    assert len(lengths) == 50
    assert max(lengths) <= 20_000


def test_progress_ends_at_the_end(
    amp: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pedalboard_nam.engine.reamp_file.section_samples", 10_000)
    write_audio(tmp_path / "dry.wav", noise(1, 25_000), 48_000)
    reports: list[tuple[int, int]] = []
    reamp_file(
        amp,
        tmp_path / "dry.wav",
        tmp_path / "wet.wav",
        settings=Settings(size="lite"),
        progress=lambda done, frames: reports.append((done, frames)),
    )
    assert reports == [(10_000, 25_000), (20_000, 25_000), (25_000, 25_000)]


@pytest.mark.parametrize("extension", [".wav", ".flac", ".aiff", ".aif", ".ogg", ".mp3", ".WAV"])
def test_every_format_plays(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"out{extension}"
    time_s = np.arange(48_000) / 48_000
    tone = 0.5 * np.sin(2 * np.pi * 440 * time_s, dtype=np.float32)[np.newaxis]
    with create_audio(path, 48_000, 1) as file:
        file.write(tone)
    found = read_audio(path)
    if extension != ".mp3":  # its frames are longer, and its encoder delays
        assert found.shape == tone.shape
        assert abs(found - tone).max() < 0.02
    assert 0.34 < np.sqrt(np.mean(found[:, 10_000:40_000] ** 2)) < 0.37


@pytest.mark.parametrize(
    ("extension", "bit_depth", "dtype"),
    [
        (".wav", None, "float32"),
        (".wav", 32, "float32"),
        (".wav", 24, "int24"),
        (".wav", 16, "int16"),
        (".flac", None, "int24"),
        (".flac", 16, "int16"),
        (".aiff", None, "int24"),
        (".aiff", 16, "int16"),
    ],
)
def test_bit_depths(tmp_path: Path, extension: str, bit_depth: int | None, dtype: str) -> None:
    path = tmp_path / f"out{extension}"
    audio = noise(2, 1_000)
    with create_audio(path, 48_000, 2, bit_depth=bit_depth) as file:
        file.write(audio)
    with AudioFile(os.fspath(path)) as file:
        assert file.file_dtype == dtype
    step = {"int16": 2.0**-15, "int24": 2.0**-23, "float32": 0.0}[dtype]
    assert abs(read_audio(path) - audio).max() <= 0.501 * step


def test_16_bits_are_rounded_to_the_nearest(tmp_path: Path) -> None:
    audio = noise(1, 1_000)
    with create_audio(tmp_path / "out.wav", 48_000, 1, bit_depth=16) as file:
        file.write(audio)
    with wave.open(os.fspath(tmp_path / "out.wav")) as file:
        found = np.frombuffer(file.readframes(1_000), "<i2")
    assert np.array_equal(found, np.rint(audio[0] * 32_768.0))


def test_nan_and_infinity_are_not_a_peak(tmp_path: Path) -> None:
    with create_audio(tmp_path / "out.wav", 48_000, 1) as file:
        file.write(np.array([[np.nan, 0.25, -0.5, -np.inf]], np.float32))
        file.write(np.zeros((1, 0), np.float32))
    assert file.peak == 0.5


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    path.write_text("precious")
    with (
        pytest.raises(AttributeError),
        create_audio(path, 48_000, 1, overwrite=True) as file,
    ):
        file.write("no audio")
    assert [p.name for p in tmp_path.iterdir()] == ["out.wav"]
    assert path.read_text() == "precious"


def test_the_output_has_its_name_only_when_it_is_complete(tmp_path: Path) -> None:
    with create_audio(tmp_path / "out.wav", 48_000, 1) as file:
        file.write(noise(1, 100))
        assert not (tmp_path / "out.wav").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["out.wav"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.wav").symlink_to(tmp_path / "real.wav")
    with create_audio(tmp_path / "link.wav", 48_000, 1) as file:
        file.write(noise(1, 100))
    assert (tmp_path / "link.wav").is_symlink()
    assert read_audio(tmp_path / "real.wav").shape == (1, 100)


def test_the_output_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "any").touch()
    with create_audio(tmp_path / "out.wav", 48_000, 1):
        pass
    assert (tmp_path / "out.wav").stat().st_mode == (tmp_path / "any").stat().st_mode


@pytest.mark.parametrize(
    ("name", "rate_hz", "channels", "bit_depth", "problem"),
    [
        ("o.wav", 48_000, 1, 8, "WAV files have no bit depth of 8; accepted are 16, 24, 32"),
        ("o.flac", 48_000, 1, 32, "FLAC files have no bit depth of 32; accepted are 16, 24"),
        ("o.ogg", 48_000, 1, 16, "OGG files have no bit depth of 16 or any other"),
        ("o.flac", 48_000, 9, None, "FLAC cannot hold 9 channels at 48000 Hz; WAV can"),
        ("o.mp3", 96_000, 1, None, "MP3 cannot hold 1 channel at 96000 Hz; WAV can"),
        ("o.wav", 44_100.5, 1, None, "WAV cannot hold 1 channel at 44100.5 Hz"),
        ("o.m4a", 48_000, 1, None, "cannot write .m4a; accepted are .wav, .flac, .aiff"),
        ("o", 48_000, 1, None, "cannot write a file without extension; accepted are .wav"),
    ],
)
def test_what_a_format_cannot_hold_is_said(
    tmp_path: Path, name: str, rate_hz: float, channels: int, bit_depth: int | None, problem: str
) -> None:
    path = tmp_path / name
    with (
        pytest.raises(AudioFileError) as raised,
        create_audio(path, rate_hz, channels, bit_depth=bit_depth),
    ):
        pass
    assert str(raised.value).startswith(f"{path}: {problem}")
    assert not list(tmp_path.iterdir())
