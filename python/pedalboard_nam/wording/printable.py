# SPDX-License-Identifier: MIT
"""Names of files may hold anything; what is shown of them does not."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text on one line, without anything that moves a cursor or has no place in UTF-8."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
