# SPDX-License-Identifier: MIT
"""One line on stderr, whatever is in the names of files."""

from __future__ import annotations

import sys

import typer

from ..printable import printable

__all__ = ["WrongUsage", "complain", "printable", "warn"]


class WrongUsage(typer.BadParameter):
    """Options that do not go together; the message is all that is said."""

    def format_message(self) -> str:
        return self.message


def complain(problem: str | Exception) -> int:
    """Print what went wrong; gives the exit code for it."""
    print(f"reamp: {printable(_sentence(problem))}", file=sys.stderr)
    return 1


def warn(sentence: str) -> None:
    """Print what may not be as wished."""
    complain(f"warning: {sentence}")


def _sentence(problem: str | Exception) -> str:
    if isinstance(problem, OSError) and problem.filename is not None:
        return f"{problem.filename}: {problem.strerror}"
    return str(problem)
