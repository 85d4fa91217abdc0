# SPDX-License-Identifier: MIT
"""Stopwatches: how long a block takes, beside what the same core can multiply at that moment.

`measure` times the kernels of this process; `measure_isa` those of another ISA, in a process of its
own, because the ISA is chosen once, at import. `reamp bench` prints both.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

import msgspec
import numpy as np

from .._core import fma_peak, isa, seconds_per_block, seconds_per_reset
from ..nam import model_image
from ..nam.model import Model
from .cores import core_count
from .render import render

block_sizes_frames = (16, 32, 48, 64, 128, 256, 1024, 8192)

_fma_peak_rounds = 200_000  # a millisecond, as for one timing of blocks
_timing_s = 1e-3
_glance_frames = 64
_glance_s = 0.02


class Spread(msgspec.Struct):
    """Median, and the values below which a tenth and nine tenths of all measured ones are."""

    median: float
    p10: float
    p90: float


class BlockTime(msgspec.Struct):
    """One network at one block length.

    `fma_peak_hz` is multiply-adds a second, measured between the timings of blocks; `of_peak` is
    the part of it that the network uses, from 0 to 1.
    """

    size: str
    block_frames: int
    block_s: Spread
    fma_peak_hz: Spread
    of_peak: Spread
    x_real_time: float


class ResetTime(msgspec.Struct):
    """How long one network takes to be back at silence."""

    size: str
    reset_s: Spread


class ThreadSpeed(msgspec.Struct):
    """Speed of `render` of one channel through the last size, on so many threads."""

    threads: int
    x_real_time: float


class IsaReport(msgspec.Struct):
    """All that is measured with the kernels of one ISA."""

    isa: str
    blocks: list[BlockTime]
    resets: list[ResetTime]
    load_s: Spread
    threads: list[ThreadSpeed]


class Report(msgspec.Struct):
    """What was measured, on what."""

    model: str
    description: str
    version: str
    cpu: str
    cores: int
    compiler: str
    isas: list[IsaReport]


def measure_isa(isa: str, model: Path, seconds: float) -> IsaReport:
    """Run `measure` in another process, with the kernels of `isa`."""
    child = subprocess.run(
        [sys.executable, "-m", __name__, os.fspath(model), str(seconds)],
        env={**os.environ, "PEDALBOARD_NAM_ISA": isa},
        capture_output=True,
    )
    if child.returncode != 0:
        last_line = child.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise ValueError(f"cannot measure {isa}: {last_line}")
    return msgspec.json.decode(child.stdout, type=IsaReport)


def measure(path: Path, seconds: float) -> IsaReport:
    """Measure everything with the kernels in use.

    Parameters
    ----------
    path
        A `.nam` file.
    seconds
        Time for each measurement; short ones spread wider.
    """
    # First of all: a model that is in use is not read again.
    load_s = _spread(_repeat(lambda: _duration_s(lambda: Model.load(path)), seconds))
    model = Model.load(path)
    return IsaReport(
        isa=isa(),
        blocks=[
            _block_time(model, index, frames, seconds)
            for index in range(len(model.sizes))
            for frames in block_sizes_frames
        ],
        resets=[_reset_time(model, index, seconds) for index in range(len(model.sizes))],
        load_s=load_s,
        threads=[_thread_speed(model, threads, seconds) for threads in _thread_counts()],
    )


def _block_time(model: Model, index: int, frames: int, seconds: float) -> BlockTime:
    core, network = model._core, model._core.networks[index]
    once_s = seconds_per_block(core, index, frames, 1)
    blocks = max(1, round(_timing_s / once_s))

    def peak_and_block() -> tuple[float, float]:
        peak_hz = fma_peak(_fma_peak_rounds)
        return peak_hz, seconds_per_block(core, index, frames, blocks)

    pairs = _repeat(peak_and_block, seconds)
    block_s = _spread([s for _, s in pairs])
    return BlockTime(
        size=model.sizes[index].name,
        block_frames=frames,
        block_s=block_s,
        fma_peak_hz=_spread([peak_hz for peak_hz, _ in pairs]),
        of_peak=_spread([network.multiply_adds * frames / s / peak_hz for peak_hz, s in pairs]),
        x_real_time=frames / model.sample_rate / block_s.median,
    )


def _reset_time(model: Model, index: int, seconds: float) -> ResetTime:
    resets_s = _repeat(lambda: seconds_per_reset(model._core, index, 100), seconds)
    return ResetTime(model.sizes[index].name, _spread(resets_s))


def _thread_speed(model: Model, threads: int, seconds: float) -> ThreadSpeed:
    frames = round(2.0 * model.sample_rate) * core_count()
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, frames).astype(np.float32)

    def render_noise() -> float:
        return _duration_s(lambda: render(model, noise, model.sample_rate, threads=threads))

    render_s = median(_repeat(render_noise, seconds))
    return ThreadSpeed(threads, frames / model.sample_rate / render_s)


class SpeedOf:
    """How many times faster than real time sizes of models are here, in blocks of 64 frames.

    It takes 20 ms of the first network that is the same but for its weights; the others are as
    fast.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[float, bytes], float] = {}

    def __call__(self, model: Model, index: int) -> float:
        shape = (model.sample_rate, model_image.shape(model._image, index))
        if shape not in self._known:
            self._known[shape] = _x_real_time(model, index)
        return self._known[shape]


def _x_real_time(model: Model, index: int) -> float:
    once_s = seconds_per_block(model._core, index, _glance_frames, 1)
    blocks = max(1, round(_timing_s / once_s))

    def block() -> float:
        return seconds_per_block(model._core, index, _glance_frames, blocks)

    return _glance_frames / model.sample_rate / median(_repeat(block, _glance_s))


_T = TypeVar("_T")


def _repeat(measurement: Callable[[], _T], seconds: float) -> list[_T]:
    results: list[_T] = []
    end = time.perf_counter() + seconds
    while len(results) < 3 or time.perf_counter() < end:
        results.append(measurement())
    return results


def _duration_s(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _spread(values: list[float]) -> Spread:
    tenths = quantiles(values, n=10, method="inclusive")
    return Spread(tenths[4], tenths[0], tenths[8])


def _thread_counts() -> list[int]:
    cores = core_count()
    return sorted({*(1 << n for n in range(cores.bit_length())), cores})


def cpu_name() -> str:
    """What the maker calls this processor."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                key, _, value = line.partition(":")
                if key.strip() == "model name":
                    return value.strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    report = measure(Path(sys.argv[1]), float(sys.argv[2]))
    sys.stdout.buffer.write(msgspec.json.encode(report))
