# SPDX-License-Identifier: MIT
"""`reamp show`: a picture of audio files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import options
from .messages import printable


def show(
    audio: Annotated[
        Path,
        typer.Argument(
            metavar="AUDIO", readable=False, help="WAV, AIFF, FLAC, OGG or MP3.", show_default=False
        ),
    ],
    other: Annotated[
        Path | None,
        typer.Argument(
            metavar="[OTHER]",
            readable=False,
            help="Another, drawn on the same time axis: what the first was made of.",
            show_default=False,
        ),
    ] = None,
    output: options.Picture = Path("show.png"),
    force: options.Force = False,
) -> None:
    """Draw an audio file's waveform, spectrogram and level.

    Needs matplotlib, which pip install "pedalboard-nam[plot]" brings.
    """
    from ..pictures.audio import draw_audio

    files = [audio] if other is None else [audio, other]
    with options.force_replaces():
        draw_audio(files, output, overwrite=force)
    typer.echo(printable(str(output)))
