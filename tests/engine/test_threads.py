# SPDX-License-Identifier: MIT
"""Threads: the GIL is free while audio runs, and sharing a model changes nothing."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from playing import assert_same_bits, noise, play, play_in_blocks, random_model

from pedalboard_nam import Stream, render


def _longest_pause(work) -> tuple[float, float]:
    """Run `work` beside a thread of Python: how long it took, and that thread's longest pause."""
    ticks, done = [], threading.Event()

    def tick() -> None:
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)
        ticks.append(time.perf_counter())

    ticker = threading.Thread(target=tick)
    ticker.start()
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    done.set()
    ticker.join()
    return seconds, max(np.diff(ticks))


@pytest.mark.parametrize("door", ["stream", "stream, the short way", "render"])
def test_other_python_threads_run_on(door):
    model, audio = random_model("full"), np.tile(noise(48000), 20)
    playing = Stream(model)
    playing.process(audio[:10])
    work = {
        "stream": lambda: Stream(model).process(audio),
        "stream, the short way": lambda: playing.process(audio),
        "render": lambda: render(model, audio, 48000, threads=1),
    }[door]
    seconds, pause = _longest_pause(work)
    assert pause < 0.7 * seconds


def test_many_threads_share_a_model():
    model, signals = random_model("lite"), [noise(20000, seed=seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda signal: play_in_blocks(model, signal, [100] * 100), signals))
    for signal, output in zip(signals, found, strict=True):
        assert_same_bits(output, play(model, signal))


def test_streams_of_one_model_do_not_hear_each_other():
    model = random_model("full")
    one, other = Stream(model), Stream(model)
    first = one.process(noise(1000, seed=1))
    other.process(noise(777, seed=2))
    second = one.process(noise(1000, seed=3))
    expected = play(model, np.concatenate([noise(1000, seed=1), noise(1000, seed=3)]))
    assert_same_bits(np.concatenate([first, second]), expected)


@pytest.mark.parametrize("sample_rate", [48000, 44100])
def test_threads_that_share_a_stream_do_no_harm(sample_rate):
    stream = Stream(random_model("lite"), sample_rate)

    def play_a_lot() -> None:
        for _ in range(200):
            assert np.isfinite(stream.process(noise(300))).all()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(play_a_lot) for _ in range(4)]:
            future.result()
