# SPDX-License-Identifier: MIT
"""Every setting of the effect: read, written, refused; heard at the next block, without a click."""

from __future__ import annotations

import inspect
import json
import threading

import nam_factory
import numpy as np
import pytest
from pedalboard import Pedalboard
from playing import assert_same_bits, noise, random_model
from setting_values import accepted, refused
from special_models import Weights, wire

from pedalboard_nam import Model, ModelError, NeuralAmp, Stream, render
from pedalboard_nam.effect import effect_state
from pedalboard_nam.settings import declared

RATE = 48000
METADATA = {"loudness": -25.0, "input_level_dbu": 14.5, "output_level_dbu": 9.0}

VALUES = {name: accepted(name) for name in declared}
REFUSED = {name: refused(name) for name in declared}
REFUSED["output_mode"].append("calibrated")  # needs an interface level


def _pairs(table):
    return [(name, value) for name, values in table.items() for value in values]


@pytest.fixture(scope="module")
def model():
    return Model.load(nam_factory.container(metadata=METADATA))


def _defaults() -> dict[str, object]:
    parameters = inspect.signature(NeuralAmp).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}


def test_arguments_and_defaults_are_those_of_a_stream(amp):
    of_stream = inspect.signature(Stream).parameters
    for name, default in _defaults().items():
        assert of_stream[name].default == default
        assert getattr(amp, name) == default


@pytest.mark.parametrize(("name", "value"), _pairs(VALUES))
def test_a_property_is_read_as_it_was_written(amp, model, name, value):
    setattr(amp, name, value)
    assert getattr(amp, name) == value
    assert getattr(NeuralAmp(model, **{name: value}), name) == value


@pytest.mark.parametrize(("name", "value"), _pairs(REFUSED))
def test_what_is_not_accepted_is_refused_and_changes_nothing(amp, model, name, value):
    audio = noise(1000)
    before = getattr(amp, name)
    with pytest.raises(ValueError, match=name):
        setattr(amp, name, value)
    with pytest.raises(ValueError, match=name):
        NeuralAmp(model, **{name: value})
    assert getattr(amp, name) == before
    assert_same_bits(amp(audio, RATE), render(model, audio, RATE))


def test_what_the_model_does_not_state_is_refused():
    amp = NeuralAmp(wire(metadata={}))
    with pytest.raises(ValueError, match="loudness"):
        amp.output_mode = "normalized"
    with pytest.raises(ValueError, match="input_level_dbu"):
        amp.interface_level_dbu = 12.0
    amp.target_loudness_db = -20.0
    assert amp.output_mode == "raw"
    assert amp.interface_level_dbu is None


def test_a_model_that_does_not_suit_the_settings_is_refused(model):
    amp = NeuralAmp(model, output_mode="normalized")
    with pytest.raises(ValueError, match="loudness"):
        amp.model = wire(metadata={})
    assert amp.model == model


def test_a_file_that_is_not_a_model_is_refused(amp, tmp_path):
    path = tmp_path / "broken.nam"
    path.write_text("{}")
    with pytest.raises(ModelError, match=r"broken\.nam"):
        amp.model = path
    with pytest.raises(ModelError, match=r"broken\.nam"):
        NeuralAmp(path)
    with pytest.raises(FileNotFoundError):
        NeuralAmp(tmp_path / "none.nam")


def test_a_model_can_be_all_that_load_takes(amp, model, tmp_path):
    nam = nam_factory.container(metadata=METADATA)
    path = tmp_path / "amp.nam"
    path.write_text(json.dumps(nam))
    assert NeuralAmp(nam).model == model
    for source in (path, str(path)):
        assert NeuralAmp(source).model == Model.load(path)
    amp.model = path
    assert amp.model.name == "amp"


def test_settings_survive_a_reset(model):
    settings = {"size": "lite", "input_gain_db": 3.3, "output_mode": "normalized"}
    amp, audio = NeuralAmp(model, **settings), noise(1000)
    amp.reset()
    for _ in range(2):
        assert_same_bits(amp(audio, RATE), render(model, audio, RATE, **settings))


CHANGES = [
    {"size": "lite"},
    {"output_mode": "normalized"},
    {"target_loudness_db": -40.0, "output_mode": "normalized"},
    {"interface_level_dbu": 4.0},
    {"model": random_model("lite", seed=3)},
    {"input_gain_db": 6.0},
    {"output_gain_db": -6.0},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: "+".join(change))
def test_after_5_ms_a_change_sounds_as_if_it_had_always_been(model, change):
    """Also 0.1 s after the start, when the past that a network hears is not yet complete."""
    audio = 0.5 * noise(2, 48_000)
    settings = dict(change)
    expected = render(settings.pop("model", model), audio, RATE, **settings)
    for start in (4_800, 24_000):
        amp = NeuralAmp(model)
        before = amp(audio[:, :start], RATE, reset=False)
        for name, value in change.items():
            setattr(amp, name, value)
        after = amp(audio[:, start:], RATE, reset=False, buffer_size=100)
        assert_same_bits(before, render(model, audio[:, :start], RATE))
        if change.keys() == {
            "input_gain_db"
        }:  # a ramp goes through the network, as long as it hears
            np.testing.assert_array_equal(after[:, 6_700:], expected[:, start + 6_700 :])
        else:
            np.testing.assert_array_equal(after[:, 240:], expected[:, start + 240 :])


def _scaled_wire(factor):
    weights = Weights()
    weights.layers[0]["mixin"][:2] = 1.0, -1.0
    weights.head[:2, -1] = 1.0, -1.0
    weights.head_scale = factor / 1.01
    return Model.load(weights.nam())


def test_at_another_rate_too(model):
    audio = 0.5 * noise(1, 40_000)
    amp = NeuralAmp(model)
    amp(audio[:, :20_000], 44100, reset=False)
    amp.size = "lite"
    after = amp(audio[:, 20_000:], 44100, reset=False)
    latency = Stream(model, 44100).latency
    expected = render(model, audio, 44100, size="lite")[:, 20_000 - latency : 40_000 - latency]
    np.testing.assert_array_equal(after[:, 221:], expected[:, 221:])


@pytest.mark.parametrize("rate", [44100, 48000])
def test_a_model_of_a_low_rate_remembers_longer(rate):
    """At 8 kHz the network hears 0.8 s, more than a player keeps for others."""
    low = nam_factory.container(sample_rate=8000.0)
    for submodel in low["config"]["submodels"]:
        submodel["model"]["sample_rate"] = 8000
    model, audio = Model.load(low), 0.3 * noise(2, 120_000)
    amp = NeuralAmp(model)
    amp(audio[:, :60_000], rate, reset=False)
    amp.size = "lite"
    found = amp(audio[:, 60_000:], rate, reset=False)
    latency = Stream(model, rate).latency
    expected = render(model, audio, rate, size="lite")[:, 60_000 - latency : 120_000 - latency]
    np.testing.assert_array_equal(found[:, 300:], expected[:, 300:])


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: "+".join(change))
def test_a_change_does_not_click(change):
    """Through a wire, a slow sine never moves by more than 0.007 a frame; nor in a change."""
    model = wire(metadata=METADATA)
    sine = 0.5 * np.sin(2 * np.pi * 100 / RATE * np.arange(9_600)).astype(np.float32)[None]
    amp = NeuralAmp(model)
    before = amp(sine[:, :4_920], RATE, reset=False)
    for name, value in (change | ({"model": wire(0.2)} if "model" in change else {})).items():
        setattr(amp, name, value)
    after = amp(sine[:, 4_920:], RATE, reset=False)
    whole = np.concatenate([before, after], axis=1)
    reach = np.abs(after[:, 240:]).max()
    assert np.abs(np.diff(whole)).max() < 0.007 * max(1.0, 2 * reach) + reach / 100


def _fade(model, **change):
    """The 240 frames after a change, and what they would have been without and with it."""
    audio, amp = 0.5 * noise(1, 10_240), NeuralAmp(model)
    amp(audio[:, :10_000], RATE, reset=False)
    for name, value in change.items():
        setattr(amp, name, value)
    found = amp(audio[:, 10_000:], RATE, reset=False)[0]
    return found, *(render(model, audio, RATE, **s)[0, 10_000:] for s in ({}, change))


def test_another_size_fades_in_with_equal_power(model):
    found, before, after = _fade(model, size="lite")
    angle = np.pi / 2 * np.arange(1, 241) / 241
    expected = np.cos(angle) * before + np.sin(angle) * after
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_another_level_is_reached_in_a_straight_line(model):
    found, before, after = _fade(model, output_mode="normalized", target_loudness_db=-30.0)
    expected = before + np.arange(1, 241) / 241 * (after - before)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_before_the_first_frame_a_change_is_there_at_once(model):
    audio, amp = noise(1000), NeuralAmp(model)
    amp.size, amp.input_gain_db = "lite", 6.0
    assert_same_bits(
        amp(audio, RATE, reset=False), render(model, audio, RATE, size="lite", input_gain_db=6.0)
    )
    amp.input_gain_db = -6.0
    assert_same_bits(amp(audio, RATE), render(model, audio, RATE, size="lite", input_gain_db=-6.0))


def test_changes_on_two_threads_are_both_made(amp, monkeypatch):
    write, others = effect_state.write, []

    def slow_write(state):
        if not others:  # in the midst of this change, another
            others.append(threading.Thread(target=setattr, args=(amp, "target_loudness_db", -30.0)))
            others[0].start()
            others[0].join(0.2)
        return write(state)

    monkeypatch.setattr(effect_state, "write", slow_write)
    amp.size = "lite"
    others[0].join()
    assert (amp.size, amp.target_loudness_db) == ("lite", -30.0)


def test_a_gain_is_kept_that_comes_in_the_midst_of_a_change_of_many(amp, monkeypatch):
    others, on_grid = [], effect_state.on_grid

    def slow_on_grid(settings):
        others.append(threading.Thread(target=setattr, args=(amp, "input_gain_db", -30.0)))
        others[0].start()
        others[0].join(0.2)
        return on_grid(settings)

    monkeypatch.setattr(effect_state, "on_grid", slow_on_grid)
    amp._set_together(size="lite")
    others[0].join()
    assert (amp.size, amp.input_gain_db) == ("lite", -30.0)


@pytest.mark.parametrize("first", ["preset", "gain"])
def test_a_preset_with_other_gains_does_not_burst(first):
    """Neither may the old model play with the new gains, nor the new one with the old."""
    loud, quiet = _scaled_wire(1.0), _scaled_wire(1e-4)
    sine = 0.5 * np.sin(2 * np.pi * 100 / RATE * np.arange(9_600)).astype(np.float32)[None]
    amp, other = NeuralAmp(loud, output_gain_db=-40.0), NeuralAmp(quiet, output_gain_db=40.0)
    before = amp(sine[:, :4_920], RATE, reset=False)
    if first == "gain":
        amp.size = "lite"  # another change that waits, when the preset comes
    amp.preset_data = other.preset_data
    after = amp(sine[:, 4_920:], RATE, reset=False)
    np.testing.assert_allclose(np.abs(before).max(), 0.005, rtol=1e-3)
    assert np.abs(after).max() < 0.005 * 1.42  # a fade of equal power


def test_many_changes_between_two_blocks(model):
    audio, amp = noise(20_000), NeuralAmp(model)
    amp(audio, RATE, reset=False)
    for size in ("lite", "full", "lite"):
        amp.size = size
    found = amp(audio, RATE, reset=False)
    expected = render(model, np.tile(audio, 2), RATE, size="lite")[20_000:]
    np.testing.assert_array_equal(found[240:], expected[240:])


def test_a_change_in_every_short_block(model):
    audio, amp = noise(9_600), NeuralAmp(model)
    for i, block in enumerate(np.split(audio, 150)):
        amp.size = ("lite", "full")[i % 2]
        assert np.isfinite(amp(block, RATE, reset=False)).all()
    found = amp(audio, RATE, reset=False)
    expected = render(model, np.tile(audio, 2), RATE, size=amp.size)[9_600:]
    np.testing.assert_array_equal(found[480:], expected[480:])


def test_pedalboards_own_parameters_are_the_gains(amp):
    assert list(amp.parameters) == ["input_gain_db", "output_gain_db"]
    parameter = amp.parameters["input_gain_db"]
    assert (parameter.min_value, parameter.max_value) == (-50.0, 50.0)
    assert parameter.units == "dB"
    amp.input_gain_db = 12.5
    assert parameter.string_value == "12.5"
    parameter.raw_value = 0.5
    assert amp.input_gain_db == 0.0


def test_a_gain_between_two_steps_is_the_one_that_plays(amp, model):
    """A host may set any float; at these two, Python and C++ round to different sides."""
    parameter, audio = amp.parameters["input_gain_db"], noise(1000)
    for raw_value in (1 / 128, 3 / 128):
        parameter.raw_value = raw_value
        gain_db = amp.input_gain_db
        assert gain_db == float(parameter.string_value)
        assert_same_bits(amp(audio, RATE), render(model, audio, RATE, input_gain_db=gain_db))


@pytest.mark.parametrize(
    ("gain_db", "text"), [(0.0, "0.0"), (-0.0001, "-0.0001"), (-6.02, "-6.02"), (50.0, "50.0")]
)
def test_the_text_of_a_gain_says_it_all(amp, gain_db, text):
    amp.output_gain_db = gain_db
    parameter = amp._get_parameter("Output Gain")
    assert parameter.string_value == text
    assert parameter.get_raw_value_for_text(text + " dB") == parameter.raw_value


def test_an_effect_that_only_a_board_has_kept_comes_back(model):
    settings = {"size": "lite", "output_mode": "normalized", "target_loudness_db": -20.0}
    board, audio = Pedalboard([NeuralAmp(model, **settings)]), noise(2, 1000)
    plain = board[0]
    assert not isinstance(plain, NeuralAmp)
    assert_same_bits(board(audio, RATE), render(model, audio, RATE, **settings))
    plain.input_gain_db = 3.1
    settings["input_gain_db"] = 3.1
    assert plain.input_gain_db == 3.1
    assert_same_bits(board(audio, RATE), render(model, audio, RATE, **settings))
    board[0] = amp = NeuralAmp.from_plugin(plain)
    assert amp.model == model
    assert {name: getattr(amp, name) for name in settings} == settings
    assert_same_bits(board(audio, RATE), render(model, audio, RATE, **settings))


def test_what_is_no_neural_amp_does_not_become_one(amp):
    from pedalboard import Gain, VST3Plugin

    from pedalboard_nam.effect.neural_amp import bundle_path

    assert NeuralAmp.from_plugin(amp) is amp
    with pytest.raises(TypeError, match="not a NeuralAmp"):
        NeuralAmp.from_plugin(Gain())
    with pytest.raises(ValueError, match="no model"):
        NeuralAmp.from_plugin(VST3Plugin(bundle_path()))


def test_without_a_model_audio_passes():
    from pedalboard import VST3Plugin

    from pedalboard_nam.effect.neural_amp import bundle_path

    audio = noise(2, 1000)
    assert_same_bits(VST3Plugin(bundle_path())(audio, RATE), audio)


def test_repr_and_card_show_model_and_settings(amp):
    amp.input_gain_db = 3.5
    for text in (repr(amp), amp._repr_html_()):
        assert "untitled" in text
        assert "3.5" in text
        assert "raw" in text


def test_a_name_that_does_not_exist_is_an_attribute_error(amp):
    with pytest.raises(AttributeError, match="drive"):
        _ = amp.drive
    assert not hasattr(amp, "drive")
    assert "size" in dir(amp)


def test_a_subclass_may_set_attributes_before_init(model):
    class Named(NeuralAmp):
        def __init__(self, model, **settings):
            self.label = "mine"
            assert not hasattr(self, "other")
            super().__init__(model, **settings)

    assert Named(model).label == "mine"
