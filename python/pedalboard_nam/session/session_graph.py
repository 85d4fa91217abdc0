# SPDX-License-Identifier: MIT
"""The parts of a session, `Track` and `Bus`, and how signals go between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar, cast

from pedalboard import Plugin

from ..audio.reader import StrPath
from ..automation.accepted_lanes import Automation, LaneLike
from ..boards.board_effects import Board, effects_of
from ..files.new_file import file_name
from ..wording.numbers import check_number
from ..wording.quoted import quoted


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class _Strip:
    """What a track and a bus have in common."""

    gain_db: float = 0.0
    pan: float = 0.0
    sends: Mapping[str, float] = field(default_factory=dict[str, float])
    mute: bool = False
    solo: bool = False
    automation: Automation = field(default_factory=dict[Plugin, dict[str, LaneLike]])

    def __repr__(self) -> str:
        """What it is, and what is not as by default: all defaults are falsy."""
        own: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        parts = [f"<pedalboard_nam.{type(self).__name__}", repr(own.pop("name"))]
        if "source" in own:
            parts.append(repr(str(own.pop("source"))))
        parts.append(board_in_words(own.pop("board")))
        parts += ["automated"] * bool(own.pop("automation"))
        return " ".join([*parts, *(f"{name}={own[name]!r}" for name in own if own[name])]) + ">"


@dataclass(frozen=True, eq=False, repr=False)
class Track(_Strip):
    """An audio file, its effects, and where it goes: to the master, and to buses.

    Parameters
    ----------
    name
        What sends, messages and its stem call it.
    source
        An audio file of one channel or two. Of one, the effects are played in mono.
    board
        Effects in a row, or a single one.
    gain_db
        The fader, after the effects, -200 to 200 dB.
    pan
        -1 left, 0 centre, 1 right. Mono is panned at constant power: -3 dB on both sides in the
        centre; at an end 0 dB on that side and silence on the other. Stereo is balanced: 0 dB on
        both sides in the centre; towards an end the other side fades to silence.
    sends
        Names of buses, and the gain in dB with which each gets what comes from fader and pan.
    mute
        Whether to leave it out.
    solo
        Whether to leave out the tracks that are not soloed. Buses stay.
    automation
        Lanes for the effects, as in `BoardStream`, in the time of the session.
    start_s
        When the file starts in the session, in seconds, 0 to 86,400.

    Raises
    ------
    TypeError
        For what is no board or path.
    ValueError
        For a value that is not accepted.
    """

    name: str
    source: StrPath
    board: Board = ()
    start_s: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        _check_strip(self)
        file_name(self.source, f"{label(self)}: source")
        check_number(f"{label(self)}: start_s", self.start_s, 0.0, 86_400.0)


@dataclass(frozen=True, eq=False, repr=False)
class Bus(_Strip):
    """What tracks and other buses send, added up in stereo, its effects, and where it goes.

    Parameters
    ----------
    name, board, gain_db, pan, sends, mute, automation
        As in `Track`.
    solo
        Whether the master gets only what is soloed. All go on sending.

    Raises
    ------
    TypeError
        For what is no board.
    ValueError
        For a value that is not accepted.
    """

    name: str
    board: Board = ()

    def __post_init__(self) -> None:
        _check_strip(self)


S = TypeVar("S", Track, Bus)


@dataclass(frozen=True)
class Graph:
    """What plays, mute and solo taken into account.

    Attributes
    ----------
    tracks
        Those that play.
    buses
        Those that get something, senders first.
    heard
        Names of the tracks and buses that go to the master.
    """

    tracks: Sequence[Track]
    buses: Sequence[Bus]
    heard: frozenset[str]


def graph_of(tracks: Sequence[Track], buses: Sequence[Bus]) -> Graph:
    """Check that the parts go together, and leave out what is not heard.

    Raises
    ------
    ValueError
        If there is no track, a name occurs twice, or a send goes nowhere or back to where it came
        from.
    """
    if not tracks:
        raise ValueError("session: there are no tracks")
    strips = [*tracks, *buses]
    names = [strip.name for strip in strips]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"session: {name!r} is the name of two; names have to differ")
    _check_sends(strips, [bus.name for bus in buses])

    one_track, one_bus = any(t.solo for t in tracks), any(b.solo for b in buses)
    playing = [t for t in tracks if not t.mute and (t.solo or not one_track)]
    fed = {target for track in playing for target in track.sends}
    running: list[Bus] = []
    for bus in _senders_first(buses):
        if bus.name in fed and not bus.mute:
            running.append(bus)
            fed.update(bus.sends)
    heard = [t.name for t in playing if t.solo or not one_bus]
    heard += [b.name for b in running if b.solo or not one_bus]
    return Graph(playing, running, frozenset(heard))


def list_of(kind: type[S], strips: object, name: str) -> tuple[S, ...]:
    """The tracks or the buses; a TypeError for anything else."""
    one = kind.__name__
    if not isinstance(strips, Iterable) or isinstance(strips, (str, Mapping)):
        found = _found(cast("object", strips))
        raise TypeError(f"session: {name} is {found}; expected is a list of {one}")
    kept = tuple(cast("Iterable[object]", strips))
    for i, strip in enumerate(kept):
        if not isinstance(strip, kind):
            raise TypeError(f"session: {name}[{i}] is {_found(strip)}; expected is a {one}")
    return cast("tuple[S, ...]", kept)


def _found(value: object) -> str:
    return label(value) if isinstance(value, (Track, Bus)) else quoted(value)


def kept_automation(automation: Automation, where: str) -> Automation:
    """A copy; a ValueError for what has no lanes in it. What they are is seen when it is played."""
    if not isinstance(automation, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(
            f"{where}: automation is {quoted(automation)}; lanes by effect are expected"
        )
    return dict(automation)


def board_in_words(effects: Iterable[Plugin]) -> str:
    """The kinds of effects, in their order."""
    return f"[{', '.join(type(effect).__name__ for effect in effects)}]"


def label(strip: Track | Bus) -> str:
    """What messages call it."""
    return f"{'track' if isinstance(strip, Track) else 'bus'} {strip.name!r}"


def _check_strip(strip: Track | Bus) -> None:
    where = label(strip)
    object.__setattr__(strip, "board", effects_of(strip.board, where))
    name = cast("object", strip.name)
    if not isinstance(name, str) or not name.isprintable() or set(name) <= {".", " "}:
        raise ValueError(f"{where}: the name is {quoted(name)}; a name for a file is expected")
    if "/" in name or "\\" in name:
        raise ValueError(f"{where}: a / or \\ is in the name, which stems have as files")
    check_number(f"{where}: gain_db", strip.gain_db, -200.0, 200.0)
    check_number(f"{where}: pan", strip.pan, -1.0, 1.0)
    if not isinstance(strip.sends, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ValueError(
            f"{where}: sends is {quoted(strip.sends)}; names of buses and gains are expected"
        )
    object.__setattr__(strip, "sends", dict(strip.sends))
    object.__setattr__(strip, "automation", kept_automation(strip.automation, where))
    for target, gain_db in strip.sends.items():
        check_number(f"{where}: the send to {target!r}", gain_db, -200.0, 200.0)
    for switch, value in (("mute", strip.mute), ("solo", strip.solo)):
        if not isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"{where}: {switch} is {quoted(value)}; accepted are true and false")


def _check_sends(strips: Iterable[Track | Bus], bus_names: Sequence[str]) -> None:
    for strip in strips:
        for target in strip.sends:
            if target not in bus_names:
                accepted = ", ".join(map(repr, bus_names)) or "none: there are no buses"
                raise ValueError(f"{label(strip)} sends to {target!r}; accepted are {accepted}")


def _senders_first(buses: Sequence[Bus]) -> list[Bus]:
    senders: dict[str, list[str]] = {bus.name: [] for bus in buses}
    for bus in buses:
        for target in bus.sends:
            senders[target].append(bus.name)
    by_name = {bus.name: bus for bus in buses}
    try:
        return [by_name[name] for name in TopologicalSorter(senders).static_order()]
    except CycleError as error:
        circle: list[str] = error.args[1]
        raise ValueError(f"session: sends go in a circle: {' -> '.join(circle)}") from None
