# SPDX-License-Identifier: MIT
"""Neural Amp Modeler A2 amps in pedalboard and Python: `NeuralAmp`, `Model`, `Stream`, `render`."""

from ._core import available_isas, isa
from .compare import Comparison, compare
from .dataset import ReampDataset
from .errors import ModelError
from .measure import Delay, measure_delay, measure_loudness
from .model import Model, ModelSize
from .plugin import NeuralAmp
from .render import render
from .stream import Stream

__all__ = [
    "Comparison",
    "Delay",
    "Model",
    "ModelError",
    "ModelSize",
    "NeuralAmp",
    "ReampDataset",
    "Stream",
    "available_isas",
    "compare",
    "isa",
    "measure_delay",
    "measure_loudness",
    "render",
]
