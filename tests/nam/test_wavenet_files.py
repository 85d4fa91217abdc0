# SPDX-License-Identifier: MIT
"""`.nam` files of WaveNets: the record that is read of them, in whatever words they say it."""

from __future__ import annotations

import struct
from typing import Any

import nam_factory
import numpy as np
import pytest
from changes import with_fields
from wavenet_factory import (
    a1,
    array,
    conditioned,
    everything,
    two_arrays,
    wavenet,
)

from pedalboard_nam import ModelError
from pedalboard_nam.nam import a2, model_image, nam_file
from pedalboard_nam.nam import wavenet as reader
from pedalboard_nam.nam.record import Record
from reference.wavenet_layer import FILMS

LAYER = "config.layers[0]"
_film = {"active": True, "shift": True, "groups": 1}


def _record(tree: dict[str, Any]) -> Record:
    (size,) = nam_file.load(tree).sizes
    return size.record


def _image(tree: dict[str, Any]) -> bytes:
    return model_image.write(nam_file.load(tree))


@pytest.mark.parametrize(
    ("kind", "weights", "multiply_adds"),
    [
        ("standard", 13_802, 13_320),
        ("lite", 6_554, 6_228),
        ("feather", 3_026, 2_808),
        ("nano", 842, 732),
    ],
)
def test_a1(kind, weights, multiply_adds):
    network = nam_file.load(a1(kind)).sizes[-1].network
    assert network.record.tag == reader.tag
    assert network.record.weights.size == weights
    assert network.cost.multiply_adds == multiply_adds
    assert network.cost.lookback_frames == 4_092


def test_a2_is_a_shape_whatever_its_words():
    full = nam_factory.full()
    record = _record(full)
    assert (record.tag, record.config) == (a2.tag, struct.pack("<I", 8))
    plain = with_fields(full, {f"{LAYER}.gating_mode": "none", f"{LAYER}.activation": "LeakyReLU"})
    assert _image(plain) == _image(full)


@pytest.mark.parametrize(
    "fields",
    [
        {f"{LAYER}.activation": {"type": "LeakyReLU", "negative_slope": 0.02}},
        {f"{LAYER}.dilations[3]": 16},
        {f"{LAYER}.activation[9]": "ReLU"},
        {"config.condition_dsp": wavenet()},
    ],
)
def test_a_network_that_is_nearly_a2_is_not(fields):
    assert _record(with_fields(nam_factory.full(), fields)).tag == reader.tag


def test_the_weights_are_those_of_the_file():
    for tree in (a1(), everything()):
        np.testing.assert_array_equal(_record(tree).weights, np.float32(tree["weights"]))


def test_the_config_of_a_record():
    """Word for word, what the core reads."""
    tree = everything()
    no_film, scale, both = (0, 0), (1, 1), (2, 1)
    films = (scale, both, both, scale, both, both, scale, both)
    slope = struct.unpack("<4I", struct.pack("<4f", 0.1, -0.2, 0.0, 0.01))
    one = struct.unpack("<I", struct.pack("<f", 1.0))
    assert no_film not in films
    assert (
        _words(_record(tree))
        == [
            *(1, 3, 1, 2),  # inputs, condition, arrays, post convolutions
            *(1, 4, 2),  # input size, channels, bottleneck
            *(4, 5, 7, 0),  # the head's outputs, taps, dilation and bias
            *(2, 6, 2),  # groups of layer1x1; outputs and groups of head1x1
            *(2, 1),  # groups of the convolution and of the mixin
            *(word for film in films for word in film),
            3,  # layers: taps, dilation, mode, activation, secondary activation
            *(3, 1, 1, 1, 0, 6, 0),
            *(1, 1, 2, 5, 2, *slope[:2], 9, 4, slope[2], *one, slope[3], slope[3]),
            *(6, 4, 0, 8, 0),
            *(10, 0),  # the post-stack head's activation, and its outputs and taps
            *(3, 2, 1, 4),
        ]
    )
    (condition,) = _record(tree).children
    assert condition.tag == reader.tag


def _words(record: Record) -> list[int]:
    return list(struct.unpack(f"<{len(record.config) // 4}I", record.config))


@pytest.mark.parametrize(
    "fields",
    [
        {"gated": True},
        {"gating_mode": "blended"},
        {"gating_mode": ["none", "gated", "blended", "none", "gated"]},
        {"bottleneck": 7},
        {"bottleneck": 2, "gating_mode": "gated"},
        {"layer1x1": {"active": False, "groups": 1}},
        {"layer1x1": {"active": True, "groups": 2}},
        {"head1x1": {"active": True, "out_channels": 6, "groups": 2}},
        {"groups_input": 4},
        {"groups_input": 2, "gated": True},
        {"head": {"out_channels": 1, "kernel_size": 16, "bias": False, "head_dilation": 3}},
        {"kernel_size": None, "kernel_sizes": [1, 2, 3, 4, 5]},
        *({film: _film} for film in FILMS[:-1]),
        *({film: _film | {"shift": False}} for film in FILMS[:-1]),
        {"head1x1": {"active": True, "out_channels": 3, "groups": 1}, "head1x1_post_film": _film},
    ],
)
def test_the_number_of_weights_is_exact(fields):
    """The specification, which draws the weights, counts for itself."""
    tree = wavenet(array(**fields))
    assert _record(tree).weights.size == len(tree["weights"])
    for change in (tree["weights"][:-1], [*tree["weights"], 0.0]):
        with pytest.raises(ModelError, match=f"has exactly {len(tree['weights'])}"):
            nam_file.load(tree | {"weights": change})


_head = {"out_channels": 1, "kernel_size": 1, "bias": True}
_prelu = {"type": "PReLU", "negative_slopes": [0.3] * 4}
_leaky = {"type": "LeakyReLU", "negative_slope": 0.3}
_hard = {"type": "LeakyHardTanh", "min_val": -1, "max_slope": 0.01}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"kernel_sizes": [3] * 5, "kernel_size": None}, {"kernel_size": 3}),
        ({"head": _head}, {"head": None, "head_size": 1, "head_bias": True}),
        ({"head": _head}, {"head": _head | {"head_dilation": 9}, "head_size": 7}),
        ({"gated": False}, {"gating_mode": "none", "secondary_activation": "?"}),
        ({"gated": False}, {"gating_mode": ["none"] * 5, "secondary_activation": [None] * 5}),
        ({"gated": True}, {"gating_mode": "gated"}),
        ({"gated": True}, {"gating_mode": ["gated"] * 5, "secondary_activation": "Sigmoid"}),
        ({"gated": True, "secondary_activation": "Tanh"}, {"gating_mode": "gated"}),
        (
            {"gating_mode": "blended", "secondary_activation": {"type": "Softsign"}},
            {"gating_mode": ["blended"] * 5, "secondary_activation": ["Softsign"] * 5},
        ),
        ({"activation": "ReLU"}, {"activation": ["ReLU"] * 5}),
        ({"activation": "ReLU"}, {"activation": {"type": "ReLU", "negative_slope": None}}),
        ({"activation": _prelu}, {"activation": _leaky}),
        ({"activation": {"type": "PReLU", "negative_slope": 0.3}}, {"activation": _leaky}),
        ({"activation": "PReLU"}, {"activation": "LeakyReLU"}),
        ({"activation": _hard}, {"activation": "LeakyHardtanh"}),
        ({"bottleneck": 4}, {"bottleneck": None}),
        ({"layer1x1": None}, {"layer1x1": {"active": True, "groups": 1}}),
        ({"head1x1": None}, {"head1x1": {"active": False, "out_channels": 9, "groups": 3}}),
        ({"groups_input": None}, {"groups_input": 1, "groups_input_mixin": 1}),
        ({"conv_pre_film": None}, {"conv_pre_film": False}),
        ({"conv_pre_film": None}, {"conv_pre_film": {"active": False}}),
        ({"conv_pre_film": {"groups": 1}}, {"conv_pre_film": _film}),
        ({"slimmable": None}, {"slimmable": {"method": None}}),
        ({"dilations": [1, 2, 4]}, {"dilations": [1.0, 2.0, 4.0], "comment": "free"}),
    ],
)
def test_spellings_of_the_same_network(one, other):
    images = []
    for fields in (one, other):
        tree = wavenet(array(**fields))
        images.append(_image(tree))
    assert images[0] == images[1]


def test_a_null_at_the_root_of_the_config_is_the_default():
    plain = wavenet()
    nulls = {"in_channels": None, "head": None, "condition_dsp": None, "head_scale": None}
    assert _image(plain | {"config": plain["config"] | nulls}) == _image(plain)


def test_old_words_and_new_words_of_a1():
    old = a1("feather")
    layers = []
    for of_array in old["config"]["layers"]:
        count = len(of_array["dilations"])
        head = {"out_channels": of_array["head_size"], "kernel_size": 1}
        layers.append(
            array(
                input_size=of_array["input_size"],
                channels=of_array["channels"],
                dilations=of_array["dilations"],
                head=head | {"bias": of_array["head_bias"]},
                kernel_sizes=[3] * count,
                kernel_size=None,
                activation=[{"type": "Tanh"}] * count,
                gating_mode=["none"] * count,
                secondary_activation=[None] * count,
            )
        )
    new = old | {"config": old["config"] | {"layers": layers}}
    assert _image(new) == _image(old)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"channels": 10**350}, "channels is an integer of 1163 bits; expected a whole number"),
        ({"channels": True}, "channels is true; expected a whole number"),
        ({"channels": 257}, "channels is 257; expected a whole number of at most 256"),
        ({"input_size": None}, "input_size is null; expected a whole number"),
        ({"dilations": 1}, "dilations is 1; expected a list"),
        (
            {"dilations": [1, 2, 4, 8, 1_048_577]},
            "dilations[4] is 1048577; expected a whole number of at most 104857",
        ),
        ({"kernel_size": 1_025}, "kernel_size is 1025; expected a whole number of at most 1024"),
        ({"gating_mode": 1}, "gating_mode is 1; accepted are"),
        (
            {"gating_mode": ["none"] * 4 + ["Gated"]},
            'gating_mode[4] is "Gated"; accepted are "none", "gated", "blended"',
        ),
        (
            {"gating_mode": "gated", "secondary_activation": ["Sigmoid", None, "?", "?", "?"]},
            "secondary_activation[1] is null; accepted are Tanh",
        ),
        ({"gated": 1}, "gated is 1; expected true, false or null"),
        ({"activation": ["Tanh"] * 4 + [5]}, "activation[4] is 5; accepted are Tanh"),
        (
            {"activation": {"type": "LeakyReLU", "negative_slope": "steep"}},
            'activation.negative_slope is "steep"; expected a number',
        ),
        (
            {"activation": {"type": "PReLU", "negative_slopes": [0.1, 0.1, None, 0.1]}},
            "activation.negative_slopes[2] is null; expected a number",
        ),
        (
            {"activation": {"type": "LeakyHardtanh", "max_val": 1e39}},
            "activation.max_val is 1e+39; expected a number of at most 3.4",
        ),
        ({"layer1x1": {"active": True, "groups": 3}}, "layer1x1.groups is 3; it must divide 4"),
        (
            {"head1x1": {"active": True, "out_channels": 3, "groups": 2}},
            "head1x1.groups is 2; it must divide 4 channels in and 3 out",
        ),
        ({"head1x1": {"active": True}}, "head1x1.out_channels is missing"),
        (
            {"conv_post_film": _film | {"groups": 2}},
            "conv_post_film.groups is 2; it must divide 1 channel in and 8 out",
        ),
        (
            {"conv_post_film": _film | {"shift": "yes"}},
            'conv_post_film.shift is "yes"; expected true, false',
        ),
        ({"conv_post_film": 1}, "conv_post_film is 1; expected"),
        ({"slimmable": True}, "slimmable is true; expected an object"),
    ],
)
def test_a_bad_field_is_named(fields, words):
    tree = with_fields(wavenet(), {f"{LAYER}.{name}": value for name, value in fields.items()})
    with pytest.raises(ModelError) as error:
        nam_file.load(tree)
    assert words in str(error.value)
    assert "config" in str(error.value)


def test_slopes_of_the_post_stack_head_fit_every_width():
    slopes = {"type": "PReLU", "negative_slopes": [0.1, 0.2]}
    head = {"channels": 2, "out_channels": 1, "kernel_sizes": [2, 2], "activation": slopes}
    two = {"out_channels": 2, "kernel_size": 1, "bias": True}
    assert _record(wavenet(array(head=two), head=head)).weights.size > 0
    with pytest.raises(ModelError, match=r"config.head.activation.negative_slopes has 2 entries"):
        nam_file.load(wavenet(array(), head=head))


# --- The condition --------------------------------------------------------------------------------


def test_a_condition_is_a_child_of_any_kind():
    (child,) = _record(conditioned(nam_factory.lite(), width=1)).children
    assert (child.tag, child.weights.size) == (a2.tag, 1871)


def test_the_condition_s_cost_counts():
    alone, both = wavenet(), conditioned(wavenet(), width=1)
    cost = nam_file.load(alone).sizes[-1].network.cost
    assert nam_file.load(both).sizes[-1].network.cost == tuple(2 * value for value in cost)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"config.condition_dsp": 5}, "config.condition_dsp is 5; expected an object"),
        ({"config.condition_dsp.version": "0.8.0"}, 'condition_dsp.version is "0.8.0"; this rel'),
        ({"config.condition_dsp.weights[3]": "1"}, 'config.condition_dsp.weights[3] is "1"; expe'),
        ({"config.condition_dsp.config.in_channels": 2}, "condition_dsp.config.layers[0].input_s"),
        ({f"{LAYER}.condition_size": 1}, "condition_size is 1; accepted is 3, as many channels as"),
        (
            {f"config.condition_dsp.{LAYER}.dilations[0]": 2.5},
            "config.condition_dsp.config.layers[0].dilations[0] is 2.5; expected a whole number",
        ),
    ],
)
def test_a_bad_condition_is_named(fields, words):
    with pytest.raises(ModelError) as error:
        nam_file.load(with_fields(conditioned(), fields))
    assert words in str(error.value)


def test_a_condition_hears_what_the_model_hears():
    tree = conditioned(wavenet(array(input_size=2, condition_size=2), in_channels=2), width=1)
    with pytest.raises(ModelError, match=r"condition_dsp has 2 inputs; the model has 1"):
        nam_file.load(tree)


def test_no_more_channels_come_out_than_a_network_may_have():
    head = {"out_channels": 65, "kernel_size": 1, "bias": True}
    with pytest.raises(ModelError, match="config gives 65 channels; accepted are at most 64"):
        nam_file.load(wavenet(array(head=head)))


def test_the_reference_s_models(reference_dir):
    for file, weights in (("wavenet.nam", 131), ("wavenet_a1_standard.nam", 13_802)):
        (size,) = nam_file.load(reference_dir / "models" / file).sizes
        assert (size.record.tag, size.record.weights.size) == (reader.tag, weights)


def test_two_arrays_of_unequal_taps():
    tree = two_arrays()
    assert _record(tree).weights.size == 735
