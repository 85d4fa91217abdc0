# SPDX-License-Identifier: MIT
"""Synthesise direct-injected (DI) electric guitar: a training performance and a demo riff.

All of it is deterministic for a given seed.

    python tools/demo_amp/synthesise_di.py --output-dir build/guitar
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile
from guitar import Note, render_notes, sample_rate_hz
from phrases import chord_shapes, passages, power_chord, strum
from scipy import signal

# A rest before the validation part, longer than an A2 receptive field (6,347 frames, 0.132 s), so
# that nothing from the training part reaches into it.
rest_before_validation_s = 0.6


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
