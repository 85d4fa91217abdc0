# SPDX-License-Identifier: MIT
"""Neural Amp Modeler A2 amps in pedalboard and Python: `NeuralAmp`, `Model`, `Stream`, `render`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._core import available_isas, isa
from .errors import ModelError
from .model import Model, ModelSize
from .render import render
from .stream import Stream

if TYPE_CHECKING:
    from .plugin import NeuralAmp

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


def __getattr__(name: str) -> Any:
    # pedalboard takes as long to import as all the rest; who only renders does without.
    if name == "NeuralAmp":
        from .plugin import NeuralAmp

        return NeuralAmp
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
