# SPDX-License-Identifier: MIT
"""The model image, byte for byte, and that the core reads it and refuses what is damaged."""

from __future__ import annotations

import json
import math
import struct
import zlib

import nam_factory
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pedalboard_nam import ModelError
from pedalboard_nam._core import Model as CoreModel
from pedalboard_nam.nam import container, fields, model_image, nam_file


def _image(tree=None) -> bytes:
    return model_image.write(nam_file.load(tree or nam_factory.container()))


def test_header():
    image = _image()
    magic, version, crc, size, rate, input_level, output_level, sizes, metadata, zero = (
        struct.unpack_from("<8sIIQdddIIQ", image)
    )
    assert (magic, version) == (b"NAMIMAGE", 1)
    assert crc == zlib.crc32(image[16:])
    assert size == len(image) == 64 + 2 * 32 + (1871 + 12146) * 4 + metadata
    assert (rate, input_level, sizes, zero) == (48000.0, 12.5, 2, 0)
    assert math.isnan(output_level)


def test_size_records():
    tree = nam_factory.container()
    tree["config"]["submodels"][0]["model"]["metadata"] = None
    image = _image(tree)
    lite = struct.unpack_from("<ddIIQ", image, 64)
    full = struct.unpack_from("<ddIIQ", image, 96)
    assert (lite[0], *lite[2:]) == (0.5, 1, 3, 1871)
    assert math.isnan(lite[1])
    assert full == (1.0, -19.8, 1, 8, 12146)


def test_weights_follow_in_order():
    tree = nam_factory.container()
    expected = [w for entry in tree["config"]["submodels"] for w in entry["model"]["weights"]]
    found = np.frombuffer(_image(tree), "<f4", len(expected), 128)
    np.testing.assert_array_equal(found, np.float32(expected))


def test_metadata_is_canonical_json_at_the_end():
    tree = nam_factory.container(
        metadata={"name": "Plexi ü", "b": [1, None], "a": {"d": 1, "c": 2}}
    )
    assert _image(tree).endswith(
        '{"metadata":{"a":{"c":2,"d":1},"b":[1,null],"name":"Plexi ü"},'
        '"name":"Plexi ü","version":"0.7.0"}'.encode()
    )


def test_equal_models_give_equal_bytes():
    tree = nam_factory.container()
    shuffled = dict(reversed(tree.items()))
    shuffled["metadata"] = dict(reversed(tree["metadata"].items()))
    assert _image(shuffled) == _image(tree)
    assert _image(json.loads(json.dumps(tree, indent=4))) == _image(tree)
    assert _image(nam_factory.container(seed=1)) != _image(tree)


def test_the_core_reads_it_back():
    core = CoreModel(_image())
    assert core.sample_rate == 48000.0
    assert core.input_level_dbu == 12.5
    assert core.output_level_dbu is None
    assert core.receptive_field == 6347
    assert json.loads(core.metadata)["name"] == "Factory amp"
    sizes = [(s.max_value, s.loudness_db, s.channels, s.weight_count) for s in core.sizes]
    assert sizes == [(0.5, -19.3, 3, 1871), (1.0, -19.8, 8, 12146)]


@pytest.mark.parametrize(
    "sample_rate", [fields.min_sample_rate_hz, 44100, nam_file.max_sample_rate_hz]
)
def test_the_core_takes_every_sample_rate_that_a_file_may_have(sample_rate):
    core = CoreModel(_image(nam_factory.lite(sample_rate=sample_rate)))
    assert core.sample_rate == sample_rate


def test_the_core_takes_as_many_sizes_as_a_file_may_have():
    entries = [(i / 15, nam_factory.lite(i)) for i in range(container.max_sizes)]
    assert len(CoreModel(_image(nam_factory.wrap(entries))).sizes) == container.max_sizes


@pytest.mark.parametrize("length", [0, 1, 8, 63, 64, 127, 5000, -1])
def test_a_shortened_image_is_refused(length):
    with pytest.raises(ModelError):
        CoreModel(_image()[:length])


_lite_image = _image(nam_factory.lite())


@settings(max_examples=100, deadline=None)
@given(position=st.integers(0, len(_lite_image) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed(position, bit):
    damaged = bytearray(_lite_image)
    damaged[position] ^= 1 << bit
    with pytest.raises(ModelError):
        CoreModel(bytes(damaged))


def _signed(image: bytearray) -> bytes:
    """With a size and a checksum that are right, so that the fields behind them are read."""
    struct.pack_into("<Q", image, 16, len(image))
    struct.pack_into("<I", image, 12, zlib.crc32(image[16:]))
    return bytes(image)


nan, inf = math.nan, math.inf


@pytest.mark.parametrize(
    ("field", "offset", "value", "words"),
    [
        ("<I", 8, 2, "version 2; this release reads version 1"),
        ("<d", 24, 7999.0, "sample rate 7999 Hz; accepted are 8000 to 384000"),
        ("<d", 24, nan, "sample rate nan"),
        ("<d", 32, 201.0, "input_level_dbu is 201; accepted are -200 to 200"),
        ("<d", 40, -inf, "output_level_dbu is -inf"),
        ("<I", 48, 0, "0 sizes; accepted are 1 to 16"),
        ("<I", 48, 17, "17 sizes"),
        ("<I", 52, 1 << 30, "1073741824 bytes of metadata"),
        ("<I", 52, 0, "bytes follow its end"),
        ("<Q", 56, 1, "reserved field"),
        ("<d", 64, nan, "max_value is not a finite number"),
        ("<d", 64, 1.0, "max_value of size 1 is not above"),
        ("<d", 96, 0.9, "max_value of the last size is below 1.0"),
        ("<d", 72, 1e9, "loudness_db is 1000000000"),
        ("<I", 80, 2, "architecture 2; accepted is 1"),
        ("<I", 84, 8, "1871 weights for 8 channels; accepted are 12146"),
        ("<I", 84, 0x80000003, "channels; accepted are 3 and 8"),
        ("<Q", 88, 1 << 62, "weights for 3 channels; accepted are 1871"),
        ("<f", 128, nan, "a weight is not a finite number"),
        ("<f", 128 + 4 * 14016, inf, "a weight is not a finite number"),
    ],
)
def test_every_field_is_checked(field, offset, value, words):
    image = bytearray(_image())
    struct.pack_into(field, image, offset, value)
    with pytest.raises(ModelError) as error:
        CoreModel(_signed(image))
    assert words in str(error.value)


@given(st.data())
def test_signed_nonsense_is_refused_or_plays(data):
    image = bytearray(_image())[: data.draw(st.integers(64, 2000))]
    for _ in range(data.draw(st.integers(0, 5))):
        image[data.draw(st.integers(20, len(image) - 1))] = data.draw(st.integers(0, 255))
    with pytest.raises(ModelError):
        CoreModel(_signed(image))
