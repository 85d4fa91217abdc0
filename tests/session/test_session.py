# SPDX-License-Identifier: MIT
"""A session plays what its tracks, boards and buses make, aligned to the frame."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pedalboard import (
    Chain,
    Convolution,
    Delay,
    Gain,
    Invert,
    Limiter,
    Mix,
    Pedalboard,
    Plugin,
    Reverb,
    VST3Plugin,
)
from pedalboard.io import AudioFile
from playing import noise, random_model

from full_disk import full_disk
from pedalboard_nam import Bus, NeuralAmp, Session, Track
from pedalboard_nam.audio_file import AudioFileError

Audio = NDArray[np.float32]

_rate = 44_100  # an amp has a latency here
_frames = 30_011
_mono, _stereo = noise(1, _frames, seed=1), noise(2, _frames, seed=2)
_half = math.sqrt(0.5)


def _amp(seed: int = 0, **settings: Any) -> NeuralAmp:
    return NeuralAmp(random_model("lite", seed), **settings)


def _write(path: Path, audio: Audio, rate: int = _rate) -> Path:
    with AudioFile(str(path), "w", rate, len(audio), bit_depth=32) as file:
        file.write(audio)
    return path


def _read(path: Path) -> Audio:
    with AudioFile(str(path)) as file:
        return file.read(file.frames)


@pytest.fixture
def mono(tmp_path: Path) -> Path:
    return _write(tmp_path / "mono.wav", _mono)


@pytest.fixture
def stereo(tmp_path: Path) -> Path:
    return _write(tmp_path / "stereo.wav", _stereo)


@pytest.fixture
def bounced(tmp_path: Path) -> Callable[..., Audio]:
    """`bounced(tracks, ...)`: the mix of a session."""

    def bounced(*args: Any, **options: Any) -> Audio:
        Session(*args, **options).bounce(tmp_path / "mix.wav", overwrite=True)
        return _read(tmp_path / "mix.wav")

    return bounced


def _played(board: list[Plugin], audio: Audio) -> Audio:
    return Pedalboard(board)(audio, _rate)


def test_two_amps_on_one_di_hard_panned(mono, bounced) -> None:
    mix = bounced(
        [
            Track("left", mono, board=[_amp(0)], pan=-1),
            Track("right", mono, board=[_amp(1)], pan=1, gain_db=-6),
        ]
    )
    np.testing.assert_array_equal(mix[:1], _played([_amp(0)], _mono))
    gain = np.float32(10 ** (-6 / 20))
    np.testing.assert_array_equal(mix[1:], gain * _played([_amp(1)], _mono))


def test_an_amp_against_its_inverse_is_silence(mono, bounced) -> None:
    mix = bounced([Track("wet", mono, [_amp()]), Track("null", mono, [_amp(), Invert()])])
    assert mix.shape == (2, _frames)
    assert not mix.any()


def test_dry_and_wet_stay_together(mono, bounced) -> None:
    mix = bounced([Track("wet", mono, [_amp()], pan=-1), Track("dry", mono, pan=-1)])
    np.testing.assert_array_equal(mix[:1], _played([_amp()], _mono) + _mono)


def test_a_bus_with_a_latency_stays_with_the_track_that_sends(stereo, bounced) -> None:
    mix = bounced([Track("dry", stereo, sends={"amp": 0})], [Bus("amp", [_amp()])])
    np.testing.assert_array_equal(mix, _stereo + _played([_amp()], _stereo))


def test_buses_send_to_buses_whatever_their_order(stereo, bounced) -> None:
    buses = [Bus("last", [Gain(-6), _amp(1)]), Bus("first", [_amp()], sends={"last": 0})]
    mix = bounced([Track("dry", stereo, sends={"first": 0, "last": 0})], buses)
    dry = np.pad(_stereo, [(0, 0), (0, 1_000)])  # a bus hears what rings on after the end
    first = _played([_amp()], dry)
    last = _played([Gain(-6), _amp(1)], dry + first)
    np.testing.assert_array_equal(mix, (dry + first + last)[:, :_frames])


def test_sends_are_taken_after_fader_and_pan(stereo, bounced) -> None:
    mix = bounced(
        [Track("t", stereo, gain_db=-6, pan=-1, sends={"b": -6})], [Bus("b", solo=True, pan=-1)]
    )
    np.testing.assert_allclose(mix[0], 10 ** (-12 / 20) * _stereo[0], rtol=1e-6)
    assert not mix[1].any()


def test_the_master_gets_the_sum(mono, stereo, bounced) -> None:
    mix = bounced([Track("a", stereo), Track("b", mono, pan=-1)], master=[_amp(), Limiter()])
    total = _stereo + np.concatenate([_mono, 0 * _mono])
    np.testing.assert_array_equal(mix, _played([_amp(), Limiter()], total))


@pytest.mark.parametrize("kind", [Pedalboard, Chain, Mix, lambda effects: (e for e in effects)])
def test_a_board_is_effects_in_a_row_or_one(stereo, bounced, kind) -> None:
    effects = [Gain(-6), Invert()]
    expected = _played([Mix(effects)] if kind is Mix else effects, _stereo)
    np.testing.assert_array_equal(bounced([Track("t", stereo, kind(effects))]), expected)
    mix = bounced([Track("t", stereo)], master=kind(effects))
    np.testing.assert_array_equal(mix, expected)


def test_what_is_no_effect_is_said() -> None:
    with pytest.raises(TypeError, match="track 't': 'Gain' is no effect"):
        Track("t", "di.wav", ["Gain"])


@pytest.mark.parametrize(
    ("pan", "left", "right"), [(-1, 1, 0), (0, _half, _half), (1, 0, 1), (0.5, 0.38268, 0.92388)]
)
def test_mono_is_panned_at_constant_power(mono, bounced, pan, left, right) -> None:
    mix = bounced([Track("t", mono, pan=pan)])
    np.testing.assert_allclose(mix, np.array([[left], [right]]) * _mono, rtol=1e-5)


@pytest.mark.parametrize(
    ("pan", "left", "right"), [(-1, 1, 0), (0, 1, 1), (1, 0, 1), (0.5, _half, 1)]
)
def test_stereo_is_balanced(stereo, bounced, pan, left, right) -> None:
    mix = bounced([Track("t", stereo, pan=pan)])
    np.testing.assert_allclose(mix, np.array([[left], [right]]) * _stereo, rtol=1e-6)


# By the names of the tracks a and b, which both send to the bus c: what is heard.
_switches = {
    "nothing": ({}, "abc"),
    "a mute": ({"a": {"mute": True}}, "bc"),
    "both muted, and so their bus": ({"a": {"mute": True}, "b": {"mute": True}}, ""),
    "a solo keeps the bus": ({"a": {"solo": True}}, "ac"),
    "two solos": ({"a": {"solo": True}, "b": {"solo": True}}, "abc"),
    "mute and solo": ({"a": {"solo": True, "mute": True}, "b": {"solo": True}}, "bc"),
    "a muted bus": ({"c": {"mute": True}}, "ab"),
    "a bus alone, and what it gets": ({"c": {"solo": True}}, "c"),
    "a track and a bus": ({"a": {"solo": True}, "c": {"solo": True}}, "ac"),
}


@pytest.mark.parametrize(("switches", "heard"), _switches.values(), ids=_switches)
def test_mute_and_solo(mono, tmp_path, switches, heard) -> None:
    def of(name: str) -> dict[str, Any]:
        return switches.get(name, {})

    session = Session(
        [Track(name, mono, sends={"c": 0}, **of(name)) for name in "ab"], [Bus("c", **of("c"))]
    )
    if not heard:
        with pytest.raises(ValueError, match="nothing is heard"):
            session.bounce(tmp_path / "mix.wav")
        return
    session.bounce(tmp_path / "mix.wav", stems=tmp_path / "stems")
    assert sorted(os.listdir(tmp_path / "stems")) == [f"{name}.wav" for name in heard]


def test_a_soloed_bus_still_gets_what_it_is_sent(stereo, bounced) -> None:
    mix = bounced([Track("t", stereo, sends={"b": 0})], [Bus("b", solo=True)])
    np.testing.assert_array_equal(mix, _stereo)


def test_tracks_start_where_they_are_put_and_the_longest_ends_it(stereo, tmp_path, bounced) -> None:
    short = _write(tmp_path / "short.wav", _stereo[:, :100])
    mix = bounced([Track("late", short, start_s=2, board=[_amp()]), Track("t", stereo)])
    expected = np.zeros((2, 2 * _rate + 100), np.float32)
    expected[:, :_frames] = _stereo
    padded = np.pad(_stereo[:, :100], [(0, 0), (2 * _rate, 0)])
    np.testing.assert_array_equal(mix, expected + _played([_amp()], padded))


def test_a_tail_lets_effects_ring_out(stereo, bounced) -> None:
    mix = bounced([Track("t", stereo, [_amp(), Delay(0.2)])], tail_s=0.5)
    padded = np.pad(_stereo, [(0, 0), (0, _rate // 2)])
    np.testing.assert_array_equal(mix, _played([_amp(), Delay(0.2)], padded))


def _busy(mono: Path, stereo: Path) -> Session:
    ir = 0.02 * noise(1, 3_000)
    tracks = [
        Track(
            f"track {n}",
            mono if n % 2 else stereo,
            [_amp(n), Convolution(ir, sample_rate=_rate), *([_amp(9)] if n == 3 else [])],
            pan=n / 3 - 1,
            gain_db=-n,
            sends={"room": -n, "echo": -3},
        )
        for n in range(6)
    ]
    buses = [
        Bus("room", [Reverb(wet_level=1, dry_level=0)], gain_db=-3),
        Bus("echo", [_amp(8), Delay(0.1)], pan=0.3, sends={"room": -6}),
    ]
    return Session(tracks, buses, tail_s=0.3)


def test_the_bits_are_the_same_for_any_number_of_threads(mono, stereo, tmp_path) -> None:
    for threads in (1, 2, 16):
        _busy(mono, stereo).bounce(tmp_path / f"{threads}.wav", threads=threads)
    for threads in (2, 16):
        np.testing.assert_array_equal(_read(tmp_path / f"{threads}.wav"), _read(tmp_path / "1.wav"))


def test_stems_add_up_to_the_mix(mono, stereo, tmp_path) -> None:
    stems = tmp_path / "stems"
    done = _busy(mono, stereo).bounce(tmp_path / "mix.wav", stems=stems)
    assert len(os.listdir(stems)) == 8
    assert done.frames == _frames + round(0.3 * _rate)
    total = sum(_read(stem).astype(np.float64) for stem in stems.iterdir())
    np.testing.assert_allclose(_read(tmp_path / "mix.wav"), total, atol=1e-5)


def test_a_session_bounces_twice_alike(mono, stereo, tmp_path) -> None:
    session = _busy(mono, stereo)
    session.bounce(tmp_path / "1.wav")
    session.bounce(tmp_path / "2.wav")
    np.testing.assert_array_equal(_read(tmp_path / "2.wav"), _read(tmp_path / "1.wav"))


def test_automation_is_in_the_time_of_the_session(stereo, bounced) -> None:
    gains = [Gain(0), Gain(0), Gain(0)]
    lanes = [{gain: {"gain_db": [(0.0, 0.0), (0.6, 0.0), (0.6, -100.0)]}} for gain in gains]
    mix = bounced(
        [Track("t", stereo, [gains[0]], automation=lanes[0], start_s=0.5, sends={"b": 0})],
        [Bus("b", [gains[1]], automation=lanes[1])],
        master=[gains[2]],
        automation=lanes[2],
    )
    begin, switch = round(0.5 * _rate), round(0.6 * _rate) - 100  # lanes are read on a grid
    np.testing.assert_array_equal(mix[:, begin:switch], 2 * _stereo[:, : switch - begin])
    assert np.abs(mix[:, switch + 3_000 :]).max() < 1e-4


def test_progress_goes_up_to_the_end(mono, tmp_path) -> None:
    seen: list[tuple[int, int]] = []
    session = Session([Track("t", mono, [_amp()])])
    session.bounce(tmp_path / "mix.wav", progress=lambda *frames: seen.append(frames))
    assert seen == sorted(seen)
    assert seen[-1] == (_frames, _frames)


# --- What is refused ---------------------------------------------------------------------------


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
        ({}, {"stems": "a/b/c"}, "No such file"),
        ({}, {"bit_depth": 12}, "no bit depth of 12"),
        ({}, {"dither": True}, "dither is for 16 and 24 bits"),
        ({}, {"threads": 0}, "threads is 0; accepted are 1 and more"),
    ],
)
def test_what_fails_does_so_before_anything_is_made(
    mono, tmp_path, monkeypatch, track, options, message
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.wav").write_text("no audio")
    _write(Path("fast.wav"), _mono, 48_000)
    _write(Path("three.wav"), noise(3, 1_000))
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

    session = Session([Track("t", mono, [_amp()])])
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
    np.testing.assert_array_equal(_read(stems / "t.wav"), _read(tmp_path / "mix.wav"))


def test_a_source_of_another_format_is_an_audio_file_error(tmp_path, mono) -> None:
    fast = _write(tmp_path / "fast.wav", _mono, 48_000)
    with pytest.raises(AudioFileError):
        Session([Track("a", mono), Track("b", fast)]).bounce(tmp_path / "mix.wav")


def test_what_stands_in_the_way_at_the_end_leaves_no_stems(mono, tmp_path) -> None:
    session = Session([Track("a", mono), Track("b", mono)])
    mix, stems = tmp_path / "mix.wav", tmp_path / "stems"

    def put_a_folder_there(done_frames: int, frames: int) -> None:
        (mix / "inside").mkdir(parents=True, exist_ok=True)

    with pytest.raises(OSError, match="directory"):
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
    with pytest.raises(ValueError, match=r"track 'a': 'in\\x00.wav': no file has a null"):
        Session([Track("a", "in\0.wav")])


def test_functions_of_time_are_asked_for_the_mix_and_errors_name_the_track(mono, tmp_path) -> None:
    gain, times_s = Gain(), list[float]()

    def lane(time_s: float) -> float:
        times_s.append(time_s)
        return 0.0

    lanes = {gain: {"gain_db": lane}}
    Session([Track("t", mono, [gain], automation=lanes)], tail_s=0.5).bounce(tmp_path / "a.wav")
    assert max(times_s) == (_frames + _rate // 2 - 1) / _rate
    lanes = {gain: {"gain_db": lambda time_s: -1.0 if time_s < 0.5 else math.nan}}
    with pytest.raises(ValueError, match=r"track 't': automation of Gain.gain_db is nan at 0\.5"):
        Session([Track("t", mono, [gain], automation=lanes)]).bounce(tmp_path / "b.wav")
    assert gain.gain_db == 1.0
