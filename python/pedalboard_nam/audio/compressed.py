# SPDX-License-Identifier: MIT
"""Compressed audio, as libsndfile decodes it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
import soundfile  # pyright: ignore[reportMissingTypeStubs]

from ..files.regular_file import RegularFile
from .arrays import Audio
from .file_errors import NoAudio
from .file_part import FilePart, Part

_unknown_frames = 2**63 - 1  # as libsndfile says it
_counted_frames = 1 << 16


class _Sound(soundfile.SoundFile):
    def seekable(self) -> bool:
        # Else soundfile seeks after every read: that is slow, and an error in FLAC of unknown
        # length.
        return False


class Compressed:
    """A recording that libsndfile decodes.

    Parameters
    ----------
    file, part
        Where it is.
    frames
        Its length, where that is known better than libsndfile knows it.
    seeks_once
        Whether it must be opened anew to seek again: OGG and MP3 come out at other places from the
        second time on (libsndfile's issue 885).

    Raises
    ------
    NoAudio
        If libsndfile cannot read it.

    Attributes
    ----------
    num_channels, sample_rate, frames
        As its header says them.
    texts
        Title, artist and so on.
    """

    def __init__(
        self, file: RegularFile, part: Part, frames: int | None = None, *, seeks_once: bool = False
    ) -> None:
        self._file, self._part, self._seeks_once = file, part, seeks_once
        self._open()
        self.num_channels: int = self._sound.channels
        self.sample_rate: float = self._sound.samplerate
        self.texts: dict[str, str] = cast("Any", self._sound).copy_metadata()
        self.frames: int = self._sound.frames if frames is None else frames
        if self.frames == _unknown_frames:
            self.frames = self._count()

    def _open(self) -> None:
        self._python_file = None
        source: int | FilePart = 0
        if self._part.is_all(self._file):
            source = self._file.descriptor()  # which libsndfile reads without Python
        else:
            source = self._python_file = FilePart(self._file, self._part)
        try:
            self._sound = _Sound(cast("Any", source))
        except soundfile.LibsndfileError as error:
            self._raise_what_python_met()
            raise NoAudio(f"no audio that can be read: {_said(error)}") from None
        self._has_moved = False

    def close(self) -> None:
        """Let go of the file."""
        self._sound.close()

    def seek(self, frame: int) -> None:
        """Read on from this frame."""
        if self._has_moved and (self._seeks_once or frame == 0):
            self.close()
            self._open()
        if frame > 0:
            with self._damage():
                self._sound.seek(frame)
            self._has_moved = True

    def read(self, frames: int) -> Audio:
        """The next frames, fewer at the end; shape (channels, frames)."""
        with self._damage():
            audio = cast("Any", self._sound).read(frames, dtype="float32", always_2d=True)
        self._has_moved = True
        return np.ascontiguousarray(audio.T)

    def _count(self) -> int:
        frames = 0
        while (count := self.read(_counted_frames).shape[1]) > 0:
            frames += count
        self.seek(0)
        return frames

    @contextmanager
    def _damage(self) -> Generator[None]:
        try:
            yield
        except soundfile.LibsndfileError as error:
            self._raise_what_python_met()
            raise NoAudio(f"the file is damaged: {_said(error)}") from None
        self._raise_what_python_met()

    def _raise_what_python_met(self) -> None:
        if self._python_file is not None and self._python_file.error is not None:
            raise self._python_file.error


def _said(error: soundfile.LibsndfileError) -> str:
    return error.error_string.removeprefix("Error : ").rstrip(" .")
