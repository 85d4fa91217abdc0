# SPDX-License-Identifier: MIT
"""Size, gains, loudness and calibration: what each setting does, and where its limits are."""

from __future__ import annotations

import math

import nam_factory
import numpy as np
import pytest
from playing import RECEPTIVE_FIELD, assert_same_bits, noise, play
from setting_values import other_settings
from special_models import wire

from pedalboard_nam import Model, Stream, render

METADATA = {"loudness": -25.0, "input_level_dbu": 14.5, "output_level_dbu": 9.0}
EVERY_SETTING = other_settings() | {"output_mode": "calibrated"}


def _linear(db: float) -> float:
    return 10 ** (db / 20)


def _measured_gains_db(**settings) -> tuple[float, float]:
    """Gain before and after a model that adds 0.5 to what it gets."""
    stream = Stream(wire(offset=0.5, metadata=METADATA), **settings)
    silence, ones = stream.process(np.zeros(1)), stream.process(np.ones(1))
    output = float(silence[0]) / 0.5
    whole = float(ones[0] - silence[0])
    return 20 * math.log10(whole / output), 20 * math.log10(output)


@pytest.mark.parametrize(
    ("settings", "input_db", "output_db"),
    [
        ({}, 0, 0),
        ({"input_gain_db": 3.5, "output_gain_db": -7}, 3.5, -7),
        ({"input_gain_db": 50, "output_gain_db": -50}, 50, -50),
        # The model was captured at 14.5 dBu for full scale; at an interface of 12 dBu the same
        # amplitude is 2.5 dB less voltage.
        ({"interface_level_dbu": 12}, -2.5, 0),
        ({"interface_level_dbu": 12, "input_gain_db": 1, "output_gain_db": 2}, -1.5, 2),
        # The model's loudness is -25 dB.
        ({"output_mode": "normalized"}, 0, 7),
        ({"output_mode": "normalized", "target_loudness_db": -30, "output_gain_db": 1}, 0, -4),
        ({"output_mode": "normalized", "interface_level_dbu": 12}, -2.5, 7),
        # Full scale of the model's output was 9 dBu, which is 3 dB less than 12.
        ({"output_mode": "calibrated", "interface_level_dbu": 12}, -2.5, -3),
        ({"output_mode": "calibrated", "interface_level_dbu": 9, "output_gain_db": 4}, -5.5, 4),
        # Targets that the mode has no use for.
        ({"target_loudness_db": -40}, 0, 0),
        (
            {"output_mode": "calibrated", "interface_level_dbu": 12, "target_loudness_db": -40},
            -2.5,
            -3,
        ),
    ],
)
def test_gains_add_up(settings, input_db, output_db):
    found = _measured_gains_db(**settings)
    assert found == pytest.approx((input_db, output_db), abs=1e-4)


def test_render_takes_the_same_settings():
    model, audio = wire(offset=0.5, metadata=METADATA), noise(500)
    assert_same_bits(
        render(model, audio, 48000, **EVERY_SETTING), play(model, audio, **EVERY_SETTING)
    )


def test_normalized_uses_the_loudness_of_the_size_that_plays():
    lite = nam_factory.lite(metadata={"loudness": -20.0})
    full = nam_factory.full(metadata={"loudness": -26.0})
    model = Model.load(nam_factory.wrap([(0.5, lite), (1.0, full)]))
    for size, gain_db in (("lite", 2.0), ("full", 8.0)):
        raw = play(model, noise(1000), size=size)
        normalized = play(model, noise(1000), size=size, output_mode="normalized")
        np.testing.assert_allclose(normalized, raw * _linear(gain_db), rtol=1e-5)


@pytest.mark.parametrize(
    ("size", "network"), [("lite", 0), (0, 0), (0.49, 0), (0.5, 1), (1, 1), ("full", 1)]
)
def test_size_selects_the_network(size, network):
    networks = nam_factory.lite(), nam_factory.full()
    model = Model.load(nam_factory.wrap([(0.5, networks[0]), (1.0, networks[1])]))
    expected = play(Model.load(networks[network]), noise(1000))
    assert_same_bits(play(model, noise(1000), size=size), expected)


# --- Changes while playing ------------------------------------------------------------------------


@pytest.mark.parametrize("gain", ["input_gain_db", "output_gain_db"])
@pytest.mark.parametrize("blocks", [[1] * 1000, [7] * 200, [480, 480], [10_000]])
def test_a_new_gain_is_reached_without_a_step(gain, blocks):
    stream = Stream(wire())
    ones = np.ones(10_000, np.float32)
    before = stream.process(ones)
    setattr(stream, gain, 6.0)
    after = np.concatenate([stream.process(ones[:frames]) for frames in [*blocks, 480]])
    path = np.concatenate([before[-1:], after])
    # 5 ms are 240 frames; from 1 to 2 in a straight line, a step is 1/240.
    assert np.diff(path).max() < 1.1 / 240
    assert np.diff(path).min() >= -1e-6
    assert path[-1] == pytest.approx(_linear(6.0), rel=1e-6)


def test_a_gain_change_forgets_itself():
    model, audio = Model.load(nam_factory.full()), noise(20_000)
    settled = play(model, audio, input_gain_db=-3.0, output_gain_db=2.0)
    for blocks in ([500] * 20, [17] * 100, [9999]):
        stream = Stream(model, input_gain_db=5.0)
        stream.process(audio[:1000])
        stream.input_gain_db = -3.0
        stream.output_gain_db = 2.0
        pieces = np.split(audio[1000:], np.cumsum(blocks))
        found = np.concatenate([stream.process(piece) for piece in pieces])
        reach = 240 + RECEPTIVE_FIELD
        assert_same_bits(found[reach:], settled[1000 + reach :])


def test_no_partition_changes_a_bit_of_a_ramp():
    model, audio = Model.load(nam_factory.lite()), noise(2, 2000)

    def ramp(blocks):
        stream = Stream(model, 44100)
        first = stream.process(audio[:, :100])
        stream.input_gain_db, stream.output_gain_db = 12.0, -6.0
        pieces = np.split(audio[:, 100:], np.cumsum(blocks), axis=1)
        return np.concatenate([first, *map(stream.process, pieces)], axis=1)

    for blocks in ([1] * 500, [0, 16, 0, 17], [129, 128, 127]):
        assert_same_bits(ramp(blocks), ramp([]))


def test_reset_ends_a_ramp():
    stream = Stream(wire())
    stream.process(np.ones(100))
    stream.output_gain_db = 6.0
    stream.process(np.ones(10))
    stream.reset()
    assert stream.output_gain_db == 6.0
    np.testing.assert_allclose(stream.process(np.ones(10)), _linear(6.0), rtol=1e-6)


# --- Limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {"input_gain_db": 50.01},
        {"input_gain_db": -50.01},
        {"input_gain_db": math.nan},
        {"output_gain_db": math.inf},
        {"output_gain_db": -51},
        {"target_loudness_db": 0.1},
        {"target_loudness_db": -60.1},
        {"target_loudness_db": math.nan},
        {"interface_level_dbu": 60.1},
        {"interface_level_dbu": -60.1},
        {"interface_level_dbu": math.nan},
        {"output_mode": "loud"},
        {"output_mode": None},
        {"size": "medium"},
        {"size": 1.01},
        {"size": -0.01},
        {"size": math.nan},
    ],
    ids=str,
)
@pytest.mark.parametrize("door", ["stream", "render"])
def test_settings_out_of_range_are_refused_by_name(door, settings):
    model = wire(metadata=METADATA)
    open_door = {
        "stream": lambda: Stream(model, **settings),
        "render": lambda: render(model, noise(10), 48000, **settings),
    }[door]
    with pytest.raises(ValueError, match=next(iter(settings))):
        open_door()


@pytest.mark.parametrize(
    ("unknown", "settings"),
    [
        ("loudness", {"output_mode": "normalized"}),
        ("input_level_dbu", {"interface_level_dbu": 12.0}),
        ("output_level_dbu", {"interface_level_dbu": 12.0, "output_mode": "calibrated"}),
    ],
)
def test_what_the_model_does_not_state_cannot_be_used(unknown, settings):
    metadata = {key: value for key, value in METADATA.items() if key != unknown}
    with pytest.raises(ValueError, match=unknown):
        Stream(wire(metadata=metadata), **settings)


def test_calibrated_needs_an_interface_level():
    with pytest.raises(ValueError, match="interface_level_dbu"):
        Stream(wire(metadata=METADATA), output_mode="calibrated")


def test_a_refused_gain_changes_nothing():
    stream = Stream(wire(), output_gain_db=6.0)
    for value in (math.nan, 51.0, -math.inf):
        with pytest.raises(ValueError, match="output_gain_db"):
            stream.output_gain_db = value
    assert stream.output_gain_db == 6.0
    np.testing.assert_allclose(stream.process(np.ones(10)), _linear(6.0), rtol=1e-6)


@pytest.mark.parametrize("sample_rate", [7999, 384001, 0, -48000, math.nan, math.inf])
def test_rates_are_8_to_384_khz(sample_rate):
    with pytest.raises(ValueError, match="sample_rate"):
        Stream(wire(), sample_rate)
    with pytest.raises(ValueError, match="sample_rate"):
        render(wire(), noise(10), sample_rate)


def test_attributes_are_what_was_given():
    stream = Stream(wire(metadata=METADATA), 44100, **EVERY_SETTING)
    assert {name: getattr(stream, name) for name in EVERY_SETTING} == EVERY_SETTING
    assert stream.sample_rate == 44100.0


@pytest.mark.parametrize(
    "name", ["size", "output_mode", "target_loudness_db", "interface_level_dbu", "latency"]
)
def test_all_but_the_gains_is_read_only(name):
    stream = Stream(wire(metadata=METADATA))
    with pytest.raises(AttributeError):
        setattr(stream, name, getattr(stream, name))


def test_settings_are_keywords():
    with pytest.raises(TypeError):
        Stream(wire(), 48000, "full")


def test_the_rate_is_the_models_own_if_none_is_given():
    stream = Stream(wire(sample_rate=44100))
    assert stream.sample_rate == 44100.0
    assert stream.latency == 0


@pytest.mark.parametrize("channels", [1, 2])
def test_gains_set_before_the_first_block_are_there_from_its_first_frame(channels):
    audio, stream = noise(channels, 1000), Stream(wire())
    stream.input_gain_db, stream.output_gain_db = -20.0, 3.0
    expected = play(wire(), audio, input_gain_db=-20.0, output_gain_db=3.0)
    assert_same_bits(stream.process(audio), expected)


def test_a_number_that_no_float_holds_is_refused():
    with pytest.raises(ValueError, match="input_gain_db is an integer of 1329 bits; accepted are"):
        Stream(wire(), input_gain_db=10**400)
