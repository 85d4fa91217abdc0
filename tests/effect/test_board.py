# SPDX-License-Identifier: MIT
"""`NeuralAmp` among pedalboard's own effects: wherever they go, whatever is done to them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pedalboard
import pytest
from pedalboard import Chain, Convolution, Delay, Gain, Mix, NoiseGate, Pedalboard, Reverb
from pedalboard.io import AudioFile
from playing import assert_same_bits, noise, random_model

from pedalboard_nam import NeuralAmp, render

RATE = 48000


@pytest.fixture(scope="module")
def dry():
    return 0.3 * noise(2, 20_000)


@pytest.fixture(scope="module")
def wet(model, dry):
    return render(model, dry, RATE)


def test_it_is_an_effect_of_pedalboards(amp):
    assert isinstance(amp, pedalboard.Plugin)
    assert isinstance(amp, pedalboard.VST3Plugin)
    assert amp.is_effect
    assert not amp.is_instrument


def test_alone(amp, dry, wet):
    assert_same_bits(amp(dry, RATE), wet)
    assert_same_bits(amp.process(dry, RATE), wet)


@pytest.mark.parametrize("container", [Pedalboard, Chain, lambda effects: Mix(effects)])
def test_in_a_container(amp, dry, wet, container):
    assert_same_bits(container([amp])(dry, RATE), wet)


def test_nested(amp, dry, wet):
    board = Pedalboard([Chain([Mix([Chain([amp])])])])
    assert_same_bits(board(dry, RATE), wet)


def test_a_mix_is_a_sum(model, dry, wet):
    board = Mix([NeuralAmp(model), NeuralAmp(model, output_gain_db=-50.0)])
    expected = wet + render(model, dry, RATE, output_gain_db=-50.0)
    np.testing.assert_allclose(board(dry, RATE), expected, rtol=0, atol=1e-6)


def test_one_after_the_other(model, dry, wet):
    board = Pedalboard([NeuralAmp(model), NeuralAmp(model, input_gain_db=-20.0)])
    assert_same_bits(board(dry, RATE), render(model, wet, RATE, input_gain_db=-20.0))


def test_among_others(model, dry):
    amp = NeuralAmp(model)
    before, after = [NoiseGate(-60), Gain(3.0)], [Delay(0.01), Reverb()]
    expected = Pedalboard(after)(render(model, Pedalboard(before)(dry, RATE), RATE), RATE)
    assert_same_bits(Pedalboard([*before, amp, *after])(dry, RATE), expected)


def test_before_a_cabinet(model, dry, tmp_path):
    impulse_response = noise(1, 500)
    with AudioFile(str(tmp_path / "cab.wav"), "w", RATE, 1, bit_depth=32) as file:
        file.write(impulse_response)
    cab = Convolution(str(tmp_path / "cab.wav"))
    expected = cab(render(model, dry, RATE), RATE)
    np.testing.assert_array_equal(Pedalboard([NeuralAmp(model), cab])(dry, RATE), expected)


def test_append_insert_assign_remove(amp, model, dry, wet):
    board = Pedalboard([])
    board.append(amp)
    assert board[0] is amp
    assert_same_bits(board(dry, RATE), wet)
    board.insert(0, Gain(0.0))
    assert_same_bits(board(dry, RATE), wet)
    other = NeuralAmp(model, output_gain_db=-6.0)
    board[1] = other
    assert_same_bits(board(dry, RATE), render(model, dry, RATE, output_gain_db=-6.0))
    board.remove(other)
    assert_same_bits(board(dry, RATE), dry)


def test_one_instance_cannot_play_twice_in_a_board(amp, dry):
    with pytest.raises(RuntimeError, match="same plugin instance"):
        Pedalboard([amp, amp])(dry, RATE)


@pytest.mark.parametrize("buffer_size", [1, 2, 15, 16, 17, 127, 512, 8192, 20_000, 65_536])
def test_no_buffer_size_changes_a_bit(amp, dry, wet, buffer_size):
    assert_same_bits(amp(dry, RATE, buffer_size=buffer_size), wet)


def test_buffer_sizes_that_grow_and_shrink(amp, dry, wet):
    for buffer_size in (64, 65_536, 1, 512, 7, 8192):
        assert_same_bits(amp(dry, RATE, buffer_size=buffer_size), wet)


@pytest.mark.parametrize("num_channels", range(1, 9))
def test_up_to_eight_channels(amp, num_channels):
    audio = 0.3 * noise(num_channels, 3000)
    assert_same_bits(amp(audio, RATE), render(random_model("lite"), audio, RATE))


def test_channels_that_change_between_calls(amp, model, dry, wet):
    for channels in (1, 2, 4, 2, 1):
        audio = np.tile(dry, (4, 1))[:channels]
        assert_same_bits(amp(audio, RATE), render(model, audio, RATE))
    assert_same_bits(amp(dry, RATE), wet)


def test_more_channels_are_refused_and_harm_nothing(amp, dry, wet):
    with pytest.raises(ValueError, match="does not support 9-channel output"):
        amp(noise(9, 1000), RATE)
    assert_same_bits(amp(dry, RATE), wet)


def test_shapes_and_types_are_pedalboards(amp, dry, wet):
    assert_same_bits(amp(dry[0], RATE), wet[0])
    assert_same_bits(np.ascontiguousarray(amp(dry.T, RATE).T), wet)
    assert_same_bits(amp(dry.astype(np.float64), RATE), wet)
    assert amp(dry[:, :0], RATE).size == 0
    with pytest.raises(TypeError, match="32-bit and 64-bit"):
        amp(dry.astype(np.int16), RATE)


def test_it_is_not_an_instrument(amp):
    with pytest.raises(ValueError, match="expects audio"):
        amp([], duration=1.0, sample_rate=RATE)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), 7999.0, 400_000.0])
def test_a_rate_without_meaning_is_silence(amp, dry, wet, rate):
    assert not amp(dry, rate).any()
    assert_same_bits(amp(dry, RATE), wet)


def test_the_past_is_forgotten_by_default(amp, dry, wet):
    for _ in range(3):
        assert_same_bits(amp(dry, RATE), wet)


def test_reset_false_goes_on(amp, dry, wet):
    # No stereo piece of 1 frame: pedalboard takes shape (2, 1) for two frames of mono.
    pieces = np.split(dry, [3, 64, 1000, 1003, 9000], axis=1)
    streamed = [amp(piece, RATE, reset=False) for piece in pieces]
    assert_same_bits(np.concatenate(streamed, axis=1), wet)


def test_reset_false_goes_on_frame_by_frame(amp, dry, wet):
    streamed = [amp(frame, RATE, reset=False) for frame in np.split(dry[0, :300], 300)]
    assert_same_bits(np.concatenate(streamed), wet[0, :300])


def test_reset_false_goes_on_from_a_first_chunk_that_resets(amp, dry, wet):
    amp(dry, RATE)
    pieces = np.split(dry, 20, axis=1)
    streamed = [amp(piece, RATE, reset=i == 0) for i, piece in enumerate(pieces)]
    assert_same_bits(np.concatenate(streamed, axis=1), wet)


@pytest.mark.parametrize("rate", [44100, 96000])
def test_a_fresh_stream_at_another_rate_is_compensated_by_pedalboard(model, dry, rate):
    amp = NeuralAmp(model)
    padded = np.pad(dry, [(0, 0), (0, 1000)])
    pieces = np.split(padded, 21, axis=1)
    for _ in range(2):
        streamed = np.concatenate([amp(piece, rate, reset=False) for piece in pieces], axis=1)
        assert_same_bits(streamed[:, : dry.shape[1]], render(model, dry, rate))
        amp.reset()


def test_another_rate_in_the_midst_starts_anew(amp, model, dry):
    amp(dry, 44100, reset=False)
    assert_same_bits(amp(dry, RATE, reset=False), render(model, dry, RATE))


def test_the_example_of_chunked_files(model, tmp_path, dry, wet):
    source, destination = str(tmp_path / "di.wav"), str(tmp_path / "wet.wav")
    with AudioFile(source, "w", RATE, 2, bit_depth=32) as file:
        file.write(dry)
    board = Pedalboard([NeuralAmp(model)])
    with (
        AudioFile(source) as f,
        AudioFile(destination, "w", f.samplerate, f.num_channels, bit_depth=32) as o,
    ):
        while f.tell() < f.frames:
            o.write(board(f.read(1000), f.samplerate, reset=False))
    with AudioFile(destination) as f:
        assert_same_bits(f.read(f.frames), wet)


def test_the_example_of_resampled_to(model, tmp_path, dry):
    source = str(tmp_path / "di.wav")
    with AudioFile(source, "w", 44100, 2, bit_depth=32) as file:
        file.write(dry)
    with AudioFile(source).resampled_to(RATE) as f:
        audio = f.read(f.frames)
    assert_same_bits(NeuralAmp(model)(audio, RATE), render(model, audio, RATE))


def test_the_example_of_two_amps_with_different_cabinets(model, dry):
    def cabinet(seed):
        return Convolution(0.1 * noise(400, seed=seed), sample_rate=RATE)

    board = Pedalboard(
        [Mix([Chain([NeuralAmp(model, size=s), cabinet(i)]) for i, s in enumerate(("lite", 1.0))])]
    )
    expected = sum(cabinet(i)(render(model, dry, RATE), RATE) for i in range(2))
    np.testing.assert_allclose(board(dry, RATE), expected, rtol=0, atol=1e-5)


def test_the_example_of_a_parameter_that_changes_every_few_frames(model, dry):
    amp = NeuralAmp(model)
    board = Pedalboard([amp])
    gains_db = np.linspace(-6.0, 6.0, 40)
    streamed = []
    for gain_db, piece in zip(gains_db, np.split(dry, 40, axis=1), strict=True):
        amp.output_gain_db = gain_db
        streamed.append(board(piece, RATE, reset=False))
    wet = render(model, dry, RATE)
    gains = np.repeat(10 ** (gains_db / 20), 500)
    settled = np.arange(20_000) % 500 >= 240  # the ramp is 5 ms long
    found = np.concatenate(streamed, axis=1)
    np.testing.assert_allclose(found[:, settled], (wet * gains)[:, settled], rtol=1e-5, atol=1e-7)


def test_it_plays_and_changes_on_any_thread(amp, model, dry):
    def work():
        amp.reset()
        amp.input_gain_db = -3.0
        amp.size = "lite"
        return amp(dry, RATE)

    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(work).result()
    assert_same_bits(found, render(model, dry, RATE, input_gain_db=-3.0, size="lite"))
    assert amp.input_gain_db == -3.0


def test_made_on_the_wrong_thread_it_says_what_to_do(amp, model):
    with (
        ThreadPoolExecutor(1) as pool,
        pytest.raises(RuntimeError, match="usually the main thread"),
    ):
        pool.submit(NeuralAmp, model).result()


def test_changes_while_it_plays_on_another_thread(model, dry):
    amp, other = NeuralAmp(model), random_model("lite", seed=1)
    audio = np.tile(dry, 20)
    stop = threading.Event()

    def play():
        while not stop.is_set():
            assert np.isfinite(amp(audio, RATE, reset=False, buffer_size=64)).all()

    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(play)
        for i in range(200):
            amp.model = other if i % 2 == 0 else model
            amp.output_gain_db = -float(i % 7)
        stop.set()
        playing.result()
    assert_same_bits(amp(dry, RATE), render(model, dry, RATE, output_gain_db=amp.output_gain_db))
