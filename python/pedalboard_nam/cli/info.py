# SPDX-License-Identifier: MIT
"""`reamp info`: what model files say, each in full or all in a table."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import info_details, info_table
from .messages import WrongUsage, complain

if TYPE_CHECKING:
    from ..library.capture import Capture


def info(
    models: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL",
            readable=False,
            help=".nam files, or .vstpreset files with a model; or folders, searched with all that "
            "is below: their .nam files are shown in a table.",
            show_default=False,
        ),
    ],
    sort: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="Order the table by file, name, gear, tone, kind, loudness, gain, x_real_time, or "
            "any other field of --json, metadata too.",
            show_default=False,
        ),
    ] = None,
    reverse: Annotated[bool, typer.Option("--reverse", "-r", help="The largest first.")] = False,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help="Only these: tone_type=crunch, name=*plexi*, gain<0.3, or with !=, <=, > or >=. "
            "May be given several times: all must hold.",
            show_default=False,
        ),
    ] = None,
    speed: Annotated[
        bool,
        typer.Option(
            "--speed/--no-speed",
            help="Measure how many times faster than real time one core of this machine is, 20 ms "
            "for each kind of network.",
        ),
    ] = True,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON array with an object for each file.")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the table as CSV.")] = False,
) -> None:
    """Show what is in model files.

    A file that cannot be read is a line in the table, or an object with its error. As with ls, the
    others are shown all the same, and the exit code is 1.
    """
    if as_json and as_csv:
        raise WrongUsage("--json and --csv exclude each other")
    captures = _captures(models, speed)
    shown = _chosen(captures, where or [], sort, reverse)
    unread = [one for one in captures if one.error]
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in shown], indent=2))
    elif as_csv:
        info_table.print_csv(shown)
    elif len(unread) < len(captures) and (sort or where or any(map(os.path.isdir, models))):
        info_table.print_table(shown, _common_folder(models))
        if where and unread:
            complain(f"{len(unread)} of {len(captures)} files cannot be read, and are not shown")
    else:
        for one in unread:
            complain(one.error)
        info_details.print_details([one for one in shown if not one.error])
    if unread:
        raise typer.Exit(1)


def _captures(models: list[Path], speed: bool) -> list[Capture]:
    from rich.console import Console

    from ..engine.benchmark import SpeedOf
    from ..library.capture import read
    from ..library.find import find

    speed_of = SpeedOf() if speed else None
    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    with console.status("Reading models"):
        found = find(map(os.fspath, models))
        return [read(one, speed_of) if isinstance(one, str) else one for one in found]


def _chosen(
    captures: list[Capture], where: list[str], sort: str | None, reverse: bool
) -> list[Capture]:
    from ..library.choose import Condition, chosen, ordered

    try:
        shown = chosen(captures, map(Condition.parsed, where))
        return ordered(shown, sort, reverse) if sort else shown[:: -1 if reverse else 1]
    except ValueError as error:
        raise WrongUsage(str(error)) from None


def _common_folder(models: list[Path]) -> str:
    return os.path.join(models[0], "") if len(models) == 1 and models[0].is_dir() else ""
