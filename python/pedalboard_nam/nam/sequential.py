# SPDX-License-Identifier: MIT
"""Reads Sequentials: models that play one after the other, as an amp and its cabinet do."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import numpy as np

from ..errors import ModelError
from ..wording.counted import counted
from . import limits
from .fields import ModelFields, convert
from .network import Models, Network
from .record import Record

tag = b"SEQ\0"


class _Config(msgspec.Struct):
    models: Annotated[
        list[dict[str, Any]], msgspec.Meta(min_length=1, max_length=limits.max_models)
    ]


def read(model: ModelFields, where: str, models: Models) -> Network:
    """The network of a Sequential; `where` is its place in the file, empty or with a dot.

    Raises
    ------
    ModelError
        If one of its models cannot be played, or does not fit the one before.
    """
    field = f"{where}config"
    if model.weights:
        raise ModelError(
            f"{where}weights has {counted(len(model.weights), 'value')}; "
            "a Sequential has none, but for those of its models"
        )
    trees = convert(model.config, _Config, field).models
    networks = [models.full(tree, f"{field}.models[{i}].") for i, tree in enumerate(trees)]
    for i in range(1, len(networks)):
        if networks[i].inputs != networks[i - 1].outputs:
            raise ModelError(
                f"{field}.models[{i}] has {counted(networks[i].inputs, 'input')}, "
                f"but the model before has {counted(networks[i - 1].outputs, 'output')}"
            )
    first, *others = networks
    cost = first.cost.and_then(*(network.cost for network in others))
    cost.check(field)
    children = tuple(network.record for network in networks)
    record = Record(tag, b"", np.zeros(0, np.float32), children)
    return Network(record, first.inputs, networks[-1].outputs, cost)
