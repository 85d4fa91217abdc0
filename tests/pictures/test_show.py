# SPDX-License-Identifier: MIT
"""The picture of audio files says what is in them, and where."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile

pytest.importorskip("matplotlib")

from pedalboard_nam.audio_file import AudioFileError
from pedalboard_nam.pictures.show import audio_figure, draw_audio


def write_sine(path: Path, peak: float, duration_s: float, rate_hz: int = 48_000) -> str:
    time_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    with AudioFile(os.fspath(path), "w", rate_hz, 1, bit_depth=32) as file:
        file.write((peak * np.sin(2 * np.pi * 1000.0 * time_s)[np.newaxis]).astype(np.float32))
    return os.fspath(path)


def test_two_files_share_a_time_axis_as_long_as_the_longer(tmp_path: Path) -> None:
    files = [
        write_sine(tmp_path / "wet.wav", 1.0, 2.0),
        write_sine(tmp_path / "dry.wav", 0.1, 3.0, 44_100),
    ]
    *pictures, level, _ = audio_figure(files).axes
    assert len(pictures) == 4
    assert {axes.get_xlim() for axes in [*pictures, level]} == {(0.0, 3.0)}
    wet, dry = level.get_lines()
    assert (wet.get_label(), dry.get_label()) == ("wet.wav", "dry.wav")
    assert wet.get_xdata()[-1] == pytest.approx(2.0, abs=0.01)
    assert dry.get_xdata()[-1] == pytest.approx(3.0, abs=0.01)


def test_the_level_of_a_sine_is_a_line_at_its_rms(tmp_path: Path) -> None:
    (line,) = audio_figure([write_sine(tmp_path / "a.wav", 0.5, 1.0)]).axes[2].get_lines()
    np.testing.assert_allclose(line.get_ydata(), -9.03, atol=0.1)


def test_a_sine_is_the_brightest_at_its_frequency(tmp_path: Path) -> None:
    axes = audio_figure([write_sine(tmp_path / "a.wav", 0.5, 1.0)]).axes[1]
    (mesh,) = axes.collections
    edges_hz = mesh.get_coordinates()[:, 0, 1]
    band = int(np.asarray(mesh.get_array())[:, 600].argmax())
    assert edges_hz[band] * 0.97 < 1000.0 < edges_hz[band + 1] * 1.03


def test_the_title_says_what_the_file_is(tmp_path: Path) -> None:
    figure = audio_figure([write_sine(tmp_path / "a $x$.wav", 0.5, 1.0)])
    assert figure.get_suptitle() == "a $x$.wav"
    expected = "mono, 48 kHz, peak -6.0 dBFS, RMS -9.0 dB"
    assert figure.axes[0].get_title("left") == expected


@pytest.mark.parametrize("duration_s", [1 / 48_000, 0.001, 200.0])
def test_files_of_any_length_are_drawn_without_a_warning(tmp_path: Path, duration_s: float) -> None:
    draw_audio([write_sine(tmp_path / "a.wav", 0.5, duration_s)], tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_is_drawn_of_what_is_no_audio(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("no audio")
    with pytest.raises(AudioFileError, match=r"a\.wav: no audio"):
        draw_audio([tmp_path / "a.wav"], tmp_path / "a.png")
    assert not (tmp_path / "a.png").exists()


def test_samples_that_are_not_numbers_are_named_and_the_rest_is_drawn(tmp_path: Path) -> None:
    with AudioFile(os.fspath(tmp_path / "a.wav"), "w", 48_000, 1, bit_depth=32) as file:
        file.write(np.array([[0.5, np.nan, np.inf, -0.25] * 1000], np.float32))
    title = audio_figure([os.fspath(tmp_path / "a.wav")]).axes[0].get_title("left")
    assert "peak -6.0 dBFS" in title
    assert title.endswith("; not all samples are numbers")
