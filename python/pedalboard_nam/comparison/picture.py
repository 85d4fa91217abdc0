# SPDX-License-Identifier: MIT
# pyright: reportUnknownMemberType=false
"""The picture of a comparison: waveforms, a close look, and spectra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..files.new_file import StrPath
from ..pictures.figure import check_png, colours, new_figure, save_png, style
from .alignment import Frames

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_columns = 1_500
_close_look_frames = 480
_window_frames = 8_192
_lowest_bin = 3
_floor_db = -160.0
_reference, _rest = colours[:2]


def draw_comparison(
    early: Frames,
    reference: Frames,
    sample_rate: float | None,
    headline: str,
    path: StrPath,
    *,
    overwrite: bool = False,
) -> None:
    """Draw a recording as it comes closest to a reference, and what it leaves of that."""
    check_png(path, overwrite=overwrite)
    figure = new_figure(headline, height_in=9.0)
    _draw(figure, early, reference, sample_rate)
    save_png(figure, path, overwrite=overwrite)


def _draw(figure: Figure, early: Frames, reference: Frames, sample_rate: float | None) -> None:
    left = reference - early
    unit_s = 1.0 / sample_rate if sample_rate else 1.0
    unit, frequency = ("s", "Hz") if sample_rate else ("frames", "cycles per frame")
    whole, close, spectra = figure.subplots(3, 1)

    _fill(whole, reference, unit_s, _reference, "reference b")
    _fill(whole, left, unit_s, _rest, "what is left of b")
    style(whole, "", f"time in {unit}", "amplitude")

    channel, middle = np.unravel_index(np.argmax(np.abs(reference)), reference.shape)
    start = max(0, int(middle) - _close_look_frames // 2)
    look = slice(start, start + _close_look_frames)
    time = (start + np.arange(reference[0, look].size)) * unit_s
    for audio, color, width, label in (
        (reference, _reference, 2.5, "reference b"),
        (early, "black", 0.8, "a, aligned"),
        (left, _rest, 0.8, "what is left of b"),
    ):
        close.plot(time, audio[channel, look], color=color, lw=width, label=label)
        cycles, level_db = _spectrum_db(audio)
        spectra.plot(cycles / unit_s, level_db, color=color, lw=width, label=label)
    style(close, "", f"time in {unit}, around the peak", "amplitude")
    style(spectra, "", f"frequency in {frequency}", "level in dBFS a bin")
    spectra.set_xscale("log")
    spectra.set_xlim(_lowest_bin / _window_frames / unit_s, 0.5 / unit_s)
    for axes in (whole, close, spectra):
        axes.legend(loc="lower left", fontsize=8)


def _fill(axes: Axes, audio: Frames, unit_s: float, color: str, label: str) -> None:
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
