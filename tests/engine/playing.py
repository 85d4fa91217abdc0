# SPDX-License-Identifier: MIT
"""What the engine's tests do again and again; `run_on` can send it all to another process."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

import nam_factory
import numpy as np

import pedalboard_nam
from pedalboard_nam import Model, Stream

RECEPTIVE_FIELD = 6347

# Around the lanes (16), the longest block that the kernels take at once (128), and far beyond.
BLOCK_FRAMES = (0, 1, 15, 16, 17, 127, 128, 129, 1000, 5000)

HOST_RATES = (
    8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 176400, 192000, 384000,
    44101, 37123,
)  # fmt: skip


@functools.cache
def random_nam(size: str = "full", seed: int = 0) -> dict[str, Any]:
    return {"lite": nam_factory.lite, "full": nam_factory.full}[size](seed)


@functools.cache
def random_model(size: str = "full", seed: int = 0) -> Model:
    return Model.load(random_nam(size, seed))


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    """Noise that swells and fades, quiet and beyond full scale."""
    frames = np.arange(shape[-1])
    swell = 0.6 * (1 + np.sin(frames / 700.0))
    random = np.random.default_rng(seed)
    return (random.uniform(-1.0, 1.0, shape) * swell).astype(np.float32)


def isa_in_use() -> str:
    return pedalboard_nam.isa()


def play(model: Model, audio: np.ndarray, *args: Any, **settings: Any) -> np.ndarray:
    """All of `audio` in one block through a fresh stream."""
    return Stream(model, *args, **settings).process(audio)


def play_in_blocks(
    model: Model, audio: np.ndarray, blocks: Iterable[int], *args: Any, **settings: Any
) -> np.ndarray:
    """`audio` through a fresh stream in blocks of these lengths, and the rest as the last block."""
    return process_in_blocks(Stream(model, *args, **settings), audio, blocks)


def process_in_blocks(stream: Stream, audio: np.ndarray, blocks: Iterable[int]) -> np.ndarray:
    pieces = np.split(audio, np.cumsum(list(blocks)), axis=-1)
    return np.concatenate([stream.process(piece) for piece in pieces], axis=-1)


def assert_same_bits(found: np.ndarray, expected: np.ndarray) -> None:
    assert found.dtype == expected.dtype == np.float32
    assert found.shape == expected.shape
    differs = np.flatnonzero(found.view(np.uint32) != expected.view(np.uint32))
    assert differs.size == 0, f"{differs.size} of {found.size} samples differ, first {differs[0]}"


def changed_frames(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Indices of the frames that differ in any bit."""
    return np.flatnonzero(found.view(np.uint32) != expected.view(np.uint32))


def error_db(found: np.ndarray, expected: np.ndarray) -> float:
    """RMS of the difference, relative to the RMS of what is expected."""
    error = np.linalg.norm(np.float64(found) - np.float64(expected))
    return 20 * np.log10(error / np.linalg.norm(np.float64(expected)) + 1e-20)
