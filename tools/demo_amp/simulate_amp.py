# SPDX-License-Identifier: MIT
"""A small crunch amplifier, simulated: the circuit our demo model is trained to copy.

    DI -> coupling -> triode 1 -> bright volume -> triode 2 -> tone stack
       -> push-pull power stage -> transformer -> line out

No cabinet: an impulse response belongs after it. Clean when played softly or with the guitar
turned down, crunchy when dug into. All voltages are referred to the instrument input, so a clean
stage has unity gain and a triode's headroom reads in volts at its own input.

Levels: 0 dBFS at the input and at the output is +12 dBu, as for a common audio interface that
records the line out of a load box: a full-scale 1 kHz sine is 3.084 V RMS, 4.361 V peak.

    python tools/demo_amp/simulate_amp.py di.wav amp.wav
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal

sample_rate_hz = 48_000
oversampling = 8

input_level_dbu = 12.0
output_level_dbu = 12.0


def dbu_to_peak_volts(level_dbu):
    """Peak voltage of a sine whose RMS voltage is `level_dbu` (0 dBu is 0.7746 V RMS)."""
    return np.sqrt(2.0) * np.sqrt(0.6) * 10.0 ** (level_dbu / 20.0)


def high_pass(x, cutoff_hz, rate_hz):
    """First-order high-pass: a coupling capacitor into a resistor."""
    return signal.sosfilt(signal.butter(1, cutoff_hz, "highpass", fs=rate_hz, output="sos"), x)


def low_pass(x, cutoff_hz, rate_hz):
    """First-order low-pass: a resistor into a tube's Miller or a cable's capacitance."""
    return signal.sosfilt(signal.butter(1, cutoff_hz, "lowpass", fs=rate_hz, output="sos"), x)


def shelf(x, corner_hz, low_gain_db, high_gain_db, rate_hz):
    """First-order shelf: one gain well below `corner_hz`, another well above it."""
    low, high = 10.0 ** (low_gain_db / 20.0), 10.0 ** (high_gain_db / 20.0)
    # The corner is the geometric middle of the transition.
    omega = 2.0 * np.pi * corner_hz * np.sqrt(low / high)
    numerator, denominator = signal.bilinear([high, low * omega], [1.0, omega], fs=rate_hz)
    return signal.lfilter(numerator, denominator, x)


def peak_or_dip(x, centre_hz, quality, gain_db, rate_hz):
    """Second-order bell: unity gain far away, `gain_db` at `centre_hz`."""
    omega, gain = 2.0 * np.pi * centre_hz, 10.0 ** (gain_db / 20.0)
    numerator, denominator = signal.bilinear(
        [1.0, gain * omega / quality, omega**2], [1.0, omega / quality, omega**2], fs=rate_hz
    )
    return signal.lfilter(numerator, denominator, x)


def triode(grid_volts, gain, bias_volts, cutoff_volts, conduction_volts):
    """A common-cathode triode as a memoryless, inverting curve.

    Parameters
    ----------
    grid_volts : ndarray
    gain : float
        Small-signal gain around the bias point, before the curve bends.
    bias_volts : float
        How far the resting point sits from the middle of the curve; makes even harmonics.
    cutoff_volts, conduction_volts : float
        Headroom of each side, at the output: slow towards cutoff, tight into grid conduction.

    Returns
    -------
    ndarray
    """

    def curve(v):
        headroom_volts = np.where(v < 0.0, cutoff_volts, conduction_volts)
        return headroom_volts * np.tanh(v / headroom_volts)

    return -(curve(gain * grid_volts + bias_volts) - curve(np.float64(bias_volts)))


def push_pull(volts, headroom_volts):
    """Two output tubes taking turns: symmetric, with a knee softer than a triode's."""
    ratio = volts / headroom_volts
    return volts / np.sqrt(1.0 + ratio**2)


def amplifier(volts, rate_hz):
    """The whole circuit, at the oversampled rate.

    Parameters
    ----------
    volts : ndarray, shape (frames,)
        Instrument input.
    rate_hz : float

    Returns
    -------
    ndarray, shape (frames,)
        Line-out voltage. Every time constant is shorter than 8 ms, so that the past is forgotten
        (-60 dB) within 60 ms.
    """
    v = high_pass(volts, 30.0, rate_hz)
    v = low_pass(v, 12_000.0, rate_hz)

    # First triode; its cathode capacitor gives treble and mids 4 dB more gain than bass.
    v = shelf(v, 180.0, -4.0, 0.0, rate_hz)
    v = triode(v, 1.4, 0.25, 3.2, 2.2)
    v = high_pass(v, 60.0, rate_hz)

    # Volume control with a bright capacitor, then the second triode.
    v = shelf(v, 1_200.0, 0.0, 3.0, rate_hz)
    v = low_pass(v, 9_000.0, rate_hz)
    v = triode(v, 2.2, 0.35, 3.0, 1.8)
    v = high_pass(v, 50.0, rate_hz)

    # Passive tone stack: scooped mids, a little treble.
    v = peak_or_dip(v, 480.0, 0.6, -6.0, rate_hz)
    v = shelf(v, 2_000.0, 0.0, 2.5, rate_hz)

    # Power stage, then the output transformer's two ends.
    v = push_pull(1.1 * v, 3.4)
    v = high_pass(v, 40.0, rate_hz)
    v = low_pass(v, 6_500.0, rate_hz)
    v = low_pass(v, 9_000.0, rate_hz)

    # The load box's pad brings the line out to a level an interface likes.
    return 0.5 * v


def simulate(x):
    """Play a DI recording through the amplifier.

    Parameters
    ----------
    x : ndarray, shape (frames,)
        48 kHz mono; 1.0 stands for the peak of a +12 dBu sine.

    Returns
    -------
    ndarray, shape (frames,)
        In the same convention and time-aligned with `x`: the resampling filters are linear-phase
        and their delay is removed.
    """
    rate_hz = sample_rate_hz * oversampling
    # Flat to 20.8 kHz, 100 dB down from 23.2 kHz on.
    half_frames = 64 * oversampling
    taps = signal.firwin(2 * half_frames + 1, 22_000.0, window=("kaiser", 10.0), fs=rate_hz)
    volts = dbu_to_peak_volts(input_level_dbu) * signal.resample_poly(
        x, oversampling, 1, window=taps
    )
    line = amplifier(volts, rate_hz)
    y = signal.resample_poly(line, 1, oversampling, window=taps)
    return y / dbu_to_peak_volts(output_level_dbu)


def main():
    """Render a 48 kHz mono file through the amplifier."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path)
    args = parser.parse_args()
    x, rate_hz = soundfile.read(args.input)
    if rate_hz != sample_rate_hz or x.ndim != 1:
        raise SystemExit(f"{args.input}: need {sample_rate_hz} Hz mono")
    soundfile.write(args.output, simulate(x), sample_rate_hz, "PCM_24")


if __name__ == "__main__":
    main()
