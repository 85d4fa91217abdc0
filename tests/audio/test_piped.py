# SPDX-License-Identifier: MIT
"""WAV and AIFF that were written to a pipe are read to the end of the file, and no further."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio
from reamp_command import Reamp

from pedalboard_nam.audio.reader import AudioFileError, open_audio

frames = 30_000


def chunk(order: str, name: bytes, size: int, content: bytes) -> bytes:
    return name + struct.pack(f"{order}I", size) + content


def wav(form_size: int, size: int, audio: bytes, behind: bytes = b"") -> bytes:
    common = struct.pack("<HHIIHH", 1, 2, 48_000, 48_000 * 6, 6, 24)
    tags = chunk("<", b"LIST", 3, b"odd\0")
    chunks = chunk("<", b"fmt ", 16, common) + tags + chunk("<", b"data", size, audio) + behind
    return chunk("<", b"RIFF", form_size, b"WAVE" + chunks)


def aiff(form_size: int, size: int, stated_frames: int, audio: bytes) -> bytes:
    rate = bytes.fromhex("400e bb80 0000 0000 0000")
    common = struct.pack(">HIH", 2, stated_frames, 24) + rate
    audio_chunk = chunk(">", b"SSND", size, bytes(8) + audio)
    tags = chunk(">", b"ANNO", 3, b"odd\0")
    return chunk(
        ">", b"FORM", form_size, b"AIFF" + tags + chunk(">", b"COMM", 18, common) + audio_chunk
    )


bytes_wav = np.random.default_rng(0).bytes(6 * frames)
bytes_aiff = np.frombuffer(bytes_wav, "u1").reshape(-1, 3)[:, ::-1].tobytes()
piped = {
    "ffmpeg.wav": wav(0xFFFF_FFFF, 0xFFFF_FFFF, bytes_wav),
    "sox.wav": wav(0x7FFF_F042, 0x7FFF_EFFE, bytes_wav),
    "arecord.wav": wav(0x7FFF_FF24, 0x7FFF_FF00, bytes_wav),
    "flac.wav": wav(0, 0, bytes_wav),
    "killed.wav": wav(48, 0, bytes_wav),
    "no form size.wav": wav(0xFFFF_FFFF, 0, bytes_wav),
    "ffmpeg.aiff": aiff(0, 0, 0, bytes_aiff),
    "sox.aiff": aiff(0x7F00_0050, 0x7F00_0008, 0x7F00_0000 // 6, bytes_aiff),
    "flac.aiff": aiff(0, 8, 0, bytes_aiff),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "di.wav"
    path.write_bytes(wav(len(bytes_wav) + 48, len(bytes_wav), bytes_wav))
    return path


@pytest.mark.parametrize("content", piped.values(), ids=piped)
@pytest.mark.parametrize("behind", [b"", b"\1"], ids=["frames", "half a frame"])
def test_a_piped_file_has_the_audio_that_is_there(
    tmp_path: Path, whole: Path, content: bytes, behind: bytes
) -> None:
    path = tmp_path / "di"
    path.write_bytes(content + behind)
    with open_audio(whole) as expected, open_audio(path) as found:
        assert found.frames == expected.frames
        wanted = expected.read(100_000)
        np.testing.assert_array_equal(found.read(100_000), wanted)
        found.seek(found.frames - 10)
        np.testing.assert_array_equal(found.read(100), wanted[:, -10:])
        found.seek(5)
        np.testing.assert_array_equal(found.read(10), wanted[:, 5:15])


def test_a_piped_file_is_rendered_like_the_whole_one(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path
) -> None:
    write_audio(tmp_path / "whole.wav", noise(1, 10_000), 48_000, 16)
    content = (tmp_path / "whole.wav").read_bytes()
    data = content.index(b"data")
    (tmp_path / "piped.wav").write_bytes(content[: data + 4] + b"\xff" * 4 + content[data + 8 :])
    for name in ("whole", "piped"):
        dry, wet = tmp_path / f"{name}.wav", tmp_path / f"{name} wet.wav"
        assert reamp_here("render", dry, "-o", wet, "-m", amp_path).returncode == 0
    wanted = read_audio(tmp_path / "whole wet.wav")
    np.testing.assert_array_equal(read_audio(tmp_path / "piped wet.wav"), wanted)


@pytest.mark.parametrize(
    "content",
    [
        wav(60 + 48, 0, b"", chunk("<", b"LIST", 52, bytes(52))),
        wav(48, 0, b""),
        wav(0xFFFF_FFFF, 0xFFFF_FFFF, b""),
    ],
    ids=["other chunks", "whole", "piped"],
)
def test_no_audio_is_not_taken_for_piped_audio(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "di.wav").write_bytes(content)
    with (
        pytest.raises(AudioFileError, match="the file holds no audio"),
        open_audio(tmp_path / "di.wav"),
    ):
        pass


@pytest.mark.parametrize("cut", range(3, 92))
def test_a_piped_file_that_ends_in_its_header_fails(tmp_path: Path, cut: int) -> None:
    for name in ("ffmpeg.wav", "ffmpeg.aiff"):
        header = piped[name][: len(piped[name]) - len(bytes_wav)]
        (tmp_path / name).write_bytes(header[:-cut])
        with (
            pytest.raises(AudioFileError, match=r"no audio|is cut off|is empty"),
            open_audio(tmp_path / name),
        ):
            pass


def test_a_piped_file_of_no_channels_fails(tmp_path: Path) -> None:
    content = piped["ffmpeg.aiff"].replace(b"\0\2\0\0\0\0\0\x18", bytes(8), 1)
    assert content != piped["ffmpeg.aiff"]
    (tmp_path / "di.aiff").write_bytes(content)
    with pytest.raises(AudioFileError, match="no audio"), open_audio(tmp_path / "di.aiff"):
        pass


def test_more_piped_audio_than_32_bits_can_state_is_read(tmp_path: Path) -> None:
    with open(tmp_path / "di.wav", "wb") as file:
        file.write(piped["ffmpeg.wav"])
        start = file.tell() - len(bytes_wav)
        file.truncate(start + (1 << 32))  # where there is nothing it takes no place on the disk
    with open_audio(tmp_path / "di.wav") as audio:
        assert audio.frames == (1 << 32) // 6
        audio.seek(audio.frames - 5)
        np.testing.assert_array_equal(audio.read(10), np.zeros((2, 5)))


def test_a_whole_file_may_be_as_long_as_one_of_unknown_length(tmp_path: Path) -> None:
    size, tags = 0x7FFF_FF00 // 6 * 6, chunk("<", b"LIST", 1000, b"U" * 1000)
    with open(tmp_path / "di.wav", "wb") as file:
        file.write(wav(48 + size + len(tags), size, b""))
        file.seek(size, os.SEEK_CUR)
        file.write(tags)
    with open_audio(tmp_path / "di.wav") as audio:
        assert audio.frames == size // 6
        audio.seek(audio.frames - 5)
        np.testing.assert_array_equal(audio.read(10), np.zeros((2, 5)))
