# SPDX-License-Identifier: MIT
"""Neural Amp Modeler amps in pedalboard and Python: `NeuralAmp`, `Model`, `Stream`, `render`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import _core  # refuses to be imported by a sub-interpreter

if TYPE_CHECKING:
    from ._core import available_isas, isa
    from .automation.lanes import Lane
    from .batch import reamp_files
    from .boards.board_dict import board_from_dict, board_to_dict
    from .boards.board_stream import BoardStream
    from .boards.bouncing import Silence, bounce
    from .comparison.compare import Comparison, compare
    from .dataset.reamp_dataset import ReampDataset
    from .effect.neural_amp import NeuralAmp, bundle_path
    from .engine.render import render
    from .engine.stream import Stream
    from .errors import ModelError
    from .measure.captures import CaptureDelay, measure_delay, measure_loudness
    from .nam.model import Model, ModelSize
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
    "bundle_path",
    "compare",
    "isa",
    "measure_delay",
    "measure_loudness",
    "reamp_files",
    "render",
]

# Imported when they are first used: numpy and pedalboard take ten times as long as all the rest,
# which is what `reamp` needs to print its help.
_modules = {
    "BoardStream": "boards.board_stream",
    "Bus": "session.session_graph",
    "CaptureDelay": "measure.captures",
    "Comparison": "comparison.compare",
    "Lane": "automation.lanes",
    "Model": "nam.model",
    "ModelError": "errors",
    "ModelSize": "nam.model",
    "NeuralAmp": "effect.neural_amp",
    "ReampDataset": "dataset.reamp_dataset",
    "Session": "session.session",
    "Silence": "boards.bouncing",
    "Stream": "engine.stream",
    "Track": "session.session_graph",
    "available_isas": "_core",
    "board_from_dict": "boards.board_dict",
    "board_to_dict": "boards.board_dict",
    "bounce": "boards.bouncing",
    "bundle_path": "effect.neural_amp",
    "compare": "comparison.compare",
    "isa": "_core",
    "measure_delay": "measure.captures",
    "measure_loudness": "measure.captures",
    "reamp_files": "batch",
    "render": "engine.render",
}


def __getattr__(name: str) -> Any:
    if name not in _modules:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name != "available_isas":
        _check_isa()
    globals()[name] = value = getattr(import_module(f".{_modules[name]}", __name__), name)
    return value


def _check_isa() -> None:
    try:
        _core.isa()
    except ValueError as error:  # of a choice in the environment that cannot be met
        raise ImportError(str(error)) from None


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
