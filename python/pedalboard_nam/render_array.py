# SPDX-License-Identifier: MIT
"""The engine in one call: a whole array in, a whole array out, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from . import _core
from .audio_array import Audio, from_planar, layout_of, to_planar
from .model import Model, Size
from .settings import OutputMode, core_model, core_settings

# A part is warmed up on the frames before it, so short parts would mostly warm up.
_shortest_part_lookbacks = 8


def render(
    model: Model,
    audio: ArrayLike,
    sample_rate: float,
    *,
    threads: int | None = None,
    size: Size = "full",
    input_gain_db: float = 0.0,
    output_gain_db: float = 0.0,
    output_mode: OutputMode = "raw",
    target_loudness_db: float = -18.0,
    interface_level_dbu: float | None = None,
) -> Audio:
    """Run audio through an amp, from silence before it to its last frame.

    Long audio is cut into parts that run on several threads, each warmed up on what came before
    it; the output is the same to the bit for any number of threads, and the same as `Stream` gives.

    Parameters
    ----------
    model
        The amp.
    audio
        Shape (frames,), (channels, frames) or (frames, channels), as pedalboard takes it: the
        longer axis is frames. float32 or float64. Each channel is a signal of its own.
    sample_rate
        Rate of the audio in Hz, 8,000 to 384,000.
    threads
        Number of threads, 1 or more; all cores that this process may use if None.
    size, input_gain_db, output_gain_db, output_mode, target_loudness_db, interface_level_dbu
        As in `Stream`.

    Returns
    -------
    numpy.ndarray
        float32, of the same shape, without delay at any rate.

    Raises
    ------
    TypeError
        If the values are not float32 or float64.
    ValueError
        For a value or shape that is not accepted, as in `Stream`.
    """
    core = core_model(model)
    settings = core_settings(
        size, input_gain_db, output_gain_db, output_mode, target_loudness_db, interface_level_dbu
    )
    layout = layout_of(audio)
    dry = to_planar(audio, layout)

    def new_stream() -> _core.Stream:
        return _core.Stream(core, float(sample_rate), 1, settings)

    wet = render_span(new_stream, dry, 0, dry.shape[1], threads=threads)
    return from_planar(wet, audio, layout)


def render_span(
    new_stream: Callable[[], _core.Stream],
    dry: Audio,
    start: int,
    stop: int,
    *,
    first_frame: int = 0,
    threads: int | None = None,
) -> Audio:
    """Frames [start, stop) of what the streams make of `dry`, without their latency.

    `dry` has shape (channels, frames), and its first frame is frame `first_frame` of the signal. It
    should reach as far around the span as the streams hear.
    """
    threads = core_count() if threads is None else threads
    if threads < 1:
        raise ValueError(f"threads is {threads}; accepted are 1 and more")
    channels = len(dry)
    wet = np.empty((channels, stop - start), np.float32)
    part_frames = _part_frames(new_stream(), channels, stop - start, threads)
    parts = list(product(range(channels), range(start, stop, part_frames)))

    def render_part(part: tuple[int, int]) -> None:
        channel, begin = part
        end = min(begin + part_frames, stop)
        played = play_span(new_stream(), dry[channel], begin, end, first_frame)
        wet[channel, begin - start : end - start] = played

    if threads == 1 or len(parts) <= 1:
        for part in parts:
            render_part(part)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(render_part, parts))
    return wet


def play_span(stream: _core.Stream, dry: Audio, start: int, stop: int, first_frame: int) -> Audio:
    """What `render_span` does, of one channel and with one stream."""
    warm_start = max(0, start - lookback_of(stream))
    heard = dry[warm_start : stop + stream.latency]
    padded = np.zeros((1, stop + stream.latency - warm_start), np.float32)
    padded[0, : heard.size] = heard
    stream.reset(first_frame + warm_start)
    stream.process(padded, padded)
    return padded[0, start + stream.latency - warm_start :]


def _part_frames(stream: _core.Stream, channels: int, frames: int, threads: int) -> int:
    even = -(-frames * channels // threads)
    return max(even, _shortest_part_lookbacks * lookback_of(stream), 1)


def lookback_of(stream: _core.Stream) -> int:
    """Frames of past input that its output depends on, of a stream whose memory ends."""
    assert stream.lookback is not None
    return stream.lookback


def core_count() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
