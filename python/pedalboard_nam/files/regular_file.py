# SPDX-License-Identifier: MIT
"""Files that are read: regular ones, that stay as they are meanwhile."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from io import FileIO
from tempfile import TemporaryFile

from .new_file import StrPath, file_name

# A pipe without a writer would be waited for.
_flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class RegularFile:
    """An open file; made by `open_regular`. One thread at a time.

    Attributes
    ----------
    name
        As it was given.
    size
        In bytes, when it was opened.
    version
        What tells it from any other file, and from itself after a change.
    """

    def __init__(self, file: FileIO, name: str) -> None:
        self.name = name
        self._file = file
        status = os.fstat(file.fileno())
        self.size = status.st_size
        self.version = _version(status)

    def read_at(self, at: int, count: int) -> bytes:
        """So many bytes from there on; fewer at the end of the file."""
        return os.pread(self._file.fileno(), count, at) if 0 <= at < self.size else b""

    def read_into(self, at: int, buffer: memoryview) -> int:
        """Fill a buffer from there on; gives how many bytes there were."""
        is_there = len(buffer) and 0 <= at < self.size
        return os.preadv(self._file.fileno(), [buffer], at) if is_there else 0

    def descriptor(self) -> int:
        """One for libsndfile, at the start of the file. All of them share a place in it.

        Nothing else here has one.
        """
        self._file.seek(0)
        return os.dup(self._file.fileno())

    def content_hash(self) -> str:
        """SHA-256, in hex digits; processors have instructions for it."""
        digest, at = sha256(), 0
        while chunk := self.read_at(at, 1 << 16):
            digest.update(chunk)
            at += len(chunk)
        return digest.hexdigest()

    def size_now(self) -> int:
        """In bytes."""
        return os.fstat(self._file.fileno()).st_size

    def has_changed(self) -> bool:
        """Whether somebody has written to it since it was opened."""
        return _version(os.fstat(self._file.fileno())) != self.version


def _version(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@contextmanager
def open_regular(path: StrPath) -> Generator[RegularFile]:
    """Open a file for reading.

    Raises
    ------
    OSError
        If it does not exist, cannot be read, or is a folder.
    ValueError
        If it is a pipe, a device or the like: something that may have no end.
    """
    name = file_name(path)
    with FileIO(name, "rb", opener=_opened) as file:
        yield RegularFile(file, name)


def _opened(name: str, _: int) -> int:
    descriptor = os.open(name, _flags)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    kind = "pipe" if stat.S_ISFIFO(mode) else "socket" if stat.S_ISSOCK(mode) else "device"
    raise ValueError(f"{name}: this is a {kind}; a regular file is expected")


@contextmanager
def file_of(content: bytes, name: str) -> Generator[RegularFile]:
    """Bytes as a file, which is gone afterwards."""
    with TemporaryFile(buffering=0) as file:
        file.write(content)
        yield RegularFile(file, name)
