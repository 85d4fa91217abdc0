# SPDX-License-Identifier: MIT
"""`reamp render`: one audio file through one model."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import options
from .board import GateAndCabinet, board_of_script
from .messages import WrongUsage, printable, warn

if TYPE_CHECKING:
    from pedalboard import Pedalboard  # pyright: ignore[reportPrivateImportUsage]

    from ..reamp_file import Reamped


def render(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="IN", readable=False, help="WAV, AIFF, FLAC, OGG or MP3.", show_default=False
        ),
    ],
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
    model: options.ModelFileOrNone = None,
    size: options.Size = "full",
    input_gain_db: options.InputGain = 0.0,
    output_gain_db: options.OutputGain = 0.0,
    output_mode: options.Mode = "raw",
    target_loudness_db: options.TargetLoudness = -18.0,
    interface_level_dbu: options.InterfaceLevel = None,
    gate: options.Gate = None,
    ir: options.ImpulseResponse = None,
    board: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.py",
            help="Instead of a model: a Python file that makes a Pedalboard called board.",
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
    settings: dict[str, Any] = {
        "size": options.size_setting(size),
        "input_gain_db": input_gain_db,
        "output_gain_db": output_gain_db,
        "output_mode": output_mode,
        "target_loudness_db": target_loudness_db,
        "interface_level_dbu": interface_level_dbu,
    }
    file_settings: dict[str, Any] = {"bit_depth": bit_depth, "overwrite": force}
    if board is None and model is None:
        raise WrongUsage("Missing option '--model', or '--board'")
    if board is not None and (model, gate, ir) != (None, None, None):
        raise WrongUsage("--board is played as it is: without --model, --gate and --ir")
    if threads is not None and (board, gate, ir) != (None, None, None):
        raise WrongUsage("--threads is for a model alone: effects play on one thread")
    if board is not None:
        play_board(source, output, board_of_script(board), **file_settings)
    elif model is not None and (gate, ir) != (None, None):
        from ..plugin import NeuralAmp

        amp = NeuralAmp(model, **settings)
        effects = GateAndCabinet(gate, ir)(amp)
        play_board(source, output, effects, output_gain_db, **file_settings)
    elif model is not None:
        reamp(model, source, output, threads=threads, **settings, **file_settings)


def reamp(model_path: Path, source: Path, output: Path, **settings: Any) -> None:
    """Reamp a file and say so."""
    # pedalboard takes as long to load as all else together; --help does without.
    from ..model import Model
    from ..reamp_file import reamp_file

    model = Model.load(model_path)
    _play_and_say_so(
        output,
        lambda progress: reamp_file(model, source, output, progress=progress, **settings),
        settings.get("output_gain_db", 0.0),
    )


def play_board(
    source: Path,
    output: Path,
    board: Pedalboard,
    output_gain_db: float | None = None,
    **settings: Any,
) -> None:
    """Play a file through a board and say so."""
    from ..board_file import board_file

    _play_and_say_so(
        output,
        lambda progress: board_file(board, source, output, progress=progress, **settings),
        output_gain_db,
    )


def _play_and_say_so(
    output: Path,
    play: Callable[[Callable[[int, int], None] | None], Reamped],
    output_gain_db: float | None,
) -> None:
    """A bar on stderr while it takes long, a line on stdout at the end."""
    started = time.perf_counter()
    try:
        with _progress_bar(output.name) as progress:
            done = play(progress)
    except FileExistsError:
        raise FileExistsError(f"{output} exists already; --force replaces it") from None
    took_s = time.perf_counter() - started
    peak_dbfs = 20.0 * math.log10(done.peak) if done.peak else -math.inf
    if done.clipped:
        remedy = f"turn the board down by {math.ceil(10.0 * peak_dbfs) / 10.0:.1f} dB"
        if output_gain_db is not None:
            gain_db = output_gain_db - math.ceil(10.0 * peak_dbfs) / 10.0
            remedy = f"avoid it with --output-gain-db {gain_db:.1f}"
        warn(f"{output} is clipped: its peak is {peak_dbfs:+.1f} dBFS; {remedy}")
    if not done.is_finite:
        warn(f"{output} holds samples that are not numbers; look for them in the input")
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
