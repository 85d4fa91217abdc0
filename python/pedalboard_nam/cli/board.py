# SPDX-License-Identifier: MIT
"""The boards that the options of `reamp render`, `bounce` and `batch` describe."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from .messages import WrongUsage

if TYPE_CHECKING:
    from pedalboard import Pedalboard  # pyright: ignore[reportPrivateImportUsage]

    from ..automation.accepted_lanes import Automation
    from ..effect.neural_amp import NeuralAmp


@dataclass(frozen=True, slots=True)
class GateAndCabinet:
    """Gate, amp and cabinet, as far as asked for; `reamp batch` sends it to other processes."""

    gate_db: float | None
    impulse_response: Path | None

    def __post_init__(self) -> None:
        if self.gate_db is not None and not -100.0 <= self.gate_db <= 0.0:  # NaN is not
            raise WrongUsage(f"--gate is {self.gate_db}; accepted are -100 to 0")

    def __call__(self, amp: NeuralAmp) -> Pedalboard:
        from pedalboard import (
            NoiseGate,
            Pedalboard,  # pyright: ignore[reportPrivateImportUsage]
        )

        from ..boards.impulse_responses import convolution

        board = Pedalboard([amp])
        if self.gate_db is not None:
            board.insert(0, NoiseGate(self.gate_db))
        if self.impulse_response is not None:
            board.append(convolution(self.impulse_response))
        return board


@dataclass(frozen=True, slots=True)
class BoardOfScript:
    """The function `board(amp)` of a Python file; it travels as what is in the file."""

    path: Path
    source: bytes

    @classmethod
    def read(cls, path: Path) -> BoardOfScript:
        """Read the file, and see that the function is there."""
        if path.suffix.lower() != ".py":
            raise ValueError(f"{path}: a batch calls board(amp) of a Python file, .py")
        found = cls(path, path.read_bytes())
        found._function()
        return found

    def __call__(self, amp: NeuralAmp) -> Any:
        board = self._function()
        with _running(self.path):
            return board(amp)

    def _function(self) -> Any:
        board = _called_board(_names_in(self.path, self.source), self.path)
        if not callable(board) or hasattr(board, "process"):
            raise ValueError(
                f"{self.path}: `board` is {_found(board)}; a batch calls a function board(amp), "
                "which returns a pedalboard.Pedalboard or effects with this amp among them"
            )
        return board


def _called_board(names: dict[str, Any], script: Path) -> Any:
    if "board" not in names:
        raise ValueError(f"{script}: there is no `board` in it")
    return names["board"]


def _names_in(script: Path, source: bytes) -> dict[str, Any]:
    """What a script has made when it is at its end."""
    module = ModuleType("<board>")
    module.__file__ = str(script)
    sys.modules[module.__name__] = module  # where dataclasses look for names
    with _running(script):
        exec(compile(source, str(script), "exec", dont_inherit=True), vars(module))
    return vars(module)


def _found(value: object) -> str:
    from ..wording.quoted import quoted

    return "None" if value is None else quoted(value)


@contextmanager
def _running(script: Path) -> Generator[None]:
    """Modules beside the script are found, and its errors are a sentence that names the line."""
    sys.path.insert(0, str(script.parent))
    try:
        yield
    except Exception as error:
        lines = [f.lineno for f in extract_tb(error.__traceback__) if f.filename == str(script)]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        where = f"{script}: " if line is None else f"{script}: line {line}: "
        raise ValueError(f"{where}{type(error).__name__}: {said}") from None
    finally:
        sys.path.remove(str(script.parent))


def board_of_file(path: Path) -> tuple[Pedalboard, Automation]:
    """What a Python file calls `board`, and `automation`, if anything; or a saved board."""
    if path.suffix.lower() == ".json":
        return _saved_board(path), {}
    if path.suffix.lower() == ".py":
        return _board_of_script(path)
    path.stat()  # it is not there, perhaps
    raise ValueError(f"{path}: a board is a Python file, .py, or a saved one, .json")


def _saved_board(path: Path) -> Pedalboard:
    from ..boards.board_dict import board_from_dict
    from ..errors import located
    from ..wording.unique_keys import with_unique_keys

    try:
        saved = json.loads(path.read_bytes(), object_pairs_hook=with_unique_keys)
        return board_from_dict(saved, base_dir=path.parent)
    except RecursionError as error:
        raise ValueError(f"{path}: {error}") from None
    except ValueError as error:
        raise located(str(path), error) from None


def _board_of_script(path: Path) -> tuple[Pedalboard, Automation]:
    from pedalboard import Pedalboard, Plugin  # pyright: ignore[reportPrivateImportUsage]

    names = _names_in(path, path.read_bytes())
    board, automation = _called_board(names, path), names.get("automation", {})
    if not isinstance(automation, Mapping):
        raise ValueError(f"{path}: `automation` is {_found(automation)}; expected lanes by effect")
    lanes = cast("Automation", automation)
    if isinstance(board, Pedalboard):
        return board, lanes
    effects = list(cast("Iterable[object]", board)) if isinstance(board, (list, tuple)) else [board]
    if effects and all(isinstance(effect, Plugin) for effect in effects):
        return Pedalboard(cast("list[Plugin]", effects)), lanes
    hint = "; a function board(amp) is for reamp batch" if callable(cast("Any", board)) else ""
    found = _found(cast("object", board))
    raise ValueError(
        f"{path}: `board` is {found}; expected a pedalboard.Pedalboard or effects{hint}"
    )
