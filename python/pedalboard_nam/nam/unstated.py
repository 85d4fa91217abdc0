# SPDX-License-Identifier: MIT
"""Settings that need a level of the model which its file does not state."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from .model import Model

_in_the_engine = "which this model does not state"
_of_loudness = "needs its loudness, "


@contextmanager
def unstated_explained(model: Model) -> Generator[None]:
    """Say in the engine's error which model it is, and what can be done."""
    try:
        yield
    except ValueError as error:
        said = str(error)
        if not said.endswith(_in_the_engine):
            raise
        if _of_loudness in said:
            said += '; "raw" plays it as it is, and measure_loudness tells how loud that is'
        raise type(error)(f"{model.path or model.name}: {said}") from None
