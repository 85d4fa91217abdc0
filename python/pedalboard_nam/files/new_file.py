# SPDX-License-Identifier: MIT
"""Files that are there when they are complete, and not before.

A file that is being written has another name until then, so that a crash, a full disk or an
interrupt leaves no half of a file, and never harms the one that was there before.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ..wording.quoted import quoted
from .file_lock import lock_for_file

StrPath = str | os.PathLike[str]

_time_to_lock_s = 1.0
_buffer_bytes = 1 << 16  # a third less time for a WAV file than with Python's default


def file_name(path: StrPath, what: str = "the path") -> str:
    """The path as text; a TypeError or a ValueError for what no file can have as its name."""
    name = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        found = "None" if name is None else quoted(name)
        raise TypeError(f"{what} is {found}; a path is expected, as str or Path")
    if not name:
        raise ValueError(f"{what} is empty; a path is expected")
    if "\0" in name:
        raise ValueError(f"{what} is {name!r}; no file has a null character in its name")
    return name


def make_folder(path: Path) -> None:
    """Make a folder where there is none, and those around it; an OSError if that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path)) from None


@contextmanager
def all_or_none() -> Generator[ExitStack]:
    """For `renamed_when_complete` of several files: if one fails, those before go again."""
    with ExitStack() as undo:
        yield undo
        undo.pop_all()


@contextmanager
def renamed_when_complete(
    path: StrPath, overwrite: bool, undo: ExitStack | None = None
) -> Generator[BinaryIO]:
    """Write a file, which appears under its name when the ``with`` block ends well.

    One that it replaces hands its permissions on.

    Parameters
    ----------
    undo
        Gets what takes the file away again, if it replaced none.

    Raises
    ------
    OSError
        If the file exists and is not to be replaced, or cannot be written.
    ValueError
        If the name is that of something else than a file.
    """
    path = file_name(path)
    destination = os.path.realpath(path)  # a link stays one, and what it points to is replaced
    is_new = _is_free(destination, path)
    if not is_new:
        if not os.path.isfile(destination):
            raise ValueError(f"{path}: this is not a regular file")
        if not overwrite:
            raise _exists(path)
    temporary = os.path.join(os.path.dirname(destination), f".{secrets.token_hex(8)}.partial")
    try:
        with open(temporary, "xb", _buffer_bytes) as file:
            with suppress(OSError):  # there are file systems without locks
                lock_for_file(file)
            yield file
        if overwrite:
            with suppress(OSError):  # it is new, or its file system has no permissions
                os.chmod(temporary, stat.S_IMODE(os.stat(destination).st_mode))
            os.replace(temporary, destination)
        else:
            _name_new(temporary, destination, path)
        if undo is not None and is_new:
            undo.callback(_remove, destination)
    except OSError as error:
        # A full disk has no name of its own, and nobody asked for the temporary one.
        if error.filename in (None, temporary) and error.errno is not None:
            raise OSError(error.errno, error.strerror, path) from None
        raise
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)


def _name_new(temporary: str, destination: str, path: str) -> None:
    """Give a file its name, unless another has got it in the meantime."""
    try:
        os.link(temporary, destination)  # which replaces nothing, as a rename would
    except FileExistsError:
        raise _exists(path) from None
    except OSError:  # there are file systems without
        if not _is_free(destination, path):
            raise _exists(path) from None
        os.replace(temporary, destination)


def _exists(path: str) -> FileExistsError:
    return FileExistsError(f"{path} exists already; overwrite=True replaces it")


def _is_free(destination: str, path: str) -> bool:
    """Whether nothing has this name; an OSError if nothing can, as when it is too long."""
    try:
        os.lstat(destination)
    except FileNotFoundError:
        return True
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
    return False


def _remove(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def remove_abandoned(folder: StrPath) -> None:
    """Remove what writers that were killed have left in a folder; one at work holds a lock.

    It waits a second where a writer might be just about to take its lock.
    """
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        if re.fullmatch(r"\.[0-9a-f]{16}\.partial", name):
            path = os.path.join(folder, name)
            with suppress(OSError), open(path, "r+b") as file:
                age_s = max(0.0, time.time() - os.fstat(file.fileno()).st_mtime)
                time.sleep(max(0.0, _time_to_lock_s - age_s))
                lock_for_file(file)
                os.unlink(path)
