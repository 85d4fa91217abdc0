# SPDX-License-Identifier: MIT
"""Neural Amp Modeler A2 amps in pedalboard and Python: `NeuralAmp`, `Model`, `Stream`, `render`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._core import available_isas, isa
from .errors import ModelError
from .lanes import Lane
from .measure import CaptureDelay, measure_delay, measure_loudness
from .model import Model, ModelSize
from .plugin import NeuralAmp
from .render import render
from .stream import Stream

if TYPE_CHECKING:
    from .batch import reamp_files
    from .board_dict import board_from_dict, board_to_dict
    from .bounce_file import Silence, bounce
    from .comparison import Comparison, compare
    from .dataset import ReampDataset
    from .session import Session
    from .session_graph import Bus, Track

__all__ = [
    "Bus",
    "CaptureDelay",
    "Comparison",
    "Lane",
    "Model",
    "ModelError",
    "ModelSize",
    "NeuralAmp",
    "ReampDataset",
    "Session",
    "Silence",
    "Stream",
    "Track",
    "available_isas",
    "board_from_dict",
    "board_to_dict",
    "bounce",
    "compare",
    "isa",
    "measure_delay",
    "measure_loudness",
    "reamp_files",
    "render",
]

# What reads files is imported when it is first used: it takes a third as long as all the rest.
_modules = {
    "Bus": "session_graph",
    "Comparison": "comparison",
    "ReampDataset": "dataset",
    "Session": "session",
    "Silence": "bounce_file",
    "Track": "session_graph",
    "board_from_dict": "board_dict",
    "board_to_dict": "board_dict",
    "bounce": "bounce_file",
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
