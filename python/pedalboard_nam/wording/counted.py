# SPDX-License-Identifier: MIT
"""So many of a thing."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """As in ``1 layer`` and ``3 layers``; `many` is for nouns that take no s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
