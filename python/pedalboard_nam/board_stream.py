# SPDX-License-Identifier: MIT
"""A board of pedalboard's effects on audio that comes block by block, its latency taken out.

What ``board(audio, rate)`` does for a whole array, without the whole array. pedalboard's own
``reset=False`` is not enough, for two reasons:

- An effect that gets a longer block than ever before is prepared anew, and forgets its past: a
  reverb is cut off. Here each has seen the longest block before the first.
- `Mix` adds what its branches give as it comes, and after a latency in one of them they are no
  longer at the same frame. Here each branch is a stream of its own, and they wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import numpy as np
from pedalboard import (
    Chain,
    Mix,
    Pedalboard,  # pyright: ignore[reportPrivateImportUsage]
    Plugin,
)

from .audio_array import Audio

_longest_latency_s = 60.0
_buffer_frames = 8192  # pedalboard's own choice


class BoardStream:
    """A board at work on one signal, from silence before it to its last frame.

    Frame n of what comes out is frame n of what went in: effects with a latency only make it come
    later. The board is reset first, and belongs to the stream until that is done. How the signal
    is cut into blocks changes nothing that the effects themselves do not make of it.

    Parameters
    ----------
    board
        The effects, or a single one.
    sample_rate
        Rate of the audio in Hz.
    num_channels
        Number of audio channels.

    Raises
    ------
    ValueError
        If an effect does not take so many channels.

    Attributes
    ----------
    taken, given
        Frames that went in and came out so far.
    """

    def __init__(self, board: Plugin, sample_rate: float, num_channels: int) -> None:
        self._row = _Row(board, sample_rate, num_channels)
        self._num_channels = num_channels
        self._sample_rate = sample_rate
        self.taken = 0
        self.given = 0

    def process(self, block: Audio) -> Audio:
        """Run the next frames, shape (channels, frames), through the board.

        Returns
        -------
        numpy.ndarray
            The frames that are ready, in order: none at first where an effect has a latency.
        """
        self.taken += block.shape[1]
        wet = self._row.process(block)
        self.given += wet.shape[1]
        return wet

    def finish(self, tail_frames: int = 0) -> Iterator[Audio]:
        """Go on with silence for all that has not come back yet, and `tail_frames` more.

        Raises
        ------
        ValueError
            If the board gives back less than it got, however long one waits.
        """
        end = self.taken + tail_frames
        patience_frames = end + int(_longest_latency_s * self._sample_rate)
        silence = np.zeros((self._num_channels, _buffer_frames), np.float32)
        while self.given < end:
            if self.taken > patience_frames:
                raise ValueError(f"the board gives {self.given} frames for {end}")
            wet = self.process(silence)
            yield wet[:, : wet.shape[1] - max(0, self.given - end)]


class _Stage(Protocol):
    def process(self, block: Audio) -> Audio: ...


class _Row:
    """Effects one after the other."""

    def __init__(self, effect: Plugin, sample_rate: float, num_channels: int) -> None:
        self._stages: list[_Stage] = []
        plain: list[Plugin] = []

        def plain_stage() -> None:
            if plain:
                self._stages.append(_Plain(plain, sample_rate, num_channels))
                plain.clear()

        for one in _in_a_row(effect):
            if isinstance(one, Mix) and len(one):
                plain_stage()
                self._stages.append(_Sum(one, sample_rate, num_channels))
            else:
                plain.append(one)
        plain_stage()

    def process(self, block: Audio) -> Audio:
        for stage in self._stages:
            block = stage.process(block)
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
        self._sample_rate = sample_rate
        self._waiting: Audio = np.empty((num_channels, 0), np.float32)
        self._process(np.zeros((num_channels, _buffer_frames), np.float32))
        self._board.reset()

    def process(self, block: Audio) -> Audio:
        block = np.concatenate([self._waiting, block], axis=1) if self._waiting.size else block
        # Of no more frames than channels, pedalboard takes the one for the other.
        if block.shape[1] <= block.shape[0]:
            self._waiting = block
            return block[:, :0]
        self._waiting = block[:, :0]
        return self._process(block)

    def _process(self, block: Audio) -> Audio:
        return self._board(block, self._sample_rate, buffer_size=_buffer_frames, reset=False)


class _Sum:
    """The branches of a `Mix`, frame by frame."""

    def __init__(self, mix: Mix, sample_rate: float, num_channels: int) -> None:
        self._rows = [_Row(branch, sample_rate, num_channels) for branch in mix]
        self._ready: list[Audio] = [np.empty((num_channels, 0), np.float32) for _ in mix]

    def process(self, block: Audio) -> Audio:
        for b, row in enumerate(self._rows):
            self._ready[b] = np.concatenate([self._ready[b], row.process(block)], axis=1)
        frames = min(ready.shape[1] for ready in self._ready)
        wet = np.zeros((block.shape[0], frames), np.float32)
        for ready in self._ready:
            wet += ready[:, :frames]
        self._ready = [ready[:, frames:] for ready in self._ready]
        return wet
