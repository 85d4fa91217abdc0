# SPDX-License-Identifier: MIT
"""A signal played on several threads, section by section: the bits of one stream on one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .._core import Stream as CoreStream
from ..audio.arrays import Audio
from ..nam.model import Model, core_model
from ..nam.unstated import unstated_explained
from ..settings import Settings
from .cores import core_count

# A part is warmed up on the frames before it, so short parts would mostly warm up.
_shortest_part_warm_ups = 8


@dataclass(slots=True)
class _Part:
    """Frames of one channel, and the stream that plays them."""

    stream: CoreStream
    dry: Audio  # shape (1, frames), here and below
    wet: Audio
    warm_up: Audio | None  # None if the stream is where it should be
    first_frame: int  # of the warm-up
    guess: bytes | None = None  # the state that the output began from, if it may be another

    def play(self) -> None:
        if self.warm_up is not None:
            self.stream.reset(self.first_frame)
            self.stream.process(self.warm_up, np.empty_like(self.warm_up))
            if self.stream.lookback is None:
                self.guess = self.stream.state()
        self.stream.process(self.dry, self.wet)

    def follow(self, before: _Part) -> None:
        """Play again what began from another state than the one that it follows."""
        if self.guess is not None and self.guess != before.stream.state():
            self.stream = before.stream
            self.stream.process(self.dry, self.wet)


class LongSignal:
    """One signal from its first frame on, each channel for itself.

    A section is cut into parts that play at the same time. The first goes on from the section
    before; each other starts early, from silence. A network of finite memory is exact then, for it
    has heard all that it remembers. Any other has *guessed* its state: it starts as much earlier as
    the reference lets it settle, and when the part before ends, its state there is compared. If it
    is another, the part is played again from the true one. So there is one output, whatever the
    number of threads.

    Parameters
    ----------
    model, sample_rate, settings
        As in `Stream`.
    num_channels
        Number of audio channels.
    threads
        1 or more; all cores that this process may use if None.

    Raises
    ------
    ValueError
        For another number of threads, and where `Stream` does.
    """

    def __init__(
        self,
        model: Model,
        sample_rate: float,
        num_channels: int,
        settings: Settings,
        threads: int | None = None,
    ) -> None:
        self._threads = core_count() if threads is None else threads
        if self._threads < 1:
            raise ValueError(f"threads is {threads}; accepted are 1 and more")
        core, core_settings = core_model(model), settings.core()
        self._new_stream = lambda: CoreStream(core, float(sample_rate), 1, core_settings)
        with unstated_explained(model):
            self._streams = [self._new_stream() for _ in range(num_channels)]
        self._frames = 0
        stream = self._streams[0]
        self.latency_frames = stream.latency
        self._warm_up_frames = stream.settle if stream.lookback is None else stream.lookback

    def process(self, dry: Audio) -> Audio:
        """The next frames, shape (channels, frames), `latency_frames` behind what went in."""
        wet = np.empty_like(dry)
        edges = self._edges(dry.shape[1])
        channels = [self._parts(channel, dry, wet, edges) for channel in range(len(dry))]
        self._on_threads(_Part.play, [part for parts in channels for part in parts])
        if self._streams[0].lookback is None:
            self._on_threads(_verify, channels)
        self._streams = [parts[-1].stream for parts in channels]
        self._frames += dry.shape[1]
        return wet

    def _edges(self, frames: int) -> list[int]:
        even = -(-frames * len(self._streams) // self._threads)
        step = max(even, _shortest_part_warm_ups * self._warm_up_frames, 1)
        return [*range(0, frames, step), frames] if frames else [0, 0]

    def _parts(self, channel: int, dry: Audio, wet: Audio, edges: list[int]) -> list[_Part]:
        row = slice(channel, channel + 1)

        def part(begin: int, end: int) -> _Part:
            early = max(0, begin - self._warm_up_frames)
            return _Part(
                stream=self._new_stream() if begin else self._streams[channel],
                dry=dry[row, begin:end],
                wet=wet[row, begin:end],
                warm_up=dry[row, early:begin] if begin else None,
                first_frame=self._frames + early,
            )

        return [part(begin, end) for begin, end in pairwise(edges)]

    def _on_threads(self, work: Callable[..., None], jobs: Iterable[object]) -> None:
        todo = list(jobs)
        if self._threads == 1 or len(todo) <= 1:
            for job in todo:
                work(job)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            list(pool.map(work, todo))


def _verify(parts: list[_Part]) -> None:
    for before, part in pairwise(parts):
        part.follow(before)
