# SPDX-License-Identifier: MIT
"""What the tests of automation do again and again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np
import pedalboard
import pytest
from numpy.typing import NDArray
from pedalboard import Chain, Convolution, Delay, Gain, Mix, Pedalboard, Plugin, Reverb
from playing import random_model

from pedalboard_nam import Lane, NeuralAmp
from pedalboard_nam.automation.accepted_lanes import Automation
from pedalboard_nam.boards.board_stream import BoardStream

Audio = NDArray[np.float32]
RATE = 48_000
MODEL = random_model("lite")
NOISE = 0.1 * np.random.default_rng(5).standard_normal((2, 30_001), np.float32)
brickwall_limiter: Any = getattr(pedalboard, "BrickwallLimiter", None)
has_limiter = pytest.mark.skipif(brickwall_limiter is None, reason="an old pedalboard")


def play(
    board: Plugin,
    audio: Audio,
    automation: Automation,
    rate: float = RATE,
    cuts: Sequence[int] = (4096,),
) -> Audio:
    with BoardStream(board, rate, len(audio), automation) as stream:
        lengths = cycle(cuts)
        wet: list[Audio] = []
        while stream.taken < audio.shape[1]:
            wet.append(stream.process(audio[:, stream.taken : stream.taken + next(lengths)]))
        return np.concatenate([*wet, *stream.finish()], axis=1)


def ones(frames: int, num_channels: int = 1) -> Audio:
    return np.ones((num_channels, frames), np.float32)


def changes(audio: Audio) -> list[int]:
    """The frames that are not as the one before."""
    return (np.flatnonzero((np.diff(audio) != 0).any(axis=0)) + 1).tolist()


def seconds(frames: int, rate: float = RATE) -> NDArray[np.float64]:
    return np.arange(frames) / rate


def sweep(frames: int, rate: float = RATE) -> Audio:
    time_s = seconds(frames, rate)
    return np.sin(2 * np.pi * (300 + 500 * time_s) * time_s, dtype=np.float32)[np.newaxis] * 0.2


def gains(db: NDArray[np.float64]) -> NDArray[np.float64]:
    return 10.0 ** (db / 20.0)


def error_db(found: Audio, expected: NDArray[Any]) -> float:
    return 20 * math.log10(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def everything() -> tuple[Plugin, Automation]:
    amp, second, delay, reverb = NeuralAmp(MODEL), NeuralAmp(MODEL), Delay(0.05), Reverb()
    cab = Convolution(0.1 * NOISE[0, :999], sample_rate=RATE)
    board = Pedalboard([amp, Mix([Chain([second, delay]), Gain(-6)]), cab, reverb])
    return board, {
        amp: {"input_gain_db": [(0.1, 0), (0.3, 20)], "size": [(0, "full"), (0.2, "lite")]},
        delay: {"mix": lambda time_s: 0.5 + 0.5 * math.sin(40 * time_s)},
        second: {"output_gain_db": Lane.sampled(np.linspace(0, 12, 400), 1_000)},
        cab: {"mix": Lane([(0.2, 1), (0.4, 0)], "smooth")},
        reverb: {
            "wet_level": [(0.5, 0), (0.5, 0.3)],
            "room_size": Lane.sampled(np.linspace(0, 1, 2_000), 4_000),
        },
    }
