# SPDX-License-Identifier: MIT
"""All effects that pedalboard has of its own, on blocks: the same as in one call, or refused."""

from __future__ import annotations

import numpy as np
import pedalboard
import pytest
from numpy.typing import NDArray
from pedalboard import Convolution, GSMFullRateCompressor, Pedalboard, PitchShift, Plugin

from pedalboard_nam.automation.accepted_lanes import Automation
from pedalboard_nam.boards.board_stream import BoardStream
from pedalboard_nam.effect.effect_properties import built_in, properties

NOISE = 0.1 * np.random.default_rng(5).standard_normal((2, 45_000), np.float32)
KINDS = [kind for name in sorted(vars(pedalboard)) if (kind := built_in(name)) is not None]
OF_ONE_CALL = [GSMFullRateCompressor, PitchShift]
STREAMED = [kind for kind in KINDS if kind not in OF_ONE_CALL]


def make(kind: type[Plugin]) -> Plugin:
    return Convolution(0.1 * NOISE[0, :999], sample_rate=44_100) if kind is Convolution else kind()


def streamed(effect: Plugin, rate: float, automation: Automation) -> NDArray[np.float32]:
    with BoardStream(effect, rate, 2, automation) as stream:
        blocks = np.array_split(NOISE, [1, 4, 1_004, 33_000, 33_512], axis=1)
        return np.concatenate([*map(stream.process, blocks), *stream.finish()], axis=1)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("kind", STREAMED)
def test_blocks_give_what_one_call_gives(kind: type[Plugin], rate: float) -> None:
    expected = Pedalboard([make(kind)])(NOISE, rate)
    found = streamed(make(kind), rate, {})
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-7)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in STREAMED for name in properties(kind)]
)
def test_a_lane_that_stays_changes_nothing(kind: type[Plugin], name: str, rate: float) -> None:
    effect = make(kind)
    found = streamed(effect, rate, {effect: {name: [(0, getattr(effect, name))]}})
    expected = Pedalboard([make(kind)])(NOISE, rate)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-7)


@pytest.mark.parametrize("kind", OF_ONE_CALL)
def test_what_pedalboard_spoils_from_call_to_call_is_refused(kind: type[Plugin]) -> None:
    board = Pedalboard([make(kind)])
    whole = board(NOISE, 48_000)
    calls = [board(half, 48_000, reset=False) for half in np.array_split(NOISE, 2, axis=1)]
    wet = np.concatenate(calls, axis=1)
    assert not np.allclose(wet, whole[:, : wet.shape[1]], rtol=0, atol=0.01)
    with pytest.raises(ValueError, match=f"{kind.__name__} loses sound .* board.audio"):
        BoardStream(board, 48_000, 2)
