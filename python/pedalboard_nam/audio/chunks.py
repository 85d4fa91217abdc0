# SPDX-License-Identifier: MIT
"""Files of chunks, WAV and its relatives, AIFF and CAF: where the audio is, and what it is.

What they say of sizes is held against the file: a writer that cannot go back, as into a pipe,
leaves 0 or the most that it takes for valid; one that was killed leaves what was right before; and
beyond 4 GiB 32 bits wrap round.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..files.regular_file import RegularFile
from .file_errors import CutOff, NoAudio
from .samples import Encoding, Order, floats, integers


class Chunk(NamedTuple):
    """A chunk, without its header, in bytes from the start of the file."""

    name: bytes
    start: int
    size: int


@dataclass(slots=True)
class StoredAudio:
    """Audio that lies in a file in one piece.

    Attributes
    ----------
    num_channels, sample_rate
        Of the audio; the rate in Hz.
    encoding
        How samples lie in it; None if it is compressed.
    is_mp3
        Whether it is an MP3 file in a WAV file.
    stated_frames
        Its length by a chunk for compressed audio; 0 if there is none.
    start, size
        Where the audio is, in bytes.
    chunks
        Those before the audio.
    """

    num_channels: int = 0
    sample_rate: float = 0.0
    encoding: Encoding | None = None
    is_mp3: bool = False
    stated_frames: int = 0
    start: int = 0
    size: int = 0
    chunks: list[Chunk] = field(default_factory=list[Chunk])


class _Form(NamedTuple):
    """How a family of files writes chunks."""

    order: Order
    header_bytes: int  # of the file
    name_bytes: int
    size_format: str
    counts_header: bool
    align: int
    format_name: bytes
    audio_name: bytes


_wav = _Form("<", 12, 4, "<I", False, 2, b"fmt ", b"data")
_forms = {
    (b"RIFF", b"WAVE"): _wav,
    (b"RF64", b"WAVE"): _wav,
    (b"BW64", b"WAVE"): _wav,
    (b"RIFX", b"WAVE"): _wav._replace(order=">", size_format=">I"),
    (b"FORM", b"AIFF"): _Form(">", 12, 4, ">I", False, 2, b"COMM", b"SSND"),
    (b"FORM", b"AIFC"): _Form(">", 12, 4, ">I", False, 2, b"COMM", b"SSND"),
}
_w64 = _Form("<", 40, 16, "<Q", True, 8, b"fmt ", b"data")
_caf = _Form(">", 8, 4, ">q", False, 1, b"desc", b"data")
_w64_start = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"
# What follows the audio of a file that is whole, if not chunks.
_tags = (b"TAG", b"ID3", b"APETAGEX", b"LYRICSBEGIN")
_common = (b"LIST", b"bext", b"iXML", b"cue ", b"id3 ", b"ID3 ", b"JUNK", b"FLLR")
# SoX writes 0x7F00_0000 into AIFF and 0x7FFF_F000 into WAV, arecord 0x7FFF_FF00, FFmpeg
# 0xFFFF_FFFF; they are rounded to whole frames, and may count headers.
_unknown_sizes = (0x7F00_0000, 0x8000_0000, 0xFFFF_FFFF)
_headers_bytes = 0x1_0000
# Behind audio of a stated size: less is what some program has left there, more is audio of which
# its writer had no time to say so.
_least_audio_bytes = 1_024
_most_padding_bytes = 1 << 16
_most_chunks = 10_000


def chunked_audio(file: RegularFile) -> StoredAudio | None:
    """The audio in a file of chunks; None if it is another kind of file.

    Raises
    ------
    CutOff
        If the file ends before its audio.
    NoAudio
        If there is none.
    """
    form = _form_of(file.read_at(0, 40))
    return None if form is None else _Walk(file, form).audio()


def chunks_of(file: RegularFile) -> list[Chunk]:
    """All chunks of such a file, as far as they can be told; none of another kind of file."""
    form = _form_of(file.read_at(0, 40))
    if form is None:
        return []
    walk = _Walk(file, form)
    try:
        audio = walk.audio()
    except ValueError:
        return []
    end = walk.behind(audio.start, audio.size)
    return [*audio.chunks, *(c for c in walk.chunks_from(end) if c.start + c.size <= file.size)]


def _form_of(head: bytes) -> _Form | None:
    if head.startswith(_w64_start):
        return _w64
    if head.startswith(b"caff"):
        return _caf
    return _forms.get((head[:4], head[8:12]))


class _Walk:
    """From chunk to chunk."""

    def __init__(self, file: RegularFile, form: _Form) -> None:
        self._file, self._form = file, form
        self._kind = file.read_at(0, 4)

    def audio(self) -> StoredAudio:
        found = StoredAudio()
        stated_frames: int | None = None
        large_size: int | None = None
        knows = False
        for name, start, size in self.chunks_from(self._form.header_bytes):
            if name == self._form.audio_name:
                if not knows:
                    raise NoAudio("its audio comes before the chunk that says what it is")
                if large_size is not None and size == 0xFFFF_FFFF:
                    size = large_size
                self._place(found, start, size, stated_frames)
                return found
            if start + size > self._file.size:
                raise CutOff(f"{self._file.size} of {start + size} bytes are there")
            found.chunks.append(Chunk(name, start, size))
            content = self._file.read_at(start, min(size, 256))
            if name == self._form.format_name:
                knows = True
                stated_frames = self._read_format(found, content)
            elif name == b"fact":
                found.stated_frames = int.from_bytes(content[:4], "little")
            elif name == b"ds64" and self._kind in (b"RF64", b"BW64") and len(content) >= 16:
                large_size = int.from_bytes(content[8:16], "little")
        if self._form is _caf:
            raise CutOff("the chunk with its audio is missing")
        if self._file.size < (stated := self._stated_bytes()):
            raise CutOff(f"{self._file.size} of {stated} bytes are there")
        raise NoAudio("the file holds no audio")

    def _stated_bytes(self) -> int:
        if self._form is _w64:
            return int.from_bytes(self._file.read_at(16, 8), "little")
        size = struct.unpack(self._form.size_format, self._file.read_at(4, 4))[0]
        return 0 if _is_unknown(size) else 8 + size

    def chunks_from(self, at: int) -> Iterator[Chunk]:
        for _ in range(_most_chunks):
            header = self._header(at)
            if header is None:
                return
            name, size = header
            start = at + self._header_bytes
            yield Chunk(name, start, size)
            at = self.behind(start, size)

    @property
    def _header_bytes(self) -> int:
        return self._form.name_bytes + struct.calcsize(self._form.size_format)

    def _header(self, at: int) -> tuple[bytes, int] | None:
        content = self._file.read_at(at, self._header_bytes)
        name = content[:4]
        if len(content) < self._header_bytes or not all(0x20 <= byte < 0x7F for byte in name):
            return None
        (size,) = struct.unpack(self._form.size_format, content[self._form.name_bytes :])
        if self._form.counts_header:
            size = max(0, size - self._header_bytes)
        return name, (1 << 63) if size < 0 else size

    def behind(self, start: int, size: int) -> int:
        """Where the next chunk begins: behind a byte of padding, which some writers forget."""
        padded = start + -(-size // self._form.align) * self._form.align
        if self._form.align == 2 and size % 2 and not self._is_header(padded):
            return padded - self._is_header(padded - 1)
        return padded

    def _is_header(self, at: int) -> bool:
        header = self._header(at)
        return header is not None and at + self._header_bytes + header[1] <= self._file.size

    def _place(
        self, found: StoredAudio, start: int, stated: int, stated_frames: int | None
    ) -> None:
        """Where the audio is, by what its chunk says and what the file holds."""
        before = 0
        if self._form.audio_name == b"SSND":  # an offset to the audio, and a block size
            before = 8 + int.from_bytes(self._file.read_at(start, 4), "big")
        elif self._form is _caf:
            before = 4  # the number of edits
        size = self._size_there(start, stated, before)
        found.start, found.size = start + before, max(0, size - before)
        frame_bytes = found.encoding.width * found.num_channels if found.encoding else 0
        if stated_frames and frame_bytes and size == stated and stated_frames < 1 << 31:
            frames = found.size // frame_bytes
            if stated_frames > frames:
                raise CutOff(f"{frames} of {stated_frames} frames are there")

    def _size_there(self, start: int, stated: int, before: int) -> int:
        rest = max(0, self._file.size - start)
        is_none = stated <= before or _is_unknown(stated)
        if stated > rest:
            if is_none:
                return rest
            raise CutOff(f"{self._file.size} of {start + stated} bytes are there")
        if self._follows(start, stated):
            return stated
        behind = rest - stated
        if is_none:
            return rest
        if behind >> 32:
            return stated + (behind >> 32 << 32)
        return rest if behind >= _least_audio_bytes else stated

    def _follows(self, start: int, size: int) -> bool:
        """Whether what is behind audio of this size is what a writer has put there, or nothing."""
        end = start + size
        behind = self._file.size - end
        if behind <= 1:
            return True
        if self._is_header(end) or self._is_header(end + -size % self._form.align):
            return True
        tail = self._file.read_at(end, _most_padding_bytes)
        is_padding = size > 0 and behind <= _most_padding_bytes and not any(tail)
        return is_padding or tail.startswith(_tags) or tail[size % 2 :].startswith(_common)

    def _read_format(self, found: StoredAudio, content: bytes) -> int | None:
        """Read what the audio is; gives the number of frames, if that is there."""
        try:
            if self._form.format_name == b"fmt ":
                self._read_wav_format(found, content)
                return None
            if self._form is _caf:
                self._read_caf_format(found, content)
                return None
            return self._read_aiff_format(found, content)
        except struct.error:
            raise NoAudio("its header is too short") from None

    def _read_wav_format(self, found: StoredAudio, content: bytes) -> None:
        order = self._form.order
        code, channels, rate, _, align, bits = struct.unpack_from(f"{order}HHIIHH", content)
        if code == 0xFFFE and len(content) >= 26:
            (code,) = struct.unpack_from(f"{order}H", content, 24)
        found.num_channels, found.sample_rate = channels, rate
        width = -(-bits // 8)
        if channels and align % channels == 0 and width <= align // channels <= 8:
            width = align // channels
        found.is_mp3 = code == 0x55
        if code == 1:
            is_unsigned = width == 1 and bits >= 1
            found.encoding = (
                Encoding("unsigned", 1) if is_unsigned else integers(bits, width, order)
            )
        elif code == 3:
            found.encoding = floats(width, order)
        elif code in (6, 7):
            found.encoding = Encoding("alaw" if code == 6 else "mulaw", 1)

    def _read_aiff_format(self, found: StoredAudio, content: bytes) -> int:
        channels, frames, bits = struct.unpack_from(">HIH", content)
        exponent, mantissa = struct.unpack_from(">HQ", content, 8)
        found.num_channels = channels
        power = (exponent & 0x7FFF) - 16_383 - 63
        found.sample_rate = math.ldexp(mantissa, power) if -200 < power < 0 else 0.0
        is_compressed = self._file.read_at(8, 4) == b"AIFC"
        kind = content[18:22] if is_compressed else b"NONE"
        found.encoding = _of_aifc(kind, bits)
        return frames

    def _read_caf_format(self, found: StoredAudio, content: bytes) -> None:
        rate, kind, flags, packet_bytes, _, channels, bits = struct.unpack_from(
            ">d4sIIIII", content
        )
        found.num_channels, found.sample_rate = channels, rate
        order: Order = "<" if flags & 2 else ">"
        width = packet_bytes // channels if channels and packet_bytes else -(-bits // 8)
        if kind == b"lpcm":
            found.encoding = floats(width, order) if flags & 1 else integers(bits, width, order)
        elif kind in (b"alaw", b"ulaw"):
            found.encoding = Encoding("alaw" if kind == b"alaw" else "mulaw", 1)


def _of_aifc(kind: bytes, bits: int) -> Encoding | None:
    width = -(-bits // 8)
    if kind in (b"NONE", b"twos"):
        return integers(bits, width, ">")
    if kind == b"sowt":
        return integers(bits, width, "<")
    return {
        b"raw ": Encoding("unsigned", 1),
        b"in24": Encoding("int", 3, ">"),
        b"42ni": Encoding("int", 3, "<"),
        b"in32": Encoding("int", 4, ">"),
        b"23ni": Encoding("int", 4, "<"),
        b"fl32": Encoding("float", 4, ">"),
        b"fl64": Encoding("float", 8, ">"),
        b"alaw": Encoding("alaw", 1),
        b"ulaw": Encoding("mulaw", 1),
    }.get(kind if kind == b"raw " else kind.lower())


def _is_unknown(size: int) -> bool:
    if size >= 1 << 40:
        return True
    return any(abs(size - unknown) <= _headers_bytes for unknown in _unknown_sizes)
