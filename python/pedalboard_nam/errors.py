# SPDX-License-Identifier: MIT
"""`ModelError`, and errors in words."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager


class ModelError(ValueError):
    """A file that is not a usable model.

    The message says which file and which field, what was found and what is accepted.
    """

    __module__ = "pedalboard_nam"


def located(where: str, error: ValueError) -> ValueError:
    """The same error, with the place in front of its message."""
    return (ModelError if isinstance(error, ModelError) else ValueError)(f"{where}: {error}")


def sentence(error: BaseException) -> str:
    """What went wrong, for a person."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, (ImportError, OSError, ValueError)) and str(error):
        return str(error)
    return f"{type(error).__name__}: {error}"


@contextmanager
def placed(where: str) -> Generator[None]:
    """Say in an `OSError` what needed the file; other errors have their place in front."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, f"{error.strerror} ({where})", error.filename) from None
