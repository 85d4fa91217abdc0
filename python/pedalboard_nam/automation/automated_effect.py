# SPDX-License-Identifier: MIT
"""One effect at work whose properties follow lanes, in sub-blocks that begin where a lane says.

Where that is counts in the frames that reach the effect. So it hears every frame with the value of
that frame's time, whatever the latency of the effects before it, and the blocks that the frames
come in change no bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from pedalboard import (
    MP3Compressor,
    Pedalboard,  # pyright: ignore[reportPrivateImportUsage]
    Plugin,
    Resample,
)

from .. import _core
from ..audio_array import Audio
from ..plugin import NeuralAmp
from .amp_steps import gain_steps, new_sounds, ramp_frames
from .automated_board import AutomatedProperty, set_together
from .lane_frames import Frames, LaneFrames
from .steps import Steps, steps

# Where no lane changes, sub-blocks are as long as this. A longer one would be dear for a
# Convolution, which transforms as many frames as its longest block has, for however short a one.
_block_frames = 512
_block_frames_of_an_amp = 8192  # as without lanes

# Of these, all comes too early if their first block is shorter than a later one.
_of_a_long_first_block = (MP3Compressor, Resample)

# After so many at once, an effect knows how many channels it has, and takes blocks of any length;
# else pedalboard would take one of a few frames for one of many channels. And no latency is longer.
_first_silence_frames = 8192


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
        self._properties = sorted(properties, key=lambda p: p.is_step_of_an_amp)  # gains first
        self._num_gains = sum(not p.is_step_of_an_amp for p in properties)
        self._sample_rate = sample_rate
        self._waiting: Audio = np.empty((num_channels, 0), np.float32)
        self._taken = 0
        is_amp = isinstance(effect, NeuralAmp)
        self._block_frames = _block_frames_of_an_amp if is_amp else _block_frames
        self._is_cut_from = _block_frames if isinstance(effect, _of_a_long_first_block) else 0
        self._ramp_frames = ramp_frames(sample_rate) if is_amp else 0
        self._now: tuple[Any, ...] = ()
        self._set(tuple(p.lane.at(np.zeros(1))[0] for p in self._properties))
        effect.reset()  # it forgets the longest block that it has seen, too
        silence = np.zeros((num_channels, _first_silence_frames), np.float32)
        latency_frames = silence.shape[1] - self._play(silence).shape[1]
        Pedalboard([effect]).reset()  # and not by itself, see above
        # Of what an effect does to a frame after a latency, we know only that the gains of an amp
        # are applied at its own rate, and that all else of it fades what comes out.
        late = gain_late = 0
        if isinstance(effect, NeuralAmp) and latency_frames:
            to_model = _core.ToModelRate(sample_rate, effect.model.sample_rate, 1)
            late, gain_late = latency_frames, to_model.latency
        self._lanes = [
            LaneFrames(p.lane, sample_rate, late if p.is_step_of_an_amp else gain_late)
            for p in self._properties
        ]

    def process(self, block: Audio, is_end: bool = False) -> Audio:
        """Play the next frames, as many as make whole blocks: silence must follow, even at the end.

        Returns
        -------
        numpy.ndarray
            The frames that are ready.
        """
        block = np.concatenate([self._waiting, block], axis=1)
        whole = max(0, block.shape[1] - self._ramp_frames) // self._block_frames
        played, ready = 0, whole * self._block_frames
        wet = [block[:, :0]]
        if ready:
            for frame, values in self._changes(self._taken, self._taken + ready):
                wet.append(self._play(block[:, played : frame - self._taken]))
                played = frame - self._taken
                self._set(values)
        wet.append(self._play(block[:, played:ready]))
        self._waiting = block[:, ready:]
        self._taken += ready
        return np.concatenate(wet, axis=1)

    def _changes(self, begin: int, end: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """The frames where sub-blocks begin, with the values of all properties."""
        edges, columns = self._steps(begin, end)
        frames = np.unique(np.concatenate([edges, *(column.frames for column in columns)]))
        frames = frames[(frames >= max(begin, self._is_cut_from)) & (frames < end)]
        rows = zip(*(column.at(frames) for column in columns), strict=True)
        now = self._now
        for frame, is_edge, values in zip(
            frames.tolist(), np.isin(frames, edges).tolist(), rows, strict=True
        ):
            if is_edge or values != now:
                now = values
                yield frame, values

    def _steps(self, begin: int, end: int) -> tuple[Frames, list[Steps]]:
        edges = np.arange(begin, end, self._block_frames)
        if not isinstance(self._effect, NeuralAmp):
            return edges, [steps(lane, edges, end) for lane in self._lanes]
        gains, others = self._lanes[: self._num_gains], self._lanes[self._num_gains :]
        sounds = new_sounds(others, begin - 3 * self._ramp_frames, end + self._ramp_frames)
        fades_end = sounds + self._ramp_frames
        edges = np.union1d(edges, fades_end[(fades_end >= begin) & (fades_end < end)])
        told = gain_steps(gains, sounds, self._sample_rate, begin, end) if gains else []
        return edges, told + [steps(lane, edges, end) for lane in others]

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
        return self._effect(block, self._sample_rate, buffer_size=self._block_frames, reset=False)
