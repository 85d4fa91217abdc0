# SPDX-License-Identifier: MIT
"""`render`: exact length, no delay, and the bits of one stream for any number of threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import HOST_RATES, assert_same_bits, noise, play, random_model
from special_models import echo, wire

from pedalboard_nam import Stream, render
from pedalboard_nam.engine import long_signal


@pytest.mark.parametrize("sample_rate", HOST_RATES)
def test_render_is_a_stream_without_its_latency(sample_rate):
    model, audio = random_model("lite"), noise(3001)
    latency = Stream(model, sample_rate).latency
    streamed = play(model, np.append(audio, np.zeros(latency, np.float32)), sample_rate)
    assert_same_bits(render(model, audio, sample_rate), streamed[latency:])


@pytest.mark.parametrize("sample_rate", HOST_RATES)
@pytest.mark.parametrize("frames", [0, 1, 2, 127, 1000])
def test_length_is_exact_at_any_rate(sample_rate, frames):
    found = render(wire(), np.ones(frames, np.float32), sample_rate)
    assert found.shape == (frames,)
    assert np.isfinite(found).all()


# A thread gets no less than eight lookbacks of 6,346 frames: below twice that, one thread does all.
PART = 8 * 6346


# In the echo, the oldest frame of the receptive field counts as much as any; in random models, what
# it adds is too small to change a bit.
@pytest.mark.parametrize("threads", [2, 3, 5])
@pytest.mark.parametrize(
    "frames", [PART - 1, PART, PART + 1, 2 * PART - 1, 2 * PART, 2 * PART + 1, 3 * PART + 7]
)
def test_no_number_of_threads_changes_a_bit(threads, frames):
    model, audio = echo(), np.abs(noise(frames))
    expected = render(model, audio, 48000, threads=1)
    assert_same_bits(render(model, audio, 48000, threads=threads), expected)


@settings(max_examples=10, deadline=None)
@given(frames=st.integers(2 * PART, 6 * PART), threads=st.integers(2, 9))
def test_no_length_and_number_of_threads_changes_a_bit(frames, threads):
    model, audio = random_model("lite"), noise(frames)
    assert_same_bits(render(model, audio, 48000, threads=threads), play(model, audio))


@pytest.mark.parametrize("sample_rate", [44100, 96000, 22050, 44101, 37123])
@pytest.mark.parametrize("threads", [2, 3, 5])
def test_no_number_of_threads_changes_a_bit_at_other_rates(sample_rate, threads):
    model, audio = echo(), np.abs(noise(330_001)) + np.float32(0.5)
    expected = render(model, audio, sample_rate, threads=1)
    assert_same_bits(render(model, audio, sample_rate, threads=threads), expected)


@pytest.mark.parametrize("model_rate", [47_999.999, 44_100.5])
def test_at_an_odd_rate_all_threads_play_too(model_rate, monkeypatch):
    model, audio = wire(sample_rate=model_rate), noise(4 * PART)
    expected = render(model, audio, 44_100, threads=1)
    parts: list[object] = []

    def play_noted(part):
        if part.dry.shape[1] > PART // 2:  # not the silence behind the end
            parts.append(part)
        play(part)

    play = long_signal._Part.play
    monkeypatch.setattr(long_signal._Part, "play", play_noted)
    assert_same_bits(render(model, audio, 44_100, threads=3), expected)
    assert len(parts) == 3


def test_threads_keep_audio_channels_apart():
    model, audio = random_model("lite"), noise(2, 2 * PART)
    found = render(model, audio, 48000, threads=3)
    for c in range(2):
        assert_same_bits(found[c], render(model, audio[c], 48000, threads=1))


def test_poison_spoils_no_part_but_its_own():
    model, audio = random_model("lite"), noise(3 * PART)
    audio[PART] = np.nan
    expected = render(model, audio, 48000, threads=1)
    found = render(model, audio, 48000, threads=3)
    assert_same_bits(np.nan_to_num(found), np.nan_to_num(expected))
    assert np.isfinite(found[PART + 6347 :]).all()


@pytest.mark.parametrize("threads", [0, -1])
def test_threads_are_one_or_more(threads):
    with pytest.raises(ValueError, match="threads"):
        render(wire(), noise(100), 48000, threads=threads)
