# SPDX-License-Identifier: MIT
"""What all pictures share: matplotlib without a screen, the house style, and PNG files."""
# matplotlib's own annotations leave **kwargs open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..files.new_file import StrPath, renamed_when_complete
from ..wording.printable import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import XAxis, YAxis
    from matplotlib.figure import Figure

# Told apart by any eye, and in grey: after Okabe and Ito, darkest first.
colours = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")

_ink, _faint = "#222222", "#d8d8d8"
# Of matplotlib's own font and of those that Linux has for what is not in it, which are there.
_fonts = (
    "DejaVu Sans",
    "Noto Sans CJK JP",
    "WenQuanYi Zen Hei",
    "IPAGothic",
    "Droid Sans Fallback",
)


def new_figure(title: str, *, width_in: float = 10.0, height_in: float = 6.0) -> Figure:
    """An empty figure with a title, which may be any text: names of models and files.

    The figure belongs to no window and to no global state, so threads may draw one each.

    Raises
    ------
    ImportError
        If matplotlib is not installed; the message says how to install it.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError(
            f'pictures need matplotlib: pip install "pedalboard-nam[plot]" ({error})',
            name="matplotlib",
        ) from None
    figure = Figure((width_in, height_in), dpi=100, layout="constrained", facecolor="white")
    figure.suptitle(
        fitting(title, 0.97 * width_in, size_pt=13.0, weight="bold"),
        x=0.012,
        ha="left",
        fontsize=13.0,
        fontweight="bold",
        color=_ink,
        fontfamily=installed_fonts(),
        parse_math=False,
    )
    return figure


def fitting(text: str, width_in: float, *, size_pt: float = 10.0, weight: str = "normal") -> str:
    """Any text as one line that is no wider than this, of characters that our fonts can draw.

    Its middle is left out if it is too long.
    """
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.textpath import text_to_path

    families = installed_fonts()
    fonts = [get_font(findfont(FontProperties(family=name, weight=weight))) for name in families]
    drawable = "".join(
        c if any(font.get_char_index(ord(c)) for font in fonts) else "\N{REPLACEMENT CHARACTER}"
        for c in printable(text)
    )
    properties = FontProperties(family=families, size=size_pt, weight=weight)
    line, kept = drawable, len(drawable)
    while width_in * 72.0 < (
        width_pt := text_to_path.get_text_width_height_descent(line, properties, False)[0]
    ):
        kept = min(kept - 1, int(kept * width_in * 72.0 / width_pt))
        head = (kept + 1) // 2
        line = f"{drawable[:head]}…{drawable[len(drawable) - (kept - head) :]}"
    return line


def style(axes: Axes, title: str = "", x_label: str = "", y_label: str = "") -> None:
    """Bring axes into the house style; a title that holds a name is `fitting` text."""
    axes.set_title(
        title,
        loc="left",
        fontsize=10,
        color=_ink,
        fontfamily=installed_fonts(),
        parse_math=False,
    )
    axes.set_xlabel(x_label, fontsize=9, color=_ink)
    axes.set_ylabel(y_label, fontsize=9, color=_ink)
    axes.tick_params(labelsize=8, colors=_ink, length=3)
    axes.grid(True, color=_faint, linewidth=0.6)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color("#888888")


def frequency_axis(axis: XAxis | YAxis, *, digits: tuple[int, ...] = (1, 2, 5)) -> None:
    """Make a logarithmic axis from 20 Hz to 20 kHz, with labels that start with these digits."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    axes = axis.axes
    if axis is axes.xaxis:
        axes.set_xscale("log")
        axes.set_xlim(20.0, 20_000.0)
    else:
        axes.set_yscale("log")
        axes.set_ylim(20.0, 20_000.0)
    axis.set_major_locator(FixedLocator([d * 10.0**power for power in range(1, 5) for d in digits]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(_hz))


def check_png(path: StrPath, *, overwrite: bool = False) -> None:
    """Raise what `save_png` would for this name, before there is a picture to save."""
    path = os.fspath(path)
    if not path.lower().endswith(".png"):
        raise ValueError(f"{path}: pictures are PNG files; give it a name that ends in .png")
    if not overwrite and os.path.lexists(path):
        raise FileExistsError(f"{path} exists already; overwrite=True replaces it")


def save_png(figure: Figure, path: StrPath, *, overwrite: bool = False) -> None:
    """Write the figure as a PNG file, which appears under its name when it is complete.

    Raises
    ------
    ValueError
        If the name does not end in .png.
    OSError
        If the file exists and is not to be replaced, or cannot be written.
    """
    check_png(path, overwrite=overwrite)
    with renamed_when_complete(path, overwrite) as file:
        figure.savefig(file, format="png", metadata={"Software": None})


def _hz(frequency_hz: float, _: int | None) -> str:
    return f"{frequency_hz / 1000:g}k" if frequency_hz >= 1000 else f"{frequency_hz:g}"


def installed_fonts() -> list[str]:
    """Families that together draw any text, as far as this machine can."""
    from matplotlib.font_manager import fontManager

    installed = set(fontManager.get_font_names())
    return [name for name in _fonts if name in installed]
