# SPDX-License-Identifier: MIT
"""How far a file is: what whoever waits for it may be told now and then."""

from __future__ import annotations

from collections.abc import Callable

from ..wording.quoted import quoted

Progress = Callable[[int, int], None]  # frames done, frames to do


def check_progress(progress: object) -> None:
    """Raise a TypeError if this is something else than a function or None."""
    if progress is not None and not callable(progress):
        raise TypeError(f"progress is {quoted(progress)}; a function of two numbers is expected")
