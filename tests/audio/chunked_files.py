# SPDX-License-Identifier: MIT
"""WAV and its relatives, AIFF, CAF and AU, byte by byte."""

from __future__ import annotations

import struct

import numpy as np


def chunk(
    name: bytes, content: bytes, *, size: int | None = None, pad: bool = True, order: str = "<"
) -> bytes:
    stated = len(content) if size is None else size
    padding = b"\0" if pad and len(content) % 2 else b""
    return name + struct.pack(f"{order}I", stated) + content + padding


def fmt(
    channels: int = 1,
    bits: int = 16,
    code: int = 1,
    *,
    rate_hz: int = 48_000,
    align: int | None = None,
    more: bytes = b"",
    order: str = "<",
) -> bytes:
    align = channels * bits // 8 if align is None else align
    content = struct.pack(
        f"{order}HHIIHH", code, channels, rate_hz, rate_hz * align & 0xFFFF_FFFF, align, bits
    )
    return chunk(b"fmt ", content + more, order=order)


def riff(*chunks: bytes, name: bytes = b"RIFF", size: int | None = None, order: str = "<") -> bytes:
    content = b"WAVE" + b"".join(chunks)
    return name + struct.pack(f"{order}I", len(content) if size is None else size) + content


def aiff(
    audio: bytes,
    channels: int,
    frames: int,
    bits: int,
    kind: bytes = b"",
    *,
    size: int | None = None,
    before: bytes = b"",
) -> bytes:
    rate = bytes.fromhex("400e bb80 0000 0000 0000")
    common = struct.pack(">HIH", channels, frames, bits) + rate
    common += kind + b"\0\0" if kind else b""
    stated = 8 + len(audio) if size is None else size
    sound = chunk(b"SSND", bytes(8) + audio, size=stated, order=">")
    content = chunk(b"COMM", common, order=">") + before + sound
    form = b"AIFC" if kind else b"AIFF"
    return chunk(b"FORM", form + content, order=">")


def caf(audio: bytes, channels: int, bits: int, flags: int, *, size: int | None = None) -> bytes:
    width = bits // 8
    described = struct.pack(
        ">d4sIIIII", 48_000.0, b"lpcm", flags, width * channels, 1, channels, bits
    )
    stated = 4 + len(audio) if size is None else size
    return (
        b"caff\0\1\0\0desc"
        + struct.pack(">q", len(described))
        + described
        + b"data"
        + struct.pack(">q", stated)
        + bytes(4)
        + audio
    )


def integers(audio: np.ndarray, bits: int, order: str = "<") -> bytes:
    """Audio of shape (channels, frames) as signed integers."""
    steps = np.rint(audio.T.astype(np.float64) * 2.0 ** (bits - 1))
    whole = np.ascontiguousarray(steps.astype(f"{order}i4"))
    if bits == 24:
        places = whole.view(np.uint8).reshape(-1, 4)
        return (places[:, :3] if order == "<" else places[:, 1:]).tobytes()
    return steps.astype(f"{order}i{bits // 8}").tobytes()
