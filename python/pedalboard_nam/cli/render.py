# SPDX-License-Identifier: MIT
"""`reamp render`: one audio file through one model."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from . import options
from .messages import printable, warn


def render(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="IN", readable=False, help="WAV, AIFF, FLAC, OGG or MP3.", show_default=False
        ),
    ],
    model: options.ModelFile,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="The extension chooses the format: .wav, .flac, .aiff, .ogg or .mp3.",
            show_default=False,
        ),
    ],
    size: options.Size = "full",
    input_gain_db: Annotated[
        float, typer.Option(metavar="DB", help="Gain before the model: more is more drive.")
    ] = 0.0,
    output_gain_db: Annotated[
        float, typer.Option(metavar="DB", help="Gain after the model.")
    ] = 0.0,
    output_mode: Annotated[
        options.OutputMode,
        typer.Option(
            metavar="MODE",
            help="raw: as the model gives it. normalized: as loud as every other model, at "
            "--target-loudness-db. calibrated: at the level of the real gear.",
        ),
    ] = "raw",
    target_loudness_db: Annotated[
        float, typer.Option(metavar="DB", help="How loud that is, in dB re full scale RMS.")
    ] = -18.0,
    interface_level_dbu: Annotated[
        float | None,
        typer.Option(
            metavar="DBU",
            help="The level at which your interface reaches 0 dBFS: the model is driven as the "
            "real gear would be. Needed for calibrated.",
            show_default=False,
        ),
    ] = None,
    threads: options.Threads = None,
    bit_depth: options.BitDepth = None,
    force: options.Force = False,
) -> None:
    """Play an audio file through a model.

    Rate, channels and length stay as they are, and nothing is delayed. Every channel is played for
    itself.
    """
    reamp(
        model,
        source,
        output,
        size=options.size_setting(size),
        input_gain_db=input_gain_db,
        output_gain_db=output_gain_db,
        output_mode=output_mode,
        target_loudness_db=target_loudness_db,
        interface_level_dbu=interface_level_dbu,
        threads=threads,
        bit_depth=bit_depth,
        overwrite=force,
    )


def reamp(model_path: Path, source: Path, output: Path, **settings: Any) -> None:
    """Reamp a file and say so: a bar on stderr while it takes long, a line on stdout at the end."""
    # pedalboard takes as long to load as all else together; --help does without.
    from ..model import Model
    from ..reamp_file import reamp_file

    model = Model.load(model_path)
    started = time.perf_counter()
    try:
        with _progress_bar(output.name) as progress:
            done = reamp_file(model, source, output, progress=progress, **settings)
    except FileExistsError:
        raise FileExistsError(f"{output} exists already; --force replaces it") from None
    took_s = time.perf_counter() - started
    peak_dbfs = 20.0 * math.log10(done.peak) if done.peak else -math.inf
    if done.clipped:
        gain_db = settings.get("output_gain_db", 0.0) - math.ceil(10.0 * peak_dbfs) / 10.0
        warn(
            f"{output} is clipped: its peak is {peak_dbfs:+.1f} dBFS; "
            f"avoid it with --output-gain-db {gain_db:.1f}"
        )
    if not done.is_finite:
        warn(f"{output} holds samples that are not numbers; look for them in {source}")
    length_s = done.frames / done.sample_rate
    channels = {1: "mono", 2: "stereo"}.get(done.num_channels, f"{done.num_channels} channels")
    typer.echo(
        f"{printable(str(output))}: {_duration(length_s)} {channels} at {done.sample_rate:g} Hz, "
        f"peak {peak_dbfs:+.1f} dBFS, {length_s / took_s:.0f} x real time"
    )


@contextmanager
def _progress_bar(name: str) -> Generator[Callable[[int, int], None] | None]:
    """Shown on a terminal, and from the first report on that leaves something to do."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress
    from rich.text import Text

    with Progress(console=Console(stderr=True), transient=True) as bar:

        def progress(done_frames: int, frames: int) -> None:
            if not bar.tasks and done_frames < frames:
                bar.add_task(Text(printable(name)).markup)
            for task in bar.task_ids:
                bar.update(task, completed=done_frames, total=frames)

        yield progress


def _duration(seconds: float) -> str:
    if seconds < 60.0:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
