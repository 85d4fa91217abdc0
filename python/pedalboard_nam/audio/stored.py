# SPDX-License-Identifier: MIT
"""Samples that lie in a file as they are."""

from __future__ import annotations

import numpy as np

from ..files.regular_file import RegularFile
from .arrays import Audio
from .chunks import StoredAudio
from .samples import Encoding, decoded, margin_bytes


class Stored:
    """A recording whose samples lie in a file.

    libsndfile would read 24 bits in four times the time, and only what it can make of the header.

    Attributes
    ----------
    num_channels, sample_rate, frames
        Of the recording.
    """

    def __init__(self, file: RegularFile, audio: StoredAudio, encoding: Encoding) -> None:
        self._file, self._start, self._encoding = file, audio.start, encoding
        self._frame_bytes = audio.num_channels * encoding.width
        self.num_channels = audio.num_channels
        self.sample_rate = audio.sample_rate
        self.texts: dict[str, str] = {}  # they are in chunks
        self.frames = audio.size // self._frame_bytes
        self._next_frame = 0

    def close(self) -> None:
        """Let go of nothing."""

    def seek(self, frame: int) -> None:
        """Read on from this frame."""
        self._next_frame = frame

    def read(self, frames: int) -> Audio:
        """The next frames, fewer at the end; shape (channels, frames)."""
        frames = min(frames, self.frames - self._next_frame)
        content = np.empty(frames * self._frame_bytes + 2 * margin_bytes, np.uint8)
        wanted = content.data[margin_bytes:-margin_bytes]
        at = self._start + self._next_frame * self._frame_bytes
        done = 0
        while done < len(wanted) and (more := self._file.read_into(at + done, wanted[done:])):
            done += more
        frames = done // self._frame_bytes
        self._next_frame += frames
        content = content[: frames * self._frame_bytes + 2 * margin_bytes]
        return decoded(content, self._encoding, self.num_channels)
