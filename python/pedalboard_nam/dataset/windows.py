# SPDX-License-Identifier: MIT
"""A window of a file, dry, and as an amp makes it that has played the file from its start."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np

from .._core import Stream as CoreStream
from ..audio.arrays import Audio
from ..audio.reader import AudioFileError
from ..audio.resampled import open_resampled
from .checkpoints import Checkpoints

_block_frames = 1 << 16


@dataclass(frozen=True, slots=True)
class Window:
    """Where it lies.

    Attributes
    ----------
    path, channel, sample_rate
        The signal: a channel of a file, at a rate.
    start, stop
        Frames of the dry audio.
    late
        Frames by which the wet audio is taken later.
    """

    path: str
    channel: int
    sample_rate: float
    start: int
    stop: int
    late: int

    def play(
        self, stream: CoreStream, amp: Hashable, checkpoints: Checkpoints
    ) -> tuple[Audio, Audio]:
        """Dry and wet; `amp` tells streams apart that sound different.

        Raises
        ------
        AudioFileError
            If the file is too short, or holds samples that are not numbers.
        """
        begin, end = self.start + self.late + stream.latency, self.stop + self.late + stream.latency
        facts = os.stat(self.path)
        file = self.path, facts.st_size, facts.st_mtime_ns, self.sample_rate
        signal = (*file, self.channel, amp)
        first = self._prepare(stream, begin, signal, checkpoints)
        dry, wet = _Kept(self.start, self.stop), _Kept(begin, end)
        for frame, block in self._blocks(min(first, self.start), end):
            dry.take(frame, block)
            heard = block[:, max(0, first - frame) :]
            played = np.empty_like(heard)
            stream.process(heard, played)
            wet.take(frame + block.shape[1] - heard.shape[1], played)
            if stream.lookback is None and heard.shape[1]:
                checkpoints.keep(signal, frame + block.shape[1], stream.state())
        return dry.audio, wet.audio

    def _prepare(
        self, stream: CoreStream, begin: int, signal: Hashable, checkpoints: Checkpoints
    ) -> int:
        """Bring the stream where its output from `begin` on is right; gives its next frame."""
        if stream.lookback is not None:
            first = max(0, begin - stream.lookback)
            stream.reset(first)
            return first
        known = checkpoints.before(signal, begin)
        if known is None:
            stream.reset(0)
            return 0
        first, state = known
        stream.set_state(state)
        return first

    def _blocks(self, first: int, end: int) -> Iterator[tuple[int, Audio]]:
        """The signal from `first` to `end`, silent behind its end, in blocks that end with it."""
        with open_resampled(self.path, self.sample_rate) as file:
            frame = first
            for heard in file.blocks(min(_block_frames, end - first), first):
                block = heard[self.channel, : end - frame][np.newaxis]
                if not block.shape[1]:
                    break
                if not (is_number := np.isfinite(block[0])).all():
                    bad = frame + int(np.argmin(is_number))
                    raise AudioFileError(f"{self.path}: frame {bad} is not a number")
                yield frame, np.ascontiguousarray(block)
                frame += block.shape[1]
        if frame < self.stop:
            raise AudioFileError(f"{self.path}: the file ends before frame {self.stop}")
        for begin in range(frame, end, _block_frames):
            yield begin, np.zeros((1, min(_block_frames, end - begin)), np.float32)


class _Kept:
    """Frames [start, stop) of a signal, of the blocks of it that come by."""

    def __init__(self, start: int, stop: int) -> None:
        self.audio = np.zeros(stop - start, np.float32)
        self._start, self._stop = start, stop

    def take(self, frame: int, block: Audio) -> None:
        begin, end = max(frame, self._start), min(frame + block.shape[1], self._stop)
        if begin < end:
            part = block[0, begin - frame : end - frame]
            self.audio[begin - self._start : end - self._start] = part
