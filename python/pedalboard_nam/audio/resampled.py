# SPDX-License-Identifier: MIT
"""An audio file read at another rate than its own, exact in length and place."""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain

import numpy as np

from .._core import ToModelRate
from ..nam.fields import max_sample_rate_hz, min_sample_rate_hz
from ..wording.numbers import check_number
from .arrays import Audio
from .reader import AudioReader, StrPath, open_audio
from .tags import Tags


class ResampledFile:
    """An audio file being read at a rate; made by `open_resampled`.

    Frame m lies at frame ``m * its own rate / sample_rate`` of the file, to the bit for any blocks.
    The last one is the last that lies before the file's end.

    Attributes
    ----------
    sample_rate
        In Hz.
    num_channels
        Number of audio channels.
    frames
        ``ceil(frames of the file * sample_rate / its own rate)``, as far as the file knows.
    """

    def __init__(self, file: AudioReader, sample_rate: float) -> None:
        self._file = file
        self.sample_rate = sample_rate
        self.num_channels = file.num_channels
        self.frames = math.ceil(file.frames * sample_rate / file.sample_rate)

    def tags(self) -> Tags:
        """What the file says of its audio."""
        return self._file.tags()

    def blocks(self, file_frames: int, first: int = 0) -> Iterator[Audio]:
        """All from frame `first` on, shape (channels, frames).

        So many frames of the file are read at a time.
        """
        if self.sample_rate == self._file.sample_rate:
            self._file.seek(first)
            yield from self._read(file_frames)
            return
        converter = ToModelRate(self._file.sample_rate, self.sample_rate, self.num_channels)
        silence = np.zeros((self.num_channels, converter.latency), np.float32)
        early = converter.process(silence).shape[1]  # frames that lie before the first one
        begin, frame = self._start_for(first, 2 * converter.latency)
        converter.reset(begin)
        self._file.seek(begin)
        skip = early + first - frame
        for block in chain(self._read(file_frames), [silence]):
            converted = converter.process(block)
            yield converted[:, skip:]
            skip = max(0, skip - converted.shape[1])

    def _start_for(self, first: int, before_frames: int) -> tuple[int, int]:
        """A frame of the file from which on frame `first` comes out right, and which one that is.

        There the two rates lie to each other as at the start, which may be at the start alone.
        """
        file_period, period = (
            Fraction(self._file.sample_rate) / Fraction(self.sample_rate)
        ).as_integer_ratio()
        file_frame = first * file_period // period
        periods = max(0, file_frame - before_frames) // file_period
        return periods * file_period, periods * period

    def _read(self, frames: int) -> Iterator[Audio]:
        while (block := self._file.read(frames)).shape[1]:
            yield block


@contextmanager
def open_resampled(path: StrPath, sample_rate: float | None) -> Generator[ResampledFile]:
    """Open an audio file to read it at this rate, or at its own if None.

    Raises
    ------
    AudioFileError, OSError
        As `open_audio` does.
    ValueError
        If the rate, or one to convert from, is not 8,000 to 384,000 Hz.
    """
    rates = min_sample_rate_hz, max_sample_rate_hz
    if sample_rate is not None:
        check_number("sample_rate", sample_rate, *rates)
    with open_audio(path) as file:
        if sample_rate not in (None, file.sample_rate):
            check_number(f"{os.fspath(path)}: the rate to convert from", file.sample_rate, *rates)
        yield ResampledFile(file, file.sample_rate if sample_rate is None else sample_rate)
