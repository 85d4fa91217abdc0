# SPDX-License-Identifier: MIT
"""Boards of a batch: made by a factory, lent to one job at a time, kept for the next.

pedalboard makes plug-ins on one thread of a process only, but they play on any. So the thread that
plans the batch makes those for its own threads, and a worker process has a thread for it. Between
jobs, a board only changes the model and settings of its amp.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any, TypeAlias, cast

import numpy as np
from pedalboard import (
    Chain,
    Convolution,
    ExternalPlugin,  # pyright: ignore[reportPrivateImportUsage]
    Mix,
    Pedalboard,  # pyright: ignore[reportPrivateImportUsage]
    Plugin,
)

from ..boards.board_effects import effects_in
from ..boards.impulse_responses import path_of
from ..effect.neural_amp import NeuralAmp
from ..files.regular_file import open_regular
from ..nam.model import Model
from ..nam.old_model_image import release_0_1
from ..settings import declared, without_defaults

BoardFactory: TypeAlias = Callable[[NeuralAmp], Plugin | Iterable[Plugin]]


@dataclass(frozen=True, slots=True)
class BorrowedBoard:
    """Effects, and the amp among them."""

    effects: Pedalboard
    amp: NeuralAmp


@dataclass(frozen=True, slots=True)
class Boards:
    """The boards of one batch, in any process.

    Parameters
    ----------
    factory
        Makes a board around an amp.
    batch
        Tells this batch from others.
    """

    factory: BoardFactory
    batch: str

    def make(self, model: Model) -> BorrowedBoard:
        """A new board.

        Raises
        ------
        ValueError
            If the factory gives no board, or one without its amp.
        """
        amp = NeuralAmp(model)
        made: Any = self.factory(amp)
        effects = [made] if isinstance(made, Plugin) else made
        if not isinstance(effects, Iterable):
            raise ValueError(
                f"board(amp) gave {made!r}; expected a pedalboard.Pedalboard or effects"
            )
        board = (
            made if isinstance(made, Pedalboard) else _pedalboard(cast("Iterable[Any]", effects))
        )
        if not any(effect is amp for effect in effects_in(board)):
            raise ValueError("the board that board(amp) gave does not have this amp in it")
        return BorrowedBoard(board, amp)

    def prepare(self, model: Model, count: int) -> list[BorrowedBoard]:
        """Make boards for the threads of this process, which then wait until one is free.

        On the thread that may make plug-ins.
        """
        shelf = _shelf(self.batch)
        boards = [self.make(model) for _ in range(count)]
        for board in boards:
            shelf.idle.put(board)
        shelf.is_prepared = True
        return boards

    @contextmanager
    def borrow(self, model: Model) -> Generator[BorrowedBoard]:
        """A board that nobody else plays, for as long as the ``with`` block lasts."""
        shelf = _shelf(self.batch)
        board = shelf.take(lambda: self.make(model))
        try:
            yield board
        finally:
            shelf.idle.put(board)

    def forget(self) -> None:
        """Let go of the boards in this process."""
        _shelves.pop(self.batch, None)


@dataclass
class _Shelf:
    """Boards of a batch that nobody plays in this process, and how more are made."""

    pid: int = field(default_factory=os.getpid)
    idle: SimpleQueue[BorrowedBoard] = field(default_factory=SimpleQueue[BorrowedBoard])
    is_prepared: bool = False

    def take(self, make: Callable[[], BorrowedBoard]) -> BorrowedBoard:
        try:
            return self.idle.get(block=self.is_prepared)
        except Empty:
            return _make_anywhere(make)


_shelves: dict[str, _Shelf] = {}
_shelves_lock = Lock()
_most_shelves = 4  # a worker may outlive many batches
_maker: tuple[int, ThreadPoolExecutor] | None = None


def _shelf(batch: str) -> _Shelf:
    with _shelves_lock:
        shelf = _shelves.pop(batch, None)
        if shelf is None or shelf.pid != os.getpid():  # a forked process begins with nothing
            shelf = _Shelf()
        _shelves[batch] = shelf
        while len(_shelves) > _most_shelves:
            del _shelves[next(iter(_shelves))]
        return shelf


def _make_anywhere(make: Callable[[], BorrowedBoard]) -> BorrowedBoard:
    """On the thread that this process has for it; after a fork, pedalboard may know another."""
    global _maker
    with _shelves_lock:
        if _maker is None or _maker[0] != os.getpid():
            _maker = os.getpid(), ThreadPoolExecutor(1, "boards")
        thread = _maker[1]
    try:
        return thread.submit(make).result()
    except RuntimeError as error:
        if "main thread" not in str(error):
            raise
        return make()


def _pedalboard(effects: Iterable[Any]) -> Pedalboard:
    row = list(effects)
    for effect in row:
        if not isinstance(effect, Plugin):
            raise ValueError(f"board(amp) gave {effect!r} among its effects; that is none")
    return Pedalboard(row)


def describe(board: BorrowedBoard) -> str:
    """The board in words: two boards of the same words sound the same.

    Names and parameters of the effects, digests of impulse responses and of plug-ins' states; the
    amp is only ``amp``.
    """
    return _describe(board.effects, board.amp)


def _describe(effect: Plugin, amp: NeuralAmp) -> str:
    if effect is amp:
        return "amp"
    if isinstance(effect, (Pedalboard, Chain, Mix)):
        return f"{type(effect).__name__}[{', '.join(_describe(one, amp) for one in effect)}]"
    if isinstance(effect, NeuralAmp):
        return f"{_amp_in_words(effect)} {_digest(release_0_1(effect.model.to_bytes()))}"
    words = re.sub(r" at 0x[0-9a-fA-F]+", "", repr(effect))
    if isinstance(effect, Convolution):
        words = _convolution_in_words(effect, words)
    elif isinstance(effect, ExternalPlugin):
        plugin = cast("Any", effect)
        parameters: dict[str, Any] = plugin.parameters
        words += f" { {name: one.raw_value for name, one in parameters.items()} }"
        words += f" {_digest(plugin.raw_state)}"  # not all of it is in parameters
    return words


# Release 0.1 wrote all of these down. Others are said if they are not at their default, so that a
# setting that is new does not change what was made without it.
_always_said = (
    "size",
    "input_gain_db",
    "output_gain_db",
    "output_mode",
    "target_loudness_db",
    "interface_level_dbu",
)


def _amp_in_words(amp: NeuralAmp) -> str:
    values = {name: getattr(amp, name) for name in declared}
    said = {name: values[name] for name in _always_said} | without_defaults(values)
    settings = ", ".join(f"{name}={value!r}" for name, value in said.items())
    return f"<pedalboard_nam.NeuralAmp {amp.model.name!r} {settings}>"


def _convolution_in_words(effect: Convolution, words: str) -> str:
    """As pedalboard says it of a file that it has read itself: that is what release 0.1 wrote."""
    path = path_of(effect)
    if path is None:
        return f"{words} {_digest(np.asarray(effect.impulse_response).tobytes())}"
    with open_regular(path) as file:
        content = file.read_at(0, file.size)
    words = f"<pedalboard.Convolution impulse_response_filename={path} mix={effect.mix:g}>"
    return f"{words} {_digest(content)}"


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
