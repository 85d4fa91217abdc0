# SPDX-License-Identifier: MIT
"""Neural Amp Modeler A2 amps in pedalboard and Python: `NeuralAmp`, `Model`, `Stream`, `render`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._core import available_isas, isa
from .automation.lanes import Lane
from .errors import ModelError
from .measure import CaptureDelay, measure_delay, measure_loudness
from .model import Model, ModelSize
from .plugin import NeuralAmp
from .render_array import render
from .stream import Stream

if TYPE_CHECKING:
    from .batch import reamp_files
    from .boards.board_dict import board_from_dict, board_to_dict
    from .boards.board_stream import BoardStream
    from .bounce_file import Silence, bounce
    from .comparison import Comparison, compare
    from .dataset import ReampDataset
    from .session.session import Session
    from .session.session_graph import Bus, Track

__all__ = [
    "BoardStream",
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
    "BoardStream": "boards.board_stream",
    "Bus": "session.session_graph",
    "Comparison": "comparison",
    "ReampDataset": "dataset",
    "Session": "session.session",
    "Silence": "bounce_file",
    "Track": "session.session_graph",
    "board_from_dict": "boards.board_dict",
    "board_to_dict": "boards.board_dict",
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
