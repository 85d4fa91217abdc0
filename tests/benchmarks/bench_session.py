# SPDX-License-Identifier: MIT
"""How much faster two cores play a session of eight tracks than one: ratios, one after the other.

python tests/benchmarks/bench_session.py [repetitions]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

import numpy as np
from pedalboard import Delay, Limiter, Reverb
from pedalboard.io import AudioFile

from pedalboard_nam import Bus, Model, NeuralAmp, Session, Track, isa

_rate_hz, _length_s = 48_000, 10


def _session(di: Path) -> Session:
    model = Model.load(Path(str(files("pedalboard_nam"))) / "demo" / "amp.nam")
    tracks = [
        Track(f"{n}", di, [NeuralAmp(model), Delay(0.1)], pan=n / 3.5 - 1, sends={"room": -12})
        for n in range(8)
    ]
    return Session(tracks, [Bus("room", [Reverb(wet_level=1, dry_level=0)])], [Limiter()])


def _seconds(session: Session, folder: Path, cores: set[int]) -> float:
    os.sched_setaffinity(0, cores)
    started = time.perf_counter()
    session.bounce(folder / "mix.wav", stems=folder / "stems", overwrite=True)
    return time.perf_counter() - started


def main() -> None:
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    first, second, *_ = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        noise = np.random.default_rng(0).uniform(-0.3, 0.3, (1, _rate_hz * _length_s))
        with AudioFile(str(folder / "di.wav"), "w", _rate_hz, 1, bit_depth=32) as file:
            file.write(noise.astype(np.float32))
        session = _session(folder / "di.wav")
        one, two = [], []
        for _ in range(repetitions):
            one.append(_seconds(session, folder, {first}))
            two.append(_seconds(session, folder, {first, second}))
    ratios = [a / b for a, b in zip(one, two, strict=True)]
    print(f"8 tracks of {_length_s} s through a full amp each, a bus, a master; kernels {isa()}")
    for cores, seconds in (("1 core ", one), ("2 cores", two)):
        median = statistics.median(seconds)
        print(f"{cores} {median:.2f} s, {_length_s / median:.1f} x real time")
    print(f"ratio   {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"of the fastest runs {min(one) / min(two):.2f}")


if __name__ == "__main__":
    main()
