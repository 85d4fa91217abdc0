# SPDX-License-Identifier: MIT
"""Reads WaveNets: A1, A2 and all others."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..errors import ModelError
from ..wording.counted import counted
from ..wording.numbers import is_finite_number
from ..wording.quoted import quoted
from . import a2, convolution, limits, slimmable, wavenet_shape
from .activations import Note
from .fields import ModelFields, checked_weights, read_config
from .network import Cost, Models, Network
from .record import Record
from .slimmable import Weights
from .wavenet_config import Config, shape_of
from .wavenet_shape import Shape

tag = b"WNET"


def read(model: ModelFields, where: str, models: Models) -> Network:
    """The network of a WaveNet; `where` is its place in the file, empty or with a dot.

    Raises
    ------
    ModelError
        If it is larger than what is played, or its fields do not fit together.
    """
    field = f"{where}config"
    config = read_config(model, Config, where, without="condition_dsp")
    condition = _condition(model.config.get("condition_dsp"), config, field, models)
    condition_size = (config.in_channels or 1) if condition is None else condition.outputs
    shape = shape_of(config, condition_size, field, models.note)
    _cost(shape, condition).check(field)
    count = slimmable.weight_count(shape)
    weights = checked_weights(model.weights, count, _words(shape), f"{where}weights")
    _note_head_scale(config.head_scale, float(weights[-1]), field, models.note)
    widths = [
        slimmable.allowed_widths(array.slimmable, array.channels, f"{field}.layers[{i}].slimmable")
        for i, array in enumerate(config.layers)
    ]

    def smaller() -> list[tuple[float, Network]]:
        inside = () if condition is None else (condition.record,)  # which every size has
        most = min(limits.max_sizes, limits.max_models // (1 + sum(map(Record.count, inside))))
        beside = sum(map(Record.weight_count, inside))
        sizes = slimmable.smaller(
            shape, weights, widths, most, beside, f"{field}.layers", models.note
        )
        return [(end, _network(narrow, part, condition)) for end, narrow, part in sizes]

    return _network(shape, weights, condition, smaller)


def _condition(tree: Any, config: Config, where: str, models: Models) -> Network | None:
    """What the layers hear beside their input, if it is not the input itself."""
    if tree is None:
        return None
    condition = models.full(tree, f"{where}.condition_dsp.")
    inputs = config.in_channels or 1
    if condition.inputs != inputs:
        raise ModelError(
            f"{where}.condition_dsp has {counted(condition.inputs, 'input')}; "
            f"the model has {inputs}"
        )
    return condition


def _network(
    shape: Shape,
    weights: Weights,
    condition: Network | None,
    smaller: Callable[[], list[tuple[float, Network]]] = list,
) -> Network:
    a2_channels = a2.channels_of(shape)
    if a2_channels is not None and condition is None:
        record = a2.record(a2_channels, weights)
    else:
        children = () if condition is None else (condition.record,)
        record = Record(tag, wavenet_shape.config(shape), weights, children)
    return Network(record, shape.inputs, shape.outputs, _cost(shape, condition), smaller)


def _cost(shape: Shape, condition: Network | None) -> Cost:
    cost = convolution.cost(wavenet_shape.convolutions(shape))
    return cost if condition is None else cost.and_then(condition.cost)


def _words(shape: Shape) -> str:
    widths = "/".join(str(array.channels) for array in shape.arrays)
    layers = sum(len(array.layers) for array in shape.arrays)
    channels = "channel" if widths == "1" else "channels"
    return f"a WaveNet of {counted(layers, 'layer')} of {widths} {channels}"


def _note_head_scale(found: Any, weight: float, where: str, note: Note) -> None:
    """Trainers write it twice, and it is the last weight that plays."""
    if found is None or (is_finite_number(found) and math.isclose(found, weight, rel_tol=1e-6)):
        return
    note(f"{where}.head_scale is {quoted(found)}; the last weight counts instead, {weight:g}")
