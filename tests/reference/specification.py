# SPDX-License-Identifier: MIT
"""The specification: what a `.nam` file sounds like, in float64 and without cleverness.

`nam` is the parsed file. Each architecture has a page of its own here, with its formula; this one
says how they are put together.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import container, slimmable
from .convnet import ConvNet
from .linear import Linear
from .lstm import Lstm
from .network import Network
from .sequential import Sequential
from .wavenet import WaveNet
from .weights import Weights

Nam = dict[str, Any]


def render(nam: Nam, x: np.ndarray, size: float = 1.0) -> np.ndarray:
    """The output for `x`: as many frames, without delay, after silence for ever.

    `x` is mono, [frame], or [channel, frame] for a model of several inputs. What comes out is mono
    if there is one output, else [channel, frame].
    """
    x = np.atleast_2d(np.asarray(x, np.float64))
    y = network(nam, rate_hz(nam) or 48_000.0, size).play(x, np.zeros(len(x)))
    return y[0] if len(y) == 1 else y


def rate_hz(nam: Nam) -> float | None:
    """The one rate of all models in a file that state one."""
    stated = [nam.get("sample_rate"), *map(rate_hz, _inside(nam["config"]))]
    return next((rate for rate in stated if rate is not None), None)


def network(nam: Nam, rate_hz: float, size: float = 1.0) -> Network:
    """The network of a file. A size chooses among its own: those inside it play at full size."""
    architecture, config, flat = nam["architecture"], nam["config"], nam["weights"]
    if architecture == "SlimmableContainer":
        return network(container.chosen(config, size), rate_hz)
    if architecture == "Sequential":
        return Sequential([network(model, rate_hz) for model in config["models"]])
    if architecture == "WaveNet":
        config, flat = slimmable.narrowed(config, flat, size)
    weights = Weights(flat)
    made = _of_weights(architecture, config, weights, rate_hz)
    weights.check_none_left()
    return made


def _of_weights(
    architecture: str, config: dict[str, Any], weights: Weights, rate_hz: float
) -> Network:
    if architecture == "WaveNet":
        condition = config.get("condition_dsp")
        return WaveNet(config, weights, condition and network(condition, rate_hz))
    if architecture == "LSTM":
        return Lstm(config, weights, rate_hz)
    if architecture == "ConvNet":
        return ConvNet(config, weights)
    if architecture == "Linear":
        return Linear(config, weights)
    raise ValueError(f"no network is called {architecture}")


def _inside(config: dict[str, Any]) -> list[Nam]:
    condition = config.get("condition_dsp")
    submodels = [entry["model"] for entry in config.get("submodels", [])]
    return [*submodels, *config.get("models", []), *([condition] if condition else [])]
