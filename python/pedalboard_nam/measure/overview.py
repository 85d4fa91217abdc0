# SPDX-License-Identifier: MIT
"""An audio file of any length at a glance: waveform, level and spectrogram in a few columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ..audio.arrays import Audio
from ..audio.reader import StrPath, open_audio

_block_samples = 1 << 17  # of all channels together
_spectra_at_once = 64
silence_db = -200.0  # so digital silence has a level
_floor = 10.0 ** (silence_db / 10.0)


@dataclass(frozen=True, slots=True)
class Overview:
    """What `overview_of` saw. Columns divide the file's length evenly; full scale is 1.0.

    Attributes
    ----------
    frames, num_channels
        Size of the audio.
    sample_rate
        In Hz.
    low, high
        Smallest and largest sample of all channels; shape (columns,).
    power
        Mean square of all channels; shape (columns,).
    spectrum_db
        Level of the strongest partial in each band, its edges included; shape (bands, columns),
        lowest band first. A sine of full scale reads 0 dB, or up to 1.4 dB less: what a Hann
        window sees between bins.
    band_edges_hz
        Logarithmic; shape (bands + 1,).
    is_finite
        False if NaN or infinite samples were left out, as silence.
    """

    frames: int
    num_channels: int
    sample_rate: float
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    power: NDArray[np.float64]
    spectrum_db: NDArray[np.float64]
    band_edges_hz: NDArray[np.float64]
    is_finite: bool

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate

    @property
    def peak_dbfs(self) -> float:
        """Largest absolute sample in dB re full scale."""
        return decibels(max(-self.low.min(), self.high.max()) ** 2)

    @property
    def loudness_db(self) -> float:
        """Level of the whole file in dB re full scale RMS."""
        return decibels(self.power.mean())


def decibels(power: float) -> float:
    """Level of a power; `silence_db` at least."""
    return float(10.0 * np.log10(max(power, _floor)))


def overview_of(
    path: StrPath,
    *,
    columns: int,
    bands: int,
    lowest_hz: float = 20.0,
    highest_hz: float = 20_000.0,
    window_frames: int = 2048,
) -> Overview:
    """Read an audio file once, in blocks.

    Parameters
    ----------
    path
        Any audio file that `reamp` reads.
    columns
        Number of columns; fewer if the file has fewer frames.
    bands
        Number of bands of the spectrogram.
    lowest_hz, highest_hz
        Range of the spectrogram; half the sample rate at most.
    window_frames
        Length of a (Hann) window of the spectrogram.

    Raises
    ------
    AudioFileError
        If the file is not audio, or holds none.
    OSError
        If it does not exist or cannot be read.
    """
    with open_audio(path) as audio:
        columns = min(columns, audio.frames)
        starts = np.arange(columns) * audio.frames // columns
        highest_hz = min(highest_hz, audio.sample_rate / 2)
        lowest_hz = min(lowest_hz, highest_hz / 2)
        edges_hz = np.geomspace(lowest_hz, highest_hz, bands + 1)
        waveform = _Waveform(starts)
        spectrogram = _Spectrogram(starts, edges_hz / audio.sample_rate, window_frames)
        frames, is_finite = 0, True
        while (block := audio.read(max(_block_samples // audio.num_channels, 1))).size:
            block, finite = _silenced_where_not_finite(block)
            is_finite = is_finite and finite
            waveform.add(block, frames)
            spectrogram.add(block)
            frames += block.shape[1]
        counts = np.diff(np.append(starts, audio.frames)) * audio.num_channels
        return Overview(
            frames,
            audio.num_channels,
            audio.sample_rate,
            np.where(waveform.low <= waveform.high, waveform.low, np.float32(0.0)),
            np.where(waveform.low <= waveform.high, waveform.high, np.float32(0.0)),
            waveform.squares / counts,
            spectrogram.finish(),
            edges_hz,
            is_finite,
        )


def _silenced_where_not_finite(block: Audio) -> tuple[Audio, bool]:
    finite = np.isfinite(block)
    return (block, True) if finite.all() else (np.where(finite, block, np.float32(0.0)), False)


class _Waveform:
    """Extremes and sum of squares in each column."""

    def __init__(self, starts: NDArray[np.int64]) -> None:
        self._starts = starts
        self.low = np.full(starts.size, np.inf, np.float32)
        self.high = np.full(starts.size, -np.inf, np.float32)
        self.squares = np.zeros(starts.size)

    def add(self, block: Audio, position: int) -> None:
        frames = block.shape[1]
        reached, end = np.searchsorted(self._starts, (position + 1, position + frames))
        here = slice(reached - 1, end)
        bounds = np.maximum(self._starts[here] - position, 0)
        low = np.minimum.reduceat(block.min(axis=0), bounds)
        high = np.maximum.reduceat(block.max(axis=0), bounds)
        squares = np.add.reduceat(np.square(block, dtype=np.float64).sum(axis=0), bounds)
        self.low[here] = np.minimum(self.low[here], low)
        self.high[here] = np.maximum(self.high[here], high)
        self.squares[here] += squares


class _Spectrogram:
    """Mean power spectrum in each column, of windows centred in it, at most half one apart."""

    def __init__(
        self, starts: NDArray[np.int64], edges: NDArray[np.float64], window_frames: int
    ) -> None:
        self._starts = starts
        column_frames = int(starts[1]) if starts.size > 1 else window_frames
        self._hop = min(window_frames // 2, column_frames)
        self._window = np.hanning(window_frames + 1)[:-1].astype(np.float32)
        # Power of a sine of full scale: (sum of the window / 2)^2.
        self._full_scale = (float(self._window.sum()) / 2.0) ** 2
        bins = edges * window_frames
        first = np.clip(np.floor(bins[:-1]), 1, window_frames // 2 - 1)
        end = np.clip(np.ceil(bins[1:]) + 1, first + 1, window_frames // 2)
        self._spans = np.stack([first, end], axis=1).astype(np.int64).ravel()
        self._power = np.zeros((starts.size, edges.size - 1))
        self._count = np.zeros(starts.size)
        self._centre = 0  # of the next window
        self._ahead: Audio | None = None  # from that window's first frame on

    def add(self, block: Audio) -> None:
        if self._ahead is None:
            self._ahead = np.zeros((block.shape[0], self._window.size // 2), np.float32)
        self._ahead = np.concatenate([self._ahead, block], axis=1)
        for windows in self._whole_windows():
            self._add_windows(windows)

    def finish(self) -> NDArray[np.float64]:
        """Level in dB of what was added; shape (bands, columns)."""
        if self._ahead is not None:
            self.add(np.zeros((self._ahead.shape[0], self._window.size // 2), np.float32))
        # A column without a window of its own, as some are beside rounding, repeats its neighbour.
        columns = np.arange(self._count.size)
        nearest = np.maximum.accumulate(np.where(self._count > 0, columns, 0))
        power = (self._power / np.maximum(self._count, 1.0)[:, np.newaxis])[nearest]
        return 10.0 * np.log10(np.maximum(power.T, _floor))

    def _whole_windows(self) -> Iterator[NDArray[np.float32]]:
        """Takes windows from what lies ahead: shape (channels, windows, frames)."""
        assert self._ahead is not None
        size = self._window.size
        if self._ahead.shape[1] < size:
            return
        windows = sliding_window_view(self._ahead, size, axis=1)[:, :: self._hop]
        for start in range(0, windows.shape[1], _spectra_at_once):
            yield windows[:, start : start + _spectra_at_once]
        self._ahead = self._ahead[:, windows.shape[1] * self._hop :]

    def _add_windows(self, windows: NDArray[np.float32]) -> None:
        spectrum = np.fft.rfft(windows * self._window)
        power = np.mean(spectrum.real**2 + spectrum.imag**2, axis=0) / self._full_scale
        bands = np.maximum.reduceat(power, self._spans, axis=1)[:, ::2]
        centres = self._centre + self._hop * np.arange(len(bands))
        columns = np.searchsorted(self._starts, centres, "right") - 1
        np.add.at(self._power, columns, bands)
        np.add.at(self._count, columns, 1.0)
        self._centre += self._hop * len(bands)
