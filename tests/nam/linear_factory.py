# SPDX-License-Identifier: MIT
"""Makes valid Linear `.nam` dicts: impulse responses that die away."""

from __future__ import annotations

from typing import Any

import numpy as np


def linear(taps: int = 32, bias: bool = True, seed: int = 0, **config: Any) -> dict[str, Any]:
    """Random taps, the loudest first; fields of `config` replace those here."""
    random = np.random.default_rng(seed)
    response = random.normal(0, 1, taps) * np.exp(-np.arange(taps) / (0.2 * taps))
    response *= 0.8 / np.sqrt(np.sum(response**2))
    return {
        "version": "0.5.4",
        "architecture": "Linear",
        "config": {"receptive_field": taps, "bias": bias} | config,
        "weights": [*response.astype(np.float32).tolist(), *([0.0625] if bias else [])],
        "sample_rate": 48000,
    }
