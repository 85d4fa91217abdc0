# SPDX-License-Identifier: MIT
"""`.nam` files of Linears: what is read of them, and what is refused."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from changes import with_fields
from linear_factory import linear

from pedalboard_nam import Model, ModelError
from pedalboard_nam.nam import linear as reader
from pedalboard_nam.nam import model_image, nam_file
from pedalboard_nam.nam.model import core_model


@pytest.mark.parametrize("bias", [False, True])
def test_the_record(bias):
    tree = linear(257, bias)
    (size,) = nam_file.load(tree).sizes
    assert size.record.tag == reader.tag
    assert struct.unpack("<4I", size.record.config) == (1, 1, 257, bias)
    np.testing.assert_array_equal(size.record.weights, np.float32(tree["weights"]))


@pytest.mark.parametrize("taps", [1, 192, 193, 256, 257, 8_192])
def test_the_cost_is_that_of_the_core(taps):
    tree = linear(taps)
    (size,), (network,) = nam_file.load(tree).sizes, core_model(Model.load(tree)).networks
    assert size.network.cost.multiply_adds == network.multiply_adds
    assert size.network.cost.lookback_frames == network.lookback


@pytest.mark.parametrize(
    "word", ["auto", "Direct", "legacy", "old", "FFT", "partitioned-fft", None]
)
def test_how_the_reference_computes_it_does_not_count(word):
    one, other = nam_file.load(linear()), nam_file.load(linear(implementation=word))
    assert model_image.write(one) == model_image.write(other)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"config.receptive_field": KeyError}, "config.receptive_field is missing"),
        (
            {"config.receptive_field": 1_048_577},
            "receptive_field is 1048577; expected a whole number of at most 1048",
        ),
        ({"config.receptive_field": 32.5}, "receptive_field is 32.5; expected a whole number"),
        ({"config.bias": False}, "weights has 33 values; a Linear of 32 taps has exactly 32"),
        ({"config.implementation": 1}, "config.implementation is 1; expected text"),
        ({"weights": None}, "weights is missing; a Linear of 32 taps and a bias has exactly 33"),
        (
            {"config.in_channels": 65},
            "config.in_channels is 65; expected a whole number of at most 64",
        ),
        ({"config.in_channels": 2}, "config: channels in and out are 2 and 1; those of an amp are"),
    ],
)
def test_a_bad_file_is_explained(fields, words):
    with pytest.raises(ModelError) as error:
        nam_file.load(with_fields(linear(), fields))
    assert words in str(error.value)
