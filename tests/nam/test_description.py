# SPDX-License-Identifier: MIT
"""What models are called, whatever they are made of."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import lstm_factory
import nam_factory
import pytest

from pedalboard_nam import Model
from pedalboard_nam.nam.description import description


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
            "A2 full, in 4 sizes",
        ),
    ],
)
def test_any_sizes(networks, words):
    assert description(networks) == words
