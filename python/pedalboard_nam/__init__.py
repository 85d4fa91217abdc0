# SPDX-License-Identifier: MIT
"""Neural Amp Modeler A2 amps, natively in Python: `Model`, `Stream`, `render`, command `reamp`."""

from ._core import available_isas, isa
from .errors import ModelError
from .model import Model, ModelSize
from .render import render
from .stream import Stream

__all__ = ["Model", "ModelError", "ModelSize", "Stream", "available_isas", "isa", "render"]
