# SPDX-License-Identifier: MIT
"""Neural Amp Modeler A2 amps in pedalboard and Python: `NeuralAmp`, `Model`, `Stream`, `render`."""

from ._core import available_isas, isa
from .errors import ModelError
from .model import Model, ModelSize
from .plugin import NeuralAmp
from .render import render
from .stream import Stream

__all__ = [
    "Model",
    "ModelError",
    "ModelSize",
    "NeuralAmp",
    "Stream",
    "available_isas",
    "isa",
    "render",
]
