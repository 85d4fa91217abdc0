# SPDX-License-Identifier: MIT
"""What kind of audio file a file is, by its content, and whether it is whole."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Protocol

from ..files.regular_file import RegularFile
from .arrays import Audio
from .au import au_audio
from .chunks import StoredAudio, chunked_audio
from .compressed import Compressed
from .file_errors import CutOff, NoAudio
from .file_part import Part
from .joined import Joined
from .mp3_frames import after_id3, mpeg_audio
from .ogg_pages import recordings_in
from .stored import Stored

readable_kinds = "WAV, RF64, W64, AIFF, CAF, AU, FLAC, OGG, Opus and MP3"
_flac_frames_at = 21  # in a FLAC file; 4 bits of that byte are others'
_flac_bits = (8, 16, 24)  # that libsndfile reads
_starts = (b"RIFF", b"RIFX", b"RF64", b"BW64", b"riff", b"FORM", b"caff", b".snd", b"fLaC", b"OggS")
_least_bytes = 24
_most_padding_frames = 2 * 1_152  # of MP3, of which a WAV file states the length
_most_channels = 1_024  # that libsndfile takes
_most_rate_hz = 10_000_000


class Recording(Protocol):
    """Audio in a file."""

    num_channels: int
    sample_rate: float
    frames: int
    texts: dict[str, str]

    def seek(self, frame: int) -> None: ...
    def read(self, frames: int) -> Audio: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Found:
    """What is in a file, and where."""

    stored: StoredAudio | None = None
    parts: tuple[Part, ...] = ()
    frames: int | None = None
    seeks_once: bool = False


# A data set opens the same files at every draw, and looking through one takes up to 0.1 s.
_known: dict[tuple[int, ...], _Found] = {}
_most_known = 10_000


def recording_in(file: RegularFile) -> Recording:
    """The audio in a file.

    Raises
    ------
    CutOff
        If the file ends before its audio does, as far as it tells.
    NoAudio
        If there is none that can be read.
    """
    found = _known.get(file.version)
    if found is None:
        found = _look_into(file)
        if len(_known) >= _most_known:
            _known.clear()
        _known[file.version] = found
    recording = _opened(file, found)
    channels, rate = recording.num_channels, recording.sample_rate
    if not (1 <= channels <= _most_channels and 1 <= rate <= _most_rate_hz):
        recording.close()
        raise NoAudio(f"its header states {channels} channels at {rate:g} Hz")
    if recording.frames < 1:
        recording.close()
        raise NoAudio("the file holds no audio")
    return recording


def _opened(file: RegularFile, found: _Found) -> Recording:
    if found.stored is not None and found.stored.encoding is not None:
        return Stored(file, found.stored, found.stored.encoding)
    with ExitStack() as opened:
        recordings = [
            opened.enter_context(
                closing(Compressed(file, part, found.frames, seeks_once=found.seeks_once))
            )
            for part in found.parts
        ]
        recording = Joined(recordings) if len(recordings) > 1 else recordings[0]
        opened.pop_all()
    return recording


def _look_into(file: RegularFile) -> _Found:
    if not file.size:
        raise NoAudio("the file is empty")
    head = file.read_at(0, 4)
    if file.size < _least_bytes and any(each.startswith(head) for each in _starts):
        raise CutOff("its header is missing")
    stored = chunked_audio(file) or au_audio(file)
    if stored is not None and stored.encoding is not None:
        if not 1 <= stored.num_channels <= _most_channels:
            raise NoAudio(f"its header states {stored.num_channels} channels")
        return _Found(stored)
    if stored is not None and stored.is_mp3:
        return _look_into_mp3(file, stored.start, stored.start + stored.size, stored.stated_frames)
    if stored is not None:  # libsndfile finds its own way to it
        return _Found(parts=(Part(0, file.size),), seeks_once=True)
    start = after_id3(file)
    kind = file.read_at(start, 4)
    if kind == b"fLaC":
        return _look_into_flac(file, start)
    if kind == b"OggS":
        if file.read_at(start, 64)[28:33] == b"\x7fFLAC":
            raise NoAudio("FLAC in OGG is not read; a .flac file is")
        parts = tuple(Part(*place) for place in recordings_in(file, start))
        return _Found(parts=parts, seeks_once=True)
    return _look_into_mp3(file, start, file.size)


def _look_into_flac(file: RegularFile, start: int) -> _Found:
    """A FLAC file states its length: whether its last frame is there, and none behind it."""
    part = Part(start, file.size)
    info = file.read_at(start + _flac_frames_at, 5)
    if len(info) < 5:
        raise CutOff("its header is missing")
    bits = 1 + (int.from_bytes(file.read_at(start + _flac_frames_at - 1, 2), "big") >> 4 & 31)
    if bits not in _flac_bits:
        raise NoAudio(f"FLAC of {bits} bits is not read; accepted are 8, 16 and 24")
    stated = int.from_bytes(info, "big") & 0xF_FFFF_FFFF
    if stated and not _has_frame(file, part, stated - 1):
        raise CutOff("the end of its audio is missing")
    as_of_unknown_length = Part(
        start,
        file.size,
        corrected_at=_flac_frames_at,
        corrected=bytes([info[0] & 0xF0, 0, 0, 0, 0]),
    )
    if stated and not _has_frame(file, as_of_unknown_length, stated):
        return _Found(parts=(part,))
    with closing(Compressed(file, as_of_unknown_length)) as flac:
        return _Found(parts=(as_of_unknown_length,), frames=flac.frames)


def _has_frame(file: RegularFile, part: Part, frame: int) -> bool:
    # The length is given so that nobody counts.
    with closing(Compressed(file, part, frame + 1)) as recording:
        try:
            recording.seek(frame)
            return recording.read(1).shape[1] == 1
        except NoAudio:
            return False


def _look_into_mp3(file: RegularFile, start: int, end: int, stated_frames: int = 0) -> _Found:
    audio = mpeg_audio(file, start, end)
    if audio is None:
        raise NoAudio(f"no audio that can be read; accepted are {readable_kinds}")
    is_longer = audio.seeming_bytes > audio.end - audio.start
    part = Part(audio.start, audio.end, audio.seeming_bytes if is_longer else None)
    if audio.frames is None:
        with closing(Compressed(file, part)) as mp3:
            stated = mp3.frames
        if stated and not _has_frame(file, part, stated - 1):
            raise CutOff("the end of its audio is missing")
    frames = audio.frames
    if frames is not None and 0 < frames - stated_frames < _most_padding_frames:
        frames = stated_frames
    return _Found(parts=(part,), frames=frames, seeks_once=True)
