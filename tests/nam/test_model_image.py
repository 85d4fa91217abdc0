# SPDX-License-Identifier: MIT
"""The model image, byte for byte, and that the core reads it and refuses what is damaged."""

from __future__ import annotations

import json
import math
import struct
import zlib
from hashlib import sha256

import nam_factory
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lstm_factory import lstm
from sequential_factory import sequential
from wavenet_factory import array, wavenet

from pedalboard_nam import Model, ModelError, _core
from pedalboard_nam._core import Model as CoreModel
from pedalboard_nam.nam import a2, fields, limits, model_image, nam_file, old_model_image
from pedalboard_nam.settings import Settings

# Where the records of the factory's container lie.
LITE = 64 + 2 * 16
FULL = LITE + 48 + 1871 * 4 + 4


def _lite_record() -> bytes:
    return model_image.record_bytes(a2.record(3, np.zeros(1871, np.float32)))


def _image(tree=None) -> bytes:
    return model_image.write(nam_file.load(tree or nam_factory.container()))


def _v1(tree=None) -> bytes:
    return old_model_image.release_0_1(_image(tree))


def test_header():
    image = _image()
    magic, version, crc, size, rate, input_level, output_level, sizes, metadata, zero = (
        struct.unpack_from("<8sIIQdddIIQ", image)
    )
    assert (magic, version) == (b"NAMIMAGE", 2)
    assert crc == zlib.crc32(image[16:])
    assert size == len(image) == FULL + 48 + 12146 * 4 + 8 + metadata
    assert (rate, input_level, sizes, zero) == (48000.0, 12.5, 2, 0)
    assert math.isnan(output_level)


def test_networks_and_their_records():
    tree = nam_factory.container()
    tree["config"]["submodels"][0]["model"]["metadata"] = None
    image = _image(tree)
    lite = struct.unpack_from("<dd", image, 64)
    full = struct.unpack_from("<dd", image, 80)
    assert lite[0] == 0.5
    assert math.isnan(lite[1])
    assert full == (1.0, -19.8)
    record = "<4sIQQIII12x"
    assert struct.unpack_from(record, image, LITE) == (b"A2\0\0", 4, FULL - LITE, 1871, 0, 0, 3)
    full_bytes = 48 + 12146 * 4 + 8
    assert struct.unpack_from(record, image, FULL) == (b"A2\0\0", 4, full_bytes, 12146, 0, 0, 8)


def test_weights_lie_in_order():
    tree = nam_factory.container()
    image = _image(tree)
    for start, entry in zip((LITE, FULL), tree["config"]["submodels"], strict=True):
        expected = entry["model"]["weights"]
        found = np.frombuffer(image, "<f4", len(expected), start + 48)
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
    assert json.loads(core.metadata)["name"] == "Factory amp"
    lite, full = core.networks
    assert (lite.max_value, lite.label, lite.width, lite.weight_count) == (0.5, "lite", 3, 1871)
    assert (full.max_value, full.label, full.width, full.weight_count) == (1.0, "full", 8, 12146)
    assert (lite.loudness_db, full.loudness_db) == (-19.3, -19.8)
    assert (lite.multiply_adds, lite.activations) == (1722, 69)
    assert (full.multiply_adds, full.activations) == (11712, 184)
    assert {(network.lookback, network.settle) for network in core.networks} == {(6346, 6347)}


@pytest.mark.parametrize(
    "sample_rate", [fields.min_sample_rate_hz, 44100, fields.max_sample_rate_hz]
)
def test_the_core_takes_every_sample_rate_that_a_file_may_have(sample_rate):
    core = CoreModel(_image(nam_factory.lite(sample_rate=sample_rate)))
    assert core.sample_rate == sample_rate


def test_the_core_takes_as_many_sizes_as_a_file_may_have():
    entries = [(i / 63, nam_factory.lite(i)) for i in range(limits.max_sizes)]
    assert len(CoreModel(_image(nam_factory.wrap(entries))).networks) == limits.max_sizes


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
        ("<I", 8, 3, "version 3; this release reads versions 1 and 2"),
        ("<d", 24, 7999.0, "sample rate 7999 Hz; accepted are 8000 to 384000"),
        ("<d", 24, nan, "sample rate nan"),
        ("<d", 32, 201.0, "input_level_dbu is 201; accepted are -200 to 200"),
        ("<d", 40, -inf, "output_level_dbu is -inf"),
        ("<I", 48, 0, "0 sizes; accepted are 1 to 64"),
        ("<I", 48, 65, "65 sizes"),
        ("<I", 52, 1 << 30, "1073741824 bytes of metadata"),
        ("<I", 52, 0, "bytes follow its end"),
        ("<Q", 56, 1, "reserved field"),
        ("<d", 64, nan, "max_value is not a finite number"),
        ("<d", 64, 1.0, "max_value of size 1 is not above"),
        ("<d", 80, 0.9, "max_value of the last size is below 1.0"),
        ("<d", 72, 1e9, "loudness_db is 1000000000"),
        ("<I", LITE, 2, "unknown kind 2; accepted are A2"),
        ("<I", LITE + 4, 5, "A2 has 5 bytes of config; accepted are 4"),
        ("<I", LITE + 4, 1 << 31, "ends early"),
        ("<Q", LITE + 8, 16, "a record of 16 bytes; accepted are multiples of 16 from 32 on"),
        ("<Q", LITE + 8, FULL - LITE + 8, "accepted are multiples of 16"),
        ("<Q", LITE + 8, 1 << 62, "ends early"),
        ("<Q", LITE + 16, 1872, "1872 weights for 3 channels; accepted are 1871"),
        ("<Q", LITE + 16, 1 << 62, "ends early"),
        ("<Q", LITE + 16, 1868, "16 bytes of a record are more than it says"),
        ("<I", LITE + 24, 1, "ends early"),
        ("<I", LITE + 28, 1, "the reserved field of a record"),
        ("<I", LITE + 32, 8, "1871 weights for 8 channels; accepted are 12146"),
        ("<I", LITE + 32, 0x80000003, "channels; accepted are 3 and 8"),
        ("<I", LITE + 36, 1, "padding is not zero"),
        ("<I", FULL - 4, 1, "padding is not zero"),
        ("<f", LITE + 48, nan, "a weight is not a finite number"),
        ("<f", FULL + 48 + 4 * 12145, inf, "a weight is not a finite number"),
    ],
)
def test_every_field_is_checked(field, offset, value, words):
    image = bytearray(_image())
    struct.pack_into(field, image, offset, value)
    with pytest.raises(ModelError) as error:
        CoreModel(_signed(image))
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("field", "offset", "value", "words"),
    [
        ("<d", 64, 1.0, "max_value of size 1 is not above"),
        ("<d", 96, 0.9, "max_value of the last size is below 1.0"),
        ("<d", 72, 1e9, "loudness_db is 1000000000"),
        ("<I", 80, 2, "architecture 2; accepted is 1"),
        ("<I", 84, 8, "1871 weights for 8 channels; accepted are 12146"),
        ("<I", 84, 0x80000003, "channels; accepted are 3 and 8"),
        ("<Q", 88, 1 << 62, "ends early"),
        ("<Q", 88, 1870, "bytes follow its end"),
        ("<f", 128, nan, "a weight is not a finite number"),
        ("<f", 128 + 4 * 14016, inf, "a weight is not a finite number"),
    ],
)
def test_every_field_of_version_1_is_checked(field, offset, value, words):
    image = bytearray(_v1())
    struct.pack_into(field, image, offset, value)
    for read in (CoreModel, Model.from_bytes):
        with pytest.raises(ModelError) as error:
            read(_signed(image))
        assert words in str(error.value)


def _record(*children: bytes) -> bytes:
    body = b"".join(children)
    return struct.pack("<4sIQQII", b"A2", 0, 32 + len(body), 0, len(children), 0) + body


def _nested(depth: int) -> bytes:
    return _record(_nested(depth - 1)) if depth > 1 else _record()


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (_nested(8), "A2 has 0 bytes of config"),
        (_nested(9), "records more than 8 deep"),
        (_record(*[_record()] * 63), "A2 has 0 bytes of config"),
        (_record(*[_record()] * 256), "more than 256 records"),
        (_lite_record(), "bytes follow its end"),
    ],
)
def test_records_within_records(record, words):
    head = _image()[:64] + struct.pack("<dd", 1.0, nan)
    image = bytearray(head + record + b"{}")
    struct.pack_into("<I", image, 48, 1)
    struct.pack_into("<I", image, 52, 2 if "follow" not in words else 1)
    with pytest.raises(ModelError, match=words):
        CoreModel(_signed(image))


def test_a2_holds_no_other_networks():
    lite = bytearray(_lite_record() + _record())
    struct.pack_into("<Q", lite, 8, len(lite))
    struct.pack_into("<I", lite, 24, 1)
    image = bytearray(_image()[:64] + struct.pack("<dd", 1.0, nan) + lite + b"{}")
    struct.pack_into("<II", image, 48, 1, 2)
    with pytest.raises(ModelError, match="A2 holds other networks; accepted are none"):
        CoreModel(_signed(image))


# The sha256 of images that release 0.1.0 wrote begins so: manifests of its batches have them.
@pytest.mark.parametrize(
    ("tree", "digest"),
    [
        (
            nam_factory.container(),
            "5ddd3757dcab644c",
        ),
        (
            nam_factory.lite(3, sample_rate=44100),
            "009dae83901fe9e3",
        ),
        (nam_factory.nested(5), "a127e67a21af6663"),
    ],
)
def test_what_release_0_1_wrote_is_known(tree, digest):
    image = old_model_image.release_0_1(_image(tree))
    assert sha256(image).hexdigest().startswith(digest)
    assert old_model_image.upgraded(image) == _image(tree)
    assert Model.from_bytes(image) == Model.load(tree)
    assert Model.from_bytes(image).to_bytes() == _image(tree)


def test_an_image_of_version_1_plays_the_same():
    audio = np.random.default_rng(0).uniform(-1, 1, 1000).astype(np.float32)
    outputs = []
    for image in (_image(), _v1()):
        wet = np.zeros((1, 1000), np.float32)
        settings = Settings().core()
        _core.Stream(CoreModel(image), 48000, 1, settings).process(audio[None], wet)
        outputs.append(wet)
    np.testing.assert_array_equal(*outputs)


@given(st.data())
def test_signed_nonsense_is_refused_or_plays(data):
    image = bytearray(_image())[: data.draw(st.integers(64, 2000))]
    for _ in range(data.draw(st.integers(0, 5))):
        image[data.draw(st.integers(20, len(image) - 1))] = data.draw(st.integers(0, 255))
    with pytest.raises(ModelError):
        CoreModel(_signed(image))


def test_the_shape_of_a_network_is_all_but_its_weights():
    def shape(tree, index=0):
        return model_image.shape(Model.load(tree).to_bytes(), index)

    def activated(name):
        return wavenet(array(activation=name))

    first, second = (sequential(lstm(1, 3, seed=seed), lstm(2, 3)) for seed in (0, 1))
    assert shape(first) == shape(second)
    assert shape(first) != shape(sequential(lstm(2, 3), lstm(1, 3)))
    assert shape(nam_factory.wrap([(0.5, nam_factory.lite()), (1.0, first)]), 1) == shape(first)
    assert shape(activated("Tanh")) != shape(activated("ReLU"))
