# SPDX-License-Identifier: MIT
"""Names of files may hold anything; what is shown of them does not."""

from __future__ import annotations

_most_characters = 200


def printable(text: str) -> str:
    """The text on one line, without anything that moves a cursor or has no place in UTF-8."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def in_short(text: str) -> str:
    """The same, of a text that may be of any length."""
    return bounded(printable(bounded(text)))


def bounded(text: str) -> str:
    """At most 200 characters, of which the last is an ellipsis if there are more."""
    return text if len(text) <= _most_characters else f"{text[: _most_characters - 1]}…"
