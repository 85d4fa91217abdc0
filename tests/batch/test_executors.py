# SPDX-License-Identifier: MIT
"""Any executor does the work: threads, processes, Dask; and may lose a worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from audio_files import read_audio
from board_factories import gate_and_delay
from executors import kill_the_process

from pedalboard_nam import reamp_files
from pedalboard_nam.batch import BatchError


@contextmanager
def dask(processes: bool, **options: object) -> Iterator[Executor]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2 if processes else 1,
            threads_per_worker=2,
            processes=processes,
            dashboard_address=None,
            **options,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor(pure=False)


@contextmanager
def executor_of(kind: str) -> Iterator[Executor]:
    if kind == "threads":
        executor = ThreadPoolExecutor(3)
    elif kind == "dask threads":
        executor = dask(processes=False)
    elif kind == "dask processes":
        executor = dask(processes=True)
    else:
        executor = ProcessPoolExecutor(2, mp_context=get_context(kind))
    with executor as opened:
        yield opened


slow_kinds = [pytest.param("dask processes", marks=pytest.mark.slow)]
kinds = ["threads", "fork", "spawn", "dask threads", *slow_kinds]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("kind", kinds)
def test_every_executor_gives_the_same_files(
    di: Path, amps: Path, tmp_path: Path, kind: str
) -> None:
    here = reamp_files(di, amps, tmp_path / "here")
    with executor_of(kind) as executor:
        there = reamp_files(di, amps, tmp_path / "there", executor=executor)
        assert reamp_files(di, amps, tmp_path / "there", executor=executor).skipped == 6
    assert there.done == 6
    for record in here.records:
        one, other = (read_audio(tmp_path / place / record.output) for place in ("here", "there"))
        assert np.array_equal(one, other), record.output
    assert not list((tmp_path / "there").glob(".*"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("kind", ["dask threads", *slow_kinds])
def test_boards_play_in_threads_of_dask(di: Path, amps: Path, tmp_path: Path, kind: str) -> None:
    inputs = [di / "mono.wav", di / "stereo.wav"]
    here = reamp_files(inputs, amps, tmp_path / "here", board=gate_and_delay)
    with executor_of(kind) as executor:
        there = reamp_files(inputs, amps, tmp_path / "t", board=gate_and_delay, executor=executor)
    assert there.done == 4
    for record in here.records:
        one, other = (read_audio(tmp_path / place / record.output) for place in ("here", "t"))
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)


def test_a_killed_worker_is_said_and_the_same_call_does_the_rest(
    di: Path, amp_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KILLS_ITS_WORKER", str(os.getpid()))
    out = tmp_path / "out"
    with (
        ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool,
        pytest.raises(BatchError, match="a worker process died, and the executor with it"),
    ):
        reamp_files(di, amp_path, out, board=kill_the_process, executor=pool, on_error="skip")
    again = reamp_files(di, amp_path, out, board=kill_the_process)
    assert again.done == 3
    assert not list(out.rglob(".*"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_job_that_kills_workers_of_dask_fails_and_the_others_go_on(
    di: Path, amp_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setenv("KILLS_ITS_WORKER", str(os.getpid()))
    options = {"board": kill_the_process, "on_error": "skip"}
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor(pure=False) as executor,
    ):
        done = reamp_files(di / "mono.wav", amp_path, tmp_path / "o", executor=executor, **options)
        assert "KilledWorker" in str(done.failures[0].error)
        assert reamp_files(di, amp_path, tmp_path / "other", executor=executor).done == 3
