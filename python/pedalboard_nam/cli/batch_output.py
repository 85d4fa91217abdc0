# SPDX-License-Identifier: MIT
"""What `reamp batch` prints: a live bar on a terminal, events for machines, a summary."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from .messages import printable, warn
from .playing import warn_of_lost_tags

if TYPE_CHECKING:
    from ..batch.events import Event, Finished
    from ..batch.prepare import Batch

Print = Callable[["Event"], None]


@contextmanager
def printer(json: bool, profile: bool) -> Generator[Print]:
    """Prints events as they come."""
    from ..batch.events import Finished, Planned

    with _bar() as bar:
        left_out = ""

        def show(event: Event) -> None:
            nonlocal left_out
            if json:
                _print_json(event)
            if isinstance(event, Planned):
                left_out = _left_out(event.left_out)
            if bar is not None:
                bar(event)
            if isinstance(event, Finished) and not json:
                warn_of_lost_tags(event.lost_tags)
                typer.echo(_summary(event) + left_out)
                if profile:
                    typer.echo(_profile(event))

        yield show


def _print_json(event: Event) -> None:
    from ..report.manifest import encode

    sys.stdout.write(encode(event).decode() + "\n")
    sys.stdout.flush()


@contextmanager
def _bar() -> Generator[Print | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from ..batch.events import Done, Failed, Planned

    with Progress(
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None)
        started = time.monotonic()
        audio_s = 0.0
        failed = 0

        def show(event: Event) -> None:
            nonlocal audio_s, failed
            if isinstance(event, Planned):
                bar.update(task, total=event.jobs)
            elif isinstance(event, (Done, Failed)):
                audio_s += event.record.duration_s or 0.0
                failed += isinstance(event, Failed)
                speed = audio_s / (time.monotonic() - started)
                said = f"{audio_s / 3600.0:.2f} h of audio, {speed:.0f} x real time"
                said += f", {failed} failed" if failed else ""
                bar.update(task, advance=1, description=said)

        yield show


def _left_out(counts: Mapping[str, int]) -> str:
    """Like ``, left out: 3 files (2 .txt, 1 .nam)``; nothing if nothing is."""
    if not counts:
        return ""
    many = sorted(counts.items(), key=lambda kind: (-kind[1], kind[0]))
    kinds = [f"{count} {printable(kind) or 'without extension'}" for kind, count in many[:5]]
    kinds += ["..."] * (len(many) > 5)
    total = sum(counts.values())
    return f", left out: {total} {'file' if total == 1 else 'files'} ({', '.join(kinds)})"


def _summary(event: Finished) -> str:
    from ..audio.in_words import duration_in_words

    parts = [f"{event.done} done"]
    if event.failed:
        parts.append(f"{event.failed} failed")
    if event.skipped:
        parts.append(f"{event.skipped} done before")
    if event.done:
        speed = event.audio_s / event.seconds
        parts.append(
            f"{duration_in_words(event.audio_s)} of audio in {duration_in_words(event.seconds)}"
        )
        parts.append(f"{speed:.0f} x real time")
    return ", ".join(parts)


def _profile(event: Finished) -> str:
    """Parts of the time that all workers had."""
    all_s = event.seconds * event.workers
    parts_s = {
        "engine and effects": event.dsp_seconds,
        "reading": event.read_seconds,
        "writing": event.write_seconds,
    }
    parts_s["everything else, waiting included"] = all_s - sum(parts_s.values())
    jobs = max(1, event.done + event.failed)
    return "\n".join(
        f"{100.0 * seconds / all_s:5.1f} %  {1e3 * seconds / jobs:9.3f} ms a job  {name}"
        for name, seconds in parts_s.items()
    )


def say_plan(plan: Batch, json: bool) -> None:
    """What a batch would do."""
    from ..audio.in_words import duration_in_words
    from ..batch.estimate import estimate

    size = estimate(plan)
    audio = duration_in_words(size.audio_s)
    inputs = len({job.input for job in plan.jobs})
    if json:
        import msgspec

        fields = {
            "event": "planned",
            "jobs": len(plan.jobs),
            "skipped": plan.skipped,
            "inputs": inputs,
            "audio_s": size.audio_s,
            "output_bytes": round(size.output_bytes),
            "left_out": plan.left_out,
        }
        typer.echo(msgspec.json.encode(fields).decode())
    else:
        for job in plan.jobs:
            typer.echo(printable(f"{job.input} + {job.model} -> {job.output}"))
        typer.echo(
            f"{len(plan.jobs)} outputs of {inputs} inputs, {audio} of audio, "
            f"about {_bytes(size.output_bytes)}; {plan.skipped} more are done"
            + _left_out(plan.left_out)
        )
    for sentence in [*size.unreadable, *{j.model.error for j in plan.jobs if j.model.error}]:
        warn(sentence)


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000.0:
            return f"{count:.3g} {unit}"
        count /= 1000.0
    return f"{count:.3g} TB"
