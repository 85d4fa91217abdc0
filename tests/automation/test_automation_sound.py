# SPDX-License-Identifier: MIT
"""How a lane sounds: amps without zipper noise, other effects as they are, sounds in a fade."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from automated import (
    MODEL,
    NOISE,
    RATE,
    Audio,
    brickwall_limiter,
    error_db,
    gains,
    has_limiter,
    play,
    seconds,
    sweep,
)
from numpy.typing import NDArray
from pedalboard import Gain, LadderFilter, Pedalboard, VST3Plugin
from playing import random_model, random_nam

from pedalboard_nam import Lane, NeuralAmp, render
from pedalboard_nam.effect.neural_amp import bundle_path


@pytest.mark.parametrize("name", ["input_gain_db", "output_gain_db"])
def test_a_fade_of_an_amp_is_as_pure_as_a_gain_of_every_frame(name: str) -> None:
    amp = NeuralAmp(MODEL)
    audio = sweep(2 * RATE)
    fade = gains(-15 * seconds(2 * RATE))
    found = play(amp, audio, {amp: {name: [(0, 0), (2, -30)]}})
    if name == "output_gain_db":
        expected = NeuralAmp(MODEL)(audio, RATE) * fade
    else:
        expected = NeuralAmp(MODEL)(np.float32(audio * fade), RATE)
    assert error_db(found, expected) < -120.0


def test_the_zipper_noise_of_an_effect_that_jumps_is_that_of_32_frames() -> None:
    gain = Gain(0)
    audio = sweep(2 * RATE)
    found = play(gain, audio, {gain: {"gain_db": [(0, 0), (2, -30)]}})
    # 15 dB a second in jumps of 32 frames are even errors of +-0.005 dB: 0.033 % in RMS.
    assert error_db(found, audio * gains(-15 * seconds(2 * RATE))) == pytest.approx(-69.5, abs=1.0)


def test_a_fade_in_from_the_first_frame_starts_low() -> None:
    amp = NeuralAmp(MODEL)
    audio = sweep(4_800)
    found = play(amp, audio, {amp: {"output_gain_db": [(0, -50), (0.02, 0)]}})
    whole = NeuralAmp(MODEL)(audio, RATE)
    assert abs(found[:, :16]).max() < 0.01 * abs(whole[:, :16]).max()
    np.testing.assert_array_equal(found[:, 1_200:], whole[:, 1_200:])


def _exact(name: str, audio: Audio, db: NDArray[np.float64], rate: float) -> NDArray[Any]:
    """An amp with a gain that is new in every frame."""
    if name == "output_gain_db":
        return NeuralAmp(MODEL)(audio, rate) * gains(db)
    return NeuralAmp(MODEL)(np.float32(audio * gains(db)), rate)


_sine = 6 * np.sin(2 * np.pi * 5 * np.arange(RATE) / RATE)


@pytest.mark.parametrize("rate", [48_000, 44_100])
@pytest.mark.parametrize(
    ("lane", "error_db_below"),
    [
        (lambda time_s: 6 * math.sin(2 * math.pi * 5 * time_s), -80.0),  # in lines of 32 frames
        (Lane.sampled(_sine[::48], 1_000), -75.0),
        (Lane.sampled(_sine, RATE), -115.0),
        (Lane([(0, 0), (0.05, 6), (0.15, -6), (0.25, 6)], "smooth"), -115.0),
        ([(0, 0), (0.1, 6), (0.1021, -6), (0.104, 6), (0.3, 0)], -115.0),
    ],
)
@pytest.mark.parametrize("name", ["input_gain_db", "output_gain_db"])
def test_gains_of_an_amp_follow_a_lane_from_frame_to_frame(
    name: str, lane: Any, error_db_below: float, rate: int
) -> None:
    amp, audio = NeuralAmp(MODEL), NOISE[:1]
    time_s = seconds(audio.shape[1], rate)
    if isinstance(lane, Lane) and lane.curve == "smooth":
        part = np.clip((time_s[:, np.newaxis] - [0, 0.05, 0.15]) / [0.05, 0.1, 0.1], 0, 1)
        db = (part * part * (3 - 2 * part)) @ [6, -12, 12]
    elif isinstance(lane, list):
        db = np.interp(time_s, *zip(*lane, strict=True))
    else:
        db = 6 * np.sin(2 * np.pi * 5 * time_s)
    found = play(amp, audio, {amp: {name: lane}}, rate)
    assert error_db(found, _exact(name, audio, db, rate)) < error_db_below


@pytest.mark.parametrize("leg_s", [0.001, 0.002, 0.005])
def test_a_gain_is_never_above_or_below_its_lane(leg_s: float) -> None:
    amp, audio = NeuralAmp(MODEL), NOISE[:1, :9_600]
    points = [(0.1, 0.0), (0.1 + leg_s, -6.0), (0.1 + 2 * leg_s, 0.0)]
    found = play(amp, audio, {amp: {"output_gain_db": points}})
    level_db = 20 * np.log10(found / render(MODEL, audio, RATE))[0]
    expected = np.interp(seconds(9_600), *zip(*points, strict=True))
    np.testing.assert_allclose(level_db, expected, atol=1e-4)


def test_a_function_with_a_gain_that_there_is_not_is_refused() -> None:
    amp = NeuralAmp(MODEL)
    with pytest.raises(
        ValueError, match=r"NeuralAmp.input_gain_db: input_gain_db is 5\d\.\d+; acc"
    ):
        play(amp, NOISE, {amp: {"input_gain_db": lambda time_s: 100 * time_s}})


def test_both_gains_go_their_own_ways_where_one_of_them_jumps() -> None:
    amp, audio = NeuralAmp(MODEL), NOISE[:1]
    lanes = {
        "input_gain_db": [(0, 0), (0.2, -20), (0.4, 0)],
        "output_gain_db": Lane([(0, 0), (0.1507, -9), (0.3001, 6)], "step"),
    }
    found = play(amp, audio, {amp: lanes})
    time_s = seconds(audio.shape[1])
    wet = _exact("input_gain_db", audio, np.interp(time_s, [0, 0.2, 0.4], [0, -20, 0]), RATE)
    # A jump is a straight line of 5 ms, and on its first frame has left where it comes from.
    steps = [7_233, 7_473, 14_404, 14_644]
    level = np.interp(np.arange(len(time_s)), steps, gains(np.array([0.0, -9.0, -9.0, 6.0])))
    assert error_db(found, wet * level) < -60.0


def test_a_jump_within_a_jump_goes_on_from_where_it_is() -> None:
    amp, audio = NeuralAmp(MODEL), NOISE[:1, :9_600]
    lane = Lane([(0, 0), (0.1, 20), (0.103, 0)], "step")
    found = play(amp, audio, {amp: {"output_gain_db": lane}})
    level = np.interp(np.arange(9_600), [4_799, 4_943, 5_183], [1.0, 1.0 + 9 * 0.6, 1.0])
    assert error_db(found, render(MODEL, audio, RATE) * level) < -60.0


def test_a_model_that_comes_in_a_moving_gain_has_it_too() -> None:
    amp, audio = NeuralAmp(MODEL), NOISE[:1]
    other = random_model("lite", seed=1)
    lanes = {"model": [(0, MODEL), (0.3003, other)], "output_gain_db": [(0, 0), (0.8, -48)]}
    found = play(amp, audio, {amp: lanes})[:, 14_415 + 240 :]
    expected = render(other, audio, RATE) * gains(-60 * seconds(audio.shape[1]))
    assert error_db(found, expected[:, 14_415 + 240 :]) < -75.0


def test_a_model_that_goes_at_the_top_of_a_steep_ramp_does_not_ramp_on() -> None:
    amp, audio = NeuralAmp(MODEL), NOISE[:1]
    other = random_model("lite", seed=1)
    lanes = {
        "model": [(0, MODEL), (0.3, other)],
        "output_gain_db": [(0.2998, 0), (0.3, 20), (0.3, 0)],
    }
    found = play(amp, audio, {amp: lanes})
    loudest = abs(render(MODEL, audio, RATE)).max() * 10 + abs(render(other, audio, RATE)).max()
    assert abs(found).max() < loudest


# --- Models, sizes and other steps ---


def test_models_and_sizes_are_stepped() -> None:
    one, other = random_model("lite"), random_model("lite", seed=1)
    amp = NeuralAmp(one)
    lanes = {"model": [(0, one), (0.25, random_nam("lite", 1))], "output_mode": [(0, "raw")]}
    found = play(amp, NOISE, {amp: lanes})
    np.testing.assert_array_equal(found[:, :12_000], render(one, NOISE, RATE)[:, :12_000])
    np.testing.assert_array_equal(found[:, 12_240:], render(other, NOISE, RATE)[:, 12_240:])
    assert amp.model is one


def test_a_mode_is_stepped() -> None:
    ladder = LadderFilter()
    lanes = {ladder: {"mode": [(0, LadderFilter.LPF12), (0.3, LadderFilter.HPF24)]}}
    found = play(Pedalboard([ladder]), NOISE, lanes)
    low = LadderFilter()(NOISE, RATE)
    np.testing.assert_array_equal(found[:, :14_400], low[:, :14_400])
    assert error_db(found[:, 14_400:], low[:, 14_400:]) > 0


@has_limiter
def test_a_switch_is_stepped() -> None:
    limiter = brickwall_limiter()
    audio = np.clip(20 * NOISE, -2, 2)
    found = play(limiter, audio, {limiter: {"true_peak": [(0, False), (0.3, True)]}})
    plain = play(brickwall_limiter(), audio, {})
    np.testing.assert_array_equal(found[:, :14_000], plain[:, :14_000])
    assert (found[:, 15_000:] != plain[:, 15_000:]).any()
    assert limiter.true_peak is False


def test_a_foreign_plug_ins_parameters_are_properties() -> None:
    plugin = VST3Plugin(bundle_path())
    plugin.preset_data = NeuralAmp(MODEL).preset_data
    plugin.input_gain_db = 1.3
    before = plugin.parameters["input_gain_db"].raw_value
    found = play(plugin, NOISE, {plugin: {"input_gain_db": [(0, 0), (0.3, 0), (0.3, 12)]}})
    np.testing.assert_array_equal(found[:, :14_300], render(MODEL, NOISE, RATE)[:, :14_300])
    np.testing.assert_array_equal(
        found[:, 21_000:], render(MODEL, NOISE, RATE, input_gain_db=12.0)[:, 21_000:]
    )
    assert plugin.parameters["input_gain_db"].raw_value == before
