# SPDX-License-Identifier: MIT
"""An input whose second half is missing is no input that ends in silence."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, write_audio
from reamp_command import Reamp

from pedalboard_nam import reamp_files
from pedalboard_nam.audio.reader import AudioFileError, open_audio


@pytest.mark.parametrize("name", ["di.wav", "di.aiff", "di.mp3", "di.flac", "di.ogg"])
def test_a_file_that_is_cut_off_fails(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    whole = encoded(path, noise(2, 48_000))
    path.write_bytes(whole[: len(whole) // 2])
    said = f"{path}: the file is cut off: " + (
        "the end of its audio is missing"
        if name in ("di.flac", "di.ogg")
        else f"{len(whole) // 2} of {len(whole)} bytes are there"
    )
    done = reamp_files(path, amp_path, tmp_path / "out", on_error="skip")
    assert [record.error for record in done.failures] == [said]
    done = reamp_here("render", path, "-o", tmp_path / "wet.wav", "-m", amp_path)
    assert (done.returncode, done.stderr) == (1, f"reamp: {said}\n")
    assert not (tmp_path / "wet.wav").exists()


def encoded(path: Path, audio: np.ndarray, bit_depth: int = 16) -> bytes:
    write_audio(path, audio, 48_000, bit_depth)
    return path.read_bytes()


@pytest.mark.parametrize("name", ["di.flac", "di.ogg"])
def test_every_cut_is_noticed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    chance = random.Random(1)
    for audio in (noise(2, 30_000), noise(1, 1_000), np.zeros((1, 600_000), np.float32)):
        whole = encoded(path, audio)
        for _ in range(100):
            path.write_bytes(whole[: chance.randrange(len(whole) // 2, len(whole))])
            with pytest.raises(AudioFileError, match="cut off"), open_audio(path):
                pass


@pytest.mark.parametrize("name", ["di.flac", "di.ogg", "di.mp3"])
def test_a_file_that_pedalboard_wrote_is_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    # FLAC has blocks of 4,096 frames here, and from 128 and 2,048 blocks on longer numbers.
    for frames in (1, 2, 16, 575, 4_095, 4_096, 4_097, 8_192, 128 * 4_096, 128 * 4_096 + 1):
        for channels, bit_depth in ((1, 24), (2, 16)):
            encoded(path, noise(channels, frames), bit_depth)
            with open_audio(path) as audio:
                assert audio.frames >= frames


def test_a_flac_file_of_many_blocks_is_whole(tmp_path: Path) -> None:
    whole = encoded(tmp_path / "di.flac", np.zeros((1, 2_048 * 4_096 + 1), np.float32))
    with open_audio(tmp_path / "di.flac") as audio:
        assert audio.frames == 2_048 * 4_096 + 1
    (tmp_path / "di.flac").write_bytes(whole[:-1])
    with pytest.raises(AudioFileError, match="cut off"), open_audio(tmp_path / "di.flac"):
        pass


id3v1 = b"TAG" + bytes(range(1, 126))
id3v2 = b"ID3\4\0\0\0\0\x4e\x10" + bytes(10_000)


@pytest.mark.parametrize(
    ("name", "before", "behind"),
    [
        ("di.flac", b"", id3v1),
        ("di.flac", id3v2, id3v2),
        ("di.ogg", b"", id3v1),
        ("di.ogg", b"", 10 * id3v2),
        ("di.mp3", id3v2, id3v1),
    ],
)
def test_tags_are_not_taken_for_missing_audio(
    tmp_path: Path, name: str, before: bytes, behind: bytes
) -> None:
    path = tmp_path / name
    whole = encoded(path, noise(1, 100_000))
    path.write_bytes(before + whole + behind)
    with open_audio(path) as audio:
        assert audio.frames >= 100_000
    path.write_bytes(before + whole[: len(whole) // 3])
    with pytest.raises(AudioFileError, match="cut off"), open_audio(path):
        pass


def test_an_mp3_file_whose_tags_were_counted_is_whole(tmp_path: Path) -> None:
    """As by LAME to version 3.96: bytes 48 to 51, of the header "Info", are the file's size."""
    path = tmp_path / "di.mp3"
    whole = encoded(path, noise(2, 100_000))
    assert whole[36:40] == b"Info"
    counted = len(id3v2) + len(whole) + len(id3v1)
    path.write_bytes(id3v2 + whole[:48] + struct.pack(">I", counted) + whole[52:])
    with open_audio(path) as audio:
        assert audio.frames >= 100_000


def test_a_flac_file_that_was_written_to_a_pipe_is_read_whole_or_not(tmp_path: Path) -> None:
    path = tmp_path / "di.flac"
    whole = encoded(path, noise(1, 100_000))
    piped = whole[:21] + bytes([whole[21] & 0xF0]) + bytes(4) + whole[26:]
    path.write_bytes(piped)
    with open_audio(path) as audio:
        assert audio.frames == 100_000
        assert audio.read_all().shape == (1, 100_000)
    path.write_bytes(piped[: len(piped) // 2])
    with pytest.raises(AudioFileError, match="damaged"), open_audio(path):
        pass


def wav(chunks: list[tuple[bytes, int, bytes]], kind: bytes = b"RIFF") -> bytes:
    body = b"".join(name + struct.pack("<I", size) + content for name, size, content in chunks)
    return kind + struct.pack("<I", 0xFFFF_FFFF) + b"WAVE" + body


samples = np.arange(-500, 500, dtype="<i2").tobytes()
fmt = (b"fmt ", 16, struct.pack("<HHIIHH", 1, 1, 48_000, 96_000, 2, 16))


@pytest.mark.parametrize(
    "content",
    [
        wav([fmt, (b"LIST", 3, b"odd\0"), (b"data", 2_000, samples)]),
        wav([fmt, (b"data", 2_000, samples), (b"LIST", 100, b"tags that are cut off")]),
        wav([fmt, (b"data", 0xFFFF_FFFF, samples)]),
        wav(
            [
                (b"ds64", 28, struct.pack("<QQQI", 2_072, 2_000, 1_000, 0)),
                fmt,
                (b"data", 0xFFFF_FFFF, samples),
            ],
            b"RF64",
        ),
    ],
    ids=["other chunks", "after the audio", "streamed", "RF64"],
)
def test_a_file_that_holds_its_audio_is_whole(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "di.wav").write_bytes(content)
    with open_audio(tmp_path / "di.wav") as audio:
        assert audio.frames == 1_000
        found = audio.read(1_001)
    np.testing.assert_array_equal(np.rint(found[0] * 32_768), np.arange(-500, 500))
