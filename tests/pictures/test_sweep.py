# SPDX-License-Identifier: MIT
"""The picture of an amp shows what single sines would."""

from __future__ import annotations

from importlib.resources import as_file, files
from itertools import combinations

import numpy as np
import pytest

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure

from pedalboard_nam import Model, render
from pedalboard_nam.measure.harmonics import measure_harmonics
from pedalboard_nam.pictures.sweep import sweep_figure
from pedalboard_nam.settings import Settings

rate_hz = 48_000


@pytest.fixture(scope="module")
def amp() -> Model:
    with as_file(files("pedalboard_nam") / "demo" / "amp.nam") as path:
        return Model.load(path)


@pytest.fixture(scope="module")
def figure(amp: Model) -> Figure:
    return sweep_figure(amp, Settings(size="lite", input_gain_db=3.0))


def test_a_sweep_finds_the_harmonics_that_a_single_sine_has(amp: Model) -> None:
    frequency_hz, input_dbfs = 440, -12.0
    found = measure_harmonics(
        lambda x: render(amp, x, rate_hz, size="lite"),
        rate_hz,
        input_dbfs=[input_dbfs],
        harmonics=3,
    )
    time_s = np.arange(2 * rate_hz) / rate_hz
    sine = 10.0 ** (input_dbfs / 20.0) * np.sin(2.0 * np.pi * frequency_hz * time_s)
    heard = render(amp, sine.astype(np.float32), rate_hz, size="lite")[-rate_hz:]  # bins of 1 Hz
    peaks = np.abs(np.fft.rfft(heard)) / (rate_hz / 2)
    point = int(np.abs(found.frequency_hz - frequency_hz).argmin())
    for n in range(3):
        single_dbfs = 20.0 * np.log10(peaks[(n + 1) * frequency_hz])
        assert found.output_dbfs[0, n, point] == pytest.approx(single_dbfs, abs=0.3)


def test_the_picture_names_the_amp_and_its_settings(amp: Model, figure: Figure) -> None:
    assert figure.get_suptitle() == amp.name
    title = figure.axes[0].get_title("left")
    assert "size lite, input gain 3 dB" in title


def test_every_input_level_has_a_line_and_more_input_gives_more(figure: Figure) -> None:
    lines = figure.axes[0].get_lines()
    assert [line.get_label() for line in lines] == ["0", "-12", "-24", "-36", "-48", "-60"]
    middle = [np.asarray(line.get_ydata())[200] for line in lines]
    assert middle == sorted(middle, reverse=True)


def test_harmonics_stand_in_panels_of_one_scale(figure: Figure) -> None:
    panels = figure.axes[1:]
    assert len(panels) == 3
    assert len({axes.get_ylim() for axes in panels}) == 1
    for axes in panels:
        assert len(axes.get_lines()) == 5
        assert axes.get_xlim() == (20.0, 20_000.0)


def test_nothing_overlaps_or_leaves_the_picture(figure: Figure) -> None:
    figure.draw_without_rendering()
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    width, height = figure.get_size_inches() * figure.dpi
    for box in boxes:
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= width
        assert box.y1 <= height
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


def test_a_gain_after_the_amp_moves_the_axes_and_not_the_lines(amp: Model) -> None:
    figures = [
        sweep_figure(amp, Settings(size="lite", output_gain_db=gain_db)) for gain_db in (0.0, -48.0)
    ]
    for loud, quiet in zip(*(figure.axes for figure in figures), strict=True):
        np.testing.assert_allclose(np.array(loud.get_ylim()) - 48.0, quiet.get_ylim())
