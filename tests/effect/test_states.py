# SPDX-License-Identifier: MIT
"""The state: what is not one is refused with a reason, and the old model plays on."""

from __future__ import annotations

import math
import random
import struct
import zlib

import nam_factory
import numpy as np
import pytest
from pedalboard import VST3Plugin
from playing import assert_same_bits, noise

from pedalboard_nam import Model, ModelError, NeuralAmp, render
from pedalboard_nam.effect import effect_state, vstpreset
from pedalboard_nam.effect.neural_amp import bundle_path
from pedalboard_nam.nam import old_model_image
from pedalboard_nam.settings import Settings

RATE = 48000
LEVELS = {"loudness": -25.0, "input_level_dbu": 14.5, "output_level_dbu": 9.0}
SETTINGS = {"size": "lite", "input_gain_db": 1.5, "output_mode": "normalized"}

# Of a state: where its fields are, and how they lie.
HEADER_BYTES = 56
VERSION, CHECKSUM, BYTES, GAIN, REFUSAL_BYTES, SETTING_COUNT, RESERVED, IMAGE_BYTES = (
    (8, "I"),
    (12, "I"),
    (16, "Q"),
    (24, "f"),
    (36, "I"),
    (40, "I"),
    (44, "I"),
    (48, "Q"),
)
ENTRY = struct.Struct("<24sd")


@pytest.fixture(scope="module")
def amp():
    return NeuralAmp(Model.load(nam_factory.container()), **SETTINGS)


@pytest.fixture(scope="module")
def state(amp):
    return vstpreset.read(amp.preset_data)[1]


@pytest.fixture(scope="module")
def wet(amp):
    return amp(noise(1000), RATE)


def _preset(state: bytes) -> bytes:
    return vstpreset.write(effect_state.class_id, state)


def _sealed(state: bytes, image: bytes) -> bytes:
    """With a length and a checksum that are right."""
    sealed = bytearray(state)
    struct.pack_into("<Q", sealed, 16, len(sealed))
    struct.pack_into("<I", sealed, 12, zlib.crc32(sealed[16 : len(sealed) - len(image)]))
    return bytes(sealed)


def _header_end(state: bytes) -> int:
    return len(state) - struct.unpack_from("<Q", state, IMAGE_BYTES[0])[0]


def _with(state: bytes, field: tuple[int, str], value: float, checksum: bool = True) -> bytes:
    changed, end = bytearray(state), _header_end(state)
    struct.pack_into("<" + field[1], changed, field[0], value)
    if checksum:
        struct.pack_into("<I", changed, 12, zlib.crc32(changed[16:end]))
    return bytes(changed)


def _with_setting(state: bytes, name: str, value: float) -> bytes:
    """The state with this setting only."""
    image = state[_header_end(state) :]
    header = bytearray(state[:HEADER_BYTES])
    struct.pack_into("<I", header, SETTING_COUNT[0], 1)
    return _sealed(bytes(header) + ENTRY.pack(name.encode(), value) + image, image)


def _version_1(image: bytes, **fields: float) -> bytes:
    """A state as release 0.1.0 wrote it."""
    values = {
        "size": 1.0,
        "target_loudness_db": -18.0,
        "interface_level_dbu": math.nan,
        "output_mode": 0,
        "input_gain": 0.5,
        "output_gain": 0.5,
        "refusal_kind": 0,
        "refusal_bytes": 0,
        "zero": 0,
        "image_bytes": len(image),
    } | fields
    assert len(values) == 10
    header = struct.pack("<8sIIQdddIffIIIQ", b"NAMSTATE", 1, 0, 0, *values.values())
    return _sealed(header + image, image)


def test_the_effect_writes_what_python_writes(amp, state):
    assert effect_state.write(effect_state.read(state)) == state
    assert effect_state.read(state).model == amp.model


def test_a_state_of_the_first_release_is_read(amp, wet):
    state = _version_1(amp.model.to_bytes(), size=0.0, output_mode=1, input_gain=0.515)
    other = NeuralAmp(nam_factory.lite(seed=5), interface_level_dbu=None)
    other.preset_data = _preset(state)
    assert other.model == amp.model
    assert {name: getattr(other, name) for name in SETTINGS} == SETTINGS
    assert_same_bits(other(noise(1000), RATE), wet)
    assert other.preset_data == amp.preset_data  # which is of this release


def test_every_setting_of_the_first_release_is_read():
    model = Model.load(nam_factory.container(metadata=LEVELS))
    state = _version_1(
        model.to_bytes(),
        size=0.25,
        target_loudness_db=-20.5,
        interface_level_dbu=12.5,
        output_mode=2,
        input_gain=0.531,
        output_gain=0.4398,
    )
    settings = {
        "size": 0.25,
        "input_gain_db": 3.1,
        "output_gain_db": -6.02,
        "output_mode": "calibrated",
        "target_loudness_db": -20.5,
        "interface_level_dbu": 12.5,
    }
    assert effect_state.read(state).settings == Settings(**settings)
    amp, audio = NeuralAmp(model), noise(1000)
    amp.preset_data = _preset(state)
    assert {name: getattr(amp, name) for name in settings} == settings
    assert_same_bits(amp(audio, RATE), render(model, audio, RATE, **settings))


@pytest.mark.parametrize("container", ["preset_data", "raw_state"])
def test_a_state_makes_another_instance_the_same(amp, wet, container):
    other = NeuralAmp(nam_factory.lite(seed=5), output_gain_db=-9.0)
    setattr(other, container, getattr(amp, container))
    assert other.model == amp.model
    assert {name: getattr(other, name) for name in SETTINGS} == SETTINGS
    assert other.output_gain_db == 0.0
    assert_same_bits(other(noise(1000), RATE), wet)


def test_a_preset_file_is_loaded(amp, wet, tmp_path):
    path = tmp_path / "amp.vstpreset"
    path.write_bytes(amp.preset_data)
    for other in (NeuralAmp(nam_factory.lite(seed=5)), VST3Plugin(bundle_path())):
        other.load_preset(str(path))
        assert_same_bits(other(noise(1000), RATE), wet)


def test_a_preset_file_that_is_damaged_is_named(amp, tmp_path):
    path = tmp_path / "amp.vstpreset"
    path.write_bytes(amp.preset_data[:-9])
    with pytest.raises(ValueError, match=r"amp\.vstpreset: damaged \.vstpreset: "):
        NeuralAmp(amp.model).load_preset(path)


def test_a_state_overrules_a_gain_that_was_set_just_before(amp, wet):
    plain = VST3Plugin(bundle_path())
    plain.input_gain_db = 20.0
    plain.preset_data = amp.preset_data
    assert plain.input_gain_db == 1.5
    assert_same_bits(plain(noise(1000), RATE), wet)


BAD_STATES = {
    "empty": (lambda s: b"", "NAMSTATE"),
    "cut off in the header": (lambda s: s[:50], "NAMSTATE"),
    "cut off in the model": (lambda s: s[:-1], "bytes and says"),
    "too long": (lambda s: s + b"\0", "bytes and says"),
    "foreign": (lambda s: b"VC2!" + s[4:], "NAMSTATE"),
    "of another version": (
        lambda s: _with(s, VERSION, 3),
        "version 3; this release reads versions 1 and 2",
    ),
    "with a flipped bit": (lambda s: _with(s, GAIN, 0.25, checksum=False), "checksum"),
    "of a gigabyte, it says": (lambda s: _with(s, BYTES, 1 << 30), "bytes and says"),
    "with a model of a gigabyte": (lambda s: _with(s, IMAGE_BYTES, 1 << 30), "do not add up"),
    "with a refusal of a gigabyte": (lambda s: _with(s, REFUSAL_BYTES, 1 << 30), "do not add up"),
    "with a billion settings": (lambda s: _with(s, SETTING_COUNT, 1 << 30), "do not add up"),
    "with lengths that overflow": (
        lambda s: _with(_with(s, REFUSAL_BYTES, 1), IMAGE_BYTES, (1 << 64) - 1),
        "do not add up",
    ),
    "with a mode that is none": (lambda s: _with_setting(s, "output_mode", 3), "output_mode 3"),
    "of a later release": (
        lambda s: _with_setting(s, "oversampling", 4),
        "oversampling, which this release does not know: a later one wrote it",
    ),
    "with a gain that is NaN": (lambda s: _with(s, GAIN, float("nan")), "gain"),
    "with a reserved field": (lambda s: _with(s, RESERVED, 1), "reserved"),
    "of the first release, with a flipped bit": (
        lambda s: _version_1(b"")[:24] + b"\1" + _version_1(b"")[25:],
        "checksum",
    ),
    "of the first release, with a mode that is none": (
        lambda s: _version_1(b"", output_mode=3),
        "output_mode 3",
    ),
    "of the first release, with a gain that is NaN": (
        lambda s: _version_1(b"", input_gain=math.nan),
        "gain",
    ),
    "of the first release, with a reserved field": (
        lambda s: _version_1(b"", zero=1),
        "reserved",
    ),
    "of the first release, with lengths that overflow": (
        lambda s: _version_1(b"", refusal_bytes=1, image_bytes=(1 << 64) - 1),
        "do not add up",
    ),
    "with a damaged model": (lambda s: s[:-1] + bytes([s[-1] ^ 1]), "model image: is damaged"),
    "larger than any": (lambda s: s + bytes(20 << 20), "bytes and says"),
}


@pytest.mark.parametrize("name", BAD_STATES)
def test_a_bad_state_is_refused_with_a_reason(amp, state, wet, name):
    spoil, reason = BAD_STATES[name]
    with pytest.raises(ModelError, match=reason):
        amp.preset_data = _preset(spoil(state))
    assert {name: getattr(amp, name) for name in SETTINGS} == SETTINGS
    assert vstpreset.read(amp.preset_data)[1].endswith(amp.model.to_bytes())
    assert_same_bits(amp(noise(1000), RATE), wet)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", 1.5),
        ("size", math.nan),
        ("target_loudness_db", 1.0),
        ("interface_level_dbu", 99.0),
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_a_setting_out_of_range_is_a_value_error(amp, state, wet, version, name, value):
    old = _version_1(amp.model.to_bytes(), **{name: value})
    bad = old if version == 1 else _with_setting(state, name, value)
    with pytest.raises(ValueError, match=name) as caught:
        amp.preset_data = _preset(bad)
    assert caught.type is ValueError
    assert_same_bits(amp(noise(1000), RATE), wet)


def test_a_reason_is_told_once(amp, state):
    plain = VST3Plugin(bundle_path())
    plain.preset_data = amp.preset_data
    with pytest.raises(RuntimeError):
        plain.preset_data = _preset(state[:50])
    assert b"NAMSTATE" in plain.preset_data.split(b"state: ")[1]
    assert vstpreset.read(plain.preset_data)[1] == state
    with pytest.raises(ModelError):
        amp.preset_data = _preset(b"")
    assert vstpreset.read(amp.preset_data)[1] == state


def test_a_state_with_a_reason_in_it_can_be_set(amp, state, wet):
    plain, other = VST3Plugin(bundle_path()), VST3Plugin(bundle_path())
    plain.preset_data = amp.preset_data
    with pytest.raises(RuntimeError):
        plain.preset_data = _preset(b"")
    with_reason = plain.preset_data
    assert len(with_reason) > len(amp.preset_data)
    other.preset_data = with_reason
    assert_same_bits(other(noise(1000), RATE), wet)


def test_a_state_without_a_model_is_not_for_a_neural_amp(amp, wet):
    with pytest.raises(ModelError, match="no model"):
        amp.preset_data = VST3Plugin(bundle_path()).preset_data
    assert_same_bits(amp(noise(1000), RATE), wet)


@pytest.mark.parametrize("container", ["preset_data", "raw_state"])
def test_a_refused_state_changes_no_gain_that_was_set_since(container):
    amp = NeuralAmp(nam_factory.lite())
    amp.input_gain_db = 6.0
    with pytest.raises(ModelError, match="no model"):
        setattr(amp, container, getattr(VST3Plugin(bundle_path()), container))
    audio = noise(1000)
    assert amp.input_gain_db == 6.0
    assert_same_bits(amp(audio, RATE), render(amp.model, audio, RATE, input_gain_db=6.0))


@pytest.mark.parametrize("container", ["preset_data", "raw_state"])
def test_a_model_that_python_cannot_show_is_not_played(container):
    """Its image is good, but for metadata that `Model` did not write."""
    old, new = Model.load(nam_factory.lite(1)), Model.load(nam_factory.lite(2))
    image = bytearray(new.to_bytes())
    metadata_bytes = struct.unpack_from("<I", image, 52)[0]
    image[-metadata_bytes:] = b"x" * metadata_bytes
    struct.pack_into("<I", image, 12, zlib.crc32(image[16:]))
    amp, plain = NeuralAmp(old), VST3Plugin(bundle_path())
    state = vstpreset.read(NeuralAmp(new).preset_data)[1]
    plain.preset_data = _preset(state[: _header_end(state)] + image)
    with pytest.raises(ModelError, match="metadata"):
        setattr(amp, container, getattr(plain, container))
    assert amp.model == old
    assert_same_bits(amp(noise(1000), RATE), render(old, noise(1000), RATE))


def test_a_raw_state_that_is_none_is_refused(amp, wet):
    good = amp.raw_state
    for bad in (b"", b"garbage", good[:-100], good[:200], good[:-1]):
        with pytest.raises(ModelError, match="raw_state"):
            amp.raw_state = bad
    amp.raw_state = good  # what it is already
    assert_same_bits(amp(noise(1000), RATE), wet)


def test_a_raw_state_that_the_effect_refuses_says_why(amp, wet):
    good = amp.raw_state
    letter = len(good) // 2
    other = b"A" if good[letter : letter + 1] != b"A" else b"B"
    with pytest.raises(ModelError, match="damaged"):
        amp.raw_state = good[:letter] + other + good[letter + 1 :]
    assert_same_bits(amp(noise(1000), RATE), wet)


@pytest.mark.parametrize(
    "preset", [b"", b"VST3", b"RIFF" + bytes(100), vstpreset.write("0" * 32, b"x")]
)
def test_what_is_not_a_preset_of_ours_is_refused(amp, wet, preset):
    with pytest.raises(ValueError, match="vstpreset"):
        amp.preset_data = preset
    assert_same_bits(amp(noise(1000), RATE), wet)


@pytest.mark.parametrize("container", ["preset_data", "raw_state"])
def test_random_damage_never_changes_the_sound(amp, wet, container):
    """In the plug-in itself, past the checks in Python, which are the first to look."""
    random_bits = random.Random(1)
    plain = VST3Plugin(bundle_path())
    plain.preset_data = amp.preset_data
    good = getattr(plain, container)
    for _ in range(300):
        damaged = bytearray(good)
        for _ in range(random_bits.randint(1, 4)):
            damaged[random_bits.randrange(len(good))] ^= 1 << random_bits.randrange(8)
        try:
            setattr(plain, container, bytes(damaged))
        except RuntimeError:
            continue
    assert_same_bits(plain(noise(1000), RATE), wet)


def test_a_vstpreset_is_read_as_written():
    assert vstpreset.read(vstpreset.write("AB" * 16, b"state")) == ("AB" * 16, b"state")


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"RIFF" + bytes(60),
        vstpreset.write("AB" * 16, b"state")[:-1],
        vstpreset.write("AB" * 16, b"state")[:55],
        vstpreset.write("AB" * 16, b"state").replace(b"Comp", b"Cont"),
        vstpreset.write("AB" * 16, b"state").replace(b"List", b"Lost"),
        vstpreset.write("AB" * 16, b"state")[:-8] + struct.pack("<q", 1 << 30),
    ],
)
def test_a_damaged_vstpreset_is_refused(damaged):
    with pytest.raises(ValueError, match="vstpreset"):
        vstpreset.read(damaged)


@pytest.mark.parametrize("container", ["preset_data", "raw_state"])
def test_after_a_state_of_the_first_release_a_change_fades_as_ever(amp, container):
    """The model in it is known again: a change of level is a ramp of one wave, not of two."""
    model = Model.load(nam_factory.lite(metadata=LEVELS))
    current = NeuralAmp(model, output_mode="normalized")
    old = NeuralAmp(model, output_mode="normalized")
    image = old_model_image.release_0_1(model.to_bytes())
    assert image != model.to_bytes()
    if container == "preset_data":
        old.preset_data = _preset(_version_1(image, output_mode=1))
    else:
        donor = NeuralAmp(model)
        donor._set_component(_version_1(image, output_mode=1))
        old.raw_state = donor.raw_state
    audio = noise(4000)
    found, expected = [], []
    for effect, played in ((old, found), (current, expected)):
        played.append(effect(audio[:2000], RATE))
        effect.target_loudness_db = -30.0
        played.append(effect(audio[2000:], RATE, reset=False))
    assert_same_bits(np.concatenate(found), np.concatenate(expected))
