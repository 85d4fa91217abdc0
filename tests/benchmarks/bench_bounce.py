# SPDX-License-Identifier: MIT
"""What `bounce` costs beside the effects of its board, in time and memory, and what lanes cost.

python tests/benchmarks/bench_bounce.py                # a minute of mono at 48 kHz
python tests/benchmarks/bench_bounce.py --minutes 60   # and the memory of an hour
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from pedalboard import Convolution, Gain, Pedalboard
from pedalboard.io import AudioFile

from pedalboard_nam import Model, NeuralAmp, bounce

RATE = 48_000


def _timed(work: Callable[[], object]) -> float:
    started = time.process_time()  # of the CPU: what else runs counts less
    work()
    return time.process_time() - started


def _write_noise(path: Path, frames: int) -> None:
    random = np.random.default_rng(0)
    with AudioFile(os.fspath(path), "w", RATE, 1, bit_depth=24) as file:
        for begin in range(0, frames, RATE):
            count = min(RATE, frames - begin)
            file.write(0.1 * random.standard_normal((1, count), np.float32))


def _measure(model: Model, source: Path, wet: Path, turns: int) -> None:
    impulse_response = 0.01 * np.random.default_rng(1).standard_normal(RATE // 2, np.float32)
    amp, cab = NeuralAmp(model), Convolution(impulse_response, sample_rate=RATE)
    gain = Gain(0)
    with AudioFile(os.fspath(source)) as file:
        audio = file.read(min(file.frames, 60 * RATE))
        length_s, part = file.duration, file.frames / audio.shape[1]
    board = Pedalboard([amp, cab])
    volume = {amp: {"output_gain_db": lambda time_s: -time_s % 12.0}}
    fade = {gain: {"gain_db": lambda time_s: -time_s % 12.0}}
    # In turns, so that what slows the machine down slows all of them down.
    times = [
        (
            part * (_timed(lambda: amp(audio, RATE)) + _timed(lambda: cab(audio, RATE))),
            _timed(lambda: bounce(board, source, wet, overwrite=True)),
            _timed(lambda: bounce(board, source, wet, overwrite=True, automation=volume)),
            _timed(lambda: bounce(gain, source, wet, overwrite=True)),
            _timed(lambda: bounce(gain, source, wet, overwrite=True, automation=fade)),
        )
        for _ in range(turns)
    ]
    effects, bounced, volumed, copied, faded = map(statistics.median, zip(*times, strict=True))
    ratio = statistics.median(b / e for e, b, *_ in times)
    print(f"{length_s:.0f} s of mono through the full amp and a cabinet of 0.5 s")
    print(f"effects alone         {effects:8.3f} s")
    print(f"bounce                {bounced:8.3f} s, {ratio:.3f} times as long")
    print(f"a lane of the amp     {volumed - bounced:+8.3f} s")
    print(f"a Gain alone          {copied:8.3f} s")
    print(f"a lane of the Gain    {faded - copied:+8.3f} s")
    status = Path("/proc/self/status").read_text()
    peak_mb = int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    print(
        f"most memory           {peak_mb:8.0f} MB, of which {audio.nbytes / 1e6:.0f} MB the array"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    with (
        as_file(files("pedalboard_nam") / "demo" / "amp.nam") as model,
        tempfile.TemporaryDirectory() as folder,
    ):
        source = Path(folder, "noise.wav")
        _write_noise(source, int(options.minutes * 60 * RATE))
        _measure(Model.load(model), source, Path(folder, "wet.wav"), options.turns)


if __name__ == "__main__":
    main()
