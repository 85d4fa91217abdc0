# SPDX-License-Identifier: MIT
"""Loudness, measured against what the trainer states and what must hold for any model."""

from __future__ import annotations

import json
import math
from pathlib import Path

import nam_factory
import numpy as np
import pytest
from measured_models import demo_nam, demo_or_a2, with_output_gain

from pedalboard_nam import Model, measure_loudness, render
from pedalboard_nam.measure.loudness_signal import loudness_signal

SIZES = ("full", "lite")


@pytest.mark.parametrize("size", SIZES)
def test_the_demo_amp_is_as_loud_as_its_trainer_says(size: str) -> None:
    model = Model.load(demo_nam())
    assert measure_loudness(model, size=size) == pytest.approx(model.loudness_db(size), abs=0.05)


@pytest.mark.parametrize("size", SIZES)
def test_the_references_example_is_as_loud_as_its_trainer_says(
    size: str, reference_dir: Path
) -> None:
    model = Model.load(reference_dir / "models" / "A2.nam")
    assert measure_loudness(model, size=size) == pytest.approx(model.loudness_db(size), abs=0.1)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["A2", "demo"])
def test_the_trainers_own_input_gives_the_trainers_own_number(
    name: str, size: str, reference_dir: Path
) -> None:
    model = demo_or_a2(name, reference_dir)
    signal = np.load(reference_dir / "audio" / "loudness_input.npy")
    found = measure_loudness(model, size=size, signal=signal)
    assert found == pytest.approx(model.loudness_db(size), abs=0.001)


@pytest.mark.parametrize("gain_db", [-20.0, -10.0, 10.0, 20.0])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["A2", "demo"])
def test_our_noise_is_like_the_trainers_on_amps_it_was_not_made_for(
    name: str, size: str, gain_db: float, reference_dir: Path
) -> None:
    model = demo_or_a2(name, reference_dir)

    def level_db(dry: np.ndarray) -> float:
        wet = np.float64(render(model, dry, 48_000, size=size, input_gain_db=gain_db))
        return 10.0 * np.log10(np.mean(wet**2))

    trainers = np.load(reference_dir / "audio" / "loudness_input.npy")
    assert level_db(loudness_signal()) == pytest.approx(level_db(trainers), abs=0.2)


def test_the_noise_has_the_rms_and_offset_it_is_documented_with() -> None:
    noise = np.float64(loudness_signal())
    assert 10.0 * np.log10(np.mean(noise**2)) == pytest.approx(-14.968, abs=1e-4)
    assert np.mean(noise) == pytest.approx(-0.0397, abs=1e-6)
    assert np.max(np.abs(noise)) == pytest.approx(0.74, abs=0.005)


def test_the_noise_is_the_same_in_all_releases() -> None:
    found = loudness_signal()[[0, 1, 2, 24_000, 47_999]]
    expected = [-0.0073577, 0.3203976, 0.0559289, -0.0641921, 0.1168665]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_6_db_more_output_is_6_db_more_loudness() -> None:
    before = measure_loudness(Model.load(demo_nam()), size="lite")
    after = measure_loudness(Model.load(with_output_gain(demo_nam(), 2.0)), size="lite")
    assert after - before == pytest.approx(20.0 * math.log10(2.0), abs=1e-4)


def test_a_silent_model_has_no_loudness() -> None:
    silent = Model.load(with_output_gain(demo_nam(), 0.0))
    assert measure_loudness(silent) == -math.inf


def test_a_model_that_states_no_loudness_can_be_measured() -> None:
    nam = nam_factory.lite()
    del nam["metadata"]["loudness"]
    model = Model.load(json.dumps(nam).encode())
    assert model.loudness_db("lite") is None
    assert math.isfinite(measure_loudness(model))


def test_a_signal_of_another_rate_is_about_as_loud() -> None:
    model = Model.load(demo_nam())
    time_s = np.arange(96_000) / 96_000
    tone = 0.2 * np.sin(2.0 * np.pi * 220.0 * time_s)
    found = measure_loudness(model, signal=tone, sample_rate=96_000)
    assert found == pytest.approx(measure_loudness(model, signal=tone[::2]), abs=0.02)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"signal": np.zeros((2, 100))}, "expected 1 channel"),
        ({"signal": np.zeros(0)}, "signal is empty or holds NaN"),
        ({"signal": np.array([0.0, np.nan])}, "signal is empty or holds NaN"),
        ({"sample_rate": 44_100.0}, "sample_rate is that of signal, and there is none"),
        ({"signal": np.zeros(10), "sample_rate": 0}, "sample_rate is 0 Hz"),
        ({"size": "huge"}, "size is 'huge'"),
    ],
)
def test_what_cannot_be_measured_is_refused(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        measure_loudness(Model.load(demo_nam()), **arguments)
