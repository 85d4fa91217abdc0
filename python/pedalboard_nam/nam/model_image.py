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
from .record import Record

magic = b"NAMIMAGE"
version = 2

prefix = struct.Struct("<8sII")
header = struct.Struct("<QdddIIQ")
network = struct.Struct("<dd")
record_head = struct.Struct("<4sIQQII")
alignment = 16


def write(nam: NamFile) -> bytes:
    """Write the image of a checked `.nam` file."""
    about = {"name": nam.name, "version": nam.version, "metadata": nam.metadata}
    metadata = json.dumps(
        about | {"notes": nam.notes} if nam.notes else about,
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
            *(record_bytes(size.record) for size in nam.sizes),
        ],
        metadata,
    )


def record_bytes(record: Record) -> bytes:
    """A network and those that it holds."""
    weights = record.weights.astype("<f4", copy=False).tobytes()
    children = b"".join(map(record_bytes, record.children))
    body = _padded(record.config) + _padded(weights) + children
    head = record_head.pack(
        record.tag,
        len(record.config),
        record_head.size + len(body),
        record.weights.size,
        len(record.children),
        0,
    )
    return head + body


def _padded(content: bytes) -> bytes:
    return content + bytes(_aligned(len(content)) - len(content))


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


def shape(image: bytes, index: int) -> bytes:
    """Of one network of an image of this version, all but the values of its weights."""
    network_count = header.unpack_from(image, prefix.size)[4]
    at = prefix.size + header.size + network_count * network.size
    for _ in range(index):
        at += _record_size(image, at)
    return _record_shape(image, at)


def _record_size(image: bytes, at: int) -> int:
    return record_head.unpack_from(image, at)[2]


def _record_shape(image: bytes, at: int) -> bytes:
    _, config_bytes, _, weights, children, _ = record_head.unpack_from(image, at)
    config_at = at + record_head.size
    parts = [image[at : config_at + config_bytes]]
    at = config_at + _aligned(config_bytes) + _aligned(4 * weights)
    for _ in range(children):
        parts.append(_record_shape(image, at))
        at += _record_size(image, at)
    return b"".join(parts)


def _aligned(size: int) -> int:
    return size + -size % alignment
