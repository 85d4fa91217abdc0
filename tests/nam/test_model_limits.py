# SPDX-License-Identifier: MIT
"""Files that are small, and huge in memory or time: each is refused at once, by its limit."""

from __future__ import annotations

import json
import time
from typing import Any

import nam_factory
import pytest
from changes import with_fields
from convnet_factory import convnet
from linear_factory import linear
from lstm_factory import lstm
from sequential_factory import sequential
from wavenet_factory import array, conditioned, wavenet

from pedalboard_nam import Model, ModelError
from pedalboard_nam.nam import limits, nam_file


def _layers(**fields: Any) -> dict[str, Any]:
    return with_fields(wavenet(), {f"config.layers[0].{key}": v for key, v in fields.items()})


def _nested(depth: int, tree: dict[str, Any] | None = None) -> dict[str, Any]:
    tree = tree or nam_factory.lite()
    for _ in range(depth - 1):
        tree = nam_factory.wrap([(1.0, tree)])
    return tree


def _in_a_row(depth: int) -> dict[str, Any]:
    tree = linear()
    for _ in range(depth - 1):
        tree = sequential(tree)
    return tree


def _conditions(depth: int) -> dict[str, Any]:
    tree = wavenet()
    for _ in range(depth - 1):
        tree = conditioned(tree, width=1)
    return tree


def _arrays(count: int, layers: int) -> dict[str, Any]:
    one = array(channels=1, dilations=[1] * layers)
    return wavenet(*[one] * count)


_depth = "models inside models, more than 8 deep"


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (
            _layers(dilations=[1] * 4096),
            "dilations is a list of 4096; expected a list of at most 5",
        ),
        (
            _layers(dilations=[10**9]),
            "dilations[0] is 1000000000; expected a whole number of at most 1048576",
        ),
        (_layers(channels=10**9), "channels is 1000000000; expected a whole number of at most 256"),
        (
            _layers(kernel_size=10**9),
            "kernel_size is 1000000000; expected a whole number of at most 1024",
        ),
        (
            _layers(bottleneck=10**9),
            "bottleneck is 1000000000; expected a whole number of at most 256",
        ),
        (
            _layers(condition_size=10**9),
            "condition_size is 1000000000; expected a whole number of at most 256",
        ),
        (_layers(groups_input=10**9), "groups_input is 1000000000; it must divide 4 channels"),
        (_arrays(33, 1), "config.layers is a list of 33; expected a list of at most 32"),
        (_arrays(2, 257), "config.layers has 514 layers; accepted are at most 512"),
        (
            _layers(dilations=[1_000_000] * 3),
            "config takes 6,000,000 frames of lookback; accepted are 4,194,304",
        ),
        (
            _layers(channels=256, dilations=[20_000] * 4),
            "config takes 40,960,000 values of history; accepted are 16,777,216",
        ),
        (
            _layers(channels=256, kernel_size=512),
            "multiply-adds for a frame; accepted are 4,194,304",
        ),
        (
            with_fields(lstm(), {"config.num_layers": 9}),
            "num_layers is 9; expected a whole number of at most 8",
        ),
        (
            with_fields(lstm(), {"config.hidden_size": 257}),
            "hidden_size is 257; expected a whole number of at most 2",
        ),
        (
            with_fields(convnet(), {"config.dilations": [1_048_577]}),
            "expected a whole number of at most 1048576",
        ),
        (
            with_fields(convnet(), {"config.dilations": [1_048_576] * 5}),
            "config takes 5,242,880 frames of lookback",
        ),
        (
            with_fields(linear(), {"config.receptive_field": 10**9}),
            "expected a whole number of at most 1048576",
        ),
        (
            with_fields(
                linear(),
                {
                    "config.receptive_field": 10**6,
                    "config.in_channels": 20,
                    "config.out_channels": 20,
                },
            ),
            "config takes 20,001,260 values of history",
        ),
        (_nested(9), _depth),
        (_nested(64), _depth),
        (_in_a_row(9), _depth),
        (_conditions(9), _depth),
        (sequential(*[linear()] * 256), "config.models[255]: more than 256 models in one file"),
    ],
)
def test_a_limit_is_named_at_once(tree, words):
    start = time.perf_counter()
    with pytest.raises(ModelError) as error:
        nam_file.load(tree)
    assert words in str(error.value)
    assert len(str(error.value)) < 400
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize("nest", [_nested, _in_a_row, _conditions])
def test_as_deep_as_it_goes(nest):
    assert nam_file.load(nest(limits.max_depth)).sizes


def test_what_is_small_by_itself_may_be_too_much_together():
    part = linear(limits.max_linear_taps, bias=False)
    part["weights"] = [0.0] * limits.max_linear_taps
    with pytest.raises(ModelError, match="config takes 4,194,556 frames of lookback"):
        nam_file.load(sequential(*[part] * 4))


def test_what_the_core_alone_refuses_names_the_file(tmp_path):
    """Which lets LSTMs settle while it loads them."""
    path = tmp_path / "slow.nam"
    path.write_text(json.dumps(lstm(8, 64, sample_rate=384_000)))
    words = r"slow\.nam: .*an LSTM of 8 layers of 64 units.* takes \d+ multiply-adds to settle"
    with pytest.raises(ModelError, match=words):
        Model.load(path)
