# SPDX-License-Identifier: MIT
"""Figures take any name, and are whole PNG files or none; matplotlib is asked for in words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pedalboard_nam.pictures import figure


def test_without_matplotlib_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r'pip install "pedalboard-nam\[plot\]"'):
        figure.new_figure("amp")


@pytest.mark.parametrize(
    "name", ["$x$ <b> $", "日本語アンプ", "a\nb\0c", "W" * 500, "日" * 500, ""]
)
def test_a_title_of_any_text_fits_and_draws_without_a_warning(name: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    drawn = figure.new_figure(name, width_in=6.0, height_in=2.0)
    figure.style(drawn.subplots(), figure.fitting(name, 5.0), "Time (s)", "Level (dBFS)")
    figure.save_png(drawn, tmp_path / "a.png")
    title = drawn._suptitle
    assert title.get_window_extent().x1 <= 600.0
    assert ("…" in title.get_text()) == (len(name) > 100)


def test_a_picture_never_replaces_a_file_unasked(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "a.png"
    path.write_text("mine")
    drawn = figure.new_figure("amp")
    with pytest.raises(FileExistsError, match=r"a\.png exists already"):
        figure.save_png(drawn, path)
    assert path.read_text() == "mine"
    figure.save_png(drawn, path, overwrite=True)
    assert path.read_bytes()[:4] == b"\x89PNG"
    assert list(tmp_path.iterdir()) == [path]


def test_a_picture_of_another_format_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(ValueError, match=r"a\.jpg: pictures are PNG files"):
        figure.save_png(figure.new_figure("amp"), tmp_path / "a.jpg")
    assert not list(tmp_path.iterdir())


def test_pyplot_and_its_windows_stay_out() -> None:
    pytest.importorskip("matplotlib")
    figure.new_figure("amp")
    assert "matplotlib.pyplot" not in sys.modules
