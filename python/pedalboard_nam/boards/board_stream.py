# SPDX-License-Identifier: MIT
"""A board of pedalboard's effects on audio that comes block by block, its latency taken out.

What ``board(audio, rate)`` does for a whole array, without the whole array, and with properties
that change on the way. pedalboard's own ``reset=False`` is not enough, for three reasons:

- An effect that gets a longer block than ever before is prepared anew, and forgets its past: a
  reverb is cut off. Here each has seen the longest block before the first.
- `Mix` adds what its branches give as it comes, and after a latency in one of them they are no
  longer at the same frame. Here each branch is a stream of its own, and they wait for each other.
- `Convolution` rounds by the blocks that it gets. Here each effect gets blocks of one length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, repeat
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from pedalboard import (
    Chain,
    Convolution,
    Mix,
    Pedalboard,  # pyright: ignore[reportPrivateImportUsage]
    Plugin,
)

from ..audio.arrays import Audio, Layout, to_planar
from ..automation.accepted_lanes import Automation
from ..automation.automated_board import AutomatedBoard
from ..automation.automated_effect import AutomatedEffect
from ..wording.numbers import check_rate, check_whole_number
from .at_work import AtWork
from .board_effects import Board, check_effects, check_format, check_places, effects_in, effects_of
from .impulse_responses import check_impulse_responses, samples_of
from .late_sum import LateSum

if TYPE_CHECKING:
    from typing_extensions import Self

longest_latency_s = 60.0
longest_tail_s = 86_400.0
_block_frames = 8192  # pedalboard's own choice

# Of so many each effect in a row plays its blocks one after the other: with the caches to itself.
turn_frames = 4 * _block_frames


class BoardStream:
    """A board at work on one signal, from silence before it to its last frame.

    Frame n of what comes out is frame n of what went in: effects with a latency only make it come
    later. How the signal is cut into blocks changes no bit: each effect gets it in blocks of 8192
    frames, or, with lanes, in sub-blocks that begin where its lanes are read.

    The board is reset first, and belongs to the stream until that has finished, is closed or gone,
    or has raised what ended it. Until then another stream of one of its effects is refused; a call
    of the board itself is not, and spoils both.

    Parameters
    ----------
    board
        A `Pedalboard`, a list of effects, or a single one.
    sample_rate
        Rate of the audio in Hz, above 0.
    num_channels
        Number of audio channels, 1 or more.
    automation
        By effect and name of the property: a `Lane`, the breakpoints for one, or a function of time
        in seconds. Time is that of the signal. Used in a ``with`` block, or closed, the stream
        gives the properties back as they were.

    Raises
    ------
    TypeError
        If the board is none.
    ValueError
        If an effect does not take so many channels or such a rate, is an instrument, in the board
        twice, or at work in another stream; if it is a `PitchShift` or a `GSMFullRateCompressor`,
        which pedalboard can play in one call only; or if a lane is of something else or has a value
        that is not accepted.

    Attributes
    ----------
    taken, given
        Frames that went in and came out so far.
    """

    def __init__(
        self,
        board: Board,
        sample_rate: float,
        num_channels: int,
        automation: Automation | None = None,
    ) -> None:
        row = effects_of(board, "the board")
        effects = [inner for effect in row for inner in effects_in(effect)]
        check_rate(sample_rate)
        check_whole_number("num_channels", num_channels, 1)
        check_format(effects, sample_rate, num_channels)
        check_effects(effects)
        check_places({"the board": row})
        with ExitStack() as undo:
            undo.callback(AtWork(effects).release)
            check_impulse_responses(effects)
            self._automated = AutomatedBoard(effects, {} if automation is None else automation)
            undo.callback(self._automated.restore)
            self._row = _Row(row, sample_rate, num_channels, self._automated)
            self._undo = undo.pop_all()
        self._sample_rate = sample_rate
        self._layout = Layout(num_channels, interleaved=False)
        self._ended = ""
        self.taken = 0
        self.given = 0

    def process(self, block: Audio) -> Audio:
        """Run the next frames through the board.

        Parameters
        ----------
        block
            Shape (channels, frames), or (frames,) of one channel; any number of frames; float32 or
            float64.

        Returns
        -------
        numpy.ndarray
            The frames that are ready, in order: fewer than went in at first, and in lumps. float32,
            shape (channels, frames).

        Raises
        ------
        TypeError
            If the values are not float32 or float64.
        ValueError
            If the shape does not fit, or the stream has finished or is closed.
        """
        self._check_open()
        planar = to_planar(block, self._layout)
        self.taken += planar.shape[1]
        return self._play(planar)

    def ends_at(self, frames: int) -> None:
        """Say how long the signal is, its tail too: no function of time is asked for more."""
        self._automated.ends_at(max(0, frames - 1) / self._sample_rate)

    def finish(self, tail_frames: int = 0) -> Iterator[Audio]:
        """Go on with silence for all that has not come back yet, and `tail_frames` more.

        After the last of these blocks the stream is closed.

        Raises
        ------
        ValueError
            If the board gives back less than it got, however long one waits; if the stream has
            finished or is closed.
        """
        self._check_open()
        check_whole_number("tail_frames", tail_frames, 0)
        self._ended = "has finished"
        try:
            yield from self._rest(self.taken + tail_frames)
        finally:
            self.close()

    def _rest(self, end: int) -> Iterator[Audio]:
        self.ends_at(end)
        silence = np.zeros((self._layout.num_channels, _block_frames), np.float32)
        while self.taken < end:
            block = silence[:, : end - self.taken]
            self.taken += block.shape[1]
            yield self._play(block)
        waits = int(longest_latency_s * self._sample_rate) // _block_frames
        for block in chain([silence[:, :0]], repeat(silence, waits)):
            wet = self._play(block, is_end=True)
            excess = max(0, self.given - end)
            self.given -= excess
            yield wet[:, : wet.shape[1] - excess]
            if self.given >= end:
                return
        raise ValueError(f"the board gives back {self.given} frames for {end}")

    def close(self) -> None:
        """Let go of the board; automated properties have the values again that they had before."""
        self._ended = self._ended or "is closed"
        self._undo.close()

    def _check_open(self) -> None:
        if self._ended:
            raise ValueError(f"this BoardStream {self._ended}; make another for more audio")

    def _play(self, block: Audio, is_end: bool = False) -> Audio:
        try:
            wet = self._row.process(block, is_end)
        except BaseException:  # what its effects have heard is no longer known
            self.close()
            raise
        self.given += wet.shape[1]
        return wet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Stage(Protocol):
    def process(self, block: Audio, is_end: bool = False) -> Audio:
        """Play the next frames; what waits for more must not where the signal is at its end."""
        ...


class _Row:
    """Effects one after the other."""

    def __init__(
        self,
        effects: Iterable[Plugin],
        sample_rate: float,
        num_channels: int,
        automated: AutomatedBoard,
    ) -> None:
        self._stages: list[_Stage] = []
        plain: list[Plugin] = []

        def plain_stage() -> None:
            if plain:
                self._stages.append(_Plain(plain, sample_rate, num_channels))
                plain.clear()

        for one in chain.from_iterable(map(_in_a_row, effects)):
            if isinstance(one, Mix) and len(one):
                plain_stage()
                self._stages.append(_Branches(one, sample_rate, num_channels, automated))
            elif isinstance(one, Convolution) and num_channels > 2:
                plain_stage()
                if automated.of(one):
                    raise ValueError("a Convolution on more than 2 channels follows no lanes")
                self._stages.append(_Pairs(one, sample_rate, num_channels))
            elif properties := automated.of(one):
                plain_stage()
                self._stages.append(AutomatedEffect(one, properties, sample_rate, num_channels))
            else:
                plain.append(one)
        plain_stage()

    def process(self, block: Audio, is_end: bool = False) -> Audio:
        for stage in self._stages:
            block = stage.process(block, is_end)
        return block


def _in_a_row(effect: Plugin) -> Iterator[Plugin]:
    if isinstance(effect, (Pedalboard, Chain)):
        for one in effect:
            yield from _in_a_row(one)
    else:
        yield effect


class _Plain:
    """Effects without a `Mix` among them."""

    def __init__(self, effects: Iterable[Plugin], sample_rate: float, num_channels: int) -> None:
        self._board = Pedalboard(list(effects))
        for effect in self._board:
            effect.reset()  # by itself it forgets the longest block that it has seen, too
        self._sample_rate = sample_rate
        self._waiting: Audio = np.empty((num_channels, 0), np.float32)
        self._play(np.zeros((num_channels, _block_frames), np.float32))
        self._board.reset()

    def process(self, block: Audio, is_end: bool = False) -> Audio:
        block = np.concatenate([self._waiting, block], axis=1)
        whole = block.shape[1] // turn_frames * turn_frames
        turns = [block[:, f : f + turn_frames] for f in range(0, whole, turn_frames)]
        # Of no more frames than channels, pedalboard takes the one for the other.
        if is_end and block.shape[1] - whole > block.shape[0]:
            turns.append(block[:, whole:])
            whole = block.shape[1]
        self._waiting = block[:, whole:]
        return np.concatenate([block[:, :0], *map(self._play, turns)], axis=1)

    def _play(self, block: Audio) -> Audio:
        return self._board(block, self._sample_rate, buffer_size=_block_frames, reset=False)


class _Pairs:
    """A `Convolution` on more than two channels, of which pedalboard would play the first again.

    Every two channels have one of their own.
    """

    def __init__(self, effect: Convolution, sample_rate: float, num_channels: int) -> None:
        samples, rate = samples_of(effect)
        if len(samples) > 1:
            raise ValueError(
                f"an impulse response of {len(samples)} channels plays audio of 1 or 2, "
                f"and this has {num_channels}"
            )
        make = cast("Callable[..., Convolution]", Convolution)
        others = [make(samples, effect.mix, rate) for _ in range(2, num_channels, 2)]
        self._effects = [effect, *others]
        self._pairs = [_Plain([each], sample_rate, 2) for each in self._effects]

    def process(self, block: Audio, is_end: bool = False) -> Audio:
        for other in self._effects[1:]:
            other.mix = self._effects[0].mix
        even = np.concatenate([block, np.zeros_like(block[: len(block) % 2])])
        twos = even.reshape(len(self._pairs), 2, block.shape[1])
        played = [pair.process(two, is_end) for pair, two in zip(self._pairs, twos, strict=True)]
        return np.concatenate(played)[: len(block)]


class _Branches:
    """The branches of a `Mix`, and their sum."""

    def __init__(
        self, mix: Mix, sample_rate: float, num_channels: int, automated: AutomatedBoard
    ) -> None:
        self._rows = [_Row([branch], sample_rate, num_channels, automated) for branch in mix]
        self._sum = LateSum(len(self._rows), num_channels)

    def process(self, block: Audio, is_end: bool = False) -> Audio:
        return self._sum.add(row.process(block, is_end) for row in self._rows)
