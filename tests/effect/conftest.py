# SPDX-License-Identifier: MIT
"""An amp, fresh for every test."""

from __future__ import annotations

import pytest
from playing import random_model

from pedalboard_nam import Model, NeuralAmp


@pytest.fixture(scope="module")
def model() -> Model:
    return random_model("lite")


@pytest.fixture
def amp(model: Model) -> NeuralAmp:
    return NeuralAmp(model)
