# SPDX-License-Identifier: MIT
"""What stands before the samples in WAV, RF64, W64, AIFF and CAF files.

A header is as long for any number of frames: it is written first, and again when that is known.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from .samples import Encoding, Order


@dataclass(frozen=True, slots=True)
class Stored:
    """What samples are.

    Attributes
    ----------
    num_channels, sample_rate
        The rate in Hz, a whole number.
    encoding
        How they lie in the file.
    chunks
        Names and contents of others, to stand before the samples.
    may_be_large
        Whether there may be more than 4 GiB.
    """

    num_channels: int
    sample_rate: int
    encoding: Encoding
    chunks: tuple[tuple[bytes, bytes], ...] = ()
    may_be_large: bool = False

    @property
    def frame_bytes(self) -> int:
        return self.num_channels * self.encoding.width


class Header(NamedTuple):
    """How a kind of file is written.

    Attributes
    ----------
    order
        Of the bytes of a sample.
    of
        The header of so many frames.
    align
        To how many bytes their end is filled up with zeros.
    most_bytes
        Of the file.
    """

    order: Order
    of: Callable[[Stored, int], bytes]
    align: int
    most_bytes: int


_unknown = 0xFFFF_FFFF
_guid = bytes.fromhex("000000001000800000aa00389b71")  # of what has a code in WAV


def _chunk(name: bytes, content: bytes, order: Order = "<") -> bytes:
    padding = bytes(len(content) % 2)
    return name + struct.pack(f"{order}I", len(content)) + content + padding


def _format(audio: Stored, has_extension: bool) -> bytes:
    """What is in the chunk "fmt "."""
    width, channels = audio.encoding.width, audio.num_channels
    code = 3 if audio.encoding.kind == "float" else 1
    rate, align = audio.sample_rate, audio.frame_bytes
    bytes_per_s = min(rate * align, _unknown)
    numbers = struct.pack("<IIHH", rate, bytes_per_s, align, 8 * width)
    if has_extension:
        known = struct.pack("<HHIH", 22, 8 * width, 0, code) + _guid
        return struct.pack("<HH", 0xFFFE, channels) + numbers + known
    return struct.pack("<HH", code, channels) + numbers + (b"\0\0" if code == 3 else b"")


def _wav(audio: Stored, frames: int) -> bytes:
    data_bytes = frames * audio.frame_bytes
    chunks = _chunk(b"fmt ", _format(audio, audio.num_channels > 2))
    chunks += b"".join(_chunk(*each) for each in audio.chunks)
    if audio.encoding.kind == "float":
        chunks += _chunk(b"fact", struct.pack("<I", min(frames, _unknown)))
    after_bytes = data_bytes + data_bytes % 2
    riff_bytes = 4 + 36 * audio.may_be_large + len(chunks) + 8 + after_bytes
    if not audio.may_be_large or riff_bytes < _unknown:
        room = _chunk(b"JUNK", bytes(28)) if audio.may_be_large else b""
        head = b"RIFF" + struct.pack("<I", riff_bytes) + b"WAVE" + room
        return head + chunks + b"data" + struct.pack("<I", data_bytes)
    sizes = _chunk(b"ds64", struct.pack("<QQQI", riff_bytes, data_bytes, frames, 0))
    unknown = struct.pack("<I", _unknown)
    return b"RF64" + unknown + b"WAVE" + sizes + chunks + b"data" + unknown


_w64_of_form = bytes.fromhex("2e91cf11a5d628db04c10000")
_w64_of_chunk = bytes.fromhex("f3acd3118cd100c04f8edb8a")


def _w64(audio: Stored, frames: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        size = struct.pack("<Q", 24 + len(content))
        return name + _w64_of_chunk + size + content + bytes(-len(content) % 8)

    data_bytes = frames * audio.frame_bytes
    # libsndfile does not look for the code of floats in an extension here.
    chunks = chunk(b"fmt ", _format(audio, False)) + b"".join(chunk(*each) for each in audio.chunks)
    whole = 40 + len(chunks) + 24 + data_bytes
    head = b"riff" + _w64_of_form + struct.pack("<Q", whole) + b"wave" + _w64_of_chunk
    return head + chunks + b"data" + _w64_of_chunk + struct.pack("<Q", 24 + data_bytes)


def _aiff(audio: Stored, frames: int) -> bytes:
    data_bytes = frames * audio.frame_bytes
    shift = 64 - audio.sample_rate.bit_length()
    rate = struct.pack(">HQ", 16_383 + 63 - shift, audio.sample_rate << shift)
    common = struct.pack(">HIH", audio.num_channels, frames, 8 * audio.encoding.width) + rate
    chunks = _chunk(b"COMM", common, ">")
    chunks += b"".join(_chunk(*each, ">") for each in audio.chunks)
    sound = b"SSND" + struct.pack(">III", 8 + data_bytes, 0, 0)
    size = 4 + len(chunks) + len(sound) + data_bytes + data_bytes % 2
    return b"FORM" + struct.pack(">I", size) + b"AIFF" + chunks + sound


def _caf(audio: Stored, frames: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack(">q", len(content)) + content

    flags = 3 if audio.encoding.kind == "float" else 2  # 2: little-endian
    described = struct.pack(
        ">d4sIIIII",
        audio.sample_rate,
        b"lpcm",
        flags,
        audio.frame_bytes,
        1,
        audio.num_channels,
        8 * audio.encoding.width,
    )
    chunks = chunk(b"desc", described) + b"".join(chunk(*each) for each in audio.chunks)
    size = struct.pack(">qI", 4 + frames * audio.frame_bytes, 0)
    return b"caff\0\1\0\0" + chunks + b"data" + size


_most = 1 << 62
headers = {
    "wav": Header("<", _wav, 2, _most),
    "w64": Header("<", _w64, 1, _most),  # libsndfile takes padding for audio
    "aiff": Header(">", _aiff, 2, 0xFFFF_FFFF),
    "caf": Header("<", _caf, 1, _most),
}
