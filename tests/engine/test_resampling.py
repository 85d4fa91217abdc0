# SPDX-License-Identifier: MIT
"""Other rates, measured through a model that is a wire: latency, flatness, aliases, drift."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from playing import HOST_RATES, assert_same_bits, noise, play, process_in_blocks, random_model
from special_models import wire

from pedalboard_nam import Model, Stream, render

MODEL_RATES = (44100, 48000, 96000)
PAIRS = [(host, model) for model in MODEL_RATES for host in HOST_RATES if host != model]

pairs = pytest.mark.parametrize(("host_rate", "model_rate"), PAIRS)

# Parts of the lower of the two rates: below the one all must pass, above the other nothing may.
PASS_EDGE, STOP_EDGE = 0.45, 0.5


@functools.cache
def _wire(model_rate: int) -> Model:
    return wire(sample_rate=model_rate)


@functools.cache
def _latency(host_rate: int, model_rate: int) -> int:
    return Stream(_wire(model_rate), host_rate).latency


@functools.cache
def _impulse_response(host_rate: int, model_rate: int) -> tuple[np.ndarray, int]:
    """The response to an impulse far from both ends, and where in it the impulse was."""
    at = 2 * _latency(host_rate, model_rate)
    impulse = np.zeros(3 * at + 100, np.float32)
    impulse[at] = 1.0
    return np.float64(play(_wire(model_rate), impulse, host_rate)), at


def _sine(hz: float, rate: int, frames: int) -> np.ndarray:
    return np.sin(2 * np.pi * hz / rate * np.arange(frames) + 0.3)


def _steady_render(hz: float, host_rate: int, model_rate: int) -> np.ndarray:
    """What comes out for a sine, without the ends, where it starts and stops."""
    end = 2 * _latency(host_rate, model_rate)
    sine = _sine(hz, host_rate, 2 * end + 8192)
    return np.float64(render(_wire(model_rate), sine, host_rate))[end:-end]


def _rms_db(x: np.ndarray) -> float:
    """RMS in dB re a sine that peaks at 1."""
    return 10 * np.log10(2 * np.mean(x**2) + 1e-30)


def _without_sine(x: np.ndarray, hz: float, rate: int) -> np.ndarray:
    """x minus the sine of this frequency that fits it best."""
    angle = 2 * np.pi * hz / rate * np.arange(len(x))
    waves = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x - waves @ np.linalg.lstsq(waves, x, rcond=None)[0]


@pairs
def test_an_impulse_comes_out_after_the_latency(host_rate, model_rate):
    response, at = _impulse_response(host_rate, model_rate)
    assert np.argmax(response) == at + _latency(host_rate, model_rate)


@pairs
def test_phase_is_linear(host_rate, model_rate):
    response, at = _impulse_response(host_rate, model_rate)
    latency = _latency(host_rate, model_rate)
    middle = at + latency
    before, after = response[middle - latency : middle], response[middle + 1 : middle + 1 + latency]
    np.testing.assert_allclose(before[::-1], after, atol=2e-6)


@pairs
def test_render_leaves_an_impulse_in_its_place(host_rate, model_rate):
    places = [0, 1, 500, 998, 999]
    impulses = np.zeros((len(places), 1000), np.float32)
    impulses[range(len(places)), places] = 1.0
    assert np.argmax(render(_wire(model_rate), impulses, host_rate), axis=1).tolist() == places


@pairs
def test_the_pass_band_is_flat_within_a_twentieth_of_a_db(host_rate, model_rate):
    response, _ = _impulse_response(host_rate, model_rate)
    fft_frames = 1 << 16
    hz = np.fft.rfftfreq(fft_frames, 1 / host_rate)
    gain = np.abs(np.fft.rfft(response, fft_frames))
    passed = gain[hz <= PASS_EDGE * min(host_rate, model_rate)]
    assert np.abs(20 * np.log10(passed)).max() <= 0.05


@pairs
@pytest.mark.parametrize("part", [0.13, 0.33, 0.41, 0.999 * PASS_EDGE])
def test_a_sine_brings_no_image_and_no_alias(host_rate, model_rate, part):
    hz = part * min(host_rate, model_rate)
    output = _steady_render(hz, host_rate, model_rate)
    assert _rms_db(output) == pytest.approx(0.0, abs=0.1)
    assert _rms_db(_without_sine(output, hz, host_rate)) <= -100.0


# Going down and up again, both resamplers can be heard: what the first lets through folds down, and
# the second puts it back among its images. In the other order the second one stops what the first
# did wrong; but it is the same two filters, and 48000 around 44100 is among these.
@pytest.mark.parametrize(
    ("host_rate", "model_rate", "part"),
    [
        (host, model, part)
        for host, model in PAIRS
        for part in (STOP_EDGE, 0.501, 0.55, 0.75, 0.999, 1.3, 1.7, 3.9)
        if part * model < 0.5 * host
    ],
)
def test_what_the_lower_rate_cannot_hold_is_gone(host_rate, model_rate, part):
    output = _steady_render(part * model_rate, host_rate, model_rate)
    assert _rms_db(output) <= -100.0


@pytest.mark.parametrize("sample_rate", HOST_RATES)
def test_latency_is_zero_only_at_the_models_rate(sample_rate):
    latency = Stream(wire(), sample_rate).latency
    assert isinstance(latency, int)
    assert (latency == 0) == (sample_rate == 48000)
    assert latency < 0.05 * sample_rate


# Beyond 2^24 frames, the most that a float32 can count; and where positions are interpolated.
@pytest.mark.parametrize(("sample_rate", "frames"), [(44100, 2**24), (37123, 2**21)])
def test_time_does_not_drift(sample_rate, frames):
    # A second of audio again and again must sound the same again and again, to the bit.
    stream, second = Stream(wire(), sample_rate), noise(sample_rate)
    stream.process(second)
    expected = stream.process(second)
    for _ in range(frames // sample_rate + 1):
        found = stream.process(second)
    assert_same_bits(found, expected)


def test_a_change_is_heard_at_its_instant_and_not_ages_before():
    # Linear phase rings ahead, by no more than the latency.
    model, audio = random_model("lite"), noise(4000)
    other = audio.copy()
    other[2000:] = noise(2000, seed=1)
    for sample_rate in (44100, 96000):
        found, expected = play(model, other, sample_rate), play(model, audio, sample_rate)
        assert_same_bits(found[:2000], expected[:2000])
        assert np.abs(found[2000:] - expected[2000:]).max() > 0.01


@pytest.mark.parametrize("sample_rate", [8000.5, 44099.999, 44100.001, 47952.048])
def test_rates_need_not_be_whole_numbers(sample_rate):
    sine = _sine(440.0, sample_rate, 20_000)
    model = wire(sample_rate=44100)
    latency = Stream(model, sample_rate).latency
    found = process_in_blocks(Stream(model, sample_rate), sine, [1000, 3, 5000])
    np.testing.assert_allclose(found[2 * latency :], sine[latency : len(sine) - latency], atol=1e-4)
