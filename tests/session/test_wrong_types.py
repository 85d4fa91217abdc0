# SPDX-License-Identifier: MIT
"""What is not of the kind that is expected is said in a sentence: what, found, and accepted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pedalboard import Gain, Limiter, Reverb
from pedalboard.io import AudioFile

from pedalboard_nam import Bus, Session, Silence, Track, bounce


def _track(**changes: Any) -> Track:
    return Track(**({"name": "a", "source": "dry.wav"} | changes))


def _bounce(board: Any = (), source: Any = "dry.wav", to: Any = "wet.wav", **more: Any) -> None:
    bounce(board, source, to, **more)


def _session(to: Any = "wet.wav", **more: Any) -> None:
    Session([_track()]).bounce(to, **more)


_wrong: list[tuple[Callable[[], Any], str]] = [
    (lambda: _bounce(None), "the board: None is no effect of pedalboard's, and no list of them"),
    (lambda: _bounce({}), "the board: {} is no effect"),
    (lambda: _bounce("amp"), "the board: 'amp' is no effect"),
    (lambda: _bounce(Reverb), "the board: <class 'pedalboard"),
    (lambda: _bounce(source=3), "source is 3; a path is expected, as str or Path"),
    (lambda: _bounce(source=None), "source is None; a path is expected"),
    (lambda: _bounce(source=b"dry.wav"), "source is a Python bytes; a path is expected"),
    (lambda: _bounce(source=np.zeros(9)), "source is a Python ndarray; a path is expected"),
    (lambda: _bounce(source=""), "source is empty; a path is expected"),
    (lambda: _bounce(source="folder"), "Is a directory: 'folder'"),
    (lambda: _bounce(to=None), "destination is None; a path is expected"),
    (lambda: _bounce(to="dry.wav", overwrite=True), "dry.wav: this is the input; name another"),
    (lambda: _bounce(tail="silence"), 'tail is "silence"; accepted are 0 to 86400 seconds and Sil'),
    (lambda: _bounce(automation=[]), "automation is []; expected are lanes by effect"),
    (lambda: _bounce(sample_rate="48k"), 'sample_rate is "48k"; accepted are 8000 to 384000'),
    (lambda: _bounce(sample_rate=True), "sample_rate is true; accepted are 8000 to 384000"),
    (lambda: _bounce(sample_rate=1), "sample_rate is 1; accepted are 8000 to 384000"),
    (lambda: _bounce(bit_depth=12), "wet.wav: WAV files have no bit depth of 12; accepted are 16"),
    (lambda: _bounce(bit_depth="16"), "wet.wav: WAV files have no bit depth of '16'; accepted"),
    (lambda: _bounce(block_size=0), "block_size is 0; accepted are whole numbers of 1 and more"),
    (lambda: _bounce(block_size=1.5), "block_size is 1.5; accepted are whole numbers"),
    (lambda: _bounce(progress=3), "progress is 3; a function of two numbers is expected"),
    (lambda: Silence(below_db="x"), 'Silence: below_db is "x"; accepted are -200 to 0'),
    (lambda: _track(source=None), "track 'a': source is None; a path is expected"),
    (lambda: _track(source=""), "track 'a': source is empty; a path is expected"),
    (lambda: _track(board=3), "track 'a': 3 is no effect of pedalboard's, and no list"),
    (lambda: _track(automation=[1]), "track 'a': automation is a list of 1; lanes by effect are"),
    (lambda: Bus("b", automation=3), "bus 'b': automation is 3; lanes by effect are expected"),
    (lambda: Session(tracks="x"), 'session: tracks is "x"; expected is a list of Track'),
    (lambda: Session(tracks=_track()), "session: tracks is track 'a'; expected is a list of Track"),
    (lambda: Session(["dry.wav"]), 'session: tracks[0] is "dry.wav"; expected is a Track'),
    (lambda: Session([Bus("b")]), "session: tracks[0] is bus 'b'; expected is a Track"),
    (lambda: Session([_track()], Bus("b")), "session: buses is bus 'b'; expected is a list of Bus"),
    (lambda: Session([_track()], [3]), "session: buses[0] is 3; expected is a Bus"),
    (lambda: Session([_track()], master=3), "the master: 3 is no effect"),
    (lambda: Session([_track()], automation=[1]), "the master: automation is a list of 1; lanes"),
    (lambda: Session([_track()], tail_s=Silence()), "session: tail_s is a Python Silence; accepte"),
    (lambda: _session(to=3), "destination is 3; a path is expected"),
    (lambda: _session(stems=True), "stems is true; a path is expected"),
    (lambda: _session(threads="2"), 'threads is "2"; accepted are whole numbers of 1 and more'),
    (lambda: _session(progress="x"), 'progress is "x"; a function of two numbers is expected'),
    (lambda: Session.load(None), "the path of a session is None; a path is expected"),
]


@pytest.mark.parametrize(("do", "said"), _wrong, ids=[said for _, said in _wrong])
def test_it_is_said_in_a_sentence_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, do: Callable[[], Any], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with AudioFile(os.fspath(tmp_path / "dry.wav"), "w", 48_000, 1, bit_depth=32) as file:
        file.write(np.full((1, 5_000), 0.1, np.float32))
    before = sorted((path, path.stat().st_mtime_ns) for path in tmp_path.iterdir())
    with pytest.raises((TypeError, ValueError, OSError)) as raised:
        do()
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert sorted((path, path.stat().st_mtime_ns) for path in tmp_path.iterdir()) == before


def test_a_session_and_its_parts_are_shown_in_a_line_each() -> None:
    gain = Gain(1)
    lead = Track("lead", "di.wav", [gain, Reverb()], gain_db=-2, sends={"room": -12}, solo=True)
    assert repr(lead) == (
        "<pedalboard_nam.Track 'lead' 'di.wav' [Gain, Reverb] gain_db=-2 sends={'room': -12} "
        "solo=True>"
    )
    other = Track("b", Path("di.wav"), start_s=0.5, automation={gain: {"gain_db": [(0, 1)]}})
    assert repr(other) == "<pedalboard_nam.Track 'b' 'di.wav' [] automated start_s=0.5>"
    room = Bus("room", Reverb(), pan=0.3)
    assert repr(room) == "<pedalboard_nam.Bus 'room' [Reverb] pan=0.3>"
    assert repr(Session([lead, other], [room], Limiter(), tail_s=2)) == (
        "<pedalboard_nam.Session tracks=['lead', 'b'] buses=['room'] master=[Limiter] tail_s=2>"
    )
