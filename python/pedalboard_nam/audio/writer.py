# SPDX-License-Identifier: MIT
"""Audio files out: whole, in the format that their name says, and errors that say what to do."""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol

import numpy as np

from ..files.new_file import StrPath, all_or_none, renamed_when_complete
from .arrays import Audio
from .compressing import CompressedFile
from .file_errors import AudioFileError
from .headers import Stored, headers
from .rounding import Rounding
from .samples import Encoding
from .stored_file import StoredFile
from .tags import Carried, Tags, carried

BitDepth = int | Literal["int32"]


@dataclass(frozen=True, slots=True)
class _Format:
    name: str
    bit_depths: tuple[BitDepth, ...] = ()  # the default first; none where the codec decides

    @property
    def is_stored(self) -> bool:
        """Whether samples are written as they are."""
        return self.name in headers


_formats = {
    ".wav": _Format("wav", (32, 16, 24, "int32")),
    ".flac": _Format("flac", (24, 16)),
    ".aiff": _Format("aiff", (24, 16, "int32")),
    ".aif": _Format("aiff", (24, 16, "int32")),
    ".w64": _Format("w64", (32, 16, 24, "int32")),
    ".caf": _Format("caf", (32, 16, 24, "int32")),
    ".ogg": _Format("ogg"),
    ".mp3": _Format("mp3"),
}
# From there on a WAV file is an RF64 file. What stands before its audio takes less than the rest.
_large_bytes = 2**32 - 2**24
_most_wav_frame_bytes = 65_535
_most_rate_hz = 2**32 - 1


class _File(Protocol):
    """A file that frames are appended to."""

    def write(self, audio: Audio) -> None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


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
    lost_tags
        What the format cannot hold of the tags, in words.
    """

    def __init__(
        self, file: _File, path: str, most_frames: float, clips: bool, lost_tags: tuple[str, ...]
    ) -> None:
        self._file = file
        self._path = path
        self._most_frames = most_frames
        self._clips = clips
        self.lost_tags = lost_tags
        self.frames = 0
        self.peak = 0.0
        self.is_finite = True

    @property
    def clipped(self) -> bool:
        """Whether the format has cut what exceeds full scale."""
        return self._clips and self.peak > 1.0

    def write(self, audio: Audio) -> None:
        """Append audio of shape (channels, frames)."""
        _check_room(self._path, self.frames + audio.shape[1], self._most_frames)
        highest = float(np.max(audio, initial=self.peak))
        lowest = float(np.min(audio, initial=-self.peak))
        if math.isfinite(highest - lowest):
            self.peak = max(highest, -lowest)
        else:
            self.is_finite = False
            finite = np.isfinite(audio)
            self.peak = float(np.max(np.abs(audio), where=finite, initial=self.peak))
        self.frames += audio.shape[1]
        self._file.write(audio)


@contextmanager
def create_audio(
    path: StrPath,
    sample_rate: float,
    num_channels: int,
    *,
    bit_depth: BitDepth | None = None,
    dither: bool = False,
    overwrite: bool = False,
    frames: int | None = None,
    tags: Tags | None = None,
) -> Generator[AudioWriter]:
    """Write an audio file, which appears under its name when the ``with`` block ends well.

    Parameters
    ----------
    path
        The extension chooses the format: .wav, .w64, .caf, .flac, .aiff, .aif, .ogg or .mp3.
    sample_rate
        In Hz.
    num_channels
        Number of audio channels.
    bit_depth
        16 or 24 bits, 32 for floating point (.wav, .w64 and .caf), or "int32" for whole numbers of
        32 bits (those and .aiff). By default 32 where there is floating point, which neither clips
        nor rounds, and 24 for .flac and .aiff. Not for .ogg and .mp3.
    dither
        Whether to round to 16 or 24 bits with triangular noise of two steps peak to peak, so that
        the error is noise, and not distortion. The same noise every time.
    overwrite
        Whether to replace a file of that name.
    frames
        How many there may come, if that is known.
    tags
        To carry along, as far as the format can hold them.

    Raises
    ------
    AudioFileError
        If the format cannot hold such audio, or has no use for dither.
    OSError
        If the file exists and is not to be replaced, or cannot be written.
    """
    with create_audio_files(
        [path],
        sample_rate,
        num_channels,
        bit_depth=bit_depth,
        dither=dither,
        overwrite=overwrite,
        frames=frames,
        tags=tags,
    ) as (audio,):
        yield audio


@contextmanager
def create_audio_files(
    paths: Iterable[StrPath],
    sample_rate: float,
    num_channels: int,
    *,
    bit_depth: BitDepth | None = None,
    dither: bool = False,
    overwrite: bool = False,
    frames: int | None = None,
    tags: Tags | None = None,
) -> Generator[list[AudioWriter]]:
    """Like `create_audio` for several files, which appear together when all are complete.

    If one cannot be renamed, the others go again, but for those that replaced a file.
    """
    with all_or_none() as undo, ExitStack() as renaming, ExitStack() as writing:
        files: list[_File] = []
        writers: list[AudioWriter] = []
        for each in paths:
            path = os.fspath(each)
            kind = _format(path)
            bits = checked_bit_depth(path, bit_depth)
            if dither and bits not in (16, 24):
                raise AudioFileError(f"{path}: dither is for 16 and 24 bits")
            rate = _checked_rate(path, kind, sample_rate, num_channels, bits)
            most_frames = _most_frames(kind, num_channels, bits)
            _check_room(path, frames or 0, most_frames)
            new = renaming.enter_context(renamed_when_complete(path, overwrite, undo))
            along = Carried() if tags is None else carried(tags, kind.name, rate)
            file = _file(new, path, kind, rate, num_channels, bits, dither, frames, along)
            writing.callback(file.close)
            files.append(file)
            writers.append(AudioWriter(file, path, most_frames, bits != 32, along.lost))
        yield writers
        for file in files:
            file.finish()


def bytes_of_sample(bit_depth: BitDepth) -> int:
    """How many bytes a sample of this bit depth takes."""
    return 4 if bit_depth == "int32" else bit_depth // 8


def checked_bit_depth(path: str, bit_depth: BitDepth | None) -> BitDepth | None:
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
        accepted = ", ".join(sorted(map(str, kind.bit_depths)))
        raise AudioFileError(
            f"{path}: {kind.name.upper()} files have no bit depth of {bit_depth!r}"
            + (f"; accepted are {accepted}" if accepted else " or any other")
        )
    return bit_depth if isinstance(bit_depth, str) else int(bit_depth)


def _format(path: str) -> _Format:
    extension = os.path.splitext(path)[1].lower()
    if extension not in _formats:
        raise AudioFileError(
            f"{path}: cannot write {extension or 'a file without extension'}; "
            f"accepted are {', '.join(_formats)}"
        )
    return _formats[extension]


def _checked_rate(
    path: str, kind: _Format, sample_rate: float, num_channels: int, bits: BitDepth | None
) -> int:
    """The rate, if the format can hold it, and so many channels."""
    is_held = 1 <= sample_rate <= _most_rate_hz and sample_rate == int(sample_rate)
    if is_held and kind.is_stored and bits is not None:
        is_held = 1 <= num_channels * bytes_of_sample(bits) <= _most_wav_frame_bytes
    elif is_held:
        is_held = CompressedFile.holds(kind.name, int(sample_rate), num_channels)
    if not is_held:
        channels = "1 channel" if num_channels == 1 else f"{num_channels} channels"
        raise AudioFileError(
            f"{path}: {kind.name.upper()} cannot hold {channels} at {sample_rate:.10g} Hz"
            + ("" if kind.is_stored else "; WAV can")
        )
    return int(sample_rate)


def _most_frames(kind: _Format, num_channels: int, bits: BitDepth | None) -> float:
    if bits is None or not kind.is_stored:
        return math.inf
    # What stands before the audio takes less than the rest.
    most_bytes = headers[kind.name].most_bytes - 2**24
    return most_bytes // (num_channels * bytes_of_sample(bits))


def _check_room(path: str, frames: int, most_frames: float) -> None:
    if frames > most_frames:
        raise AudioFileError(
            f"{path}: an AIFF file holds no more than 4 GiB; WAV, W64, CAF and FLAC do"
        )


def _file(
    new: BinaryIO,
    path: str,
    kind: _Format,
    sample_rate: int,
    num_channels: int,
    bits: BitDepth | None,
    dither: bool,
    frames: int | None,
    along: Carried,
) -> _File:
    whole_bits = 32 if bits == "int32" else bits if bits in (16, 24) else None
    rounding = None if whole_bits is None else Rounding(whole_bits, dither)
    if not kind.is_stored:
        return CompressedFile(
            new, path, kind.name, sample_rate, num_channels, whole_bits, rounding, along
        )
    header = headers[kind.name]
    width = 4 if whole_bits is None else whole_bits // 8
    encoding = Encoding("int" if rounding else "float", width, header.order)
    may_be_large = frames is None or frames * num_channels * width >= _large_bytes
    stored = Stored(num_channels, sample_rate, encoding, along.chunks, may_be_large)
    return StoredFile(new, header, stored, rounding)
