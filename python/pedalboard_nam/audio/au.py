# SPDX-License-Identifier: MIT
"""AU files: a header, and the audio up to the end of the file."""

from __future__ import annotations

import struct

from ..files.regular_file import RegularFile
from .chunks import StoredAudio
from .file_errors import CutOff
from .samples import Encoding

_encodings = {
    1: Encoding("mulaw", 1),
    2: Encoding("int", 1),
    3: Encoding("int", 2, ">"),
    4: Encoding("int", 3, ">"),
    5: Encoding("int", 4, ">"),
    6: Encoding("float", 4, ">"),
    7: Encoding("float", 8, ">"),
    27: Encoding("alaw", 1),
}
_unknown_size = 0xFFFF_FFFF


def au_audio(file: RegularFile) -> StoredAudio | None:
    """The audio in an AU file; None if it is another kind of file.

    Raises
    ------
    CutOff
        If the file ends before its audio.
    """
    head = file.read_at(0, 24)
    if not head.startswith(b".snd") or len(head) < 24:
        return None
    start, size, code, rate, channels = struct.unpack(">IIIII", head[4:])
    rest = max(0, file.size - start)
    if size == _unknown_size:
        size = rest
    if size > rest:
        raise CutOff(f"{file.size} of {start + size} bytes are there")
    return StoredAudio(channels, rate, _encodings.get(code), start=start, size=size)
