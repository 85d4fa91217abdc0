# SPDX-License-Identifier: MIT
"""`reamp compare`: how an audio file differs from a reference."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import options
from .messages import printable

if TYPE_CHECKING:
    from ..comparison.compare import Comparison


def compare(
    a: Annotated[
        Path,
        typer.Argument(metavar="A", readable=False, help="An audio file.", show_default=False),
    ],
    b: Annotated[
        Path,
        typer.Argument(
            metavar="B",
            readable=False,
            help="The reference: as long, of as many channels and at the same rate.",
            show_default=False,
        ),
    ],
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT",
            help="Draw waveforms, what is left and spectra, in a PNG file.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
    force: options.Force = False,
) -> None:
    """Show how an audio file differs from a reference.

    The null is what is left of B when A is taken out, after the delay, polarity and gain of A that
    leave least.
    """
    from ..comparison.compare import compare as compare_audio

    found = compare_audio(a, b)
    if plot is not None:
        with options.force_replaces():
            found.plot(plot, overwrite=force)
    if as_json:
        typer.echo(json.dumps(_facts(a, b, found), indent=2))
    else:
        _print_table(a, b, found)


def _facts(a: Path, b: Path, found: Comparison) -> dict[str, Any]:
    facts = {
        "a": str(a),
        "b": str(b),
        "error_to_signal_ratio": found.error_to_signal_ratio,
        "esr_db": found.esr_db,
        "null_depth_db": found.null_depth_db,
        "delay_frames": found.delay_frames,
        "inverted": found.inverted,
        "level_difference_db": found.level_difference_db,
        "num_channels": found.num_channels,
        "frames": found.frames,
        "sample_rate_hz": found.sample_rate,
    }
    # JSON has no infinity.
    return {name: None if fact == -math.inf else fact for name, fact in facts.items()}


def _print_table(a: Path, b: Path, found: Comparison) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False)
    for label, fact in _lines(a, b, found):
        table.add_row(Text(label, style="dim"), Text(printable(fact)))
    Console(highlight=False).print(table)


def _lines(a: Path, b: Path, found: Comparison) -> list[tuple[str, str]]:
    rate_hz = found.sample_rate
    delay = f"{found.delay_frames:.2f}".rstrip("0").rstrip(".") + " frames"
    if rate_hz:
        delay += f", {1000.0 * found.delay_frames / rate_hz:.3f} ms"
    return [
        ("A", str(a)),
        ("B, the reference", str(b)),
        ("Error to signal", f"{found.error_to_signal_ratio:.3g}, {_db(found.esr_db)}"),
        ("Null", _db(found.null_depth_db)),
        ("Delay of A", delay),
        ("Polarity of A", "inverted" if found.inverted else "as B"),
        ("Level of A", _db(found.level_difference_db, "+")),
    ]


def _db(level_db: float, sign: str = "") -> str:
    return f"{level_db:{sign}.2f} dB"
