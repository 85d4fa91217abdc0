# SPDX-License-Identifier: MIT
"""From file to file in constant memory: the bits of `render`, however long the audio is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from . import _core
from .audio_array import Audio
from .audio_file import AudioFileError, AudioReader, AudioWriter, StrPath, create_audio, open_audio
from .model import Model, Size
from .progress import Progress
from .render_array import lookback_of, render_span
from .settings import OutputMode, core_model
from .stream import Stream

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

# Of all channels together: 8 MB, 44 s of mono at 48 kHz.
segment_samples = 1 << 21


class Settings(TypedDict, total=False):
    """The settings of `Stream`."""

    size: Size
    input_gain_db: float
    output_gain_db: float
    output_mode: OutputMode
    target_loudness_db: float
    interface_level_dbu: float | None


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
    """

    frames: int
    num_channels: int
    sample_rate: float
    peak: float
    clipped: bool
    is_finite: bool

    @classmethod
    def from_writer(cls, wet: AudioWriter, num_channels: int, sample_rate: float) -> Self:
        """What `wet` has seen go by."""
        return cls(wet.frames, num_channels, sample_rate, wet.peak, wet.clipped, wet.is_finite)


def reamp_file(
    model: Model,
    source: StrPath,
    destination: StrPath,
    *,
    bit_depth: int | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
    **settings: Unpack[Settings],
) -> Reamped:
    """Run an audio file through an amp into another, at the same rate and of the same length.

    Parameters
    ----------
    model
        The amp.
    source
        Any audio file that pedalboard reads.
    destination
        The audio file to make. Its extension chooses the format: .wav, .flac, .aiff, .aif, .ogg or
        .mp3. An .mp3 is read back 1105 frames late: so much delay its codec has.
    bit_depth
        16 or 24 bits, or 32 for floating point (.wav only). By default 32 for .wav, which neither
        clips nor rounds, and 24 for .flac and .aiff. Not for .ogg and .mp3.
    overwrite
        Whether to replace a file of that name.
    progress
        Called now and then with the frames done and, as far as known, those in the file.
    threads, **settings
        As in `render`.

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
        stream = Stream(model, rate, **settings)._core

        def new_stream() -> _core.Stream:
            return _core.Stream(core_model(model), rate, 1, stream.settings)

        with create_audio(
            destination, rate, channels, bit_depth=bit_depth, overwrite=overwrite
        ) as wet:
            wet.check_room(dry.frames)
            for segment, skip, end in _segments(dry, stream):
                first = wet.frames - skip
                wet.write(
                    render_span(new_stream, segment, skip, end, first_frame=first, threads=threads)
                )
                if progress is not None:
                    progress(wet.frames, dry.frames)
    return Reamped.from_writer(wet, channels, rate)


def _segments(dry: AudioReader, stream: _core.Stream) -> Iterator[tuple[Audio, int, int]]:
    """Cut the file into pieces that overlap by what the amp hears around what it plays.

    Yields pieces of shape (channels, frames), and where in each the frames to keep start and end.
    """
    before = lookback_of(stream)
    length = max(before, segment_samples // dry.num_channels)
    skip = 0
    segment = dry.read(length + stream.latency)
    while segment.shape[1] == skip + length + stream.latency:
        yield segment, skip, skip + length
        overlap = segment[:, skip + length - before :]
        skip = before
        segment = np.concatenate([overlap, dry.read(length)], axis=1)
    if segment.shape[1] > skip:
        yield segment, skip, segment.shape[1]
