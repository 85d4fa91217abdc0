# SPDX-License-Identifier: MIT
"""An electric guitar plugged straight in: notes become the voltage an audio interface records.

Every note is an extended Karplus-Strong string: a short pick pulse travels round a loop whose
length is one period and whose filter is the string's losses. Combs for the pick and pickup
positions and a resonant low-pass for the pickup's coil and cable turn the string's motion into
the voltage an audio interface would record.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import signal
from scipy.interpolate import CubicSpline

sample_rate_hz = 48_000

# Open strings, low E to high e, as MIDI note numbers.
open_strings_midi = (40, 45, 50, 55, 59, 64)


# --- One string ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Note:
    """One plucked note.

    Attributes
    ----------
    start_s, duration_s
        When the pick meets the string, and how long until a finger stops it.
    string, fret
        0 is the low E string; fret 0 is the open string.
    velocity
        0..1; a hard stroke is louder and brighter.
    palm_mute
        The heel of the hand rests on the bridge: short, dark and a little thumpy.
    bend_semitones, bend_s
        Pitch reached `bend_s` after the pluck, by pushing the string sideways.
    vibrato_cents
        Depth of a 5.5 Hz vibrato that fades in a little after the bend.
    """

    start_s: float
    duration_s: float
    string: int
    fret: int
    velocity: float
    palm_mute: bool = False
    bend_semitones: float = 0.0
    bend_s: float = 0.15
    vibrato_cents: float = 0.0


def note_frequency_hz(string, fret):
    """Equal-tempered pitch of a fretted string, in Hz."""
    return 440.0 * 2.0 ** ((open_strings_midi[string] + fret - 69) / 12.0)


def fractional_delay_taps(delay_frames):
    """Third-order Lagrange interpolator: four taps that delay by `delay_frames` (1 <= d < 2)."""
    taps = np.ones(4)
    for k in range(4):
        for j in range(4):
            if j != k:
                taps[k] *= (delay_frames - j) / (k - j)
    return taps


def string_loop(excitation, frequency_hz, decay_s, damping):
    """Let an excitation ring in a lossy string.

    Parameters
    ----------
    excitation : ndarray, shape (frames,)
        What the pick puts into the string.
    frequency_hz : float
        Fundamental.
    decay_s : float
        Time for the fundamental to fall by 60 dB.
    damping : float
        0..1; how much faster high partials die than the fundamental.

    Returns
    -------
    ndarray, shape (frames,)
    """
    gain = 10.0 ** (-3.0 / (frequency_hz * decay_s))
    losses = gain * np.array([0.25 * damping, 1.0 - 0.5 * damping, 0.25 * damping])
    # The loss filter delays by 1 frame and the interpolator by 1 to 2: the rest is plain delay.
    period_frames = sample_rate_hz / frequency_hz
    whole_frames = int(period_frames - 2.0)
    loop = np.convolve(losses, fractional_delay_taps(period_frames - 1.0 - whole_frames))
    denominator = np.zeros(whole_frames + len(loop))
    denominator[0] = 1.0
    denominator[whole_frames:] -= loop
    return signal.lfilter([1.0], denominator, excitation)


def pick_pulse(num_frames, velocity, palm_mute, rng):
    """The force of one pick stroke: a smooth pulse with a little scrape, both set by velocity."""
    width_s = 0.0008 - 0.0005 * velocity
    if palm_mute:
        width_s *= 1.2
    width_frames = max(8, int(width_s * sample_rate_hz))
    pulse = np.hanning(width_frames + 2)[1:-1]
    scrape = rng.standard_normal(3 * width_frames) * np.hanning(3 * width_frames)
    excitation = np.zeros(num_frames)
    excitation[: len(scrape)] = 0.12 * (0.4 + velocity) * scrape
    excitation[:width_frames] += pulse
    # The same push however wide: a narrow pulse is brighter, not weaker.
    return excitation * (40.0 / width_frames)


def comb(x, delay_frames):
    """Subtract a delayed copy, as a plucked or sensed point on a string does."""
    delay_frames = max(1, round(delay_frames))
    y = x.copy()
    y[delay_frames:] -= x[:-delay_frames]
    return y


def bend_pitch(x, note):
    """Follow a bend and vibrato by reading the string's motion at a varying speed."""
    if note.bend_semitones == 0.0 and note.vibrato_cents == 0.0:
        return x
    time_s = np.arange(len(x)) / sample_rate_hz
    rise = np.clip(time_s / note.bend_s, 0.0, 1.0)
    semitones = note.bend_semitones * 0.5 * (1.0 - np.cos(np.pi * rise))
    fade_in = np.clip((time_s - note.bend_s) / 0.25, 0.0, 1.0)
    semitones += 0.01 * note.vibrato_cents * fade_in * np.sin(2.0 * np.pi * 5.5 * time_s)
    positions = np.cumsum(2.0 ** (semitones / 12.0)) - 1.0
    inside = positions < len(x) - 1
    y = np.zeros_like(x)
    y[inside] = CubicSpline(np.arange(len(x)), x)(positions[inside])
    return y


def render_note(note, rng):
    """Synthesise one note at the bridge pickup, before the pickup's own electronics.

    Parameters
    ----------
    note : Note
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (frames,)
        The note from its pluck until it is stopped.
    """
    frequency_hz = note_frequency_hz(note.string, note.fret)
    release_s = 0.035
    # A bend reads ahead, at up to twice the speed for an octave.
    reading_speed = 2.0 ** (max(note.bend_semitones, 0.0) / 12.0) * 1.02
    num_frames = int((note.duration_s + release_s) * reading_speed * sample_rate_hz) + 8
    excitation = pick_pulse(num_frames, note.velocity, note.palm_mute, rng)

    period_frames = sample_rate_hz / frequency_hz
    pick_position = rng.uniform(0.09, 0.16)
    # A plucked string's velocity starts as a rectangle, as long as the pick is far from the bridge:
    # the running sum of the pulse and its reflection. Its spectrum falls by 6 dB an octave.
    excitation = np.cumsum(comb(excitation, pick_position * period_frames)) * 0.1

    if note.palm_mute:
        decay_s, damping = rng.uniform(0.5, 0.7), 0.55
    else:
        # Thin, short strings ring for less time.
        decay_s = 14.0 * (82.4 / frequency_hz) ** 0.35
        damping = 0.10 + 0.12 * (1.0 - note.velocity)
    # Two planes of vibration, slightly detuned and losing energy at different speeds: the beating
    # and the two-stage decay of a real string.
    detune = 2.0 ** (rng.uniform(0.4, 1.2) / 1200.0)
    y = 0.6 * string_loop(excitation, frequency_hz, 0.4 * decay_s, damping)
    y += 0.4 * string_loop(excitation, frequency_hz * detune, decay_s, damping)

    # The bridge pickup sits 40 mm from the bridge of a 648 mm open string.
    pickup_position = (40.0 / 648.0) * 2.0 ** (note.fret / 12.0)
    y = comb(y, pickup_position * period_frames)
    if note.palm_mute:
        thump_s = np.arange(num_frames) / sample_rate_hz
        y *= 1.6
        y += 0.3 * np.exp(-thump_s / 0.012) * np.sin(2.0 * np.pi * 95.0 * thump_s)
    y = bend_pitch(y, note)

    y = y[: int((note.duration_s + release_s) * sample_rate_hz)]
    release_frames = int(release_s * sample_rate_hz)
    y[-release_frames:] *= 0.5 * (1.0 + np.cos(np.pi * np.arange(release_frames) / release_frames))
    return note.velocity**1.6 * y


# --- The instrument -----------------------------------------------------------------------------


def pickup_filter():
    """Coil and cable: a resonant low-pass at 3.6 kHz with a +6 dB peak, as second-order sections.

    The tone control and the cable's losses add one more gentle pole at 6 kHz.
    """
    resonance_hz, quality = 3_600.0, 2.0
    omega = 2.0 * np.pi * resonance_hz
    numerator, denominator = signal.bilinear(
        [omega**2], [1.0, omega / quality, omega**2], fs=sample_rate_hz
    )
    coil = signal.tf2sos(numerator, denominator)
    tone = signal.butter(1, 6_000.0, fs=sample_rate_hz, output="sos")
    # The interface's input is AC-coupled; the loop itself would keep a little DC.
    coupling = signal.butter(1, 25.0, "highpass", fs=sample_rate_hz, output="sos")
    return np.vstack([coil, tone, coupling])


def render_notes(notes, duration_s, seed):
    """Mix notes into one DI signal; a new note on a string stops the one before.

    Parameters
    ----------
    notes : list of Note
    duration_s : float
        Length of the result.
    seed : int
        For the small differences between strokes.

    Returns
    -------
    ndarray, shape (frames,)
        Not normalised.
    """
    rng = np.random.default_rng(seed)
    mix = np.zeros(round(duration_s * sample_rate_hz))
    notes = sorted(notes, key=lambda note: note.start_s)
    for index, note in enumerate(notes):
        later = [other.start_s for other in notes[index + 1 :] if other.string == note.string]
        if later:
            longest_s = max(later[0] - note.start_s, 0.03)
            note = replace(note, duration_s=min(note.duration_s, longest_s))
        y = render_note(note, rng)
        start = round(note.start_s * sample_rate_hz)
        y = y[: max(0, len(mix) - start)]
        mix[start : start + len(y)] += y
    return signal.sosfilt(pickup_filter(), mix)
