# SPDX-License-Identifier: MIT
"""Every ISA computes the network of the specification.

The bar is a relative RMS error of -120 dB. A float32 is right to 2^-23, -138 dB, of its size, and
each of 23 layers and the head rounds once more: errors that know nothing of each other add up to
sqrt(24), 14 dB more, -124 dB. 4 dB remain for sums that cancel. Above the bar it is no rounding.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from playing import error_db, noise, play, random_model, random_nam
from special_models import echo, echo_nam, wire, wire_nam

from pedalboard_nam import Model, render
from reference import specification

MAX_ERROR_DB = -120.0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", ["lite", "full"])
def test_random_models_match_the_specification(run_on, isa, size, seed):
    audio = noise(9000, seed=seed)
    found = run_on(isa, play, random_model(size, seed), audio)
    assert error_db(found, specification.render(random_nam(size, seed), audio)) <= MAX_ERROR_DB


def test_silence_matches_the_specification(run_on, isa):
    silence = np.zeros(300, np.float32)
    found = run_on(isa, play, random_model("full"), silence)
    assert error_db(found, specification.render(random_nam("full"), silence)) <= MAX_ERROR_DB


@pytest.mark.parametrize("signal", ["example", "stress"])
@pytest.mark.parametrize("size", ["lite", "full"])
def test_the_real_model_matches_the_reference_engine(run_on, isa, reference_dir, size, signal):
    model = Model.load(reference_dir / "models" / "A2.nam")
    audio = np.load(reference_dir / "audio" / f"{signal}.npy")
    golden = np.load(reference_dir / "golden" / f"A2_{size}.{signal}.npy")
    found = run_on(isa, play, model, audio, size=size)
    assert error_db(found, golden) <= MAX_ERROR_DB


@pytest.mark.parametrize("size", ["lite", "full"])
def test_the_specification_matches_the_reference_engine(reference_dir, size):
    nam = json.loads((reference_dir / "models" / "A2.nam").read_bytes())
    audio = np.load(reference_dir / "audio" / "example.npy")
    golden = np.load(reference_dir / "golden" / f"A2_{size}.example.npy")
    found = specification.render(nam, audio, {"lite": 0.0, "full": 1.0}[size])
    # The reference engine itself is a float engine: this says how far it is from the specification.
    assert error_db(found, golden) <= -128.0


@pytest.mark.parametrize(("size", "loudness_db"), [("lite", -24.038), ("full", -26.384)])
def test_loudness_of_the_real_model(run_on, isa, reference_dir, size, loudness_db):
    model = Model.load(reference_dir / "models" / "A2.nam")
    signal = np.load(reference_dir / "audio" / "loudness_input.npy")
    found = run_on(isa, render, model, signal, 48000, size=size)
    assert 20 * np.log10(np.sqrt(np.mean(np.float64(found) ** 2))) == pytest.approx(
        loudness_db, abs=0.0006
    )


@pytest.mark.parametrize("sample_rate", [44100, 96000, 37123])
def test_all_isas_agree_at_other_rates(run_on, isa, sample_rate):
    audio = noise(20000)
    found = run_on(isa, play, random_model(), audio, sample_rate)
    assert error_db(found, play(random_model(), audio, sample_rate)) <= MAX_ERROR_DB


def test_the_wire_is_a_wire():
    audio = noise(8000)
    np.testing.assert_allclose(specification.render(wire_nam(0.5), audio), audio + 0.5, atol=1e-7)
    np.testing.assert_allclose(play(wire(0.5), audio), audio + 0.5, atol=3e-7)


def test_the_echo_matches_the_specification(run_on, isa):
    audio = np.abs(noise(8000))
    found = run_on(isa, play, echo(), audio)
    assert error_db(found, specification.render(echo_nam(), audio)) <= MAX_ERROR_DB
