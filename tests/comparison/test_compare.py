# SPDX-License-Identifier: MIT
"""Comparisons of recordings whose difference is known."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_files import write_audio
from pedalboard.io import AudioFile

from pedalboard_nam import Model, compare, render
from pedalboard_nam.audio.reader import AudioFileError

FRAMES = 24_000


def guitar(channels: int = 1, seed: int = 0) -> np.ndarray:
    """Band-limited noise: nothing of it above 12 kHz, and silence at both ends."""
    random = np.random.default_rng(seed)
    spectrum = np.zeros((channels, FRAMES // 2 + 1), np.complex128)
    bins = slice(50, FRAMES // 4)
    shape = spectrum[:, bins].shape
    spectrum[:, bins] = random.normal(size=shape) + 1j * random.normal(size=shape)
    audio = np.fft.irfft(spectrum) * np.hanning(FRAMES)
    return (0.1 * audio / audio.std()).astype(np.float32)


def late(audio: np.ndarray, frames: float) -> np.ndarray:
    """The same, later by any part of a frame."""
    padded = np.pad(audio, [(0, 0), (2_000, 2_000)])
    cycles = np.fft.rfftfreq(padded.shape[1])
    moved = np.fft.rfft(padded) * np.exp(-2j * np.pi * cycles * frames)
    return np.fft.irfft(moved)[:, 2_000:-2_000].astype(np.float32)


def test_a_recording_is_equal_to_itself() -> None:
    found = compare(guitar(), guitar())
    assert (found.error_to_signal_ratio, found.esr_db) == (0.0, -math.inf)
    assert (found.null_depth_db, found.delay_frames) == (-math.inf, 0.0)
    assert (found.inverted, found.level_difference_db, found.gain) == (False, 0.0, 1.0)


def test_the_error_is_that_of_the_trainer_and_b_is_the_reference() -> None:
    a, b = guitar(seed=1), 2.0 * guitar(seed=2)
    expected = np.sum((np.float64(a) - b) ** 2) / np.sum(np.float64(b) ** 2)
    found = compare(a, b)
    assert found.error_to_signal_ratio == pytest.approx(expected, rel=1e-12)
    assert found.esr_db == pytest.approx(10.0 * np.log10(expected))
    assert compare(b, a).error_to_signal_ratio == pytest.approx(4.0 * expected, rel=0.05)


@pytest.mark.parametrize("frames", [0.0, 1.0, -1.0, 37.0, -1_000.0, 0.5, 0.01, -12.3, 300.25])
@pytest.mark.parametrize(("channels", "gain"), [(1, 0.25), (1, -1.0), (1, -3.0), (2, 0.25)])
def test_delay_polarity_and_level_are_found_and_taken_out(
    channels: int, gain: float, frames: float
) -> None:
    b = guitar(channels)
    found = compare(gain * late(b, frames), b)
    assert found.delay_frames == pytest.approx(frames, abs=1e-3)
    assert found.inverted == (gain < 0.0)
    assert found.gain == pytest.approx(1.0 / gain, rel=1e-3)
    assert found.level_difference_db == pytest.approx(20.0 * math.log10(abs(gain)), abs=0.05)
    assert found.null_depth_db < -80.0


@pytest.mark.parametrize("noise_db", [-20.0, -40.0, -60.0])
def test_the_null_is_as_deep_as_the_noise_that_is_left(noise_db: float) -> None:
    b = guitar()
    noise = guitar(seed=3) * 10.0 ** (noise_db / 20.0)
    found = compare(-2.0 * late(b + noise, 5.0), b)
    assert found.null_depth_db == pytest.approx(noise_db, abs=0.1)


def test_recordings_with_nothing_in_common_leave_it_all() -> None:
    random = np.random.default_rng(0)
    a, b = random.normal(size=(2, 200_000))
    assert -0.1 < compare(a, b).null_depth_db < 0.0


def test_a_silent_recording_leaves_all_of_the_reference() -> None:
    found = compare(np.zeros_like(guitar()), guitar())
    assert found.error_to_signal_ratio == 1.0
    assert (found.null_depth_db, found.level_difference_db) == (0.0, -math.inf)
    assert (found.delay_frames, found.inverted) == (0.0, False)


def test_blocks_do_not_show() -> None:
    random = np.random.default_rng(0)
    b = random.normal(size=400_000)
    a = -0.5 * np.pad(b, (700, 0))[: b.size]
    found = compare(a, b)
    assert (found.delay_frames, found.inverted, found.gain) == (700.0, True, -2.0)
    assert found.null_depth_db == -math.inf


def test_lite_is_close_to_full() -> None:
    model = Model.load(demo("amp.nam"))
    with AudioFile(str(demo("di.flac"))) as file:
        di = file.read(96_000)[0]
    wet = {size: render(model, di, 48_000, size=size) for size in ("full", "lite")}
    found = compare(wet["lite"], wet["full"], sample_rate=48_000)
    assert -30.0 < found.null_depth_db < -10.0
    assert abs(found.delay_frames) < 0.2
    assert found.esr_db == pytest.approx(found.null_depth_db, abs=0.5)


def demo(name: str) -> Path:
    import pedalboard_nam

    return Path(pedalboard_nam.__file__).parent / "demo" / name


def test_files_are_read_with_their_rate(tmp_path: Path) -> None:
    b = guitar(2)
    found = compare(
        write_audio(tmp_path / "a.wav", late(b, 3.0), 44_100),
        write_audio(tmp_path / "b.wav", b, 44_100),
    )
    assert (found.num_channels, found.frames, found.sample_rate) == (2, FRAMES, 44_100.0)
    assert found.delay_frames == pytest.approx(3.0, abs=1e-3)


def test_a_file_may_be_compared_with_an_array(tmp_path: Path) -> None:
    assert (
        compare(write_audio(tmp_path / "a.wav", guitar(), 48_000), guitar()).null_depth_db
        == -math.inf
    )


def nan_at(frame: int) -> np.ndarray:
    audio = guitar()
    audio[0, frame] = np.nan
    return audio


@pytest.mark.parametrize(
    ("a", "b", "sentence"),
    [
        (guitar()[:, :-1], guitar(), "a has 23999 frames, b has 24000; they must be alike"),
        (guitar(2), guitar(), "a has 2 channels, b has 1; they must be alike"),
        (guitar(), np.zeros((1, FRAMES)), "b, the reference, is silent"),
        (nan_at(3), guitar(), "a is empty or holds NaN or infinity"),
        (guitar(), nan_at(3), "b is empty or holds NaN or infinity"),
        (np.zeros(0), np.zeros(0), "a is empty"),
        (np.zeros((3, 3, 3)), guitar(), "audio has shape"),
    ],
)
def test_what_cannot_be_compared_is_refused(a: Any, b: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        compare(a, b)


def test_files_of_different_rates_are_refused_by_name(tmp_path: Path) -> None:
    a = write_audio(tmp_path / "a.wav", guitar(), 44_100)
    b = write_audio(tmp_path / "b.wav", guitar(), 48_000)
    with pytest.raises(ValueError, match=r"a.wav is at 44100 Hz, .*b.wav at 48000 Hz; resample"):
        compare(a, b)


def test_what_is_no_audio_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("no")
    with pytest.raises(AudioFileError, match=r"a.wav: no audio that can be read"):
        compare(tmp_path / "a.wav", guitar())


def test_a_plot_is_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "plot.png"
    compare(0.5 * late(guitar(2), 3.5), guitar(2)).plot(path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size > 10_000


def test_a_plot_of_equal_short_recordings_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    compare(guitar()[:, :9], guitar()[:, :9] + 1.0).plot(tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size > 10_000


def test_a_plot_replaces_nothing_unasked(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "plot.png"
    path.write_text("dear")
    with pytest.raises(FileExistsError, match=r"plot.png exists already; overwrite=True"):
        compare(guitar(), guitar()).plot(path)
    assert path.read_text() == "dear"
    compare(0.5 * late(guitar(2), 3.5), guitar(2), sample_rate=48_000.0).plot(path, overwrite=True)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size > 10_000


def test_a_plot_of_another_kind_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(ValueError, match=r"plot.xyz: pictures are PNG files"):
        compare(guitar(), guitar()).plot(tmp_path / "plot.xyz")
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib_a_plot_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r'pip install "pedalboard-nam\[plot\]"'):
        compare(guitar(), guitar()).plot(tmp_path / "plot.png")
    assert list(tmp_path.iterdir()) == []
