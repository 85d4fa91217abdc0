# SPDX-License-Identifier: MIT
"""The picture of audio files says what is in them, and where."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile

pytest.importorskip("matplotlib")

from pedalboard_nam.audio.reader import AudioFileError
from pedalboard_nam.pictures.audio import audio_figure, draw_audio


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


def test_a_single_frame_is_seen_on_an_axis_in_milliseconds(tmp_path: Path) -> None:
    with AudioFile(os.fspath(tmp_path / "a.wav"), "w", 50_000, 2, bit_depth=32) as file:
        file.write(np.array([[0.5], [-0.25], [0.0]], np.float32)[:2])
    waveform, _, level, _ = audio_figure([os.fspath(tmp_path / "a.wav")]).axes
    (points,) = waveform.get_lines()
    assert points.get_marker() == "o"
    assert sorted(points.get_ydata()) == [-0.25, 0.5]
    assert level.get_lines()[0].get_marker() == "o"
    assert level.get_xlabel() == "Time (ms)"
    level.figure.canvas.draw()
    assert [text.get_text() for text in level.get_xticklabels()][:3] == ["0", "0.0025", "0.005"]


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


def test_two_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for folder in ("wet", "dry"):
        (tmp_path / folder).mkdir()
        write_sine(tmp_path / folder / "a.wav", 0.5, 0.1)
    files = [os.fspath(tmp_path / folder / "a.wav") for folder in ("wet", "dry")]
    figure = audio_figure(files)
    names = [os.path.join(folder, "a.wav") for folder in ("wet", "dry")]
    assert figure.get_suptitle() == " and ".join(names)
    assert [line.get_label() for line in figure.axes[4].get_lines()] == names


def test_of_two_equal_files_both_levels_are_seen(tmp_path: Path) -> None:
    file = write_sine(tmp_path / "a.wav", 0.5, 0.1)
    beneath, above = audio_figure([file, file]).axes[4].get_lines()
    assert beneath.get_linewidth() > 2.0 * above.get_linewidth()
    assert beneath.get_zorder() <= above.get_zorder()


def test_silence_is_called_so_and_drawn_in_full_scale(tmp_path: Path) -> None:
    waveform = audio_figure([write_sine(tmp_path / "a.wav", 0.0, 0.1)]).axes[0]
    assert waveform.get_title("left") == "mono, 48 kHz, silent"
    assert waveform.get_ylim() == pytest.approx((-1.05, 1.05))


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 192_000])
def test_a_click_is_as_wide_in_the_spectrogram_at_every_rate(tmp_path: Path, rate_hz: int) -> None:
    click = np.zeros((1, rate_hz), np.float32)
    click[0, rate_hz // 2] = 1.0
    with AudioFile(os.fspath(tmp_path / "a.wav"), "w", rate_hz, 1, bit_depth=32) as file:
        file.write(click)
    (mesh,) = audio_figure([os.fspath(tmp_path / "a.wav")]).axes[1].collections
    seen = (np.asarray(mesh.get_array()) > -90.0).any(axis=0)
    assert np.mean(seen) == pytest.approx(0.085, rel=0.5)  # of a second


@pytest.mark.parametrize(
    "names", [("wet.wav", "dry.wav"), ("W" * 200 + ".wav", "あ" * 60 + ".wav")]
)
def test_nothing_overlaps_or_leaves_the_picture(tmp_path: Path, names: tuple[str, str]) -> None:
    figure = audio_figure([write_sine(tmp_path / name, 0.5, 0.1) for name in names])
    figure.draw_without_rendering()
    width, height = figure.get_size_inches() * figure.dpi
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    for box in boxes:
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= width
        assert box.y1 <= height
    level = figure.axes[4]
    legend = level.get_legend().get_window_extent()
    assert not legend.overlaps(level.get_window_extent().padded(-1))
    assert not legend.overlaps(level._left_title.get_window_extent())
    for one, other in combinations(boxes, 2):
        assert not one.padded(-1).overlaps(other.padded(-1))
