# SPDX-License-Identifier: MIT
"""The engine in one call: a whole array in, a whole array out, on all cores."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..audio.arrays import Audio, from_planar, layout_of, to_planar
from ..nam.model import Model
from ..settings import OutputMode, Settings, Size
from .long_signal import LongSignal


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
    settings = Settings.among(locals())
    layout = layout_of(audio)
    dry = to_planar(audio, layout)

    signal = LongSignal(model, sample_rate, len(dry), settings, threads)
    wet = signal.process(dry)
    late = signal.latency_frames
    if late:
        rest = signal.process(np.zeros((len(dry), late), np.float32))
        wet = np.concatenate([wet, rest], axis=1)[:, late:]
    return from_planar(wet, audio, layout)
