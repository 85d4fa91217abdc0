# SPDX-License-Identifier: MIT
"""`reamp bounce`: one audio file through a board, as a DAW exports a track."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import options
from .board import board_of_file
from .messages import WrongUsage
from .playing import play_board

if TYPE_CHECKING:
    from ..boards.bouncing import Silence


def bounce(
    source: options.Source,
    board: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="A Python file that makes a Pedalboard called board and, if need be, lanes called "
            "automation; or a saved board, .json.",
            show_default=False,
        ),
    ],
    output: options.Output,
    tail: Annotated[
        str,
        typer.Option(
            metavar="SECONDS|silence",
            help="What to keep of the sound after the end: seconds, or all until it stays below "
            "-90 dB, a minute at most.",
        ),
    ] = "0",
    sample_rate: Annotated[
        float | None,
        typer.Option(
            metavar="HZ",
            help="Rate to play and write at; by default the file's.",
            show_default=False,
        ),
    ] = None,
    bit_depth: options.BitDepth = None,
    dither: options.Dither = False,
    no_tags: options.NoTags = False,
    force: options.Force = False,
) -> None:
    """Play an audio file through a pedalboard.

    Channels and length stay as they are, and nothing is delayed.
    """
    kept = _tail(tail)
    effects, automation = board_of_file(board)
    play_board(
        source,
        output,
        effects,
        automation=automation,
        tail=kept,
        sample_rate=sample_rate,
        bit_depth=bit_depth,
        dither=dither,
        overwrite=force,
        tags=not no_tags,
    )


def _tail(text: str) -> float | Silence:
    from ..boards.board_stream import longest_tail_s
    from ..boards.bouncing import Silence

    if text == "silence":
        return Silence()
    with suppress(ValueError):
        if 0.0 <= (tail_s := float(text)) <= longest_tail_s:
            return tail_s
    raise WrongUsage(
        f"Invalid value for '--tail': {text}; accepted are 0 to {longest_tail_s:g} seconds "
        "and silence"
    )
