# SPDX-License-Identifier: MIT
"""On which frame a lane is heard: the same one, and the same bits, for any cut of the signal."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np
import pytest
from automated import (
    MODEL,
    NOISE,
    RATE,
    Audio,
    brickwall_limiter,
    changes,
    error_db,
    everything,
    gains,
    has_limiter,
    ones,
    play,
    seconds,
    sweep,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from pedalboard import (
    Chain,
    Chorus,
    Compressor,
    Convolution,
    Delay,
    Gain,
    HighShelfFilter,
    LadderFilter,
    Mix,
    Pedalboard,
    Plugin,
    Resample,
    Reverb,
)
from playing import random_model

from pedalboard_nam import Lane, NeuralAmp, render
from pedalboard_nam.automation.accepted_lanes import Automation


def _convolution() -> tuple[Plugin, Automation]:
    cab = Convolution(0.1 * NOISE[0, :999], sample_rate=RATE)
    return cab, {cab: {"mix": [(0.1, 0), (0.2, 1), (0.4, 1), (0.5, 0)]}}


@pytest.mark.parametrize("make", [everything, _convolution])
@pytest.mark.parametrize("cuts", [[30_001], [512, 1024, 700], [1, 2, 3, 7, 1000, 64, 20_000]])
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_any_cut_gives_the_same_bits(
    make: Callable[[], tuple[Plugin, Automation]], rate: float, cuts: list[int]
) -> None:
    board, automation = make()
    expected = play(board, NOISE, automation, rate)
    assert expected.shape == NOISE.shape
    board, automation = make()
    np.testing.assert_array_equal(play(board, NOISE, automation, rate, cuts), expected)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=12))
def test_any_partition_gives_the_same_bits(cuts: list[int]) -> None:
    board, automation = everything()
    np.testing.assert_array_equal(play(board, NOISE, automation, 44_100, cuts), _in_one())


@functools.cache
def _in_one() -> Audio:
    board, automation = everything()
    return play(board, NOISE, automation, 44_100, [NOISE.shape[1]])


_changes: list[tuple[Callable[[], Plugin], str, float]] = [
    (Gain, "gain_db", -6.0),
    (lambda: Compressor(ratio=4), "threshold_db", -30.0),
    (LadderFilter, "cutoff_hz", 900.0),
    (Reverb, "room_size", 0.9),
    (Chorus, "mix", 0.1),
    (HighShelfFilter, "gain_db", 3.0),
    (lambda: NeuralAmp(MODEL), "input_gain_db", 3.0),
]


@pytest.mark.parametrize(("make", "name", "value"), _changes)
def test_a_lane_that_stays_is_the_property(
    make: Callable[[], Plugin], name: str, value: float
) -> None:
    effect = make()
    found = play(effect, NOISE, {effect: {name: [(0, value), (9, value)]}})
    setattr(effect, name, value)
    np.testing.assert_array_equal(found, effect(NOISE, RATE))


@pytest.mark.parametrize(("make", "name", "value"), _changes)
def test_a_change_is_heard_from_its_time_on(
    make: Callable[[], Plugin], name: str, value: float
) -> None:
    effect = make()
    before = float(getattr(effect, name))
    found = play(effect, NOISE, {effect: {name: [(0.4, before), (0.4, value)]}})
    differs = np.flatnonzero((found != effect(NOISE, RATE)).any(axis=0))
    assert 0.395 < differs[0] / RATE < 0.43  # a reverb answers after 0.025 s


# --- The frame of a step --------------------------------------------------------------------------

_steps = [(0.0, 0.0), (0.1003, -6.0), (0.25, 3.0), (0.25002, -3.0), (0.7777, 6.0)]


def _first_frame(time_s: float, rate: float) -> int:
    return next(n for n in range(int(time_s * rate) - 1, 10**9) if n / rate >= time_s)


@pytest.mark.parametrize("num_channels", [1, 2, 8])
@pytest.mark.parametrize("cuts", [[96_000], [1, 2, 3, 7, 1000, 64, 20_000]])
@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_step_of_a_gain_is_on_its_frame(rate: float, cuts: list[int], num_channels: int) -> None:
    gain = Gain(0)
    lane = {gain: {"gain_db": Lane(_steps, "step")}}
    found = play(gain, ones(rate, num_channels), lane, rate, cuts)
    assert changes(found) == [math.ceil(time_s * rate) for time_s, _ in _steps[1:]]


@settings(deadline=None, max_examples=30)
@given(st.floats(0.001, 1.0), st.sampled_from([44_100, 48_000, 88_200, 11_025]))
def test_any_time_has_a_frame(time_s: float, rate: int) -> None:
    gain = Gain(0)
    found = play(gain, ones(rate + 999), {gain: {"gain_db": [(time_s, 0), (time_s, 6)]}}, rate)
    assert changes(found) == [_first_frame(time_s, rate)]


def test_a_time_that_is_a_frame_s_is_that_frame_although_its_product_is_rounded() -> None:
    gain = Gain(0)
    assert 1.1 * RATE > 52_800
    found = play(gain, ones(60_000), {gain: {"gain_db": Lane([(0, 0), (1.1, 6)], "step")}})
    assert changes(found) == [52_800]


def test_jumps_of_two_lanes_are_on_the_frames_of_both() -> None:
    delay = Delay(0.1, feedback=0.5, mix=0.5)
    audio = ones(9_600)
    audio[:, 4_800:] = 0
    lanes = {
        "mix": Lane([(0, 0.5), (0.1501, 0.25)], "step"),  # heard when it is
        "feedback": Lane.sampled(0.2 + 0.001 * np.arange(600), 4_000),  # an echo later
    }
    found = play(delay, np.pad(audio, [(0, 0), (0, 9_600)]), {delay: lanes})
    first, second = changes(found[:, 4_801:9_600]), changes(found[:, 9_601:9_900])
    assert [frame + 4_801 for frame in first] == [math.ceil(0.1501 * RATE)]
    assert set(np.diff(second).tolist()) == {12}


def test_what_needs_a_long_first_block_comes_no_earlier_for_a_step_in_it() -> None:
    resample = Resample(8_000)
    lane = Lane([(0, 8_000), (0.001, 8_001), (0.0207, 8_000)], "step")
    found = play(resample, NOISE, {resample: {"target_sample_rate": lane}})
    np.testing.assert_array_equal(found[:, 5_000:], play(Resample(8_000), NOISE, {})[:, 5_000:])


@pytest.mark.parametrize("time_s", [1e7, 1e16, 1e300])
def test_a_point_that_is_never_reached_is_gone_towards(time_s: float) -> None:
    gain = Gain(0)
    found = play(gain, ones(RATE), {gain: {"gain_db": [(0, 0), (time_s, -100)]}})
    np.testing.assert_allclose(found, 1.0, atol=1e-5)


# --- The frames of an array -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate_hz", "frames"), [(10, {32}), (1_000, {32, 16}), (4_000, {12}), (48_000, {8})]
)
def test_an_array_is_read_at_its_own_rate_down_to_8_frames(rate_hz: int, frames: set[int]) -> None:
    gain = Gain(0)
    lane = Lane.sampled(np.linspace(0, 20, rate_hz // 5), rate_hz)
    found = play(gain, ones(4_500), {gain: {"gain_db": lane}})[:, :512]  # the longest sub-block
    assert set(np.diff(changes(found)).tolist()) == frames


def test_an_array_of_steps_changes_where_it_changes() -> None:
    gain = Gain(0)
    values = np.repeat(np.random.default_rng(1).permutation(20), 777)
    found = play(gain, ones(len(values)), {gain: {"gain_db": Lane.sampled(values, RATE, "step")}})
    assert changes(found) == list(range(777, len(values), 777))


def test_a_ramp_that_is_shorter_than_a_sub_block_lies_within_8_frames_of_itself() -> None:
    gain = Gain(0)
    points = [(0.1001, 0), (0.10016, 6), (0.5, 6), (0.50003, 0)]
    found = play(gain, ones(RATE), {gain: {"gain_db": points}})
    first, *_, last = changes(found)
    assert abs(first - 0.1001 * RATE) < 8
    assert abs(last - 0.5 * RATE) < 8


# --- The frames of an amp -------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("step_s", [0.2, 0.20031, 0.21777])
def test_a_model_fades_in_from_the_frame_of_its_step(rate: int, step_s: float) -> None:
    one, other = MODEL, random_model("lite", seed=1)
    audio = NOISE[:1, : rate // 3]
    amp = NeuralAmp(one)
    found = play(amp, audio, {amp: {"model": [(0, one), (step_s, other)]}}, rate)
    begin = math.ceil(step_s * rate)
    end = begin + math.ceil(0.005 * rate)
    np.testing.assert_array_equal(found[:, :begin], render(one, audio, rate)[:, :begin])
    assert (found[:, begin] != render(one, audio, rate)[:, begin]).all()
    np.testing.assert_array_equal(found[:, end:], render(other, audio, rate)[:, end:])


def test_a_model_that_comes_in_the_fade_of_another_follows_it_at_once() -> None:
    models = [random_model("lite", seed=seed) for seed in range(3)]
    amp = NeuralAmp(models[0])
    lane = list(zip([0, 0.3, 0.302], models, strict=True))
    found = play(amp, NOISE, {amp: {"model": lane}})
    end = 14_400 + 2 * 240
    np.testing.assert_array_equal(found[:, end:], render(models[2], NOISE, RATE)[:, end:])
    assert (
        error_db(found[:, end - 40 : end], render(models[2], NOISE, RATE)[:, end - 40 : end]) > -40
    )


@pytest.mark.parametrize("name", ["input_gain_db", "output_gain_db"])
def test_a_jump_of_an_amp_s_gain_begins_on_its_frame(name: str) -> None:
    amp = NeuralAmp(MODEL)
    found = play(amp, NOISE, {amp: {name: [(0.3003, 0), (0.3003, 6)]}})
    before, after = render(MODEL, NOISE, RATE), render(MODEL, NOISE, RATE, **{name: 6.0})
    begin = math.ceil(0.3003 * RATE)
    np.testing.assert_array_equal(found[:, :begin], before[:, :begin])
    assert (found[:, begin] != before[:, begin]).all()
    end = begin + 240
    if name == "output_gain_db":
        np.testing.assert_array_equal(found[:, end:], after[:, end:])


# --- Alignment ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [44_100, 96_000])
@pytest.mark.parametrize(
    "before",
    ["amp", "two amps", "a mix of latencies", pytest.param("limiter", marks=has_limiter)],
)
def test_an_effect_behind_a_latency_follows_the_audio_that_it_hears(
    rate: float, before: str
) -> None:
    def effects() -> list[Plugin]:
        return {
            "amp": lambda: [NeuralAmp(MODEL)],
            "two amps": lambda: [NeuralAmp(MODEL), NeuralAmp(MODEL)],
            "a mix of latencies": lambda: [Mix([NeuralAmp(MODEL), Gain(-3)])],
            "limiter": lambda: [brickwall_limiter(lookahead_ms=20)],
        }[before]()

    gain = Gain(0)
    audio = np.tile(sweep(rate // 2, rate), (2, 1))
    found = play(
        Pedalboard([*effects(), gain]), audio, {gain: {"gain_db": [(0, 0), (0.5, -30)]}}, rate
    )
    expected = Pedalboard(effects())(audio, rate) * gains(-60 * seconds(rate // 2, rate))
    assert error_db(found, expected) < -55.0


@pytest.mark.parametrize("name", ["input_gain_db", "output_gain_db"])
def test_both_gains_of_a_latent_amp_follow_the_audio(name: str) -> None:
    rate = 44_100
    amp = NeuralAmp(MODEL)
    audio = sweep(rate, rate)
    fade = gains(-30 * seconds(rate, rate))
    found = play(amp, audio, {amp: {name: [(0, 0), (1, -30)]}}, rate)
    if name == "output_gain_db":
        expected = NeuralAmp(MODEL)(audio, rate) * fade
    else:
        expected = NeuralAmp(MODEL)(np.float32(audio * fade), rate)
    assert error_db(found, expected) < -70.0


def test_an_effect_in_a_container_in_a_container() -> None:
    gain = Gain(0)
    board = Chain([Pedalboard([Mix([Chain([gain]), Gain(-100)])])])
    found = play(board, NOISE, {gain: {"gain_db": [(0.3, 0), (0.3, -100)]}})
    np.testing.assert_array_equal(found[:, :14_400], NOISE[:, :14_400])
    assert abs(found[:, 14_400:]).max() < 1e-4


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(7_400, 8_600), min_size=2, max_size=6, unique=True))
def test_sounds_that_come_in_each_other_s_fades_are_the_same_for_any_cut(frames: list[int]) -> None:
    amp, audio = NeuralAmp(MODEL), NOISE[:1, :20_000]
    sizes = [(frame / RATE, n % 2) for n, frame in enumerate(sorted(frames))]
    lanes: Automation = {amp: {"size": Lane([(0, 1), *sizes], "step")}}
    np.testing.assert_array_equal(
        play(amp, audio, lanes, cuts=[8_192]), play(amp, audio, lanes, cuts=[20_000])
    )
