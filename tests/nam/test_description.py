# SPDX-License-Identifier: MIT
"""What models are called, whatever they are made of."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import lstm_factory
import nam_factory
import pytest
import sequential_factory

from pedalboard_nam import Model
from pedalboard_nam.nam.description import description, names


def _networks(template: str, *labels: str) -> list[Any]:
    return [SimpleNamespace(label=label, description=template.format(label)) for label in labels]


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (nam_factory.container(), "A2 full + lite"),
        (nam_factory.full(), "A2 full"),
        (lstm_factory.lstm(2, 5), "LSTM 2x5"),
        (
            nam_factory.wrap([(0.5, lstm_factory.lstm(1, 3)), (1.0, lstm_factory.lstm(2, 3))]),
            "LSTM 2x3 + 1x3",
        ),
        (
            nam_factory.wrap([(0.5, nam_factory.lite()), (1.0, lstm_factory.lstm(2, 3))]),
            "LSTM 2x3 + A2 lite",
        ),
        (sequential_factory.sequential(*[lstm_factory.lstm(1, 3)] * 6), "6 x LSTM 1x3"),
        (nam_factory.wrap([(i / 4, nam_factory.lite(i)) for i in range(1, 5)]), "A2 lite, in 4"),
    ],
)
def test_models_of_this_build(tree, words):
    assert Model.load(tree).description.startswith(words)


@pytest.mark.parametrize(
    ("networks", "words"),
    [
        (
            _networks("A1 standard WaveNet, {} channels", "16/8"),
            "A1 standard WaveNet, 16/8 channels",
        ),
        (_networks("WaveNet, {} channels", "4", "8"), "WaveNet, 8 + 4 channels"),
        (
            _networks("WaveNet, {} channels", *map(str, range(1, 9))),
            "WaveNet, 8 channels, in 8 sizes (1 to 8 channels)",
        ),
        (
            _networks("A1 nano WaveNet, {} channels", "4/2") + _networks("LSTM {}", "1x8"),
            "LSTM 1x8 + A1 nano WaveNet, 4/2 channels",
        ),
        (
            _networks("LSTM {}", "1x4", "1x8", "1x16") + _networks("A2 {}", "full"),
            "A2 full + 3 others",
        ),
    ],
)
def test_any_sizes(networks, words):
    assert description(networks) == words


def test_a_long_row_is_told_in_short():
    a, b = lstm_factory.lstm(1, 3), lstm_factory.lstm(2, 3)
    model = Model.load(sequential_factory.sequential(*[a, a, b] * 20))
    assert model.description == "2 x LSTM 1x3 -> LSTM 2x3 -> 56 more -> LSTM 2x3"
    assert model.sizes[0].name == "2 x 1x3 -> 2x3 -> 56 more -> 2x3"


def test_sizes_of_several_kinds_are_named_in_full():
    assert names([("4", "WaveNet, 4 channels"), ("8", "WaveNet, 8 channels")]) == ["4", "8"]
    assert names([("lite", "A2 lite"), ("2x3", "LSTM 2x3")]) == ["A2 lite", "LSTM 2x3"]
    assert names([("2 x 1x3", "2 x LSTM 1x3")]) == ["2 x 1x3"]
