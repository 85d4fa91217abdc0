# SPDX-License-Identifier: MIT
"""One task: one input, read once, through all its jobs."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from io import BytesIO
from threading import Event
from typing import Any, BinaryIO

import msgspec
import numpy as np

from .. import _core
from ..audio_array import Audio
from ..audio_file import AudioReader, StrPath, create_audio, read_audio
from .boards import Boards
from .plan import Job
from .player import AmpPlayer, BoardPlayer, Dry, Player

# Of all channels together: 1 MB, which stays in a core's cache, and is long enough for files.
_section_samples = 1 << 18
_small_file_bytes = 1 << 24


class Task(msgspec.Struct, frozen=True):
    """What a worker is told."""

    jobs: list[Job]
    output_dir: str
    bit_depth: int | None
    boards: Boards | None


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


class TaskDone(msgspec.Struct):
    """What came of the jobs of a task, in their order, and the seconds it took to read."""

    input_hash: str
    played: list[Played]
    read_seconds: float


class Stopped(Exception):
    """The task was told to stop, and left nothing behind."""


def play_task(task: Task, stop: Event | None = None) -> TaskDone:
    """Do all jobs of a task. What is wrong with one is in its `Played`, and the others go on.

    Raises
    ------
    Stopped
        If `stop` is set before the end.
    """
    reading = _Stopwatch()
    input_hash = ""
    outputs = [_Output(task, job) for job in task.jobs]
    with ExitStack() as files:
        for output in outputs:
            files.push(output.abandon)
        try:
            path = task.jobs[0].input
            with reading:
                file, input_hash = _file_and_hash(path)
                audio = files.enter_context(read_audio(files.enter_context(file), path))
            _play(audio, outputs, reading, stop)
        except (OSError, ValueError) as error:  # of the input: those of outputs are with them
            for output in outputs:
                output.fail(error)
    for output in outputs:
        output.played.seconds += reading.seconds / len(outputs)
    return TaskDone(input_hash, [output.played for output in outputs], reading.seconds)


def content_hash(path: StrPath) -> str:
    """SHA-256 of a file, in hex digits; processors have instructions for it."""
    digest = sha256()
    with open(path, "rb", buffering=0) as file:
        while chunk := file.read(1 << 16):
            digest.update(chunk)
    return digest.hexdigest()


def _file_and_hash(path: str) -> tuple[BinaryIO, str]:
    """The file, open, and its hash; a small one is read once for both."""
    if os.path.getsize(path) > _small_file_bytes:
        input_hash = content_hash(path)
        return open(path, "rb"), input_hash
    with open(path, "rb", buffering=0) as file:
        content = file.read()
    return BytesIO(content), sha256(content).hexdigest()


def _play(
    audio: AudioReader, outputs: list[_Output], reading: _Stopwatch, stop: Event | None
) -> None:
    dry = Dry(audio.sample_rate, audio.num_channels)

    def each(step: Callable[[_Output], None]) -> None:
        for output in outputs:
            if stop is not None and stop.is_set():
                raise Stopped
            output.attempt(step)

    each(lambda output: output.open(dry))
    for section in _sections(audio, reading):
        dry.go_on_to(section)
        each(lambda output: output.play(dry))
    latency = max(output.latency for output in outputs)
    dry.go_on_to(np.zeros((dry.num_channels, latency), np.float32))
    each(lambda output: output.finish(dry))


def _sections(audio: AudioReader, reading: _Stopwatch) -> Iterator[Audio]:
    frames = max(1, _section_samples // audio.num_channels)
    while True:
        with reading:
            section = audio.read(frames)
        if not section.shape[1]:
            return
        yield section


class _Stopwatch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._started


class _Output:
    """A job at work, and the file that it writes."""

    def __init__(self, task: Task, job: Job) -> None:
        self._task, self._job = task, job
        self._path = os.path.join(task.output_dir, job.output)
        self._player: Player | None = None
        self._open = ExitStack()
        self._frames = 0
        self._energy = 0.0
        self._dsp = _Stopwatch()
        self.played = Played(isa=_core.isa())

    @property
    def latency(self) -> int:
        return self._player.latency if self._player is not None else 0

    def attempt(self, step: Callable[[_Output], None]) -> None:
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

    def open(self, dry: Dry) -> None:
        model = self._job.model.load()
        self._dry = dry
        boards = self._task.boards
        if boards is None:
            self._player = AmpPlayer(model, self._job.settings, dry)
        else:
            board = self._open.enter_context(boards.borrow(model))
            self._player = BoardPlayer(board, model, self._job.settings, dry)
        os.makedirs(os.path.dirname(self._path), exist_ok=True)
        # What may be replaced was decided when the batch was planned.
        self._wet = self._open.enter_context(
            create_audio(
                self._path,
                dry.sample_rate,
                dry.num_channels,
                bit_depth=self._task.bit_depth,
                overwrite=True,
            )
        )

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
        self._open.close()
        self._say_what_it_is()

    def _write(self, audio: Audio) -> None:
        self._wet.write(audio)
        if not self._wet.is_finite:
            raise ValueError(f"{self._path}: there would be samples in it that are not numbers")
        self._frames += audio.shape[1]
        self._energy += sum(float(np.dot(channel, channel)) for channel in audio)

    def _say_what_it_is(self) -> None:
        played, wet = self.played, self._wet
        played.sample_rate = self._dry.sample_rate
        played.num_channels = self._dry.num_channels
        played.frames = self._frames
        played.duration_s = self._frames / self._dry.sample_rate
        played.peak_dbfs = 20.0 * math.log10(wet.peak) if wet.peak else None
        played.clipped = wet.clips and wet.peak > 1.0
        mean_square = self._energy / (self._frames * self._dry.num_channels)
        played.loudness_db = 10.0 * math.log10(mean_square) if mean_square else None
        played.output_bytes = os.stat(self._path).st_size

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


def sentence(error: BaseException) -> str:
    """What went wrong, for a person."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    if isinstance(error, (OSError, ValueError)) and str(error):
        return str(error)
    return f"{type(error).__name__}: {error}"
