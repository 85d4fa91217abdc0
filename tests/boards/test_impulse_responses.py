# SPDX-License-Identifier: MIT
"""A cabinet is heard, from whatever audio file, on every channel, or it is an error."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from audio_files import noise, read_audio, write_audio
from chunked_files import chunk, fmt, riff
from pedalboard import Convolution, Gain, Pedalboard
from reamp_command import Reamp

from pedalboard_nam import BoardStream, board_from_dict, board_to_dict, bounce
from pedalboard_nam.audio.reader import AudioFileError
from pedalboard_nam.boards.impulse_responses import convolution

RATE = 48_000
TAPS = (noise(1, 500) * np.exp(-np.arange(500) / 90)).astype(np.float32)


def write(path: Path, samples: np.ndarray = TAPS) -> Path:
    """In the format that the name says."""
    kinds = {".f64": ("WAV", "DOUBLE"), ".flac": ("FLAC", "PCM_24"), ".caf": ("CAF", "FLOAT")}
    kind, subtype = kinds.get(path.suffix, ("WAV", "FLOAT"))
    with open(path, "wb") as file:
        if path.suffix in (".zero", ".ff"):
            size = 0 if path.suffix == ".zero" else 0xFFFF_FFFF
            data = chunk(b"data", samples.T.tobytes(), size=size)
            file.write(riff(fmt(len(samples), 32, 3), data, size=size))
        else:
            soundfile.write(file, samples.T, RATE, subtype, format=kind)
    return path


def played(board: object, audio: np.ndarray) -> np.ndarray:
    with BoardStream(board, RATE, len(audio)) as stream:
        return np.concatenate([stream.process(audio), *stream.finish()], axis=1)


@pytest.mark.parametrize("suffix", [".wav", ".f64", ".flac", ".caf", ".zero", ".ff"])
def test_every_kind_of_file_is_heard(tmp_path: Path, suffix: str) -> None:
    audio = noise(1, 5_000)
    found = played(convolution(write(tmp_path / f"cab{suffix}")), audio)
    expected = np.convolve(audio[0], TAPS[0])[:5_000]
    gain = (found[0] @ expected) / (expected @ expected)
    np.testing.assert_allclose(found[0], gain * expected, rtol=0, atol=1e-5)
    assert gain > 0.0


@pytest.mark.parametrize("suffix", [".flac", ".f64", ".caf"])
def test_one_that_pedalboard_leaves_out_is_an_error(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"cab{suffix}")
    board = Pedalboard([Gain(0), Convolution(str(path))])
    with pytest.raises(AudioFileError, match="cannot read this impulse response, and leaves it"):
        played(board, noise(1, 100))
    di = write_audio(tmp_path / "di.wav", noise(1, 100), RATE)
    with pytest.raises(AudioFileError, match="leaves it out"):
        bounce(board, di, tmp_path / "wet.wav")
    assert not (tmp_path / "wet.wav").exists()
    Convolution(str(write(tmp_path / "cab.wav")))  # and one that it reads is none


def test_a_unit_impulse_is_one(tmp_path: Path) -> None:
    unit = np.zeros((1, 64), np.float32)
    unit[0, 0] = 1.0
    audio = noise(1, 1_000)
    found = played(convolution(write(tmp_path / "unit.wav", unit)), audio)
    np.testing.assert_allclose(found, 0.125 * audio, rtol=0, atol=1e-6)


@pytest.mark.parametrize("channels", [3, 4, 7])
def test_every_channel_is_itself(tmp_path: Path, channels: int) -> None:
    audio = np.stack([noise(1, 70_000 + n)[0, :70_000] for n in range(channels)])
    cab = write(tmp_path / "cab.wav")
    found = played([Gain(0), convolution(cab), Gain(0)], audio)
    for channel, one in zip(found, audio, strict=True):
        np.testing.assert_allclose(
            channel, played(convolution(cab), one[np.newaxis])[0], rtol=0, atol=1e-6
        )


def test_two_impulse_responses_are_not_for_three_channels(tmp_path: Path) -> None:
    stereo = convolution(write(tmp_path / "cab.wav", np.concatenate([TAPS, -TAPS])))
    found = played(stereo, np.tile(noise(1, 5_000), (2, 1)))
    np.testing.assert_allclose(found[0], -found[1], rtol=0, atol=1e-6)
    with pytest.raises(ValueError, match="of 2 channels plays audio of 1 or 2, and this has 3"):
        played(stereo, noise(3, 100))
    lanes = {(cab := convolution(write(tmp_path / "cab.wav"))): {"mix": [(0, 0.0), (1, 1.0)]}}
    with pytest.raises(ValueError, match="follows no lanes"):
        BoardStream(cab, RATE, 3, lanes)


def test_what_is_no_impulse_response_is_refused(tmp_path: Path) -> None:
    hall = write_audio(tmp_path / "hall.wav", np.zeros((1, 121_000), np.float32), 1_000)
    with pytest.raises(AudioFileError, match=r"of 121\.0 s and 1 channels; accepted are 120 s"):
        convolution(hall)
    odd = TAPS.copy()
    odd[0, 7] = np.nan
    with pytest.raises(AudioFileError, match="not numbers"):
        convolution(write(tmp_path / "odd.wav", odd))
    with pytest.raises(FileNotFoundError):
        convolution(tmp_path / "none.wav")


def test_claims_of_gigabytes_in_a_board_take_none() -> None:
    import base64

    head = riff(fmt(8, 32, 3), chunk(b"data", bytes(320), size=0xFFFF_FFFF), size=0xFFFF_FFFF)
    flac = (
        b"fLaC\x80\0\0\x22\x10\0\x10\0"
        + bytes(6)
        + struct.pack(">Q", 48_000 << 44 | 7 << 41 | 15 << 36 | 375_000_000)
        + bytes(16)
    )
    for content in (head, flac):
        board = {
            "version": 1,
            "effects": [
                {
                    "effect": "Convolution",
                    "impulse_response_data": base64.b64encode(content).decode(),
                }
            ],
        }
        if content is flac:
            with pytest.raises(ValueError, match="impulse_response_data: the file is cut off"):
                board_from_dict(board)
        else:
            board_from_dict(board)


def test_a_saved_board_names_the_file_as_long_as_it_is_the_same(tmp_path: Path) -> None:
    cab = write(tmp_path / "cab.flac")
    saved = json.loads(json.dumps(board_to_dict(convolution(cab), base_dir=tmp_path)))
    assert saved["effects"][0]["impulse_response"] == "cab.flac"
    loaded = board_from_dict(saved, base_dir=tmp_path)
    assert board_to_dict(loaded, base_dir=tmp_path) == saved
    write(cab, -TAPS)
    assert "impulse_response_data" in board_to_dict(loaded, base_dir=tmp_path)["effects"][0]
    with pytest.raises(ValueError, match="is not the file that was saved"):
        board_from_dict(saved, base_dir=tmp_path)


def test_the_option_takes_any_file(reamp_here: Reamp, amp_path: Path, tmp_path: Path) -> None:
    write_audio(tmp_path / "di.wav", noise(4, 4_800), RATE)
    write(tmp_path / "cab.wav"), write(tmp_path / "cab.f64")
    for cab in ("cab.wav", "cab.f64"):
        done = reamp_here(
            "render", "di.wav", "-m", amp_path, "--ir", cab, "-o", f"{cab}.caf", "--size", "lite"
        )
        assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(
        read_audio(tmp_path / "cab.wav.caf"),
        read_audio(tmp_path / "cab.f64.caf"),
        rtol=0,
        atol=1e-6,
    )
