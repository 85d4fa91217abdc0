# SPDX-License-Identifier: MIT
"""Where streams stood in signals, so that none that remembers for ever plays from the start."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock

_most_bytes = 64 << 20  # an LSTM of 16 cells takes 1 kB, and one that resamples 2 kB more
_entry_bytes = 500  # that Python takes for each, besides


class Checkpoints:
    """States by signal and frame, as many as fit; the oldest give way. Threads may share it."""

    def __init__(self) -> None:
        self._states: dict[tuple[Hashable, int], bytes] = {}
        self._frames: dict[Hashable, set[int]] = {}
        self._bytes = 0
        self._lock = Lock()

    def keep(self, signal: Hashable, frame: int, state: bytes) -> None:
        """The state of a stream that has taken all frames of a signal before this one."""
        with self._lock:
            self._drop(signal, frame)
            self._states[signal, frame] = state
            self._frames.setdefault(signal, set()).add(frame)
            self._bytes += _entry_bytes + len(state)
            while self._bytes > _most_bytes and len(self._states) > 1:
                self._drop(*next(iter(self._states)))

    def before(self, signal: Hashable, frame: int) -> tuple[int, bytes] | None:
        """The last one that is not after a frame, if there is any."""
        with self._lock:
            earlier = [each for each in self._frames.get(signal, ()) if each <= frame]
            return (max(earlier), self._states[signal, max(earlier)]) if earlier else None

    def _drop(self, signal: Hashable, frame: int) -> None:
        state = self._states.pop((signal, frame), None)
        if state is not None:
            self._bytes -= _entry_bytes + len(state)
            self._frames[signal].discard(frame)
            if not self._frames[signal]:
                del self._frames[signal]

    def __reduce__(self) -> tuple[type[Checkpoints], tuple[()]]:
        return Checkpoints, ()  # another process makes its own
