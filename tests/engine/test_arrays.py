# SPDX-License-Identifier: MIT
"""Shapes and types of arrays: what is taken, what comes back, what is refused."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from playing import assert_same_bits, noise, play, random_model
from special_models import wire

from pedalboard_nam import Stream, render


def _doors(model, sample_rate=48000):
    return {
        "stream": lambda audio: Stream(model, sample_rate).process(audio),
        "render": lambda audio: render(model, audio, sample_rate),
    }


@pytest.fixture(params=["stream", "render"])
def run(request):
    """Audio through a fresh stream, or through `render`, of one and the same model."""
    return _doors(random_model("lite"))[request.param]


@pytest.mark.parametrize("sample_rate", [48000, 44100])
@pytest.mark.parametrize("door", ["stream", "render"])
@pytest.mark.parametrize("num_channels", [1, 2, 3, 7])
def test_every_audio_channel_is_a_mono_signal(door, sample_rate, num_channels):
    run = _doors(random_model("lite"), sample_rate)[door]
    audio = noise(num_channels, 2000)
    found = run(audio)
    assert found.shape == audio.shape
    for c in range(num_channels):
        assert_same_bits(found[c], run(audio[c]))


def test_float64_is_taken_and_float32_given(run):
    audio = noise(1000).astype(np.float64)
    assert_same_bits(run(audio), run(audio.astype(np.float32)))


@pytest.mark.parametrize(
    "view",
    [
        lambda audio: audio[:, ::2],
        lambda audio: audio[:, ::-1],
        lambda audio: audio[::-1],
        lambda audio: np.asfortranarray(audio),
        lambda audio: np.broadcast_to(audio[0], (2, audio.shape[1])),
    ],
    ids=["strided", "reversed", "swapped", "fortran", "broadcast"],
)
def test_any_memory_order_is_taken(run, view):
    audio = view(noise(2, 1000))
    assert_same_bits(run(audio), run(audio.copy(order="C")))


def test_input_stays_as_it_was(run):
    audio = noise(2, 1000)
    before = audio.copy()
    audio.flags.writeable = False
    run(audio)
    assert_same_bits(audio, before)


def test_interleaved_audio_keeps_its_shape():
    audio = noise(2, 1000)
    found = render(random_model("lite"), np.ascontiguousarray(audio.T), 48000)
    assert found.shape == (1000, 2)
    assert_same_bits(np.ascontiguousarray(found.T), render(random_model("lite"), audio, 48000))


@pytest.mark.parametrize("shape", [(9, 9), (2, 1000, 1), (1, 1, 1000), (0, 100), ()])
def test_ambiguous_and_other_shapes_are_refused(run, shape):
    with pytest.raises(ValueError, match="shape"):
        run(np.zeros(shape, np.float32))


@pytest.mark.parametrize("shape", [(0,), (1, 0), (2, 0)])
def test_what_is_read_at_the_end_of_a_file_is_no_frames(run, shape):
    assert run(np.zeros(shape, np.float32)).shape == shape


@pytest.mark.parametrize("shape", [(1, 1), (2, 2)])
def test_render_refuses_a_square_because_either_axis_may_be_frames(shape):
    with pytest.raises(ValueError, match="shape"):
        render(wire(), np.zeros(shape, np.float32), 48000)


@pytest.mark.parametrize(
    "dtype", [np.int16, np.int32, np.uint8, np.bool_, np.complex64, np.float16, object]
)
def test_only_floats_are_audio(run, dtype):
    with pytest.raises(TypeError, match="float32"):
        run(np.zeros(100, dtype))


def test_a_stream_takes_stereo_blocks_of_any_length():
    audio = noise(2, 1000)
    stream = Stream(random_model("lite"))
    pieces = np.split(audio, [100, 100, 101, 103, 106], axis=1)
    found = np.concatenate([stream.process(piece) for piece in pieces], axis=1)
    assert_same_bits(found, play(random_model("lite"), audio))


def test_a_stream_keeps_to_the_layout_of_its_first_block():
    audio = np.ascontiguousarray(noise(2, 1000).T)
    stream = Stream(random_model("lite"))
    pieces = np.split(audio, [100, 100, 101, 103, 106])
    found = np.concatenate([stream.process(piece) for piece in pieces])
    assert_same_bits(found, render(random_model("lite"), audio, 48000))


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_a_stream_may_start_with_a_short_stereo_block(frames):
    stream = Stream(wire())
    assert stream.process(np.zeros((2, frames), np.float32)).shape == (2, frames)
    assert stream.process(np.zeros((2, 100), np.float32)).shape == (2, 100)


def test_a_path_is_no_model():
    for use in (lambda: Stream("amp.nam"), lambda: render("amp.nam", noise(100), 48000)):
        with pytest.raises(TypeError, match=r"Model\.load"):
            use()


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_stream_is_not_duplicated(duplicate):
    with pytest.raises(TypeError, match="not copied or pickled"):
        duplicate(Stream(wire()))
