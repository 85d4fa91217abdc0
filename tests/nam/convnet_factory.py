# SPDX-License-Identifier: MIT
"""Makes valid ConvNet `.nam` dicts of random weights: the same seed gives the same model."""

from __future__ import annotations

from typing import Any

import numpy as np


def convnet(
    channels: int = 5, dilations: tuple[int, ...] = (1, 3, 9), seed: int = 0, **config: Any
) -> dict[str, Any]:
    """Without batchnorm, unless `config` asks for it; fields of `config` replace those here."""
    fields = {
        "channels": channels,
        "dilations": list(dilations),
        "batchnorm": False,
        "activation": {"type": "LeakyReLU", "negative_slope": 0.2},
    } | config
    random = np.random.default_rng(seed)
    inputs, groups = fields.get("in_channels", 1), fields.get("groups", 1)
    outputs = fields.get("out_channels", 1)
    parts: list[Any] = []
    for _ in dilations:
        fan_in = 2 * inputs // groups
        parts.append(random.normal(0, fan_in**-0.5, channels * fan_in))
        bias = random.normal(0, 0.1, channels)
        if fields["batchnorm"]:
            mean, weight = random.normal(0, 0.1, channels), random.normal(1, 0.2, channels)
            parts += [mean, random.uniform(0.3, 2.0, channels), weight, bias, [1e-5]]
        else:
            parts.append(bias)
        inputs = channels
    parts += [random.normal(0, channels**-0.5, outputs * channels), [0.01] * outputs]
    return {
        "version": "0.5.4",
        "architecture": "ConvNet",
        "config": fields,
        "weights": np.concatenate(parts).astype(np.float32).tolist(),
        "sample_rate": 48000,
    }
