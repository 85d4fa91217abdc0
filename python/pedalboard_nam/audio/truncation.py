# SPDX-License-Identifier: MIT
"""Files that end before their audio does, which pedalboard reads as silence, or as shorter ones."""

from __future__ import annotations

import os
import re
from typing import BinaryIO

from .flac_end import flac_is_cut_off
from .wav_chunks import audio_chunk

_longest_ogg_page_bytes = 27 + 255 + 255 * 255
# The first frame of an MP3 file, if it holds the number of frames and bytes in place of audio.
_mp3_sizes = re.compile(
    rb"\xff[\xe0-\xff].{11,36}?(?:Xing|Info)\0\0\0[\3\7\x0b\x0f].{4}(.{4})", re.S
)
# LAME counted tags in, to version 3.96; they may be gone or others now. It wrote no pictures.
_lame_tag_bytes = 4_096


def what_is_missing(file: BinaryIO) -> str | None:
    """What a file lacks because it is cut off, in words; None if it is whole or does not say.

    Those that do not say are RF64, MP3 without a header that states its size, FLAC of blocks of
    several sizes, and what was written to a pipe, but for OGG.
    """
    file_bytes = file.seek(0, os.SEEK_END)
    start = _after_id3(file)
    file.seek(start)
    kind = file.read(4)
    file.seek(start)
    if kind in (b"fLaC", b"OggS"):
        is_cut_off = flac_is_cut_off(file) if kind == b"fLaC" else _ogg_is_cut_off(file)
        return "the end of its audio is missing" if is_cut_off else None
    spare_bytes = 0
    if kind in (b"RIFF", b"FORM"):
        whole_bytes = _chunked_bytes(file)
    else:
        whole_bytes = _mp3_bytes(file)
        spare_bytes = start + _lame_tag_bytes
    if whole_bytes is None or file_bytes >= whole_bytes - spare_bytes:
        return None
    return f"{file_bytes} of {whole_bytes} bytes are there"


def _after_id3(file: BinaryIO) -> int:
    file.seek(0)
    while (header := file.read(10))[:3] == b"ID3":
        size = 0
        for byte in header[6:]:
            size = size << 7 | byte
        file.seek(size, os.SEEK_CUR)
    return file.tell() - len(header)


def _chunked_bytes(file: BinaryIO) -> int | None:
    chunk = audio_chunk(file)
    return None if chunk is None or chunk.size is None else chunk.start + chunk.size


def _mp3_bytes(file: BinaryIO) -> int | None:
    start = file.tell()
    sizes = _mp3_sizes.match(file.read(64))
    return start + int.from_bytes(sizes[1], "big") if sizes else None


def _ogg_is_cut_off(file: BinaryIO) -> bool:
    file.seek(max(0, file.seek(0, os.SEEK_END) - _longest_ogg_page_bytes))
    tail = file.read()
    start = tail.rfind(b"OggS\0")
    if start < 0:
        return False  # more than a page of something else: tags
    page = tail[start:]
    if len(page) < 27:
        return True
    is_last = page[5] & 4
    page_bytes = 27 + page[26] + sum(page[27 : 27 + page[26]])
    return not is_last or len(page) < page_bytes
