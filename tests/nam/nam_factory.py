# SPDX-License-Identifier: MIT
"""Makes valid A2 `.nam` dicts of random weights: the same seed gives the same model.

The weights are scaled so that a full-scale sine leaves either network with an RMS of 0.2 to 2.
`loudness` and the levels in the metadata are plausible, but measured on nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.wavenet_layer import FILMS

KERNEL_SIZES = [6] * 14 + [15] * 2 + [6] * 7
DILATIONS = [1, 3, 7, 17, 41, 101, 239] * 2 + [1, 13] + [1, 3, 7, 17, 41, 101, 239]
HEAD_KERNEL_SIZE = 16


def lite(seed: int = 0, **fields: Any) -> dict[str, Any]:
    """A single network of 3 channels; `fields` replace those of the root."""
    return network(3, seed, **fields)


def full(seed: int = 0, **fields: Any) -> dict[str, Any]:
    """A single network of 8 channels; `fields` replace those of the root."""
    return network(8, seed, **fields)


def container(seed: int = 0, **fields: Any) -> dict[str, Any]:
    """Lite below 0.5, full above: what people download."""
    return wrap([(0.5, lite(seed)), (1.0, full(seed + 1))], **fields)


def nested(seed: int = 0, **fields: Any) -> dict[str, Any]:
    """Lite below 0.3, and above it a container, whose full network alone can be heard."""
    return wrap([(0.3, lite(seed)), (1.0, container(seed + 1))], **fields)


def wrap(submodels: list[tuple[float, dict[str, Any]]], **fields: Any) -> dict[str, Any]:
    """A container of (max_value, model) pairs; `fields` replace those of the root."""
    return {
        "version": "0.7.0",
        "architecture": "SlimmableContainer",
        "config": {"submodels": [{"max_value": v, "model": m} for v, m in submodels]},
        "weights": [],
        "sample_rate": 48000.0,
        "metadata": {"name": "Factory amp", "loudness": -20.0, "input_level_dbu": 12.5},
    } | fields


def network(channels: int, seed: int = 0, **fields: Any) -> dict[str, Any]:
    """A single network; `fields` replace those of the root."""
    return {
        "version": "0.7.0",
        "metadata": {"loudness": -19.0 - channels / 10, "gain": 0.5},
        "architecture": "WaveNet",
        "config": config(channels),
        "weights": weights(channels, seed),
        "sample_rate": 48000,
    } | fields


def config(channels: int) -> dict[str, Any]:
    """The config of an A2 network, with every field that the trainer writes."""
    layers = len(DILATIONS)
    layer = {
        "input_size": 1,
        "condition_size": 1,
        "head": {"out_channels": 1, "kernel_size": HEAD_KERNEL_SIZE, "bias": True},
        "channels": channels,
        "kernel_sizes": list(KERNEL_SIZES),
        "dilations": list(DILATIONS),
        "activation": [{"type": "LeakyReLU", "negative_slope": 0.01} for _ in range(layers)],
        "bottleneck": channels,
        "head1x1": {"active": False, "out_channels": 1, "groups": 1},
        "layer1x1": {"active": True, "groups": 1},
        "groups_input": 1,
        "groups_input_mixin": 1,
        "gating_mode": ["none"] * layers,
        "secondary_activation": [None] * layers,
        "slimmable": None,
    }
    films = {film: {"active": False, "shift": True, "groups": 1} for film in FILMS}
    return {"layers": [layer | films], "head": None, "head_scale": 0.2}


def weights(channels: int, seed: int = 0) -> list[float]:
    """Random weights in the file's order, each a float32 value."""
    random = np.random.default_rng(seed)

    def normal(size: int, scale: float) -> np.ndarray:
        return random.normal(0.0, scale, size)

    parts = [normal(channels, 1.0)]  # rechannel
    for taps in KERNEL_SIZES:
        inputs = channels * taps
        parts += [
            normal(channels * inputs, 0.7 * inputs**-0.5),  # dilated convolution
            normal(channels, 0.05),  # its bias
            normal(channels, 0.5),  # input mixin
            normal(channels * channels, 0.3 * channels**-0.5),  # 1x1
            normal(channels, 0.02),  # its bias
        ]
    head_inputs = channels * HEAD_KERNEL_SIZE
    parts += [normal(head_inputs, head_inputs**-0.5), normal(1, 0.05)]
    head_scale = np.array([0.2])
    return np.concatenate([*parts, head_scale]).astype(np.float32).tolist()
