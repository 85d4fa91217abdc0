# SPDX-License-Identifier: MIT
"""OGG files, page by page (RFC 3533): where each recording in them begins and ends."""

from __future__ import annotations

from ..files.regular_file import RegularFile
from .file_errors import CutOff, NoAudio

_header_bytes = 27
_first, _last = 2, 4  # in the flags of a page


def recordings_in(file: RegularFile, start: int) -> list[tuple[int, int]]:
    """Start and end of each from `start` on, in bytes; there is one, but for chained files.

    Raises
    ------
    CutOff
        If the last page is missing, in full or in part.
    NoAudio
        If something else is among the pages.
    """
    found: list[tuple[int, int]] = []
    at, begin, flags = start, start, 0
    while len(header := file.read_at(at, _header_bytes + 255)) and (
        header.startswith(b"OggS\0") or not flags & _last
    ):
        if not b"OggS\0".startswith(header[:5]):
            raise NoAudio(f"damaged at byte {at}")
        count = header[26] if len(header) >= _header_bytes else 255
        page_bytes = _header_bytes + count + sum(header[_header_bytes : _header_bytes + count])
        if at + page_bytes > file.size:
            raise CutOff("the end of its audio is missing")
        if header[5] & _first and not flags & _first and at > start:
            found.append((begin, at))
            begin = at
        flags = header[5]
        at += page_bytes
    if not flags & _last:
        raise CutOff("the end of its audio is missing")
    return [*found, (begin, at)]
