# SPDX-License-Identifier: MIT
"""A session at work: tracks on threads, block by block, and added up in a fixed order.

Every board gives frame n for frame n, only later, and a sum waits for the last of its parts. So
what goes side by side stays together, whatever latency there is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import numpy as np

from ..audio.arrays import Audio
from ..audio.reader import AudioFileError, AudioReader, open_audio
from ..automation.accepted_lanes import Automation
from ..boards.board_effects import Board
from ..boards.board_stream import BoardStream, longest_latency_s, turn_frames
from ..boards.late_sum import LateSum
from ..errors import located, placed
from .session_graph import Bus, Graph, Track, label

_blocks_ahead = 3  # so that no thread waits for the slowest track, nor for the mix


class Mixer:
    """All that plays, opened and ready.

    Parameters
    ----------
    graph
        Tracks and buses.
    master, master_automation
        Effects for the sum of all, and lanes for them.
    tail_s
        How long it goes on after the end of the last track, in seconds.
    open_until
        Closes files and streams.

    Raises
    ------
    AudioFileError
        If a source is not audio, or of another rate or number of channels.
    OSError
        If a source cannot be read.
    ValueError
        If a board cannot be played.

    Attributes
    ----------
    sample_rate
        Of all sources, in Hz.
    frames
        Length of the mix.
    """

    def __init__(
        self,
        graph: Graph,
        master: Board,
        master_automation: Automation,
        tail_s: float,
        open_until: ExitStack,
    ) -> None:
        self._open_until = open_until
        self._boards: list[_Board] = []
        files = [open_until.enter_context(_source(track)) for track in graph.tracks]
        self.sample_rate = _common_rate(graph, files)
        self._tracks = {
            track.name: _Player(
                file, round(track.start_s * self.sample_rate), self._fader(track, file.num_channels)
            )
            for track, file in zip(graph.tracks, files, strict=True)
        }
        strips = [*graph.tracks, *graph.buses]
        self._buses = {
            bus.name: (
                _Inputs({s.name: s.sends[bus.name] for s in strips if bus.name in s.sends}),
                self._fader(bus, 2),
            )
            for bus in graph.buses
        }
        self._master_in = _Inputs({s.name: 0.0 for s in strips if s.name in graph.heard})
        self._master = self._board("the master", master, master_automation, 2)
        longest = max(player.end for player in self._tracks.values())
        self.frames = longest + round(tail_s * self.sample_rate)
        for board in self._boards:
            board.stream.ends_at(self.frames)

    def _fader(self, strip: Track | Bus, channels: int) -> _Fader:
        board = self._board(label(strip), strip.board, strip.automation, channels)
        return _Fader(board, _pan_gains(strip.pan, channels) * _gain(strip.gain_db))

    def _board(self, where: str, board: Board, automation: Automation, channels: int) -> _Board:
        try:
            stream = BoardStream(board, self.sample_rate, channels, automation)
        except ValueError as error:
            raise located(where, error) from None
        at_work = _Board(where, self._open_until.enter_context(stream))
        self._boards.append(at_work)
        return at_work

    def play(self, threads: ThreadPoolExecutor) -> Iterator[tuple[Audio, Mapping[str, Audio]]]:
        """From the first frame to the last: the next of the mix, and of every track and bus.

        Of those, there are more than of the mix, if what follows has a latency.
        """
        patience_frames = self.frames + int(longest_latency_s * self.sample_rate)
        coming: deque[dict[str, Future[Audio]]] = deque()
        mixed = taken = 0
        while mixed < self.frames:
            while not coming or (len(coming) < _blocks_ahead and taken < self.frames):
                before = coming[-1] if coming else {}
                coming.append(
                    {
                        name: threads.submit(track.play, before.get(name))
                        for name, track in self._tracks.items()
                    }
                )
                taken += turn_frames
            if taken > patience_frames:
                raise ValueError(f"session: the boards give {mixed} frames of {self.frames}")
            played = {name: block.result() for name, block in coming.popleft().items()}
            for name, (sends, fader) in self._buses.items():
                played[name] = fader.process(sends.add(played))
            mix = self._master.process(self._master_in.add(played))[:, : self.frames - mixed]
            mixed += mix.shape[1]
            yield mix, played


class _Player:
    """A track at work."""

    def __init__(self, file: AudioReader, start: int, fader: _Fader) -> None:
        self._file = file
        self._silent_frames = start
        self._fader = fader
        self.end = start + file.frames

    def play(self, before: Future[Audio] | None) -> Audio:
        """The next block, once the one before it is done."""
        if before is not None:
            before.result()  # it was submitted first, so it is at work already
        block = np.zeros((self._file.num_channels, turn_frames), np.float32)
        silent = min(self._silent_frames, turn_frames)
        self._silent_frames -= silent
        if silent < turn_frames:
            audio = self._file.read(turn_frames - silent)
            block[:, silent : silent + audio.shape[1]] = audio
        return self._fader.process(block)


class _Board:
    """A board at work, and where it is in the session."""

    def __init__(self, where: str, stream: BoardStream) -> None:
        self._where = where
        self.stream = stream

    def process(self, block: Audio) -> Audio:
        try:
            return self.stream.process(block)
        except ValueError as error:
            raise located(self._where, error) from error


class _Fader:
    """A board, and after it gain and pan: stereo comes out."""

    def __init__(self, board: _Board, gains: Audio) -> None:
        self._board = board
        self._gains = gains

    def process(self, block: Audio) -> Audio:
        return self._gains * self._board.process(block)


class _Inputs:
    """What goes into a bus or the master: signals by name, each with its gain, added up."""

    def __init__(self, gains_db: Mapping[str, float]) -> None:
        self._gains = {name: _gain(gain_db) for name, gain_db in gains_db.items()}
        self._sum = LateSum(len(gains_db), 2)

    def add(self, signals: Mapping[str, Audio]) -> Audio:
        return self._sum.add(gain * signals[name] for name, gain in self._gains.items())


@contextmanager
def _source(track: Track) -> Generator[AudioReader]:
    with ExitStack() as file:
        try:
            with placed(label(track)):
                audio = file.enter_context(open_audio(track.source))
        except AudioFileError as error:
            raise AudioFileError(f"{label(track)}: {error}") from None
        yield audio


def _common_rate(graph: Graph, files: list[AudioReader]) -> float:
    first = files[0].sample_rate
    for track, file in zip(graph.tracks, files, strict=True):
        if file.sample_rate != first:
            raise AudioFileError(
                f"{label(track)}: {track.source} is at {file.sample_rate:g} Hz and "
                f"{graph.tracks[0].source} at {first:g} Hz; a session has one rate"
            )
        if file.num_channels > 2:
            raise AudioFileError(
                f"{label(track)}: {track.source} has {file.num_channels} channels; "
                "accepted are 1 and 2"
            )
    return first


def _gain(gain_db: float) -> np.float32:
    return np.float32(10.0 ** (gain_db / 20.0))


def _pan_gains(pan: float, channels: int) -> Audio:
    """Gains of left and right, shape (2, 1): 0 and 1 at the ends, and sines between."""
    sides = np.array([[1.0 - pan], [1.0 + pan]])
    turns = sides / 4.0 if channels == 1 else np.minimum(sides, 1.0) / 2.0
    return np.sin(np.pi * turns).astype(np.float32)
