# SPDX-License-Identifier: MIT
"""`reamp batch`: many audio files through many models."""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ..wording.counted import counted
from . import options
from .batch_output import printer, say_plan
from .board import BoardOfScript, GateAndCabinet
from .messages import WrongUsage, complain

if TYPE_CHECKING:
    from concurrent.futures import Executor


@options.with_ranges
def batch(
    output_dir: Annotated[
        Path,
        typer.Option(
            "--output-dir", "-o", metavar="DIR", help="Where outputs go.", show_default=False
        ),
    ],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT...",
            help="Audio files, folders with all that is below them, and globs.",
            show_default=False,
        ),
    ] = None,
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            "-m",
            metavar="MODEL",
            help="An amp, a folder of amps, or a glob; may be repeated.",
            show_default=False,
        ),
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option(
            metavar="TABLE",
            help="Instead of inputs and models: a .csv or .jsonl file with columns input and "
            "model, and any settings.",
            show_default=False,
        ),
    ] = None,
    template: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Names of the outputs, by {input}, {extension}, {model}, {draw} and settings; "
            "the extension chooses the format.",
        ),
    ] = "{input}__{model}__{size}.wav",
    bit_depth: options.BitDepth = None,
    no_tags: options.NoTags = False,
    *,
    ranges: dict[str, Any],
    draws: Annotated[
        int, typer.Option(metavar="N", min=1, help="Outputs of each pair, each drawn anew.")
    ] = 1,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Another seed, other draws.")] = 0,
    gate: options.Gate = None,
    ir: options.ImpulseResponse = None,
    board: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.py",
            help="A Python file with a function board(amp) that puts effects around the amp.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Inputs at work at a time; all cores by default.",
            show_default=False,
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Work on the machines of a Dask cluster, by its scheduler: tcp://host:8786.",
            show_default=False,
        ),
    ] = None,
    on_error: Annotated[
        Literal["stop", "skip"],
        typer.Option(metavar="stop|skip", help="After a failure: end, or do the others."),
    ] = "stop",
    force: Annotated[
        bool,
        typer.Option("--force", "-f", help="Replace files that this batch did not make."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be done, and how much it is.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help="Make a page to listen to the outputs and to look at them.",
            show_default=False,
        ),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What was done, one line of JSON for each output; manifest.jsonl in the output "
            "folder by default.",
            show_default=False,
        ),
    ] = None,
    profile: Annotated[bool, typer.Option("--profile", help="Print where the time went.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print what happens as JSON, one event a line.")
    ] = False,
) -> int:
    """Play many audio files through many models.

    Every input is played through every model. The same command again does only what is missing,
    or has changed. Nothing is overwritten that the batch did not make.

    A RANGE is one value; LOW..HIGH, of which each output draws a number; or A,B,C, of which it
    draws one.
    """
    if pairs is None and not (inputs and models):
        raise WrongUsage("Missing INPUT and '--model', or '--pairs'")
    if pairs is not None and (inputs or models):
        raise WrongUsage("--pairs names inputs and models: give no others")
    if board is not None and (gate, ir) != (None, None):
        raise WrongUsage("--board is played as it is: without --gate and --ir")
    factory = None
    if board is not None:
        factory = BoardOfScript.read(board)
    elif (gate, ir) != (None, None):
        factory = GateAndCabinet(gate, ir.absolute() if ir else None)

    # pedalboard takes as long to load as all else together; --help does without.
    from ..batch.models import BadModels
    from ..batch.prepare import prepare
    from ..batch.run import BatchError, run
    from ..report.failures import in_sentences

    try:
        plan = prepare(
            inputs or None,
            models or None,
            output_dir,
            pairs=pairs,
            template=template,
            bit_depth=bit_depth,
            tags=not no_tags,
            ranges=ranges,
            seed=seed,
            draws_per_pair=draws,
            board=factory,
            on_error=on_error,
            force=force,
            manifest=manifest,
        )
    except FileExistsError as error:
        raise FileExistsError(str(error).replace("force=True", "--force")) from None
    except BadModels as error:
        return max(map(complain, error.reasons))
    if dry_run:
        say_plan(plan, json)
        return 0
    with printer(json, profile) as progress, _executor(dask) as (executor, workers):
        try:
            done = run(plan, executor, jobs or workers, on_error, report, progress)
            failures, stopped = done.failures, None
        except BatchError as error:
            failures, stopped = error.manifest.failures, error
        except KeyboardInterrupt:
            complain("interrupted: the same command does the rest")
            sys.exit(130)
    if stopped is not None:
        others = failures[1:]  # what was at work when the first failed
        for sentence in in_sentences(one for one in others if one.error != failures[0].error):
            complain(sentence)
        return complain(
            f"{stopped} ({len(plan.jobs) - stopped.manifest.done} of {len(plan.jobs)} to do)"
        )
    news = [record for record in failures if record.error != plan.errors_before.get(record.output)]
    for sentence in in_sentences(news):
        complain(sentence)
    if again := len(failures) - len(news):
        complain(f"{counted(again, 'output')} failed as before, and {plan.manifest_path} says why")
    return 1 if failures else 0


@contextmanager
def _executor(dask_address: str | None) -> Generator[tuple[Executor | None, int | None]]:
    """Dask's, and how many tasks it does at a time; neither without an address."""
    if dask_address is None:
        yield None, None
        return
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise ValueError("--dask needs Dask: pip install 'pedalboard-nam[dask]'") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(dask_address, timeout=10)
    except (OSError, ValueError) as error:
        raise OSError(f"no Dask scheduler answers at {dask_address}: {error}") from None
    with client:
        nthreads: dict[str, int] = client.nthreads()
        workers = sum(nthreads.values())
        if not workers:
            raise OSError(f"the Dask scheduler at {dask_address} has no workers")
        # Dask would remember the result of the same call from an earlier run.
        yield client.get_executor(pure=False), workers
