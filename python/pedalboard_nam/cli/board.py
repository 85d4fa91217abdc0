# SPDX-License-Identifier: MIT
"""The board that the options of `reamp render` describe."""

from __future__ import annotations

import runpy
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from pedalboard import Pedalboard  # pyright: ignore[reportPrivateImportUsage]

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


def board_of_script(path: Path) -> Pedalboard:
    """What a Python file calls `board`: a `Pedalboard`, or effects in a row."""
    from pedalboard import Pedalboard, Plugin  # pyright: ignore[reportPrivateImportUsage]

    with open(path, "rb"):  # for the error that Python gives
        pass
    board = runpy.run_path(str(path)).get("board")
    if isinstance(board, Pedalboard):
        return board
    effects = list(cast("Iterable[object]", board)) if isinstance(board, (list, tuple)) else [board]
    if effects and all(isinstance(effect, Plugin) for effect in effects):
        return Pedalboard(cast("list[Plugin]", effects))
    raise ValueError(f"{path}: `board` is {board!r}; expected a pedalboard.Pedalboard or effects")
