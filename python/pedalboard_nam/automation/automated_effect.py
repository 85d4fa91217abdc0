# SPDX-License-Identifier: MIT
"""One effect at work whose properties follow lanes, in sub-blocks on a grid of frames.

The grid counts the frames that reach the effect. So it hears every frame with the value of that
frame's time, whatever the latency of the effects before it, and the blocks that the frames come in
change no bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pedalboard import (
    MP3Compressor,
    Pedalboard,  # pyright: ignore[reportPrivateImportUsage]
    Plugin,
    Resample,
)

from .. import _core
from ..audio_array import Audio
from ..plugin import NeuralAmp
from .automated_board import AutomatedProperty, gains_of_an_amp, set_together

_grid_frames = 32

# The first sub-block is short, so that a ramp of an amp's gain starts nearly where the lane does.
# Still more frames than channels, or pedalboard takes the one for the other.
_first_frames = 16

_amp_ramp_s = 0.005

# Where no lane changes, sub-blocks are played as one up to here. A longer one would be dear for a
# Convolution, which transforms as many frames as its longest block has, for however short a one.
_longest_block_frames = 512

# These give back as if every block were the longest: after a shorter one, all comes too early.
_of_whole_blocks = (MP3Compressor, Resample)


class AutomatedEffect:
    """An effect that takes frames from the start of the signal on.

    Parameters
    ----------
    effect, properties
        What is automated of the effect.
    sample_rate
        In Hz.
    num_channels
        Number of audio channels.
    """

    def __init__(
        self,
        effect: Plugin,
        properties: Sequence[AutomatedProperty],
        sample_rate: float,
        num_channels: int,
    ) -> None:
        self._effect = effect
        self._properties = properties
        self._sample_rate = sample_rate
        self._waiting: Audio = np.empty((num_channels, 0), np.float32)
        self._taken = 0
        self._sub_blocks = 0
        first_frames = _first_frames
        if isinstance(effect, NeuralAmp):
            # It goes to a gain in a straight line, and is told where to be at the end of it.
            self._grid_frames = math.ceil(_amp_ramp_s * sample_rate)
            self._reading_to_end_frames = 1.0
        else:
            self._grid_frames = _grid_frames
            if isinstance(effect, _of_whole_blocks):
                self._grid_frames = first_frames = _longest_block_frames
            self._reading_to_end_frames = (self._grid_frames + 1) / 2  # the middle
        self._now: tuple[Any, ...] = ()
        self._set(tuple(p.lane.at(np.zeros(1))[0] for p in properties))
        self._joined = max(1, _longest_block_frames // self._grid_frames)
        effect.reset()  # it forgets the longest block that it has seen, too
        silence = np.zeros((num_channels, 16 * self._joined * self._grid_frames), np.float32)
        latency_frames = silence.shape[1] - self._play(silence).shape[1]
        Pedalboard([effect]).reset()  # and not by itself, see above
        # Of what an effect does to a frame after a latency, we know only that the gains of an amp
        # are applied at its own rate, and that all else of it fades what comes out.
        self._late_frames = [0] * len(properties)
        if isinstance(effect, NeuralAmp) and latency_frames:
            to_model = _core.ToModelRate(sample_rate, effect.model.sample_rate, 1)
            self._late_frames = [
                to_model.latency if p.name in gains_of_an_amp else latency_frames
                for p in properties
            ]
        self._first_frames = first_frames + min(self._late_frames)

    def process(self, block: Audio, is_end: bool = False) -> Audio:
        """Play the next frames, as many as make whole blocks: silence must follow, even at the end.

        Returns
        -------
        numpy.ndarray
            The frames that are ready.
        """
        block = np.concatenate([self._waiting, block], axis=1)
        whole = (self._taken + block.shape[1] - self._first_frames) // self._grid_frames + 1
        numbers = np.arange(self._sub_blocks, whole - whole % self._joined, dtype=np.int64)
        ends = self._first_frames + self._grid_frames * numbers
        wet = [block[:, :0]]
        played = ready = 0
        for number, end, values in zip(
            numbers, ends - self._taken, self._values(ends), strict=True
        ):
            if values != self._now or number % self._joined == 0:
                wet.append(self._play(block[:, played:ready]))
                played = ready
                self._set(values)
            ready = int(end)
        wet.append(self._play(block[:, played:ready]))
        self._waiting = block[:, ready:]
        self._taken += ready
        self._sub_blocks += len(numbers)
        return np.concatenate(wet, axis=1)

    def _values(self, ends: NDArray[np.int64]) -> Iterator[tuple[Any, ...]]:
        frames = ends - self._reading_to_end_frames
        rows = [
            p.lane.at(np.maximum(frames - late, 0.0) / self._sample_rate)
            for p, late in zip(self._properties, self._late_frames, strict=True)
        ]
        return zip(*rows, strict=True)

    def _set(self, values: tuple[Any, ...]) -> None:
        set_together(
            (automated, value)
            for n, (automated, value) in enumerate(zip(self._properties, values, strict=True))
            if not self._now or value != self._now[n]
        )
        self._now = values

    def _play(self, block: Audio) -> Audio:
        if not block.shape[1]:
            return block
        longest_frames = self._joined * self._grid_frames
        return self._effect(block, self._sample_rate, buffer_size=longest_frames, reset=False)
