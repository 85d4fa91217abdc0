# SPDX-License-Identifier: MIT
"""Whether a FLAC file holds its last block, told from its two ends (RFC 9639)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO


def _crc_table(bits: int, polynomial: int) -> list[int]:
    def crc_of(byte: int) -> int:
        crc = byte << bits - 8
        for _ in range(8):
            crc = crc << 1 ^ (polynomial if crc >> bits - 1 else 0)
        return crc

    return [crc_of(byte) for byte in range(256)]


_crc8 = _crc_table(8, 0x107)
_crc16 = _crc_table(16, 0x1_8005)
# By the codes in the third byte of a block for its size and rate: bytes that its header has more.
_size_bytes = {6: 1, 7: 2}
_rate_bytes = {12: 1, 13: 2, 14: 2}
_tags = (b"TAG", b"ID3", b"APETAGEX", b"LYRICSBEGIN")
# Line ends and such behind the last block, of no known kind.
_stray_bytes = 64


def flac_is_cut_off(file: BinaryIO) -> bool:
    """Whether a FLAC file, at its position, lacks its last block, in full or in part.

    False also if the number of that block is not known: the file does not state its length, or has
    blocks of several sizes.
    """
    info = file.read(42)
    if len(info) < 42:
        return False  # which no decoder takes for audio
    least_block_frames, block_frames = (int.from_bytes(info[i : i + 2], "big") for i in (8, 10))
    num_channels = (info[20] >> 1 & 7) + 1
    frames = int.from_bytes(info[21:26], "big") & 0xF_FFFF_FFFF
    if 0 in (frames, block_frames) or least_block_frames != block_frames:
        return False
    number = (frames - 1) // block_frames
    # Blocks bear their number, or, after another sync code, that of their first frame.
    starts = ((b"\xff\xf8", _coded(number)), (b"\xff\xf9", _coded(number * block_frames)))
    file_bytes = file.seek(0, os.SEEK_END)
    # A block has at most 33 bits a sample, and its header, and one in each channel.
    most_bytes = 32 + num_channels * (16 + 33 * block_frames // 8)
    # Behind it may be tags, seldom large ones.
    for tag_bytes in (1_024, 1_048_576):
        file.seek(max(0, file_bytes - most_bytes - tag_bytes))
        tail = file.read()
        for sync, coded_number in starts:
            for at in _headers(tail, sync, coded_number):
                if len(tail) - at > most_bytes or _holds_block(tail[at:]):
                    return False
    return True


def _coded(number: int) -> bytes:
    """As UTF-8 codes characters, but up to 36 bits."""
    if number < 0x80:
        return bytes([number])
    more = (number.bit_length() - 2) // 5  # bytes of 6 bits each, behind the first
    first = 0xFF << 7 - more & 0xFF | number >> 6 * more
    return bytes([first, *(0x80 | number >> 6 * i & 0x3F for i in reversed(range(more)))])


def _headers(tail: bytes, sync: bytes, coded_number: bytes) -> Iterator[int]:
    """Where blocks of this number begin, the last first."""
    at = len(tail)
    while (at := tail.rfind(sync, 0, at)) >= 0:
        if tail.startswith(coded_number, at + 4):
            codes = tail[at + 2]
            more = _size_bytes.get(codes >> 4, 0) + _rate_bytes.get(codes & 15, 0)
            crc = 0
            for byte in tail[at : at + 4 + len(coded_number) + more + 1]:
                crc = _crc8[crc ^ byte]
            if crc == 0:  # as it is over all before a CRC and the CRC
                yield at


def _holds_block(audio: bytes) -> bool:
    """Whether a block starts this audio and is complete, by the CRC at its end.

    Where that is the block does not say, and one place in 65,536 inside it looks like it: it is
    where the file ends, but for zeros, a few bytes, or tags.
    """
    crc = 0
    for count, byte in enumerate(audio, 1):
        crc = (crc << 8 & 0xFF00) ^ _crc16[crc >> 8 ^ byte]
        if crc == 0 and (len(audio) - count <= _stray_bytes or audio.startswith(_tags, count)):
            return True
    return False
