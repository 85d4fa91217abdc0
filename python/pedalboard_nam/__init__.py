# SPDX-License-Identifier: MIT
"""Neural Amp Modeler A2 amps in pedalboard and Python: `NeuralAmp`, `Model`, `Stream`, `render`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._core import available_isas, isa
from .errors import ModelError
from .measure import Delay, measure_delay, measure_loudness
from .model import Model, ModelSize
from .plugin import NeuralAmp
from .render import render
from .stream import Stream

if TYPE_CHECKING:
    from .batch import reamp_files
    from .comparison import Comparison, compare
    from .dataset import ReampDataset

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
    "reamp_files",
    "render",
]

# What reads files is imported when it is first used: it takes a third as long as all the rest.
_modules = {
    "Comparison": "comparison",
    "ReampDataset": "dataset",
    "compare": "comparison",
    "reamp_files": "batch",
}


def __getattr__(name: str) -> Any:
    if name not in _modules:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value = getattr(import_module(f".{_modules[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
