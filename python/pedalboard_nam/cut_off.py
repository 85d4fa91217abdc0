# SPDX-License-Identifier: MIT
"""Files that end before their audio does, which pedalboard reads as silence up to that length."""

from __future__ import annotations

import os
from typing import BinaryIO, Literal

# Of a writer that could not come back to write it: the length is up to the end of the file.
_unknown_sizes = (0, 0xFFFF_FFFF)


def whole_bytes(file: BinaryIO) -> int | None:
    """The least size of a WAV or AIFF file that holds all its audio, as far as the file says.

    None if it does not say: other formats, RF64, and files that were written to a pipe.
    """
    file.seek(0)
    kind, _, form = (file.read(4) for _ in range(3))
    audio = {(b"RIFF", b"WAVE"): b"data", (b"FORM", b"AIFF"): b"SSND", (b"FORM", b"AIFC"): b"SSND"}
    if (kind, form) not in audio:
        return None
    order: Literal["little", "big"] = "little" if kind == b"RIFF" else "big"
    while len(header := file.read(8)) == 8:
        size = int.from_bytes(header[4:], order)
        if header[:4] == audio[kind, form]:
            return None if size in _unknown_sizes else file.tell() + size
        file.seek(size + size % 2, os.SEEK_CUR)
    return None
