# SPDX-License-Identifier: MIT
"""`reamp session`: a file of tracks, boards and buses, bounced to a mix and its stems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import options
from .playing import play_and_say_so, warn_of_clipping


def session(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="SESSION", help="A .toml or .json file; see docs/sessions.md.", readable=False
        ),
    ],
    output: options.Output,
    stems: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="A folder for a file of every track and bus.", show_default=False
        ),
    ] = None,
    threads: options.Threads = None,
    bit_depth: options.BitDepth = None,
    dither: options.Dither = False,
    force: options.Force = False,
) -> None:
    """Play tracks through their boards and buses into a mix.

    The file says which; paths in it are relative to it. Mix and stems appear together at the end.
    """
    from ..session.session import Session

    loaded = Session.load(file)
    done = play_and_say_so(
        output,
        lambda progress: loaded.bounce(
            output,
            stems=stems,
            bit_depth=bit_depth,
            dither=dither,
            overwrite=force,
            threads=threads,
            progress=progress,
        ),
        None,
    )
    for name, stem in done.stems.items():
        assert stems is not None
        warn_of_clipping(stems / f"{name}{output.suffix}", stem)
