# SPDX-License-Identifier: MIT
"""Every kind of network, and everything that one may have: the engine plays what is specified.

The bar is 8 dB above what the reference engine's own float32 is from float64, or -118 dB where that
is lower. Of our own models, all small, it is -120 dB: float32 rounds at -138 dB, and sums that
cancel, or rest at a constant far from zero, leave up to 12 dB more of it; 6 are to spare.
"""

from __future__ import annotations

import functools
import pickle
import zlib

import network_factory as factory
import numpy as np
import pytest
from network_factory import NAMES, RATE_HZ, network
from pedalboard import Pedalboard
from playing import assert_same_bits, error_db, noise, play, play_in_blocks
from spellings import in_few_words, in_many_words
from zoo import GOLDENS, Golden

from pedalboard_nam import Model, NeuralAmp, Stream, available_isas, render
from reference import specification

MAX_ERROR_DB = -120.0
MAX_ERROR_OF_RENDERS_DB = -118.0


@functools.cache
def _model(name: str) -> Model:
    return Model.load(network(name))


@functools.cache
def _audio(frames: int = 6_000) -> np.ndarray:
    """Silence, then noise."""
    return np.append(np.zeros(100, np.float32), noise(frames - 100))


@functools.cache
def _specified(name: str, size: float) -> np.ndarray:
    return specification.render(network(name), _audio(), size)


def _sizes(name: str) -> tuple[float, ...]:
    has_sizes = "slimmable" in name or name.startswith(("container", "nested containers"))
    return (0.0, 0.3, 0.5, 0.7, 1.0) if has_sizes else (1.0,)


_EACH_SIZE = [(name, size) for name in NAMES for size in _sizes(name)]


# --- What it plays ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "size"), _EACH_SIZE)
def test_it_plays_what_is_specified(run_on, isa, name, size):
    found = run_on(isa, play, _model(name), _audio(), size=size)
    assert error_db(found, _specified(name, size)) <= MAX_ERROR_DB


def _amps(golden: Golden) -> list[Model]:
    """A model for each output, whatever the number of inputs."""
    nam, inputs, outputs = golden.nam, golden.inputs, golden.outputs
    if (inputs, outputs) == (1, 1):
        return [Model.load(nam)]
    before = [factory.two_of_mono()] if inputs == 2 else []
    rate = {"sample_rate": nam.get("sample_rate")}
    return [
        Model.load(factory.sequential(*before, nam, factory.one_of(channel, outputs)) | rate)
        for channel in range(outputs)
    ]


@pytest.mark.parametrize("golden", GOLDENS, ids=[golden.id for golden in GOLDENS])
def test_it_plays_what_the_reference_engine_plays(run_on, isa, golden):
    dry = np.atleast_2d(golden.input)[0]
    found = np.stack(
        [
            run_on(isa, render, model, dry, model.sample_rate, size=golden.size)
            for model in _amps(golden)
        ]
    )
    heard = slice(24_000 if golden.starts_unsettled else 0, None)
    bar = max(golden.f64_db + 8.0, MAX_ERROR_OF_RENDERS_DB)
    assert error_db(found[:, heard], np.atleast_2d(golden.output)[:, heard]) <= bar


@pytest.mark.skipif("avx512" not in available_isas(), reason="this machine has no AVX-512")
@pytest.mark.parametrize(("name", "size"), _EACH_SIZE)
def test_avx2_and_avx512_give_the_same_bits(run_on, name, size):
    avx2, avx512 = (
        run_on(isa, play, _model(name), _audio(), size=size) for isa in ("avx2", "avx512")
    )
    assert_same_bits(avx2, avx512)


@pytest.mark.parametrize("name", NAMES)
def test_other_words_are_the_same_model(name):
    assert Model.load(in_few_words(network(name))) == _model(name)
    assert Model.load(in_many_words(network(name))) == _model(name)


# --- However it is played -----------------------------------------------------------------------


def _blocks(name: str) -> list[int]:
    """Of random lengths, which add up to less than the audio."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    return [*random.integers(0, 40, 60), *random.integers(0, 400, 20)]


@pytest.mark.parametrize("rate_hz", [RATE_HZ, 11_025])
@pytest.mark.parametrize("name", NAMES)
def test_any_cut_into_blocks_gives_the_same_bits(run_on, isa, name, rate_hz):
    found = run_on(isa, play_in_blocks, _model(name), _audio(), _blocks(name), rate_hz)
    assert_same_bits(found, run_on(isa, play, _model(name), _audio(), rate_hz))


@pytest.mark.parametrize("name", NAMES)
def test_any_number_of_threads_gives_the_same_bits(name):
    audio = _audio(150_000)
    expected = play(_model(name), audio)
    for threads in (1, 3):
        found = render(_model(name), audio, _model(name).sample_rate, threads=threads)
        assert_same_bits(found, expected)


@pytest.mark.parametrize("name", NAMES)
def test_reset_and_a_new_stream_are_the_same(name):
    stream = Stream(_model(name))
    for frames in (6_000, 4_999, 17):
        stream.process(noise(frames, seed=frames))
        stream.reset()
        assert_same_bits(stream.process(_audio()), play(_model(name), _audio()))
        stream.reset()


@pytest.mark.parametrize("name", NAMES)
def test_a_board_plays_the_same(name):
    model = _model(name)
    expected = play(model, _audio(), model.sample_rate)
    board = Pedalboard([NeuralAmp(model)])
    assert_same_bits(board(_audio(), model.sample_rate), expected)
    assert_same_bits(board(_audio(), model.sample_rate, buffer_size=37), expected)


@pytest.mark.parametrize(("name", "size"), _EACH_SIZE)
def test_copies_play_the_same(name, size):
    model = _model(name)
    expected = play(model, _audio(), size=size)
    copy = pickle.loads(pickle.dumps(model))
    assert copy == model
    assert_same_bits(play(Model.from_bytes(model.to_bytes()), _audio(), size=size), expected)
    effect = pickle.loads(pickle.dumps(NeuralAmp(model, size=size)))
    assert_same_bits(effect(_audio()[np.newaxis], model.sample_rate)[0], expected)
