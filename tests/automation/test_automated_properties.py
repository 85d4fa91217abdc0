# SPDX-License-Identifier: MIT
"""Which lanes a property takes, what is refused before anything plays, and what is left behind."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import nam_factory
import numpy as np
import pytest
from automated import MODEL, NOISE, RATE, brickwall_limiter, everything, has_limiter, play
from pedalboard import Chain, Delay, Gain, LadderFilter, Mix, Pedalboard, Plugin, VST3Plugin
from playing import random_nam

from pedalboard_nam import Lane, Model, NeuralAmp, render
from pedalboard_nam.boards.board_stream import BoardStream
from pedalboard_nam.effect.neural_amp import bundle_path


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
        (Gain, "gain_db", Lane([(0, "loud")], "step"), "Gain.gain_db is 'loud'; accepted are numb"),
        (Gain, "gain_db", Lane([(0, True)], "step"), "Gain.gain_db is True; accepted are numbers"),
        (Gain, "gain_db", lambda time_s: math.nan, "automation of Gain.gain_db is nan at 0 s"),
        (Gain, "gain_db", lambda time_s: "loud", "Gain.gain_db is 'loud' at 0 s"),
        (Delay, "mix", [(0, 0), (1, 1.5)], "automation of Delay.mix: Mix must be between"),
        (_amp, "input_gain_db", [(0, 0), (1, 51)], "input_gain_db is 51; accepted are -50 to"),
        (_amp, "size", [(0, "full"), (1, "huge")], "NeuralAmp.size: size is 'huge'; accepted are"),
        (
            _amp,
            "size",
            Lane([(0, ["full"])], "step"),
            r"NeuralAmp.size: size is \['full'\]; accepted",
        ),
        (
            _amp,
            "model",
            [(0, MODEL), (1, np.ones(2))],
            "NeuralAmp.model: cannot load a model from ",
        ),
        (_amp, "model", [(0, None)], "NeuralAmp.model: cannot load a model from NoneType"),
        (_amp, "size", Lane([(0, 0), (1, 1)]), "NeuralAmp.size changes in steps"),
        (
            _amp,
            "output_mode",
            [(0, "calibrated")],
            "NeuralAmp.output_mode: .* needs interface_level",
        ),
        (
            LadderFilter,
            "mode",
            [(0, 2)],
            r"LadderFilter.mode is 2\.0; accepted are LPF12, HPF12",
        ),
        (LadderFilter, "mode", [(0, "HPF25")], "LadderFilter.mode is 'HPF25'; accepted are LPF12"),
        (LadderFilter, "mode", lambda time_s: 0.0, "LadderFilter.mode changes in steps: give a La"),
        (_amp, "output_mode", [(0, "loud")], 'output_mode is \'loud\'; accepted are "raw", "norm'),
        (_amp, "input_gain_db", Lane([(0, "3 dB")], "step"), "input_gain_db is '3 dB'; accepted"),
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
    board, automation = everything()
    before = [[getattr(effect, name) for name in lanes] for effect, lanes in automation.items()]
    play(board, NOISE, automation)
    after = [[getattr(effect, name) for name in lanes] for effect, lanes in automation.items()]
    assert after == before


class OfAnotherName(NeuralAmp):
    """What is known to take no more than 8 channels only when it refuses them."""

    name = "Other"


def test_they_are_too_where_the_channels_do_not_suit() -> None:
    gain, amp = Gain(1.5), OfAnotherName(MODEL)
    with pytest.raises(ValueError, match="9-channel"):
        BoardStream(Pedalboard([gain, amp]), RATE, 9, {gain: {"gain_db": [(0, -3)]}})
    assert gain.gain_db == 1.5


def test_a_board_that_alone_keeps_its_effects() -> None:
    board = Pedalboard([Gain(0), Gain(0)])
    found = play(board, NOISE, {board[1]: {"gain_db": [(0, 6)]}})
    np.testing.assert_allclose(found, NOISE * 10 ** (6 / 20), rtol=1e-6)


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    amp = NeuralAmp(MODEL)
    with pytest.raises(FileNotFoundError, match=r"automation of NeuralAmp.model.*none.nam"):
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


def test_a_function_is_asked_for_no_time_that_has_not_come_for_a_jump_beside_it_either() -> None:
    amp, times_s = NeuralAmp(MODEL), list[float]()

    def lane(time_s: float) -> float:
        times_s.append(time_s)
        return 0.0

    jump_s = (2 * 8_192 - 1) / RATE  # with the last frame of a block
    lanes = {"input_gain_db": lane, "output_gain_db": [(jump_s, 0), (jump_s, 6)]}
    with BoardStream(amp, RATE, 2, {amp: lanes}) as stream:
        for _ in range(3):
            stream.process(NOISE[:, :8_192])
            assert max(times_s) < stream.taken / RATE


def test_an_error_of_a_function_says_of_which_lane_and_when() -> None:
    gain = Gain(1.5)
    with pytest.raises(ValueError, match=r"Gain.gain_db: at 0 s .* ZeroDivisionError: float div"):
        BoardStream(gain, RATE, 1, {gain: {"gain_db": lambda time_s: 1 / time_s}})
    assert gain.gain_db == 1.5


# --- Choices --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["HPF24", LadderFilter.HPF24])
def test_a_choice_goes_by_its_name_too(mode: Any) -> None:
    ladder = LadderFilter()
    found = play(ladder, NOISE, {ladder: {"mode": [(0, mode)]}})
    np.testing.assert_array_equal(found, LadderFilter(LadderFilter.HPF24)(NOISE, RATE))
    assert ladder.mode == LadderFilter.LPF12


def test_an_output_mode_goes_by_its_name() -> None:
    amp = NeuralAmp(MODEL)
    found = play(amp, NOISE, {amp: {"output_mode": [(0, "raw"), (0.3, "normalized")]}})
    loud = render(MODEL, NOISE, RATE, output_mode="normalized")
    np.testing.assert_array_equal(found[:, :14_400], render(MODEL, NOISE, RATE)[:, :14_400])
    np.testing.assert_array_equal(found[:, 14_640:], loud[:, 14_640:])


@has_limiter
def test_a_switch_is_true_or_false() -> None:
    limiter = brickwall_limiter()
    with pytest.raises(ValueError, match=r"true_peak is 1\.0; accepted are True and False"):
        BoardStream(limiter, RATE, 1, {limiter: {"true_peak": [(0, 1)]}})


# --- Steps of one amp, together ---


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
    np.testing.assert_array_equal(found[:, :14_400], loud[:, :14_400])
    np.testing.assert_array_equal(found[:, 14_640:], render(UNKNOWN, NOISE, RATE)[:, 14_640:])
    assert (amp.model, amp.output_mode) == (LOUD, "normalized")


def test_sizes_by_number_are_tried_each_with_what_goes_with_it() -> None:
    silent = _without_loudness(random_nam("full", 2))
    pair = Model.load(_wrapped((0.5, random_nam("lite")), (1.0, silent)))
    amp, lanes = NeuralAmp(pair), {"output_mode": _step((0, "normalized"), (0.3, "raw"))}
    play(amp, NOISE, {amp: lanes | {"size": _step((0, 0.0), (0.3, 1.0))}})
    middle = _wrapped((0.3, random_nam("lite")), (0.6, silent), (1.0, random_nam("lite", 1)))
    amp = NeuralAmp(Model.load(middle), size=0.0, output_mode="normalized")
    with pytest.raises(ValueError, match=r"NeuralAmp.size: .*loudness"):
        BoardStream(amp, RATE, 1, {amp: {"size": _step((0, 0.0), (0.2, 0.5), (0.4, 1.0))}})


def _wrapped(*submodels: tuple[float, Any]) -> dict[str, Any]:
    nam = nam_factory.wrap(list(submodels))
    nam["metadata"].pop("loudness", None)  # each has its own, or none
    return nam


def test_a_model_is_read_once_whatever_becomes_of_its_file(tmp_path: Path) -> None:
    paths = [tmp_path / f"{seed}.nam" for seed in range(2)]
    for seed, path in enumerate(paths):
        path.write_text(json.dumps(random_nam("lite", seed)))
    amp = NeuralAmp(MODEL)
    points = [(0.1 * n, paths[n % 2]) for n in range(5)]
    expected = play(amp, NOISE, {amp: {"model": points}})
    with BoardStream(amp, RATE, 2, {amp: {"model": points}}) as stream:
        for path in paths:
            path.unlink()
        found = np.concatenate([stream.process(NOISE), *stream.finish()], axis=1)
    np.testing.assert_array_equal(found, expected)


def test_a_model_may_be_an_open_file() -> None:
    files = [BytesIO(json.dumps(random_nam("lite", seed)).encode()) for seed in range(2)]
    models = [Model.load(random_nam("lite", seed)) for seed in range(2)]
    amp = NeuralAmp(MODEL)
    found, expected = (
        play(amp, NOISE, {amp: {"model": [(0.1 * n, one) for n, one in enumerate(ones)]}})
        for ones in (files, models)
    )
    np.testing.assert_array_equal(found, expected)
