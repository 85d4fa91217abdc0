# SPDX-License-Identifier: MIT
"""What is written is what was meant, to the bit, and every program can read it."""

from __future__ import annotations

import errno
import os
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from audio_files import noise

from pedalboard_nam.audio.headers import Stored, headers
from pedalboard_nam.audio.reader import AudioFileError, open_audio
from pedalboard_nam.audio.samples import Encoding
from pedalboard_nam.audio.writer import create_audio

stored = [
    (extension, bits)
    for extension, all_bits in {
        ".wav": (16, 24, 32, "int32"),
        ".w64": (16, 24, 32, "int32"),
        ".caf": (16, 24, 32, "int32"),
        ".aiff": (16, 24, "int32"),
        ".flac": (16, 24),
    }.items()
    for bits in all_bits
]


def whole(audio: np.ndarray, bits: int | str) -> np.ndarray:
    """Rounded to the nearest step and cut, in float64."""
    if bits == 32:
        return audio.astype(np.float64)
    steps = 2.0 ** (31 if bits == "int32" else bits - 1)
    return np.clip(np.rint(audio * np.float64(steps)), -steps, steps - 1) / steps


@pytest.mark.parametrize(("extension", "bits"), stored)
@pytest.mark.parametrize(("channels", "frames"), [(1, 1_001), (2, 1_000), (6, 333), (1, 0)])
def test_others_read_the_very_samples(
    tmp_path: Path, extension: str, bits: Any, channels: int, frames: int
) -> None:
    if extension == ".flac" and not frames:
        return
    path = tmp_path / f"out{extension}"
    audio = noise(channels, frames, 1.1)
    with create_audio(path, 44_100, channels, bit_depth=bits) as file:
        file.write(audio[:, :10])
        file.write(audio[:, 10:])
    with soundfile.SoundFile(path) as other:
        assert (other.samplerate, other.channels, other.frames) == (44_100, channels, frames)
        assert "FLOAT" in other.subtype if bits == 32 else "PCM" in other.subtype
        found = other.read(dtype="float64", always_2d=True).T
    np.testing.assert_array_equal(found, whole(audio, bits))
    if frames:
        with open_audio(path) as ours:
            np.testing.assert_array_equal(ours.read_all(), whole(audio, bits).astype(np.float32))


def test_a_compressed_file_of_nothing_is_none(tmp_path: Path) -> None:
    with (
        pytest.raises(AudioFileError, match="there is no audio to write"),
        create_audio(tmp_path / "out.flac", 48_000, 1),
    ):
        pass
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize(("extension", "bits"), stored)
def test_a_copy_is_the_same_to_the_bit(tmp_path: Path, extension: str, bits: Any) -> None:
    one, other = tmp_path / f"one{extension}", tmp_path / f"other{extension}"
    # Of whole numbers of 32 bits, float32 holds 24.
    audio = noise(2, 5_000) if bits != "int32" else np.rint(noise(2, 5_000) * 2**23) / 2**23
    with create_audio(one, 48_000, 2, bit_depth=bits) as file:
        file.write(audio.astype(np.float32))
    with open_audio(one) as dry, create_audio(other, 48_000, 2, bit_depth=bits) as file:
        file.write(dry.read_all())
    assert one.read_bytes() == other.read_bytes()


def test_what_is_no_number_is_none_of_the_samples(tmp_path: Path) -> None:
    odd = np.array([[np.nan, np.inf, -np.inf, 2.0, -2.0, 0.5]], np.float32)
    with create_audio(tmp_path / "out.wav", 48_000, 1, bit_depth=16) as file:
        file.write(odd)
    found, _ = soundfile.read(tmp_path / "out.wav", dtype="int16")
    np.testing.assert_array_equal(found, [0, 32_767, -32_768, 32_767, -32_768, 16_384])
    assert file.clipped
    assert not file.is_finite


@pytest.mark.parametrize("kind", ["wav", "w64", "caf"])
def test_files_of_more_than_4_gib_are_read_by_others(tmp_path: Path, kind: str) -> None:
    header = headers[kind]
    encoding = Encoding("float", 4, header.order)
    audio = Stored(2, 48_000, encoding, may_be_large=True)
    frames = 2**29 + 12_345
    path = tmp_path / "out"
    head = header.of(audio, frames)
    assert len(head) == len(header.of(audio, 0))
    with open(path, "wb") as file:
        file.write(head)
        file.truncate(len(head) + frames * 8 + -frames * 8 % header.align)
    with soundfile.SoundFile(path) as other:
        assert other.frames == frames
        assert other.format == {"wav": "RF64", "w64": "W64", "caf": "CAF"}[kind]
    with open_audio(path) as ours:
        assert ours.frames == frames


def test_aiff_of_more_than_2_gib_is_read_by_others(tmp_path: Path) -> None:
    audio = Stored(2, 48_000, Encoding("int", 3, ">"))
    frames = 600_000_000
    head = headers["aiff"].of(audio, frames)
    with open(tmp_path / "out.aiff", "wb") as file:
        file.write(head)
        file.truncate(len(head) + frames * 6)
    with soundfile.SoundFile(tmp_path / "out.aiff") as other:
        assert other.frames == frames
    with open_audio(tmp_path / "out.aiff") as ours:
        assert ours.frames == frames


def test_room_for_more_than_4_gib_is_kept_where_it_may_be_needed(tmp_path: Path) -> None:
    for frames, has_room in ((10, False), (None, True), (1 << 30, True)):
        path = tmp_path / f"{frames}.wav"
        with create_audio(path, 48_000, 1, frames=frames) as file:
            file.write(noise(1, 10))
        assert (path.read_bytes()[12:16] == b"JUNK") == has_room
        assert path.stat().st_size == 58 + 40 + 36 * has_room


@pytest.mark.parametrize(
    ("name", "rate_hz", "channels"),
    [
        ("o.flac", 65_535, 1),
        ("o.flac", 655_350, 8),
        ("o.flac", 192_000, 2),
        ("o.ogg", 192_000, 1),
        ("o.ogg", 48_000, 255),
        ("o.mp3", 8_000, 2),
        ("o.wav", 768_000, 64),
        ("o.w64", 1, 1),
    ],
)
def test_what_a_format_holds_is_written(
    tmp_path: Path, name: str, rate_hz: int, channels: int
) -> None:
    frames = 200_000 if channels < 3 else 300
    with create_audio(tmp_path / name, rate_hz, channels) as file:
        file.write(noise(channels, frames))
    with open_audio(tmp_path / name) as audio:
        assert (audio.sample_rate, audio.num_channels) == (rate_hz, channels)
        assert audio.frames == frames


@pytest.mark.parametrize(
    ("name", "rate_hz", "channels"),
    [
        ("o.flac", 96_001, 1),
        ("o.flac", 768_000, 1),
        ("o.ogg", 192_001, 1),
        ("o.ogg", 48_000, 256),
        ("o.mp3", 48_000, 3),
        ("o.wav", 48_000, 20_000),
        ("o.wav", 0, 1),
        ("o.caf", float("nan"), 1),
    ],
)
def test_what_a_format_does_not_hold_is_said(
    tmp_path: Path, name: str, rate_hz: float, channels: int
) -> None:
    with (
        pytest.raises(AudioFileError, match="cannot hold"),
        create_audio(tmp_path / name, rate_hz, channels),
    ):
        pass
    assert not os.listdir(tmp_path)


def test_mp3_is_read_back_as_long_and_in_place(tmp_path: Path) -> None:
    tone = 0.5 * np.sin(np.arange(30_000) * 0.05, dtype=np.float32)[np.newaxis]
    with create_audio(tmp_path / "out.mp3", 48_000, 1) as file:
        file.write(tone)
    with open_audio(tmp_path / "out.mp3") as audio:
        found = audio.read_all()
    assert found.shape == tone.shape
    assert np.abs(found - tone)[:, 2_000:-2_000].max() < 0.01


class FullDisk(BytesIO):
    """A file with room for so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, content: Any, /) -> int:
        self._room -= len(content)
        if self._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(content)


@pytest.mark.parametrize("room", [10, 5_000, 12_000])
@pytest.mark.parametrize("name", ["o.wav", "o.flac", "o.ogg", "o.mp3", "o.caf"])
def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, name: str, room: int) -> None:
    """Also where it is full at the last block, which libsndfile writes without a word."""
    replaced = "pedalboard_nam.audio.writer.renamed_when_complete"
    monkeypatch.setattr(replaced, lambda *_: nullcontext(FullDisk(room)))
    with pytest.raises(OSError, match="No space left"), create_audio(name, 48_000, 1) as file:
        file.write(noise(1, 20_000))
