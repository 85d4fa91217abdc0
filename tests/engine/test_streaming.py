# SPDX-License-Identifier: MIT
"""Blocks and time: what a stream owes to its past, and that nothing depends on how it was cut."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playing import (
    BLOCK_FRAMES,
    RECEPTIVE_FIELD,
    assert_same_bits,
    changed_frames,
    noise,
    play,
    play_in_blocks,
    process_in_blocks,
    random_model,
)
from special_models import echo, echo_delays, whisper

import pedalboard_nam
from pedalboard_nam import Stream

partitions = st.lists(st.sampled_from(BLOCK_FRAMES), min_size=1, max_size=15)
growing = [1, 2, 15, 16, 17, 31, 33, 64, 100, 127, 128, 129, 1000, 5000]
shrinking = growing[::-1]

property_settings = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@functools.cache
def _audio() -> np.ndarray:
    return noise(16000)


@functools.cache
def _in_one_block(run_on, isa, size, sample_rate) -> np.ndarray:
    return run_on(isa, play, random_model(size), _audio(), sample_rate)


# --- Blocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["lite", "full"])
@property_settings
@given(blocks=partitions)
@example(blocks=growing)
@example(blocks=shrinking)
@example(blocks=[1] * 300)
def test_no_partition_into_blocks_changes_a_bit(run_on, isa, size, blocks):
    found = run_on(isa, play_in_blocks, random_model(size), _audio(), blocks)
    assert_same_bits(found, _in_one_block(run_on, isa, size, 48000))


@pytest.mark.parametrize("sample_rate", [44100, 96000, 22050, 11025, 37123])
@property_settings
@given(blocks=partitions)
@example(blocks=growing)
@example(blocks=shrinking)
@example(blocks=[1] * 300)
def test_no_partition_changes_a_bit_at_other_rates(run_on, sample_rate, blocks):
    isa = pedalboard_nam.isa()
    found = play_in_blocks(random_model("lite"), _audio(), blocks, sample_rate)
    assert_same_bits(found, _in_one_block(run_on, isa, "lite", sample_rate))


def test_a_block_of_no_frames_is_a_block(run_on):
    stream = Stream(random_model("lite"))
    assert stream.process(np.zeros(0, np.float32)).shape == (0,)


@pytest.mark.parametrize("size", ["lite", "full"])
@pytest.mark.parametrize("sample_rate", [48000, 44100, 96000, 37123])
def test_avx2_and_avx512_give_the_same_bits(run_on, size, sample_rate):
    if not {"avx2", "avx512"} <= set(pedalboard_nam.available_isas()):
        pytest.skip("this machine does not have both")
    assert_same_bits(
        _in_one_block(run_on, "avx2", size, sample_rate),
        _in_one_block(run_on, "avx512", size, sample_rate),
    )


# --- Past and future ------------------------------------------------------------------------------


def test_a_change_is_heard_at_once_and_for_a_receptive_field(run_on, isa):
    model = random_model("full")
    audio = _audio()
    for n in (0, 1, 777, 6400):
        other = audio.copy()
        other[n] += 0.5
        changed = changed_frames(
            run_on(isa, play, model, other), _in_one_block(run_on, isa, "full", 48000)
        )
        assert changed[0] == n
        assert changed[-1] < n + RECEPTIVE_FIELD


def test_the_receptive_field_is_6347_frames(run_on, isa):
    assert echo().receptive_field == RECEPTIVE_FIELD == 6347
    assert echo_delays()[-1] == RECEPTIVE_FIELD - 1
    for n in (0, 1, 777, 3000):
        impulse, echoes = np.zeros((2, 12000), np.float32)
        impulse[n] = 1.0
        echoes[n + echo_delays()] = 1.0
        assert_same_bits(run_on(isa, play, echo(), impulse), echoes)


@pytest.mark.parametrize("size", ["lite", "full"])
@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
def test_poison_is_gone_after_the_receptive_field(run_on, isa, size, poison):
    clean = _audio().copy()
    poisoned = clean.copy()
    clean[1016] = 0.0
    poisoned[1016] = poison  # the last frame of a block of 17, in the middle of a vector
    blocks = [999, 18] + [17] * 300
    found = run_on(isa, play_in_blocks, random_model(size), poisoned, blocks)
    expected = run_on(isa, play_in_blocks, random_model(size), clean, blocks)
    assert_same_bits(found[:1016], expected[:1016])
    assert not np.isfinite(found[1016])
    assert_same_bits(found[1016 + RECEPTIVE_FIELD :], expected[1016 + RECEPTIVE_FIELD :])


@pytest.mark.parametrize("sample_rate", [44100, 96000, 37123])
def test_poison_is_gone_at_other_rates_too(sample_rate):
    model = random_model("lite")
    clean = noise(30000)
    poisoned = clean.copy()
    clean[1000] = 0.0
    poisoned[1000] = np.nan
    stream = Stream(model, sample_rate)
    found, expected = stream.process(poisoned), play(model, clean, sample_rate)
    # Each resampler reaches as far ahead of a frame as behind it; latency is both together.
    reach = 2 * stream.latency + int(RECEPTIVE_FIELD * sample_rate / 48000) + 2
    assert np.isnan(found).any()
    assert_same_bits(found[:1000], expected[:1000])
    assert_same_bits(found[1000 + reach :], expected[1000 + reach :])


def test_poison_stays_in_its_audio_channel():
    audio = noise(2, 9000)
    audio[1, 500] = np.nan
    for sample_rate in (48000, 44100):
        found = play(random_model("lite"), audio, sample_rate)
        assert_same_bits(found[0], play(random_model("lite"), audio[0], sample_rate))


# --- Silence and reset ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["lite", "full"])
def test_prewarm_is_infinite_silence(run_on, isa, size):
    model, audio = random_model(size), noise(8000)
    past = np.concatenate([noise(1000), np.zeros(RECEPTIVE_FIELD - 1, np.float32)])
    after_silence = run_on(isa, play, model, np.concatenate([past, audio]))[len(past) :]
    assert_same_bits(run_on(isa, play, model, audio), after_silence)


@pytest.mark.parametrize("make_model", [random_model, whisper], ids=["random", "whisper"])
def test_silence_sounds_the_same_for_ever(run_on, isa, make_model):
    found = run_on(isa, play, make_model(), np.zeros(10000, np.float32))
    assert_same_bits(found, np.full_like(found, found[0]))


@pytest.mark.parametrize("sample_rate", [44100, 96000, 22050])
def test_resampled_silence_has_no_start(sample_rate):
    found = play(random_model("lite"), np.zeros(10000, np.float32), sample_rate)
    np.testing.assert_allclose(found, found[-1], rtol=0, atol=1e-6)


@pytest.mark.parametrize("sample_rate", [48000, 44100, 96000])
@pytest.mark.parametrize("poison", [0.9, np.nan])
def test_reset_forgets_everything(sample_rate, poison):
    stream = Stream(random_model("full"), sample_rate, input_gain_db=3.0)
    first = process_in_blocks(stream, noise(2, 9000), [100, *growing])
    stream.process(np.full((2, 1234), poison, np.float32))
    stream.reset()
    assert_same_bits(stream.process(noise(2, 9000)), first)


def test_reset_allows_another_number_of_audio_channels():
    stream = Stream(random_model("lite"))
    stream.process(noise(2, 100))
    with pytest.raises(ValueError, match="channels"):
        stream.process(noise(100))
    stream.reset()
    assert_same_bits(stream.process(noise(100)), play(random_model("lite"), noise(100)))


# --- Denormals ------------------------------------------------------------------------------------


def test_denormals_are_zero_inside_and_untouched_outside():
    tiny = np.full(1000, 1e-39, np.float32)
    stream = Stream(echo())
    assert_same_bits(stream.process(tiny), np.zeros(1000, np.float32))
    assert (tiny * np.float32(1.0))[0] != 0.0
