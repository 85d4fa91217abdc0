# SPDX-License-Identifier: MIT
"""The board that options or a script describe."""

from __future__ import annotations

import runpy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pedalboard import Pedalboard  # pyright: ignore[reportPrivateImportUsage]

    from ..automation import Automation
    from ..model import Model


def amp_board(
    model: Model, gate_db: float | None, impulse_response: Path | None, settings: dict[str, Any]
) -> Pedalboard:
    """Gate, amp and cabinet, as far as asked for."""
    from pedalboard import (
        Convolution,
        NoiseGate,
        Pedalboard,  # pyright: ignore[reportPrivateImportUsage]
    )

    from ..audio_file import open_audio
    from ..plugin import NeuralAmp

    board = Pedalboard([NeuralAmp(model, **settings)])
    if gate_db is not None:
        board.insert(0, NoiseGate(gate_db))
    if impulse_response is not None:
        with open_audio(impulse_response):  # what is none, Convolution takes without a word
            pass
        board.append(Convolution(str(impulse_response)))
    return board


def board_of_script(path: Path) -> tuple[Pedalboard, Automation]:
    """What a Python file calls `board`, effects in a row, and `automation`, if anything."""
    from pedalboard import Pedalboard, Plugin  # pyright: ignore[reportPrivateImportUsage]

    with open(path, "rb"):  # for the error that Python gives
        pass
    names = runpy.run_path(str(path))
    board, automation = names.get("board"), names.get("automation", {})
    if not isinstance(automation, Mapping):
        raise ValueError(f"{path}: `automation` is {automation!r}; expected lanes by effect")
    lanes = cast("Automation", automation)
    if isinstance(board, Pedalboard):
        return board, lanes
    effects = list(cast("Iterable[object]", board)) if isinstance(board, (list, tuple)) else [board]
    if effects and all(isinstance(effect, Plugin) for effect in effects):
        return Pedalboard(cast("list[Plugin]", effects)), lanes
    raise ValueError(f"{path}: `board` is {board!r}; expected a pedalboard.Pedalboard or effects")
