# SPDX-License-Identifier: MIT
"""What the effect costs besides its network: python tests/benchmarks/bench_effect.py [amp.nam]"""

from __future__ import annotations

import gc
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from statistics import median, quantiles
from typing import Any

import numpy as np
from pedalboard import Pedalboard

from pedalboard_nam import Model, NeuralAmp, Stream, _core, isa
from pedalboard_nam.effect.effect_state import class_id
from pedalboard_nam.effect.neural_amp import bundle_path
from pedalboard_nam.effect.pedalboard_host import HostedEffect

RATE = 48000


def in_turns(
    rounds: int, *works: Callable[[], object], clock: Callable[[], float] = time.thread_time
) -> list[list[float]]:
    """Seconds of each work in each round; what disturbs the machine disturbs them all alike.

    Of this thread alone, unless another clock is given: waiting for a core is not counted.
    """
    times: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    gc.disable()
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = clock()
            work()
            taken.append(clock() - start)
    gc.enable()
    return times


def again(count: int, work: Callable[[], object]) -> Callable[[], None]:
    def repeated() -> None:
        for _ in range(count):
            work()

    return repeated


def show(what: str, values: list[float], unit: str, wanted: str) -> None:
    tenths = quantiles(values, n=10)
    spread = f"{tenths[0]:.2f} to {tenths[-1]:.2f}"
    print(f"{what:44} {median(values):8.2f} {unit:3} {spread:>18}   {wanted}")


def construction(model: Model) -> None:
    path = bundle_path()
    all_s, pedalboards_s = in_turns(
        50, lambda: NeuralAmp(model), lambda: HostedEffect(path, class_id)
    )
    show("NeuralAmp(model)", [1e3 * s for s in all_s], "ms", "below 10")
    ours = [1e3 * (a - b) for a, b in zip(all_s, pedalboards_s, strict=True)]
    show("  more than without settings and model", ours, "ms", "below 1")


def short_blocks(model: Model) -> None:
    count, index = 500, len(model.sizes) - 1
    block = np.zeros((1, 64), np.float32)
    amp = NeuralAmp(model)
    board, stream = Pedalboard([amp]), Stream(model)
    board_s, stream_s, network_s = in_turns(
        50,
        again(count, lambda: board(block, RATE, reset=False)),
        again(count, lambda: stream.process(block)),
        lambda: _core.seconds_per_block(model._core, index, 64, count),
    )
    for name, taken, wanted in (("board", board_s, "below 10"), ("Stream.process", stream_s, "")):
        more = [1e6 * (s - n) / count for s, n in zip(taken, network_s, strict=True)]
        show(f"{name}, 64 frames, more than the network", more, "us", wanted)


def clips(model: Model) -> None:
    clip = np.random.default_rng(0).normal(0.0, 0.1, (1, RATE)).astype(np.float32)
    amp, stream = NeuralAmp(model), Stream(model)
    ours, dsp = in_turns(50, lambda: amp(clip, RATE), lambda: stream.process(clip))
    ratios = [a / b for a, b in zip(ours, dsp, strict=True)]
    show("1 s with reset=True, times its DSP", ratios, "", "below 1.05")


def two_cores(model: Model) -> None:
    clip = np.random.default_rng(0).normal(0.0, 0.1, (1, 2 * RATE)).astype(np.float32)
    noise = clip.tobytes() * 50
    amps = [NeuralAmp(model), NeuralAmp(model)]
    in_threads("two amps on two cores, times one core's", lambda amp: amp(clip, RATE), amps)
    in_threads("  as far as zlib gets here", zlib.crc32, [noise, noise])


def in_threads(what: str, work: Callable[[Any], object], things: list[Any]) -> None:
    with ThreadPoolExecutor(2) as pool:
        one, two = in_turns(
            20,
            lambda: list(map(work, things)),
            lambda: list(pool.map(work, things)),
            clock=time.perf_counter,
        )
    show(what, [a / b for a, b in zip(one, two, strict=True)], "", "above 1.8")


def changes(model: Model) -> None:
    for num_channels in (1, 2, 8):
        amp = NeuralAmp(model, size="lite")
        past = np.zeros((num_channels, RATE), np.float32)
        block = np.zeros((num_channels, 64), np.float32)
        usual, changed = [], []
        for _ in range(15):
            amp.size = "lite"
            amp(past, RATE, reset=False)
            for size, times in (("lite", usual), ("full", changed)):
                amp.size = size  # which it has already, and then another
                start = time.thread_time()
                amp(block, RATE, reset=False)
                times.append(1e3 * (time.thread_time() - start))
        show(f"64 frames of lite, {num_channels} channels", usual, "ms", "")
        show(f"64 frames after a change to full, {num_channels} channels", changed, "ms", "")
    print("(64 frames last 1.33 ms)")


def main() -> None:
    with as_file(files("pedalboard_nam") / "demo" / "amp.nam") as demo_amp:
        model = Model.load(sys.argv[1] if len(sys.argv) > 1 else demo_amp)
    print(f"{model.name}, {isa()}: median, a tenth to nine tenths, and what is wanted")
    for benchmark in (construction, short_blocks, clips, two_cores, changes):
        benchmark(model)


if __name__ == "__main__":
    main()
