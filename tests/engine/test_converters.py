# SPDX-License-Identifier: MIT
"""A stream at another rate is a stream at the model's, between the two halves of the resampling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playing import BLOCK_FRAMES, HOST_RATES, assert_same_bits, noise, random_model
from special_models import echo

from pedalboard_nam import _core
from pedalboard_nam.nam.model import core_model
from pedalboard_nam.settings import Settings

ODD_RATES = (44100.5, 47999.999, 48000.0)

property_settings = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _settings(size="lite", input_gain_db=0.0, output_gain_db=0.0) -> _core.Settings:
    return Settings(size=size, input_gain_db=input_gain_db, output_gain_db=output_gain_db).core()


def _stream(rate, channels=1, size="lite", input_gain_db=0.0, output_gain_db=0.0) -> _core.Stream:
    model = core_model(random_model(size))
    return _core.Stream(model, rate, channels, _settings(size, input_gain_db, output_gain_db))


class _ByHand:
    """The same from its three parts."""

    def __init__(self, rate, channels, *settings) -> None:
        self.inner = _stream(48000.0, channels, *settings)
        self.to_model = _core.ToModelRate(rate, 48000.0, channels)
        self.from_model = _core.FromModelRate(rate, 48000.0, channels, self.inner.silence)

    def process(self, dry: np.ndarray) -> np.ndarray:
        audio = self.to_model.process(dry)
        self.inner.process(audio, audio)
        return self.from_model.process(audio, dry.shape[1])

    def reset(self) -> None:
        self.to_model.reset()
        self.inner.reset()
        self.from_model.reset()


def _process(stream: _core.Stream, dry: np.ndarray) -> np.ndarray:
    wet = np.empty_like(dry)
    stream.process(dry, wet)
    return wet


def _blocks(audio: np.ndarray, partition: list[int]) -> list[np.ndarray]:
    return np.split(audio, np.cumsum(partition), axis=1)


@property_settings
@given(
    rate=st.sampled_from(HOST_RATES + ODD_RATES).map(float),
    size=st.sampled_from(["lite", "full"]),
    gains=st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
    channels=st.integers(1, 3),
    partition=st.lists(st.sampled_from(BLOCK_FRAMES), max_size=6),
)
@example(rate=44100.0, size="lite", gains=(0.0, 0.0), channels=1, partition=[])
@example(rate=384000.0, size="lite", gains=(6.0, -6.0), channels=2, partition=[1] * 200)
@example(rate=8000.0, size="lite", gains=(6.0, -6.0), channels=2, partition=[1] * 200)
def test_the_three_parts_give_the_bits_of_the_whole(rate, size, gains, channels, partition):
    dry = noise(channels, 2000)
    expected = _process(_stream(rate, channels, size, *gains), dry)
    by_hand = _ByHand(rate, channels, size, *gains)
    for _ in ("fresh", "reset"):
        found = [by_hand.process(block) for block in _blocks(dry, partition)]
        assert_same_bits(np.concatenate(found, axis=1), expected)
        by_hand.reset()


@pytest.mark.parametrize("rate", [44100.0, 48000.0, 96000.0])
def test_a_change_of_gain_falls_on_the_same_frames(rate):
    whole, by_hand = _stream(rate), _ByHand(rate, 1)
    for gains, block in zip(
        [(0, 0), (6, -6), (-50, 3), (12, 12)],
        _blocks(noise(1, 3000), [700, 77, 1000]),
        strict=True,
    ):
        whole.set_gains_db(*gains)
        by_hand.inner.set_gains_db(*gains)
        assert_same_bits(by_hand.process(block), _process(whole, block))


@property_settings
@given(
    rate=st.sampled_from(HOST_RATES + ODD_RATES).map(float),
    start=st.integers(0, 20_000),
    partition=st.lists(st.sampled_from(BLOCK_FRAMES), max_size=3),
)
@example(rate=47999.999, start=19_999, partition=[])
@example(rate=44101.0, start=1, partition=[])
@example(rate=384000.0, start=20_000, partition=[1] * 100)
def test_a_stream_may_start_at_any_frame(rate, start, partition):
    model = core_model(echo(sample_rate=44100.5))
    stream = _core.Stream(model, rate, 1, _settings(output_gain_db=6.0))
    dry = np.abs(noise(1, start + stream.lookback + 1000)) + np.float32(0.5)
    expected = _process(stream, dry)
    stream.reset(start)
    found = [_process(stream, block) for block in _blocks(dry[:, start:], partition)]
    wanted = start + stream.lookback
    assert_same_bits(np.concatenate(found, axis=1)[:, stream.lookback :], expected[:, wanted:])


@pytest.mark.parametrize(("rate", "period"), [(44100.0, 147), (37123.0, 37123), (384000.0, 8)])
@pytest.mark.parametrize("periods", [1, 10**9, 10**12, -(10**9)])
def test_positions_are_exact_after_ages(rate, period, periods):
    stream, dry = _stream(rate), noise(1, 3000)
    stream.reset(5)
    expected = _process(stream, dry)
    stream.reset(5 + periods * period)
    assert_same_bits(_process(stream, dry), expected)


@pytest.mark.parametrize("rate", HOST_RATES)
def test_latency_is_that_of_the_stream(rate):
    assert _core.FromModelRate(rate, 48000.0, 1, 0.0).latency == _stream(rate).latency


def test_at_equal_rates_both_are_wires():
    audio = noise(2, 1000)
    assert_same_bits(_core.ToModelRate(48000.0, 48000.0, 2).process(audio), audio)
    from_model = _core.FromModelRate(48000.0, 48000.0, 2, 0.5)
    assert_same_bits(from_model.process(audio, 1000), audio)
    assert from_model.latency == 0


def test_silence_is_what_silence_becomes():
    stream = _stream(48000.0, output_gain_db=-6.0)
    wet = _process(stream, np.zeros((1, 10), np.float32))
    assert_same_bits(wet, np.full_like(wet, stream.silence))
    stream.set_gains_db(0.0, 20.0)
    stream.reset()
    assert_same_bits(_process(stream, np.zeros((1, 1), np.float32)), np.float32([[stream.silence]]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: _core.ToModelRate(7999.0, 48000.0, 1), "7999 Hz; accepted are 8000 to 384000"),
        (lambda: _core.ToModelRate(48000.0, 1e6, 1), "1000000 Hz; accepted are 8000 to 384000"),
        (lambda: _core.FromModelRate(48000.0, np.nan, 1, 0.0), "nan Hz; accepted are"),
        (lambda: _core.ToModelRate(48000.0, 48000.0, 0), "num_channels is 0; accepted are 1 to 64"),
        (
            lambda: _core.ToModelRate(48000.0, 44100.0, 2).process(noise(1, 10)),
            "shape .channels, frames., with 2 channels",
        ),
        (
            lambda: _core.FromModelRate(96000.0, 48000.0, 1, 0.0).process(noise(1, 10), 10),
            "input has 10 frames; 10 frames at the host's rate take 5 at the model's",
        ),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
