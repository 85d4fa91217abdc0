# SPDX-License-Identifier: MIT
"""Two doors, one engine: a board, `render` and `Stream` give the same bits, on every ISA."""

from __future__ import annotations

from typing import Any

import nam_factory
import numpy as np
import pytest
from pedalboard import Pedalboard
from playing import HOST_RATES, assert_same_bits, noise, play_in_blocks, random_model
from setting_values import accepted, other_settings
from special_models import wire

from pedalboard_nam import Model, NeuralAmp, Stream, render
from pedalboard_nam.settings import declared

METADATA = {"loudness": -25.0, "input_level_dbu": 14.5, "output_level_dbu": 9.0}


def _through_a_board(
    model: Model, audio: np.ndarray, rate: float, buffer_size: int = 8192, **settings: Any
) -> np.ndarray:
    return Pedalboard([NeuralAmp(model, **settings)])(audio, rate, buffer_size=buffer_size)


@pytest.mark.parametrize("num_channels", [1, 2])
@pytest.mark.parametrize("size", ["lite", "full"])
def test_at_the_models_rate_on_every_isa(run_on, isa, size, num_channels):
    model, audio = random_model(size), noise(num_channels, 20_000)
    found = run_on(isa, _through_a_board, model, audio, 48000, 333)
    assert_same_bits(found, run_on(isa, render, model, audio, 48000))
    assert_same_bits(found, run_on(isa, play_in_blocks, model, audio, [100, 5000]))


@pytest.mark.parametrize("num_channels", [1, 2])
@pytest.mark.parametrize("rate", HOST_RATES)
def test_at_other_rates_pedalboard_compensates(rate, num_channels):
    model, audio = random_model("lite"), noise(num_channels, 20_000)
    assert_same_bits(_through_a_board(model, audio, rate), render(model, audio, rate))


@pytest.mark.parametrize("rate", [44100, 96000])
def test_at_other_rates_on_every_isa(run_on, isa, rate):
    model, audio = random_model("full"), noise(2, 10_000)
    found = run_on(isa, _through_a_board, model, audio, rate)
    assert_same_bits(found, run_on(isa, render, model, audio, rate))


@pytest.mark.parametrize("buffer_size", [1, 100, 65_536])
def test_compensation_at_any_buffer_size(buffer_size):
    model, audio = random_model("lite"), noise(3000)
    found = _through_a_board(model, audio, 44100, buffer_size)
    assert_same_bits(found, render(model, audio, 44100))


def test_two_latent_amps_in_a_row():
    model, audio = random_model("lite"), 0.3 * noise(2, 10_000)
    found = Pedalboard([NeuralAmp(model), NeuralAmp(model)])(audio, 44100)
    padded = np.pad(audio, [(0, 0), (0, 1000)])  # the second hears what the first rings on with
    expected = render(model, render(model, padded, 44100), 44100)
    assert_same_bits(found, np.ascontiguousarray(expected[:, :10_000]))


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_an_impulse_stays_where_it_is(rate):
    impulse = np.zeros((1, 3000), np.float32)
    impulse[0, 1000] = 1.0
    found = _through_a_board(wire(), impulse, rate)
    assert found.shape == impulse.shape
    assert np.argmax(np.abs(found[0])) == 1000


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize(
    "settings",
    [
        *({name: value} for name in declared for value in accepted(name)),
        other_settings(),
        {"size": 0.4},
        {"size": 0.5},
        {"input_gain_db": 3.0},
        {"input_gain_db": 0.1, "output_gain_db": -12.3456},
        {"input_gain_db": 50.0, "output_gain_db": -50.0},
        {"output_mode": "normalized"},
        {"output_mode": "normalized", "target_loudness_db": -14.2},
        {"interface_level_dbu": 12.25},
        {"output_mode": "calibrated", "interface_level_dbu": 12.25, "output_gain_db": 1.7},
    ],
)
def test_with_all_settings(settings, rate):
    model = Model.load(nam_factory.container(metadata=METADATA))
    audio = noise(2, 5000)
    assert_same_bits(
        _through_a_board(model, audio, rate, **settings), render(model, audio, rate, **settings)
    )


def test_gains_are_on_a_grid_of_a_ten_thousandth_of_a_decibel():
    model, audio = random_model("lite"), noise(3000)
    amp = NeuralAmp(model, input_gain_db=1.23456789)
    assert amp.input_gain_db == 1.2346
    assert_same_bits(amp(audio, 48000), render(model, audio, 48000, input_gain_db=1.2346))


def test_a_latent_stream_ends_with_as_many_zeros():
    model, audio = random_model("lite"), noise(2, 5000)
    amp, latency = NeuralAmp(model), Stream(model, 44100).latency
    first = amp(audio, 44100, reset=False)
    rest = amp(np.zeros((2, latency), np.float32), 44100, reset=False)
    assert first.shape[1] == 5000 - latency
    assert_same_bits(np.concatenate([first, rest], axis=1), render(model, audio, 44100))
