# SPDX-License-Identifier: MIT
# pyright: reportUnknownMemberType=false
"""A picture of an amp: its frequency response and its harmonics at several input levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..audio.arrays import Audio
from ..audio.reader import StrPath
from ..engine.render import render
from ..measure.harmonics import Harmonics, measure_harmonics
from ..nam.model import Model
from ..settings import Settings, in_words
from .figure import check_png, colours, fitting, frequency_axis, new_figure, save_png, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_input_dbfs = (-60.0, -48.0, -36.0, -24.0, -12.0, 0.0)
_input_dbfs_of_harmonics = (-36.0, -24.0, -12.0)  # about where guitars peak
_rest_s = 0.3
_names = ("1st", "2nd", "3rd", "4th", "5th")
_seen_db, _seen_of_harmonics_db = 74.0, 94.0  # below the highest level


def draw_sweep(
    model: Model, path: StrPath, settings: Settings | None = None, *, overwrite: bool = False
) -> None:
    """Measure an amp with sines of every frequency at several levels, and draw what comes out.

    Parameters
    ----------
    model
        The amp.
    path
        The PNG file to make.
    settings
        Those of `render`; its defaults if None.
    overwrite
        Whether to replace a file of that name.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    OSError
        If the file exists and is not to be replaced, or cannot be written.
    ValueError
        For a setting that is not accepted, as in `render`.
    """
    check_png(path, overwrite=overwrite)
    save_png(sweep_figure(model, settings or Settings()), path, overwrite=overwrite)


def sweep_figure(model: Model, settings: Settings) -> Figure:
    """The figure that `draw_sweep` saves."""
    figure = new_figure(model.name, width_in=11.0, height_in=8.0)

    def play(sweeps: Audio) -> Audio:
        return render(model, sweeps, model.sample_rate, **settings.by_name())

    rest_s = max(_rest_s, model._memory_frames() / model.sample_rate)
    found = measure_harmonics(play, model.sample_rate, input_dbfs=_input_dbfs, rest_s=rest_s)
    highest_dbfs = max(6.0 * np.ceil(np.nanmax(found.output_dbfs) / 6.0 + 0.25), -120.0)
    grid = figure.add_gridspec(2, len(_input_dbfs_of_harmonics), height_ratios=(1.1, 1.0))

    response = figure.add_subplot(grid[0, :])
    _draw_response(response, found)
    said = ", ".join(in_words(settings.by_name()))
    style(
        response,
        fitting(f"Frequency response at several input levels ({said})", 8.5),
        "Frequency of the sine (Hz)",
        "Level of that frequency (dBFS)",
    )
    response.set_ylim(highest_dbfs - _seen_db, highest_dbfs)
    _legend(response, "Input (dBFS)")

    for column, input_dbfs in enumerate(_input_dbfs_of_harmonics):
        axes = figure.add_subplot(grid[1, column])
        _draw_harmonics(axes, found, _input_dbfs.index(input_dbfs))
        style(
            axes,
            f"Harmonics, input {input_dbfs:.0f} dBFS",
            "Frequency of the sine (Hz)",
            "Level of the harmonic (dBFS)" if column == 0 else "",
        )
        axes.tick_params(labelleft=column == 0)
        axes.set_ylim(highest_dbfs - _seen_of_harmonics_db, highest_dbfs)
    _legend(figure.axes[-1], "Harmonic")
    return figure


def _legend(axes: Axes, title: str) -> None:
    axes.legend(
        title=title,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        frameon=False,
        fontsize=8,
        title_fontsize=8,
    )


def _draw_response(axes: Axes, found: Harmonics) -> None:
    from matplotlib import colormaps

    shades = colormaps["viridis"](np.linspace(0.0, 0.85, len(found.input_dbfs)))
    for level in reversed(range(len(found.input_dbfs))):
        axes.plot(
            found.frequency_hz,
            _smoothed(found.output_dbfs[level, 0], width_octaves=1 / 12),
            color=tuple(shades[-1 - level]),
            linewidth=1.6,
            label=f"{found.input_dbfs[level]:.0f}",
        )
    frequency_axis(axes.xaxis)


def _draw_harmonics(axes: Axes, found: Harmonics, level: int) -> None:
    for name, colour, line in zip(_names, colours, found.output_dbfs[level], strict=False):
        smooth = _smoothed(line, width_octaves=1 / 6)
        axes.plot(found.frequency_hz, smooth, color=colour, linewidth=1.4, label=name)
    frequency_axis(axes.xaxis, digits=(1,))


def _smoothed(level_db: NDArray[np.float64], *, width_octaves: float) -> NDArray[np.float64]:
    """Mean power over so many octaves; what is NaN stays so, and does not count."""
    octaves = np.log2(20_000.0 / 20.0)
    window = np.ones(max(1, round(width_octaves * level_db.size / octaves)))
    known = np.isfinite(level_db)
    power = np.where(known, 10.0 ** (level_db / 10.0), 0.0)
    mean = np.convolve(power, window, "same") / np.maximum(np.convolve(known, window, "same"), 1.0)
    return np.where(known, 10.0 * np.log10(np.maximum(mean, 1e-20)), np.nan)
