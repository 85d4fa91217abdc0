# SPDX-License-Identifier: MIT
"""Audio files in: what is in them, as far as they tell, and errors that say what to do."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager

import numpy as np

from ..files.new_file import StrPath
from ..files.regular_file import RegularFile, open_regular
from .arrays import Audio
from .file_errors import AudioFileError, CutOff, NoAudio
from .kinds import Recording, recording_in
from .tags import Tags, tags_of

__all__ = ["AudioFileError", "AudioReader", "StrPath", "open_audio", "read_audio"]

# Of all channels together: 4 MB.
_block_samples = 1 << 20


class AudioReader:
    """An audio file being read; made by `open_audio`.

    Attributes
    ----------
    frames
        Length.
    num_channels
        Number of audio channels.
    sample_rate
        In Hz: a whole number.
    """

    def __init__(self, recording: Recording, file: RegularFile) -> None:
        self._recording = recording
        self._file = file
        self._next_frame = 0
        self.frames = recording.frames
        self.num_channels = recording.num_channels
        self.sample_rate = round(recording.sample_rate)

    def tags(self) -> Tags:
        """What the file says of its audio."""
        return tags_of(self._file, self._recording.texts, self.sample_rate)

    def seek(self, frame: int) -> None:
        """Read on from this frame.

        Raises
        ------
        AudioFileError
            If the file ends before it, or is damaged.
        """
        if not 0 <= frame <= self.frames:
            raise AudioFileError(f"{self._file.name}: the file ends before frame {frame}")
        with _named(self._file.name):
            if frame < self.frames:
                self._recording.seek(frame)
        self._next_frame = frame

    def read(self, frames: int) -> Audio:
        """The next frames, fewer at the end of the file; shape (channels, frames).

        Raises
        ------
        AudioFileError
            If the file is damaged, or is another than when it was opened.
        OSError
            If it cannot be read.
        """
        name = self._file.name
        frames = min(frames, self.frames - self._next_frame)
        audio: Audio = np.empty((self.num_channels, 0), np.float32)
        if frames > 0:
            with _named(name):
                audio = self._recording.read(frames)
        if self._file.has_changed():
            left = self._file.size_now()
            if left >= self._file.size:
                raise AudioFileError(f"{name}: the file was changed while it was read")
            missing = f"{left} of {self._file.size} bytes are there"
            raise AudioFileError(f"{name}: cut off while it was read: {missing}", missing)
        if frames > 0 and not audio.shape[1]:
            missing = f"{self._next_frame} of {self.frames} frames are there"
            raise AudioFileError(f"{name}: the file is damaged or cut off: {missing}", missing)
        self._next_frame += audio.shape[1]
        return audio

    def read_all(self) -> Audio:
        """All frames from here on: no more memory than they need, whatever the header says."""
        frames = max(1, _block_samples // self.num_channels)
        blocks: list[Audio] = []
        while (block := self.read(frames)).shape[1]:
            blocks.append(block)
        return np.concatenate([np.empty((self.num_channels, 0), np.float32), *blocks], axis=1)


@contextmanager
def open_audio(path: StrPath) -> Generator[AudioReader]:
    """Open an audio file for reading.

    Parameters
    ----------
    path
        WAV, RF64, W64, AIFF, CAF, AU, FLAC, OGG, Opus or MP3; the content tells which.

    Raises
    ------
    AudioFileError
        If it is not a regular file of audio in such a format, holds no audio, or is cut off, as far
        as the file tells.
    OSError
        If it does not exist or cannot be read.
    """
    with open_regular(path) as file, read_audio(file) as audio:
        yield audio


@contextmanager
def read_audio(file: RegularFile) -> Generator[AudioReader]:
    """Read audio from an open file. All else as in `open_audio`."""
    with _named(file.name):
        recording = recording_in(file)
    with closing(recording):
        yield AudioReader(recording, file)


@contextmanager
def _named(name: str) -> Generator[None]:
    """Errors name the file."""
    try:
        yield
    except CutOff as error:
        missing = str(error)
        raise AudioFileError(f"{name}: the file is cut off: {missing}", missing) from None
    except NoAudio as error:
        raise AudioFileError(f"{name}: {error}") from None
    except OSError as error:
        raise OSError(error.errno, error.strerror, name) from None
