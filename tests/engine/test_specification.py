# SPDX-License-Identifier: MIT
"""The specification says what the reference engine plays, and is no different in other words.

How far the reference's float32 render is from float64 was measured with another program than the
one in `tests/reference/`: what this one finds may be 1 dB more.
"""

from __future__ import annotations

import network_factory as factory
import numpy as np
import pytest
from network_factory import NAMES, network
from playing import error_db, noise
from spellings import in_few_words, in_many_words
from zoo import GOLDENS, Golden

from reference import specification

# numpy plays a frame of a layer of an LSTM in 15 us: one of these takes a second, others more.
_QUICK_LSTMS = ("core_lstm", "lstm_1x6_stereo")


def _parameter(golden: Golden):
    quick = golden.id in _QUICK_LSTMS if golden.is_recurrent else golden.multiply_adds < 2_000
    return pytest.param(golden, id=golden.id, marks=[] if quick else [pytest.mark.slow])


@pytest.mark.parametrize("golden", [_parameter(golden) for golden in GOLDENS])
def test_it_agrees_with_the_reference_engine(golden):
    nam = golden.nam
    if golden.starts_unsettled:
        nam = nam | {"sample_rate": 128}  # at which half a second is 64 frames
    found = specification.render(nam, golden.input, golden.size)
    assert error_db(found, golden.output) <= golden.f64_db + 1.0


@pytest.mark.parametrize("name", NAMES)
def test_silence_was_there_for_ever(name):
    still = specification.render(network(name), np.zeros(200))
    # To an LSTM, half a second is for ever.
    assert np.ptp(still) <= (1e-3 if "lstm" in name else 1e-12)


@pytest.mark.parametrize("name", [name for name in NAMES if "lstm" not in name])
def test_other_words_are_the_same_network(name):
    audio = noise(100)
    few, many = in_few_words(network(name)), in_many_words(network(name))
    expected = specification.render(few, audio)
    np.testing.assert_array_equal(specification.render(many, audio), expected)


def test_two_models_in_a_row_are_one_and_the_other():
    first, second = network("a1 nano"), network("linear")
    both = factory.sequential(first, second)
    # The first does not rest at zero, so the second must have heard it for ever.
    lead_in = np.append(np.zeros(300), noise(2_000))
    expected = specification.render(second, specification.render(first, lead_in))[300:]
    np.testing.assert_allclose(specification.render(both, noise(2_000)), expected, atol=1e-12)


def test_slopes_of_channels_that_are_gone_are_gone():
    nam = network("slimmable, slopes")
    audio = noise(500)
    narrow = specification.render(nam, audio, size=0.0)
    nam = nam | {"config": {**nam["config"], "layers": [dict(nam["config"]["layers"][0])]}}
    slopes = nam["config"]["layers"][0]["activation"]["negative_slopes"]
    nam["config"]["layers"][0]["activation"] = {"type": "PReLU", "negative_slope": slopes[0]}
    np.testing.assert_array_equal(specification.render(nam, audio, size=0.0), narrow)


def test_mixers_mix():
    x = np.stack([noise(100, seed=1), noise(100, seed=2)])
    late = np.append(np.zeros(7), x[0, :-7])
    np.testing.assert_array_equal(specification.render(factory.one_of(1, 2), x), x[1])
    np.testing.assert_array_equal(
        specification.render(factory.two_of_mono(), x[0]), np.stack([x[0], 0.5 * late])
    )
    np.testing.assert_array_equal(
        specification.render(factory.sum_of(2), x), x[0] + np.float64(x[1])
    )
