# SPDX-License-Identifier: MIT
"""One line on stderr, whatever is in the names of files."""

from __future__ import annotations

import sys

import typer

from ..errors import sentence
from ..wording.printable import in_short, printable

__all__ = ["WrongUsage", "complain", "in_short", "printable", "warn"]


class WrongUsage(typer.BadParameter):
    """Options that do not go together; the message is all that is said."""

    def format_message(self) -> str:
        return self.message


def complain(problem: str | Exception) -> int:
    """Print what went wrong; gives the exit code for it."""
    said = problem if isinstance(problem, str) else sentence(problem)
    print(f"reamp: {printable(said)}", file=sys.stderr)
    return 1


def warn(problem: str) -> None:
    """Print what may not be as wished."""
    complain(f"warning: {problem}")
