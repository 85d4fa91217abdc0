# SPDX-License-Identifier: MIT
"""MPEG audio, frame by frame: where it begins and ends, and how long it is.

Encoders that can go back write the length into a first frame without audio, the tag of Xing and
LAME. Of a file without it, decoders guess it from size and first bit rate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..files.regular_file import RegularFile
from .file_errors import CutOff

_kbps = {  # by version 1 or 2, and layer
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_kbps[2, 3] = _kbps[2, 2]
# Before the first frame may be the end of another one, as in a recording of a broadcast.
_most_before_bytes = 1 << 16
_frames_to_be_sure = 4
_free_format_bytes = 4_096
# The tag of a first frame, behind its header and what it says of its channels: flags, of which the
# lowest announces the number of frames and the next the file's size, and these.
_tag = re.compile(rb".{4,38}?(?:Xing|Info)\0\0\0([\1\3\5\7\x09\x0b\x0d\x0f])(.{4})(.{4})", re.S)


@dataclass(frozen=True, slots=True)
class MpegAudio:
    """The frames of a file.

    Attributes
    ----------
    start, end
        In bytes.
    frames
        Of audio, by its headers; None if it has a tag, or is of a free bit rate.
    seeming_bytes
        A size from which decoders guess that many frames, and not fewer.
    """

    start: int
    end: int
    frames: int | None
    seeming_bytes: int


class _Header:
    """Of a frame: four bytes."""

    def __init__(self, content: bytes) -> None:
        version, layer = content[1] >> 3 & 3, 4 - (content[1] >> 1 & 3)
        self.kind = content[1] & 0xFE, content[2] & 0x0C  # which all frames have in common
        self._bit_rate, rate = content[2] >> 4, content[2] >> 2 & 3
        self.is_valid = (
            content[0] == 0xFF
            and content[1] >= 0xE0
            and version != 1
            and layer != 4
            and self._bit_rate != 15
            and rate != 3
        )
        if not self.is_valid:
            return
        self.layer = layer
        self.is_version_1 = version == 3
        self.frames = 384 if layer == 1 else 1_152 if layer == 2 or self.is_version_1 else 576
        self._rate_hz = (44_100, 48_000, 32_000)[rate] >> (3 - version + 1) // 2
        self._padding = content[2] >> 1 & 1

    @property
    def bytes(self) -> int:
        """How long the frame is; 0 at a free bit rate."""
        if not self._bit_rate:
            return 0
        kbps = _kbps[1 if self.is_version_1 else 2, self.layer][self._bit_rate - 1]
        slot_bytes = 4 if self.layer == 1 else 1
        slots = self.frames // 8 // slot_bytes * kbps * 1_000 // self._rate_hz
        return (slots + self._padding) * slot_bytes


def mpeg_audio(file: RegularFile, begin: int, end: int) -> MpegAudio | None:
    """The MPEG audio between two places in a file; None if there is none.

    Raises
    ------
    CutOff
        If the last frame is missing in part.
    """
    start = _first_frame(file, begin, end)
    if start is None:
        return None
    first = file.read_at(start, 256)
    header = _Header(first)
    if start + header.bytes > end:
        raise CutOff(f"{file.size} of {start + header.bytes - end + file.size} bytes are there")
    if not header.bytes:
        return MpegAudio(start, end, None, end - start)
    if tag := _tag.match(first):
        return _tagged(file, start, end, header, tag)
    count, stop = _walked(file, start, end, header)
    if stop > end:
        raise CutOff(f"{file.size} of {stop - end + file.size} bytes are there")
    return MpegAudio(start, stop, count * header.frames, (count + 1) * (header.bytes + 1))


def _tagged(
    file: RegularFile, start: int, end: int, header: _Header, tag: re.Match[bytes]
) -> MpegAudio:
    """The MPEG audio of a file that states its length."""
    stated = int.from_bytes(tag[3], "big") if tag[1][0] & 2 else end - start
    if start + stated > end:  # LAME counted tags in, to version 3.96, which may be gone now
        count, stop = _walked(file, start, end, header)
        if stop > end or count - 1 < int.from_bytes(tag[2], "big"):
            raise CutOff(f"{end - start} of {stated} bytes are there")
        stated = stop - start
    return MpegAudio(start, start + stated, None, stated)


def after_id3(file: RegularFile, at: int = 0) -> int:
    """Where the tags at the start of a file end."""
    while (header := file.read_at(at, 10))[:3] == b"ID3" and len(header) == 10:
        size = 0
        for byte in header[6:]:
            size = size << 7 | byte & 0x7F
        at += 10 + size + (10 if header[5] & 0x10 else 0)
    return at


def _first_frame(file: RegularFile, begin: int, end: int) -> int | None:
    head = file.read_at(begin, min(end - begin, _most_before_bytes + _free_format_bytes))
    at = -1
    while (at := head.find(b"\xff", at + 1, _most_before_bytes)) >= 0:
        if at + 4 <= len(head) and _begins(file, begin + at, end, head[at : at + 4]):
            return begin + at
    return None


def _begins(file: RegularFile, at: int, end: int, content: bytes) -> bool:
    """Whether frames of one kind follow each other from there on."""
    header = _Header(content)
    if not header.is_valid:
        return False
    kind = header.kind
    if not header.bytes:
        after = file.read_at(at, 4 * _free_format_bytes)
        distance = after.find(content[:2], 4, _free_format_bytes)
        later = [after[i * distance : i * distance + 4 + i] for i in range(1, 4)]
        return distance > 0 and all(content[:2] in each for each in later)
    for _ in range(_frames_to_be_sure):
        at += header.bytes
        content = file.read_at(at, 4)
        if at >= end or len(content) < 4:
            return at >= end and header.frames > 0
        header = _Header(content)
        if not header.is_valid or header.kind != kind:
            return False
    return True


def _walked(file: RegularFile, at: int, end: int, header: _Header) -> tuple[int, int]:
    """How many frames there are from there on, and where the last one ends."""
    kind, count = header.kind, 0
    block, block_at = b"", at
    while at + 4 <= end:
        if at + 4 > block_at + len(block):
            block, block_at = file.read_at(at, 1 << 16), at
        next_header = _Header(block[at - block_at : at - block_at + 4])
        if not next_header.is_valid or next_header.kind != kind or not next_header.bytes:
            break
        count += 1
        at += next_header.bytes
    return count, at
