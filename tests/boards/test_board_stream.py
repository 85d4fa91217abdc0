# SPDX-License-Identifier: MIT
"""A board on blocks plays what the board plays in one call, latency, tails and all."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

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


@pytest.mark.parametrize("rate", [7_999.0, 384_001.0])
def test_a_rate_at_which_an_amp_would_be_silent_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="a NeuralAmp plays at 8000 to 384000 Hz"):
        BoardStream(Pedalboard([Gain(0), Chain([_amp()])]), rate, 2)


def test_more_channels_than_an_effect_takes_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="num_channels is 9; a NeuralAmp plays 1 to 8 channels"):
        BoardStream(Pedalboard([_amp()]), 48_000, 9)
    BoardStream(Pedalboard([_amp()]), 48_000, 8).close()


@pytest.mark.parametrize(
    ("channels", "block", "error", "said"),
    [
        (
            2,
            np.zeros((3, 99), np.float32),
            ValueError,
            r"shape \(3, 99\); expected 2 channels, \(2, f",
        ),
        (
            2,
            np.zeros((99, 2), np.float32),
            ValueError,
            r"shape \(99, 2\); expected 2 channels, \(2, f",
        ),
        (
            2,
            np.zeros(99, np.float32),
            ValueError,
            r"shape \(99,\); expected 2 channels, \(2, frames\)",
        ),
        (1, np.zeros((2, 99)), ValueError, r"expected 1 channel, \(frames,\) or \(1, frames\)"),
        (2, np.zeros((2, 9, 9)), ValueError, r"shape \(2, 9, 9\); expected 2 channels"),
        (
            2,
            np.zeros((2, 99), np.int16),
            TypeError,
            "dtype int16; accepted are float32 and float64",
        ),
        (2, None, TypeError, "dtype object; accepted are float32 and float64"),
    ],
)
def test_a_block_that_does_not_fit_is_refused_and_the_stream_goes_on(
    channels: int, block: Any, error: type[Exception], said: str
) -> None:
    dry = np.resize(_noise, (channels, 5_000))
    stream = BoardStream(_amp(), 48_000, channels)
    wet = [stream.process(dry[:, :999])]
    with pytest.raises(error, match=said):
        stream.process(block)
    wet += [stream.process(dry[:, 999:]), *stream.finish()]
    np.testing.assert_array_equal(np.concatenate(wet, axis=1), _amp()(dry, 48_000))


def test_mono_and_doubles_are_taken_as_a_stream_takes_them() -> None:
    stream = BoardStream([], 48_000, 1)
    wet = [stream.process(_noise[0].astype(np.float64)), *stream.finish()]
    np.testing.assert_array_equal(np.concatenate(wet, axis=1), _noise[:1])


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda stream: list(stream.finish()), "this BoardStream has finished; make another"),
        (lambda stream: next(stream.finish(9_999)), "this BoardStream has finished"),
        (lambda stream: stream.close(), "this BoardStream is closed; make another"),
    ],
)
def test_after_its_end_a_stream_takes_nothing(end: Callable[[BoardStream], Any], said: str) -> None:
    stream = BoardStream(Gain(0), 48_000, 2)
    stream.process(_noise)
    _rest = end(stream)
    with pytest.raises(ValueError, match=said):
        stream.process(_noise)
    with pytest.raises(ValueError, match=said):
        next(stream.finish())


@pytest.mark.parametrize(
    ("rate", "channels", "said"),
    [
        (math.nan, 2, "sample_rate is NaN; a number of Hz above 0 is expected"),
        ("48k", 2, 'sample_rate is "48k"; a number'),
        (48_000, 0, "num_channels is 0; accepted are whole numbers of 1 and more"),
        (48_000, 2.0, "num_channels is 2.0; accepted are whole numbers"),
    ],
)
def test_what_is_no_rate_or_number_of_channels_is_refused(
    rate: Any, channels: Any, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        BoardStream(Gain(0), rate, channels)


@pytest.mark.parametrize("frames", [-1, 0.5, None])
def test_what_is_no_tail_is_refused_and_another_may_be_asked_for(frames: Any) -> None:
    stream = BoardStream(Gain(0), 48_000, 2)
    with pytest.raises(ValueError, match=r"tail_frames is .*; accepted are whole numbers of 0"):
        list(stream.finish(frames))
    assert sum(wet.shape[1] for wet in stream.finish(100)) == 100


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_as_many_frames_are_given_as_were_taken(rate: float) -> None:
    stream = BoardStream(_amp(), rate, 2)
    frames = stream.process(_noise).shape[1]
    assert (stream.taken, stream.given) == (30_001, frames)
    frames += sum(block.shape[1] for block in stream.finish(99))
    assert stream.taken == stream.given == frames == 30_100
