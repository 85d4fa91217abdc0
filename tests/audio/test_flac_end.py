# SPDX-License-Identifier: MIT
"""A FLAC file is whole if the last block is, whoever wrote it and whatever follows."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, write_audio

from pedalboard_nam.audio.flac_end import flac_is_cut_off
from pedalboard_nam.audio.reader import open_audio


def crc(content: bytes, bits: int, polynomial: int) -> bytes:
    rest = int.from_bytes(content, "big") << bits
    while (excess := rest.bit_length() - bits - 1) >= 0:
        rest ^= polynomial << excess
    return rest.to_bytes(bits // 8, "big")


def crc8(content: bytes) -> bytes:
    return crc(content, 8, 0x107)


def crc16(content: bytes) -> bytes:
    return crc(content, 16, 0x1_8005)


def block(codes: int, number: bytes, more: bytes = b"", *, sync: int = 0xF8) -> bytes:
    """A block of one channel at 16 bits, which are all 258."""
    header = bytes([0xFF, sync, codes, 8]) + number + more
    content = header + crc8(header) + b"\0\1\2"
    return content + crc16(content)


def info(block_frames: int, frames: int, rate_hz: int = 44_100) -> bytes:
    """What is before the blocks."""
    numbers = rate_hz << 44 | 15 << 36 | frames
    body = 2 * block_frames.to_bytes(2, "big") + bytes(6) + numbers.to_bytes(8, "big") + bytes(16)
    return b"fLaC\x80\0\0\x22" + body


def is_cut_off(content: bytes) -> bool:
    return flac_is_cut_off(BytesIO(content))


def assert_whole(tmp_path: Path, whole: bytes, frames: int) -> None:
    (tmp_path / "di.flac").write_bytes(whole)
    with open_audio(tmp_path / "di.flac") as audio:
        found = np.rint(audio.read(frames + 1) * 32_767)
    np.testing.assert_array_equal(found, np.full((1, frames), 258))
    assert not is_cut_off(whole)
    last_block_bytes = len(whole) - whole.rfind(b"\xff")
    assert all(is_cut_off(whole[:-missing]) for missing in range(1, last_block_bytes + 1))


@pytest.mark.parametrize(
    ("size", "size_bytes"), [(1, b""), (6, b"\xbf"), (7, b"\0\xbf")], ids=["named", "byte", "word"]
)
@pytest.mark.parametrize(
    ("rate", "rate_bytes"),
    [(0, b""), (9, b""), (12, b"\x2c"), (13, b"\xac\x44"), (14, b"\x11\x3a")],
    ids=["stated before", "named", "kHz", "Hz", "10 Hz"],
)
def test_headers_of_every_length_are_found(
    tmp_path: Path, size: int, size_bytes: bytes, rate: int, rate_bytes: bytes
) -> None:
    more = size_bytes + rate_bytes
    blocks = [block(size << 4 | rate, bytes([number]), more) for number in range(3)]
    rate_hz = 44_000 if rate == 12 else 44_100
    whole = info(192, 3 * 192, rate_hz) + b"".join(blocks)
    assert_whole(tmp_path, whole, 3 * 192)


def test_blocks_that_bear_the_number_of_a_frame_are_found(tmp_path: Path) -> None:
    blocks = [block(0x10, chr(192 * number).encode(), sync=0xF9) for number in range(3)]
    assert_whole(tmp_path, info(192, 3 * 192) + b"".join(blocks), 3 * 192)


@pytest.mark.parametrize(
    ("number", "coded"),
    [
        (0x7F, "7f"),
        (0x80, "c2 80"),
        (0x7FF, "df bf"),
        (0x800, "e0 a0 80"),
        (0xFFFF, "ef bf bf"),
        (0x1_0000, "f0 90 80 80"),
        (0x1F_FFFF, "f7 bf bf bf"),
        (0x20_0000, "f8 88 80 80 80"),
        (0x3FF_FFFF, "fb bf bf bf bf"),
        (0x400_0000, "fc 84 80 80 80 80"),
        (0x7FFF_FFFF, "fd bf bf bf bf bf"),
    ],
)
def test_numbers_of_every_length_are_found(number: int, coded: str) -> None:
    start, end = info(16, 16 * number + 1), block(0x60, bytes.fromhex(coded), b"\0")
    assert not is_cut_off(start + end)
    assert is_cut_off(start + end[:-1])


def test_the_highest_number_of_a_frame_is_found() -> None:
    start = info(16, 16 * 0xFFFF_FFFF + 1)
    end = block(0x60, bytes.fromhex("fe bf bf bf bf bf b0"), b"\0", sync=0xF9)
    assert not is_cut_off(start + end)
    assert is_cut_off(start + end[:-1])


def test_a_file_of_unknown_block_sizes_does_not_say() -> None:
    start = info(192, 3 * 192)
    assert is_cut_off(start + block(0x10, b"\0"))
    several_sizes = start[:8] + b"\0\x10" + start[10:]
    assert not is_cut_off(several_sizes + block(0x10, b"\0"))
    assert not is_cut_off(start[:41])


def test_audio_that_looks_like_a_header_is_none() -> None:
    start = info(192, 2 * 192) + block(0x10, b"\0")[:-2]
    header = b"\xff\xf8\x10\x08\1"
    right = header + crc8(header)
    wrong = header + bytes([crc8(header)[0] ^ 1])
    assert not is_cut_off(start + right + crc16(right))
    assert is_cut_off(start + wrong + crc16(wrong))


@pytest.mark.parametrize(
    "behind",
    [
        b"\r\n",
        bytes(5_000),
        b"TAG" + bytes(range(1, 126)),
        b"ID3\4" + 500 * b"more",
        b"APETAGEX" + 500 * b"more",
        b"LYRICSBEGIN" + 500 * b"more",
        50_000 * b"else",
    ],
    ids=["line end", "zeros", "ID3v1", "ID3v2", "APE", "lyrics", "more than a block"],
)
def test_what_follows_the_last_block_is_not_taken_for_it(tmp_path: Path, behind: bytes) -> None:
    write_audio(tmp_path / "di.flac", noise(1, 10_000), 48_000, 16)
    whole = (tmp_path / "di.flac").read_bytes()
    assert not is_cut_off(whole + behind)
    # That is more than the last block: nothing of its header is left.
    assert is_cut_off(whole[: len(whole) // 2] + behind)


def test_cuts_in_a_block_that_starts_with_silence_are_noticed(tmp_path: Path) -> None:
    """Though one place in 65,536 looks like the end; where 64 bytes more follow, that counts."""
    chance = random.Random(1)
    unnoticed = 0
    for seed in range(4):
        audio = np.random.default_rng(seed).normal(0.0, 0.2, (2, 12_288)).astype(np.float32)
        audio[:, :4_096] = 0.0
        write_audio(tmp_path / "di.flac", audio, 48_000, 24)
        whole = (tmp_path / "di.flac").read_bytes()
        for _ in range(25):
            unnoticed += not is_cut_off(whole[: chance.randrange(len(whole) // 2, len(whole))])
    assert unnoticed <= 1
