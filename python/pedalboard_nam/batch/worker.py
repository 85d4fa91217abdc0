# SPDX-License-Identifier: MIT
"""One task: one input, read once, through all its jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event

import msgspec
import numpy as np

from ..audio.arrays import Audio
from ..audio.reader import AudioReader, StrPath, read_audio
from ..files.regular_file import open_regular
from .output import Output, Played, Stopwatch, Task
from .player import Dry

# Of all channels together: 1 MB, which stays in a core's cache, and is long enough for files.
_section_samples = 1 << 18


class TaskDone(msgspec.Struct):
    """What came of the jobs of a task, in their order, and the time that files took.

    Attributes
    ----------
    lost_tags
        What outputs cannot hold of the input's tags, in words.
    """

    input_hash: str
    played: list[Played]
    read_seconds: float = 0.0
    write_seconds: float = 0.0
    lost_tags: list[str] = []


class Stopped(Exception):
    """The task was told to stop, and left nothing behind."""


def play_task(task: Task, stop: Event | None = None) -> TaskDone:
    """Do all jobs of a task. What is wrong with one is in its `Played`, and the others go on.

    Raises
    ------
    Stopped
        If `stop` is set before the end.
    """
    reading = Stopwatch()
    input_hash = ""
    outputs = [Output(task, job) for job in task.jobs]
    with ExitStack() as files:
        for output in outputs:
            files.push(output.abandon)
        try:
            path = task.jobs[0].input
            with reading:
                file = files.enter_context(open_regular(path))
                input_hash = file.content_hash()
                audio = files.enter_context(read_audio(file))
            _play(audio, outputs, reading, stop)
        except (OSError, ValueError) as error:  # of the input: those of outputs are with them
            for output in outputs:
                output.fail(error)
    for output in outputs:
        output.played.seconds += reading.seconds / len(outputs)
    played = [output.played for output in outputs]
    writing_s = sum(output.writing.seconds for output in outputs)
    lost_tags = list(dict.fromkeys(name for output in outputs for name in output.lost_tags))
    return TaskDone(input_hash, played, reading.seconds, writing_s, lost_tags)


def content_hash(path: StrPath) -> str:
    """SHA-256 of a file, in hex digits."""
    with open_regular(path) as file:
        return file.content_hash()


def _play(
    audio: AudioReader, outputs: list[Output], reading: Stopwatch, stop: Event | None
) -> None:
    dry = Dry(audio.sample_rate, audio.num_channels)

    def each(step: Callable[[Output], None]) -> None:
        for output in outputs:
            if stop is not None and stop.is_set():
                raise Stopped
            output.attempt(step)

    with reading:
        tags = audio.tags()
    each(lambda output: output.open(dry, audio.frames, tags))
    for section in _sections(audio, reading):
        dry.go_on_to(section)
        each(lambda output: output.play(dry))
        if all(output.played.error is not None for output in outputs):
            return
    latency_frames = max(output.latency_frames for output in outputs)
    dry.go_on_to(np.zeros((dry.num_channels, latency_frames), np.float32))
    each(lambda output: output.finish(dry))


def _sections(audio: AudioReader, reading: Stopwatch) -> Iterator[Audio]:
    frames = max(1, _section_samples // audio.num_channels)
    while True:
        with reading:
            section = audio.read(frames)
        if not section.shape[1]:
            return
        yield section
