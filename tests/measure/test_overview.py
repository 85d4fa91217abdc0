# SPDX-License-Identifier: MIT
"""An overview says what is in the file, however it is cut into blocks and columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile

from pedalboard_nam.audio.reader import AudioFileError
from pedalboard_nam.measure import overview
from pedalboard_nam.measure.overview import overview_of
from process_memory import in_a_new_process, most_resident_bytes


def write(path: Path, audio: np.ndarray, rate_hz: int = 48_000) -> Path:
    with AudioFile(str(path), "w", rate_hz, len(audio), bit_depth=32) as file:
        file.write(audio[:, :0])
        file.write(audio)
    return path


def test_columns_hold_the_extremes_and_the_power_of_their_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio = np.random.default_rng(1).uniform(-1, 1, (3, 10_007)).astype(np.float32)
    path = write(tmp_path / "a.wav", audio)
    monkeypatch.setattr(overview, "_block_samples", 1000)  # blocks that end inside of columns
    seen = overview_of(path, columns=30, bands=8)
    starts = np.arange(30) * 10_007 // 30
    parts = np.split(audio, starts[1:], axis=1)
    np.testing.assert_array_equal(seen.low, [part.min() for part in parts])
    np.testing.assert_array_equal(seen.high, [part.max() for part in parts])
    np.testing.assert_allclose(seen.power, [np.mean(part.astype(float) ** 2) for part in parts])


def test_what_is_all_above_zero_has_its_lowest_value_there(tmp_path: Path) -> None:
    audio = np.linspace(0.25, 0.75, 1_000, dtype=np.float32)[np.newaxis]
    for sign in (1, -1):
        seen = overview_of(write(tmp_path / "a.wav", sign * audio), columns=10, bands=8)
        np.testing.assert_allclose(np.abs(seen.high - seen.low), 0.05, atol=1e-3)
        assert seen.peak_dbfs == pytest.approx(20.0 * np.log10(0.75), abs=1e-3)


def test_the_spectrogram_does_not_depend_on_the_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio = np.random.default_rng(1).uniform(-1, 1, (2, 10_007)).astype(np.float32)
    path = write(tmp_path / "a.wav", audio)
    whole = overview_of(path, columns=50, bands=20).spectrum_db
    monkeypatch.setattr(overview, "_block_samples", 997)
    np.testing.assert_allclose(
        overview_of(path, columns=50, bands=20).spectrum_db, whole, atol=1e-3
    )


@pytest.mark.parametrize("frequency_hz", [60.0, 440.0, 1000.0, 9000.0])
def test_a_sine_stands_in_its_band_with_its_level(tmp_path: Path, frequency_hz: float) -> None:
    time_s = np.arange(48_000) / 48_000
    audio = 0.5 * np.sin(2.0 * np.pi * frequency_hz * time_s)[np.newaxis].astype(np.float32)
    seen = overview_of(write(tmp_path / "a.wav", audio), columns=20, bands=30)
    middle = seen.spectrum_db[:, 10]
    band = int(np.searchsorted(seen.band_edges_hz, frequency_hz)) - 1
    # Between bins a Hann window sees up to 1.42 dB less.
    assert -6.02 - 1.45 <= middle[band] <= -6.0
    assert middle[band] == middle.max()


def test_a_click_stands_in_its_column(tmp_path: Path) -> None:
    audio = np.zeros((1, 48_000), np.float32)
    audio[0, 36_200] = 1.0
    seen = overview_of(write(tmp_path / "a.wav", audio), columns=40, bands=10)
    assert seen.high.argmax() == 30
    assert abs(int(seen.spectrum_db.sum(axis=0).argmax()) - 30) <= 1


def test_opposite_channels_do_not_cancel(tmp_path: Path) -> None:
    tone = np.sin(np.arange(9600) * 0.2).astype(np.float32)
    seen = overview_of(write(tmp_path / "a.wav", np.stack([tone, -tone])), columns=10, bands=10)
    assert seen.spectrum_db.max() > -1.5


@pytest.mark.parametrize("frames", [1, 2, 3, 159, 161])
def test_a_file_shorter_than_the_picture_has_fewer_columns(tmp_path: Path, frames: int) -> None:
    audio = np.full((1, frames), 0.5, np.float32)
    seen = overview_of(write(tmp_path / "a.wav", audio), columns=160, bands=40)
    assert seen.spectrum_db.shape == (40, min(frames, 160))
    assert seen.peak_dbfs == pytest.approx(-6.02, abs=0.01)
    assert seen.loudness_db == pytest.approx(-6.02, abs=0.01)


def test_silence_and_samples_that_are_not_numbers_are_finite_levels(tmp_path: Path) -> None:
    audio = np.zeros((1, 4800), np.float32)
    silence = overview_of(write(tmp_path / "a.wav", audio), columns=10, bands=10)
    assert silence.is_finite
    assert silence.peak_dbfs == silence.loudness_db == -200.0
    audio[0, 7:9] = np.nan, np.inf
    broken = overview_of(write(tmp_path / "b.wav", audio), columns=10, bands=10)
    assert not broken.is_finite
    assert np.isfinite(broken.spectrum_db).all()


def test_what_is_no_audio_is_an_error_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("no audio")
    with pytest.raises(AudioFileError, match=r"a\.wav: no audio"):
        overview_of(path, columns=10, bands=10)


def growth_from(short: Path, long: Path) -> int:
    overview_of(short, columns=1000, bands=200)
    before = most_resident_bytes()
    assert overview_of(long, columns=1000, bands=200).duration_s == 3 * 3600
    return most_resident_bytes() - before


@pytest.mark.slow
def test_three_hours_take_no_more_memory_than_three_seconds(tmp_path: Path) -> None:
    minute = np.random.default_rng(1).uniform(-1, 1, (1, 48_000 * 60)).astype(np.float32)
    short = write(tmp_path / "short.wav", minute[:, : 48_000 * 3])
    long = tmp_path / "long.wav"
    with AudioFile(str(long), "w", 48_000, 1, bit_depth=16) as file:
        for _ in range(180):
            file.write(minute)
    assert in_a_new_process(growth_from, short, long) < 30_000_000
