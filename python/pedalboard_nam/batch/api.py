# SPDX-License-Identifier: MIT
"""`reamp_files`: many files through many amps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor

from ..audio.reader import StrPath
from ..audio.writer import BitDepth
from ..dataset.draws import Ranges
from ..report.manifest import Manifest
from .boards import BoardFactory
from .events import Event
from .plan import default_template
from .prepare import Inputs, Models, OnError, Pairs, prepare
from .run import run


def reamp_files(
    inputs: Inputs | None,
    models: Models | None,
    output_dir: StrPath,
    *,
    pairs: Pairs | None = None,
    template: str = default_template,
    bit_depth: BitDepth | None = None,
    tags: bool = True,
    settings: Ranges | None = None,
    seed: int = 0,
    draws_per_pair: int = 1,
    board: BoardFactory | None = None,
    executor: Executor | None = None,
    jobs: int | None = None,
    on_error: OnError = "stop",
    force: bool = False,
    report: StrPath | None = None,
    manifest: StrPath | None = None,
    progress: Callable[[Event], None] | None = None,
) -> Manifest:
    """Reamp many files through many amps: every input through every model, or listed pairs.

    Each output has the rate, the channels and the length of its input, and the bits of `render`. It
    appears under its name when it is complete, and has a line in the manifest then. The same call
    again does what is missing: a job is done if the manifest has it with the same content of input
    and model, the same settings, board and bit depth, and its output is there in its size.

    Parameters
    ----------
    inputs
        Audio files, folders, which are searched to the bottom, linked folders too, and globs; or
        any iterable of these.
    models
        The same of `.nam` files; `Model` objects too.
    output_dir
        Folder for the outputs; it is made if need be. Below it is the tree of the input folders.
    pairs
        Instead of inputs and models, which are None then: a `.csv` or `.jsonl` table with columns
        ``input``, ``model`` and settings (see `read_pairs`), or an iterable of (input, model).
    template
        Names of the outputs; the extension chooses the format. ``{input}`` is the path in the input
        folder without extension, ``{extension}`` the input's extension, ``{model}`` the model
        file's name, ``{draw}`` the number of the draw, which the default has if there are several;
        every setting by name.
    bit_depth, tags
        As in `bounce`.
    settings
        Settings of `Stream` for all jobs. A tuple (low, high) draws a number from low to high for
        each job, a list one of its values.
    seed
        0 or more. The same seed draws the same settings for the same names of input and model,
        whatever else is in the batch.
    draws_per_pair
        Outputs of each pair, each with a draw of its own.
    board
        Puts effects around the amp: called with a `NeuralAmp`, it returns a `Pedalboard` or effects
        in a row, with that amp among them. It is called for every worker, not for every job. For an
        executor with processes it must be picklable.
    executor
        Where the work is done; by default on threads of this process.
    jobs
        Number of threads, all cores by default; with an executor, tasks at work at a time, by
        default as many as it has workers if it is one of `concurrent.futures`, else as many as
        this machine has cores.
    on_error
        ``"stop"``: the first job that fails ends the batch. ``"skip"``: the others go on.
    force
        Whether to replace files that are in the way of outputs and were not made by this batch.
    report
        File for a page to listen to the outputs and to look at them, made at the end.
    manifest
        Its file; ``manifest.jsonl`` in `output_dir` by default.
    progress
        Called with an event when the batch is planned, when an input is started, when a job is done
        or has failed, and when all is finished; on the calling thread.

    Returns
    -------
    Manifest
        Where the manifest is, what was done and what failed.

    Raises
    ------
    BatchError
        If a job fails with ``on_error="stop"``, or a worker process dies.
    FileExistsError
        If a file is in the way of an output, and is not to be replaced. Nothing is done then.
    OSError
        If a file or folder named here does not exist, or the manifest cannot be written.
    ValueError
        For an argument that is not accepted, a model that is not usable, and where two jobs would
        have one output. Nothing is done then.
    """
    batch = prepare(
        inputs,
        models,
        output_dir,
        pairs=pairs,
        template=template,
        bit_depth=bit_depth,
        tags=tags,
        ranges=settings or {},
        seed=seed,
        draws_per_pair=draws_per_pair,
        board=board,
        on_error=on_error,
        force=force,
        manifest=manifest,
    )
    try:
        return run(batch, executor, jobs, on_error, report, progress or (lambda event: None))
    finally:
        if batch.boards is not None:
            batch.boards.forget()
