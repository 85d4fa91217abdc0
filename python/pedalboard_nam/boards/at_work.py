# SPDX-License-Identifier: MIT
"""Which effects are at work: each holds the past of one signal, and plays no other beside it."""

from __future__ import annotations

from collections.abc import Iterable
from threading import RLock
from weakref import WeakValueDictionary

from pedalboard import Plugin

from .board_effects import name_of

_lock = RLock()  # the garbage collector may end a stream while another begins


class AtWork:
    """Effects that nothing else plays until they are released, or this object is gone.

    They are told apart as Python objects. While one of them is held here, pedalboard gives the same
    object for its effect wherever the board is looked at.

    Raises
    ------
    ValueError
        If one of them is at work already.
    """

    def __init__(self, effects: Iterable[Plugin]) -> None:
        self._effects = tuple(effects)  # held, so that no other object gets their ids
        with _lock:
            for effect in self._effects:
                if id(effect) in _by_id:
                    name = name_of(effect, self._effects)
                    raise ValueError(
                        f"{name} is being played by another BoardStream or bounce; "
                        "wait for its end or close it, or make another effect"
                    )
            _by_id.update((id(effect), self) for effect in self._effects)

    def release(self) -> None:
        """Let others play them; more than once does no harm."""
        with _lock:
            for effect in self._effects:
                if _by_id.get(id(effect)) is self:
                    del _by_id[id(effect)]


_by_id = WeakValueDictionary[int, AtWork]()
