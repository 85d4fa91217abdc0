# SPDX-License-Identifier: MIT
"""How much a batch would make."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ..audio.reader import open_audio
from ..audio.writer import bytes_of_sample, checked_bit_depth
from ..errors import sentence
from .prepare import Batch

_flac_ratio = 0.6  # of guitar; noise takes more
_lossy_bytes_per_s = 20_000


@dataclass
class Estimate:
    """Size of the outputs that are to be made; `unreadable` says which inputs are not in it."""

    audio_s: float = 0.0
    output_bytes: float = 0.0
    unreadable: list[str] = field(default_factory=list[str])


def estimate(batch: Batch) -> Estimate:
    """Look at every input that is to be played."""
    sum_ = Estimate()
    lengths: dict[str, tuple[float, int] | None] = {}
    for job in batch.jobs:
        if job.input not in lengths:
            try:
                with open_audio(job.input) as dry:
                    lengths[job.input] = dry.frames / dry.sample_rate, dry.frames * dry.num_channels
            except (OSError, ValueError) as error:
                lengths[job.input] = None
                sum_.unreadable.append(sentence(error))
        length = lengths[job.input]
        if length is None or job.model.error:
            continue
        duration_s, samples = length
        sum_.audio_s += duration_s
        depth = checked_bit_depth(job.output, batch.bit_depth)
        if depth is None:
            sum_.output_bytes += duration_s * _lossy_bytes_per_s
        else:
            ratio = _flac_ratio if os.path.splitext(job.output)[1].lower() == ".flac" else 1.0
            sum_.output_bytes += samples * bytes_of_sample(depth) * ratio
    return sum_
