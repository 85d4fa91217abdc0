# SPDX-License-Identifier: MIT
"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

OutputMode = Literal["raw", "normalized", "calibrated"]

Size = Annotated[
    str,
    typer.Option(
        metavar="full|lite|0..1",
        help="Which network of the model plays: the best, the fastest, or by number.",
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, help="Threads to use; all cores by default.", show_default=False
    ),
]
BitDepth = Annotated[
    int | None,
    typer.Option(
        metavar="16|24|32",
        help="32, for .wav only and its default, is floating point: it neither clips nor rounds, "
        "and every DAW opens it. The default for .flac and .aiff is 24.",
        show_default=False,
    ),
]
Force = Annotated[bool, typer.Option("--force", "-f", help="Replace the output if it exists.")]
ModelFile = Annotated[
    Path,
    typer.Option("--model", "-m", metavar="FILE", help="The amp: a .nam file.", show_default=False),
]


def size_setting(text: str) -> str | float:
    """The number that `text` is, or itself."""
    try:
        return float(text)
    except ValueError:
        return text
