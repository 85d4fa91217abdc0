# SPDX-License-Identifier: MIT
"""The specification: which model of a SlimmableContainer a size selects."""

from __future__ import annotations

from typing import Any


def chosen(config: dict[str, Any], size: float) -> dict[str, Any]:
    """The first with a `max_value` above `size`, else the last."""
    entries = config["submodels"]
    return next((e for e in entries if size < e["max_value"]), entries[-1])["model"]
