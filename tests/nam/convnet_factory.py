# SPDX-License-Identifier: MIT
"""Makes valid ConvNet `.nam` dicts of random weights: the same seed gives the same model."""

from __future__ import annotations

from typing import Any

from drawn_weights import drawn

from reference.convnet import ConvNet


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
    return {
        "version": "0.5.4",
        "architecture": "ConvNet",
        "config": fields,
        "weights": drawn(lambda weights: ConvNet(fields, weights), seed),
        "sample_rate": 48000,
    }
