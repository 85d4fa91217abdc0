# SPDX-License-Identifier: MIT
"""What an amp makes of sines of every frequency: their level, and that of their harmonics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..audio.arrays import Audio

_start_hz = 5.0
_highest_hz = 22_000.0
_sweep_s = 10.0
_longest_half_window_s = 0.1
_points = 400


@dataclass(frozen=True, slots=True)
class Harmonics:
    """What `measure_harmonics` found.

    Attributes
    ----------
    frequency_hz
        Of the sine that goes in, 20 Hz to 20 kHz; shape (frequencies,).
    input_dbfs
        Its peak in dB re full scale; shape (levels,).
    output_dbfs
        Peaks of its harmonics that come out, the sine itself first, in dB re full scale; shape
        (levels, harmonics, frequencies). NaN above half the sample rate.
    """

    frequency_hz: NDArray[np.float64]
    input_dbfs: NDArray[np.float64]
    output_dbfs: NDArray[np.float64]


def measure_harmonics(
    system: Callable[[Audio], Audio],
    sample_rate: float,
    *,
    input_dbfs: Sequence[float],
    harmonics: int = 5,
    rest_s: float = 0.3,
) -> Harmonics:
    """Play an exponential sweep of 10 s at every level, and take what comes out apart.

    Its deconvolution has the impulse response of each harmonic at a time of its own, one before the
    other: A. Farina, "Simultaneous measurement of impulse response and distortion with a
    swept-sine technique", AES 108 (2000). Sweep and inverse filter are those of A. Novak, P. Lotton
    and L. Simon, "Synchronized swept-sine: theory, application, and implementation", J. Audio Eng.
    Soc. 63 (2015).

    Parameters
    ----------
    system
        Plays audio of shape (levels, frames), each level a channel of its own, without delay.
    sample_rate
        In Hz.
    input_dbfs
        Peaks of the sweep in dB re full scale.
    harmonics
        How many to tell apart, the sine itself included; up to 8.
    rest_s
        Silence behind the sweep: as long as the system remembers, or longer.
    """
    end_hz = min(_highest_hz, 0.46 * sample_rate)
    log_ratio = np.log(end_hz / _start_hz)
    # With whole periods of the first frequency the sweep starts at 0, and so do its harmonics.
    rate_s = round(_start_hz * _sweep_s / log_ratio) / _start_hz
    time_s = np.arange(round(rate_s * log_ratio * sample_rate)) / sample_rate
    sweep = np.sin(2.0 * np.pi * _start_hz * rate_s * np.exp(time_s / rate_s))
    fade = round(0.01 * sample_rate)
    sweep[-fade:] *= 0.5 + 0.5 * np.cos(np.linspace(0.0, np.pi, fade))
    silence = np.zeros(round(rest_s * sample_rate))
    levels_dbfs = np.asarray(input_dbfs, np.float64)
    gains = 10.0 ** (levels_dbfs[:, np.newaxis] / 20.0)
    played = np.concatenate([sweep, silence]) * gains
    heard = system(played.astype(np.float32)).astype(np.float64)
    # What comes of silence, a constant, is no harmonic.
    responses = _deconvolved(heard - heard[:, -1:], sample_rate, rate_s)

    frequency_hz = np.geomspace(20.0, 20_000.0, _points)
    output_dbfs = np.full((len(gains), harmonics, _points), np.nan)
    for n in range(1, harmonics + 1):
        bins_hz, magnitude = _magnitude_of_harmonic(responses, n, sample_rate, rate_s)
        inside = n * frequency_hz < end_hz * 0.98
        for level, response in enumerate(magnitude):
            peak = np.interp(n * frequency_hz[inside], bins_hz, response)
            output_dbfs[level, n - 1, inside] = 20.0 * np.log10(np.maximum(peak, 1e-10))
    return Harmonics(frequency_hz, levels_dbfs, output_dbfs)


def _deconvolved(
    heard: NDArray[np.float64], sample_rate: float, rate_s: float
) -> NDArray[np.float64]:
    """Impulse responses, the sine's own at frame 0, those of the harmonics before it, cyclic."""
    # A second more, that neither wraps into the other; a power of two is 3 to 5 times as fast.
    frames = 1 << (heard.shape[1] + round(sample_rate) - 1).bit_length()
    frequency_hz = np.fft.rfftfreq(frames, 1.0 / sample_rate)
    f = np.maximum(frequency_hz, frequency_hz[1])
    phase = 2.0 * np.pi * f * rate_s * (1.0 - np.log(f / _start_hz)) - np.pi / 4.0
    inverse = 2.0 * np.sqrt(f / rate_s) * np.exp(-1j * phase)
    inverse[0] = 0.0
    return np.fft.irfft(np.fft.rfft(heard, frames) / sample_rate * inverse, frames)


def _magnitude_of_harmonic(
    responses: NDArray[np.float64], n: int, sample_rate: float, rate_s: float
) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """Frequencies in Hz, and the response at these of the nth harmonic at every level."""
    frames = responses.shape[1]
    to_next_s = rate_s * np.log((n + 1) / n)
    half = int(min(_longest_half_window_s, to_next_s / 2.0) * sample_rate)
    centre = -round(rate_s * np.log(n) * sample_rate)
    response = responses[:, np.arange(centre - half, centre + half) % frames]
    rise = half // 2
    slope = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, rise))
    window = np.concatenate([slope, np.ones(2 * (half - rise)), slope[::-1]])
    size = 1 << 17  # no window is longer, at up to 384 kHz
    magnitude: NDArray[np.float64] = np.abs(np.fft.rfft(response * window, size))
    return np.arange(size // 2 + 1) * sample_rate / size, list(magnitude)
