# SPDX-License-Identifier: MIT
"""Makes Sequential `.nam` dicts of other models."""

from __future__ import annotations

from typing import Any


def sequential(*models: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The models one after the other; `fields` replace those of the root."""
    return {
        "version": "0.7.0",
        "architecture": "Sequential",
        "config": {"models": list(models)},
        "weights": [],
        "sample_rate": 48000,
    } | fields
