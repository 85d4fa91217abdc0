# SPDX-License-Identifier: MIT
"""One change each to the config of a WaveNet that plays: an error that says what is wrong.

Some of these crash other players, and some make them play noise.
"""

from __future__ import annotations

from typing import Any

import pytest
from odd_models import CONDITION, LAYER, POST, SECOND, refusal
from wavenet_factory import slices

_film = {"active": True, "shift": True, "groups": 1}
_prelu = {"type": "PReLU", "negative_slopes": [0.1, 0.2]}

# The change, the model, the fields changed, and words of the error.
refused: list[tuple[str, str, dict[str, Any], str]] = [
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
]


@pytest.mark.parametrize(("change", "model", "fields", "words"), refused)
def test_what_cannot_play_is_explained(change, model, fields, words):
    said = refusal(model, fields)
    assert words in said, change
    assert len(said) < 300
