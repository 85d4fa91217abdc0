# SPDX-License-Identifier: MIT
"""Part of a file as a file of its own, with other bytes where they are wrong."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import RawIOBase
from typing import TYPE_CHECKING

from ..files.regular_file import RegularFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True, slots=True)
class Part:
    """Which part.

    Attributes
    ----------
    start, end
        In bytes of the file.
    seeming_bytes
        How long it seems, with zeros at the end; it is as long as it is if None.
    corrected_at, corrected
        A place in it, and what is there instead.
    """

    start: int
    end: int
    seeming_bytes: int | None = None
    corrected_at: int = 0
    corrected: bytes = b""

    def is_all(self, file: RegularFile) -> bool:
        """Whether this is the file as it is."""
        is_as_it_is = self.seeming_bytes is None and not self.corrected
        return is_as_it_is and (self.start, self.end) == (0, file.size)


class FilePart(RawIOBase):
    """What libsndfile reads in place of the file.

    Attributes
    ----------
    error
        What reading ended with: libsndfile takes it for the end of the file.
    """

    def __init__(self, file: RegularFile, part: Part) -> None:
        self._file, self._part = file, part
        self._size = part.end - part.start if part.seeming_bytes is None else part.seeming_bytes
        self._at = 0
        self.error: BaseException | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        try:
            count = self._read_into(memoryview(buffer).cast("B"))
        except BaseException as error:  # Ctrl-C among them
            self.error = error
            return 0
        self._at += count
        return count

    def _read_into(self, view: memoryview) -> int:
        view = view[: max(0, self._size - self._at)]
        there = view[: max(0, self._part.end - self._part.start - self._at)]
        count = self._file.read_into(self._part.start + self._at, there) if len(there) else 0
        for i, byte in enumerate(self._part.corrected, self._part.corrected_at - self._at):
            if 0 <= i < count:
                view[i] = byte
        if count < len(there):
            return count
        view[count:] = bytes(len(view) - count)
        return len(view)
