# SPDX-License-Identifier: MIT
"""`HostedEffect`: pedalboard's `VST3Plugin` as a class that Python can inherit from.

Four of pedalboard's habits are worked around here:

- Its `__setattr__` and `__getattr__` look for a parameter first, which takes 170 us. Here they are
  Python's own; parameters are for the subclass to make properties of.
- What looks into the plug-in ends the process if called before `__init__`. Here it takes the lock
  first, which `__init__` makes.
- Its parameter objects refer back to the plugin, so that no instance would ever be freed. Here they
  hold a weak reference.
- Its constructor looks at the parameters through another Python object for the same plugin, which
  holds on to it in a cycle. `_Scan` takes that apart.
"""

from __future__ import annotations

import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any

import pedalboard
from pedalboard import VST3Plugin

from . import vstpreset

_plugin: Any = VST3Plugin  # the class, and what its stubs do not say
_Parameter: Any = pedalboard.AudioProcessorParameter  # pyright: ignore[reportPrivateImportUsage]


class HostedEffect(VST3Plugin):
    """A VST3 in a bundle, loaded by pedalboard; has no parameter values of Python's own.

    Parameters
    ----------
    bundle
        Path of the bundle.
    class_id
        Of the effect in it, in 32 hex digits.

    Raises
    ------
    RuntimeError
        If called on another thread than the one where plug-ins were loaded first.
    """

    _lock: threading.RLock  # held while anything is set, so that no change is lost

    def __init__(self, bundle: str, class_id: str) -> None:
        self._lock = threading.RLock()
        self._class_id = class_id
        try:
            super().__init__(bundle, parameter_values=_Scan())
        except RuntimeError as error:
            if "main thread" not in str(error):
                raise
            raise RuntimeError(
                f"{type(self).__name__} can only be made on the thread where pedalboard loaded its "
                "first plug-in, usually the main thread. Make it there and hand it over: it plays "
                "on any thread. Or use pedalboard_nam.Stream, which can be made anywhere"
            ) from None
        # pedalboard has played noise to find out how the effect resets, and would take those frames
        # for part of the first stream's latency.
        self.reset()

    def _get_component(self) -> bytes:
        with self._lock:
            return vstpreset.read(_plugin.preset_data.__get__(self))[1]

    def _set_component(self, component: bytes) -> None:
        with self._lock:
            _plugin.preset_data.__set__(self, vstpreset.write(self._class_id, component))

    def _get_raw_state(self) -> bytes:
        with self._lock:
            return _plugin.raw_state.__get__(self)

    def _set_raw_state(self, raw_state: bytes) -> None:
        with self._lock:
            _plugin.raw_state.__set__(self, raw_state)

    def _get_parameter(self, arg0: str) -> Any:
        with self._lock:
            return super()._get_parameter(arg0)

    def _get_parameters(self) -> dict[str, Any]:
        with self._lock:
            parameters: dict[str, Any] | None = self.__dict__.get("_parameters_by_name")
            if parameters is None:
                plugin: Any = weakref.proxy(self)
                found = [_Parameter(plugin, parameter.name) for parameter in plugin._parameters]
                parameters = self._parameters_by_name = {p.python_name: p for p in found}
            return parameters

    if not TYPE_CHECKING:  # which would take any name for one that exists

        def __setattr__(self, name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

        def __getattr__(self, name: str) -> Any:
            problem = f"{type(self).__name__!r} object has no attribute {name!r}"
            if "_lock" not in self.__dict__:
                problem += ", or not yet: its __init__ has not run"
            raise AttributeError(problem)

    def __dir__(self) -> list[str]:
        return list(object.__dir__(self))


class _Scan(dict[str, Any]):
    """The parameter values that pedalboard's constructor is to set: none.

    It asks for them when it has scanned the parameters through an object that nothing will refer to
    any more, but that refers to itself by way of them. Without them, it is freed at once, and not
    the plug-in kept until the garbage collector runs.
    """

    def items(self) -> Any:
        scanning = sys._getframe(1).f_locals.get("self")
        if isinstance(scanning, VST3Plugin):
            scanning.__dict__.clear()
        return super().items()
