# SPDX-License-Identifier: MIT
"""Everything about a model file, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .columns import lines
from .messages import in_short, printable

if TYPE_CHECKING:
    from ..library.capture import Capture

_shown_above = ("name", "loudness", "input_level_dbu", "output_level_dbu")


def print_details(captures: list[Capture]) -> None:
    """Print what is known of each, one after the other."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    for index, capture in enumerate(captures):
        if index > 0:
            console.print()
        console.print(Text(in_short(capture.facts["name"]), style="bold"))
        table = Table(box=None, show_header=False)
        for label, fact in _lines(capture):
            table.add_row(Text(in_short(label), style="dim"), Text(fact))
        console.print(table)
        console.print()
        heading, *sizes = lines(_size_rows(capture.facts), left=2, limit=console.width - 2)
        console.print(Text(f" {heading}", style="bold"), soft_wrap=True)
        for line in sizes:
            console.print(Text(f" {line}"), soft_wrap=True)


def _lines(capture: Capture) -> list[tuple[str, str]]:
    facts = capture.facts
    rate_hz, reach = facts["sample_rate_hz"], facts["receptive_field_frames"]
    field = "all that came before"
    if reach is not None:
        field = f"{reach:,} frames, {_ms(reach, rate_hz)}"
    return [
        ("File", printable(capture.path)),
        ("Kind", facts["description"]),
        ("Sample rate", f"{rate_hz:g} Hz"),
        ("Receptive field", field),
        ("Input level", _level(facts["input_level_dbu"], "dBu")),
        ("Output level", _level(facts["output_level_dbu"], "dBu")),
        *_metadata_lines(facts["metadata"]),
        *(("Note", printable(note)) for note in facts["notes"]),
    ]


def _metadata_lines(metadata: dict[str, Any]) -> list[tuple[str, str]]:
    from ..library.capture import flattened
    from ..library.choose import text_of
    from ..wording.numbers import is_number

    rest = {key: value for key, value in metadata.items() if key not in _shown_above}
    date = _date(rest.get("date"))
    if date is not None:
        rest["date"] = date
    if is_number(rest.get("gain")):
        rest["gain"] = round(rest["gain"], 3)
    return [
        (_label(key), in_short(text_of(value)))
        for key, value in flattened(rest).items()
        if value is not None and value != ""
    ]


def _label(key: str) -> str:
    """As people write it: "Gear make"; of what is in an object, "Training, validation esr"."""
    room, _, inside = key.partition(".")
    said = f"{room}, {inside.rpartition('.')[2]}" if inside else key
    return said.replace("_", " ").capitalize()


def _date(date: Any) -> str | None:
    """The trainer's date, which is an object with six numbers."""
    try:
        day = "{year:04d}-{month:02d}-{day:02d}".format(**date)
        return "{} {hour:02d}:{minute:02d}:{second:02d}".format(day, **date)
    except (KeyError, TypeError, ValueError):
        return None


def _size_rows(facts: dict[str, Any]) -> list[list[str]]:
    """The first one is the heading."""
    from ..nam.description import names

    sizes = facts["sizes"]
    rows = [["size", "plays", "channels", "weights", "mult-adds", "lookback", "loudness", "x rt"]]
    named = names([(size["name"], size["description"]) for size in sizes])
    for name, size in zip(named, sizes, strict=True):
        lookback, speed = size["lookback_frames"], size["x_real_time"]
        rows.append(
            [
                name,
                _plays(size, sizes),
                f"{size['channels']:,}",
                f"{size['weights']:,}",
                f"{size['multiply_adds']:,}",
                "no end" if lookback is None else _ms(lookback, facts["sample_rate_hz"]),
                _level(size["loudness_db"], "dB"),
                "" if speed is None else x_real_time(speed),
            ]
        )
    return rows


def _plays(size: dict[str, Any], sizes: list[dict[str, Any]]) -> str:
    """At which values of the setting."""
    if len(sizes) == 1:
        return "always"
    return "else" if size is sizes[-1] else f"below {size['breakpoint']:g}"


def x_real_time(speed: float) -> str:
    """Three digits, and zeros for the rest: no machine holds more."""
    return f"{float(f'{speed:.3g}'):,.0f}" if speed >= 100.0 else f"{speed:.3g}"


def _ms(frames: int, rate_hz: float) -> str:
    return f"{1000.0 * frames / rate_hz:,.0f} ms"


def _level(value: float | None, unit: str) -> str:
    return "unknown" if value is None else f"{value:.2f} {unit}"
