# SPDX-License-Identifier: MIT
"""Many model files, a line each: as wide as the terminal, or as CSV."""

from __future__ import annotations

import csv
import os
import sys
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from .columns import padded, shortened, told_apart
from .info_details import x_real_time
from .messages import complain, in_short, printable

if TYPE_CHECKING:
    from ..library.capture import Capture

_csv_fields = (
    *("path", "name", "gear", "tone", "kind", "sample_rate_hz", "loudness", "gain"),
    *("input_level_dbu", "output_level_dbu", "weights", "multiply_adds", "lookback_frames"),
    *("x_real_time", "notes", "error"),
)

# What a character of a column is worth: those of text get narrower where there is no room.
_worth = {"file": 3.0, "name": 1.5, "gear": 1.0, "tone": 1.0, "kind": 3.0}
_worth_of_numbers = 4.0
_headings = (*_worth, "dB", "gain", "dBu", "x rt")
_narrowest = {"file": 12, "kind": 12}
_narrowest_other = 8


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
    """Print a line for each file, in a terminal cut to its width; paths are those in `folder`.

    What is wrong with a file is told in full on stderr if it is cut.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    rows = [_cells(capture, folder) for capture in captures]
    used = [h for h in _headings if h == "file" or any(row.get(h) for row in rows)]
    limit = console.width if console.is_terminal or "COLUMNS" in os.environ else None
    widths = _natural_widths(used, rows)
    gap = "  "
    if limit is not None and sum(widths.values()) + len(gap) * (len(widths) - 1) > limit:
        gap = " "
        _make_room(widths, rows, limit)
    files = told_apart([row["file"] for row in rows], widths["file"])
    console.print(Text(_line({h: h for h in used}, widths, gap), style="bold"), soft_wrap=True)
    cut: list[str] = []
    for capture, row, file in zip(captures, rows, files, strict=True):
        if capture.error:
            error = printable(capture.error.removeprefix(f"{capture.path}: "))
            line = padded(file, widths["file"]) + gap + error
            shown = line if limit is None else shortened(line, limit)
            if shown != line or file != row["file"]:
                cut.append(capture.error)
            console.print(Text(shown, style="red"), soft_wrap=True)
        else:
            console.print(Text(_line(row | {"file": file}, widths, gap)), soft_wrap=True)
    sys.stdout.flush()
    for error in cut:
        complain(error)
    hidden = [h for h in used if h not in widths]
    if hidden:
        complain(f"no room for {', '.join(hidden)}; a wider terminal, --csv and --json have them")


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

    return "" if value is None else in_short(text_of(value))


def _levels(input_dbu: float | None, output_dbu: float | None) -> str:
    """Of input and output: "12.5/10.0", "12.5/-"."""
    levels = (input_dbu, output_dbu)
    return "" if levels == (None, None) else "/".join(_number(one, ".1f") or "-" for one in levels)


def _number(value: float | None, digits: str) -> str:
    return "" if value is None else format(value, digits)


def _natural_widths(used: list[str], rows: list[dict[str, str]]) -> dict[str, int]:
    from rich.cells import cell_len

    return {h: max(map(cell_len, [h, *(row.get(h, "") for row in rows)])) for h in used}


def _make_room(widths: dict[str, int], rows: list[dict[str, str]], limit: int) -> None:
    """Take away what the fewest rows miss least, until all columns fit in `limit`.

    That is a character of all that is as wide as its column, or the column, if its text is narrow
    already or it is one of numbers.
    """
    from rich.cells import cell_len

    lengths = {h: sorted(cell_len(row.get(h, "")) for row in rows) for h in widths}

    def is_narrow(h: str) -> bool:
        return h not in _worth or widths[h] <= _narrowest.get(h, _narrowest_other)

    def loss(h: str) -> float:
        if is_narrow(h):
            return _worth.get(h, _worth_of_numbers) * _count_from(lengths[h], 1)
        return _worth[h] * _count_from(lengths[h], widths[h]) / widths[h]

    while sum(widths.values()) + len(widths) - 1 > limit:
        losses = {h: loss(h) for h in widths if not (h in _narrowest and is_narrow(h))}
        if not losses:
            return
        cheapest = min(losses, key=lambda h: losses[h])
        if is_narrow(cheapest):
            del widths[cheapest]
        else:
            widths[cheapest] -= 1


def _count_from(lengths: list[int], least: int) -> int:
    """How many of these, which are in order, are as long as that or longer."""
    return len(lengths) - bisect_left(lengths, least)


def _line(cells: dict[str, str], widths: dict[str, int], gap: str) -> str:
    columns = (padded(cells[h], w, to_the_right=h not in _worth) for h, w in widths.items())
    return gap.join(columns).rstrip()
