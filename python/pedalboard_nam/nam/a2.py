# SPDX-License-Identifier: MIT
"""Reads A2 networks: a WaveNet of one shape, in 3 or 8 channels."""

from __future__ import annotations

import struct
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from ..errors import ModelError
from ..wording.quoted import is_list, is_object, quoted
from .fields import ModelFields, checked_weights
from .record import Record

tag = b"A2\0\0"
config_layout = struct.Struct("<I")  # channels

weight_counts = {3: 1_871, 8: 12_146}

_off = (None, False, {"active": False})
_leaky_relu = {"type": "LeakyReLU", "negative_slope": (None, 0.01)}

# The one WaveNet that is A2, in the words of its JSON. A tuple holds alternatives; None is a field
# that is absent or null. What the reference fills in by default may be left out here too.
_a2_config: dict[str, Any] = {
    "condition_dsp": None,
    "head": None,
    "in_channels": (None, 1),
    "layers": [
        {
            "slimmable": None,
            "gated": (None, False),
            "gating_mode": (None, "none", ["none"] * 23),
            "conv_pre_film": _off,
            "conv_post_film": _off,
            "input_mixin_pre_film": _off,
            "input_mixin_post_film": _off,
            "activation_pre_film": _off,
            "activation_post_film": _off,
            "layer1x1_post_film": _off,
            "head1x1_post_film": _off,
            "head1x1": _off,
            "layer1x1": (None, {"active": True, "groups": (None, 1)}),
            "groups_input": (None, 1),
            "groups_input_mixin": (None, 1),
            "input_size": 1,
            "condition_size": 1,
            "channels": tuple(weight_counts),
            "kernel_size": None,
            "kernel_sizes": [6] * 14 + [15] * 2 + [6] * 7,
            "dilations": [1, 3, 7, 17, 41, 101, 239] * 2 + [1, 13] + [1, 3, 7, 17, 41, 101, 239],
            "activation": ("LeakyReLU", _leaky_relu, [("LeakyReLU", _leaky_relu)] * 23),
            "head": {
                "out_channels": 1,
                "kernel_size": 16,
                "head_dilation": (None, 1),
                "bias": True,
            },
        }
    ],
}


def read(model: ModelFields, where: str) -> Record:
    """The record of an A2 WaveNet; `where` is its place in the file, empty or with a dot.

    Raises
    ------
    ModelError
        If it is another WaveNet.
    """
    channels = _channels(model.config, f"{where}config")
    of = f"an A2 network of {channels} channels"
    weights = checked_weights(model.weights, weight_counts[channels], of, f"{where}weights")
    return record(channels, weights)


def record(channels: int, weights: npt.NDArray[np.float32]) -> Record:
    """The record of an A2 network of so many channels."""
    return Record(tag, config_layout.pack(channels), weights)


def _channels(config: dict[str, Any], where: str) -> int:
    try:
        _match(config, _a2_config, where)
    except ModelError as error:
        raise ModelError(f"{error} (this is {_kind(config)})") from None
    layer = config["layers"][0]
    channels = int(layer["channels"])
    if layer.get("bottleneck") not in (None, channels):
        raise ModelError(
            f"{where}.layers[0].bottleneck is {quoted(layer['bottleneck'])}; "
            f"an A2 network has its channels, {channels}"
        )
    return channels


def _kind(config: dict[str, Any]) -> str:
    layers = config.get("layers")
    layer = layers[0] if is_list(layers) and layers else None
    if config.get("condition_dsp") is not None:
        return "a conditioned WaveNet"
    if is_object(layer) and layer.get("slimmable") is not None:
        return "a slimmable WaveNet"
    if is_object(layer) and "kernel_size" in layer:
        return "an A1 WaveNet"
    return "a WaveNet of another shape"


def _match(found: Any, accepted: Any, where: str) -> None:
    """Compare JSON with a pattern of dicts, lists, alternatives (tuples) and plain values."""
    alternatives = cast("tuple[Any, ...]", accepted if isinstance(accepted, tuple) else (accepted,))
    for alternative in alternatives:
        if is_object(found) and is_object(alternative):
            for key, value in alternative.items():
                _match(found.get(key), value, f"{where}.{key}")
            return
        if is_list(found) and is_list(alternative):
            if len(found) != len(alternative):
                raise ModelError(
                    f"{where} has {len(found)} entries; an A2 network has {len(alternative)}"
                )
            for i, value in enumerate(alternative):
                _match(found[i], value, f"{where}[{i}]")
            return
        if _is_same(found, alternative):
            return
    words = " or ".join(quoted(a) for a in alternatives if a is not None) or "none"
    raise ModelError(f"{where} is {quoted(found)}; an A2 network has {words}")


def _is_same(found: Any, value: Any) -> bool:
    if found is None or isinstance(found, bool) or isinstance(value, bool):
        return found is value
    if isinstance(found, float) and isinstance(value, float):
        return abs(found - value) <= 1e-7  # 0.01 may have been a float32 on its way
    return found == value
