# SPDX-License-Identifier: MIT
"""All that is settled before the work starts: what to do, what is done, what cannot be done."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Literal

from ..audio.reader import StrPath
from ..audio.writer import BitDepth, checked_bit_depth
from ..dataset.draws import Ranges, check_values
from ..engine.cores import core_count
from ..errors import ModelError, sentence
from ..nam.model import Model
from .boards import BoardFactory, Boards, describe
from .inputs import Found, audio_extensions, find_files, model_extensions
from .models import BadModels, ModelSource
from .pairs import Pair, pairs_of, read_pairs
from .plan import Job, naming, plan_jobs
from .resume import Known, read_known, recipe
from .worker import content_hash

OnError = Literal["stop", "skip"]
Inputs = StrPath | Iterable[StrPath]
Models = StrPath | Model | Iterable[StrPath | Model]
Pairs = StrPath | Iterable[tuple[StrPath, StrPath]]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that is ready to start.

    Attributes
    ----------
    jobs
        To be done.
    skipped
        Number of jobs that are done already.
    output_dir, manifest_path
        Absolute.
    board
        The effects around the amp in words, or None.
    manifest_bytes
        Size of the manifest that tells what is done.
    left_out
        Files in the input folders that are no audio by their names: how many, by extension.
    tags
        Whether outputs get those of their inputs.
    errors_before
        Why jobs have failed that are to be done again, by output as the manifest has it.
    """

    jobs: list[Job]
    skipped: int
    output_dir: str
    manifest_path: str
    bit_depth: BitDepth | None
    seed: int
    boards: Boards | None
    board: str | None
    manifest_bytes: int
    left_out: dict[str, int]
    tags: bool
    errors_before: dict[str, str] = field(default_factory=dict[str, str])

    def name(self, job: Job) -> str:
        """The job's output as the manifest has it."""
        path = os.path.join(self.output_dir, job.output)
        return os.path.relpath(path, os.path.dirname(self.manifest_path))


def prepare(
    inputs: Inputs | None,
    models: Models | None,
    output_dir: StrPath,
    *,
    pairs: Pairs | None,
    template: str,
    bit_depth: BitDepth | None,
    tags: bool,
    ranges: Ranges,
    seed: int,
    draws_per_pair: int,
    board: BoardFactory | None,
    on_error: OnError,
    force: bool,
    manifest: StrPath | None,
) -> Batch:
    """Plan a batch; arguments and errors are those of `reamp_files`. Nothing is written."""
    if on_error not in ("stop", "skip"):
        raise ValueError(f'on_error is {on_error!r}; accepted are "stop" and "skip"')
    if draws_per_pair < 1:
        raise ValueError(f"draws_per_pair is {draws_per_pair}; accepted are 1 and more")
    if seed < 0:
        raise ValueError(f"seed is {seed}; accepted are integers from 0")
    check_values(ranges)
    names = naming(template, draws_per_pair)
    root = os.path.abspath(output_dir)
    manifest_path = os.path.abspath(manifest or os.path.join(root, "manifest.jsonl"))
    left_out: Counter[str] = Counter()
    if pairs is None:
        listed = _every_pair(inputs, models, root, on_error, ranges, left_out)
    elif inputs is None and models is None:
        table = read_pairs(pairs) if isinstance(pairs, (str, os.PathLike)) else pairs_of(pairs)
        listed = _listed_pairs(table, on_error, ranges)
    else:
        raise ValueError("pairs name their inputs and models: give no others")
    jobs = plan_jobs(listed, names, seed, draws_per_pair)
    for job in {os.path.splitext(job.output)[1]: job for job in jobs}.values():
        checked_bit_depth(job.output, bit_depth)
    boards, board_text = None, None
    usable = next((job.model for job in jobs if not job.model.error), None)
    if board is not None and usable is not None:
        boards = Boards(board, secrets.token_hex(8))
        (first,) = boards.prepare(usable.load(), 1)
        board_text = describe(first)
    manifest_bytes = _size(manifest_path) or 0  # before it is read: it may grow
    batch = Batch(
        jobs,
        0,
        root,
        manifest_path,
        bit_depth,
        seed,
        boards,
        board_text,
        manifest_bytes,
        dict(left_out),
        tags,
    )
    return _without_what_is_done(batch, read_known(manifest_path), force)


def _every_pair(
    inputs: Inputs | None,
    models: Models | None,
    root: str,
    on_error: OnError,
    ranges: Ranges,
    left_out: Counter[str],
) -> list[tuple[Found, ModelSource, Ranges]]:
    if inputs is None or models is None:
        raise ValueError("a batch needs inputs and models, or pairs")
    may_be_missing = on_error == "skip"
    files = find_files(
        inputs, audio_extensions, not_in=root, may_be_missing=may_be_missing, left_out=left_out
    )
    sources = _sources(models, on_error)
    if not files or not sources:
        raise ValueError(f"there are no {'models' if files else 'inputs'}")
    return [(file, source, ranges) for file in files for source in sources]


def _listed_pairs(
    table: list[Pair], on_error: OnError, ranges: Ranges
) -> Iterator[tuple[Found, ModelSource, Ranges]]:
    if on_error == "stop":
        for pair in table:
            os.stat(pair.input.path)
    found = list(dict.fromkeys(pair.model for pair in table))
    sources = dict(zip(found, _of_files(found, on_error), strict=True))
    for pair in table:
        yield pair.input, sources[pair.model], {**ranges, **pair.ranges}


def _sources(models: Models, on_error: OnError) -> list[ModelSource]:
    given = [models] if isinstance(models, (str, os.PathLike, Model)) else list(models)
    paths = [model for model in given if not isinstance(model, Model)]
    found = find_files(paths, model_extensions, may_be_missing=on_error == "skip")
    loaded = [ModelSource.of_model(model) for model in given if isinstance(model, Model)]
    return _of_files(found, on_error) + loaded


def _of_files(found: list[Found], on_error: OnError) -> list[ModelSource]:
    """All are looked at before any is refused."""
    sources: list[ModelSource] = []
    errors: list[ModelError | OSError] = []
    for file in found:
        try:
            sources.append(ModelSource.of_file(file))
        except (ModelError, OSError) as error:
            errors.append(error)
            sources.append(ModelSource(file.path, file.place, "", "", error=sentence(error)))
    if errors and on_error == "stop":
        raise errors[0] if len(errors) == 1 else BadModels([sentence(error) for error in errors])
    return sources


def _without_what_is_done(batch: Batch, known: dict[str, Known], force: bool) -> Batch:
    """The batch with the jobs that are not done, or not any more."""
    outputs = {os.path.join(batch.output_dir, job.output): job for job in batch.jobs}
    if batch.manifest_path in outputs:
        raise ValueError(f"{batch.manifest_path}: the manifest would be one of the outputs")
    own = {path: known.get(batch.name(job)) for path, job in outputs.items()}
    bytes_there = {path: _size(path) for path in outputs}
    _refuse_to_play_outputs(batch, known)
    _refuse_to_overwrite(batch, [p for p in outputs if bytes_there[p] is not None], own, force)
    hash_if_same = {
        path: record.input_hash
        for path, job in outputs.items()
        if (record := own[path]) is not None
        and record.done
        and record.output_bytes == bytes_there[path]
        and record.recipe == recipe(job.model.hash, job.settings, batch.board, batch.bit_depth)
    }
    hashes = _hashes({outputs[path].input for path in hash_if_same})
    todo = [
        job
        for path, job in outputs.items()
        if path not in hash_if_same or hashes[job.input] != hash_if_same[path]
    ]
    before = {name: record.error for name, record in known.items() if record.error}
    return replace(batch, jobs=todo, skipped=len(batch.jobs) - len(todo), errors_before=before)


def _refuse_to_play_outputs(batch: Batch, known: dict[str, Known]) -> None:
    folder = os.path.dirname(batch.manifest_path)
    made = {os.path.normpath(os.path.join(folder, name)) for name in known}
    for job in batch.jobs:
        if job.input in made:
            raise ValueError(f"{job.input}: this is an output of the same batch, not an input")


def _refuse_to_overwrite(
    batch: Batch, there: list[str], own: dict[str, Known | None], force: bool
) -> None:
    inputs = {os.path.realpath(job.input) for job in batch.jobs} if there else set[str]()
    for path in there:
        if os.path.realpath(path) in inputs:
            raise ValueError(f"{path}: this is an input; choose another template or output folder")
    foreign = [path for path in there if (record := own[path]) is None or not record.made]
    if foreign and not force:
        more = f" (and {len(foreign) - 1} more)" if len(foreign) > 1 else ""
        raise FileExistsError(
            f"{foreign[0]}{more} exists already and is not of this batch; force=True replaces it"
        )


def _size(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except OSError:
        return None


def _hashes(paths: set[str]) -> dict[str, str | None]:
    def hash_of(path: str) -> str | None:
        try:
            return content_hash(path)
        except OSError:
            return None

    with ThreadPoolExecutor(core_count()) as pool:
        return dict(zip(paths, pool.map(hash_of, paths), strict=True))
