# SPDX-License-Identifier: MIT
"""What a stream remembers: how far back, and as bytes that can be compared and put back."""

from __future__ import annotations

import numpy as np
import pytest
from playing import HOST_RATES, assert_same_bits, noise, random_model

from pedalboard_nam import _core
from pedalboard_nam.nam.model import core_model
from pedalboard_nam.settings import Settings

LOOKBACK = 6346  # of an A2 network


def _stream(rate: float, channels: int = 2, size: str = "lite") -> _core.Stream:
    settings = Settings(input_gain_db=3.0).core()
    return _core.Stream(core_model(random_model(size)), rate, channels, settings)


def _play(stream: _core.Stream, dry: np.ndarray, *cuts: int) -> np.ndarray:
    wet = np.empty_like(dry)
    for begin, end in zip((0, *cuts), (*cuts, dry.shape[1]), strict=True):
        stream.process(dry[:, begin:end], wet[:, begin:end])
    return wet


def test_memory_at_the_models_rate_is_the_networks():
    stream = _stream(48000.0)
    assert (stream.lookback, stream.settle) == (LOOKBACK, LOOKBACK + 1)


@pytest.mark.parametrize("rate", HOST_RATES)
def test_memory_counts_frames_of_the_stream(rate):
    stream = _stream(rate)
    at_least = LOOKBACK * rate / 48000
    assert at_least <= stream.lookback <= stream.settle
    assert stream.settle < at_least + 600 * max(1.0, rate / 48000)


@pytest.mark.parametrize("rate", HOST_RATES)
@pytest.mark.parametrize("size", ["lite", "full"])
def test_a_state_put_back_goes_on_to_the_bit(rate, size):
    dry = noise(2, 12_000)
    first, second = _stream(rate, size=size), _stream(rate, size=size)
    _play(first, dry[:, :5000])
    state = first.state()
    expected = _play(first, dry[:, 5000:])
    _play(second, -dry, 1, 77)
    second.set_state(state)
    assert second.state() == state
    assert_same_bits(_play(second, dry[:, 5000:], 64, 100), expected)


@pytest.mark.parametrize("rate", HOST_RATES)
def test_a_state_depends_on_the_sound_alone(rate):
    dry = noise(2, 20_000)
    whole, cut, late = _stream(rate), _stream(rate), _stream(rate)
    _play(whole, dry)
    _play(cut, dry, 1, 2, 500, 8191)
    assert cut.state() == whole.state()
    start = max(0, dry.shape[1] - late.lookback)
    late.reset(start)
    _play(late, dry[:, start:])
    assert late.state() == whole.state()


def test_gains_on_their_way_are_part_of_a_state():
    dry = noise(2, 500)
    first, second = _stream(48000.0), _stream(48000.0)
    for stream in (first, second):
        stream.set_gains_db(-20.0, 0.0)
    _play(first, dry[:, :100])
    second.set_state(first.state())
    assert_same_bits(_play(second, dry[:, 100:]), _play(first, dry[:, 100:]))


@pytest.mark.parametrize("change", [-1, 1])
def test_a_state_of_another_length_is_refused(change):
    stream = _stream(48000.0)
    size = len(stream.state())
    with pytest.raises(ValueError, match=f"{size + change} bytes; this stream's has {size}"):
        stream.set_state(bytes(size + change))
