# SPDX-License-Identifier: MIT
"""What a guitarist plays: chords, and passages of two or three seconds.

A passage takes a random generator and a velocity, and gives `(notes, duration_s)`.
"""

from dataclasses import replace

import numpy as np
from guitar import Note

# --- Chords -------------------------------------------------------------------------------------

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


# --- Passages -----------------------------------------------------------------------------------


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
