# SPDX-License-Identifier: MIT
"""One change each to a model that plays, which plays all the same; some players refuse these."""

from __future__ import annotations

from typing import Any

import pytest
from changes import with_fields
from nam_factory import wrap
from odd_models import CONDITION, LAYER, models
from wavenet_factory import conditioned, slices, wavenet

from pedalboard_nam.nam import model_image, nam_file

_film = {"active": True, "shift": True, "groups": 1}

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


@pytest.mark.parametrize(("change", "model", "fields", "same"), played)
def test_what_can_play_does(change, model, fields, same):
    assert _networks(with_fields(models[model], fields)) == _networks(
        with_fields(models[model], same)
    ), change


def _networks(tree: dict[str, Any]) -> list[bytes]:
    return [model_image.record_bytes(size.record) for size in nam_file.load(tree).sizes]
