# SPDX-License-Identifier: MIT
"""Harmonics of systems whose harmonics are known from a formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from pedalboard_nam.measure.harmonics import measure_harmonics

rate_hz = 48_000.0
levels_dbfs = (-20.0, -12.0, 0.0)


def polynomial(x: np.ndarray) -> np.ndarray:
    return 0.1 + 0.8 * x + 0.2 * x**2 - 0.3 * x**3


def peaks_of_polynomial(a: float) -> list[float]:
    """Of the first three harmonics: cos^2 = (1 + cos 2)/2 and cos^3 = (3 cos + cos 3)/4."""
    return [0.8 * a - 0.3 * 0.75 * a**3, 0.2 * a**2 / 2.0, 0.3 * a**3 / 4.0]


@pytest.mark.parametrize("rate_hz", [44_100.0, 48_000.0, 96_000.0])
def test_a_polynomial_has_its_harmonics_at_every_level(rate_hz: float) -> None:
    found = measure_harmonics(polynomial, rate_hz, input_dbfs=levels_dbfs)
    flat = (found.frequency_hz > 30.0) & (found.frequency_hz < 6_000.0)
    for level, input_dbfs in enumerate(levels_dbfs):
        for n, peak in enumerate(peaks_of_polynomial(10.0 ** (input_dbfs / 20.0))):
            measured = found.output_dbfs[level, n, flat]
            np.testing.assert_allclose(measured, 20.0 * np.log10(peak), atol=0.03)


def test_harmonics_that_are_not_there_lie_far_below_those_that_are() -> None:
    found = measure_harmonics(polynomial, rate_hz, input_dbfs=[0.0])
    flat = (found.frequency_hz > 40.0) & (found.frequency_hz < 4_000.0)
    assert np.nanmax(found.output_dbfs[0, 3:, :][:, flat]) < -90.0


def test_a_filter_after_a_cube_acts_on_the_harmonics_own_frequency() -> None:
    b, a = signal.butter(2, 1000.0, fs=rate_hz)
    found = measure_harmonics(
        lambda x: signal.lfilter(b, a, x + x**3).astype(np.float32), rate_hz, input_dbfs=[-6.0]
    )
    peak = 10.0 ** (-6.0 / 20.0)
    for n, level in ((1, peak + 0.75 * peak**3), (3, peak**3 / 4.0)):
        inside = (found.frequency_hz > 40.0) & (n * found.frequency_hz < 15_000.0)
        response = signal.freqz(b, a, n * found.frequency_hz[inside], fs=rate_hz)[1]
        expected = 20.0 * np.log10(level * np.abs(response))
        np.testing.assert_allclose(found.output_dbfs[0, n - 1, inside], expected, atol=0.25)


def test_nothing_is_said_of_harmonics_above_half_the_rate() -> None:
    found = measure_harmonics(polynomial, 32_000.0, input_dbfs=[0.0], harmonics=2)
    assert np.isnan(found.output_dbfs[0, 0, found.frequency_hz > 16_000.0]).all()
    assert np.isnan(found.output_dbfs[0, 1, found.frequency_hz > 8_000.0]).all()
    assert np.isfinite(found.output_dbfs[0, 1, found.frequency_hz < 7_000.0]).all()


def test_silence_has_no_harmonics() -> None:
    found = measure_harmonics(np.zeros_like, rate_hz, input_dbfs=[0.0])
    assert np.nanmax(found.output_dbfs) == -200.0
