# SPDX-License-Identifier: MIT
"""The picture of a comparison: waveforms, a close look, and spectra."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from .alignment import Frames, aligned_blocks
from .new_file import StrPath, renamed_when_complete

if TYPE_CHECKING:
    from .comparison import Comparison

_columns = 1_500
_close_look_frames = 480
_window_frames = 8_192
_lowest_bin = 3
_floor_db = -160.0


def save(comparison: Comparison, path: StrPath, overwrite: bool) -> None:
    """`Comparison.plot`."""
    try:
        figure: Any = import_module("matplotlib.figure").Figure(
            figsize=(10.0, 9.0), layout="constrained"
        )
    except ImportError:
        raise ImportError(
            'a plot needs matplotlib: pip install "pedalboard-nam[plot]"', name="matplotlib"
        ) from None
    accepted: list[str] = sorted(figure.canvas.get_supported_filetypes())
    path = os.fspath(path)
    kind = os.path.splitext(path)[1][1:].lower()
    if kind not in accepted:
        raise ValueError(
            f"{path}: cannot draw {kind or 'a file without extension'}; "
            f"accepted are {', '.join(accepted)}"
        )
    _draw(figure, comparison)
    with renamed_when_complete(path, overwrite) as file:
        figure.savefig(file, format=kind, dpi=120)


def _draw(figure: Any, comparison: Comparison) -> None:
    early, reference = _aligned(comparison)
    left = reference - early
    unit_s = 1.0 / comparison.sample_rate if comparison.sample_rate else 1.0
    unit, frequency = ("s", "Hz") if comparison.sample_rate else ("frames", "cycles per frame")
    whole, close, spectra = figure.subplots(3, 1)

    whole.set_title(_headline(comparison), loc="left", fontsize=11)
    _fill(whole, reference, unit_s, "C0", "reference b")
    _fill(whole, left, unit_s, "C3", "what is left of b")
    whole.set(xlabel=f"time in {unit}", ylabel="amplitude")

    channel, middle = np.unravel_index(np.argmax(np.abs(reference)), reference.shape)
    start = max(0, int(middle) - _close_look_frames // 2)
    look = slice(start, start + _close_look_frames)
    time = (start + np.arange(reference[0, look].size)) * unit_s
    close.plot(time, reference[channel, look], "C0", lw=2.5, alpha=0.5, label="reference b")
    close.plot(time, early[channel, look], "k", lw=0.8, label="a, aligned")
    close.plot(time, left[channel, look], "C3", lw=0.8, label="what is left of b")
    close.set(xlabel=f"time in {unit}, around the peak", ylabel="amplitude")

    for audio, color, width, label in (
        (reference, "C0", 2.5, "reference b"),
        (early, "k", 0.8, "a, aligned"),
        (left, "C3", 0.8, "what is left of b"),
    ):
        cycles, level_db = _spectrum_db(audio)
        spectra.plot(cycles / unit_s, level_db, color, lw=width, label=label)
    spectra.set(
        xscale="log", xlim=(_lowest_bin / _window_frames / unit_s, 0.5 / unit_s),
        xlabel=f"frequency in {frequency}", ylabel="level in dBFS a bin",
    )  # fmt: skip
    for axes in (whole, close, spectra):
        axes.grid(alpha=0.3)
        axes.legend(loc="lower left", fontsize=8)


def _aligned(comparison: Comparison) -> tuple[Frames, Frames]:
    """a as it comes closest to b, and b."""
    blocks = list(aligned_blocks(comparison.a, comparison.b, comparison.delay_frames))
    early, reference = (np.concatenate(each, axis=1) for each in zip(*blocks, strict=True))
    return comparison.gain * early, reference


def _headline(comparison: Comparison) -> str:
    return (
        f"null {comparison.null_depth_db:.1f} dB   ESR {comparison.error_to_signal_ratio:.3g} "
        f"({comparison.esr_db:.1f} dB)   a: {comparison.level_difference_db:+.2f} dB, "
        f"{comparison.delay_frames:.2f} frames late" + (", inverted" * comparison.inverted)
    )


def _fill(axes: Any, audio: Frames, unit_s: float, color: str, label: str) -> None:
    """The highest and lowest value of each column of the picture."""
    starts = np.unique(np.linspace(0, audio.shape[1], _columns, endpoint=False, dtype=int))
    high = np.maximum.reduceat(audio.max(axis=0), starts)
    low = np.minimum.reduceat(audio.min(axis=0), starts)
    axes.fill_between(starts * unit_s, low, high, color=color, lw=0.5, label=label)


def _spectrum_db(audio: Frames) -> tuple[Frames, Frames]:
    """Mean level over Hann windows that overlap by half, in dBFS, by cycles per frame."""
    padded = np.pad(audio, [(0, 0), (0, max(0, _window_frames - audio.shape[1]))])
    window = np.hanning(_window_frames)
    starts = range(0, padded.shape[1] - _window_frames + 1, _window_frames // 2)
    power = np.zeros(_window_frames // 2 + 1)
    for start in starts:
        windowed = padded[:, start : start + _window_frames] * window
        power += np.mean(np.abs(np.fft.rfft(windowed)) ** 2, axis=0) / len(starts)
    amplitude = np.sqrt(power) * 2.0 / window.sum()
    bins = slice(_lowest_bin, None)
    cycles: Frames = np.arange(_window_frames // 2 + 1, dtype=np.float64) / _window_frames
    level_db = 20.0 * np.log10(np.maximum(amplitude, 10.0 ** (_floor_db / 20.0)))
    return cycles[bins], level_db[bins]
