# SPDX-License-Identifier: MIT
"""What can be wrong with audio files."""

from __future__ import annotations


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


class NoAudio(ValueError):
    """There is none that can be read; the message says why, without the name of the file."""


class CutOff(ValueError):
    """The file ends before its audio does; the message is what it lacks, in words."""
