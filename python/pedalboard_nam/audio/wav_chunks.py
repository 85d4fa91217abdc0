# SPDX-License-Identifier: MIT
"""WAV and AIFF files: where their audio is, also if they were written to a pipe.

Their sizes stand before the audio. A writer that cannot go back to them leaves 0 there, or the most
that it takes for valid; the audio is then all up to the end of the file.
"""

from __future__ import annotations

import os
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_audio_chunks = {
    (b"RIFF", b"WAVE"): b"data",
    (b"FORM", b"AIFF"): b"SSND",
    (b"FORM", b"AIFC"): b"SSND",
}
# SoX writes 0x7F00_0000 into AIFF and 0x7FFF_F000 into WAV, arecord 0x7FFF_FF00, FFmpeg
# 0xFFFF_FFFF; they are rounded to whole frames, and may count headers.
_unknown_sizes = (0x7F00_0000, 0x8000_0000, 0xFFFF_FFFF)
_headers_bytes = 0x1_0000
# Of an SSND chunk, before its audio.
_ssnd_bytes = 8


class AudioChunk(NamedTuple):
    """Where the audio of a WAV or AIFF file is, in bytes from the start of the file."""

    order: Literal["little", "big"]
    start: int
    size: int | None
    """None if it was not known when it was written."""
    frames_at: int | None
    """Of AIFF: where the number of frames is,"""
    frame_bytes: int
    """and how long each is."""


def audio_chunk(file: BinaryIO) -> AudioChunk | None:
    """The audio of the WAV or AIFF file that begins at the file's position, if there is any."""
    begin = file.tell()
    file_end = file.seek(0, os.SEEK_END)
    file.seek(begin)
    kind, form_size, form = (file.read(4) for _ in range(3))
    if (kind, form) not in _audio_chunks:
        return None
    order: Literal["little", "big"] = "little" if kind == b"RIFF" else "big"
    form_end = begin + 8 + int.from_bytes(form_size, order)
    frames_at, frame_bytes = None, 0
    while len(header := file.read(8)) == 8:
        start = file.tell()
        size = int.from_bytes(header[4:], order)
        if header[:4] == _audio_chunks[kind, form]:
            is_empty = size <= (_ssnd_bytes if kind == b"FORM" else 0)
            # A file that knows of chunks after it does hold no audio.
            is_last = start + size >= form_end or _is_no_size(form_end)
            is_known = not (_is_no_size(size) or (is_empty and is_last))
            # Who knew the length of the file went back to write it.
            is_known |= abs(form_end - file_end) <= 1 and start + size <= file_end
            return AudioChunk(order, start, size if is_known else None, frames_at, frame_bytes)
        if header[:4] == b"COMM":
            common = file.read(8)
            frames_at = start + 2
            frame_bytes = int.from_bytes(common[:2], order) * int.from_bytes(common[6:], order) // 8
        file.seek(start + size + size % 2)
    return None


def _is_no_size(size: int) -> bool:
    return any(abs(size - unknown) <= _headers_bytes for unknown in _unknown_sizes)


def with_its_size(file: BinaryIO) -> BinaryIO:
    """A WAV or AIFF file that was written to a pipe as if its sizes were there; any other as is.

    Raises
    ------
    OverflowError
        If it is so long that they could not be there.
    """
    file.seek(0)
    chunk = audio_chunk(file)
    if chunk is None or chunk.size is not None:
        return file
    file_bytes = file.seek(0, os.SEEK_END)
    audio_bytes = file_bytes - chunk.start
    sizes = {4: file_bytes - 8, chunk.start - 4: audio_bytes}
    if chunk.frames_at is not None and chunk.frame_bytes:
        sizes[chunk.frames_at] = max(0, audio_bytes - _ssnd_bytes) // chunk.frame_bytes
    corrected = {at: size.to_bytes(4, chunk.order) for at, size in sizes.items()}
    return BufferedReader(_Corrected(file, corrected))


class _Corrected(RawIOBase):
    """A file with other bytes at some positions."""

    def __init__(self, file: BinaryIO, corrected: dict[int, bytes]) -> None:
        self._file = file
        self._bytes = {
            at + i: byte for at, content in corrected.items() for i, byte in enumerate(content)
        }
        file.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        start = self._file.tell()
        view = memoryview(buffer)
        content = self._file.read(len(view))
        view[: len(content)] = content
        for at, byte in self._bytes.items():
            if start <= at < start + len(content):
                view[at - start] = byte
        return len(content)
