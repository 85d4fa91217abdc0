# SPDX-License-Identifier: MIT
"""A session in a file is the session in Python, and `reamp session` bounces it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nam_factory
import numpy as np
import pytest
from audio_files import read_audio, write_audio
from pedalboard import Limiter, Reverb
from playing import noise
from reamp_command import Reamp

from pedalboard_nam import Bus, ModelError, NeuralAmp, Session, Track, board_to_dict

_toml = """
tail_s = 0.25
master = [{effect = "Limiter", threshold_db = -3}]

[[tracks]]
name = "left"
source = "../di.wav"
board = [{effect = "NeuralAmp", model = "amp.nam", input_gain_db = 3, size = "lite"}]
pan = -1

[[tracks]]
name = "right"
source = "../di.wav"
pan = 1
gain_db = -2
start_s = 0.1
sends = {room = -12}

[[tracks.board]]
effect = "NeuralAmp"
model = "amp.nam"

[[buses]]
name = "room"
board = [{effect = "Reverb", wet_level = 1, dry_level = 0}]
"""


def _of_toml(folder: Path) -> Session:
    """The same in Python."""
    di, amp = folder / "di.wav", folder / "session" / "amp.nam"
    return Session(
        [
            Track("left", di, [NeuralAmp(amp, input_gain_db=3, size="lite")], pan=-1),
            Track(
                "right", di, [NeuralAmp(amp)], pan=1, gain_db=-2, start_s=0.1, sends={"room": -12}
            ),
        ],
        [Bus("room", [Reverb(wet_level=1, dry_level=0)])],
        [Limiter(threshold_db=-3)],
        tail_s=0.25,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Audio, and in a folder beside it an amp and a session that plays it."""
    (tmp_path / "session").mkdir()
    (tmp_path / "session" / "amp.nam").write_text(json.dumps(nam_factory.container()))
    (tmp_path / "session" / "song.toml").write_text(_toml)
    write_audio(tmp_path / "di.wav", noise(1, 20_000), 44_100)
    return tmp_path


def test_a_file_is_the_session_in_python(folder: Path) -> None:
    Session.load(folder / "session" / "song.toml").bounce(folder / "loaded.wav")
    _of_toml(folder).bounce(folder / "made.wav")
    np.testing.assert_array_equal(
        read_audio(folder / "loaded.wav"), read_audio(folder / "made.wav")
    )


def test_boards_are_in_the_file_as_board_to_dict_has_them(folder: Path) -> None:
    session = _of_toml(folder)
    tree = {
        "tracks": [
            {"name": t.name, "source": str(t.source), "pan": t.pan, "gain_db": t.gain_db,
             "sends": t.sends, "start_s": t.start_s,
             "board": [board_to_dict(effect)["effects"][0] for effect in t.board]}
            for t in session.tracks
        ],
        "buses": [{"name": "room", "board": board_to_dict(session.buses[0].board[0])["effects"]}],
        "master": board_to_dict(session.master[0], embed=True)["effects"],
        "tail_s": 0.25,
    }  # fmt: skip
    (folder / "song.json").write_text(json.dumps(tree))
    Session.load(folder / "song.json").bounce(folder / "loaded.wav")
    session.bounce(folder / "made.wav")
    np.testing.assert_array_equal(
        read_audio(folder / "loaded.wav"), read_audio(folder / "made.wav")
    )


def test_the_command_bounces_a_mix_and_stems(folder: Path, reamp: Reamp) -> None:
    done = reamp("session", "session/song.toml", "-o", "mix.flac", "--stems", "stems")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mix.flac: 0.8 s stereo at 44100 Hz, peak ")
    assert "reamp: warning: stems/left.flac is clipped: its peak is +" in done.stderr
    assert "stems/room.flac" not in done.stderr
    assert sorted(os.listdir(folder / "stems")) == ["left.flac", "right.flac", "room.flac"]
    _of_toml(folder).bounce(folder / "made.flac")
    np.testing.assert_array_equal(read_audio(folder / "mix.flac"), read_audio(folder / "made.flac"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tail_s", "tail", '"tail" is unknown; accepted are tracks, buses, master, tail_s'),
        ("tail_s = 0.25", "tail_s = nan", "session: tail_s is NaN; accepted are 0 to 86400"),
        ("pan = -1", "pann = -1", "track 'left': \"pann\" is unknown; accepted are "),
        ("pan = -1", "pan = true", "song.toml: track 'left': pan is true; accepted are -1 to 1"),
        ("pan = -1", "automation = {}", "track 'left': \"automation\" is unknown"),
        ('name = "left"', "name = 3", "tracks[0]: name is 3; text is expected"),
        ('name = "left"', 'name = "room"', "'room' is the name of two"),
        (
            'source = "../di.wav"\nboard',
            "board",
            "track 'left': source is missing; text is expected",
        ),
        ("sends = {room = -12}", "sends = -12", "sends is -12; names of buses and gains"),
        ("sends = {room = -12}", "sends = {hall = 0}", "track 'right' sends to 'hall'; accepted"),
        ('"room"\nboard', '"room"\nsends = {room = 0}\nboard', "in a circle: room -> room"),
        ("dry_level", "drylevel", "bus 'room': board[0] (Reverb): \"drylevel\" is"),
        (
            '"Limiter"',
            '"Limit"',
            "master[0] (Limit): there is no such effect; accepted are Bitcrush, ",
        ),
        (
            'model = "amp.nam", input',
            'model = "di.wav", input',
            "directory (track 'left': board[0] (NeuralAmp))",
        ),
        ('"../di.wav"\nboard', '"di.wav"\nboard', "No such file or directory (track 'left')"),
        ('"../di.wav"\nboard', '"amp.nam"\nboard', "track 'left': "),
        ('source = "../di.wav"\nboard', 'source = ""\nboard', "track 'left': source is \"\"; text"),
        ('{effect = "Reverb", wet', "{wet", "bus 'room': board[0]: effect is missing; a name is"),
        (
            "wet_level = 1",
            "wet_level = nan",
            "bus 'room': board[0] (Reverb): wet_level is NaN; a nu",
        ),
        (
            '"Reverb", wet_level = 1, dry_level = 0',
            '"VST3Plugin", path = "no.vst3"',
            "(bus 'room': board[0] (VST3Plugin))",
        ),
        (
            '"Limiter", threshold_db = -3',
            '"VST3Plugin", path = "no.vst3"',
            "directory (master[0] (VST3Plugin))",
        ),
        ("pan = 1", 'pan = "left"', "track 'right': pan is \"left\"; accepted are -1 to 1"),
        ("pan = 1", 'mute = "no"', "track 'right': mute is \"no\"; accepted are true and false"),
        ("pan = 1", "pan = = 1", "song.toml: Invalid value (at line "),
        ("pan = 1", "pan = 1\npan = 0", "song.toml: Cannot overwrite a value (at line "),
        ("start_s = 0.1", "start_s = -1", "track 'right': start_s is -1; accepted are 0 to 86400"),
        ("tail_s = 0.25", "tail_s = -1", "session: tail_s is -1; accepted are 0 to 86400"),
        ("[[tracks]]", "[tracks", "session/song.toml: "),
        ("[[buses]]", "[buses]", "buses is an object; a list is expected"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_made(
    folder: Path, old: str, new: str, message: str
) -> None:
    before = sorted(os.listdir(folder))
    path = folder / "session" / "song.toml"
    assert old in _toml
    path.write_text(_toml.replace(old, new, 1))
    with pytest.raises((ValueError, OSError)) as raised:
        Session.load(path).bounce(folder / "mix.wav", stems=folder / "stems")
    assert message in str(raised.value)
    assert str(folder / "session") in str(raised.value)
    assert "\n" not in str(raised.value)
    assert sorted(os.listdir(folder)) == before


def test_the_command_says_so_in_one_line(folder: Path, reamp_here: Reamp) -> None:
    (folder / "session" / "amp.nam").unlink()
    done = reamp_here("session", "session/song.toml", "-o", "mix.wav")
    assert done.returncode == 1
    assert done.stderr == (
        "reamp: session/amp.nam: No such file or directory (track 'left': board[0] (NeuralAmp))\n"
    )
    assert sorted(os.listdir(folder)) == ["di.wav", "session"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("song.yaml", b"", "a session is a file in .toml or .json"),
        ("song.json", b"{", "song.json: "),
        ("song.json", b"[]", "song.json: session is a list of 0; a table is expected"),
        ("song.json", b"[" * 100_000, "song.json: "),
        ("song.json", b'{"tracks": [3]}', r"song.json: tracks\[0\] is 3; a table is expected"),
        ("song.toml", b"\xff", "song.toml: byte 0 is not UTF-8; a session is text in that"),
        ("song.toml", b"", "song.toml: session: there are no tracks"),
    ],
)
def test_files_that_are_no_sessions(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=message):
        Session.load(tmp_path / name)


def test_a_damaged_model_is_a_model_error(folder: Path) -> None:
    (folder / "session" / "amp.nam").write_text("{}")
    with pytest.raises(
        ModelError, match=r"song.toml: track 'left': board\[0\] \(NeuralAmp\): .*amp"
    ):
        Session.load(folder / "session" / "song.toml")


def test_an_existing_stem_is_named(folder: Path, reamp_here: Reamp) -> None:
    (folder / "stems").mkdir()
    (folder / "stems" / "right.wav").write_text("mine")
    arguments = ["session", "session/song.toml", "-o", "mix.wav", "--stems", "stems"]
    done = reamp_here(*arguments)
    assert done.stderr == "reamp: stems/right.wav exists already; --force replaces it\n"
    assert not (folder / "mix.wav").exists()
    assert reamp_here(*arguments, "--force").returncode == 0


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n"])
def test_files_as_other_systems_write_them_are_read(folder: Path, end_of_line: str) -> None:
    path = folder / "session" / "song.toml"
    path.write_bytes(b"\xef\xbb\xbf" + _toml.replace("\n", end_of_line).encode())
    assert repr(Session.load(path)) == repr(_of_toml(folder))


def test_two_equal_keys_in_json_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "song.json"
    file.write_text('{"tail_s": 1, "tracks": [], "tail_s": 2}')
    with pytest.raises(ValueError, match=r'song.json: the field "tail_s" occurs twice'):
        Session.load(file)
