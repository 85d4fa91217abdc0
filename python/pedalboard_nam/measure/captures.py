# SPDX-License-Identifier: MIT
"""What a model's file may not say: its loudness, delay and polarity, measured by playing it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from ..audio.arrays import Audio, Layout, to_planar
from ..engine.render import render
from ..nam.model import Model, Size
from .loudness_signal import loudness_signal

# Steps from a soft to a hard stroke, up and down. An amp may sleep below the softest or fold the
# hardest over; it will not do both.
_steps = (0.05, -0.05, 0.15, -0.15, 0.5, -0.5)

# A step that a converter's linear-phase filter has band-limited swings 9 % the wrong way first, and
# a network that learnt a delay whispers before it, so the onset is past 15 % of the first swing.
_onset_part = 0.15
# The first swing is the largest value within this time of its onset (at 48 kHz, 1 ms): the tops of
# power supply and coupling capacitors come later and higher.
_swing_frames = 48
# And that large a part of all that follows.
_swing_part = 0.25
_same_onset_frames = 2


@dataclass(frozen=True, slots=True)
class CaptureDelay:
    """How late and which way round a model answers; made by `measure_delay`.

    Attributes
    ----------
    frames
        Frames, at the model's rate, from a step at the input to the onset of its answer. 0 to 2
        is a capture without delay: the trainer leaves a frame for safety, and amps round a step.
    inverted
        Whether a step up is answered by a swing down.
    confidence
        From 0 to 1: the part of the steps, of 3 heights and both signs, that agree on this (on
        `frames` within 2). Amps have 1, or 5/6 when driven very hard; where up and down are
        answered alike, as by an octave fuzz, polarity means nothing, and this is 0.5.
    """

    frames: int
    inverted: bool
    confidence: float


def measure_loudness(
    model: Model,
    *,
    size: Size = "full",
    signal: ArrayLike | None = None,
    sample_rate: float | None = None,
) -> float:
    """Measure how loud a model is: what its file states as loudness, for one that states none.

    Loudness is 20 log10 of the RMS of what the model makes of the trainer's standard input, a
    second of noise, from silence before it to its last frame. That input is not part of this
    package. It is replaced by noise of our own with the same octaves, offset and RMS, which comes
    within 0.1 dB of it on the reference's example (-26.46 dB for -26.38 dB full, -24.14 dB for
    -24.04 dB lite) and the demo amp (-19.54 dB for -19.51 dB, -19.94 dB for -19.92 dB), and within
    0.2 dB with 20 dB more or less at their inputs. Like the trainer's, it is played frame for frame
    at the model's rate, whatever that is.

    Parameters
    ----------
    model
        The amp.
    size
        Which of its sizes: ``"full"``, the last; ``"lite"``, the first; or a number from 0 to 1.
    signal
        Another input, mono, shape (frames,), float32 or float64: the trainer's own, for the number
        that it would state, or a guitar.
    sample_rate
        Rate of `signal` in Hz; the model's own if None.

    Returns
    -------
    float
        In dB re full scale RMS; -inf if the model is silent.

    Raises
    ------
    ValueError
        For a size or rate that is not accepted, for a signal that is not mono, empty or not finite,
        and for a `sample_rate` without a signal.
    """
    if signal is None:
        if sample_rate is not None:
            raise ValueError("sample_rate is that of signal, and there is none; give both")
        dry = loudness_signal()
    else:
        dry = to_planar(signal, Layout(1, False))[0]
        if dry.size == 0 or not np.isfinite(dry).all():
            raise ValueError("signal is empty or holds NaN or infinity; accepted is finite audio")
    rate = model.sample_rate if sample_rate is None else sample_rate
    wet = render(model, dry, rate, size=size)
    power = float(np.mean(np.square(wet, dtype=np.float64)))
    return 10.0 * math.log10(power) if power > 0.0 else -math.inf


def measure_delay(model: Model, *, size: Size = "full") -> CaptureDelay:
    """Measure a model's own delay and polarity, which its file does not say.

    Captures may answer late, by the latency of the interface that recorded them, and upside down.
    Here the model plays steps out of silence; where the answer to one first exceeds 15 % of its
    first swing is its onset, and which way it goes the polarity. The middle of six answers counts.

    Parameters
    ----------
    model
        The amp.
    size
        Which of its sizes: ``"full"``, the last; ``"lite"``, the first; or a number from 0 to 1.

    Returns
    -------
    CaptureDelay
        ``wet[delay.frames:]``, negated if inverted, lies on the dry signal.

    Raises
    ------
    ValueError
        For a size that is not accepted, and for a model that does not answer.
    """

    def play(dry: Audio) -> Audio:
        return render(model, dry, model.sample_rate, size=size, threads=1)

    try:
        return delay_of(play, model._memory_frames())
    except ValueError as error:
        raise ValueError(f"{model.name}: {error}") from None


def delay_of(play: Callable[[Audio], Audio], longest_frames: int) -> CaptureDelay:
    """`measure_delay` for anything that plays mono audio and is at rest before it.

    Raises
    ------
    ValueError
        If the answer to most steps is nothing, within `longest_frames`.
    """
    frames = longest_frames + _swing_frames

    def answer_to(step: float) -> NDArray[np.float64]:
        return play(np.full(frames, step, np.float32)).astype(np.float64)

    rest = answer_to(0.0)
    answers = [answer_to(step) - rest for step in _steps]
    onsets = [
        (_onset(np.abs(answer)), step, answer)
        for step, answer in zip(_steps, answers, strict=True)
        if np.any(answer)
    ]
    if len(onsets) <= len(_steps) // 2:
        raise ValueError("the model does not answer to steps at its input; is it silent?")
    heard = [(onset, bool(answer[onset] * step < 0.0)) for onset, step, answer in onsets]
    middle = sorted(onset for onset, _ in heard)[len(heard) // 2]
    inverted = sum(inverted for _, inverted in heard) > len(heard) / 2
    agreed = sum(
        abs(onset - middle) <= _same_onset_frames and way == inverted for onset, way in heard
    )
    return CaptureDelay(middle, inverted, agreed / len(_steps))


def _onset(answer: NDArray[np.float64]) -> int:
    """The first frame that belongs to the first swing of a step's answer, of absolute values."""
    swings = sliding_window_view(np.pad(answer, (0, _swing_frames - 1)), _swing_frames).max(axis=1)
    is_swing = (swings >= _swing_part * answer.max()) & (answer >= _onset_part * swings)
    return int(np.argmax(is_swing))
