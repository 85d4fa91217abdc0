# SPDX-License-Identifier: MIT
"""Models that play, for tests that change one thing in them, and where in them that may be."""

from __future__ import annotations

from typing import Any

import pytest
from changes import with_fields
from convnet_factory import convnet
from linear_factory import linear
from lstm_factory import lstm
from nam_factory import wrap
from wavenet_factory import array, conditioned, slimmable, two_arrays, wavenet

from pedalboard_nam import ModelError
from pedalboard_nam.nam import nam_file

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


def refusal(model: str, fields: dict[str, Any]) -> str:
    """What is said of a model after a change that it does not survive."""
    with pytest.raises(ModelError) as error:
        nam_file.load(with_fields(models[model], fields))
    return str(error.value)
