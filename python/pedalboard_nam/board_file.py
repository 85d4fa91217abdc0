# SPDX-License-Identifier: MIT
"""From file to file through a board of pedalboard's effects, in constant memory."""

from __future__ import annotations

import os

import numpy as np
from pedalboard import Pedalboard  # pyright: ignore[reportPrivateImportUsage]

from .audio_file import AudioFileError, AudioWriter, StrPath, create_audio, open_audio
from .reamp_file import Progress, Reamped

_block_frames = 1 << 16
_longest_latency_s = 60.0


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
            board.reset()
            taken = given = 0

            def play(audio: np.ndarray, writer: AudioWriter) -> int:
                # Of no more frames than channels, pedalboard takes the one for the other.
                missing = max(0, channels + 1 - audio.shape[1])
                played = board(np.pad(audio, [(0, 0), (0, missing)]), rate, reset=False)
                played = played[:, : taken - given]
                writer.write(played)
                return played.shape[1]

            while (block := dry.read(_block_frames)).shape[1]:
                taken += block.shape[1]
                given += play(block, wet)
                if progress is not None:
                    progress(given, dry.frames)
            # Effects with a latency still hold the end back.
            silence = np.zeros((channels, min(_block_frames, int(rate))), np.float32)
            for _ in range(int(_longest_latency_s * rate / silence.shape[1]) + 1):
                if given == taken:
                    break
                given += play(silence, wet)
            if given < taken:
                raise AudioFileError(
                    f"{os.fspath(source)}: the board gives {given} frames for {taken}"
                )
    return Reamped.from_writer(wet, taken, channels, rate)
