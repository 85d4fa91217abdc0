# SPDX-License-Identifier: MIT
"""`Session`: tracks through boards and buses to a mix and its stems."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pedalboard import Plugin

from ..audio.progress import Progress, check_progress
from ..audio.reader import AudioFileError, StrPath
from ..audio.writer import BitDepth, create_audio_files
from ..automation.accepted_lanes import Automation
from ..boards.board_effects import Board, check_places, effects_of
from ..boards.board_stream import longest_tail_s
from ..engine.cores import core_count
from ..engine.reamp_file import Reamped
from ..errors import located
from ..files.new_file import file_name, make_folder
from ..wording.numbers import check_number, check_whole_number
from .session_file import read_session
from .session_graph import (
    Bus,
    Graph,
    Track,
    board_in_words,
    graph_of,
    kept_automation,
    label,
    list_of,
)
from .session_mix import Mixer


@dataclass(frozen=True, slots=True)
class Mixdown(Reamped):
    """What `Session.bounce` wrote: the mix, as `Reamped` has it.

    Attributes
    ----------
    stems
        The same of each stem, by the name of its track or bus.
    """

    stems: Mapping[str, Reamped] = field(default_factory=dict[str, Reamped])


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Session:
    """Tracks, the buses that they send to, and a master: what a DAW's mixer is.

    It says what is to be played, and plays it in `bounce`. All signals stay together to the frame,
    whatever latency their effects have.

    Parameters
    ----------
    tracks
        Audio files and their effects.
    buses
        What tracks send to.
    master
        Effects for the sum of all.
    automation
        Lanes for the master's effects, as in `BoardStream`.
    tail_s
        How long the mix goes on after the last track's end, in seconds, 0 to 86,400.

    Raises
    ------
    TypeError
        For what is no track, bus or board.
    ValueError
        If there is no track, two things have the same name or use the same effect, or a send goes
        nowhere or in a circle.
    """

    tracks: Sequence[Track]
    buses: Sequence[Bus]
    master: Sequence[Plugin]
    automation: Automation
    tail_s: float
    _graph: Graph = field(init=False)

    def __init__(
        self,
        tracks: Iterable[Track],
        buses: Iterable[Bus] = (),
        master: Board = (),
        *,
        automation: Automation | None = None,
        tail_s: float = 0.0,
    ) -> None:
        keep = partial(object.__setattr__, self)
        keep("tracks", list_of(Track, tracks, "tracks"))
        keep("buses", list_of(Bus, buses, "buses"))
        keep("master", effects_of(master, "the master"))
        keep("automation", kept_automation({} if automation is None else automation, "the master"))
        keep("tail_s", tail_s)
        check_number("session: tail_s", tail_s, 0.0, longest_tail_s)
        keep("_graph", graph_of(self.tracks, self.buses))
        strips = {label(strip): strip for strip in (*self.tracks, *self.buses)}
        boards = {name: effects_of(strip.board, name) for name, strip in strips.items()}
        check_places({**boards, "the master": self.master})

    def __repr__(self) -> str:
        tracks, buses = (repr([s.name for s in strips]) for strips in (self.tracks, self.buses))
        master = board_in_words(self.master)
        return (
            f"<pedalboard_nam.Session tracks={tracks} buses={buses} master={master} "
            f"tail_s={self.tail_s:g}>"
        )

    @classmethod
    def load(cls, path: StrPath) -> Session:
        """Make a session of a TOML or JSON file; docs/sessions.md says what is in it.

        Raises
        ------
        ModelError
            If a file is not a usable model.
        OSError
            If a file cannot be read.
        ValueError
            If something in it is unknown, missing or not accepted. The message says where.
        RuntimeError
            If there is a plug-in in it, and this is not the thread where they can be made.
        """
        try:
            return cls(**read_session(path))
        except ValueError as error:
            raise located(os.fspath(path), error) from None

    def bounce(
        self,
        destination: StrPath,
        *,
        stems: StrPath | None = None,
        bit_depth: BitDepth | None = None,
        dither: bool = False,
        overwrite: bool = False,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Mixdown:
        """Play the session into a stereo file, and what it is made of into others.

        All is checked before anything is played, and the files appear together at the end. The bits
        are the same for any number of threads.

        Parameters
        ----------
        destination
            The mix. Its extension chooses the format: .wav, .w64, .caf, .flac, .aiff,
            .aif, .ogg or .mp3.
        stems
            A folder, made if need be, for a file of each track and bus that the master gets, called
            like it, with the ending of `destination`. It holds what the master gets: if the master
            has no effects, all stems add up to the mix.
        bit_depth
            16 or 24 bits, 32 for floating point (.wav, .w64 and .caf), or "int32" for whole numbers
            of 32 bits (those and .aiff). By default 32 where there is floating point, which neither
            clips nor rounds, and 24 for .flac and .aiff. Not for .ogg and .mp3.
        dither
            Whether to round to 16 or 24 bits with triangular noise of two steps peak to peak, so
            that the error is noise, and not distortion. The same noise every time.
        overwrite
            Whether to replace files of those names.
        threads
            Number of threads that tracks play on; all cores that this process may use if None.
        progress
            Called now and then with the frames done and those to do.

        Returns
        -------
        Mixdown
            What was written as the mix: frames, rate, peak, and whether the format clipped it; and
            the same of each stem.

        Raises
        ------
        AudioFileError
            If a source is not audio, has another rate than the others or more than two channels, or
            a file to be written is a source or cannot hold the mix.
        OSError
            If a file cannot be read or written, or exists.
        ValueError
            If nothing is heard, or a board cannot be played or is at work already.
        """
        if not self._graph.heard:
            raise ValueError("session: nothing is heard; mute and solo leave nothing")
        threads = core_count() if threads is None else threads
        check_whole_number("threads", threads, 1)
        check_progress(progress)
        stem_paths = {} if stems is None else _stem_paths(self._graph, stems, destination)
        _check_destinations([destination, *stem_paths.values()], self.tracks)
        with ExitStack() as open_files:
            mixer = Mixer(self._graph, self.master, self.automation, self.tail_s, open_files)
            if stems is not None:
                open_files.enter_context(_folder(stems))
            wet, *stem_files = open_files.enter_context(
                create_audio_files(
                    [destination, *stem_paths.values()],
                    mixer.sample_rate,
                    2,
                    bit_depth=bit_depth,
                    dither=dither,
                    overwrite=overwrite,
                    frames=mixer.frames,
                )
            )
            pool = open_files.enter_context(ThreadPoolExecutor(threads))
            for mix, played in mixer.play(pool):
                wet.write(mix)
                for name, file in zip(stem_paths, stem_files, strict=True):
                    file.write(played[name][:, : mixer.frames - file.frames])
                if progress is not None:
                    progress(wet.frames, mixer.frames)
        written = [Reamped.from_writer(file, 2, mixer.sample_rate) for file in stem_files]
        return replace(
            Mixdown.from_writer(wet, 2, mixer.sample_rate),
            stems=dict(zip(stem_paths, written, strict=True)),
        )


def _stem_paths(graph: Graph, stems: StrPath, destination: StrPath) -> dict[str, Path]:
    folder = Path(file_name(stems, "stems"))
    ending = os.path.splitext(file_name(destination, "destination"))[1]
    strips = (*graph.tracks, *graph.buses)
    return {s.name: folder / f"{s.name}{ending}" for s in strips if s.name in graph.heard}


def _check_destinations(paths: Iterable[StrPath], tracks: Iterable[Track]) -> None:
    written: set[str] = set()
    for path in paths:
        real = os.path.realpath(file_name(path, "destination"))
        if real in written:
            raise AudioFileError(f"{os.fspath(path)}: this is the mix and a stem; name another")
        written.add(real)
        for track in tracks:
            if os.path.realpath(track.source) == real:
                raise AudioFileError(
                    f"{os.fspath(path)}: this is the source of {label(track)}; name another output"
                )


@contextmanager
def _folder(path: StrPath) -> Generator[None]:
    """A folder that is there; what was not there before goes again, should all fail."""
    folder = Path(os.path.abspath(path))
    new = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        make_folder(Path(path))
        yield
    except BaseException:
        for each in new:
            with suppress(OSError):  # where somebody else has put something into it
                each.rmdir()
        raise
