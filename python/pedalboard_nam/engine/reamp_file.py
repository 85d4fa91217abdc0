# SPDX-License-Identifier: MIT
"""From file to file in constant memory: the bits of `render`, however long the audio is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from ..audio.arrays import Audio
from ..audio.progress import Progress
from ..audio.reader import AudioFileError, AudioReader, StrPath, open_audio
from ..audio.writer import AudioWriter, BitDepth, create_audio
from ..nam.model import Model
from ..settings import Settings
from .long_signal import LongSignal

if TYPE_CHECKING:
    from typing_extensions import Self

# Of all channels together: 8 MB, 44 s of mono at 48 kHz.
section_samples = 1 << 21


@dataclass(frozen=True, slots=True)
class Reamped:
    """What `bounce` or `reamp_file` wrote.

    Attributes
    ----------
    frames, num_channels
        Size of the audio.
    sample_rate
        In Hz.
    peak
        Largest absolute sample before the file's format cut it; full scale is 1.0.
    clipped
        Whether the format did cut it.
    is_finite
        False if there are NaN or infinite samples in it.
    lost_tags
        Tags of the source that the format cannot hold, in words.
    """

    frames: int
    num_channels: int
    sample_rate: float
    peak: float
    clipped: bool
    is_finite: bool
    lost_tags: tuple[str, ...] = ()

    @classmethod
    def from_writer(cls, wet: AudioWriter, num_channels: int, sample_rate: float) -> Self:
        """What `wet` has seen go by."""
        return cls(
            wet.frames,
            num_channels,
            sample_rate,
            wet.peak,
            wet.clipped,
            wet.is_finite,
            wet.lost_tags,
        )


def reamp_file(
    model: Model,
    source: StrPath,
    destination: StrPath,
    *,
    bit_depth: BitDepth | None = None,
    overwrite: bool = False,
    tags: bool = True,
    progress: Progress | None = None,
    threads: int | None = None,
    settings: Settings | None = None,
) -> Reamped:
    """Run an audio file through an amp into another, at the same rate and of the same length.

    Parameters
    ----------
    model
        The amp.
    source
        Any audio file that `reamp` reads.
    destination
        The audio file to make. Its extension chooses the format: .wav, .w64, .caf, .flac, .aiff,
        .aif, .ogg or .mp3.
    bit_depth
        16 or 24 bits, 32 for floating point (.wav, .w64 and .caf), or "int32" for whole numbers of
        32 bits (those and .aiff). By default 32 where there is floating point, which neither clips
        nor rounds, and 24 for .flac and .aiff. Not for .ogg and .mp3.
    overwrite
        Whether to replace a file of that name.
    tags
        Whether to carry the source's tags and time stamps along, as far as the format holds them.
    progress
        Called now and then with the frames done and, as far as known, those in the file.
    threads
        As in `render`.
    settings
        Those of `render`; its defaults if None.

    Returns
    -------
    Reamped
        What was written: frames, channels, rate, peak, and whether the format clipped it.

    Raises
    ------
    AudioFileError
        If the source is not audio, or the destination is the source or cannot hold it.
    OSError
        If a file cannot be read or written, or the destination exists.
    ValueError
        For a setting that is not accepted, as in `render`.
    """
    if os.path.exists(destination) and os.path.samefile(source, destination):
        raise AudioFileError(f"{os.fspath(destination)}: this is the input; name another output")
    with open_audio(source) as dry:
        rate, channels = dry.sample_rate, dry.num_channels
        signal = LongSignal(model, rate, channels, settings or Settings(), threads)
        with create_audio(
            destination,
            rate,
            channels,
            bit_depth=bit_depth,
            overwrite=overwrite,
            frames=dry.frames,
            tags=dry.tags() if tags else None,
        ) as wet:
            for section in _played(signal, dry):
                wet.write(section)
                if progress is not None:
                    progress(wet.frames, dry.frames)
    return Reamped.from_writer(wet, channels, rate)


def _played(signal: LongSignal, dry: AudioReader) -> Iterator[Audio]:
    """All of the file, section by section, without the delay of the conversion of its rate."""
    early = signal.latency_frames
    silence = np.zeros((dry.num_channels, early), np.float32)
    for section in chain(_sections(dry), [silence] if early else []):
        wet = signal.process(section)
        yield wet[:, early:]
        early = max(0, early - wet.shape[1])


def _sections(dry: AudioReader) -> Iterator[Audio]:
    frames = max(1, section_samples // dry.num_channels)
    while (section := dry.read(frames)).shape[1]:
        yield section
