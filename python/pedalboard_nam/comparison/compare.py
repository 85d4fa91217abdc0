# SPDX-License-Identifier: MIT
"""How alike two recordings are: error, null, delay, polarity and level."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from ..audio.arrays import Audio, layout_of, to_planar
from ..audio.reader import StrPath, open_audio
from .alignment import align, aligned_blocks

Source = ArrayLike | StrPath


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How a recording differs from a reference; made by `compare`.

    Attributes
    ----------
    error_to_signal_ratio
        Sum of (a - b)^2 over sum of b^2, as they are: what the trainer calls ESR; 0 if equal.
    null_depth_db
        RMS of what is left of b when a is taken out, re b, in dB: with the delay, polarity and
        gain of a that leave least. 0 if they have nothing in common, -inf if they are the same.
    delay_frames
        How much later a is than b, in frames; not always a whole number.
    inverted
        Whether a is upside down.
    gain
        What a is multiplied with to leave least: negative if it is inverted.
    level_difference_db
        RMS of a re that of b, in dB; -inf if a is silent.
    num_channels, frames
        Size of either.
    sample_rate
        In Hz; None if it was not told.
    """

    error_to_signal_ratio: float
    null_depth_db: float
    delay_frames: float
    inverted: bool
    gain: float
    level_difference_db: float
    num_channels: int
    frames: int
    sample_rate: float | None
    a: Audio = field(repr=False)
    b: Audio = field(repr=False)

    @property
    def esr_db(self) -> float:
        """`error_to_signal_ratio` in dB: 10 log10 of it; -inf if equal."""
        return ratio_db(self.error_to_signal_ratio)

    def plot(self, path: StrPath, *, overwrite: bool = False) -> None:
        """Draw both recordings, what is left after alignment, and their spectra.

        Needs matplotlib: ``pip install "pedalboard-nam[plot]"``.

        Parameters
        ----------
        path
            The PNG file to make.
        overwrite
            Whether to replace a file of that name.

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        OSError
            If the file exists and is not to be replaced, or cannot be written.
        ValueError
            If the name does not end in .png.
        """
        from .picture import draw_comparison

        headline = (
            f"null {self.null_depth_db:.1f} dB   ESR {self.error_to_signal_ratio:.3g} "
            f"({self.esr_db:.1f} dB)   a: {self.level_difference_db:+.2f} dB, "
            f"{self.delay_frames:.2f} frames late" + (", inverted" * self.inverted)
        )
        blocks = list(aligned_blocks(self.a, self.b, self.delay_frames))
        early, reference = (np.concatenate(each, axis=1) for each in zip(*blocks, strict=True))
        draw_comparison(
            self.gain * early, reference, self.sample_rate, headline, path, overwrite=overwrite
        )


def compare(a: Source, b: Source, *, sample_rate: float | None = None) -> Comparison:
    """Compare a recording with a reference.

    Parameters
    ----------
    a
        The recording: an audio file, or an array of shape (frames,), (channels, frames) or (frames,
        channels), float32 or float64.
    b
        The reference: as long, of as many channels and at the same rate.
    sample_rate
        Of arrays, in Hz: nothing that is measured depends on it, but the plot's axes.

    Returns
    -------
    Comparison
        All channels together: one delay, polarity and gain for all of them. A delay is looked for
        up to a second (48,000 frames where the rate is unknown) and half the length. It holds both
        recordings, for the plot.

    Raises
    ------
    AudioFileError
        If a file is not audio.
    OSError
        If a file cannot be read.
    TypeError
        If an array is neither float32 nor float64.
    ValueError
        If lengths, channels or rates differ, either holds NaN or infinity, or the reference is
        silent.
    """
    audio_a, rate_a = _audio(a, "a", sample_rate)
    audio_b, rate_b = _audio(b, "b", sample_rate)
    name_a, name_b = _name(a, "a"), _name(b, "b")
    if rate_a is not None and rate_b is not None and rate_a != rate_b:
        raise ValueError(
            f"{name_a} is at {rate_a:g} Hz, {name_b} at {rate_b:g} Hz; resample one of them"
        )
    for what, found, expected in zip(
        ("channels", "frames"), audio_a.shape, audio_b.shape, strict=True
    ):
        if found != expected:
            raise ValueError(
                f"{name_a} has {found} {what}, {name_b} has {expected}; they must be alike"
            )
    energy_a = energy_b = error = 0.0
    for block_a, block_b in aligned_blocks(audio_a, audio_b, 0.0):
        energy_a += float(np.sum(block_a**2))
        energy_b += float(np.sum(block_b**2))
        error += float(np.sum((block_a - block_b) ** 2))
    if energy_b == 0.0:
        raise ValueError(f"{name_b}, the reference, is silent; there is nothing to compare with")
    rate = rate_a if rate_a is not None else rate_b
    frames = audio_b.shape[1]
    longest_delay = min(int(rate or 48_000), frames // 2)
    found = align(audio_a, audio_b, longest_delay)
    return Comparison(
        error_to_signal_ratio=error / energy_b,
        null_depth_db=ratio_db(found.residual_part),
        delay_frames=found.delay_frames,
        inverted=found.gain < 0.0,
        gain=found.gain,
        level_difference_db=ratio_db(energy_a / energy_b),
        num_channels=audio_b.shape[0],
        frames=frames,
        sample_rate=rate,
        a=audio_a,
        b=audio_b,
    )


def _audio(source: Source, name: str, sample_rate: float | None) -> tuple[Audio, float | None]:
    if isinstance(source, str | os.PathLike):
        with open_audio(source) as file:
            audio, rate = file.read_all(), file.sample_rate
    else:
        audio, rate = to_planar(source, layout_of(source)), sample_rate
    if audio.size == 0 or not np.isfinite(audio).all():
        raise ValueError(f"{_name(source, name)} is empty or holds NaN or infinity")
    return audio, rate


def _name(source: Source, name: str) -> str:
    return os.fspath(source) if isinstance(source, str | os.PathLike) else name


def ratio_db(power_ratio: float) -> float:
    return 10.0 * math.log10(power_ratio) if power_ratio > 0.0 else -math.inf
