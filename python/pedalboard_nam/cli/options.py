# SPDX-License-Identifier: MIT
"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

OutputMode = Literal["raw", "normalized", "calibrated"]

Source = Annotated[
    Path,
    typer.Argument(
        metavar="IN", readable=False, help="WAV, AIFF, FLAC, OGG or MP3.", show_default=False
    ),
]
Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT",
        help="The extension chooses the format: .wav, .flac, .aiff, .ogg or .mp3.",
        show_default=False,
    ),
]
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
Picture = Annotated[
    Path, typer.Option("--output", "-o", metavar="OUT", help="The PNG file to make.")
]
Dither = Annotated[
    bool, typer.Option("--dither", help="Round to 16 or 24 bits with noise, not distortion.")
]
Force = Annotated[bool, typer.Option("--force", "-f", help="Replace the output if it exists.")]
_model_option: Any = typer.Option(
    "--model", "-m", metavar="FILE", help="The amp: a .nam file.", show_default=False
)
ModelFile = Annotated[Path, _model_option]
ModelFileOrNone = Annotated[Path | None, _model_option]
InputGain = Annotated[
    float, typer.Option(metavar="DB", help="Gain before the model: more is more drive.")
]
OutputGain = Annotated[float, typer.Option(metavar="DB", help="Gain after the model.")]
Mode = Annotated[
    OutputMode,
    typer.Option(
        metavar="MODE",
        help="raw: as the model gives it. normalized: as loud as every other model, at "
        "--target-loudness-db. calibrated: at the level of the real gear.",
    ),
]
TargetLoudness = Annotated[
    float, typer.Option(metavar="DB", help="How loud that is, in dB re full scale RMS.")
]
InterfaceLevel = Annotated[
    float | None,
    typer.Option(
        metavar="DBU",
        help="The level at which your interface reaches 0 dBFS: the model is driven as the "
        "real gear would be. Needed for calibrated.",
        show_default=False,
    ),
]
Gate = Annotated[
    float | None,
    typer.Option(
        metavar="DB",
        help="A noise gate before the model: the level below which it closes, like -60.",
        show_default=False,
    ),
]
ImpulseResponse = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A cabinet after the model: its impulse response, an audio file.",
        show_default=False,
    ),
]


def size_setting(text: str) -> str | float:
    """The number that `text` is, or itself."""
    try:
        return float(text)
    except ValueError:
        return text


@contextmanager
def force_replaces() -> Generator[None]:
    """Name the option where Python would name its argument."""
    try:
        yield
    except FileExistsError as error:
        raise FileExistsError(str(error).replace("overwrite=True", "--force")) from None


def range_of(text: str) -> Any:
    """``A,B,C`` is a list to choose from, ``LOW..HIGH`` numbers between, all else a value."""
    if "," in text:
        return [size_setting(part.strip()) for part in text.split(",")]
    low, dots, high = text.partition("..")
    if dots:
        return size_setting(low), size_setting(high)
    return size_setting(text)
