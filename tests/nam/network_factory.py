# SPDX-License-Identifier: MIT
"""Small `.nam` dicts, one for each thing that a network may have: the same every time.

`NAMES` lists them, `network` makes one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from drawn_weights import drawn

from reference.convnet import ConvNet
from reference.linear import Linear
from reference.lstm import Lstm
from reference.wavenet import WaveNet
from reference.wavenet_layer import FILMS

Nam = dict[str, Any]

# Low, for LSTMs settle for half a second, which takes numpy a while.
RATE_HZ = 8_000


# --- The architectures --------------------------------------------------------------------------


def nam(architecture: str, config: dict[str, Any], weights: list[float], **fields: Any) -> Nam:
    """A whole file; `fields` replace those of the root."""
    return {
        "version": "0.7.0",
        "metadata": {"name": "Factory amp", "loudness": -18.0},
        "architecture": architecture,
        "config": config,
        "weights": weights,
        "sample_rate": RATE_HZ,
    } | fields


def array(**fields: Any) -> dict[str, Any]:
    """A layer array, 4 wide; `fields` replace those here."""
    dilations = fields.get("dilations", [1, 2, 4, 8])
    several = "kernel_sizes" in fields
    return (
        {
            "input_size": 1,
            "condition_size": 1,
            "channels": 4,
            "dilations": dilations,
            "activation": "Tanh",
            "head": {"out_channels": 1, "kernel_size": 1, "bias": True},
        }
        | ({} if several else {"kernel_size": 3})
        | fields
    )


def head(out_channels: int = 1, kernel_size: int = 1, **fields: Any) -> dict[str, Any]:
    return {"out_channels": out_channels, "kernel_size": kernel_size, "bias": True} | fields


def wavenet(*arrays: dict[str, Any], seed: int = 0, **config: Any) -> Nam:
    """`config` is added to that of the root."""
    config = {"layers": list(arrays)} | config
    weights = drawn(lambda weights: WaveNet(config, weights), seed)
    return nam("WaveNet", config | {"head_scale": weights[-1]}, weights)


def lstm(layers: int = 1, units: int = 6, inputs: int = 1, outputs: int = 1, seed: int = 0) -> Nam:
    config = {"num_layers": layers, "hidden_size": units, "input_size": inputs}
    if inputs != 1 or outputs != 1:
        config |= {"in_channels": inputs, "out_channels": outputs}
    return nam("LSTM", config, drawn(lambda weights: Lstm(config, weights, RATE_HZ), seed))


def convnet(seed: int = 0, **fields: Any) -> Nam:
    config = {
        "channels": 5,
        "dilations": [1, 3, 9],
        "batchnorm": False,
        "activation": {"type": "LeakyReLU", "negative_slope": 0.2},
    } | fields
    return nam("ConvNet", config, drawn(lambda weights: ConvNet(config, weights), seed))


def linear(taps: int, bias: bool = True, seed: int = 0, **fields: Any) -> Nam:
    config = {"receptive_field": taps, "bias": bias} | fields
    return nam("Linear", config, drawn(lambda weights: Linear(config, weights), seed))


def sequential(*models: Nam) -> Nam:
    return nam("Sequential", {"models": list(models)}, [])


def container(*entries: tuple[float, Nam]) -> Nam:
    """Of (max_value, model) pairs."""
    submodels = [{"max_value": value, "model": model} for value, model in entries]
    return nam("SlimmableContainer", {"submodels": submodels}, [])


def mixer(taps: Sequence[Any], delay_frames: int = 1) -> Nam:
    """Mixes channels, exactly: `taps` are [output, input, late or not].

    A ConvNet whose activation is a wire.
    """
    conv = np.float32(taps)
    outputs, inputs, _ = conv.shape
    config = {
        "channels": outputs,
        "in_channels": inputs,
        "out_channels": outputs,
        "dilations": [delay_frames],
        "batchnorm": False,
        "activation": {"type": "LeakyReLU", "negative_slope": 1.0},
    }
    zeros = np.zeros(outputs)
    flat = np.concatenate([conv.ravel(), zeros, np.eye(outputs).ravel(), zeros])
    return nam("ConvNet", config, np.float32(flat).tolist(), sample_rate=None)


def two_of_mono() -> Nam:
    """Mono, and the same half as loud and 7 frames late."""
    return mixer([[[0, 1]], [[0.5, 0]]], delay_frames=7)


def one_of(channel: int, channels: int) -> Nam:
    """One of several channels."""
    return mixer([[[0, float(i == channel)] for i in range(channels)]])


def sum_of(channels: int) -> Nam:
    return mixer([[[0, 1]] * channels])


# --- One for each thing that a network may have -------------------------------------------------


def network(name: str) -> Nam:
    """The model of this name. It is made once: copy it before you change it."""
    return _made(name)


@cache
def _made(name: str) -> Nam:
    return _BUILDERS[name](zlib.crc32(name.encode()))


def _one_array(**fields: Any) -> Callable[[int], Nam]:
    return lambda seed: wavenet(array(**fields), seed=seed)


def _gated(mode: Any, **fields: Any) -> Callable[[int], Nam]:
    return _one_array(gating_mode=mode, **fields)


def _conditioned(
    width: int, condition: Callable[[int], Nam], **fields: Any
) -> Callable[[int], Nam]:
    def build(seed: int) -> Nam:
        inner = condition(seed + 1)
        return wavenet(array(condition_size=width, **fields), seed=seed, condition_dsp=inner)

    return build


def _film(place: str, **fields: Any) -> Callable[[int], Nam]:
    """A FiLM of a condition of two channels, which another network makes."""
    film = {"active": True, "shift": True, "groups": 1} | fields
    head1x1 = {"active": True, "out_channels": 4, "groups": 1}
    return _conditioned(2, _two_outputs, head1x1=head1x1, dilations=[1, 5], **{place: film})


def _two_outputs(seed: int) -> Nam:
    return wavenet(array(channels=3, dilations=[1, 4], head=head(2)), seed=seed)


def _of_mono(build: Callable[[int], Nam], inputs: int, outputs: int) -> Callable[[int], Nam]:
    """A network of several channels, heard in mono."""

    def of_mono(seed: int) -> Nam:
        network = build(seed)
        before = [two_of_mono()] if inputs == 2 else []
        after = [sum_of(outputs)] if outputs > 1 else []
        return sequential(*before, network, *after)

    return of_mono


def _a1(first: int, second: int, split: int) -> Callable[[int], Nam]:
    dilations = [2**i for i in range(10)] * 2
    shared = {"kernel_size": 3, "condition_size": 1, "activation": "Tanh"}
    return lambda seed: wavenet(
        array(channels=first, dilations=dilations[:split], head=head(second, bias=False), **shared),
        array(input_size=first, channels=second, dilations=dilations[split:], **shared),
        seed=seed,
    )


def _slices(*widths: int) -> dict[str, Any]:
    kwargs = {"allowed_channels": list(widths)} if widths else {}
    return {"method": "slice_channels_uniform", "kwargs": kwargs}


_PRELU = {"type": "PReLU", "negative_slopes": [0.3, -0.2, 0.05, 0.7]}
_LEAKY_HARDTANH = {
    "type": "LeakyHardtanh",
    "min_val": -0.4,
    "max_val": 0.3,
    "min_slope": 0.2,
    "max_slope": 0.1,
}

_ACTIVATIONS: dict[str, Any] = {
    "tanh": "Tanh",
    "hardtanh": "Hardtanh",
    "fasttanh": "Fasttanh",
    "relu": "ReLU",
    "leaky relu": "LeakyReLU",
    "leaky relu, slope": {"type": "LeakyReLU", "negative_slope": 0.3},
    "prelu, one slope": {"type": "PReLU", "negative_slope": 0.2},
    "prelu, slopes": _PRELU,
    "sigmoid": "Sigmoid",
    "silu": "SiLU",
    "hardswish": "Hardswish",
    "leaky hardtanh": _LEAKY_HARDTANH,
    "softsign": "Softsign",
}

_BUILDERS: dict[str, Callable[[int], Nam]] = {
    **{name: _one_array(activation=found) for name, found in _ACTIVATIONS.items()},
    "activation of each layer": _one_array(activation=["Tanh", "ReLU", _PRELU, "SiLU"]),
    "gated": _gated("gated"),
    "gated, slopes": _gated("gated", activation=_PRELU, secondary_activation="Hardswish"),
    "blended": _gated("blended"),
    "blended, leaky": _gated("blended", secondary_activation=_LEAKY_HARDTANH),
    "mode of each layer": _gated(
        ["none", "gated", "blended", "none"], secondary_activation=[None, "Sigmoid", "ReLU", None]
    ),
    "wide bottleneck": _one_array(bottleneck=7),
    "narrow bottleneck, gated": _gated("gated", bottleneck=2),
    "no layer1x1": _one_array(layer1x1={"active": False, "groups": 1}),
    "no layer1x1, gated": _gated(
        "gated",
        layer1x1={"active": False, "groups": 1},
        head1x1={"active": True, "out_channels": 3, "groups": 1},
    ),
    "head1x1, groups": _one_array(head1x1={"active": True, "out_channels": 6, "groups": 2}),
    "layer1x1, groups": _one_array(layer1x1={"active": True, "groups": 2}),
    "groups": _one_array(groups_input=2),
    "depthwise": _one_array(groups_input=4),
    "mixin groups": _conditioned(2, _two_outputs, groups_input_mixin=2),
    "taps of each layer": _one_array(kernel_sizes=[6, 1, 15, 2], dilations=[1, 7, 3, 40]),
    "head with taps": _one_array(head=head(kernel_size=5, bias=False, head_dilation=7)),
    "one channel": _one_array(channels=1),
    "wide": _one_array(channels=19, dilations=[1, 2]),
    "far apart": _one_array(dilations=[1, 2_000]),
    "two arrays": lambda seed: wavenet(
        array(channels=5, head=head(3, kernel_size=2), dilations=[1, 3]),
        array(input_size=5, channels=3, activation="ReLU", dilations=[2, 1]),
        seed=seed,
    ),
    "three arrays": lambda seed: wavenet(
        array(channels=3, head=head(6), dilations=[1]),
        array(input_size=3, channels=6, head=head(2), dilations=[1, 3]),
        array(input_size=6, channels=2, kernel_size=2, dilations=[4]),
        seed=seed,
    ),
    "post head": lambda seed: wavenet(
        array(head=head(4)),
        head={
            "channels": 4,
            "out_channels": 1,
            "kernel_sizes": [3, 1, 4],
            "activation": _PRELU,
        },
        seed=seed,
    ),
    "a1 standard": _a1(16, 8, 10),
    "a1 lite": _a1(12, 6, 7),
    "a1 feather": _a1(8, 4, 7),
    "a1 nano": _a1(4, 2, 7),
    **{f"{place}": _film(place) for place in FILMS},
    **{f"{place}, no shift": _film(place, shift=False) for place in FILMS[::3]},
    **{f"{place}, groups": _film(place, groups=2) for place in FILMS[1::3]},
    "all films, blended": _conditioned(
        2,
        _two_outputs,
        gating_mode="blended",
        head1x1={"active": True, "out_channels": 3, "groups": 1},
        dilations=[1, 5],
        **{place: {"active": True} for place in FILMS},
    ),
    "condition: convnet": _conditioned(2, lambda seed: convnet(seed, out_channels=2)),
    "condition: lstm": _conditioned(2, lambda seed: lstm(outputs=2, seed=seed)),
    "condition: linear": _conditioned(1, lambda seed: linear(300, seed=seed)),
    "condition: container": _conditioned(
        1, lambda seed: container((0.5, linear(3)), (1.0, convnet(seed)))
    ),
    "condition: conditioned": _conditioned(1, _conditioned(2, _two_outputs)),
    "condition: sequential": _conditioned(
        2, lambda seed: sequential(linear(40, seed=seed), _two_outputs(seed))
    ),
    "slimmable": _one_array(channels=6, slimmable=_slices(2, 3, 6)),
    "slimmable, all widths": _gated("gated", slimmable=_slices(), bottleneck=3),
    "slimmable, slopes": _one_array(activation=_PRELU, slimmable=_slices(1, 3, 4)),
    "slimmable arrays": lambda seed: wavenet(
        array(channels=6, head=head(4), slimmable=_slices(1, 4, 6)),
        array(input_size=6, channels=4, slimmable=_slices(2, 4)),
        seed=seed,
    ),
    "slimmable, films": _conditioned(
        2,
        _two_outputs,
        slimmable=_slices(2, 4),
        head1x1={"active": True, "out_channels": 3, "groups": 1},
        **{place: {"active": True} for place in FILMS},
    ),
    "convnet": lambda seed: convnet(seed),
    "convnet, batchnorm": lambda seed: convnet(seed, batchnorm=True, activation="Tanh"),
    "convnet, slopes": lambda seed: convnet(seed, channels=4, activation=_PRELU),
    "convnet, channels": _of_mono(
        lambda seed: convnet(seed, in_channels=2, out_channels=3, channels=4, groups=2), 2, 3
    ),
    "linear, 1 tap": lambda seed: linear(1, seed=seed),
    "linear, no bias": lambda seed: linear(100, bias=False, seed=seed),
    "linear": lambda seed: linear(257, seed=seed),
    "long linear": lambda seed: linear(3_000, seed=seed),
    "linear, channels": _of_mono(
        lambda seed: linear(50, seed=seed, in_channels=2, out_channels=3), 2, 3
    ),
    "lstm": lambda seed: lstm(seed=seed),
    "lstm, layers": lambda seed: lstm(3, 5, seed=seed),
    "lstm, channels": _of_mono(lambda seed: lstm(2, 4, 2, 3, seed), 2, 3),
    "wavenet, channels": _of_mono(
        lambda seed: wavenet(
            array(input_size=2, condition_size=2, head=head(3)), in_channels=2, seed=seed
        ),
        2,
        3,
    ),
    "amp and cabinet": lambda seed: sequential(
        wavenet(array(), seed=seed), linear(500, seed=seed + 1)
    ),
    "lstm and cabinet": lambda seed: sequential(lstm(seed=seed), linear(200, seed=seed + 1)),
    "cabinet and lstm": lambda seed: sequential(linear(20, seed=seed + 1), lstm(seed=seed)),
    "nested sequentials": lambda seed: sequential(
        sequential(linear(7, seed=seed), convnet(seed)), sequential(_two_outputs(seed), sum_of(2))
    ),
    "container": lambda seed: container(
        (0.2, lstm(seed=seed) | {"sample_rate": None}),
        (0.4, convnet(seed)),
        (0.6, linear(30, seed=seed)),
        (1.5, wavenet(array(), seed=seed)),
    ),
    "nested containers": lambda seed: container(
        (0.5, convnet(seed)),
        (1.0, container((0.5, linear(9, seed=seed)), (1.0, wavenet(array(), seed=seed)))),
    ),
    "container of a slimmable": lambda seed: container(
        (0.5, convnet(seed)), (1.0, wavenet(array(slimmable=_slices(2, 4)), seed=seed))
    ),
    "no rate": lambda seed: wavenet(array(), seed=seed) | {"sample_rate": None},
}

NAMES = tuple(_BUILDERS)
