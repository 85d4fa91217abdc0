# SPDX-License-Identifier: MIT
"""The delay, to a part of a frame, and the gain that bring one recording closest to another.

All of it goes block by block: besides the recordings, an hour takes no more memory than a minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..audio.arrays import Audio

Frames = NDArray[np.float64]

_block_frames = 1 << 17
# Of the windowed sinc that delays by a part of a frame, on either side of its middle.
_reach = 64
# Less than this gained is rounding: the delay is then a whole number of frames.
_worth_a_part = 0.9


@dataclass(frozen=True, slots=True)
class Alignment:
    """How to take a out of b.

    Attributes
    ----------
    delay_frames
        How much later a is than b.
    gain
        What a, without its delay, is to be multiplied with; negative if it is inverted.
    residual_part
        Energy of what is then left of b, re that of b.
    """

    delay_frames: float
    gain: float
    residual_part: float


def align(a: Audio, b: Audio, longest_delay: int) -> Alignment:
    """Find the best alignment of a to b, both (channels, frames), within a longest delay."""
    correlation = _correlation(a, b, longest_delay)
    if not correlation.any():
        return Alignment(0.0, 0.0, 1.0)
    index = int(np.argmax(np.abs(correlation)))
    whole = _residual(a, b, float(index - longest_delay))
    finer = _residual(a, b, whole.delay_frames + _part_of_peak(correlation, index))
    return finer if finer.residual_part < _worth_a_part * whole.residual_part else whole


def aligned_blocks(a: Audio, b: Audio, delay_frames: float) -> Iterator[tuple[Frames, Frames]]:
    """Blocks of a, brought forward by its delay, and of b, where both have all that it takes."""
    whole = round(delay_frames)
    reach = 0 if delay_frames == whole else _reach
    kernel = _delay_kernel(whole - delay_frames)
    frames = b.shape[1]
    first, last = max(0, reach - whole), min(frames, frames - whole - reach)
    for start in range(first, last, _block_frames):
        stop = min(start + _block_frames, last)
        early = a[:, start + whole - reach : stop + whole + reach].astype(np.float64)
        if reach:
            early = np.stack([np.convolve(channel, kernel, "valid") for channel in early])
        yield early, b[:, start:stop].astype(np.float64)


def _residual(a: Audio, b: Audio, delay_frames: float) -> Alignment:
    energy = common = wanted = left = 0.0
    for early, reference in aligned_blocks(a, b, delay_frames):
        energy += float(np.sum(early**2))
        common += float(np.sum(early * reference))
        wanted += float(np.sum(reference**2))
    if common == 0.0:
        return Alignment(delay_frames, 0.0, 1.0)
    gain = common / energy
    # wanted - gain * common is the same, but for its rounding, at which deep nulls would end.
    for early, reference in aligned_blocks(a, b, delay_frames):
        left += float(np.sum((reference - gain * early) ** 2))
    return Alignment(delay_frames, gain, left / wanted)


def _correlation(a: Audio, b: Audio, longest_delay: int) -> Frames:
    """Sum over frames of a[f + d] b[f] for every delay d from -longest to longest."""
    reach = _block_frames + 2 * longest_delay
    size = 1 << (reach - 1).bit_length()
    sums = np.zeros(size // 2 + 1, np.complex128)
    for channel_a, channel_b in zip(a, b, strict=True):
        around = np.pad(channel_a, longest_delay)
        for start in range(0, channel_b.size, _block_frames):
            block = np.fft.rfft(channel_b[start : start + _block_frames], size)
            sums += np.fft.rfft(around[start : start + reach], size) * np.conj(block)
    return np.fft.irfft(sums, size)[: 2 * longest_delay + 1]


def _part_of_peak(correlation: Frames, index: int) -> float:
    """Where the correlation is highest, up to half a frame from its highest frame."""
    around = np.pad(correlation, _reach)[index : index + 2 * _reach + 1]

    def height(part: float) -> float:
        return abs(float(np.convolve(around, _delay_kernel(-part), "valid")[0]))

    middle, width = 0.0, 0.5
    while width > 1e-7:
        middle = max(middle + width * np.linspace(-1.0, 1.0, 9), key=height)
        width /= 4.0
    return float(np.clip(middle, -0.5, 0.5))


def _delay_kernel(frames: float) -> Frames:
    """A windowed sinc that delays by -1 to 1 frames."""
    away = np.arange(-_reach, _reach + 1) - frames
    # The window moves with the sinc: np.kaiser's, which stays, would favour whole frames.
    window = np.i0(8.0 * np.sqrt(1.0 - (away / (_reach + 1)) ** 2)) / np.i0(8.0)
    return np.sinc(away) * window
