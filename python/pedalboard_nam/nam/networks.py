# SPDX-License-Identifier: MIT
"""The readers of networks, by what their files call the architecture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import ModelError
from ..wording.quoted import quoted
from . import convnet, linear, lstm, sequential, wavenet
from .fields import ModelFields, checked_header, convert
from .network import Models, Network

container = "SlimmableContainer"  # of networks of several sizes

# Each gives the network of a model, whose place in the file is empty, or ends in a dot.
readers: dict[str, Callable[[ModelFields, str, Models], Network]] = {
    "WaveNet": wavenet.read,
    "LSTM": lstm.read,
    "ConvNet": convnet.read,
    "Linear": linear.read,
    "Sequential": sequential.read,
}


def model_fields(tree: Any, where: str) -> ModelFields:
    """The outer fields of a model; `where` is empty at the root, or ends in a dot.

    Raises
    ------
    ModelError
        If it is of no architecture that can be played, or a field is not what it should be.
    """
    architecture = checked_header(tree, where).architecture
    if architecture != container and architecture not in readers:
        accepted = ", ".join(map(quoted, (*readers, container)))
        raise ModelError(f"{where}architecture is {quoted(architecture)}; accepted are {accepted}")
    if isinstance(weights := tree.get("weights"), np.ndarray):
        tree = {**tree, "weights": weights.tolist()}
    return convert(tree, ModelFields, where.removesuffix("."))
