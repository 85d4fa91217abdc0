# SPDX-License-Identifier: MIT
"""From file to file through a board of pedalboard's effects, in constant memory: `bounce`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..audio.arrays import Audio
from ..audio.progress import Progress, check_progress
from ..audio.reader import AudioFileError, StrPath
from ..audio.resampled import ResampledFile, open_resampled
from ..audio.writer import BitDepth, create_audio
from ..automation.accepted_lanes import Automation
from ..engine.reamp_file import Reamped
from ..errors import located
from ..files.new_file import file_name
from ..wording.numbers import check_number, check_whole_number, is_number
from ..wording.quoted import quoted
from .board_effects import Board, check_format, effects_in, effects_of
from .board_stream import BoardStream, longest_tail_s

_longest_block_frames = 1 << 24  # of which 8 channels fill half a gigabyte


@dataclass(frozen=True, slots=True)
class Silence:
    """A tail that ends with what is heard of it.

    Silence is what the board gives in the end: an amp rests at a constant that is not always 0.

    Parameters
    ----------
    below_db
        The file ends after the last frame in which a channel is so far from that, in dB re full
        scale, -200 to 0. -90 dB is the last bit of 16.
    longest_s
        Seconds of tail that are played, and the most that are kept, 0 to 86,400. They are held in
        memory: 23 MB for a minute of stereo at 48 kHz.

    Raises
    ------
    ValueError
        For a number out of range.
    """

    below_db: float = -90.0
    longest_s: float = 60.0

    def __post_init__(self) -> None:
        check_number("Silence: below_db", self.below_db, -200.0, 0.0)
        check_number("Silence: longest_s", self.longest_s, 0.0, longest_tail_s)


def bounce(
    board: Board,
    source: StrPath,
    destination: StrPath,
    *,
    automation: Automation | None = None,
    sample_rate: float | None = None,
    tail: float | Silence = 0.0,
    bit_depth: BitDepth | None = None,
    dither: bool = False,
    overwrite: bool = False,
    tags: bool = True,
    block_size: int = 1 << 16,
    progress: Progress | None = None,
) -> Reamped:
    """Run an audio file through a board into another, as a DAW exports a track.

    Frame n of the output is frame n of the source, whatever latency the effects have, and without
    a tail there are as many. Memory does not depend on the length.

    Parameters
    ----------
    board
        Any effect of pedalboard's, a list of them or a `Pedalboard`. They are reset first.
    source
        Any audio file that `reamp` reads.
    destination
        The audio file to make. Its extension chooses the format: .wav, .w64, .caf, .flac, .aiff,
        .aif, .ogg or .mp3.
    automation
        By effect, and by name of its property: a `Lane`, a list of (seconds, value) for a linear
        one, or a function of time in seconds. The effects are those in the board, in whatever
        containers. Afterwards the properties are as they were. See `BoardStream`.
    sample_rate
        Rate of board and output in Hz, 8,000 to 384,000; by default that of the source. If it is
        another, the engine resamples the source, which must be in that range too: nothing moves,
        and the length is ``ceil(frames * sample_rate / rate of the source)``.
    tail
        What to keep of the sound after the end of the source: seconds, 0 to 86,400, or `Silence()`.
    bit_depth
        16 or 24 bits, 32 for floating point (.wav, .w64 and .caf), or "int32" for whole numbers of
        32 bits (those and .aiff). By default 32 where there is floating point, which neither clips
        nor rounds, and 24 for .flac and .aiff. Not for .ogg and .mp3.
    dither
        Whether to round to 16 or 24 bits with triangular noise of two steps peak to peak, so that
        the error is noise, and not distortion. The same noise every time.
    overwrite
        Whether to replace a file of that name.
    tags
        Whether to carry the source's tags and time stamps along, as far as the format holds them.
    block_size
        Frames of the source to play at a time, 1 or more: how often `progress` is called, and how
        much memory is used. It changes no bit.
    progress
        Called now and then with the frames done and, as far as known, those to do. An exception
        that it raises ends the bounce, without an output, and is passed on.

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
    TypeError
        For what is no board, path or function.
    ValueError
        For a number out of range; for an effect that does not take so many channels, is an
        instrument, twice in the board, or at work in another bounce; for a lane of something that
        is not in the board, or with a value that the effect does not accept. All before anything is
        played, except for what only a function of time knows, and for a board that gives back less
        than it gets.
    """
    check_whole_number("block_size", block_size, 1)
    longest_s = tail.longest_s if isinstance(tail, Silence) else tail
    if not is_number(longest_s) or not 0.0 <= longest_s <= longest_tail_s:
        raise ValueError(
            f"tail is {quoted(tail)}; accepted are 0 to {longest_tail_s:g} seconds and Silence()"
        )
    check_progress(progress)
    source, destination = file_name(source, "source"), file_name(destination, "destination")
    if os.path.exists(destination) and os.path.samefile(source, destination):
        raise AudioFileError(f"{destination}: this is the input; name another output")
    with (
        open_resampled(source, sample_rate) as dry,
        _stream(board, source, dry, automation) as stream,
        create_audio(
            destination,
            dry.sample_rate,
            dry.num_channels,
            bit_depth=bit_depth,
            dither=dither,
            overwrite=overwrite,
            frames=_sure_frames(dry, tail),
            tags=dry.tags() if tags else None,
        ) as wet,
    ):
        tail_frames = round(longest_s * dry.sample_rate)

        def write(block: Audio) -> None:
            wet.write(block)
            if progress is not None:
                progress(stream.given, max(stream.given, dry.frames + tail_frames))

        for block in dry.blocks(min(block_size, _longest_block_frames)):
            write(stream.process(block))
        body_frames = stream.taken - stream.given
        blocks = stream.finish(tail_frames)
        if isinstance(tail, Silence):
            blocks = _until_silence(blocks, body_frames, 10.0 ** (tail.below_db / 20.0))
        for block in blocks:
            write(block)
    return Reamped.from_writer(wet, dry.num_channels, dry.sample_rate)


def _sure_frames(dry: ResampledFile, tail: float | Silence) -> int | None:
    return None if isinstance(tail, Silence) else dry.frames + round(tail * dry.sample_rate)


def _stream(
    board: Board, source: str, dry: ResampledFile, automation: Automation | None
) -> BoardStream:
    row = effects_of(board, "the board")
    effects = [inner for effect in row for inner in effects_in(effect)]
    try:
        check_format(effects, dry.sample_rate, dry.num_channels)
    except ValueError as error:
        raise located(source, error) from None
    return BoardStream(row, dry.sample_rate, dry.num_channels, automation)


def _until_silence(blocks: Iterable[Audio], body_frames: int, level: float) -> Iterator[Audio]:
    """The blocks without the frames at the end that are near the last one; none of the body's."""
    tail: list[Audio] = []
    for block in blocks:
        yield block[:, :body_frames]
        tail.append(block[:, body_frames:])
        body_frames = max(0, body_frames - block.shape[1])
    if tail:
        held = np.concatenate(tail, axis=1)
        is_quiet = (np.abs(held - held[:, -1:]) < level).all(axis=0)
        yield held[:, : np.max(np.flatnonzero(~is_quiet), initial=-1) + 1]
