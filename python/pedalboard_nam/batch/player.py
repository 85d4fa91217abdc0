# SPDX-License-Identifier: MIT
"""A job at work: sections of an input come, frames of the output go.

Each gives the bits of `render`, or of the board on the whole input, however the input is cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from .._core import FromModelRate, ToModelRate
from .._core import Stream as CoreStream
from ..audio.arrays import Audio
from ..boards.board_stream import BoardStream
from ..nam.model import Model
from ..nam.unstated import unstated_explained
from ..settings import Settings
from .boards import BorrowedBoard


class Dry:
    """An input, section by section, at its own rate and at that of every model that asks.

    Attributes
    ----------
    sample_rate, num_channels
        Of the input.
    section
        The frames at hand, shape (channels, frames).
    first_frame
        Of the section.
    """

    def __init__(self, sample_rate: float, num_channels: int) -> None:
        self.sample_rate = float(sample_rate)
        self.num_channels = num_channels
        self.section: Audio = np.empty((num_channels, 0), np.float32)
        self.first_frame = 0
        self._to_model: dict[float, ToModelRate] = {}
        self._at: dict[float, Audio] = {}

    def go_on_to(self, section: Audio) -> None:
        """The next frames of the input."""
        self.first_frame += self.section.shape[1]
        self.section = section
        self._at.clear()

    def bad_frame(self) -> int | None:
        """The first frame of the section that is not a number."""
        is_number = np.isfinite(self.section).all(axis=0)
        return None if is_number.all() else self.first_frame + int(is_number.argmin())

    def at(self, model_rate: float) -> Audio:
        """The section at another rate, converted once for all who ask."""
        if model_rate == self.sample_rate:
            return self.section
        if model_rate not in self._at:
            if model_rate not in self._to_model:
                self._to_model[model_rate] = ToModelRate(
                    self.sample_rate, model_rate, self.num_channels
                )
            self._at[model_rate] = self._to_model[model_rate].process(self.section)
        return self._at[model_rate]


class Player(Protocol):
    """A job at work."""

    latency_frames: int

    def process(self, dry: Dry) -> Audio:
        """The frames that the section at hand gives, `latency_frames` fewer in all than came in."""
        ...

    def finish(self, dry: Dry) -> Iterable[Audio]:
        """The rest, when the section at hand is silence of at least `latency_frames`."""
        ...


class AmpPlayer:
    """An amp alone."""

    def __init__(self, model: Model, settings: dict[str, Any], dry: Dry) -> None:
        self._rate = model.sample_rate
        core_settings = Settings(**settings).core()
        with unstated_explained(model):
            self._stream = CoreStream(model._core, self._rate, dry.num_channels, core_settings)
        self._from_model = FromModelRate(
            dry.sample_rate, self._rate, dry.num_channels, self._stream.silence
        )
        self.latency_frames = self._from_model.latency
        self._late_frames = self.latency_frames

    def process(self, dry: Dry) -> Audio:
        before = dry.at(self._rate)
        after = np.empty_like(before)
        self._stream.process(before, after)
        if dry.sample_rate == self._rate:
            return after
        wet = self._from_model.process(after, dry.section.shape[1])
        skip = min(self._late_frames, wet.shape[1])
        self._late_frames -= skip
        return wet[:, skip:]

    def finish(self, dry: Dry) -> Iterable[Audio]:
        if self.latency_frames:
            left_frames = self.latency_frames - self._late_frames
            yield self.process(dry)[:, :left_frames]


class BoardPlayer:
    """An amp among other effects."""

    latency_frames = 0  # its silence is its own

    def __init__(
        self, board: BorrowedBoard, model: Model, settings: dict[str, Any], dry: Dry
    ) -> None:
        board.amp._become(model, Settings(**settings))
        self._stream = BoardStream(board.effects, dry.sample_rate, dry.num_channels)

    def process(self, dry: Dry) -> Audio:
        return self._stream.process(dry.section)

    def finish(self, dry: Dry) -> Iterable[Audio]:
        return self._stream.finish()

    def close(self) -> None:
        """Let go of the board."""
        self._stream.close()
