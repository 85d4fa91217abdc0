# SPDX-License-Identifier: MIT
"""Values that were found and not expected, as messages show them."""

from __future__ import annotations

import json
from typing import Any, TypeGuard


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def quoted(value: Any) -> str:
    """A value as JSON would write it, short, and safe for whatever a caller's dict may hold."""
    if value is None:
        return "missing"
    if is_object(value):
        return "an object"
    if is_list(value):
        return f"a list of {len(value)}"
    if isinstance(value, int) and value.bit_length() > 64:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, (bool, int, float, str)):
        text = json.dumps(value)
        return text if len(text) <= 60 else text[:57] + "..."
    return f"a Python {type(value).__name__}"
