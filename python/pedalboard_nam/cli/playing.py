# SPDX-License-Identifier: MIT
"""What is seen while a file plays: a bar on stderr, and a line on stdout at the end."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from .messages import printable, warn
from .options import force_replaces

if TYPE_CHECKING:
    from pedalboard import Pedalboard  # pyright: ignore[reportPrivateImportUsage]

    from ..engine.reamp_file import Reamped

Played = TypeVar("Played", bound="Reamped")


def play_board(
    source: Path,
    output: Path,
    board: Pedalboard,
    output_gain_db: float | None = None,
    **settings: Any,
) -> None:
    """Play a file through a board and say so; the gain is one that the user can turn down."""
    from ..boards.bouncing import bounce

    play_and_say_so(
        output,
        lambda progress: bounce(board, source, output, progress=progress, **settings),
        output_gain_db,
    )


def play_and_say_so(
    output: Path,
    play: Callable[[Callable[[int, int], None] | None], Played],
    output_gain_db: float | None,
) -> Played:
    """A bar on stderr while it takes long, a line on stdout at the end."""
    from ..audio.in_words import duration_in_words

    started = time.perf_counter()
    with force_replaces(), _progress_bar(output.name) as progress:
        done = play(progress)
    took_s = time.perf_counter() - started
    peak_dbfs = 20.0 * math.log10(done.peak) if done.peak else -math.inf
    warn_of_clipping(output, done, output_gain_db)
    warn_of_lost_tags(done.lost_tags)
    if not done.is_finite:
        warn(f"{output} holds samples that are not numbers; look for them in the input")
    length_s = done.frames / done.sample_rate
    channels = {1: "mono", 2: "stereo"}.get(done.num_channels, f"{done.num_channels} channels")
    duration = duration_in_words(length_s)
    typer.echo(
        f"{printable(str(output))}: {duration} {channels} at {done.sample_rate:g} Hz, "
        f"peak {peak_dbfs:+.1f} dBFS, {length_s / took_s:.0f} x real time"
    )
    return done


def warn_of_clipping(output: Path, done: Reamped, output_gain_db: float | None = None) -> None:
    """Say by how much the format has cut the peaks, if it has."""
    if not done.clipped:
        return
    peak_dbfs = 20.0 * math.log10(done.peak)
    down_db = math.ceil(10.0 * peak_dbfs) / 10.0
    remedy = f"turn the board down by {down_db:.1f} dB"
    if output_gain_db is not None:
        remedy = f"avoid it with --output-gain-db {output_gain_db - down_db:.1f}"
    warn(f"{output} is clipped: its peak is {peak_dbfs:+.1f} dBFS; {remedy}")


def warn_of_lost_tags(names: Iterable[str]) -> None:
    """Say which of the input's tags the output cannot hold, if there are any."""
    if said := ", ".join(names):
        warn(f"the output's format holds no {said}: left out")


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
