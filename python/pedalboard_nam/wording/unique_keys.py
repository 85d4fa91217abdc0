# SPDX-License-Identifier: MIT
"""JSON objects in which a key occurs once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .quoted import quoted


def with_unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs of a JSON object as a dict; a ValueError for two of one key."""
    unique = dict(pairs)
    if len(unique) < len(pairs):
        twice = quoted(repeated_key(pairs))
        raise ValueError(f"the field {twice} occurs twice in one object; once is accepted")
    return unique


def repeated_key(pairs: list[tuple[str, Any]]) -> str:
    """A key that occurs most often among those of a JSON object."""
    ((key, _),) = Counter(key for key, _ in pairs).most_common(1)
    return key
