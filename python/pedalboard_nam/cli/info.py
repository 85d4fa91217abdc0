# SPDX-License-Identifier: MIT
"""`reamp info`: what model files say."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .messages import complain, printable

if TYPE_CHECKING:
    from ..nam.model import Model

_shown_above = ("name", "loudness", "input_level_dbu", "output_level_dbu")


def info(
    models: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL",
            readable=False,
            help=".nam files, or .vstpreset files with a model.",
            show_default=False,
        ),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON array with an object for each file.")
    ] = False,
) -> None:
    """Show what is in model files."""
    loaded: list[tuple[Path, Model]] = []
    for path in models:
        try:
            loaded.append((path, _load(path)))
        except (OSError, ValueError) as error:
            complain(error)
    if as_json:
        typer.echo(json.dumps([_facts(path, model) for path, model in loaded], indent=2))
    else:
        _print_tables(loaded)
    if len(loaded) < len(models):
        raise typer.Exit(1)


def _load(path: Path) -> Model:
    from ..effect import effect_state, vstpreset
    from ..errors import located
    from ..nam.model import Model

    if path.suffix.lower() != ".vstpreset":
        return Model.load(path)
    try:
        class_id, component = vstpreset.read(path.read_bytes())
        if class_id != effect_state.class_id:
            raise ValueError(f"this .vstpreset is of another plug-in, {class_id}")
        return effect_state.read(component).model
    except ValueError as error:
        raise located(str(path), error) from None


def _facts(path: Path, model: Model) -> dict[str, Any]:
    return {
        "path": str(path),
        "name": model.name,
        "architecture": model.architecture,
        "sample_rate_hz": model.sample_rate,
        "receptive_field_frames": model.receptive_field,
        "input_level_dbu": model.input_level_dbu,
        "output_level_dbu": model.output_level_dbu,
        "sizes": [asdict(size) for size in model.sizes],
        "metadata": model.metadata,
    }


def _print_tables(loaded: list[tuple[Path, Model]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    for index, (path, model) in enumerate(loaded):
        if index > 0:
            console.print()
        console.print(Text(printable(model.name), style="bold"))
        table = Table(box=None, show_header=False)
        for label, fact in _lines(path, model):
            table.add_row(Text(printable(label), style="dim"), Text(printable(fact)))
        console.print(table)


def _lines(path: Path, model: Model) -> list[tuple[str, str]]:
    rate_hz, reach = model.sample_rate, model.receptive_field
    field = "all that came before"
    if reach is not None:
        field = f"{reach:,} frames, {1000.0 * reach / rate_hz:.0f} ms"
    lines = [
        ("File", str(path)),
        ("Architecture", model.architecture),
        ("Sample rate", f"{rate_hz:g} Hz"),
        ("Receptive field", field),
        ("Input level", _level(model.input_level_dbu, "dBu")),
        ("Output level", _level(model.output_level_dbu, "dBu")),
    ]
    for size in model.sizes:
        below = f"below {size.breakpoint:g}" if size is not model.sizes[-1] else "else"
        width = f"{size.channels} channels, {size.weights:,} weights"
        loudness = _level(size.loudness_db, "dB")
        lines.append((f"Size {size.name}", f"{below}: {width}, loudness {loudness}"))
    lines += [
        (key.replace("_", " ").capitalize(), str(value))
        for key, value in model.metadata.items()
        if key not in _shown_above and isinstance(value, str | int | float)
    ]
    return lines


def _level(value: float | None, unit: str) -> str:
    return "unknown" if value is None else f"{value:.2f} {unit}"
