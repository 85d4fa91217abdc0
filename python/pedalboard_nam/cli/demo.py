# SPDX-License-Identifier: MIT
"""`reamp demo`: the main job on a fresh machine, with what ships in the package."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from ..settings import Settings, declared
from . import options
from .messages import printable
from .render import reamp


def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT", help="Where to write the result.")
    ] = Path("demo.wav"),
    size: options.Size = "full",
    force: options.Force = False,
) -> None:
    """Play the guitar and the amp that ship with reamp."""
    folder = files("pedalboard_nam") / "demo"
    with as_file(folder / "di.flac") as di, as_file(folder / "amp.nam") as amp:
        reamp(
            amp,
            di,
            output,
            Settings(size=declared["size"].kind.parse(size), output_mode="normalized"),
            overwrite=force,
        )
    typer.echo(f"A guitar of ours through an amp of ours: {printable(str(output.absolute()))}")
    typer.echo("Yours next: reamp render di.wav --model amp.nam --output wet.wav")
