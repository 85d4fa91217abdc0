# SPDX-License-Identifier: MIT
"""The demo amp as a `.nam` dict, and variants of it whose delay, polarity or level is known."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from pedalboard_nam import Model

HEAD_TAPS = 16

Nam = dict[str, Any]


@functools.cache
def _demo() -> Nam:
    return json.loads((files("pedalboard_nam") / "demo" / "amp.nam").read_text("utf-8"))


def demo_nam() -> Nam:
    """The amp in the package: lite and full, not inverted and without delay."""
    return copy.deepcopy(_demo())


def demo_or_a2(name: str, reference_dir: Path) -> Model:
    """By its name, "demo" or "A2", the amp in the package or the one of the reference renders."""
    return Model.load(demo_nam() if name == "demo" else reference_dir / "models" / "A2.nam")


def with_output_gain(nam: Nam, gain: float) -> Nam:
    """The same amp with its output multiplied, exactly; -1 inverts it."""

    def change(weights: np.ndarray, _channels: int) -> None:
        weights[-1] *= gain  # the last weight is head_scale

    return _with_weights(nam, change)


def with_head_tap(nam: Nam, delay_frames: int) -> Nam:
    """An amp whose head has one tap: late by exactly so many frames, up to 15, against 0."""

    def change(weights: np.ndarray, channels: int) -> None:
        head = weights[-2 - channels * HEAD_TAPS : -2].reshape(channels, HEAD_TAPS)
        tap = head.sum(axis=1)
        head[:] = 0.0
        head[:, HEAD_TAPS - 1 - delay_frames] = tap

    return _with_weights(nam, change)


def _with_weights(nam: Nam, change: Callable[[np.ndarray, int], None]) -> Nam:
    nam = copy.deepcopy(nam)
    for submodel in nam["config"]["submodels"]:
        network = submodel["model"]
        weights = np.array(network["weights"])
        change(weights, network["config"]["layers"][0]["channels"])
        network["weights"] = weights.tolist()
    return nam
