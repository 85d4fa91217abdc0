# SPDX-License-Identifier: MIT
"""Places in a file, as messages show them."""

from __future__ import annotations

_longest = 120
_end = 50


def short(place: str) -> str:
    """The place, of a long one the beginning and the end."""
    if len(place) <= _longest:
        return place
    return f"{place[:_end]}[...]{place[-_end:]}"
