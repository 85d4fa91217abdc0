# SPDX-License-Identifier: MIT
"""A board on blocks plays what the board plays in one call, latency, tails and all."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import cycle

import numpy as np
import pytest
from numpy.typing import NDArray
from pedalboard import Chain, Convolution, Delay, Gain, Mix, NoiseGate, Pedalboard, Plugin, Reverb
from playing import random_model

from pedalboard_nam import NeuralAmp
from pedalboard_nam.boards.board_stream import BoardStream

Audio = NDArray[np.float32]

_model = random_model("lite")
_noise = 0.1 * np.random.default_rng(5).standard_normal((2, 30_001), np.float32)
_cuts = [[4096], [512, 1024, 700], [1, 2, 3, 7, 1000, 64, 20_000], [30_001]]


def _amp() -> NeuralAmp:
    return NeuralAmp(_model)


_boards: dict[str, Callable[[], list[Plugin]]] = {
    "no effect": lambda: [],
    "amp": lambda: [_amp()],
    "an effect with a tail after a latency": lambda: [_amp(), Delay(0.1)],
    "gate, amp, reverb": lambda: [NoiseGate(-60), _amp(), Reverb()],
    "dry and wet": lambda: [Mix([_amp(), Gain(0)]), Delay(0.05)],
    "three latencies": lambda: [Mix([Gain(0), _amp(), Chain([_amp(), _amp()])])],
    "a mix in a mix": lambda: [
        Chain([_amp(), Mix([Chain([_amp(), Mix([_amp(), Gain(-3)])]), Gain(1)])]),
        Reverb(),
    ],
    "a mix of nothing": lambda: [Mix([]), Gain(0)],
}


def _streamed(board: Pedalboard, rate: float, cuts: Sequence[int]) -> Audio:
    stream = BoardStream(board, rate, _noise.shape[0])
    wet: list[Audio] = []
    lengths = cycle(cuts)
    while stream.taken < _noise.shape[1]:
        wet.append(stream.process(_noise[:, stream.taken : stream.taken + next(lengths)]))
    return np.concatenate([*wet, *stream.finish()], axis=1)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("cuts", _cuts, ids=str)
@pytest.mark.parametrize("board", _boards.values(), ids=_boards)
def test_any_cut_gives_the_bits_of_one_call(
    board: Callable[[], list[Plugin]], cuts: list[int], rate: float
) -> None:
    expected = Pedalboard(board())(_noise, rate)
    np.testing.assert_array_equal(_streamed(Pedalboard(board()), rate, cuts), expected)


def test_a_board_that_has_played_something_else_starts_from_silence() -> None:
    board = Pedalboard([_amp(), Delay(0.1)])
    expected = board(_noise, 44_100)
    board(_noise[:, :999], 96_000, reset=False)
    np.testing.assert_array_equal(_streamed(board, 44_100, [4096]), expected)


def test_convolution_is_equal_to_rounding() -> None:
    impulse_response = 0.01 * np.random.default_rng(6).standard_normal(20_000, np.float32)
    board = Pedalboard([Convolution(impulse_response, sample_rate=44_100)])
    expected = board(_noise, 44_100)
    np.testing.assert_allclose(_streamed(board, 44_100, [700, 4096]), expected, atol=1e-7)


def test_convolution_gives_the_same_bits_for_any_cut_and_any_past() -> None:
    impulse_response = 0.01 * np.random.default_rng(6).standard_normal(20_000, np.float32)
    board = Pedalboard([_amp(), Convolution(impulse_response, sample_rate=44_100)])
    expected = _streamed(board, 44_100, [4096])
    board(_noise, 44_100, buffer_size=20_000)
    np.testing.assert_array_equal(_streamed(board, 44_100, [700, 9_000]), expected)


def test_a_tail_is_what_the_board_makes_of_silence() -> None:
    board = Pedalboard([_amp(), Delay(0.1)])
    padded = np.pad(_noise, [(0, 0), (0, 12_345)])
    stream = BoardStream(board, 44_100, 2)
    wet = np.concatenate([stream.process(_noise), *stream.finish(12_345)], axis=1)
    np.testing.assert_array_equal(wet, board(padded, 44_100))


@pytest.mark.parametrize("rate", [7_999.0, 384_001.0, math.nan])
def test_a_rate_at_which_an_amp_would_be_silent_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="a NeuralAmp plays at 8000 to 384000 Hz"):
        BoardStream(Pedalboard([Gain(0), Chain([_amp()])]), rate, 2)


def test_more_channels_than_an_effect_takes_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="9-channel"):
        BoardStream(Pedalboard([_amp()]), 48_000, 9)
