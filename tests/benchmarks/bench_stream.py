# SPDX-License-Identifier: MIT
"""What a block costs besides its network: python tests/benchmarks/bench_stream.py [amp.nam]"""

from __future__ import annotations

import sys
from importlib.resources import as_file, files
from statistics import median

import numpy as np
from bench_effect import RATE, again, in_turns
from pedalboard import Pedalboard

from pedalboard_nam import Model, NeuralAmp, Stream, _core, isa


def doors(model: Model, num_channels: int, frames: int) -> str:
    count, index = 64_000 // (num_channels * frames), model._core.network_index(0.0)
    shape = (frames,) if num_channels == 1 else (num_channels, frames)
    block = (0.1 * np.random.default_rng(1).standard_normal(shape)).astype(np.float32)
    wet = np.empty_like(block)
    stream, board = Stream(model, size="lite"), Pedalboard([NeuralAmp(model, size="lite")])
    network_s, *doors_s = in_turns(
        60,
        lambda: [
            _core.seconds_per_block(model._core, index, frames, count) for _ in range(num_channels)
        ],
        again(count, lambda: stream.process(block)),
        again(count, lambda: stream.process(block, out=wet)),
        again(count, lambda: stream.process(block, out=block)),
        again(count, lambda: board(block, RATE, reset=False)),
    )
    cells = [f"{num_channels:8}", f"{frames:6}", f"{1e6 * median(network_s) / count:10.2f}"]
    for door_s in doors_s:
        more = [1e6 * (d - n) / count for d, n in zip(door_s, network_s, strict=True)]
        cells.append(f"{median(more):10.2f}")
    return " ".join(cells)


def main() -> None:
    demo = files("pedalboard_nam").joinpath("demo/amp.nam")
    with as_file(demo) as path:
        model = Model.load(sys.argv[1] if len(sys.argv) > 1 else path)
    print(f"lite, {isa()}; microseconds a block, and of all but the network more than that")
    print("channels frames    network      block       out=   in place    a board")
    for num_channels in (1, 2):
        for frames in (16, 64, 256, 1024):
            print(doors(model, num_channels, frames))


if __name__ == "__main__":
    main()
