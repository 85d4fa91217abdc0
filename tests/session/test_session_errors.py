# SPDX-License-Identifier: MIT
"""What a session refuses, and that whatever stops a bounce leaves nothing half-made."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_files import read_audio, write_audio
from full_disk import full_disk
from pedalboard import Gain, Pedalboard, VST3Plugin
from playing import noise, random_model
from session_audio import frames, mono_audio, rate

from pedalboard_nam import Bus, NeuralAmp, Session, Track
from pedalboard_nam.audio.reader import AudioFileError


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"pan": 1.5}, "track 't': pan is 1.5; accepted are -1 to 1"),
        ({"pan": math.nan}, "track 't': pan is NaN"),
        ({"gain_db": math.inf}, "track 't': gain_db is Infinity; accepted are -200 to 200"),
        ({"gain_db": "loud"}, 'gain_db is "loud"'),
        ({"start_s": -1}, "start_s is -1; accepted are 0 to 86400"),
        ({"sends": {"room": math.nan}}, "the send to 'room' is NaN"),
        ({"sends": ["room"]}, "track 't': sends is a list of 1; names of buses and gains"),
        ({"mute": 1}, "mute is 1; accepted are true and false"),
        ({"name": ""}, "a name for a file is expected"),
        ({"name": ".."}, "a name for a file is expected"),
        ({"name": "a\0b"}, "a name for a file is expected"),
        ({"name": "up/down"}, "in the name, which stems have as files"),
    ],
)
def test_values_that_are_not_accepted(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Track(**{"name": "t", "source": "di.wav", **fields})


def _loop() -> list[Bus]:
    return [
        Bus("a", sends={"b": 0}),
        Bus("b", sends={"c": 0}),
        Bus("c", sends={"b": 0}),
    ]


_gain = Gain()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tracks": []}, "there are no tracks"),
        ({"tracks": [Track("t", "x"), Track("t", "y")]}, "'t' is the name of two"),
        ({"buses": [Bus("t")]}, "'t' is the name of two"),
        ({"tracks": [Track("t", "x", sends={"b": 0})]}, "track 't' sends to 'b'.* no buses"),
        ({"buses": [Bus("a", sends={"t": 0})]}, "bus 'a' sends to 't'; accepted are 'a'"),
        ({"buses": [Bus("a", sends={"a": 0})]}, "in a circle: a -> a"),
        ({"buses": _loop()}, "in a circle: (b -> c -> b|c -> b -> c)"),
        ({"tail_s": math.nan}, "tail_s is NaN"),
        ({"master": [_gain], "buses": [Bus("b", [Pedalboard([_gain])])]}, "bus 'b' and the master"),
        ({"master": [_gain, _gain]}, "is in the master twice; each place needs"),
    ],
)
def test_sessions_that_cannot_be(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Session(**{"tracks": [Track("t", "di.wav")], **arguments})


@pytest.mark.parametrize(
    ("track", "options", "message"),
    [
        ({"source": "gone.wav"}, {}, "No such file.*gone.wav"),
        ({"source": "text.wav"}, {}, "text.wav: no audio that can be read"),
        ({"source": "fast.wav"}, {}, "fast.wav is at 48000 Hz and .*mono.wav at 44100 Hz"),
        ({"source": "three.wav"}, {}, "track 't': .*three.wav has 3 channels"),
        ({"automation": {Gain(): {"gain_db": [(0, 0)]}}}, {}, "track 't': .*not an effect of"),
        ({}, {"destination": "mono.wav", "overwrite": True}, "the source of track"),
        ({}, {"destination": "stems/t.wav"}, "this is the mix and a stem"),
        ({}, {"destination": "mix.xyz"}, "cannot write .xyz"),
        ({}, {"destination": "nowhere/mix.wav"}, "No such file"),
        ({}, {"destination": "text.wav"}, "text.wav exists already"),
        ({}, {"stems": "text.wav"}, "Not a directory"),
        ({}, {"stems": "text.wav/stems"}, "Not a directory"),
        ({}, {"stems": "a/b/c", "destination": "text.wav"}, "text.wav exists already"),
        (
            {"start_s": 86_400},
            {"destination": "long.aiff"},
            "long.aiff: an AIFF file holds",
        ),
        ({}, {"bit_depth": 12}, "no bit depth of 12"),
        ({}, {"dither": True}, "dither is for 16 and 24 bits"),
        ({}, {"threads": 0}, "threads is 0; accepted are whole numbers of 1"),
    ],
)
def test_what_fails_does_so_before_anything_is_made(
    mono, tmp_path, monkeypatch, track, options, message
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.wav").write_text("no audio")
    write_audio(Path("fast.wav"), mono_audio, 48_000)
    write_audio(Path("three.wav"), noise(3, 1_000), rate)
    before = sorted(os.listdir())
    session = Session([Track("first", mono), Track(**{"name": "t", "source": mono, **track})])
    with pytest.raises((ValueError, OSError), match=message):
        session.bounce(**{"destination": "mix.wav", "stems": "stems", **options})
    assert sorted(os.listdir()) == before


def test_an_instrument_is_refused(mono, instrument, tmp_path) -> None:
    session = Session([Track("t", mono, [VST3Plugin(str(instrument))])])
    with pytest.raises(ValueError, match=r"track 't': .* is an instrument"):
        session.bounce(tmp_path / "mix.wav")
    assert not (tmp_path / "mix.wav").exists()


def test_a_full_disk_leaves_nothing(mono, tmp_path) -> None:
    session = Session([Track("t", mono)])
    with full_disk(200_000), pytest.raises((OSError, AudioFileError), match="File too large"):
        session.bounce(tmp_path / "mix.wav", stems=tmp_path / "stems")
    assert os.listdir(tmp_path) == ["mono.wav"]


def test_an_interrupt_leaves_nothing(mono, tmp_path) -> None:
    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    session = Session([Track("t", mono, [NeuralAmp(random_model("lite"))])])
    with pytest.raises(KeyboardInterrupt):
        session.bounce(tmp_path / "mix.wav", stems=tmp_path / "stems", progress=interrupt)
    assert os.listdir(tmp_path) == ["mono.wav"]


def test_stems_that_exist_are_kept_unless_asked(mono, tmp_path) -> None:
    stems = tmp_path / "stems"
    stems.mkdir()
    (stems / "t.wav").write_text("mine")
    session = Session([Track("t", mono)])
    with pytest.raises(FileExistsError, match=r"t\.wav exists already"):
        session.bounce(tmp_path / "mix.wav", stems=stems)
    assert (stems / "t.wav").read_text() == "mine"
    assert not (tmp_path / "mix.wav").exists()
    session.bounce(tmp_path / "mix.wav", stems=stems, overwrite=True)
    np.testing.assert_array_equal(read_audio(stems / "t.wav"), read_audio(tmp_path / "mix.wav"))


def test_a_source_of_another_format_is_an_audio_file_error(tmp_path, mono) -> None:
    fast = write_audio(tmp_path / "fast.wav", mono_audio, 48_000)
    with pytest.raises(AudioFileError):
        Session([Track("a", mono), Track("b", fast)]).bounce(tmp_path / "mix.wav")


def test_what_stands_in_the_way_at_the_end_leaves_no_stems(mono, tmp_path) -> None:
    session = Session([Track("a", mono), Track("b", mono)])
    mix, stems = tmp_path / "mix.wav", tmp_path / "stems"

    def put_a_folder_there(done_frames: int, frames: int) -> None:
        (mix / "inside").mkdir(parents=True, exist_ok=True)

    with pytest.raises(OSError, match=r"mix\.wav exists already"):
        session.bounce(mix, stems=stems, progress=put_a_folder_there)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mix.wav", "mono.wav"]


@pytest.mark.parametrize("error", [KeyboardInterrupt("enough"), ValueError("enough")])
def test_a_strange_file_among_the_stems_hides_no_error(mono, tmp_path, error) -> None:
    stems = tmp_path / "stems"

    def stop(done_frames: int, frames: int) -> None:
        (stems / "notes.txt").touch()
        raise error

    with pytest.raises(type(error), match="enough"):
        Session([Track("a", mono)]).bounce(tmp_path / "mix.wav", stems=stems, progress=stop)
    assert [path.name for path in stems.iterdir()] == ["notes.txt"]


def test_a_name_too_long_for_a_file_is_said_before_anything_plays(mono, tmp_path) -> None:
    session = Session([Track("x" * 260, mono), Track("b", mono)])
    with pytest.raises(OSError, match="File name too long") as error:
        session.bounce(tmp_path / "mix.wav", stems=tmp_path / "stems", progress=pytest.fail)
    assert error.value.filename == str(tmp_path / "stems" / f"{'x' * 260}.wav")
    assert [path.name for path in tmp_path.iterdir()] == ["mono.wav"]


def test_a_source_with_a_null_character_is_named(tmp_path) -> None:
    with pytest.raises(ValueError, match=r"track 'a': source is 'in\\x00.wav'; no file has"):
        Session([Track("a", "in\0.wav")])


def test_functions_of_time_are_asked_for_the_mix_and_errors_name_the_track(mono, tmp_path) -> None:
    gain, times_s = Gain(), list[float]()

    def lane(time_s: float) -> float:
        times_s.append(time_s)
        return 0.0

    lanes = {gain: {"gain_db": lane}}
    Session([Track("t", mono, [gain], automation=lanes)], tail_s=0.5).bounce(tmp_path / "a.wav")
    assert max(times_s) == (frames + rate // 2 - 1) / rate
    lanes = {gain: {"gain_db": lambda time_s: -1.0 if time_s < 0.5 else math.nan}}
    with pytest.raises(ValueError, match=r"track 't': automation of Gain.gain_db is nan at 0\.5"):
        Session([Track("t", mono, [gain], automation=lanes)]).bounce(tmp_path / "b.wav")
    assert gain.gain_db == 1.0
