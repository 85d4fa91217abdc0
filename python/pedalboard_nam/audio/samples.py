# SPDX-License-Identifier: MIT
"""Samples as they lie in files, and how they become float32."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .arrays import Audio

Order = Literal["<", ">"]

# Bytes before and behind the samples that `decoded` takes: those of 24 bits are read four at a
# time, and the others stay aligned.
margin_bytes = 8


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a sample lies in a file.

    Attributes
    ----------
    kind
        Signed (`int`) or unsigned integers, floats, or 8 bits by the laws A and mu of G.711.
    width
        Bytes: 1 to 4 of integers, where fewer bits are the upper ones; 4 or 8 of floats.
    order
        Of the bytes: little-endian is ``<``.
    """

    kind: Literal["int", "unsigned", "float", "alaw", "mulaw"]
    width: int
    order: Order = "<"


def integers(bits: int, width: int, order: Order) -> Encoding | None:
    """Signed integers of so many bits in so many bytes, if there are such."""
    return Encoding("int", width, order) if 1 <= bits <= 8 * width and width <= 4 else None


def floats(width: int, order: Order) -> Encoding | None:
    """Floats of so many bytes, if there are such."""
    return Encoding("float", width, order) if width in (4, 8) else None


def decoded(content: NDArray[np.uint8], encoding: Encoding, num_channels: int) -> Audio:
    """Whole frames of bytes as audio of shape (channels, frames); full scale is 1.0.

    Before and behind them are `margin_bytes` of whatever.
    """
    values = _values(content, encoding).reshape(-1, num_channels).T
    audio = np.empty(values.shape, np.float32)
    with np.errstate(over="ignore", invalid="ignore"):  # float64 that float32 cannot hold
        if encoding.kind == "int":
            # A power of two: the conversion to float32 alone rounds, and only beyond 24 bits.
            steps = 1 << 8 * (4 if encoding.width == 3 else encoding.width) - 1
            np.multiply(values, np.float32(1.0 / steps), audio, dtype=np.float32, casting="unsafe")
        else:
            audio[...] = values
    return audio


def encoded(values: NDArray[np.generic], encoding: Encoding) -> memoryview:
    """Samples of shape (channels, frames), steps of integers or floats, as bytes of frames."""
    letter = "i" if encoding.kind == "int" else "f"
    width = 4 if encoding.width == 3 else encoding.width
    frames = np.ascontiguousarray(values.T, f"{encoding.order}{letter}{width}")
    content = frames.reshape(-1).view(np.uint8)
    if encoding.width == 3:
        places = content.reshape(-1, 4)
        content = (places[:, :3] if encoding.order == "<" else places[:, 1:]).reshape(-1)
    return content.data


def _values(content: NDArray[np.uint8], encoding: Encoding) -> NDArray[np.generic]:
    samples = content[margin_bytes:-margin_bytes]
    if encoding.width == 3:
        # A quarter of the time that it takes to copy three of four bytes.
        first = margin_bytes - (encoding.order == "<")
        dtype = np.dtype(f"{encoding.order}i4")
        return np.ndarray((samples.size // 3,), dtype, content.data, first, (3,)) & np.int32(-256)
    if encoding.kind in ("alaw", "mulaw"):
        return _law(encoding.kind)[samples]
    if encoding.kind == "unsigned":
        return (samples.astype(np.float32) - np.float32(128.0)) / np.float32(128.0)
    letter = "i" if encoding.kind == "int" else "f"
    return np.frombuffer(samples, f"{encoding.order}{letter}{encoding.width}")


@cache
def _law(kind: str) -> Audio:
    """What each byte stands for, by the tables of ITU-T G.711."""
    code = np.arange(256)
    if kind == "mulaw":
        code = ~code & 255
        steps = ((code & 15) * 8 + 132 << (code >> 4 & 7)) - 132
        return (np.where(code & 128, -steps, steps) / 32_768.0).astype(np.float32)
    code = code ^ 0x55
    exponent = code >> 4 & 7
    steps = (code & 15) * 16 + 8
    steps = np.where(exponent > 0, steps + 256 << np.maximum(exponent - 1, 0), steps)
    return (np.where(code & 128, steps, -steps) / 32_768.0).astype(np.float32)
