# SPDX-License-Identifier: MIT
"""`Stream.process(out=)`, and the short way that usual blocks take: the same bits as any other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from playing import assert_same_bits, noise, random_model
from special_models import wire

from pedalboard_nam import Stream

BLOCKS = (64, 0, 1, 16, 129, 500, 3)
FRAMES = sum(BLOCKS)


def _pieces(audio: np.ndarray) -> list[np.ndarray]:
    return np.split(audio, np.cumsum(BLOCKS)[:-1], axis=-1)


def _slowly(audio: np.ndarray, **options) -> np.ndarray:
    """By the way that is there for all kinds of arrays."""
    stream = Stream(random_model("lite"), **options)
    return np.concatenate([stream._process_any(p, None) for p in _pieces(audio)], axis=-1)


def _contiguous(piece: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(piece)


@pytest.fixture
def stream():
    return Stream(random_model("lite"))


@pytest.mark.parametrize("shape", [(FRAMES,), (1, FRAMES), (2, FRAMES), (8, FRAMES)])
@pytest.mark.parametrize("rate", [48000, 44100])
def test_both_ways_give_the_same_bits(shape, rate):
    audio, stream = noise(*shape), Stream(random_model("lite"), rate)
    found = [stream.process(_contiguous(piece)) for piece in _pieces(audio)]
    assert_same_bits(np.concatenate(found, axis=-1), _slowly(audio, sample_rate=rate))


@pytest.mark.parametrize("shape", [(FRAMES,), (1, FRAMES), (2, FRAMES)])
@pytest.mark.parametrize("in_place", [False, True])
def test_output_goes_where_it_is_wanted(stream, shape, in_place):
    audio, found = noise(*shape), []
    for piece in _pieces(audio):
        block = _contiguous(piece).copy()
        out = block if in_place else np.full_like(block, np.nan)
        assert stream.process(block, out=out) is out
        if not in_place:
            assert_same_bits(block, _contiguous(piece))
        found.append(out)
    assert_same_bits(np.concatenate(found, axis=-1), _slowly(audio))


def test_a_block_may_be_in_place_of_another_view(stream):
    audio = noise(2, 300)
    expected, memory = stream.process(audio), audio.copy()
    stream.reset()
    stream.process(noise(2, 10))
    stream._core.reset()  # the layout stays known
    assert stream.process(memory[:], out=memory) is memory
    assert_same_bits(memory, expected)


@pytest.mark.parametrize("shift", [-7, 1, 64])
@pytest.mark.parametrize("rows", [1, 2])
def test_an_output_that_overlaps_its_block_is_right(stream, shift, rows):
    stream.process(noise(rows, 10))
    memory = noise(rows * 1000).copy()
    block = memory[100 : 100 + rows * 400].reshape(rows, 400)
    out = memory[100 + shift : 100 + shift + rows * 400].reshape(rows, 400)
    other = Stream(random_model("lite"))
    other.process(noise(rows, 10))
    expected = other.process(block.copy())
    assert stream.process(block, out=out) is out
    assert_same_bits(out, expected)


class _Array(np.ndarray):
    """Somebody's own."""


KINDS = {
    "float64": lambda audio: audio.astype(np.float64),
    "of the other byte order": lambda audio: audio.astype(">f4"),
    "with gaps": lambda audio: np.repeat(audio, 2, axis=-1)[..., ::2],
    "interleaved": lambda audio: np.asfortranarray(audio),
    "a subclass": lambda audio: audio.view(_Array),
    "a list": lambda audio: audio.astype(np.float64).tolist(),
    "read-only": lambda audio: np.frombuffer(audio.tobytes(), np.float32).reshape(audio.shape),
    "not aligned": lambda audio: np.frombuffer(
        b"x" + audio.tobytes(), np.uint8
    )[1:].view(np.float32).reshape(audio.shape),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(500,), (2, 500)])
def test_blocks_of_any_kind_give_the_same_bits(stream, kind, shape):
    stream.process(noise(*shape))
    audio = noise(*shape, seed=1)
    block, out = KINDS[kind](audio), np.empty(shape, np.float32)
    other = Stream(random_model("lite"))
    other.process(noise(*shape))
    expected = other.process(audio)
    assert stream.process(block, out=out) is out
    assert type(stream.process(block)) is np.ndarray
    assert_same_bits(out, expected)


def test_interleaved_streams_take_an_output_too():
    audio = np.ascontiguousarray(noise(2, 1000).T)
    stream, other, out = Stream(wire()), Stream(wire()), np.empty((1000, 2), np.float32)
    for _ in range(2):
        assert stream.process(audio, out=out) is out
        assert_same_bits(out, np.ascontiguousarray(other.process(audio)))


def _read_only(shape):
    array = np.zeros(shape, np.float32)
    array.flags.writeable = False
    return array


REFUSED = {
    "a list": (TypeError, "out is a list", lambda shape: np.zeros(shape).tolist()),
    "float64": (TypeError, "out has dtype float64", np.zeros),
    "the other byte order": (TypeError, "out has dtype >f4", lambda shape: np.zeros(shape, ">f4")),
    "shorter": (
        ValueError,
        "out has shape",
        lambda shape: np.zeros((*shape[:-1], shape[-1] - 1), np.float32),
    ),
    "another number of axes": (
        ValueError,
        "out has shape",
        lambda shape: np.zeros((1, *shape), np.float32),
    ),
    "with gaps": (
        ValueError,
        "out is not C-contiguous",
        lambda shape: np.zeros((*shape[:-1], 2 * shape[-1]), np.float32)[..., ::2],
    ),
    "read-only": (ValueError, "out is read-only", _read_only),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("shape", [(300,), (2, 300)])
@pytest.mark.parametrize("is_first", [True, False])
def test_an_output_that_is_none_is_refused_and_changes_nothing(stream, what, shape, is_first):
    error, reason, make = REFUSED[what]
    audio, other = noise(*shape), Stream(random_model("lite"))
    if not is_first:
        stream.process(audio)
        other.process(audio)
    with pytest.raises(error, match=reason):
        stream.process(audio, out=make(shape))
    assert_same_bits(stream.process(audio), other.process(audio))


def test_a_block_that_is_none_is_refused_with_an_output_too(stream):
    stream.process(noise(2, 10))
    out = np.zeros((3, 10), np.float32)
    with pytest.raises(ValueError, match=r"expected 2 channels, \(2, frames\)"):
        stream.process(noise(3, 10), out=out)
    assert not out.any()


def test_usual_blocks_take_the_short_way(stream):
    for audio in (noise(64), noise(1, 64)):
        assert stream._core.process_block(audio, None) is not None
    for audio in (noise(2, 64), noise(64).astype(np.float64), noise(128)[::2], noise(64).tolist()):
        assert stream._core.process_block(audio, None) is None


def test_threads_that_share_a_stream_and_an_array_do_no_harm(stream):
    stream.process(noise(64))
    out = np.empty(64, np.float32)

    def play_a_lot() -> None:
        for _ in range(1000):
            stream.process(out, out=out)
            assert stream.process(noise(64), out=np.empty(64, np.float32)).shape == (64,)

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(play_a_lot) for _ in range(4)]:
            future.result()
