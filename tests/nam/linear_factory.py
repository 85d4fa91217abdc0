# SPDX-License-Identifier: MIT
"""Makes valid Linear `.nam` dicts: impulse responses that die away."""

from __future__ import annotations

from typing import Any

from drawn_weights import drawn

from reference.linear import Linear


def linear(taps: int = 32, bias: bool = True, seed: int = 0, **config: Any) -> dict[str, Any]:
    """Random taps, the loudest first; fields of `config` replace those here."""
    fields = {"receptive_field": taps, "bias": bias} | config
    return {
        "version": "0.5.4",
        "architecture": "Linear",
        "config": fields,
        "weights": drawn(lambda weights: Linear(fields, weights), seed),
        "sample_rate": 48000,
    }
