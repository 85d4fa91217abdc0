# SPDX-License-Identifier: MIT
"""Writes the model image: one flat, checksummed byte string that says all about a model.

The core reads it, pickles carry it, and so does the state of the plugin. Little-endian throughout::

    header, 64 bytes
      0  8 bytes  "NAMIMAGE"
      8  u32      format version, 1
     12  u32      CRC-32 (zlib's) of all bytes from 16 on
     16  u64      bytes in the image
     24  f64      sample rate in Hz
     32  f64      input level in dBu, NaN if unknown
     40  f64      output level in dBu, NaN if unknown
     48  u32      number of sizes, 1 to 16
     52  u32      bytes of metadata, at most 1 MiB
     56  u64      0
    for each size, 32 bytes
      0  f64      max_value: ascending, the last at least 1.0
      8  f64      loudness in dB, NaN if unknown
     16  u32      architecture, 1 = A2
     20  u32      channels
     24  u64      number of weights
    the weights of all sizes, float32, in the order of the `.nam` file
    the metadata: UTF-8 JSON, keys sorted, no spaces

Equal models give equal bytes.
"""

from __future__ import annotations

import json
import math
import struct
import zlib

from .nam_file import NamFile

_magic = b"NAMIMAGE"
_format_version = 1
_architecture_a2 = 1
_prefix = struct.Struct("<8sII")
_header = struct.Struct("<QdddIIQ")
_size = struct.Struct("<ddIIQ")


def write(nam: NamFile) -> bytes:
    """Write the image of a checked `.nam` file."""
    metadata = json.dumps(
        {"name": nam.name, "version": nam.version, "metadata": nam.metadata},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    ).encode("utf-8")
    records = [
        _size.pack(
            size.max_value,
            _or_nan(size.loudness_db),
            _architecture_a2,
            size.channels,
            size.weights.size,
        )
        for size in nam.sizes
    ]
    weights = [size.weights.astype("<f4", copy=False).tobytes() for size in nam.sizes]
    payload = b"".join([*records, *weights, metadata])
    header = _header.pack(
        _prefix.size + _header.size + len(payload),
        nam.sample_rate_hz,
        _or_nan(nam.input_level_dbu),
        _or_nan(nam.output_level_dbu),
        len(nam.sizes),
        len(metadata),
        0,
    )
    checked = header + payload
    return _prefix.pack(_magic, _format_version, zlib.crc32(checked)) + checked


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
