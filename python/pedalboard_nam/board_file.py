# SPDX-License-Identifier: MIT
"""From file to file through a board of pedalboard's effects, in constant memory."""

from __future__ import annotations

import os

from pedalboard import Pedalboard  # pyright: ignore[reportPrivateImportUsage]

from .audio_file import AudioFileError, StrPath, create_audio, open_audio
from .board_stream import BoardStream
from .reamp_file import Progress, Reamped

_block_frames = 1 << 16


def board_file(
    board: Pedalboard,
    source: StrPath,
    destination: StrPath,
    *,
    bit_depth: int | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Reamped:
    """Run an audio file through a board into another, at the same rate and of the same length.

    Parameters
    ----------
    board
        The effects. They are reset first.
    source, destination, bit_depth, overwrite, progress
        As in `reamp_file`.

    Raises
    ------
    AudioFileError
        If the source is not audio, or the destination is the source or cannot hold it, or the board
        gives back less than it gets.
    OSError
        If a file cannot be read or written, or the destination exists.
    ValueError
        If an effect does not take so many channels.
    """
    if os.path.exists(destination) and os.path.samefile(source, destination):
        raise AudioFileError(f"{os.fspath(destination)}: this is the input; name another output")
    with open_audio(source) as dry:
        rate, channels = dry.sample_rate, dry.num_channels
        with create_audio(
            destination, rate, channels, bit_depth=bit_depth, overwrite=overwrite
        ) as wet:
            stream = BoardStream(board, rate, channels)
            while (block := dry.read(_block_frames)).shape[1]:
                wet.write(stream.process(block))
                if progress is not None:
                    progress(stream.given, dry.frames)
            frames = stream.taken
            try:
                for block in stream.finish():
                    wet.write(block)
            except ValueError as error:
                raise AudioFileError(f"{os.fspath(source)}: {error}") from None
    return Reamped.from_writer(wet, frames, channels, rate)
