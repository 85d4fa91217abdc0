# SPDX-License-Identifier: MIT
"""Locks on files that nobody waits for, and that end with their process."""

from __future__ import annotations

import fcntl
from typing import IO


def lock_for_file(file: IO[bytes]) -> None:
    """Lock a file for as long as it is open, in this process or in one that was forked.

    Raises
    ------
    BlockingIOError
        If somebody else has it.
    OSError
        If there are no locks in its file system.
    """
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_for_process(file: IO[bytes]) -> None:
    """Lock a file for this process alone, until it closes the file for the first time.

    Raises
    ------
    BlockingIOError
        If another process has it.
    OSError
        If there are no locks in its file system.
    """
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except PermissionError as error:  # what some systems say for the former
        raise BlockingIOError(*error.args) from None
