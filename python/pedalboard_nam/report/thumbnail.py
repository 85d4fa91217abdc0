# SPDX-License-Identifier: MIT
"""Small pictures of audio as PNG data, which a page holds in itself: about 3 kB for both."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from ..measure.overview import Overview

columns, rows = 160, 40

_shades = 16  # of 4 bits
# The waveform's blue has a contrast above 3 with a white page and with a dark one.
_waveform_palette = np.array(
    [[74, 136, 214, round(255 * shade / (_shades - 1))] for shade in range(_shades)], np.uint8
)
_lowest_db, _highest_db = -90.0, -10.0
# From dark violet over red to pale yellow, evenly brighter, so that it reads in grey too.
_spectrum_anchors = ((8, 4, 32), (74, 12, 107), (165, 45, 96), (237, 105, 37), (252, 255, 180))


def waveform(overview: Overview) -> str:
    """The waveform between full scale and its negative, as a ``data:`` address of a PNG."""
    # A column reaches to where the next one starts, or a steep wave would be dots.
    high = np.maximum(overview.high, np.append(overview.low[1:], -np.inf))
    low = np.minimum(overview.low, np.append(overview.high[1:], np.inf))
    top, bottom = _rows_of(high), _rows_of(low)
    # A line is a pixel thick at least; a pixel is as dark as much of it is covered.
    thin = np.maximum(1.0 - (bottom - top), 0.0) / 2.0
    top, bottom = top - thin, bottom + thin
    row = np.arange(rows)[:, np.newaxis]
    covered = np.clip(np.minimum(bottom, row + 1) - np.maximum(top, row), 0.0, 1.0)
    return _data_address(np.rint(covered * (_shades - 1)).astype(np.uint8), _waveform_palette)


def spectrogram(overview: Overview) -> str:
    """The spectrogram, lowest band at the bottom, as a ``data:`` address of a PNG."""
    level = (overview.spectrum_db[::-1] - _lowest_db) / (_highest_db - _lowest_db)
    shades = np.rint(np.clip(level, 0.0, 1.0) * (_shades - 1)).astype(np.uint8)
    anchors = np.array(_spectrum_anchors, np.float64)
    at = np.linspace(0.0, len(anchors) - 1.0, _shades)
    palette = [np.interp(at, np.arange(len(anchors)), anchors[:, i]) for i in range(3)]
    opaque = np.full(_shades, 255.0)
    return _data_address(shades, np.rint(np.stack([*palette, opaque], axis=1)).astype(np.uint8))


def _rows_of(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    return (1.0 - np.clip(samples.astype(np.float64), -1.0, 1.0)) * (rows / 2.0)


def _data_address(shades: NDArray[np.uint8], palette: NDArray[np.uint8]) -> str:
    return "data:image/png;base64," + base64.b64encode(encode_png(shades, palette)).decode()


def encode_png(shades: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """A PNG file (ISO/IEC 15948) of 4 bits a pixel.

    Parameters
    ----------
    shades
        Of each pixel the row in the palette, 0 to 15; shape (rows, columns).
    palette
        Red, green, blue and opacity; shape (16, 4).
    """
    height, width = shades.shape
    even = np.pad(shades, ((0, 0), (0, width % 2)))
    packed = (even[:, ::2] << 4) | even[:, 1::2]
    unfiltered = np.pad(packed, ((0, 0), (1, 0)))  # each row starts with its filter: none
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)),
        (b"PLTE", palette[:, :3].tobytes()),
        (b"tRNS", palette[:, 3].tobytes()),
        (b"IDAT", zlib.compress(unfiltered.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
