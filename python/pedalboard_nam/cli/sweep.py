# SPDX-License-Identifier: MIT
"""`reamp sweep`: a picture of each amp."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..settings import Settings
from . import options
from .messages import complain, in_short, printable


@options.with_settings
def sweep(
    models: Annotated[
        list[Path],
        typer.Argument(metavar="MODEL", readable=False, help=".nam files.", show_default=False),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The PNG file to make, or a folder to make it in: the only choice for several "
            "models. By default MODEL.png in this folder.",
            show_default=False,
        ),
    ] = None,
    *,
    settings: Settings,
    force: options.Force = False,
) -> None:
    """Draw what models make of sines: frequency response and harmonics at several input levels.

    Needs matplotlib, which pip install "pedalboard-nam[plot]" brings.
    """
    from ..nam.model import Model
    from ..pictures.sweep import draw_sweep

    failed = False
    for path, picture in zip(models, _pictures(models, output), strict=True):
        try:
            model = Model.load(path)
            with options.force_replaces():
                draw_sweep(model, picture, settings, overwrite=force)
        except (OSError, ValueError) as error:
            failed = True
            complain(error)
        else:
            typer.echo(f"{printable(str(picture))}: {in_short(model.name)}")
    if failed:
        raise typer.Exit(1)


def _pictures(models: list[Path], output: Path | None) -> list[Path]:
    """Where the picture of each model goes."""
    from ..files.new_file import make_folder

    if output is not None and len(models) == 1 and not output.is_dir():
        return [output]
    folder = Path() if output is None else output
    if folder.name.lower().endswith(".png") and not folder.is_dir():
        raise ValueError(f"{folder}: several models have a picture each; name a folder for them")
    pictures = [folder / f"{path.stem}.png" for path in models]
    for picture in pictures:
        if pictures.count(picture) > 1:
            raise ValueError(f"{picture} would be the picture of two models; draw one by one")
    make_folder(folder)
    return pictures
