# SPDX-License-Identifier: MIT
"""Recordings one after the other."""

from __future__ import annotations

import numpy as np

from .arrays import Audio
from .compressed import Compressed
from .file_errors import NoAudio


class Joined:
    """Recordings of a chained OGG file as one.

    Raises
    ------
    NoAudio
        If they are not alike.

    Attributes
    ----------
    num_channels, sample_rate, frames
        Of all.
    texts
        Of the first.
    """

    def __init__(self, recordings: list[Compressed]) -> None:
        self._recordings = recordings
        self.num_channels, self.sample_rate = self._format_of(recordings[0])
        if any(self._format_of(each) != self._format_of(recordings[0]) for each in recordings):
            raise NoAudio("several recordings of other rates or numbers of channels are in it")
        self.texts = recordings[0].texts
        self.frames = sum(each.frames for each in recordings)
        self._number = 0

    @staticmethod
    def _format_of(recording: Compressed) -> tuple[int, float]:
        return recording.num_channels, recording.sample_rate

    def close(self) -> None:
        """Let go of the file."""
        for recording in self._recordings:
            recording.close()

    def seek(self, frame: int) -> None:
        """Read on from this frame."""
        self._number = 0
        while frame >= self._recordings[self._number].frames:
            frame -= self._recordings[self._number].frames
            self._number += 1
        self._recordings[self._number].seek(frame)
        for recording in self._recordings[self._number + 1 :]:
            recording.seek(0)

    def read(self, frames: int) -> Audio:
        """The next frames, fewer at the end; shape (channels, frames)."""
        blocks = [np.empty((self.num_channels, 0), np.float32)]
        while frames > 0 and self._number < len(self._recordings):
            block = self._recordings[self._number].read(frames)
            self._number += not block.shape[1]
            frames -= block.shape[1]
            blocks.append(block)
        return np.concatenate(blocks, axis=1)
