# SPDX-License-Identifier: MIT
"""Model images of version 1, which release 0.1 wrote: presets and saved boards hold them.

Both layouts are described in ``core/src/image.h``.
"""

from __future__ import annotations

import struct

import numpy as np

from .._core import Model as CoreModel
from . import a2, model_image

_version = 1
_architecture_a2 = 1
_network = struct.Struct("<ddIIQ")


def upgraded(image: bytes) -> bytes:
    """The image that this release writes of the same model.

    Raises
    ------
    ModelError
        If `image` is of version 1, and no usable one.
    """
    if image[: model_image.prefix.size - 4] != struct.pack("<8sI", model_image.magic, _version):
        return image
    CoreModel(image)  # refuses what cannot be read below
    _, *rate_and_levels, count, metadata_bytes, _ = _header_of(image)
    start = model_image.prefix.size + model_image.header.size
    weights_start = start + count * _network.size
    networks: list[bytes] = []
    records: list[bytes] = []
    for max_value, loudness_db, _, width, weight_count in _network.iter_unpack(
        image[start:weights_start]
    ):
        weights_end = weights_start + 4 * weight_count
        networks.append(model_image.network.pack(max_value, loudness_db))
        weights = np.frombuffer(image[weights_start:weights_end], "<f4")
        records.append(model_image.record_bytes(a2.record(width, weights)))
        weights_start = weights_end
    return model_image.assemble(
        model_image.version,
        rate_and_levels,
        count,
        [*networks, *records],
        image[len(image) - metadata_bytes :],
    )


def release_0_1(image: bytes) -> bytes:
    """What release 0.1 wrote of the same model, if it could play it; else `image` itself.

    Manifests of batches know A2 models by the hash of this.
    """
    _, *rate_and_levels, count, metadata_bytes, _ = _header_of(image)
    network_start = model_image.prefix.size + model_image.header.size
    record_start = network_start + count * model_image.network.size
    networks: list[bytes] = []
    weights: list[bytes] = []
    entries = model_image.network.iter_unpack(image[network_start:record_start])
    for max_value, loudness_db in entries:
        head = model_image.record_head.unpack_from(image, record_start)
        tag, _, record_bytes, weight_count, _, _ = head
        if tag != a2.tag:
            return image
        config_start = record_start + model_image.record_head.size
        (width,) = a2.config_layout.unpack_from(image, config_start)
        weights_start = config_start + model_image.alignment
        networks.append(
            _network.pack(max_value, loudness_db, _architecture_a2, width, weight_count)
        )
        weights.append(image[weights_start : weights_start + 4 * weight_count])
        record_start += record_bytes
    return model_image.assemble(
        _version,
        rate_and_levels,
        count,
        [*networks, *weights],
        image[len(image) - metadata_bytes :],
    )


def _header_of(image: bytes) -> tuple[int, float, float, float, int, int, int]:
    return model_image.header.unpack_from(image, model_image.prefix.size)
