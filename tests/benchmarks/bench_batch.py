# SPDX-License-Identifier: MIT
"""How well `reamp_files` uses the machine: cores, the engine's share, time around short clips.

    python tests/benchmarks/bench_batch.py
    python tests/benchmarks/bench_batch.py --pytorch /path/to/python

Files are noise, made for the run. What is compared takes turns, and medians are printed with the
smallest and largest value. `--pytorch` names a Python with neural-amp-modeler and soundfile, which
plays some of the same files with PyTorch on all its threads.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from pedalboard.io import AudioFile

from pedalboard_nam import isa, reamp_files
from pedalboard_nam.batch.events import Event, Finished
from pedalboard_nam.engine.benchmark import cpu_name
from pedalboard_nam.engine.cores import core_count

rate_hz = 48_000
amp = Path(str(files("pedalboard_nam") / "demo" / "amp.nam"))


def make_inputs(folder: Path, count: int, duration_s: float) -> Path:
    folder.mkdir()
    random = np.random.default_rng(0)
    for i in range(count):
        frames = round(duration_s * rate_hz)
        noise = random.uniform(-0.5, 0.5, (1, frames)).astype(np.float32)
        with AudioFile(str(folder / f"{i:05}.wav"), "w", rate_hz, 1, bit_depth=24) as file:
            file.write(noise)
    return folder


def play(inputs: Path | list[Path], out: Path, size: str, jobs: int) -> tuple[Finished, float]:
    """What came of it, and seconds with planning."""
    shutil.rmtree(out, ignore_errors=True)
    finished: list[Finished] = []

    def keep(event: Event) -> None:
        if isinstance(event, Finished):
            finished.append(event)

    started = time.perf_counter()
    reamp_files(inputs, amp, out, settings={"size": size}, jobs=jobs, progress=keep)
    return finished[0], time.perf_counter() - started


def of(values: list[float], form: str = ".2f") -> str:
    return f"{median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def engine_share(finished: Finished) -> float:
    return 100.0 * finished.dsp_seconds / (finished.seconds * finished.workers)


engine_alone = """
import sys
from pedalboard_nam import Model, _core
model = Model.load(sys.argv[1])
sys.stdin.readline()
print(_core.seconds_per_block(model._core, int(sys.argv[2]), 8192, 100))
"""


def engines_alone(processes: int, size: str) -> float:
    """Blocks a second that so many processes play together, with nothing but the network."""
    command = [sys.executable, "-c", engine_alone, str(amp), "01"[size == "full"]]
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(processes)
    ]
    time.sleep(1.0)  # until all are ready
    for process in started:
        print(file=process.stdin, flush=True)
    return sum(1.0 / float(process.communicate()[0]) for process in started)


def measure_cores(inputs: Path, out: Path, size: str, rounds: int) -> None:
    cores = core_count()
    ratios, shares, limits = [], [], []
    for _ in range(rounds):
        limits.append(engines_alone(cores, size) / engines_alone(1, size))
        _, one_s = play(inputs, out, size, 1)
        finished, all_s = play(inputs, out, size, cores)
        ratios.append(one_s / all_s)
        shares.append(engine_share(finished))
    speed = finished.audio_s / finished.seconds
    print(
        f"{size}: {cores} cores {of(ratios)} times as fast as one, {of(limits)} in processes that "
        f"only play; {speed:.0f} x real time"
    )
    print(f"{size}: engine {of(shares, '.1f')} % of the time of {cores} workers")


def measure_clips(inputs: Path, out: Path) -> None:
    finished, all_s = play(inputs, out, "lite", 1)
    worked_s = finished.dsp_seconds + finished.read_seconds + finished.write_seconds
    around_ms = 1e3 * (all_s - worked_s) / finished.done
    io_ms = 1e3 * (finished.read_seconds + finished.write_seconds) / finished.done
    print(
        f"{finished.done} clips of one second: {around_ms:.3f} ms a clip outside engine and files "
        f"(planning included); {io_ms:.3f} ms for files"
    )


def measure_pytorch(python: Path, inputs: Path, out: Path, size: str, rounds: int) -> None:
    pack: dict[str, Any] = json.loads(amp.read_text())
    network = out.parent / f"{size}.json"
    submodel = pack["config"]["submodels"][0 if size == "lite" else -1]["model"]
    network.write_text(json.dumps(submodel))
    theirs = out.parent / "theirs"
    theirs.mkdir(exist_ok=True)
    paths = sorted(inputs.iterdir())[:6]
    ratios = []
    for _ in range(rounds):
        _, ours_s = play(paths, out, size, core_count())
        script = Path(__file__).with_name("pytorch_batch.py")
        command = [python, script, network, theirs, *paths]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        theirs_s = float(done.stdout)
        ratios.append(theirs_s / ours_s)
    with (
        AudioFile(str(theirs / paths[0].name)) as one,
        AudioFile(str(out / f"{paths[0].stem}__{amp.stem}__{size}.wav")) as other,
    ):
        expected, found = one.read(one.frames), other.read(other.frames)
    error_db = 10.0 * np.log10(np.mean((found - expected) ** 2) / np.mean(expected**2))
    print(
        f"{size}: {of(ratios, '.0f')} times as fast as PyTorch, which plays "
        f"{10.0 * len(paths) / theirs_s:.1f} x real time; outputs differ by {error_db:.0f} dB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=200, help="of ten seconds")
    parser.add_argument("--clips", type=int, default=10_000, help="of one second")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pytorch", type=Path, help="a Python with neural-amp-modeler")
    options = parser.parse_args()
    print(f"{cpu_name()}, {core_count()} cores, {isa()}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ten = make_inputs(root / "ten", options.files, 10.0)
        for size in ("lite", "full"):
            measure_cores(ten, root / "out", size, options.rounds)
        measure_clips(make_inputs(root / "clips", options.clips, 1.0), root / "out")
        if options.pytorch is not None:
            for size in ("lite", "full"):
                measure_pytorch(options.pytorch, ten, root / "out", size, options.rounds)


if __name__ == "__main__":
    main()
