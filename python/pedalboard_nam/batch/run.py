# SPDX-License-Identifier: MIT
"""The tasks of a batch on an executor, and what comes of them into the manifest."""

from __future__ import annotations

import os
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import (
    ALL_COMPLETED,
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from importlib.metadata import version
from threading import Event

import msgspec

from ..engine.cores import core_count
from ..errors import sentence
from ..files.new_file import StrPath, remove_abandoned
from ..report import check_report, write_report
from ..report.manifest import Manifest, Record
from . import events
from .boards import BoardFactory
from .output import Played, Task
from .plan import Job, most_jobs_of_a_task, plan_tasks
from .prepare import Batch, OnError
from .resume import ManifestWriter
from .worker import TaskDone, play_task

_tasks_in_flight_per_worker = 2  # so that none waits for us


class BatchError(RuntimeError):
    """A batch that stopped before its end; what it finished stays, and is not done again.

    Attributes
    ----------
    manifest
        What was done so far.
    """

    def __init__(self, message: str, manifest: Manifest) -> None:
        super().__init__(message)
        self.manifest = manifest


def run(
    batch: Batch,
    executor: Executor | None,
    workers: int | None,
    on_error: OnError,
    report: StrPath | None,
    progress: Callable[[events.Event], None],
) -> Manifest:
    """Do what was prepared; arguments and errors are those of `reamp_files`."""
    if workers is not None and workers < 1:
        raise ValueError(f"jobs is {workers}; accepted are 1 and more")
    if workers is None:
        of_executor: int | None = getattr(executor, "_max_workers", None)
        workers = of_executor or core_count()
    if isinstance(executor, ProcessPoolExecutor) and batch.boards is not None:
        _refuse_what_does_not_pickle(batch.boards.factory)
    for path in (batch.output_dir, os.path.dirname(batch.manifest_path)):
        os.makedirs(path, exist_ok=True)
    if report is not None:
        check_report(report)
    if executor is not None:
        manifest = _Run(batch, executor, workers, on_error, progress).to_the_end()
    else:
        with ThreadPoolExecutor(workers, "reamp") as threads:
            manifest = _Run(batch, threads, workers, on_error, progress).to_the_end()
    if report is not None:
        write_report(manifest.path, report)
    return manifest


def _refuse_what_does_not_pickle(factory: BoardFactory) -> None:
    try:
        pickle.dumps(factory)
    except Exception:
        raise ValueError(
            f"board is {factory!r}, which cannot be sent to another process; "
            "make it a function of its own in a module"
        ) from None


class _Run:
    def __init__(
        self,
        batch: Batch,
        executor: Executor,
        workers: int,
        on_error: OnError,
        progress: Callable[[events.Event], None],
    ) -> None:
        self._batch = batch
        self._executor = executor
        self._workers = workers
        self._stop_at_error = on_error == "stop"
        self._progress: Callable[[events.Event], None] = progress
        # Only threads of this process can be told to stop in the middle of a task.
        self._stop = Event() if isinstance(executor, ThreadPoolExecutor) else None
        self._in_flight: dict[Future[TaskDone], deque[Job]] = {}
        self._unrecorded: set[str] = set()
        self._manifest = Manifest(batch.manifest_path)
        self._manifest.skipped = batch.skipped
        self._versions = {
            "pedalboard_nam": version("pedalboard-nam"),
            "pedalboard": version("pedalboard"),
        }
        self._lost_tags: dict[str, None] = {}
        self._audio_s = self._read_s = self._dsp_s = self._write_s = 0.0

    def to_the_end(self) -> Manifest:
        started = time.perf_counter()
        self._file = ManifestWriter(self._batch.manifest_path, self._batch.manifest_bytes)
        try:
            self._do_all(self._batch.jobs)
        except BaseException as error:
            self._wind_up(at_once=not isinstance(error, BatchError))
            raise
        finally:
            self._file.close(complete=not self._has_left_outputs())
        self._progress(
            events.Finished(
                done=self._manifest.done,
                failed=len(self._manifest.failures),
                skipped=self._manifest.skipped,
                audio_s=self._audio_s,
                seconds=time.perf_counter() - started,
                workers=self._workers,
                read_seconds=self._read_s,
                dsp_seconds=self._dsp_s,
                write_seconds=self._write_s,
                lost_tags=list(self._lost_tags),
            )
        )
        return self._manifest

    def _do_all(self, jobs: list[Job]) -> None:
        if self._file.follows_a_killed_run:
            self._remove_abandoned(jobs)
        inputs = len({job.input for job in jobs})
        self._progress(events.Planned(len(jobs), self._batch.skipped, inputs, self._batch.left_out))
        playable = [job for job in jobs if not job.model.error]
        tasks = plan_tasks(playable, self._workers, self._most_jobs_of_a_task())
        if self._batch.boards is not None and self._stop is not None and tasks:
            count = min(self._workers, len(tasks)) - 1  # one is there already
            self._batch.boards.prepare(playable[0].model.load(), count)
        for job in jobs:
            if job.model.error:
                self._tell(self._record(job, "", Played(isa="", error=job.model.error)))
        for task in tasks:
            while len(self._in_flight) >= self._workers * _tasks_in_flight_per_worker:
                self._collect(self._wait(FIRST_COMPLETED))
            self._submit(task)
        while self._in_flight:
            self._collect(self._wait(FIRST_COMPLETED))
        if self._stop is None:  # a worker that died, whose task another did
            self._remove_abandoned(jobs)

    def _remove_abandoned(self, jobs: list[Job]) -> None:
        for folder in {os.path.dirname(job.output) for job in jobs}:
            remove_abandoned(os.path.join(self._batch.output_dir, folder))

    def _most_jobs_of_a_task(self) -> int:
        if self._batch.boards is not None:
            return 1  # a worker has one board
        return most_jobs_of_a_task(self._workers if self._stop is not None else 1)

    def _submit(self, jobs: list[Job]) -> None:
        outputs = [self._batch.name(job) for job in jobs]
        self._file.begin(outputs)
        self._unrecorded.update(outputs)
        batch = self._batch
        task = Task(jobs, batch.output_dir, batch.bit_depth, batch.boards, batch.tags)
        try:
            future = self._executor.submit(play_task, task, self._stop)
        except BrokenExecutor as error:
            raise self._broken(error) from None
        self._in_flight[future] = deque(jobs)
        self._progress(events.Started(jobs[0].input, outputs))

    def _wait(self, return_when: str) -> list[Future[TaskDone]]:
        """Those that are done then, in the order that they were begun."""
        done = wait(self._in_flight, return_when=return_when).done
        return [future for future in self._in_flight if future in done]

    def _collect(self, futures: Iterable[Future[TaskDone]]) -> None:
        for future in futures:
            jobs = self._in_flight[future]
            try:
                done = future.result()
            except BrokenExecutor as error:
                del self._in_flight[future]
                raise self._broken(error) from None
            except (CancelledError, Exception) as error:  # the former is none of the latter
                played = Played(isa="", error=sentence(error))
                done = TaskDone("", [played] * len(jobs))
            self._read_s += done.read_seconds
            self._write_s += done.write_seconds
            self._lost_tags |= dict.fromkeys(done.lost_tags)
            for played in done.played[len(done.played) - len(jobs) :]:
                record = self._record(jobs[0], done.input_hash, played)
                jobs.popleft()  # not before: whatever interrupts us, it is to be recorded
                self._tell(record)
            del self._in_flight[future]
            failed = self._manifest.failures
            if failed and self._stop_at_error:
                first = failed[0]
                what = f"{first.input} through {first.model or first.model_name}"
                raise BatchError(f"{what}: {first.error}", self._manifest)

    def _record(self, job: Job, input_hash: str, played: Played) -> Record:
        record = Record(
            status="done" if played.error is None else "failed",
            input=job.input,
            model=job.model.path,
            output=self._batch.name(job),
            input_hash=input_hash,
            model_hash=job.model.hash,
            model_name=job.model.name,
            settings=job.settings,
            seed=self._batch.seed,
            draw=job.draw,
            board=self._batch.board,
            bit_depth=self._batch.bit_depth,
            versions=self._versions,
            **msgspec.structs.asdict(played),
        )
        self._file.add(record)
        self._unrecorded.discard(record.output)
        self._dsp_s += played.dsp_seconds
        if played.error is None:
            self._manifest.done += 1
            self._audio_s += played.duration_s or 0.0
        else:
            self._manifest.failures.append(record)
        return record

    def _tell(self, record: Record) -> None:
        self._progress((events.Done if record.error is None else events.Failed)(record))

    def _broken(self, error: Exception) -> BatchError:
        return BatchError(
            f"a worker process died, and the executor with it ({error}); "
            "what is finished stays: the same call does the rest",
            self._manifest,
        )

    def _wind_up(self, *, at_once: bool) -> None:
        """Stop what runs as far as can be, and write down what came to its end meanwhile."""
        self._stop_at_error = False
        if at_once:
            self._progress = lambda event: None  # it may be what failed
        if self._stop is not None:
            self._stop.set()
        if self._stop is not None or at_once:
            for future in list(self._in_flight):
                if future.cancel():
                    del self._in_flight[future]
        if self._stop is None and at_once:
            return  # other processes work to the end of their tasks
        for future in self._wait(ALL_COMPLETED):
            if not future.cancelled() and future.exception() is None:
                self._collect([future])

    def _has_left_outputs(self) -> bool:
        """Whether there are, or will be, outputs that are not in the manifest."""
        folder = os.path.dirname(self._batch.manifest_path)
        paths = [os.path.join(folder, name) for name in self._unrecorded]
        return any(self._stop is None or os.path.lexists(path) for path in paths)
