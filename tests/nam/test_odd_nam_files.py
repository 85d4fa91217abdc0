# SPDX-License-Identifier: MIT
"""One change each to a model that plays: an error that says what is wrong, or the right sound.

Some of these crash other players, some make them play noise, and some are refused without need.
"""

from __future__ import annotations

from typing import Any

import pytest
from changes import with_fields
from convnet_factory import convnet
from linear_factory import linear
from lstm_factory import lstm
from nam_factory import wrap
from wavenet_factory import array, conditioned, slices, slimmable, two_arrays, wavenet

from pedalboard_nam import ModelError
from pedalboard_nam.nam import model_image, nam_file

_post_head = {"channels": 2, "out_channels": 1, "kernel_sizes": [2, 2], "activation": "SiLU"}

models: dict[str, dict[str, Any]] = {
    "wavenet": wavenet(),
    "gated": wavenet(array(gating_mode="gated")),
    "mixed": wavenet(array(dilations=[1, 2], gating_mode=["none", "gated"])),
    "two arrays": two_arrays(),
    "conditioned": conditioned(),
    "post": wavenet(array(), head=_post_head),
    "slimmable": slimmable(),
    "LSTM": lstm(),
    "ConvNet": convnet(),
    "Linear": linear(),
    "container": wrap([(0.5, wavenet(seed=1)), (1.0, wavenet(seed=2))]),
}

LAYER = "config.layers[0]"
SECOND = "config.layers[1]"
CONDITION = "config.condition_dsp"
SUB = "config.submodels[0]"
POST = "config.head"
_film = {"active": True, "shift": True, "groups": 1}
_prelu = {"type": "PReLU", "negative_slopes": [0.1, 0.2]}

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
    (
        "layers empty",
        "wavenet",
        {"config.layers": []},
        "config.layers is a list of 0; expected a list of 1 or more",
    ),
    ("layers absent", "wavenet", {"config.layers": KeyError}, "config.layers is missing"),
    *(
        (f"layer without {field}", "wavenet", {f"{LAYER}.{field}": KeyError}, f"{LAYER}.{field} is")
        for field in (
            "channels",
            "input_size",
            "condition_size",
            "dilations",
            "activation",
            "kernel_size",
            "head",
        )
    ),
    ("dilations empty", "wavenet", {f"{LAYER}.dilations": []}, "a list of 1 or more"),
    (
        "dilation -2",
        "wavenet",
        {f"{LAYER}.dilations[1]": -2},
        "dilations[1] is -2; expected a whole number of at least",
    ),
    (
        "dilation 2.7 (float)",
        "wavenet",
        {f"{LAYER}.dilations[1]": 2.7},
        "dilations[1] is 2.7; expected a whole number",
    ),
    (
        "kernel_size 0",
        "wavenet",
        {f"{LAYER}.kernel_size": 0},
        "kernel_size is 0; expected a whole number of at least 1",
    ),
    (
        "kernel_size and kernel_sizes",
        "wavenet",
        {f"{LAYER}.kernel_sizes": [3] * 5},
        "kernel_size is there, and so is kernel_sizes; accepted is one of",
    ),
    (
        "kernel_sizes wrong length",
        "wavenet",
        {f"{LAYER}.kernel_size": None, f"{LAYER}.kernel_sizes": [3, 3]},
        "kernel_sizes has 2 entries; there are 5 dilations",
    ),
    (
        "channels 0",
        "wavenet",
        {f"{LAYER}.channels": 0},
        "channels is 0; expected a whole number of at least 1",
    ),
    (
        'channels "4"',
        "wavenet",
        {f"{LAYER}.channels": "4"},
        'channels is "4"; expected a whole number',
    ),
    *(
        (change, "wavenet", {f"{LAYER}.activation": value}, f"{LAYER}.activation{words}")
        for change, value, words in (
            ("activation unknown", "GELU", ' is "GELU"; accepted are Tanh, Hardtanh, '),
            ("activation Softsigmoid", "Softsigmoid", ' is "Softsigmoid"; accepted are'),
            ('activation "tanh" lower case', "tanh", ' is "tanh"; accepted are Tanh'),
            ("activation null", None, " is null; accepted are"),
            ("activation {} (no type)", {}, ".type is missing; accepted are"),
            ("activation {name:..}", {"name": "Tanh"}, ".type is missing; accepted are"),
            ("activation list too short", ["Tanh"], " has 1 entry; there are 5 dilations"),
            (
                "PReLU slopes: 2 for 4 channels, none",
                _prelu,
                ".negative_slopes has 2 entries; accepted are 1, or one for each of 4 channels",
            ),
            (
                "PReLU slopes: 8 for 4 channels, none",
                {"type": "PReLU", "negative_slopes": [0.1] * 8},
                ".negative_slopes has 8 entries",
            ),
            (
                "PReLU slopes empty",
                {"type": "PReLU", "negative_slopes": []},
                ".negative_slopes has 0 entries",
            ),
        )
    ),
    (
        "gated, PReLU 2 slopes of 4",
        "gated",
        {f"{LAYER}.activation": _prelu},
        "activation.negative_slopes has 2 entries",
    ),
    (
        "gating_mode GATED (upper case)",
        "wavenet",
        {f"{LAYER}.gating_mode": "GATED"},
        'gating_mode is "GATED"; accepted are "none", "gated", "blended"',
    ),
    (
        "secondary_activation list with string mode",
        "gated",
        {f"{LAYER}.secondary_activation": ["Sigmoid", "Sigmoid"]},
        "secondary_activation has 2 entries; there are 5 dilations",
    ),
    (
        "gating_mode list wrong length",
        "wavenet",
        {f"{LAYER}.gating_mode": ["none"]},
        "gating_mode has 1 entry; there are 5 dilations",
    ),
    (
        "gating list, secondary list short",
        "mixed",
        {f"{LAYER}.secondary_activation": ["Sigmoid"]},
        "secondary_activation has 1 entry; there are 2 dilations",
    ),
    (
        "bottleneck 0",
        "wavenet",
        {f"{LAYER}.bottleneck": 0},
        "bottleneck is 0; expected a whole number of at least 1",
    ),
    (
        "groups_input 3 of 4 channels",
        "wavenet",
        {f"{LAYER}.groups_input": 3},
        "groups_input is 3; it must divide 4 channels in and 4 out",
    ),
    (
        "groups_input 0",
        "wavenet",
        {f"{LAYER}.groups_input": 0},
        "groups_input is 0; expected a whole number",
    ),
    (
        "groups_input_mixin 4, condition_size 1",
        "wavenet",
        {f"{LAYER}.groups_input_mixin": 4},
        "groups_input_mixin is 4; it must divide 1 channel in and 4 out",
    ),
    ("layer1x1 {} ", "wavenet", {f"{LAYER}.layer1x1": {}}, "layer1x1.active is missing"),
    (
        "layer1x1 inactive, bottleneck 3",
        "wavenet",
        {f"{LAYER}.layer1x1": {"active": False}, f"{LAYER}.bottleneck": 3},
        "bottleneck is 3; without a layer1x1 it equals the channels, 4",
    ),
    (
        "FiLM true",
        "wavenet",
        {f"{LAYER}.conv_pre_film": True},
        "conv_pre_film is true; accepted are an object, false and null",
    ),
    (
        "head1x1_post_film without head1x1",
        "wavenet",
        {f"{LAYER}.head1x1_post_film": _film},
        "head1x1_post_film is active; there is no head1x1",
    ),
    (
        "layer1x1_post_film without layer1x1",
        "wavenet",
        {f"{LAYER}.layer1x1": {"active": False}, f"{LAYER}.layer1x1_post_film": _film},
        "layer1x1_post_film is active; there is no layer1x1",
    ),
    (
        "layer head without bias",
        "wavenet",
        {f"{LAYER}.head.bias": KeyError},
        "head.bias is missing",
    ),
    (
        "layer head kernel_size 0",
        "wavenet",
        {f"{LAYER}.head.kernel_size": 0},
        "head.kernel_size is 0; expected a whole number of at least 1",
    ),
    (
        "condition_size 2 without condition_dsp",
        "wavenet",
        {f"{LAYER}.condition_size": 2},
        "condition_size is 2; accepted is 1, as many channels as the condition has",
    ),
    (
        "input_size 2, in_channels 1",
        "wavenet",
        {f"{LAYER}.input_size": 2},
        "input_size is 2; accepted is 1, as many channels as come in",
    ),
    (
        "in_channels 2, input_size 1",
        "wavenet",
        {"config.in_channels": 2},
        "input_size is 1; accepted is 2, as many",
    ),
    (
        "in_channels 0",
        "wavenet",
        {"config.in_channels": 0},
        "in_channels is 0; expected a whole number of at least 1",
    ),
    (
        "2 arrays: head_size != next channels",
        "two arrays",
        {f"{LAYER}.head.out_channels": 4},
        "config.layers[1] gives its head 3 channels; the head of the array before gives 4",
    ),
    (
        "2 arrays: input_size of 2nd wrong",
        "two arrays",
        {f"{SECOND}.input_size": 4},
        "config.layers[1].input_size is 4; accepted is 5, as many",
    ),
    (
        "2 arrays: bottleneck of 2nd (6) != head_size of 1st (3)",
        "two arrays",
        {f"{SECOND}.bottleneck": 6},
        "config.layers[1] gives its head 6 channels; the head of the array before gives 3",
    ),
    (
        "condition_dsp rate differs",
        "conditioned",
        {f"{CONDITION}.sample_rate": 44100},
        "condition_dsp.sample_rate is 44100.0 but sample_rate is 48000.0; all models",
    ),
    (
        "condition_dsp without version",
        "conditioned",
        {f"{CONDITION}.version": KeyError},
        "config.condition_dsp.version is missing",
    ),
    (
        "post head kernel_sizes empty",
        "post",
        {f"{POST}.kernel_sizes": []},
        "config.head.kernel_sizes is a list of 0",
    ),
    (
        "post head in_channels wrong",
        "post",
        {f"{POST}.in_channels": 7},
        "config.head.in_channels is 7; the last layer array gives 1",
    ),
    (
        "post head without activation",
        "post",
        {f"{POST}.activation": KeyError},
        "config.head.activation is missing",
    ),
    (
        "post head legacy {num_layers}",
        "post",
        {POST: {"channels": 2, "num_layers": 2, "out_channels": 1, "activation": "ReLU"}},
        "config.head.kernel_sizes is missing",
    ),
    ("post head false", "post", {POST: False}, "config.head is false; expected an object"),
    (
        "slimmable unknown method",
        "slimmable",
        {f"{LAYER}.slimmable.method": "foo"},
        'slimmable.method is "foo"; accepted is "slice_channels_uniform"',
    ),
    (
        "slimmable last allowed != channels",
        "slimmable",
        {f"{LAYER}.slimmable": slices([2, 4])},
        "allowed_channels ends in 4; the last is the full width, 6 channels",
    ),
    (
        "slimmable unsorted",
        "slimmable",
        {f"{LAYER}.slimmable": slices([4, 2, 6])},
        "allowed_channels[1] is 2; accepted are numbers from 1 on, each above the one before",
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

# The change, the model, the fields changed, and fields that make the same model: none where the
# change says nothing about the sound.
played: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ('version "0.7.0-dev"', "wavenet", {"version": "0.7.0-dev"}, {}),
    ("version 0.7.9", "wavenet", {"version": "0.7.9"}, {}),
    ("sample_rate null", "wavenet", {"sample_rate": None}, {}),
    ("metadata null", "wavenet", {"metadata": None}, {}),
    ("metadata.loudness null", "wavenet", {"metadata": {"loudness": None}}, {}),
    ("head_scale absent", "wavenet", {"config.head_scale": KeyError}, {}),
    ("head_scale null", "wavenet", {"config.head_scale": None}, {}),
    ("head_scale wrong, weights decide", "wavenet", {"config.head_scale": 0.7}, {}),
    ("top-level head absent", "wavenet", {"config.head": KeyError}, {}),
    ("dilation 0", "wavenet", {f"{LAYER}.dilations[1]": 0}, {f"{LAYER}.dilations[1]": 0}),
    ("channels 4.0", "wavenet", {f"{LAYER}.channels": 4.0}, {}),
    (
        "activation extra key",
        "wavenet",
        {f"{LAYER}.activation": {"type": "Tanh", "negative_slope": "?"}},
        {},
    ),
    (
        "gated, PReLU one slope, 4 channels",
        "gated",
        {f"{LAYER}.activation": {"type": "PReLU", "negative_slope": 0.25}},
        {f"{LAYER}.activation": {"type": "PReLU", "negative_slopes": [0.25] * 4}},
    ),
    ("gating_mode null", "wavenet", {f"{LAYER}.gating_mode": None}, {}),
    (
        "secondary_activation null (string mode)",
        "gated",
        {f"{LAYER}.secondary_activation": None},
        {f"{LAYER}.secondary_activation": "Sigmoid"},
    ),
    ("gated: null", "wavenet", {f"{LAYER}.gated": None}, {}),
    (
        "gated true and gating_mode none",
        "wavenet",
        {f"{LAYER}.gated": True, f"{LAYER}.gating_mode": "none"},
        {},
    ),
    (
        'secondary "" with none',
        "wavenet",
        {f"{LAYER}.gating_mode": "none", f"{LAYER}.secondary_activation": ""},
        {},
    ),
    ("bottleneck null", "wavenet", {f"{LAYER}.bottleneck": None}, {}),
    ("groups_input null", "wavenet", {f"{LAYER}.groups_input": None}, {}),
    ("layer1x1 null", "wavenet", {f"{LAYER}.layer1x1": None}, {}),
    ("layer1x1 active only", "wavenet", {f"{LAYER}.layer1x1": {"active": True}}, {}),
    (
        "head1x1 inactive without out_channels",
        "wavenet",
        {f"{LAYER}.head1x1": {"active": False}},
        {},
    ),
    ("head1x1 null", "wavenet", {f"{LAYER}.head1x1": None}, {}),
    ("FiLM null", "wavenet", {f"{LAYER}.conv_pre_film": None}, {}),
    ("FiLM false", "wavenet", {f"{LAYER}.conv_pre_film": False}, {}),
    ("layer head_dilation 0", "wavenet", {f"{LAYER}.head.head_dilation": 0}, {}),
    (
        "layer head null, head_size given",
        "wavenet",
        {f"{LAYER}.head": None, f"{LAYER}.head_size": 1, f"{LAYER}.head_bias": True},
        {},
    ),
    ("unknown keys", "wavenet", {"comment": [], "config.x": {}, f"{LAYER}.dropout": 0.1}, {}),
    ("condition_dsp null", "wavenet", {"config.condition_dsp": None}, {}),
    (
        "condition_dsp without sample_rate",
        "conditioned",
        {f"{CONDITION}.sample_rate": KeyError},
        {},
    ),
    (
        "condition_dsp is a SlimmableContainer",
        "conditioned",
        {CONDITION: wrap([(0.5, wavenet()), (1.0, conditioned()["config"]["condition_dsp"])])},
        {},
    ),
    (
        "condition_dsp is a slimmable WaveNet",
        "conditioned",
        {f"{CONDITION}.config.layers[0].slimmable": slices([1, 3])},
        {},
    ),
    ("slimmable {} (no method)", "wavenet", {f"{LAYER}.slimmable": {}}, {}),
    ("LSTM extra key train_burn_in", "LSTM", {"config.train_burn_in": 4096}, {}),
    (
        "Linear receptive_field 0",
        "Linear",
        {"config.receptive_field": 0, "weights": [0.1]},
        {"config.receptive_field": 0, "weights": [0.1]},
    ),
    ("container weights non-empty", "container", {"weights": [1.0, 2.0]}, {}),
]


@pytest.mark.parametrize(("change", "model", "fields", "words"), refused)
def test_what_cannot_play_is_explained(change, model, fields, words):
    with pytest.raises(ModelError) as error:
        nam_file.load(with_fields(models[model], fields))
    assert words in str(error.value), change
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(("change", "model", "fields", "same"), played)
def test_what_can_play_does(change, model, fields, same):
    assert _networks(with_fields(models[model], fields)) == _networks(
        with_fields(models[model], same)
    ), change


def _networks(tree: dict[str, Any]) -> list[bytes]:
    return [model_image.record_bytes(size.record) for size in nam_file.load(tree).sizes]
