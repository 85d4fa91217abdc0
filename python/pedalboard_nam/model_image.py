# SPDX-License-Identifier: MIT
"""Writes the model image: one flat, checksummed byte string that says all about a model.

The core reads it, pickles carry it, and so does the state of the plugin. Its layout is described in
``core/src/image.h``; the metadata is JSON, with keys sorted and without spaces. Equal models give
equal bytes.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Sequence

from .nam_file import NamFile

magic = b"NAMIMAGE"
version = 2
a2_tag = int.from_bytes(b"A2", "little")

prefix = struct.Struct("<8sII")
header = struct.Struct("<QdddIIQ")
network = struct.Struct("<dd")
record = struct.Struct("<IIQQII")
a2_config = struct.Struct("<I12x")
_a2_config_bytes = 4
_alignment = 16


def write(nam: NamFile) -> bytes:
    """Write the image of a checked `.nam` file."""
    metadata = json.dumps(
        {"name": nam.name, "version": nam.version, "metadata": nam.metadata},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    ).encode("utf-8")
    return assemble(
        version,
        (nam.sample_rate_hz, _or_nan(nam.input_level_dbu), _or_nan(nam.output_level_dbu)),
        len(nam.sizes),
        [
            *(network.pack(size.max_value, _or_nan(size.loudness_db)) for size in nam.sizes),
            *(
                a2_record(size.channels, size.weights.astype("<f4", copy=False).tobytes())
                for size in nam.sizes
            ),
        ],
        metadata,
    )


def a2_record(width: int, weights: bytes) -> bytes:
    """The record of an A2 network."""
    padding = bytes(-len(weights) % _alignment)
    record_bytes = record.size + a2_config.size + len(weights) + len(padding)
    head = record.pack(a2_tag, _a2_config_bytes, record_bytes, len(weights) // 4, 0, 0)
    return head + a2_config.pack(width) + weights + padding


def assemble(
    image_version: int,
    rate_and_levels: Sequence[float],
    network_count: int,
    networks: Sequence[bytes],
    metadata: bytes,
) -> bytes:
    """An image with its header, of what a version has to say about networks."""
    payload = b"".join([*networks, metadata])
    image_bytes = prefix.size + header.size + len(payload)
    checked = header.pack(image_bytes, *rate_and_levels, network_count, len(metadata), 0) + payload
    return prefix.pack(magic, image_version, zlib.crc32(checked)) + checked


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
