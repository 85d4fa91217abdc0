# SPDX-License-Identifier: MIT
"""An effect plays one signal at a time: until that is done, another stream of it is refused."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pedalboard import Chain, Delay, Gain, Mix, Pedalboard, Plugin, Reverb
from pedalboard.io import AudioFile
from playing import random_model

from pedalboard_nam import BoardStream, NeuralAmp, Session, Track, bounce

Audio = NDArray[np.float32]

_noise = 0.1 * np.random.default_rng(5).standard_normal((1, 50_000), np.float32)
_refused = "is being played by another BoardStream or bounce"


@pytest.fixture
def dry(tmp_path: Path) -> Path:
    with AudioFile(os.fspath(tmp_path / "dry.wav"), "w", 48_000, 1, bit_depth=32) as file:
        file.write(_noise)
    return tmp_path / "dry.wav"


@pytest.mark.parametrize(
    "other",
    [
        lambda effect: effect,
        lambda effect: [Gain(0), effect],
        lambda effect: Pedalboard([Chain([Mix([Gain(0), effect])])]),
    ],
)
@pytest.mark.parametrize("make", [Reverb, lambda: NeuralAmp(random_model("lite"))])
def test_an_effect_at_work_is_refused_wherever_it_is(
    make: Callable[[], Plugin], other: Callable[[Plugin], Any]
) -> None:
    effect = make()
    stream = BoardStream([effect], 48_000, 1)
    with pytest.raises(ValueError, match=_refused):
        BoardStream(other(effect), 48_000, 1)
    stream.close()
    BoardStream(other(effect), 48_000, 1).close()


def test_effects_that_only_their_board_holds_are_known_too() -> None:
    board = Pedalboard([NeuralAmp(random_model("lite")), Chain([Reverb()])])
    stream = BoardStream(board, 48_000, 1)
    with pytest.raises(ValueError, match=_refused):
        BoardStream(board[1], 48_000, 1)
    stream.close()


def test_messages_name_an_effect_by_its_kind_and_which_one_it_is() -> None:
    first, second, amp = Gain(0), Gain(3), NeuralAmp(random_model("lite"))
    with BoardStream([second, amp], 48_000, 1):
        with pytest.raises(ValueError, match=f"^Gain 2 of 2 {_refused}"):
            BoardStream([first, Chain([second, amp])], 48_000, 1)
        with pytest.raises(ValueError, match=f"^NeuralAmp {_refused}"):
            BoardStream([first, amp, second], 48_000, 1)
    with pytest.raises(ValueError, match=r"^Gain 1 of 2 is in the board twice"):
        BoardStream([first, second, first], 48_000, 1)
    with pytest.raises(ValueError, match=r"^Gain is in the board twice"):
        BoardStream([first, first], 48_000, 1)


def test_the_stream_that_was_first_is_not_spoiled() -> None:
    board = Pedalboard([Delay(0.01), Reverb()])
    expected = board(_noise, 48_000)
    gain = Gain(0)
    stream = BoardStream(board, 48_000, 1)
    wet = [stream.process(_noise[:, :20_000])]
    with pytest.raises(ValueError, match=_refused):
        BoardStream([gain, board[1]], 48_000, 1, {gain: {"gain_db": [(0, 6)]}})
    wet += [stream.process(_noise[:, 20_000:]), *stream.finish()]
    np.testing.assert_array_equal(np.concatenate(wet, axis=1), expected)
    BoardStream(gain, 48_000, 1).close()  # of a board that is refused, nothing is kept


def _fail(_: float) -> float:
    raise RuntimeError("enough")


def _not_played(gain: Gain) -> None:
    BoardStream(gain, 48_000, 1, {gain: {"gain_db": "x"}})


def _not_accepted(gain: Gain) -> None:
    BoardStream(gain, 48_000, 1, {gain: {"no_such": [(0, 1)]}})


def _fails_on_the_way(gain: Gain) -> None:
    fails_later = {gain: {"gain_db": lambda time_s: _fail(time_s) if time_s > 0.5 else 0.0}}
    stream = BoardStream(gain, 48_000, 1, fails_later)
    try:
        stream.process(_noise)
    except ValueError:
        with pytest.raises(ValueError, match="closed"):
            stream.process(_noise)
        raise


@pytest.mark.parametrize("fail", [_not_played, _not_accepted, _fails_on_the_way])
def test_an_error_lets_go_of_the_board(fail: Callable[[Gain], None]) -> None:
    gain = Gain(3)
    with pytest.raises(ValueError, match="automation") as raised:
        fail(gain)
    assert gain.gain_db == 3
    BoardStream(gain, 48_000, 1).close()
    del raised  # as a prompt does, it held the stream until here


@pytest.mark.parametrize(
    "end",
    [
        lambda stream: None,  # it is gone
        lambda stream: list(stream.finish()),
        lambda stream: stream.finish(9_999_999).close() or next(stream.finish()),
        lambda stream: [stream.close(), stream.close()],
    ],
)
def test_the_end_of_a_stream_lets_go_of_the_board(end: Callable[[BoardStream], Any]) -> None:
    gain = Gain(0)
    end(BoardStream(gain, 48_000, 1))
    BoardStream(gain, 48_000, 1).close()


def test_a_closed_stream_takes_nothing_from_the_next() -> None:
    gain = Gain(0)
    old = BoardStream(gain, 48_000, 1)
    old.close()
    stream = BoardStream(gain, 48_000, 1, {gain: {"gain_db": [(0, 6)]}})
    old.close()
    with pytest.raises(ValueError, match=_refused):
        BoardStream(gain, 48_000, 1)
    assert gain.gain_db == 6
    stream.close()


def test_of_two_bounces_at_once_one_is_refused_and_the_other_is_right(
    dry: Path, tmp_path: Path
) -> None:
    board = Pedalboard([Reverb()])
    expected = board(_noise, 48_000)
    plays, may_end = Event(), Event()

    def hold(*_: int) -> None:
        plays.set()
        may_end.wait(30)

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(bounce, board, dry, tmp_path / "first.wav", progress=hold)
        assert plays.wait(30)
        with pytest.raises(ValueError, match=_refused):
            bounce(board[0], dry, tmp_path / "second.wav")
        with pytest.raises(ValueError, match=f"track 'a': .*{_refused}"):
            Session([Track("a", dry, board)]).bounce(tmp_path / "second.wav")
        may_end.set()
        first.result()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dry.wav", "first.wav"]
    with AudioFile(os.fspath(tmp_path / "first.wav")) as file:
        np.testing.assert_array_equal(file.read(file.frames), expected)
    bounce(board, dry, tmp_path / "second.wav")


def test_a_bounce_from_within_a_bounce_is_refused_and_ends_neither(
    dry: Path, tmp_path: Path
) -> None:
    board = Pedalboard([Reverb()])

    def again(*_: int) -> None:
        with pytest.raises(ValueError, match=_refused):
            bounce(board, dry, tmp_path / "inner.wav")
        bounce(Reverb(), dry, tmp_path / "inner.wav", overwrite=True)

    bounce(board, dry, tmp_path / "outer.wav", progress=again)
    assert (tmp_path / "outer.wav").read_bytes() == (tmp_path / "inner.wav").read_bytes()


def test_many_threads_that_want_one_effect_get_it_one_at_a_time() -> None:
    gain, threads = Gain(0), 8
    start, done = Barrier(threads), Barrier(threads)

    def play(_: int) -> bool:
        start.wait(30)
        try:
            stream = BoardStream([gain], 48_000, 1)
        except ValueError:
            stream = None
        done.wait(30)
        if stream is not None:
            stream.close()
        return stream is not None

    with ThreadPoolExecutor(threads) as pool:
        for _ in range(20):
            assert sum(pool.map(play, range(threads))) == 1


def _begin_while_another_is_collected() -> None:
    for allocations in range(20, 60):  # until the collector comes: one of them is in the middle
        gc.collect()
        gc.disable()
        rest = BoardStream(Gain(0), 48_000, 1).finish(999_999)
        next(rest)
        cycle: list[Any] = [rest]
        cycle.append(cycle)
        del rest, cycle
        effects = [Gain(0) for _ in range(5)]
        gc.set_threshold(gc.get_count()[0] + allocations)
        gc.enable()
        BoardStream(effects, 48_000, 1).close()


def test_the_garbage_collector_may_end_a_stream_while_another_begins() -> None:
    process = multiprocessing.get_context("spawn").Process(target=_begin_while_another_is_collected)
    process.start()
    process.join(60)
    process.kill()
    process.join()
    assert process.exitcode == 0
