# SPDX-License-Identifier: MIT
# pyright: reportUnknownMemberType=false
"""A picture of one audio file, or of two on one time axis: waveforms, spectrograms and levels."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..audio.in_words import format_in_words
from ..audio.reader import StrPath, open_audio
from ..measure.overview import Overview, overview_of, silence_db
from .figure import (
    check_png,
    colours,
    fitting,
    frequency_axis,
    installed_fonts,
    new_figure,
    save_png,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_columns, _bands = 1200, 160
_lowest_hz, _highest_hz = 20.0, 20_000.0
_window_s = 0.085  # 4096 frames at 44.1 and 48 kHz
_lowest_db = -90.0
_level_window_s = 0.05  # four periods of a guitar's lowest string


def draw_audio(files: Sequence[StrPath], path: StrPath, *, overwrite: bool = False) -> None:
    """Draw waveform, spectrogram and level of one or two audio files, in constant memory.

    Parameters
    ----------
    files
        One or two audio files that `reamp` reads.
    path
        The PNG file to make.
    overwrite
        Whether to replace a file of that name.

    Raises
    ------
    AudioFileError
        If a file is not audio.
    ImportError
        If matplotlib is not installed.
    OSError
        If a file cannot be read or written, or the picture exists and is not to be replaced.
    """
    check_png(path, overwrite=overwrite)
    save_png(audio_figure([os.fspath(file) for file in files]), path, overwrite=overwrite)


def audio_figure(files: Sequence[str]) -> Figure:
    """The figure that `draw_audio` saves."""
    names = _names(files)
    figure = new_figure(" and ".join(names), width_in=11.0, height_in=3.4 + 3.2 * len(files))
    seen = [
        overview_of(
            file,
            columns=_columns,
            bands=_bands,
            lowest_hz=_lowest_hz,
            highest_hz=_highest_hz,
            window_frames=_window_frames(file),
        )
        for file in files
    ]
    ratios = [*(1.0, 1.4) * len(files), 1.2]
    all_axes = list(figure.subplots(len(ratios), 1, sharex=True, height_ratios=ratios))
    level_axes = all_axes[-1]
    mesh: Any = None
    highest = max(max(float(o.high.max()), -float(o.low.min())) for o in seen)
    full_scale = max(1e-3, highest) if highest else 1.0
    for i, (name, overview) in enumerate(zip(names, seen, strict=True)):
        waveform_axes, spectrum_axes = all_axes[2 * i : 2 * i + 2]
        _draw_waveform(waveform_axes, overview, colours[i])
        waveform_axes.set_ylim(-1.05 * full_scale, 1.05 * full_scale)
        facts = _facts(overview) if len(seen) == 1 else f"{name}: {_facts(overview)}"
        style(waveform_axes, fitting(facts, 9.5), y_label="Amplitude")
        mesh = _draw_spectrum(spectrum_axes, overview)
        style(spectrum_axes, y_label="Frequency (Hz)")
        level_axes.plot(
            _centres_s(overview),
            _level_db(overview),
            color=colours[i],
            linewidth=2.8 if i < len(seen) - 1 else 1.3,  # the one beneath is seen in any case
            marker=_marker(overview),
            label=fitting(name, 3.5, size_pt=9.0),
        )
    style(level_axes, "Level", _time_axis(level_axes, seen), "RMS (dB)")
    highest_db = max(float(_level_db(overview).max()) for overview in seen)
    level_axes.set_ylim(_lowest_db, max(0.0, highest_db + 3.0))
    if len(seen) > 1:
        level_axes.legend(
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=2,
            borderaxespad=0.0,
            frameon=False,
            prop={"family": installed_fonts(), "size": 9.0},
        )
    bar = figure.colorbar(mesh, ax=all_axes, shrink=0.4, aspect=30, pad=0.01)
    bar.set_label("Spectrogram (dBFS)", fontsize=9)
    bar.ax.tick_params(labelsize=8)
    return figure


def _names(files: Sequence[str]) -> list[str]:
    """What the files are called; with their folders, where that is what tells them apart."""
    names = [os.path.basename(file) for file in files]
    if len(set(names)) == len(names) or len(set(map(os.path.abspath, files))) < len(files):
        return names
    common = os.path.commonpath([os.path.abspath(file) for file in files])
    return [os.path.relpath(file, common) for file in files]


def _window_frames(file: str) -> int:
    """A power of two: of so many frames that all rates are seen through windows of one length."""
    with open_audio(file) as audio:
        return 1 << max(1, round(math.log2(_window_s * audio.sample_rate)))


def _draw_waveform(axes: Axes, overview: Overview, colour: str) -> None:
    axes.fill_between(
        _centres_s(overview), overview.low, overview.high, color=colour, linewidth=0.5
    )
    if marker := _marker(overview):
        extremes = [overview.low[0], overview.high[0]]
        axes.plot(
            _centres_s(overview).repeat(2), extremes, color=colour, marker=marker, clip_on=False
        )


def _marker(overview: Overview) -> str:
    """For the line of a single column, which has no length."""
    return "o" if overview.low.size == 1 else ""


def _draw_spectrum(axes: Axes, overview: Overview) -> Any:
    columns = overview.low.size
    edges_s = np.linspace(0.0, overview.duration_s, columns + 1)
    mesh = axes.pcolormesh(
        edges_s,
        overview.band_edges_hz,
        overview.spectrum_db,
        cmap="inferno",
        vmin=_lowest_db,
        vmax=0.0,
        rasterized=True,
    )
    frequency_axis(axes.yaxis, digits=(1,))
    return mesh


def _centres_s(overview: Overview) -> NDArray[np.float64]:
    columns = overview.low.size
    return (np.arange(columns) + 0.5) * overview.duration_s / columns


def _level_db(overview: Overview) -> NDArray[np.float64]:
    """RMS over a window, or a column if that is longer."""
    column_s = overview.duration_s / overview.power.size
    width = max(1, min(round(_level_window_s / column_s), overview.power.size))
    even = np.ones(width)
    inside = np.convolve(np.ones(overview.power.size), even, "same")
    mean = np.convolve(overview.power, even, "same") / inside
    return 10.0 * np.log10(np.maximum(mean, 1e-20))


def _facts(overview: Overview) -> str:
    level = f"peak {overview.peak_dbfs:+.1f} dBFS, RMS {overview.loudness_db:+.1f} dB"
    if overview.peak_dbfs <= silence_db:
        level = "silent"
    return f"{format_in_words(overview.num_channels, overview.sample_rate)}, {level}" + (
        "" if overview.is_finite else "; not all samples are numbers"
    )


def _time_axis(axes: Axes, seen: list[Overview]) -> str:
    """Make x an axis of time as long as the longest; gives its label."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    longest_s = max(overview.duration_s for overview in seen)
    axes.set_xlim(0.0, longest_s)
    if longest_s < 0.01:
        axes.xaxis.set_major_formatter(FuncFormatter(_milliseconds))
        return "Time (ms)"
    if longest_s < 120.0:
        return "Time (s)"
    axes.xaxis.set_major_locator(MaxNLocator(10, steps=[1, 1.5, 3, 6, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(_minutes))
    return "Time (min:s)"


def _milliseconds(time_s: float, _: int | None) -> str:
    return f"{1000.0 * time_s:.6g}"


def _minutes(time_s: float, _: int | None) -> str:
    minutes, seconds = divmod(round(time_s), 60)
    return f"{minutes}:{seconds:02}"
