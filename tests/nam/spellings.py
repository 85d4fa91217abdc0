# SPDX-License-Identifier: MIT
"""The same WaveNet in other words: in as few as files ever had, and in as many."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from reference.wavenet_layer import FILMS

Nam = dict[str, Any]
Config = dict[str, Any]


def in_few_words(nam: Nam) -> Nam:
    """As old files have it where they can: what is the same for all layers once, defaults never."""
    return _in_words(nam, _few, _without_nulls)


def in_many_words(nam: Nam) -> Nam:
    """As today's trainers have it: a list for what layers may have their own of, no defaults."""
    return _in_words(nam, _many, lambda root: {"head": None} | root)


def _in_words(
    nam: Nam, of_array: Callable[[Config], Config], of_root: Callable[[Config], Config]
) -> Nam:
    nam = copy.deepcopy(nam)
    config = nam["config"]
    if nam["architecture"] == "WaveNet":
        arrays = [of_array(_normal(fields)) for fields in config["layers"]]
        nam["config"] = config = of_root(config) | {"layers": arrays}
    if config.get("condition_dsp"):
        config["condition_dsp"] = _in_words(config["condition_dsp"], of_array, of_root)
    for i, model in enumerate(config.get("models", [])):
        config["models"][i] = _in_words(model, of_array, of_root)
    for entry in config.get("submodels", []):
        entry["model"] = _in_words(entry["model"], of_array, of_root)
    return nam


def _normal(found: Config) -> Config:
    """A layer array with a list for each thing that may be one, in the words of today."""
    fields = dict(found)
    count = len(fields["dilations"])
    size, modes = fields.pop("kernel_size", None), fields.get("gating_mode") or "none"
    fields.setdefault("kernel_sizes", [size] * count)
    fields["gating_mode"] = _each(modes, count)
    fields["activation"] = [_object(entry) for entry in _each(fields["activation"], count)]
    gates = _each(fields.get("secondary_activation") or "Sigmoid", count)
    fields["secondary_activation"] = [
        None if mode == "none" else _object(gate)
        for gate, mode in zip(gates, fields["gating_mode"], strict=True)
    ]
    return fields


def _few(fields: Config) -> Config:
    few = _without_nulls(fields)
    if (taps := _same(few["kernel_sizes"])) is not None:
        few["kernel_size"] = taps
        del few["kernel_sizes"]
    if (one := _same(few["activation"])) is not None:
        few["activation"] = one["type"] if len(one) == 1 else one
    gates = few.pop("secondary_activation")
    mode, gate = _same(few["gating_mode"]), _same(gates)
    if mode == "none" or (mode == "gated" and gate == {"type": "Sigmoid"}):
        few["gated"] = mode == "gated"
        del few["gating_mode"]
    elif mode is not None and gate is not None:
        few |= {"gating_mode": mode, "secondary_activation": gate}
    else:
        few["secondary_activation"] = gates
    head = few["head"]
    if head["kernel_size"] == 1:
        few |= {"head_size": head["out_channels"], "head_bias": head["bias"]}
        del few["head"]
    return few


def _many(fields: Config) -> Config:
    width = fields["channels"]
    defaults = {
        "bottleneck": width,
        "head1x1": {"active": False, "out_channels": width, "groups": 1},
        "layer1x1": {"active": True, "groups": 1},
        "groups_input": 1,
        "groups_input_mixin": 1,
        "slimmable": None,
        **dict.fromkeys(FILMS),
    }
    many = defaults | fields
    many["head"] = {"head_dilation": 1} | many["head"]
    for place in FILMS:
        film = many[place] or {"active": False}
        many[place] = {"active": True, "shift": True, "groups": 1} | film
    return many


def _without_nulls(fields: Config) -> Config:
    return {key: value for key, value in fields.items() if value is not None}


def _each(found: Any, count: int) -> list[Any]:
    return list(found) if isinstance(found, list) else [found] * count


def _object(found: Any) -> Any:
    return {"type": found} if isinstance(found, str) else found


def _same(entries: list[Any]) -> Any:
    return entries[0] if all(entry == entries[0] for entry in entries) else None
