# SPDX-License-Identifier: MIT
"""`bounce` at another rate than the source's: nothing is lost, and nothing moves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from audio_files import read_audio, write_audio
from numpy.typing import NDArray
from pedalboard import Gain
from pedalboard.io import AudioFile
from playing import noise, random_model

from pedalboard_nam import Lane, NeuralAmp, bounce

MODEL = random_model("lite")
PAIRS = [
    (48_000, 44_100),
    (44_100, 48_000),
    (44_100, 96_000),
    (96_000, 44_100),
    (48_000, 96_000),
    (96_000, 48_000),
    (192_000, 44_101),
    (44_101, 192_000),
    (11_025, 8_000),
    (8_000, 11_025),
    (384_000, 8_000),
    (8_000, 384_000),
]


def _bounced(tmp_path: Path, audio: NDArray[np.float32], rates: tuple[int, int]) -> np.ndarray:
    source, wet = write_audio(tmp_path / "dry.wav", audio, rates[0]), tmp_path / "wet.wav"
    done = bounce(Gain(0), source, wet, sample_rate=rates[1], overwrite=True)
    assert done.sample_rate == rates[1]
    found = read_audio(wet)
    assert done.frames == found.shape[1]
    return found


@pytest.mark.parametrize("rates", PAIRS, ids=str)
def test_the_length_is_exact(tmp_path: Path, rates: tuple[int, int]) -> None:
    for frames in (1, 2, 1_000, 48_000, 100_003):
        found = _bounced(tmp_path, noise(1, frames), rates)
        assert found.shape[1] == -(-frames * rates[1] // rates[0])


@pytest.mark.parametrize("rates", PAIRS, ids=str)
def test_a_sine_stays_in_place(tmp_path: Path, rates: tuple[int, int]) -> None:
    """To 0.0002 frames at 48 kHz: half a frame would be an error of 0.014."""
    dry, expected = (
        0.5 * np.sin(2 * np.pi * 440 * np.arange(rate // 4) / rate + 0.3) for rate in rates
    )
    edge = 80 * rates[1] // min(rates)  # what the filter reaches into the silence around
    inside = slice(edge, len(expected) - edge)
    found = _bounced(tmp_path, dry.astype(np.float32)[None], rates)
    np.testing.assert_allclose(found[0, inside], expected[inside], atol=1e-5)


@pytest.mark.parametrize("place", [0, 1, 4_999])
def test_an_impulse_stays_in_place_up_to_the_edges(tmp_path: Path, place: int) -> None:
    dry = np.zeros((1, 5_000), np.float32)
    dry[0, place] = 1.0
    found = _bounced(tmp_path, dry, (48_000, 96_000))[0]
    assert np.argmax(found) == 2 * place
    before, after = found[: 2 * place][::-1], found[2 * place + 1 :]
    both = min(len(before), len(after))
    np.testing.assert_allclose(before[:both], after[:both], atol=1e-6)


@pytest.mark.parametrize("rate", [44_100, 96_000])
@pytest.mark.parametrize("block_size", [1, 97, 4_800])
def test_no_block_size_changes_a_bit(tmp_path: Path, rate: int, block_size: int) -> None:
    source, wet = write_audio(tmp_path / "dry.wav", noise(2, 4_800), 48_000), tmp_path / "wet.wav"
    bounce(Gain(0), source, wet, sample_rate=rate)
    expected = wet.read_bytes()
    bounce(Gain(0), source, wet, sample_rate=rate, block_size=block_size, overwrite=True)
    assert wet.read_bytes() == expected


def test_the_board_plays_at_the_new_rate(tmp_path: Path) -> None:
    resampled = _bounced(tmp_path, noise(2, 30_001), (44_100, 48_000))
    wet = tmp_path / "amp.wav"
    bounce(NeuralAmp(MODEL), tmp_path / "dry.wav", wet, sample_rate=48_000)
    np.testing.assert_array_equal(read_audio(wet), NeuralAmp(MODEL)(resampled, 48_000))
    with AudioFile(str(wet)) as file:
        assert file.samplerate == 48_000


def test_lanes_are_in_the_time_of_the_file(tmp_path: Path) -> None:
    resampled = _bounced(tmp_path, noise(2, 30_001), (44_100, 48_000))
    gain, wet = Gain(0), tmp_path / "gain.wav"
    lanes = {gain: {"gain_db": Lane([(0.2, 0), (0.2, -200)])}}
    bounce(gain, tmp_path / "dry.wav", wet, automation=lanes, sample_rate=48_000)
    found = read_audio(wet)
    np.testing.assert_array_equal(found[:, :9_600], resampled[:, :9_600])
    assert not found[:, 9_600:].any()
    assert gain.gain_db == 0.0


def test_progress_ends_with_all_frames(tmp_path: Path) -> None:
    source, seen = write_audio(tmp_path / "dry.wav", noise(1, 9_999), 44_100), []
    done = bounce(
        Gain(0),
        source,
        tmp_path / "wet.wav",
        sample_rate=48_000,
        block_size=1_000,
        progress=lambda *frames: seen.append(frames),
    )
    assert {frames for _, frames in seen} == {done.frames}
    assert seen[-1][0] == done.frames


def test_a_rate_that_cannot_be_converted_is_said(tmp_path: Path) -> None:
    source, wet = write_audio(tmp_path / "dry.wav", noise(1, 999), 4_000), tmp_path / "wet.wav"
    with pytest.raises(
        ValueError, match=r"dry.wav: the rate to convert from is 4000.*accepted are"
    ):
        bounce(Gain(0), source, wet, sample_rate=48_000)
    assert not wet.exists()
    bounce(Gain(0), source, wet)  # as it is, it plays
    np.testing.assert_array_equal(read_audio(wet), noise(1, 999))
