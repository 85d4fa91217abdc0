# SPDX-License-Identifier: MIT
"""LSTMs: every ISA computes the network of the specification, and nobody forgets what they heard.

An error of rounding stays in the state and comes back, so what float32 costs differs from network
to network: the bar is 8 dB above what the reference engine is from float64, or -118 dB where that
is lower.
"""

from __future__ import annotations

import json
import pickle
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_files import read_audio, write_audio
from lstm_factory import latch, lstm
from nam_factory import lite, wrap
from pedalboard import Pedalboard
from playing import (
    BLOCK_FRAMES,
    assert_same_bits,
    changed_frames,
    error_db,
    noise,
    play,
    play_in_blocks,
)

from pedalboard_nam import Model, NeuralAmp, ReampDataset, Stream, available_isas, render
from pedalboard_nam.engine.long_signal import _Part
from pedalboard_nam.engine.reamp_file import reamp_file
from pedalboard_nam.settings import Settings
from reference import specification

MAX_ERROR_DB = -118.0
SHAPES = [(1, 1), (1, 3), (1, 16), (2, 8), (3, 9)]


@cache
def _specified(layers: int, units: int) -> np.ndarray:
    return specification.render(lstm(layers, units, seed=units), noise(9000))


@pytest.mark.parametrize(("layers", "units"), SHAPES)
def test_random_models_match_the_specification(run_on, isa, layers, units):
    model = Model.load(lstm(layers, units, seed=units))
    found = run_on(isa, play, model, noise(9000))
    assert error_db(found, _specified(layers, units)) <= MAX_ERROR_DB


@pytest.mark.skipif("avx512" not in available_isas(), reason="this machine has no AVX-512")
def test_avx2_and_avx512_give_the_same_bits(run_on):
    model, audio = Model.load(lstm(2, 24)), noise(9000)
    avx2, avx512 = (run_on(isa, play, model, audio) for isa in ("avx2", "avx512"))
    assert_same_bits(avx2, avx512)


_ZOO = [
    "core_lstm",
    "lstm_1x3",
    "lstm_1x8",
    "lstm_1x16",
    "lstm_1x24",
    "lstm_2x8",
    "lstm_2x16",
    "lstm_3x24",
    "lstm_1x7_no_rate",
    "lstm_1x8_44100",
]


@pytest.mark.parametrize("name", _ZOO)
def test_models_match_the_reference_engine(run_on, isa, reference_dir, name):
    zoo = reference_dir / "zoo"
    models = json.loads((zoo / "index.json").read_bytes())["models"]
    (entry,) = (model for model in models if model["id"] == name)
    (of_render,) = entry["renders"]
    golden = np.load(zoo / of_render["golden"]["stress"])
    audio = np.load(reference_dir / "audio" / "stress.npy")[: golden.size]
    found = run_on(isa, play, Model.load(zoo / entry["file"]), audio)
    # Of a model without a rate, the reference settles no more than a block.
    heard = slice(24_000 if entry["sample_rate"] is None else 0, None)
    bar = max(of_render["f64_db"]["stress"] + 8.0, MAX_ERROR_DB)
    assert error_db(found[heard], golden[heard]) <= bar


@pytest.mark.parametrize("rate", [48_000, 44_100])
def test_any_cut_into_blocks_gives_the_same_bits(run_on, isa, rate):
    model, audio = Model.load(lstm(2, 9)), noise(9000)
    found = run_on(isa, play_in_blocks, model, audio, BLOCK_FRAMES, rate)
    assert_same_bits(found, run_on(isa, play, model, audio, rate))


@pytest.mark.parametrize("rate", [48_000, 44_100])
@pytest.mark.parametrize("channels", [2, 3])
def test_channels_side_by_side_give_the_bits_of_each_alone(run_on, isa, channels, rate):
    model, audio = Model.load(lstm(2, 9)), noise(channels, 9000)
    found = run_on(isa, play_in_blocks, model, audio, BLOCK_FRAMES, rate)
    for channel, dry in zip(found, audio, strict=True):
        assert_same_bits(channel, run_on(isa, play, model, dry, rate))


def test_reset_and_a_new_stream_are_the_same(run_on):
    model, audio = Model.load(lstm(2, 8)), noise(5000)
    stream = Stream(model)
    first = stream.process(audio)
    stream.reset()
    assert_same_bits(stream.process(audio), first)


def test_silence_is_where_half_a_second_of_it_has_led():
    nam = lstm(1, 8)
    silence = np.zeros(100, np.float32)
    expected = specification.render(nam, silence)
    assert error_db(play(Model.load(nam), silence), expected) <= MAX_ERROR_DB


def test_a_pack_of_an_lstm_and_an_a2_network_plays_both():
    small, large = lstm(1, 4), lite()
    pack = Model.load(wrap([(0.5, small), (1.0, large)]))
    audio = noise(3000)
    assert_same_bits(play(pack, audio, size=0.0), play(Model.load(small), audio))
    assert_same_bits(play(pack, audio, size=1.0), play(Model.load(large), audio))


def test_both_doors_agree():
    model, audio = Model.load(lstm(1, 8)), noise(2, 20_000)
    board = Pedalboard([NeuralAmp(model)])
    for rate in (48_000, 44_100):
        latency = Stream(model, rate).latency
        found, expected = board(audio, rate), play(model, audio, rate)
        assert_same_bits(found[:, : 20_000 - latency], expected[:, latency:])


def test_a_copy_sounds_the_same():
    model, audio = Model.load(lstm(1, 8)), noise(3000)
    assert pickle.loads(pickle.dumps(model)) == model
    copy = pickle.loads(pickle.dumps(NeuralAmp(model)))
    assert_same_bits(copy(audio[np.newaxis], 48_000)[0], play(model, audio))


# --- Nothing rests on a memory that ends --------------------------------------------------------

# At 8 kHz, half a second to settle is 4,000 frames, and a thread plays 32,000 or more.
LATCH_RATE_HZ = 8_000
LATCHED_FRAME = 10_000


def _latch() -> Model:
    return Model.load(latch(sample_rate=LATCH_RATE_HZ))


def _loud_once(frames: int) -> np.ndarray:
    """Noise below the threshold, but for ten frames early on."""
    audio = np.random.default_rng(1).uniform(-0.5, 0.5, frames).astype(np.float32)
    audio[LATCHED_FRAME : LATCHED_FRAME + 10] = 1.5
    return audio


def test_one_loud_frame_is_heard_for_ever():
    model, audio = _latch(), _loud_once(200_000)
    quiet = np.where(audio > 0.5, np.float32(0), audio)
    changed = changed_frames(play(model, audio), play(model, quiet))
    assert changed[0] == LATCHED_FRAME
    assert changed[-1] > 199_990
    assert changed.size > 0.99 * (200_000 - LATCHED_FRAME)


@pytest.mark.parametrize("threads", [2, 3, 5])
@pytest.mark.parametrize("rate", [LATCH_RATE_HZ, 11_025])
def test_any_number_of_threads_gives_the_bits_of_one(rate, threads):
    model, audio = _latch(), _loud_once(250_000)
    expected = render(model, audio, rate, threads=1)
    assert_same_bits(render(model, audio, rate, threads=threads), expected)


@pytest.mark.parametrize("threads", [2, 5])
def test_threads_at_another_rate_than_the_models(threads):
    model, audio = Model.load(latch()), _loud_once(1_000_000)
    expected = render(model, audio, 44_100, threads=1)
    assert_same_bits(render(model, audio, 44_100, threads=threads), expected)


def test_threads_that_trust_their_guesses_are_heard(monkeypatch: pytest.MonkeyPatch):
    """The tests above would notice."""
    monkeypatch.setattr(_Part, "follow", lambda part, before: None)
    model, audio = _latch(), _loud_once(250_000)
    found = render(model, audio, LATCH_RATE_HZ, threads=5)
    assert changed_frames(found, play(model, audio)).size > 100_000


@pytest.mark.parametrize(("section", "threads"), [(5_000, 1), (70_000, 2), (100_000, 3)])
@pytest.mark.parametrize("rate", [LATCH_RATE_HZ, 11_025])
def test_files_in_sections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rate: int, section: int, threads: int
) -> None:
    monkeypatch.setattr("pedalboard_nam.engine.reamp_file.section_samples", section)
    model, audio = _latch(), _loud_once(250_000)
    write_audio(tmp_path / "dry.wav", audio[np.newaxis], rate)
    reamp_file(model, tmp_path / "dry.wav", tmp_path / "wet.wav", threads=threads, settings=_PLAIN)
    assert_same_bits(read_audio(tmp_path / "wet.wav")[0], render(model, audio, rate, threads=1))


_PLAIN = Settings()


@pytest.mark.parametrize("rate", [LATCH_RATE_HZ, 44_100])
def test_windows_of_a_data_set_in_any_order(tmp_path: Path, rate: int) -> None:
    window = 6_000
    model, audio = _latch(), _loud_once(60_000)
    write_audio(tmp_path / "dry.wav", audio[np.newaxis], rate)
    pairs = ReampDataset(tmp_path / "dry.wav", model, window_frames=window, sample_rate=rate)
    whole = render(model, audio, rate)
    order = [*reversed(range(len(pairs))), *range(len(pairs))]
    assert len(order) == 20
    for index in order:
        begin = pairs.draw(index).start_frame
        item: Any = pairs[index]
        assert_same_bits(item[1], whole[begin : begin + window])
