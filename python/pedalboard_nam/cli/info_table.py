# SPDX-License-Identifier: MIT
"""Many model files, a line each: as wide as the terminal, or as CSV."""

from __future__ import annotations

import csv
import os
import sys
from typing import TYPE_CHECKING, Any

from .info_details import x_real_time
from .messages import printable

if TYPE_CHECKING:
    from ..library.capture import Capture

_csv_fields = (
    *("path", "name", "gear", "tone", "kind", "sample_rate_hz", "loudness", "gain"),
    *("input_level_dbu", "output_level_dbu", "weights", "multiply_adds", "lookback_frames"),
    *("x_real_time", "notes", "error"),
)

# Columns of text, which get narrower where there is no room, and what their parts of it are.
_parts = {"file": 2.0, "name": 1.5, "gear": 1.0, "tone": 1.0, "kind": 1.5}
_narrowest = 6


def print_csv(captures: list[Capture]) -> None:
    """Print a line with the names of the fields, and one for each file."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_csv_fields)
    for capture in captures:
        fields = capture.fields()
        writer.writerow([_csv_cell(fields.get(field)) for field in _csv_fields])


def _csv_cell(value: Any) -> Any:
    from ..library.choose import text_of

    return value if value is None or isinstance(value, float) else printable(text_of(value))


def print_table(captures: list[Capture], folder: str) -> None:
    """Print a line for each file, in a terminal cut to its width; paths are those in `folder`."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    rows = [_cells(capture, folder) for capture in captures]
    headings = [*_parts, "dB", "gain", "dBu", "x rt"]
    used = [h for h in headings if h == "file" or any(row.get(h) for row in rows)]
    limit = console.width if console.is_terminal or "COLUMNS" in os.environ else None
    widths = _natural_widths(used, rows)
    gap = "  "
    if limit is not None and sum(widths.values()) + len(gap) * (len(used) - 1) > limit:
        gap = " "
        _narrow(widths, limit - len(gap) * (len(used) - 1))
    heading = gap.join(_cell(h, h, widths[h]) for h in used)
    console.print(Text(heading.rstrip(), style="bold"), soft_wrap=True)
    for capture, row in zip(captures, rows, strict=True):
        if capture.error:
            error = printable(capture.error.removeprefix(f"{capture.path}: "))
            line = _cell("file", row["file"], widths["file"]) + gap + error
            cut = line if limit is None else _shortened(line, limit)
            console.print(Text(cut, style="red"), soft_wrap=True)
        else:
            line = gap.join(_cell(h, row[h], widths[h]) for h in used)
            console.print(Text(line.rstrip()), soft_wrap=True)


def _cells(capture: Capture, folder: str) -> dict[str, str]:
    """Text by heading."""
    fields = capture.fields()
    file = printable(capture.path.removeprefix(folder))
    if capture.error:
        return {"file": file}
    is_new = fields["name"] != os.path.splitext(fields["file"])[0]
    return {
        "file": file,
        "name": _text(fields["name"]) if is_new else "",
        "gear": _text(fields["gear"]),
        "tone": _text(fields["tone"]),
        "kind": _text(fields["kind"]),
        "dB": _number(fields["loudness"], ".1f"),
        "gain": _number(fields["gain"], ".2f"),
        "dBu": _levels(fields["input_level_dbu"], fields["output_level_dbu"]),
        "x rt": "" if fields["x_real_time"] is None else x_real_time(fields["x_real_time"]),
    }


def _text(value: Any) -> str:
    from ..library.choose import text_of

    return "" if value is None else printable(text_of(value))


def _levels(input_dbu: float | None, output_dbu: float | None) -> str:
    """Of input and output: "12.5/10.0", "12.5/-"."""
    levels = (input_dbu, output_dbu)
    return "" if levels == (None, None) else "/".join(_number(one, ".1f") or "-" for one in levels)


def _number(value: float | None, digits: str) -> str:
    return "" if value is None else format(value, digits)


def _natural_widths(used: list[str], rows: list[dict[str, str]]) -> dict[str, int]:
    from rich.cells import cell_len

    return {h: max(map(cell_len, [h, *(row.get(h, "") for row in rows)])) for h in used}


def _narrow(widths: dict[str, int], limit: int) -> None:
    """Take from columns of text what they have above their part, until all fit in `limit`."""
    while sum(widths.values()) > limit:
        flexible = [h for h in widths if h in _parts and widths[h] > _narrowest]
        if not flexible:
            return
        widths[max(flexible, key=lambda h: widths[h] / _parts[h])] -= 1


def _cell(heading: str, text: str, width: int) -> str:
    """Text of exactly this width; of a path that is cut, the end is shown."""
    from rich.cells import cell_len

    cut = _shortened(text, width, from_the_left=heading == "file")
    fill = " " * (width - cell_len(cut))
    return cut + fill if heading in _parts else fill + cut


def _shortened(text: str, width: int, from_the_left: bool = False) -> str:
    from rich.cells import cell_len

    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > width - 1:
        text = text[1:] if from_the_left else text[:-1]
    return f"…{text}" if from_the_left else f"{text}…"
