# SPDX-License-Identifier: MIT
"""`.nam` files of ConvNets: what is read of them, and what is refused."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from changes import with_fields
from convnet_factory import convnet
from sequential_factory import sequential

from pedalboard_nam import ModelError
from pedalboard_nam.nam import convnet as reader
from pedalboard_nam.nam import nam_file


def test_the_record():
    tree = convnet(4, (1, 2, 700), activation="Tanh")
    (size,) = nam_file.load(tree).sizes
    assert size.record.tag == reader.tag
    words = struct.unpack("<11I", size.record.config)
    channels, activation, dilations = (1, 1, 4, 1, 0), (1, 0), (3, 1, 2, 700)
    assert words == (*channels, *activation, *dilations)
    np.testing.assert_array_equal(size.record.weights, np.float32(tree["weights"]))
    assert size.network.cost.lookback_frames == 703


@pytest.mark.parametrize("batchnorm", [False, True])
@pytest.mark.parametrize("groups", [1, 2])
def test_inside_others_it_has_channels_and_groups(batchnorm, groups):
    stereo = convnet(6, (1, 2), batchnorm=batchnorm, groups=groups, in_channels=2, out_channels=2)
    split = convnet(3, (1,), out_channels=2)
    mix = convnet(3, (1,), in_channels=2)
    (size,) = nam_file.load(sequential(split, stereo, mix)).sizes
    middle = size.record.children[1]
    assert struct.unpack_from("<5I", middle.config) == (2, 2, 6, groups, batchnorm)
    assert middle.weights.size == len(stereo["weights"])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"channels": 257}, "config.channels is 257; expected a whole number of at most 256"),
        (
            {"dilations": [1, -1]},
            "config.dilations[1] is -1; expected a whole number of at least 0",
        ),
        ({"dilations": [1] * 513}, "config.dilations is a list of 513; expected a list of at most"),
        ({"batchnorm": 0}, "config.batchnorm is 0; expected true or false"),
        ({"activation": KeyError}, "config.activation is missing"),
        ({"activation": {"type": "PReLU", "negative_slopes": [1, 2]}}, "config.activation.negativ"),
        ({"in_channels": 2}, "weights has 131 values; a ConvNet of 3 layers of 5 channels has exa"),
        ({"out_channels": 65}, "config.out_channels is 65; expected a whole number of at most 64"),
        ({"groups": 0}, "config.groups is 0; expected a whole number of at least 1"),
    ],
)
def test_a_bad_config_is_named(fields, words):
    fields = {f"config.{name}": value for name, value in fields.items()}
    with pytest.raises(ModelError) as error:
        nam_file.load(with_fields(convnet(), fields))
    assert words in str(error.value)


def test_a_variance_has_a_root():
    tree = convnet(3, (1, 2), batchnorm=True)
    first_block = 3 * 2 + 4 * 3 + 1
    at = first_block + 3 * 3 * 2 + 3 + 1  # the mean comes first, then the variance
    words = rf"weights\[{at}\] is -0.5, the variance of a channel; with epsilon, 1e-05, it must be"
    with pytest.raises(ModelError, match=words):
        nam_file.load(with_fields(tree, {f"weights[{at}]": -0.5}))
