# SPDX-License-Identifier: MIT
"""Audio files out: pedalboard's writers, and errors that say what to do."""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from pedalboard.io import (
    AudioFile,
    WriteableAudioFile,
)

from ..files.new_file import StrPath, all_or_none, renamed_when_complete
from .arrays import Audio
from .reader import AudioFileError


@dataclass(frozen=True, slots=True)
class _Format:
    name: str
    bit_depths: tuple[int, ...] = ()  # the default first; none where the codec decides


_formats = {
    ".wav": _Format("wav", (32, 24, 16)),
    ".flac": _Format("flac", (24, 16)),
    ".aiff": _Format("aiff", (24, 16)),
    ".aif": _Format("aiff", (24, 16)),
    ".ogg": _Format("ogg"),
    ".mp3": _Format("mp3"),
}


# pedalboard writes longer AIFF files, and cannot read them. Their header takes the rest of 2 GiB.
_most_aiff_bytes = 2**31 - 4096


class AudioWriter:
    """An audio file being written; made by `create_audio`.

    Attributes
    ----------
    frames
        Length so far.
    peak
        Largest absolute sample so far, NaN and infinity aside; full scale is 1.0.
    is_finite
        False after a NaN or an infinity.
    """

    def __init__(
        self, file: WriteableAudioFile, path: str, bit_depth: int | None, dither: bool
    ) -> None:
        self._file = file
        self._path = path
        self._most_frames = math.inf
        if _format(path).name == "aiff" and bit_depth is not None:
            self._most_frames = _most_aiff_bytes // (file.num_channels * bit_depth // 8)
        self._half_step = 2.0**-bit_depth if bit_depth in (16, 24) else 0.0
        # Always the same noise: one source and one board make one file.
        self._random = np.random.default_rng(0) if dither else None
        self.frames = 0
        self._clips = bit_depth != 32
        self.peak = 0.0
        self.is_finite = True
        # The first block that is not square tells pedalboard which axis is frames.
        self._append(np.empty((file.num_channels, 0), np.float32))

    @property
    def clipped(self) -> bool:
        """Whether the format has cut what exceeds full scale."""
        return self._clips and self.peak > 1.0

    def check_room(self, frames: int) -> None:
        """Raise an AudioFileError if so many more do not fit."""
        if self.frames + frames > self._most_frames:
            raise AudioFileError(
                f"{self._path}: an AIFF file of more than 2 GiB cannot be read; WAV and FLAC can"
            )

    def write(self, audio: Audio) -> None:
        """Append audio of shape (channels, frames)."""
        self.check_room(audio.shape[1])
        highest = float(np.max(audio, initial=self.peak))
        lowest = float(np.min(audio, initial=-self.peak))
        if math.isfinite(highest - lowest):
            self.peak = max(highest, -lowest)
        else:
            self.is_finite = False
            finite = np.isfinite(audio)
            self.peak = float(np.max(np.abs(audio), where=finite, initial=self.peak))
        self.frames += audio.shape[1]
        if self._random is not None:
            # The difference of two even distributions of a step: triangular, as is right for a
            # rounding error that neither its mean nor its power lets hear the signal.
            even = self._random.random((audio.shape[1], 2, audio.shape[0]), dtype=np.float32)
            noise: Audio = (even[:, 0] - even[:, 1]).T
            noise *= np.float32(2.0 * self._half_step)
            audio = audio + noise
        # pedalboard rounds down; with half a step more, that is to the nearest.
        self._append(audio + np.float32(self._half_step) if self._half_step else audio)

    def _append(self, audio: Audio) -> None:
        try:
            self._file.write(audio)  # pyright: ignore[reportUnknownMemberType]
        except RuntimeError as error:
            raise AudioFileError(f"{self._path}: {error}") from None


@contextmanager
def create_audio(
    path: StrPath,
    sample_rate: float,
    num_channels: int,
    *,
    bit_depth: int | None = None,
    dither: bool = False,
    overwrite: bool = False,
) -> Generator[AudioWriter]:
    """Write an audio file, which appears under its name when the ``with`` block ends well.

    Parameters
    ----------
    path
        The extension chooses the format: .wav, .flac, .aiff, .aif, .ogg or .mp3.
    sample_rate
        In Hz.
    num_channels
        Number of audio channels.
    bit_depth
        16 or 24 bits, or 32 for floating point (.wav only). By default 32 for .wav, which neither
        clips nor rounds, and 24 for .flac and .aiff. Not for .ogg and .mp3.
    dither
        Whether to round to 16 or 24 bits with triangular noise of two steps peak to peak, so that
        the error is noise, and not distortion. The same noise every time.
    overwrite
        Whether to replace a file of that name.

    Raises
    ------
    AudioFileError
        If the format cannot hold such audio, or has no use for dither.
    OSError
        If the file exists and is not to be replaced, or cannot be written.
    """
    with create_audio_files(
        [path], sample_rate, num_channels, bit_depth=bit_depth, dither=dither, overwrite=overwrite
    ) as (audio,):
        yield audio


@contextmanager
def create_audio_files(
    paths: Iterable[StrPath],
    sample_rate: float,
    num_channels: int,
    *,
    bit_depth: int | None = None,
    dither: bool = False,
    overwrite: bool = False,
) -> Generator[list[AudioWriter]]:
    """Like `create_audio` for several files, which appear together when all are complete.

    If one cannot be renamed, the others go again, but for those that replaced a file.
    """
    with all_or_none() as undo, ExitStack() as renaming, ExitStack() as writing:
        writers: list[AudioWriter] = []
        for each in paths:
            path = os.fspath(each)
            kind = _format(path)
            bits = checked_bit_depth(path, bit_depth)
            if dither and bits not in (16, 24):
                raise AudioFileError(f"{path}: dither is for 16 and 24 bits")
            file = renaming.enter_context(renamed_when_complete(path, overwrite, undo))
            audio = writing.enter_context(
                _writer(file, path, kind, sample_rate, num_channels, bits)
            )
            writers.append(AudioWriter(audio, path, bits, dither))
        yield writers


def checked_bit_depth(path: str, bit_depth: int | None) -> int | None:
    """The bit depth of a file of this name: the one asked for, or its format's own.

    Raises
    ------
    AudioFileError
        If that cannot be written.
    """
    kind = _format(path)
    if bit_depth is None:
        return kind.bit_depths[0] if kind.bit_depths else None
    if bit_depth not in kind.bit_depths:
        accepted = ", ".join(map(str, sorted(kind.bit_depths)))
        raise AudioFileError(
            f"{path}: {kind.name.upper()} files have no bit depth of {bit_depth!r}"
            + (f"; accepted are {accepted}" if accepted else " or any other")
        )
    return int(bit_depth)


def _format(path: str) -> _Format:
    extension = os.path.splitext(path)[1].lower()
    if extension not in _formats:
        raise AudioFileError(
            f"{path}: cannot write {extension or 'a file without extension'}; "
            f"accepted are {', '.join(_formats)}"
        )
    return _formats[extension]


def _writer(
    file: BinaryIO,
    path: str,
    kind: _Format,
    sample_rate: float,
    num_channels: int,
    bit_depth: int | None,
) -> WriteableAudioFile:
    if sample_rate == int(sample_rate):  # others are a TypeError below
        sample_rate = int(sample_rate)
    try:
        return AudioFile(
            file, "w", sample_rate, num_channels, bit_depth=bit_depth or 16, format=kind.name
        )
    except (TypeError, ValueError):
        channels = "1 channel" if num_channels == 1 else f"{num_channels} channels"
        raise AudioFileError(
            f"{path}: {kind.name.upper()} cannot hold {channels} at {sample_rate} Hz"
            + ("" if kind.name == "wav" else "; WAV can")
        ) from None
