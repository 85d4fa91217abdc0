# SPDX-License-Identifier: MIT
"""One job of a task at work, and the file that it writes."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import msgspec
import numpy as np

from .._core import isa
from ..audio.arrays import Audio
from ..audio.tags import Tags
from ..audio.writer import BitDepth, create_audio
from ..errors import sentence
from .boards import Boards
from .plan import Job
from .player import AmpPlayer, BoardPlayer, Dry, Player


class Task(msgspec.Struct, frozen=True):
    """What a worker is told."""

    jobs: list[Job]
    output_dir: str
    bit_depth: BitDepth | None
    boards: Boards | None
    tags: bool = True


class Played(msgspec.Struct, kw_only=True):
    """What came of a job; names as in `Record`."""

    isa: str
    error: str | None = None
    sample_rate: float | None = None
    num_channels: int | None = None
    frames: int | None = None
    duration_s: float | None = None
    peak_dbfs: float | None = None
    clipped: bool | None = None
    loudness_db: float | None = None
    output_bytes: int | None = None
    seconds: float = 0.0
    dsp_seconds: float = 0.0


class Stopwatch:
    """Adds up the time inside its ``with`` blocks."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._started


class Output:
    """A job at work, and the file that it writes."""

    def __init__(self, task: Task, job: Job) -> None:
        self._task, self._job = task, job
        self._path = os.path.join(task.output_dir, job.output)
        self._player: Player | None = None
        self._open = ExitStack()
        self._energy = 0.0
        self._dsp = Stopwatch()
        self.writing = Stopwatch()
        self.played = Played(isa=isa())
        self.lost_tags: tuple[str, ...] = ()

    @property
    def latency_frames(self) -> int:
        return self._player.latency_frames if self._player is not None else 0

    def attempt(self, step: Callable[[Output], None]) -> None:
        """Do a step of the work, unless one has failed already."""
        if self.played.error is not None:
            return
        started = time.perf_counter()
        try:
            step(self)
        except Exception as error:
            self.fail(error)
        self.played.seconds += time.perf_counter() - started
        self.played.dsp_seconds = self._dsp.seconds

    def open(self, dry: Dry, frames: int, tags: Tags) -> None:
        model = self._job.model.load()
        self._dry = dry
        boards = self._task.boards
        if boards is None:
            self._player = AmpPlayer(model, self._job.settings, dry)
        else:
            board = self._open.enter_context(boards.borrow(model))
            player = BoardPlayer(board, model, self._job.settings, dry)
            self._open.callback(player.close)  # before the board is somebody else's
            self._player = player
        with self.writing:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            self._wet = self._open.enter_context(
                create_audio(
                    self._path,
                    dry.sample_rate,
                    dry.num_channels,
                    bit_depth=self._task.bit_depth,
                    overwrite=True,  # that was decided when the batch was planned
                    frames=frames,
                    tags=tags if self._task.tags else None,
                )
            )
            self.lost_tags = self._wet.lost_tags

    def play(self, dry: Dry) -> None:
        assert self._player is not None
        with self._dsp:
            wet = self._player.process(dry)
        self._write(wet)

    def finish(self, dry: Dry) -> None:
        assert self._player is not None
        rest = iter(self._player.finish(dry))
        while True:
            with self._dsp:
                wet = next(rest, None)
            if wet is None:
                break
            self._write(wet)
        with self.writing:
            self._open.close()
            self.played.output_bytes = os.stat(self._path).st_size
        self._say_what_it_is()

    def _write(self, audio: Audio) -> None:
        with self.writing:
            self._wet.write(audio)
        if not self._wet.is_finite:
            bad = self._dry.bad_frame()
            if bad is not None:
                raise ValueError(f"{self._job.input}: frame {bad} is not a number")
            raise ValueError(f"{self._path}: there would be samples in it that are not numbers")
        self._energy += sum(float(np.dot(channel, channel)) for channel in audio)

    def _say_what_it_is(self) -> None:
        played, wet = self.played, self._wet
        played.sample_rate = self._dry.sample_rate
        played.num_channels = self._dry.num_channels
        played.frames = wet.frames
        played.duration_s = wet.frames / self._dry.sample_rate
        played.peak_dbfs = 20.0 * math.log10(wet.peak) if wet.peak else None
        played.clipped = wet.clipped
        mean_square = self._energy / (wet.frames * self._dry.num_channels)
        played.loudness_db = 10.0 * math.log10(mean_square) if mean_square else None

    def fail(self, error: Exception) -> None:
        """The job has failed, and its file is not."""
        if self.played.error is None:
            self.played.error = sentence(self._close_after(error))

    def abandon(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        """When the task ends: without an error, the file is complete already."""
        if error is not None:
            self._close_after(error)
        return False

    def _close_after(self, error: BaseException) -> BaseException:
        """Let go of the file; gives the error as the file says it."""
        try:
            self._open.__exit__(type(error), error, error.__traceback__)
        except BaseException as said:
            return said
        return error
