# SPDX-License-Identifier: MIT
"""Files in which samples lie as they are, as they are written."""

from __future__ import annotations

from typing import BinaryIO

from .arrays import Audio
from .headers import Header, Stored
from .rounding import Rounding
from .samples import encoded


class StoredFile:
    """A header, and samples behind it."""

    def __init__(
        self, file: BinaryIO, header: Header, stored: Stored, rounding: Rounding | None
    ) -> None:
        self._file, self._header, self._stored, self._rounding = file, header, stored, rounding
        self._frames = 0
        file.write(header.of(stored, 0))

    def write(self, audio: Audio) -> None:
        """Append audio of shape (channels, frames)."""
        values = audio if self._rounding is None else self._rounding.of(audio)
        self._file.write(encoded(values, self._stored.encoding))
        self._frames += audio.shape[1]

    def finish(self) -> None:
        """Say in the header what has come."""
        self._file.write(bytes(-self._frames * self._stored.frame_bytes % self._header.align))
        self._file.seek(0)
        self._file.write(self._header.of(self._stored, self._frames))

    def close(self) -> None:
        """Whoever has opened the file closes it."""
