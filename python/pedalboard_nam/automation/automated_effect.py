# SPDX-License-Identifier: MIT
"""One effect at work whose properties follow lanes, in sub-blocks that begin where a lane says.

Where that is counts in the frames that reach the effect. So it hears every frame with the value of
that frame's time, whatever the latency of the effects before it, and the blocks that the frames
come in change no bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from pedalboard import (
    MP3Compressor,
    Pedalboard,  # pyright: ignore[reportPrivateImportUsage]
    Plugin,
    Resample,
)

from ..audio.arrays import Audio
from ..effect.neural_amp import NeuralAmp
from .automated_property import AutomatedProperty, set_together
from .gain_curve import GainCurve
from .lane_frames import LaneFrames
from .steps import steps

# Where no lane changes, sub-blocks are as long as this. A longer one would be dear for a
# Convolution, which transforms as many frames as its longest block has, for however short a one.
_block_frames = 512
_block_frames_of_an_amp = 8192  # as without lanes

_amp_ramp_s = 0.005  # what a fade between its sounds takes

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
        self._sample_rate = sample_rate
        self._waiting: Audio = np.empty((num_channels, 0), np.float32)
        self._taken = 0
        is_amp = isinstance(effect, NeuralAmp)
        self._block_frames = _block_frames_of_an_amp if is_amp else _block_frames
        self._is_cut_from = _block_frames if isinstance(effect, _of_a_long_first_block) else 0
        self._ramp_frames = math.ceil(_amp_ramp_s * sample_rate) if is_amp else 0
        gains = {p.name: p for p in properties if p.is_gain_of_an_amp}
        for gain in gains.values():
            gain.set(0.0)
        self._gains = {
            name: GainCurve(gain, sample_rate, self._ramp_frames) for name, gain in gains.items()
        }
        self._properties = [p for p in properties if p.name not in gains]
        self._now: tuple[Any, ...] = ()
        self._set(tuple(p.lane.at(np.zeros(1))[0] for p in self._properties))
        effect.reset()  # it forgets the longest block that it has seen, too
        silence = np.zeros((num_channels, _first_silence_frames), np.float32)
        latency_frames = silence.shape[1] - self._play(silence).shape[1]
        Pedalboard([effect]).reset()  # and not by itself, see above
        # Of what an effect does to a frame after a latency, we know only that a new sound of an amp
        # fades in among what comes out.
        late_frames = latency_frames if is_amp else 0
        self._lanes = [LaneFrames(p.lane, sample_rate, late_frames) for p in self._properties]

    def process(self, block: Audio, is_end: bool = False) -> Audio:
        """Play the next frames, as many as make whole blocks: silence must follow, even at the end.

        Returns
        -------
        numpy.ndarray
            The frames that are ready.
        """
        block = np.concatenate([self._waiting, block], axis=1)
        ready = block.shape[1] // self._block_frames * self._block_frames
        self._waiting = block[:, ready:]
        dry = self._scaled("input_gain_db", block[:, :ready])
        wet = [dry[:, :0]]
        played = 0
        for frame, values in self._changes(self._taken, self._taken + ready):
            wet.append(self._play(dry[:, played : frame - self._taken]))
            played = frame - self._taken
            self._set(values)
        wet.append(self._play(dry[:, played:]))
        self._taken += ready
        return self._scaled("output_gain_db", np.concatenate(wet, axis=1))

    def _scaled(self, name: str, audio: Audio) -> Audio:
        return self._gains[name].apply(audio) if name in self._gains else audio

    def _changes(self, begin: int, end: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """The frames where sub-blocks begin, with the values of all properties."""
        if not self._lanes or begin == end:
            return
        edges = np.arange(begin, end, self._block_frames)
        if self._ramp_frames:
            # A sound that comes in the fade of another waits for the block behind it.
            fades = [lane.jumps(begin - self._ramp_frames, end) for lane in self._lanes]
            edges = np.union1d(edges, np.concatenate(fades) + self._ramp_frames)
            edges = edges[(edges >= begin) & (edges < end)]
        columns = [steps(lane, edges, end) for lane in self._lanes]
        frames = np.unique(np.concatenate([edges, *(column.frames for column in columns)]))
        frames = frames[frames >= self._is_cut_from]
        rows = zip(*(column.at(frames) for column in columns), strict=True)
        now = self._now
        for frame, is_edge, values in zip(
            frames.tolist(), np.isin(frames, edges).tolist(), rows, strict=True
        ):
            if is_edge or values != now:
                now = values
                yield frame, values

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
