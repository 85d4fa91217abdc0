# SPDX-License-Identifier: MIT
"""Properties that follow lanes: when, how smoothly, and what is refused before anything plays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pedalboard
import pytest
from numpy.typing import NDArray
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
    Reverb,
    VST3Plugin,
)
from playing import random_model, random_nam

from pedalboard_nam import Lane, Model, NeuralAmp, render
from pedalboard_nam.automation.automated_board import Automation
from pedalboard_nam.boards.board_stream import BoardStream
from pedalboard_nam.plugin import bundle_path

Audio = NDArray[np.float32]
RATE = 48_000
MODEL = random_model("lite")
brickwall_limiter: Any = getattr(pedalboard, "BrickwallLimiter", None)
has_limiter = pytest.mark.skipif(brickwall_limiter is None, reason="an old pedalboard")
NOISE = 0.1 * np.random.default_rng(5).standard_normal((2, 30_001), np.float32)


def play(
    board: Plugin,
    audio: Audio,
    automation: Automation,
    rate: float = RATE,
    cuts: Sequence[int] = (4096,),
) -> Audio:
    with BoardStream(board, rate, len(audio), automation) as stream:
        lengths = cycle(cuts)
        wet: list[Audio] = []
        while stream.taken < audio.shape[1]:
            wet.append(stream.process(audio[:, stream.taken : stream.taken + next(lengths)]))
        return np.concatenate([*wet, *stream.finish()], axis=1)


def seconds(frames: int, rate: float = RATE) -> NDArray[np.float64]:
    return np.arange(frames) / rate


def sweep(frames: int, rate: float = RATE) -> Audio:
    time_s = seconds(frames, rate)
    return np.sin(2 * np.pi * (300 + 500 * time_s) * time_s, dtype=np.float32)[np.newaxis] * 0.2


def gains(db: NDArray[np.float64]) -> NDArray[np.float64]:
    return 10.0 ** (db / 20.0)


def error_db(found: Audio, expected: NDArray[Any]) -> float:
    return 20 * math.log10(np.linalg.norm(found - expected) / np.linalg.norm(expected))


# --- The same bits for any cut, and only where the lane goes --------------------------------------


def _everything() -> tuple[Plugin, Automation]:
    amp, second, delay, reverb = NeuralAmp(MODEL), NeuralAmp(MODEL), Delay(0.05), Reverb()
    cab = Convolution(0.1 * NOISE[0, :999], sample_rate=RATE)
    board = Pedalboard([amp, Mix([Chain([second, delay]), Gain(-6)]), cab, reverb])
    return board, {
        amp: {"input_gain_db": [(0.1, 0), (0.3, 20)], "size": [(0, "full"), (0.2, "lite")]},
        delay: {"mix": lambda time_s: 0.5 + 0.5 * math.sin(40 * time_s)},
        second: {"output_gain_db": Lane.sampled(np.arange(40.0), 100.0)},
        cab: {"mix": Lane([(0.2, 1), (0.4, 0)], "smooth")},
        reverb: {"wet_level": [(0.5, 0), (0.5, 0.3)]},
    }


def _convolution() -> tuple[Plugin, Automation]:
    cab = Convolution(0.1 * NOISE[0, :999], sample_rate=RATE)
    return cab, {cab: {"mix": [(0.1, 0), (0.2, 1), (0.4, 1), (0.5, 0)]}}


@pytest.mark.parametrize("make", [_everything, _convolution])
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


def test_a_step_of_a_gain_lies_within_a_sub_block_of_its_time() -> None:
    gain = Gain(0)
    ones = np.ones((1, RATE), np.float32)
    times_s = [0.1003, 0.2504, 0.7777]
    points = list(zip([0.0, *times_s], [0.0, -6.0, 0.0, -6.0], strict=True))
    found = play(gain, ones, {gain: {"gain_db": Lane(points, "step")}})
    steps = np.flatnonzero(np.diff(found[0])) + 1
    np.testing.assert_allclose(steps / RATE, times_s, rtol=0, atol=17 / RATE)


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
    np.testing.assert_array_equal(found[:, :14_300], NOISE[:, :14_300])
    assert abs(found[:, 14_500:]).max() < 1e-4


# --- Without zipper noise -------------------------------------------------------------------------


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
    assert error_db(found, expected) < -95.0


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


# --- Models, sizes and other steps ----------------------------------------------------------------


def test_models_and_sizes_are_stepped() -> None:
    one, other = random_model("lite"), random_model("lite", seed=1)
    amp = NeuralAmp(one)
    lanes = {"model": [(0, one), (0.25, random_nam("lite", 1))], "output_mode": [(0, "raw")]}
    found = play(amp, NOISE, {amp: lanes})
    np.testing.assert_array_equal(found[:, :11_700], render(one, NOISE, RATE)[:, :11_700])
    np.testing.assert_array_equal(found[:, 12_300:], render(other, NOISE, RATE)[:, 12_300:])
    assert amp.model is one


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 96_000])
def test_the_middle_of_a_fade_is_at_the_time_of_its_step(rate: float) -> None:
    one, other = random_model("lite"), random_model("lite", seed=1)
    audio = NOISE[:1, : rate // 3]
    before, after = render(one, audio, rate), render(other, audio, rate)
    for step_s in 0.2 + np.arange(7) * 0.0007:
        amp = NeuralAmp(one)
        found = play(amp, audio, {amp: {"model": [(0, one), (step_s, other)]}}, rate)
        begin = np.flatnonzero(found != before)[0] / rate
        end = np.flatnonzero(found != after)[-1] / rate
        assert 0.004 < end - begin < 0.0051
        assert abs((begin + end) / 2 - step_s) < 0.0027


def test_a_mode_is_stepped() -> None:
    ladder = LadderFilter()
    lanes = {ladder: {"mode": [(0, LadderFilter.LPF12), (0.3, LadderFilter.HPF24)]}}
    found = play(Pedalboard([ladder]), NOISE, lanes)
    low = LadderFilter()(NOISE, RATE)
    np.testing.assert_array_equal(found[:, :14_380], low[:, :14_380])
    assert error_db(found[:, 15_000:], low[:, 15_000:]) > 0


@has_limiter
def test_a_switch_is_stepped() -> None:
    limiter = brickwall_limiter()
    play(limiter, NOISE, {limiter: {"true_peak": [(0, False), (0.1, True)]}})
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


# --- What is refused, and what is left behind -----------------------------------------------------


def _amp() -> NeuralAmp:
    return NeuralAmp(MODEL)


@pytest.mark.parametrize(
    ("effect", "name", "lane", "said"),
    [
        (Gain, "gian_db", [(0, 0)], "Gain has no 'gian_db'; it has gain_db$"),
        (Gain, "is_effect", [(0, 0)], "Gain has no 'is_effect'"),
        (_amp, "preset_data", [(0, 0)], "NeuralAmp has no 'preset_data'; it has input_gain_db, "),
        (Gain, "gain_db", [], "automation of Gain.gain_db: a lane has no points"),
        (Gain, "gain_db", [(1, 0), (0, 0)], "Gain.gain_db: point 1 of a lane is at 0 s after 1 s"),
        (Gain, "gain_db", [(0, math.nan)], "Gain.gain_db: point 0 of a lane, at 0 s, is nan"),
        (Gain, "gain_db", 3, "Gain.gain_db: 3 is no lane"),
        (Gain, "gain_db", "loud", "Gain.gain_db: point 0 of a lane is 'l'"),
        (Gain, "gain_db", [(0, "loud")], "Gain.gain_db: 'loud' is not a number"),
        (Gain, "gain_db", Lane([(0, "loud")], "step"), "Gain.gain_db does not take 'loud'"),
        (Gain, "gain_db", lambda time_s: math.nan, "automation of Gain.gain_db is nan at 0 s"),
        (Gain, "gain_db", lambda time_s: "loud", "Gain.gain_db is 'loud' at 0 s"),
        (Delay, "mix", [(0, 0), (1, 1.5)], "automation of Delay.mix: Mix must be between"),
        (_amp, "input_gain_db", [(0, 0), (1, 51)], "input_gain_db is 51; accepted are -50 to"),
        (_amp, "size", [(0, "full"), (1, "huge")], "NeuralAmp.size: size is 'huge'; accepted are"),
        (_amp, "model", [(0, None)], "NeuralAmp.model: cannot load a model from NoneType"),
        (_amp, "size", Lane([(0, 0), (1, 1)]), "NeuralAmp.size changes in steps"),
        (
            _amp,
            "output_mode",
            [(0, "calibrated")],
            "NeuralAmp.output_mode: .* needs interface_level",
        ),
        (LadderFilter, "mode", [(0, 2)], r"LadderFilter.mode does not take 2\.0"),
        (lambda: VST3Plugin(bundle_path()), "input_gain_db", [(0, 99)], "out of range"),
        (
            lambda: VST3Plugin(bundle_path()),
            "gain",
            [(0, 0)],
            "it has input_gain_db, output_gain_db",
        ),
    ],
)
def test_bad_lanes_are_refused_before_anything_plays(
    effect: Callable[[], Plugin], name: str, lane: Any, said: str
) -> None:
    made, other = effect(), Gain(1.5)
    automation = {other: {"gain_db": [(0, -3)]}, made: {name: lane}}
    with pytest.raises(ValueError, match=said):
        BoardStream(Pedalboard([other, made]), RATE, 1, automation)
    assert other.gain_db == 1.5


def test_models_of_two_rates_are_refused() -> None:
    amp, other = NeuralAmp(MODEL), {**random_nam("lite", 1), "sample_rate": 44_100}
    with pytest.raises(ValueError, match="has models of 44100 and 48000 Hz; one rate is accepted"):
        BoardStream(amp, RATE, 1, {amp: {"model": [(0, MODEL), (1, other)]}})
    assert amp.model is MODEL


def test_an_effect_of_another_board_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Gain .* is not an effect of the board"):
        BoardStream(Pedalboard([Gain(0)]), RATE, 1, {Gain(0): {"gain_db": [(0, 0)]}})


def test_one_effect_in_two_places_is_refused() -> None:
    gain = Gain(0)
    with pytest.raises(ValueError, match="in the board twice"):
        BoardStream(Mix([gain, Chain([gain])]), RATE, 1)


def test_a_value_that_is_refused_on_the_way_says_which_and_leaves_the_property() -> None:
    delay = Delay(0.1, mix=0.25)
    with pytest.raises(ValueError, match=r"automation of Delay.mix: Mix must be between"):
        play(delay, NOISE, {delay: {"mix": lambda time_s: 4 * time_s}})
    assert delay.mix == 0.25


def test_properties_are_as_before() -> None:
    board, automation = _everything()
    before = [[getattr(effect, name) for name in lanes] for effect, lanes in automation.items()]
    play(board, NOISE, automation)
    after = [[getattr(effect, name) for name in lanes] for effect, lanes in automation.items()]
    assert after == before


def test_they_are_too_where_the_channels_do_not_suit() -> None:
    gain, amp = Gain(1.5), NeuralAmp(MODEL)
    with pytest.raises(ValueError, match="9-channel"):
        BoardStream(Pedalboard([gain, amp]), RATE, 9, {gain: {"gain_db": [(0, -3)]}})
    assert gain.gain_db == 1.5


def test_a_board_that_alone_keeps_its_effects() -> None:
    board = Pedalboard([Gain(0), Gain(0)])
    found = play(board, NOISE, {board[1]: {"gain_db": [(0, 6)]}})
    np.testing.assert_allclose(found, NOISE * 10 ** (6 / 20), rtol=1e-6)


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    amp = NeuralAmp(MODEL)
    with pytest.raises(FileNotFoundError):
        BoardStream(amp, RATE, 1, {amp: {"model": [(0, tmp_path / "none.nam")]}})
    assert amp.model is MODEL


def test_lanes_without_a_property_are_refused() -> None:
    gain = Gain(1.5)
    automation: Any = {gain: [(0, 1)]}
    with pytest.raises(
        ValueError, match=r"automation of Gain is \[\(0, 1\)\]; expected are lanes by"
    ):
        BoardStream(gain, RATE, 1, automation)


@pytest.mark.parametrize("tail_frames", [0, 5_000])
@pytest.mark.parametrize("make", [lambda: Gain(0), lambda: NeuralAmp(MODEL)])
def test_a_function_is_asked_for_no_time_behind_the_end(
    make: Callable[[], Plugin], tail_frames: int
) -> None:
    effect, times_s = make(), list[float]()
    name = "gain_db" if isinstance(effect, Gain) else "input_gain_db"

    def lane(time_s: float) -> float:
        times_s.append(time_s)
        return 0.0

    with BoardStream(effect, 44_100, 2, {effect: {name: lane}}) as stream:
        list(map(np.copy, [stream.process(NOISE), *stream.finish(tail_frames)]))
    assert max(times_s) == (NOISE.shape[1] + tail_frames - 1) / 44_100


def test_an_error_of_a_function_says_of_which_lane_and_when() -> None:
    gain = Gain(1.5)
    with pytest.raises(ValueError, match=r"Gain.gain_db: at 0 s .* ZeroDivisionError: float div"):
        BoardStream(gain, RATE, 1, {gain: {"gain_db": lambda time_s: 1 / time_s}})
    assert gain.gain_db == 1.5


# --- Steps of one amp, together -------------------------------------------------------------------


def _without_loudness(nam: Any) -> Any:
    if isinstance(nam, dict):
        return {key: _without_loudness(v) for key, v in nam.items() if key != "loudness"}
    return [_without_loudness(v) for v in nam] if isinstance(nam, list) else nam


LOUD, UNKNOWN = MODEL, Model.load(_without_loudness(random_nam("lite", 1)))


def _step(*points: tuple[float, Any]) -> Lane:
    return Lane(points, "step")


def test_steps_that_contradict_each_other_are_refused_before_anything_plays() -> None:
    amp = NeuralAmp(LOUD)
    lanes = {"model": _step((0, LOUD), (0.3, UNKNOWN)), "output_mode": _step((0.4, "normalized"))}
    with pytest.raises(ValueError, match=r"NeuralAmp.model, output_mode: .*loudness"):
        BoardStream(amp, RATE, 1, {amp: lanes})
    assert (amp.model, amp.output_mode) == (LOUD, "raw")


@pytest.mark.parametrize("names", [["model", "output_mode"], ["output_mode", "model"]])
def test_steps_of_one_moment_that_suit_each_other_are_set_together(names: list[str]) -> None:
    amp = NeuralAmp(LOUD, output_mode="normalized")
    points = {"model": (LOUD, UNKNOWN), "output_mode": ("normalized", "raw")}
    lanes = {name: _step((0, points[name][0]), (0.3, points[name][1])) for name in names}
    found = play(amp, NOISE, {amp: lanes})
    loud = render(LOUD, NOISE, RATE, output_mode="normalized")
    np.testing.assert_array_equal(found[:, :14_000], loud[:, :14_000])
    np.testing.assert_array_equal(found[:, 15_000:], render(UNKNOWN, NOISE, RATE)[:, 15_000:])
    assert (amp.model, amp.output_mode) == (LOUD, "normalized")
