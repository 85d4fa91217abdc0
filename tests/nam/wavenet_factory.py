# SPDX-License-Identifier: MIT
"""Makes valid WaveNet `.nam` dicts of any shape, of random weights."""

from __future__ import annotations

from typing import Any

from drawn_weights import drawn

from reference.wavenet import WaveNet
from reference.wavenet_layer import FILMS


def array(**fields: Any) -> dict[str, Any]:
    """A layer array of 4 channels and 5 layers; `fields` replace or add some."""
    return {
        "input_size": 1,
        "condition_size": 1,
        "head": {"out_channels": 1, "kernel_size": 1, "bias": True},
        "channels": 4,
        "kernel_size": 3,
        "dilations": [1, 2, 4, 8, 16],
        "activation": "Tanh",
    } | fields


def wavenet(*arrays: dict[str, Any], seed: int = 0, **fields: Any) -> dict[str, Any]:
    """A WaveNet of these arrays, or of one; `fields` are added to those of the config."""
    config = {"layers": list(arrays or [array()]), "head": None} | fields
    weights = drawn(lambda weights: WaveNet(config, weights), seed)
    return {
        "version": "0.7.0",
        "architecture": "WaveNet",
        "config": config | {"head_scale": weights[-1]},
        "weights": weights,
        "sample_rate": 48000,
    }


def a1(kind: str = "nano", seed: int = 0) -> dict[str, Any]:
    """What most people own, in the words of its files: standard, lite, feather or nano."""
    first, second = {"standard": (16, 8), "lite": (12, 6), "feather": (8, 4), "nano": (4, 2)}[kind]
    dilations = [2**i for i in range(10)]
    split = 10 if kind == "standard" else 7
    arrays = [
        {
            "input_size": inputs,
            "condition_size": 1,
            "head_size": head,
            "channels": channels,
            "kernel_size": 3,
            "dilations": of_array,
            "activation": "Tanh",
            "gated": False,
            "head_bias": bias,
        }
        for inputs, channels, head, of_array, bias in (
            (1, first, second, dilations[:split], False),
            (first, second, 1, (dilations + dilations)[split:], True),
        )
    ]
    return wavenet(*arrays, seed=seed) | {"version": "0.5.4"}


def two_arrays(**fields: Any) -> dict[str, Any]:
    """5 channels, then 3, in 3 and 2 layers of unequal taps."""
    first = array(
        channels=5,
        head={"out_channels": 3, "kernel_size": 1, "bias": False},
        kernel_size=None,
        kernel_sizes=[4, 8, 2],
        dilations=[1, 3, 11],
        activation="LeakyReLU",
    )
    second = array(
        input_size=5,
        channels=3,
        kernel_size=None,
        kernel_sizes=[5, 16],
        dilations=[64, 5],
        activation="SiLU",
    )
    return wavenet(first, second, **fields)


def conditioned(condition: dict[str, Any] | None = None, width: int = 3) -> dict[str, Any]:
    """A WaveNet whose condition another network makes."""
    if condition is None:
        head = {"out_channels": width, "kernel_size": 1, "bias": True}
        condition = wavenet(array(channels=3, head=head), seed=1)
    return wavenet(array(condition_size=width), condition_dsp=condition)


def everything() -> dict[str, Any]:
    """All options at once: FiLMs, gates, groups, a bottleneck, a post-stack head, a condition."""
    film = {"active": True, "shift": True, "groups": 1}
    layers = array(
        condition_size=3,
        head={"out_channels": 4, "kernel_size": 5, "bias": False, "head_dilation": 7},
        kernel_size=None,
        kernel_sizes=[3, 1, 6],
        dilations=[1, 9, 4],
        activation=["Tanh", {"type": "PReLU", "negative_slopes": [0.1, -0.2]}, "Hardswish"],
        gating_mode=["gated", "blended", "none"],
        secondary_activation=["Sigmoid", {"type": "LeakyHardtanh", "min_val": 0.0}, None],
        bottleneck=2,
        groups_input=2,
        layer1x1={"active": True, "groups": 2},
        head1x1={"active": True, "out_channels": 6, "groups": 2},
        **{name: film | {"shift": i % 3 > 0} for i, name in enumerate(FILMS)},
    )
    head = {"channels": 3, "out_channels": 1, "kernel_sizes": [2, 4], "activation": "Softsign"}
    return wavenet(layers, head=head, condition_dsp=conditioned()["config"]["condition_dsp"])


def slimmable(allowed: list[int] | None = None, **fields: Any) -> dict[str, Any]:
    """One array of 6 channels; of 2, 4 and 6 if nothing else is allowed."""
    return wavenet(array(channels=6, slimmable=slices(allowed or [2, 4, 6]), **fields))


def slices(allowed: list[int] | None) -> dict[str, Any]:
    """The field of a slimmable layer array; None allows all widths."""
    kwargs = {} if allowed is None else {"allowed_channels": allowed}
    return {"method": "slice_channels_uniform", "kwargs": kwargs}
