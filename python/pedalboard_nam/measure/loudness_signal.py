# SPDX-License-Identifier: MIT
"""The signal that loudness is measured with: one second of noise like the trainer's own."""

from __future__ import annotations

import functools

import numpy as np

from ..audio.arrays import Audio

_frames = 48_000  # one second at 48 kHz: so a bin of the spectrum is 1 Hz wide

# What was measured on the trainer's standard input, which is close to pink noise. The power in the
# octaves from 1 Hz, 2 Hz, ... 16,384 Hz up (the last ends at 24 kHz), in dB re all of them: what is
# below 60 Hz drives an amp as any other, and pink noise alone is up to 1.2 dB off.
_octave_powers_db = (
    -28.5, -13.6, -10.4, -10.4, -12.0, -10.7, -11.5, -11.3,
    -11.3, -10.9, -11.3, -11.2, -11.6, -11.9, -14.1,
)  # fmt: skip
_offset = -0.0397
_rms_dbfs = -14.968


@functools.cache
def loudness_signal() -> Audio:
    """One second of noise, mono, at 48 kHz; the same on every machine but for rounding.

    Its octaves, offset and RMS are those of the input that Neural Amp Modeler's trainer measures
    loudness with; every frame is our own.

    Returns
    -------
    numpy.ndarray
        Shape (48000,), float32, read-only. RMS -14.968 dBFS, peak 0.74.
    """
    # Raw bits, because numpy may change what it makes of them.
    phases = np.random.PCG64(0).random_raw(_frames // 2 + 1) * (2.0 * np.pi / 2.0**64)
    hz = np.arange(_frames // 2 + 1)
    pink = np.sqrt(1.0 / np.maximum(hz, 1))
    for octave, power_db in enumerate(_octave_powers_db):
        inside = (hz >= 2**octave) & (hz < 2 ** (octave + 1))
        pink[inside] *= np.sqrt(10.0 ** (power_db / 10.0) / np.sum(pink[inside] ** 2))
    pink[0] = 0.0
    noise = np.fft.irfft(pink * np.exp(1j * phases))
    power = 10.0 ** (_rms_dbfs / 10.0) - _offset**2
    signal = (noise * np.sqrt(power / np.mean(noise**2)) + _offset).astype(np.float32)
    signal.flags.writeable = False
    return signal
