# SPDX-License-Identifier: MIT
"""Audio files in: pedalboard's readers, and errors that say what to do."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from io import UnsupportedOperation
from typing import BinaryIO

from pedalboard.io import (
    AudioFile,
    ReadableAudioFile,
    ResampledReadableAudioFile,
)

from ..files.new_file import StrPath, file_name
from ..wording.numbers import check_number
from .arrays import Audio
from .truncation import what_is_missing
from .wav_chunks import with_its_size

# Looked through once in a process: that takes 1 to 6 ms of a FLAC file, and a data set opens the
# same ones at every draw.
_whole_files: set[tuple[int, ...]] = set()


class AudioFileError(ValueError):
    """A file that cannot be read or written as audio; the message names it and says why.

    Attributes
    ----------
    missing
        Of a file that is cut off, what it lacks, in words; otherwise None.
    """

    def __init__(self, message: str, missing: str | None = None) -> None:
        super().__init__(message)
        self.missing = missing


# Where pedalboard resamples a file to next to nothing, it crashes.
_rates_hz = 1_000.0, 768_000.0


class AudioReader:
    """An audio file being read; made by `open_audio`.

    Attributes
    ----------
    frames
        Length, as far as the file knows.
    num_channels
        Number of audio channels.
    sample_rate
        In Hz.
    """

    def __init__(
        self,
        file: ReadableAudioFile | ResampledReadableAudioFile,
        path: str,
        size_bytes: Callable[[], int],
    ) -> None:
        self._file = file
        self._path = path
        self._size_bytes = size_bytes
        self._whole_bytes = size_bytes()
        self.frames = file.frames
        self.num_channels = file.num_channels
        self.sample_rate = file.samplerate

    def seek(self, frame: int) -> None:
        """Read on from this frame.

        Raises
        ------
        AudioFileError
            If the file ends before it.
        """
        try:
            self._file.seek(frame)
        except (RuntimeError, ValueError) as error:
            raise AudioFileError(f"{self._path}: {error}") from None

    def read(self, frames: int) -> Audio:
        """The next frames, fewer at the end of the file; shape (channels, frames).

        Raises
        ------
        AudioFileError
            If the file is damaged, or shorter than when it was opened.
        OSError
            If it cannot be read.
        """
        try:
            audio = self._file.read(frames)
        except OSError as error:
            raise OSError(error.errno, error.strerror, self._path) from None
        except RuntimeError as error:
            raise AudioFileError(f"{self._path}: {error}") from None
        if (left_bytes := self._size_bytes()) < self._whole_bytes:
            missing = f"{left_bytes} of {self._whole_bytes} bytes are there"
            raise AudioFileError(f"{self._path}: cut off while it was read: {missing}", missing)
        return audio


@contextmanager
def open_audio(path: StrPath, sample_rate: float | None = None) -> Generator[AudioReader]:
    """Open an audio file for reading.

    Parameters
    ----------
    path
        WAV, AIFF, FLAC, OGG or MP3.
    sample_rate
        Rate in Hz to resample it to, as it is read, 1,000 to 768,000; its own if None.

    Raises
    ------
    AudioFileError
        If it is not audio in a format that pedalboard reads, holds no audio, or is cut off, as far
        as the file tells.
    OSError
        If it does not exist or cannot be read.
    ValueError
        For a sample rate out of range.
    """
    if sample_rate is not None:
        check_number("sample_rate", sample_rate, *_rates_hz)
    name = file_name(path)
    with open(name, "rb") as file, read_audio(file, name, sample_rate) as audio:
        yield audio


def _check_whole(file: BinaryIO, path: str) -> None:
    version: tuple[int, ...] = ()
    with suppress(UnsupportedOperation):  # of one that is in memory
        status = os.fstat(file.fileno())
        version = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if version in _whole_files:
        return
    missing = what_is_missing(file)
    if missing is not None:
        raise AudioFileError(f"{path}: the file is cut off: {missing}", missing)
    if version:
        _whole_files.add(version)


def _size_bytes(file: BinaryIO) -> int:
    with suppress(UnsupportedOperation):
        return os.fstat(file.fileno()).st_size
    return 0  # of one in memory: it stays as it is


@contextmanager
def read_audio(
    file: BinaryIO, path: str, sample_rate: float | None = None
) -> Generator[AudioReader]:
    """Read audio from an open file; `path` is its name in errors. All else as in `open_audio`."""
    if not file.seekable():
        raise AudioFileError(f"{path}: this is a pipe; a file is expected")
    _check_whole(file, path)
    opened = file
    try:
        file = with_its_size(file)
    except OverflowError:
        raise AudioFileError(
            f"{path}: more than 4 GiB, and their length is not in the file; convert it to FLAC"
        ) from None
    file.seek(0)
    try:
        audio = AudioFile(file)
    except (RuntimeError, ValueError):
        raise AudioFileError(
            f"{path}: no audio that can be read; accepted are WAV, AIFF, FLAC, OGG and MP3"
        ) from None
    with audio:
        if audio.frames == 0:
            raise AudioFileError(f"{path}: the file holds no audio")
        if sample_rate not in (None, audio.samplerate):
            audio = audio.resampled_to(sample_rate)
        yield AudioReader(audio, path, lambda: _size_bytes(opened))
