# SPDX-License-Identifier: MIT
"""Synthesise direct-injected (DI) electric guitar: a training performance and a demo riff.

Every note is an extended Karplus-Strong string: a short pick pulse travels round a loop whose
length is one period and whose filter is the string's losses. Combs for the pick and pickup
positions and a resonant low-pass for the pickup's coil and cable turn the string's motion into
the voltage an audio interface would record. All of it is deterministic for a given seed.

    python tools/demo_amp/synthesise_di.py --output-dir build/guitar
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal
from scipy.interpolate import CubicSpline

sample_rate_hz = 48_000

# Open strings, low E to high e, as MIDI note numbers.
open_strings_midi = (40, 45, 50, 55, 59, 64)

# A rest before the validation part, longer than an A2 receptive field (6,347 frames, 0.132 s), so
# that nothing from the training part reaches into it.
rest_before_validation_s = 0.6


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


def strum(start_s, duration_s, frets, velocity, up=False, spread_s=0.012, **kwargs):
    """A chord, one fret for each string from low E, `None` for a string left out."""
    strings = [string for string, fret in enumerate(frets) if fret is not None]
    if up:
        strings = strings[::-1]
    notes = []
    for order, string in enumerate(strings):
        delay_s = order * spread_s
        accent = 1.0 - 0.05 * order
        notes.append(
            Note(
                start_s + delay_s,
                max(duration_s - delay_s, 0.05),
                string,
                frets[string],
                velocity * accent,
                **kwargs,
            )
        )
    return notes


def power_chord(start_s, duration_s, string, fret, velocity, **kwargs):
    """Root, fifth and octave from `string` upwards (the low E, A or D string)."""
    frets = [None] * 6
    frets[string], frets[string + 1] = fret, fret + 2
    frets[string + 2] = fret + (3 if string == 2 else 2)
    return strum(start_s, duration_s, frets, velocity, spread_s=0.004, **kwargs)


# --- Things a guitarist does: each returns (notes, duration_s) ----------------------------------

chord_shapes = {
    "E": (0, 2, 2, 1, 0, 0),
    "Em7": (0, 2, 0, 0, 3, 0),
    "A": (None, 0, 2, 2, 2, 0),
    "Am": (None, 0, 2, 2, 1, 0),
    "C": (None, 3, 2, 0, 1, 0),
    "D": (None, None, 0, 2, 3, 2),
    "G": (3, 2, 0, 0, 0, 3),
    "F": (1, 3, 3, 2, 1, 1),
    "B7": (None, 2, 1, 2, 0, 2),
}


def play_run(rng, velocity):
    """Single notes climbing from the low E string to the high one, moving up the neck."""
    step_s, notes = 0.11, []
    position = int(rng.integers(0, 5))
    for index in range(16):
        string, fret = min(5, index // 3), position + 3 * (index // 3) // 2 + 2 * (index % 3)
        level = np.clip(velocity + rng.uniform(-0.12, 0.12), 0.08, 1.0)
        notes.append(Note(index * step_s, step_s * rng.uniform(0.8, 1.3), string, fret, level))
    return notes, 16 * step_s + 0.2


def play_riff(rng, velocity):
    """Palm-muted chugging broken by open power chords."""
    step_s, notes = 0.125, []
    root = int(rng.integers(0, 6))
    for index in range(16):
        if index in (3, 6, 10, 12):
            fret = root + int(rng.choice([0, 2, 3, 5, 7]))
            string = int(rng.integers(0, 2))
            notes += power_chord(index * step_s, 0.30, string, fret, velocity)
        elif index not in (4, 7, 13):
            level = velocity * rng.uniform(0.75, 1.0)
            notes.append(Note(index * step_s, 0.12, 0, root, level, palm_mute=True))
    return notes, 16 * step_s + 0.25


def play_strums(rng, velocity):
    """Two open chords, strummed down and up, then left to ring."""
    names = rng.choice(list(chord_shapes), size=2, replace=False)
    pattern = ((0.0, False), (0.36, False), (0.54, True), (0.90, True))
    notes = []
    for bar, name in enumerate(names):
        for offset_s, up in pattern:
            level = velocity * rng.uniform(0.8, 1.0)
            notes += strum(1.08 * bar + offset_s, 0.7, chord_shapes[name], level, up)
    return notes, 2.16 + 0.45


def play_arpeggio(rng, velocity):
    """A chord picked string by string, every note left ringing."""
    shape = chord_shapes[str(rng.choice(["Am", "C", "G", "Em7", "F"]))]
    strings = [string for string in range(6) if shape[string] is not None]
    order = strings + strings[-2:0:-1]
    step_s = 0.16
    notes = [
        Note(i * step_s, 1.2, string, shape[string], velocity * rng.uniform(0.8, 1.0))
        for i, string in enumerate(order)
    ]
    return notes, len(order) * step_s + 0.7


def play_lead(rng, velocity):
    """High pentatonic phrases with bends and vibrato."""
    position = int(rng.choice([5, 8, 12, 15]))
    box = [(5, 0), (5, 3), (4, 0), (4, 3), (3, 0), (3, 2), (2, 0), (2, 2)]
    notes, start_s = [], 0.0
    for _ in range(7):
        string, offset = box[int(rng.integers(0, len(box)))]
        length_s = float(rng.choice([0.14, 0.20, 0.34]))
        bend = float(rng.choice([0.0, 0.0, 1.0, 2.0])) if length_s > 0.3 else 0.0
        vibrato = 25.0 if length_s > 0.3 else 0.0
        level = velocity * rng.uniform(0.8, 1.0)
        notes.append(
            Note(
                start_s,
                1.1 * length_s,
                string,
                position + offset,
                level,
                bend_semitones=bend,
                bend_s=0.12,
                vibrato_cents=vibrato,
            )
        )
        start_s += length_s
    ending = Note(start_s, 0.6, 4, position + 3, velocity)
    notes.append(replace(ending, bend_semitones=2.0, bend_s=0.18, vibrato_cents=35.0))
    return notes, start_s + 0.75


def play_double_stops(rng, velocity):
    """Thirds and fourths on neighbouring strings, the classic test of intermodulation."""
    notes, step_s = [], 0.24
    for index in range(8):
        fret = int(rng.choice([3, 5, 7, 8, 10, 12]))
        string = int(rng.integers(2, 5))
        level = velocity * rng.uniform(0.8, 1.0)
        for offset in (0, 1):
            notes.append(Note(index * step_s + 0.006 * offset, 0.26, string + offset, fret, level))
    return notes, 8 * step_s + 0.25


def play_ring_out(rng, velocity):
    """One power chord or open chord, left to decay through every level there is."""
    if rng.random() < 0.5:
        return power_chord(0.0, 1.9, 0, int(rng.integers(0, 6)), velocity), 2.0
    shape = chord_shapes[str(rng.choice(list(chord_shapes)))]
    return strum(0.0, 1.9, shape, velocity, spread_s=0.02), 2.0


passages = (
    play_riff,
    play_strums,
    play_run,
    play_lead,
    play_arpeggio,
    play_double_stops,
    play_ring_out,
)


# --- Test signals: what a guitar alone would leave out ------------------------------------------


def noise_sections(rng):
    """Noise coloured like a guitar's spectrum, with peaks 3 to 39 dB below full scale."""
    colour = signal.butter(1, 1_200.0, fs=sample_rate_hz, output="sos")
    roll_off = signal.butter(2, 8_000.0, fs=sample_rate_hz, output="sos")
    sections = []
    for peak_dbfs in (-3.0, -15.0, -27.0, -9.0, -21.0, -39.0):
        burst = signal.sosfilt(colour, rng.standard_normal(int(0.4 * sample_rate_hz)))
        burst = signal.sosfilt(roll_off, burst)
        burst *= np.hanning(len(burst)) ** 0.25 / np.max(np.abs(burst))
        sections += [10.0 ** (peak_dbfs / 20.0) * burst, np.zeros(1_200)]
    return np.concatenate(sections)


def sweep_sections():
    """Logarithmic sine sweeps, 30 Hz to 12 kHz, at four levels."""
    length_s = 0.8
    time_s = np.arange(int(length_s * sample_rate_hz)) / sample_rate_hz
    sections = []
    for peak_dbfs in (-2.0, -14.0, -26.0, -38.0):
        sweep = signal.chirp(time_s, 30.0, length_s, 12_000.0, method="logarithmic", phi=-90)
        sweep *= signal.windows.tukey(len(sweep), 0.04)
        sections += [10.0 ** (peak_dbfs / 20.0) * sweep, np.zeros(1_200)]
    return np.concatenate(sections)


def step_sections():
    """Smoothed steps of both signs: they show how fast the coupling capacitors recover."""
    smooth = np.hanning(24) / np.sum(np.hanning(24))
    sections = []
    for height in (0.6, -0.6, 0.2, -0.2):
        step = np.zeros(9_600)
        step[1_200:6_000] = height
        sections.append(np.convolve(step, smooth, mode="same"))
    return np.concatenate(sections)


def swelling_tone_sections():
    """Steady low, middle and high notes that swell from silence to full scale and back."""
    sections = []
    for frequency_hz in (82.4, 220.0, 659.3, 1_760.0):
        time_s = np.arange(int(0.4 * sample_rate_hz)) / sample_rate_hz
        swell = np.hanning(len(time_s)) ** 1.5
        sections.append(0.95 * swell * np.sin(2.0 * np.pi * frequency_hz * time_s))
    return np.concatenate(sections)


# --- The two performances -----------------------------------------------------------------------


def play_session(duration_s, seed):
    """Chain passages at all dynamics until `duration_s` is filled.

    Parameters
    ----------
    duration_s : float
    seed : int

    Returns
    -------
    ndarray, shape (frames,)
        Hard strokes of the densest chords come close to full scale.
    """
    rng = np.random.default_rng(seed)
    # Loud playing is where the amplifier is busy, so it is met more often than pianissimo.
    velocities = (0.9, 0.55, 1.0, 0.35, 0.75, 0.2, 0.95, 0.65)
    notes, now_s, count = [], 0.05, 0
    order = rng.permutation(len(passages))
    while now_s < duration_s - 0.5:
        play = passages[order[count % len(passages)]]
        velocity = velocities[count % len(velocities)]
        phrase, phrase_s = play(rng, velocity)
        notes += [replace(note, start_s=note.start_s + now_s) for note in phrase]
        now_s += phrase_s
        count += 1
    x = render_notes(notes, duration_s, seed + 1)
    fade_frames = int(0.05 * sample_rate_hz)
    x[-fade_frames:] *= np.linspace(1.0, 0.0, fade_frames)
    return x / np.max(np.abs(x))


def synthesise_training(seed=1):
    """The performance a model is trained on and the one it is validated on.

    Parameters
    ----------
    seed : int

    Returns
    -------
    x : ndarray, shape (frames,)
        52 s at 48 kHz, peak just below 0 dBFS.
    validation_start : int
        First frame of the validation part, which is played with other notes than the training
        part and begins after a rest.
    """
    rng = np.random.default_rng(seed)
    rest = np.zeros(int(rest_before_validation_s * sample_rate_hz))
    training = np.concatenate(
        [
            rest,
            noise_sections(rng),
            sweep_sections(),
            step_sections(),
            swelling_tone_sections(),
            0.97 * play_session(22.0, seed + 100),
            # The same player with the guitar's volume turned down: the amplifier cleans up.
            0.30 * play_session(7.0, seed + 200),
            0.70 * play_session(7.0, seed + 300),
            rest,
        ]
    )
    validation = 0.8 * play_session(7.0, seed + 400)
    return np.concatenate([training, validation]), len(training)


def synthesise_riff(seed=7):
    """The demo riff that ships with the package: two bars in E and a chord that fades.

    Parameters
    ----------
    seed : int

    Returns
    -------
    ndarray, shape (frames,)
        5.8 s at 48 kHz, peak -6 dBFS, silent at its end.
    """
    sixteenth_s = 60.0 / 126.0 / 4.0

    def at(step):
        # Off-beat sixteenths a hair late: a little swing.
        return 0.03 + sixteenth_s * (step + (0.12 if step % 2 else 0.0))

    notes = []
    # Bar 1: chug on the low E, answered by power chords that walk up to A and back.
    notes += power_chord(at(0), 0.22, 0, 0, 0.95)
    for step, level in ((2, 0.75), (3, 0.6), (4, 0.8), (7, 0.65), (9, 0.6), (10, 0.75)):
        notes.append(Note(at(step), 0.13, 0, 0, level, palm_mute=True))
    notes += power_chord(at(5), 0.20, 0, 3, 0.85)
    notes += power_chord(at(8), 0.11, 1, 0, 0.9)
    notes += power_chord(at(11), 0.11, 1, 1, 0.85)
    notes += power_chord(at(12), 0.20, 1, 0, 0.9)
    notes += power_chord(at(14), 0.20, 0, 3, 0.9)
    # Bar 2: the answer, an octave and a half up, over a last low E.
    notes.append(Note(at(16), 0.12, 0, 0, 0.85, palm_mute=True))
    cry = Note(at(17), 0.36, 3, 14, 0.85)
    notes.append(replace(cry, bend_semitones=2.0, bend_s=0.13, vibrato_cents=20.0))
    notes.append(Note(at(20), 0.13, 4, 12, 0.8))
    notes.append(Note(at(21), 0.13, 5, 12, 0.8))
    higher_cry = Note(at(22), 0.34, 4, 15, 0.9)
    notes.append(replace(higher_cry, bend_semitones=2.0, bend_s=0.12, vibrato_cents=30.0))
    notes.append(Note(at(25), 0.12, 5, 12, 0.7))
    notes.append(Note(at(26), 0.12, 4, 15, 0.75))
    notes.append(Note(at(27), 0.12, 4, 12, 0.75))
    notes.append(Note(at(28), 0.13, 3, 14, 0.8))
    notes.append(Note(at(29), 0.13, 3, 12, 0.75))
    notes += power_chord(at(30), 0.13, 1, 5, 0.9)
    notes += power_chord(at(31), 0.10, 1, 7, 0.9)
    # Home: an open E chord, dug in and left to ring.
    notes += strum(at(32), 2.0, chord_shapes["E"], 0.9, spread_s=0.016)

    duration_s = 5.8
    x = render_notes(notes, duration_s, seed)
    fade_frames = int(1.5 * sample_rate_hz)
    x[-fade_frames:] *= 0.5 * (1.0 + np.cos(np.pi * np.arange(1, fade_frames + 1) / fade_frames))
    return x * (10.0 ** (-6.0 / 20.0) / np.max(np.abs(x)))


def main():
    """Write both performances as 48 kHz mono WAV files, to listen to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output-dir", type=Path, default=Path("build/demo_amp"))
    parser.add_argument("--seed", type=int, default=1, help="of the training performance")
    args = parser.parse_args()
    args.output_dir.mkdir(parents=True, exist_ok=True)
    training, _ = synthesise_training(args.seed)
    soundfile.write(args.output_dir / "training_di.wav", training, sample_rate_hz, "PCM_24")
    soundfile.write(args.output_dir / "riff_di.wav", synthesise_riff(), sample_rate_hz, "PCM_24")


if __name__ == "__main__":
    main()
