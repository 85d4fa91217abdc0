# SPDX-License-Identifier: MIT
"""A session plays what its tracks, boards and buses make, aligned to the frame."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_files import read_audio, write_audio
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
)
from playing import noise, random_model
from session_audio import frames, mono_audio, rate, stereo_audio

from pedalboard_nam import Bus, NeuralAmp, Session, Track

Audio = NDArray[np.float32]

_half = math.sqrt(0.5)


def _amp(seed: int = 0, **settings: Any) -> NeuralAmp:
    return NeuralAmp(random_model("lite", seed), **settings)


@pytest.fixture
def bounced(tmp_path: Path) -> Callable[..., Audio]:
    """`bounced(tracks, ...)`: the mix of a session."""

    def bounced(*args: Any, **options: Any) -> Audio:
        Session(*args, **options).bounce(tmp_path / "mix.wav", overwrite=True)
        return read_audio(tmp_path / "mix.wav")

    return bounced


def _played(board: list[Plugin], audio: Audio) -> Audio:
    return Pedalboard(board)(audio, rate)


def test_two_amps_on_one_di_hard_panned(mono, bounced) -> None:
    mix = bounced(
        [
            Track("left", mono, board=[_amp(0)], pan=-1),
            Track("right", mono, board=[_amp(1)], pan=1, gain_db=-6),
        ]
    )
    np.testing.assert_array_equal(mix[:1], _played([_amp(0)], mono_audio))
    gain = np.float32(10 ** (-6 / 20))
    np.testing.assert_array_equal(mix[1:], gain * _played([_amp(1)], mono_audio))


def test_an_amp_against_its_inverse_is_silence(mono, bounced) -> None:
    mix = bounced([Track("wet", mono, [_amp()]), Track("null", mono, [_amp(), Invert()])])
    assert mix.shape == (2, frames)
    assert not mix.any()


def test_dry_and_wet_stay_together(mono, bounced) -> None:
    mix = bounced([Track("wet", mono, [_amp()], pan=-1), Track("dry", mono, pan=-1)])
    np.testing.assert_array_equal(mix[:1], _played([_amp()], mono_audio) + mono_audio)


def test_a_bus_with_a_latency_stays_with_the_track_that_sends(stereo, bounced) -> None:
    mix = bounced([Track("dry", stereo, sends={"amp": 0})], [Bus("amp", [_amp()])])
    np.testing.assert_array_equal(mix, stereo_audio + _played([_amp()], stereo_audio))


def test_buses_send_to_buses_whatever_their_order(stereo, bounced) -> None:
    buses = [Bus("last", [Gain(-6), _amp(1)]), Bus("first", [_amp()], sends={"last": 0})]
    mix = bounced([Track("dry", stereo, sends={"first": 0, "last": 0})], buses)
    dry = np.pad(stereo_audio, [(0, 0), (0, 1_000)])  # a bus hears what rings on after the end
    first = _played([_amp()], dry)
    last = _played([Gain(-6), _amp(1)], dry + first)
    np.testing.assert_array_equal(mix, (dry + first + last)[:, :frames])


def test_sends_are_taken_after_fader_and_pan(stereo, bounced) -> None:
    mix = bounced(
        [Track("t", stereo, gain_db=-6, pan=-1, sends={"b": -6})], [Bus("b", solo=True, pan=-1)]
    )
    np.testing.assert_allclose(mix[0], 10 ** (-12 / 20) * stereo_audio[0], rtol=1e-6)
    assert not mix[1].any()


def test_the_master_gets_the_sum(mono, stereo, bounced) -> None:
    mix = bounced([Track("a", stereo), Track("b", mono, pan=-1)], master=[_amp(), Limiter()])
    total = stereo_audio + np.concatenate([mono_audio, 0 * mono_audio])
    np.testing.assert_array_equal(mix, _played([_amp(), Limiter()], total))


@pytest.mark.parametrize("kind", [Pedalboard, Chain, Mix, lambda effects: (e for e in effects)])
def test_a_board_is_effects_in_a_row_or_one(stereo, bounced, kind) -> None:
    effects = [Gain(-6), Invert()]
    expected = _played([Mix(effects)] if kind is Mix else effects, stereo_audio)
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
    np.testing.assert_allclose(mix, np.array([[left], [right]]) * mono_audio, rtol=1e-5)


@pytest.mark.parametrize(
    ("pan", "left", "right"), [(-1, 1, 0), (0, 1, 1), (1, 0, 1), (0.5, _half, 1)]
)
def test_stereo_is_balanced(stereo, bounced, pan, left, right) -> None:
    mix = bounced([Track("t", stereo, pan=pan)])
    np.testing.assert_allclose(mix, np.array([[left], [right]]) * stereo_audio, rtol=1e-6)


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
    np.testing.assert_array_equal(mix, stereo_audio)


def test_tracks_start_where_they_are_put_and_the_longest_ends_it(stereo, tmp_path, bounced) -> None:
    short = write_audio(tmp_path / "short.wav", stereo_audio[:, :100], rate)
    mix = bounced([Track("late", short, start_s=2, board=[_amp()]), Track("t", stereo)])
    expected = np.zeros((2, 2 * rate + 100), np.float32)
    expected[:, :frames] = stereo_audio
    padded = np.pad(stereo_audio[:, :100], [(0, 0), (2 * rate, 0)])
    np.testing.assert_array_equal(mix, expected + _played([_amp()], padded))


def test_a_tail_lets_effects_ring_out(stereo, bounced) -> None:
    mix = bounced([Track("t", stereo, [_amp(), Delay(0.2)])], tail_s=0.5)
    padded = np.pad(stereo_audio, [(0, 0), (0, rate // 2)])
    np.testing.assert_array_equal(mix, _played([_amp(), Delay(0.2)], padded))


def _busy(mono: Path, stereo: Path) -> Session:
    ir = 0.02 * noise(1, 3_000)
    tracks = [
        Track(
            f"track {n}",
            mono if n % 2 else stereo,
            [_amp(n), Convolution(ir, sample_rate=rate), *([_amp(9)] if n == 3 else [])],
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
    one = read_audio(tmp_path / "1.wav")
    for threads in (2, 16):
        np.testing.assert_array_equal(read_audio(tmp_path / f"{threads}.wav"), one)


def test_stems_add_up_to_the_mix(mono, stereo, tmp_path) -> None:
    stems = tmp_path / "stems"
    done = _busy(mono, stereo).bounce(tmp_path / "mix.wav", stems=stems)
    assert len(os.listdir(stems)) == 8
    assert done.frames == frames + round(0.3 * rate)
    total = sum(read_audio(stem).astype(np.float64) for stem in stems.iterdir())
    np.testing.assert_allclose(read_audio(tmp_path / "mix.wav"), total, atol=1e-5)


def test_a_session_bounces_twice_alike(mono, stereo, tmp_path) -> None:
    session = _busy(mono, stereo)
    session.bounce(tmp_path / "1.wav")
    session.bounce(tmp_path / "2.wav")
    np.testing.assert_array_equal(read_audio(tmp_path / "2.wav"), read_audio(tmp_path / "1.wav"))


def test_automation_is_in_the_time_of_the_session(stereo, bounced) -> None:
    gains = [Gain(0), Gain(0), Gain(0)]
    lanes = [{gain: {"gain_db": [(0.0, 0.0), (0.6, 0.0), (0.6, -100.0)]}} for gain in gains]
    mix = bounced(
        [Track("t", stereo, [gains[0]], automation=lanes[0], start_s=0.5, sends={"b": 0})],
        [Bus("b", [gains[1]], automation=lanes[1])],
        master=[gains[2]],
        automation=lanes[2],
    )
    begin, switch = round(0.5 * rate), round(0.6 * rate)
    np.testing.assert_array_equal(mix[:, begin:switch], 2 * stereo_audio[:, : switch - begin])
    assert np.abs(mix[:, switch:]).max() < 1e-4


def test_progress_goes_up_to_the_end(mono, tmp_path) -> None:
    seen: list[tuple[int, int]] = []
    session = Session([Track("t", mono, [_amp()])])
    session.bounce(tmp_path / "mix.wav", progress=lambda *frames: seen.append(frames))
    assert seen == sorted(seen)
    assert seen[-1] == (frames, frames)


def test_a_folder_for_stems_is_made_with_those_around_it(mono, tmp_path) -> None:
    Session([Track("a", mono)]).bounce(tmp_path / "mix.wav", stems=tmp_path / "of" / "the" / "mix")
    assert os.listdir(tmp_path / "of" / "the" / "mix") == ["a.wav"]


def test_stems_that_are_clipped_are_told_from_the_others(mono, tmp_path) -> None:
    loud = [Track("up", mono, Gain(30)), Track("down", mono, [Gain(30), Invert()])]
    done = Session([*loud, Track("quiet", mono, Gain(-30))]).bounce(
        tmp_path / "mix.wav", stems=tmp_path / "stems", bit_depth=16
    )
    assert not done.clipped
    assert {name: stem.clipped for name, stem in done.stems.items()} == {
        "up": True,
        "down": True,
        "quiet": False,
    }
    assert done.stems["up"].peak == pytest.approx(abs(mono_audio).max() * 10**1.5 / 2**0.5)


def test_a_session_and_its_parts_stay_as_they_are_and_can_be_varied(mono, bounced) -> None:
    track = Track("a", mono, (gain for gain in [Gain(6)]))
    session = Session([track])
    with pytest.raises(FrozenInstanceError):
        session.tracks = []
    np.testing.assert_array_equal(
        bounced([replace(track, pan=-1)])[0], _played([Gain(6)], mono_audio)[0]
    )
    assert replace(session, tail_s=1).tracks == (track,)


def test_what_a_part_was_made_of_may_change() -> None:
    gain, sends, lanes = Gain(), {"room": -3.0}, {}
    track = Track("a", "di.wav", [gain], sends=sends, automation=lanes)
    sends["hall"] = 0.0
    lanes[gain] = {"gain_db": [(0, 0)]}
    assert (track.sends, track.automation) == ({"room": -3.0}, {})
