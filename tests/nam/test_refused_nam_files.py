# SPDX-License-Identifier: MIT
"""One change each to a model that plays, its WaveNet's config left alone: an error says what is
wrong.

Some of these crash other players, and some make them play noise.
"""

from __future__ import annotations

from typing import Any

import pytest
from odd_models import SUB, refusal
from wavenet_factory import array, wavenet

# The change, the model, the fields changed, and words of the error.
refused: list[tuple[str, str, dict[str, Any], str]] = [
    ("root without version", "wavenet", {"version": KeyError}, "version is missing"),
    ("root without architecture", "wavenet", {"architecture": KeyError}, "architecture is missing"),
    ("root without config", "wavenet", {"config": KeyError}, "config is missing"),
    (
        "root without weights",
        "wavenet",
        {"weights": KeyError},
        "weights is missing; a WaveNet of 5 layers of 4 channels has exactly 390",
    ),
    ("version 0.4.9", "wavenet", {"version": "0.4.9"}, 'version is "0.4.9", which is too old'),
    ("version 0.8.0", "wavenet", {"version": "0.8.0"}, 'version is "0.8.0"; this release reads'),
    ("version 1.0.0", "wavenet", {"version": "1.0.0"}, 'version is "1.0.0"; this release reads'),
    ('version "0.7"', "wavenet", {"version": "0.7"}, 'version is "0.7"; expected three numbers'),
    ("version number 0.7", "wavenet", {"version": 0.7}, "version is 0.7; expected text"),
    (
        "architecture unknown",
        "wavenet",
        {"architecture": "CatLSTM"},
        'architecture is "CatLSTM"; accepted are "WaveNet", "LSTM", "ConvNet", "Linear", ',
    ),
    ('sample_rate "48000"', "wavenet", {"sample_rate": "48000"}, 'sample_rate is "48000"; expec'),
    (
        "sample_rate 0",
        "wavenet",
        {"sample_rate": 0},
        "sample_rate is 0; expected a number of at least 8000",
    ),
    (
        "weights one short",
        "wavenet",
        {"weights": [0.1] * 389},
        "weights has 389 values; a WaveNet of 5 layers of 4 channels has exactly 390",
    ),
    ("weights one long", "wavenet", {"weights": [0.1] * 391}, "weights has 391 values; a WaveNet"),
    ("weights 50 short", "wavenet", {"weights": [0.1] * 340}, "weights has 340 values; a WaveNet"),
    ("weights null", "wavenet", {"weights": None}, "weights is missing; a WaveNet of 5 layers"),
    ("weights contain a string", "wavenet", {"weights[9]": "0.1"}, 'weights[9] is "0.1"; expected'),
    ("weights contain 1e39", "wavenet", {"weights[9]": 1e39}, "weights[9] is 1e+39; expected a fi"),
    (
        "weights contain null",
        "wavenet",
        {"weights[9]": None},
        "weights[9] is null; expected a number",
    ),
    ("LSTM weights short", "LSTM", {"weights": [0.1] * 69}, "weights has 69 values; an LSTM"),
    ("LSTM weights long", "LSTM", {"weights": [0.1] * 71}, "weights has 71 values; an LSTM"),
    (
        "LSTM num_layers 0",
        "LSTM",
        {"config.num_layers": 0},
        "num_layers is 0; expected a whole number of at least 1",
    ),
    (
        "LSTM input_size 2 (in_channels absent)",
        "LSTM",
        {"config.input_size": 2},
        "input_size is 2, but in_channels is 1; an LSTM has as many of the one as of the other",
    ),
    (
        "LSTM in_channels 2, input_size 1",
        "LSTM",
        {"config.in_channels": 2},
        "input_size is 1, but in_channels is 2",
    ),
    (
        "LSTM without input_size",
        "LSTM",
        {"config.input_size": KeyError},
        "config.input_size is missing",
    ),
    (
        "ConvNet weights short",
        "ConvNet",
        {"weights": [0.1] * 130},
        "weights has 130 values; a ConvNet of 3 layers of 5 channels has exactly 131",
    ),
    ("ConvNet weights long", "ConvNet", {"weights": [0.1] * 132}, "weights has 132 values; a Conv"),
    (
        "ConvNet dilations empty",
        "ConvNet",
        {"config.dilations": []},
        "config.dilations is a list of 0; expected a list of 1 or more",
    ),
    (
        "ConvNet groups 2, mono",
        "ConvNet",
        {"config.groups": 2},
        "config.groups is 2; it must divide 1 channel in and 5 out",
    ),
    (
        "ConvNet activation list",
        "ConvNet",
        {"config.activation": ["Tanh"] * 3},
        "config.activation is a list of 3; accepted are Tanh",
    ),
    (
        "ConvNet batchnorm absent",
        "ConvNet",
        {"config.batchnorm": KeyError},
        "config.batchnorm is missing",
    ),
    (
        "Linear weights short",
        "Linear",
        {"weights": [0.1] * 32},
        "weights has 32 values; a Linear of 32 taps and a bias has exactly 33",
    ),
    ("Linear weights long", "Linear", {"weights": [0.1] * 34}, "weights has 34 values; a Linear"),
    (
        'Linear implementation "gpu"',
        "Linear",
        {"config.implementation": "gpu"},
        'config.implementation is "gpu"; accepted are "auto", "direct"',
    ),
    (
        "Linear bias null",
        "Linear",
        {"config.bias": None},
        "config.bias is null; expected true or false",
    ),
    (
        "Linear bias 1 (int)",
        "Linear",
        {"config.bias": 1},
        "config.bias is 1; expected true or false",
    ),
    (
        "container submodels empty",
        "container",
        {"config.submodels": []},
        "config.submodels has 0 entries; accepted are 1 to 64",
    ),
    (
        "container descending",
        "container",
        {f"{SUB}.max_value": 2.0},
        "config.submodels[1].max_value is 1.0; it must exceed the previous",
    ),
    (
        "container last < 1",
        "container",
        {"config.submodels[1].max_value": 0.9},
        "config.submodels[1].max_value is 0.9; the last must reach 1.0",
    ),
    (
        "container sub rate differs",
        "container",
        {f"{SUB}.model.sample_rate": 44100},
        "config.submodels[0].model.sample_rate is 44100.0 but sample_rate is 48000.0",
    ),
    (
        "container sub without weights",
        "container",
        {f"{SUB}.model.weights": KeyError},
        "config.submodels[0].model.weights is missing",
    ),
    (
        "container sub without version",
        "container",
        {f"{SUB}.model.version": KeyError},
        "config.submodels[0].model.version is missing",
    ),
    (
        "container sub 2 channels out",
        "container",
        {f"{SUB}.model": wavenet(array(head={"out_channels": 2, "kernel_size": 1, "bias": True}))},
        "config.submodels[0].model.config: channels in and out are 1 and 2; those of an amp are",
    ),
]


@pytest.mark.parametrize(("change", "model", "fields", "words"), refused)
def test_what_cannot_play_is_explained(change, model, fields, words):
    said = refusal(model, fields)
    assert words in said, change
    assert len(said) < 300
