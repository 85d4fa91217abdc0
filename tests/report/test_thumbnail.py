# SPDX-License-Identifier: MIT
"""Thumbnails are PNG files that show what is there; another library reads them."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from batch_files import write_sine
from pedalboard.io import AudioFile

from pedalboard_nam.measure.overview import Overview, overview_of
from pedalboard_nam.report import thumbnail

image = pytest.importorskip("PIL.Image")


def pixels(address: str) -> np.ndarray:
    kind, _, data = address.partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))


def seen(path: Path, level_db: float = 0.0) -> Overview:
    write_sine(path, level_db)
    return overview_of(path, columns=thumbnail.columns, bands=thumbnail.rows)


@pytest.mark.parametrize("width", [1, 2, 7, 160])
def test_any_shades_come_back_from_the_png(width: int) -> None:
    random = np.random.default_rng(width)
    shades = random.integers(0, 16, (5, width)).astype(np.uint8)
    palette = random.integers(0, 256, (16, 4)).astype(np.uint8)
    decoded = image.open(io.BytesIO(thumbnail.encode_png(shades, palette))).convert("RGBA")
    np.testing.assert_array_equal(np.asarray(decoded), palette[shades])


def test_a_full_sine_fills_the_waveform_and_a_quiet_one_is_a_line(tmp_path: Path) -> None:
    full = pixels(thumbnail.waveform(seen(tmp_path / "a.wav", 0.0)))[..., 3]
    quiet = pixels(thumbnail.waveform(seen(tmp_path / "a.wav", -80.0)))[..., 3]
    assert full.shape == (thumbnail.rows, thumbnail.columns)
    assert np.mean(full > 128) > 0.5
    np.testing.assert_allclose(quiet.astype(float).sum(axis=0), 255.0, atol=35.0)


def test_a_steep_wave_is_a_line_without_gaps(tmp_path: Path) -> None:
    wave = 0.9 * np.sign(np.sin(np.arange(160) * 0.3 + 0.1)).astype(np.float32)
    with AudioFile(str(tmp_path / "a.wav"), "w", 48_000, 1, bit_depth=32) as file:
        file.write(wave[np.newaxis])
    overview = overview_of(tmp_path / "a.wav", columns=thumbnail.columns, bands=thumbnail.rows)
    inked = pixels(thumbnail.waveform(overview))[..., 3] > 128
    for left, right in zip(inked.T[:-1], inked.T[1:], strict=True):
        assert (left & right).any()


def test_a_sine_is_a_bright_line_in_the_spectrogram_at_its_height(tmp_path: Path) -> None:
    overview = seen(tmp_path / "a.wav")
    brightness = pixels(thumbnail.spectrogram(overview))[..., :3].sum(axis=2)
    band = int(np.searchsorted(overview.band_edges_hz, 1000.0)) - 1
    assert brightness[:, 80].argmax() == thumbnail.rows - 1 - band


def test_both_pictures_of_noise_take_less_than_6_kb(tmp_path: Path) -> None:
    overview = seen(tmp_path / "a.wav")
    random = np.random.default_rng(1)
    overview.spectrum_db[:] = random.uniform(-90, -10, overview.spectrum_db.shape)
    overview.high[:] = random.uniform(0, 1, overview.high.shape)
    overview.low[:] = -overview.high
    assert len(thumbnail.waveform(overview) + thumbnail.spectrogram(overview)) < 6_000
