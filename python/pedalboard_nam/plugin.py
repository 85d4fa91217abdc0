# SPDX-License-Identifier: MIT
"""`NeuralAmp`: the engine as an effect of pedalboard's, made of the VST3 in this package.

pedalboard's `VST3Plugin` is subclassed, and three of its habits are worked around here:

- Its `__setattr__` and `__getattr__` look for a parameter first, which takes 170 us, and end the
  process if called before `__init__`. Here they are Python's own; parameters are properties.
- Its parameter objects refer back to the plugin, so that no instance would ever be freed. Here they
  hold a weak reference.
- Its constructor looks at the parameters through another Python object for the same plugin, which
  holds on to it in a cycle. `_Scan` takes that apart.
"""

from __future__ import annotations

import html
import os
import sys
import weakref
from dataclasses import replace
from typing import Any, TypeVar

import pedalboard
from pedalboard import VST3Plugin

from . import plugin_state, vstpreset
from .errors import ModelError
from .model import Model, Size, size_value
from .nam_file import Source
from .plugin_state import EffectState, max_gain_db, min_gain_db, to_gain_db, to_normalised
from .settings import OutputMode, core_settings

_Amp = TypeVar("_Amp", bound="NeuralAmp")

_plugin: Any = VST3Plugin  # the class, and what its stubs do not say
_Parameter: Any = pedalboard.AudioProcessorParameter  # pyright: ignore[reportPrivateImportUsage]

_size_names: dict[float, Size] = {0.0: "lite", 1.0: "full"}


class NeuralAmp(VST3Plugin):
    """A Neural Amp Modeler A2 amp as a pedalboard effect.

    It goes where any effect of pedalboard's goes: alone, in a `Pedalboard`, in a `Chain` or `Mix`.
    Every argument is also a property; a change is heard from the next block on, without a click,
    and what follows is, to the bit, what an effect made with the new value would play. At the
    model's own sample rate there is no latency; at others pedalboard compensates it.

    Parameters
    ----------
    model
        A `Model`, or anything that `Model.load` takes: a path, bytes, a binary file, parsed JSON.
    size
        ``"full"``, ``"lite"``, or a number from 0 to 1: the first network of the model whose
        breakpoint is above it, else the last. A model of one size plays that one.
    input_gain_db, output_gain_db
        Gain before and after the amp in dB, -50 to 50, in steps of 0.0001 dB.
    output_mode
        ``"raw"``: as the model has it. ``"normalized"``: brought to `target_loudness_db` by the
        loudness that the model states for its size. ``"calibrated"``: brought to the level that the
        real amp would have at the interface, by the model's output level.
    target_loudness_db
        For ``"normalized"``, in dB re full scale RMS, -60 to 0.
    interface_level_dbu
        The level in dBu RMS, -60 to 60, of a 1 kHz sine that peaks at 0 dBFS in your interface. If
        given, the input is brought to the level at which the model was captured.

    Raises
    ------
    ModelError
        If `model` is not a usable model.
    ValueError
        For a value out of range, and where a level or loudness that the settings need is not
        stated in the model. Setting a property raises it too, and then changes nothing.
    RuntimeError
        If called on another thread than the one where plug-ins were loaded first: pedalboard can
        make them there only. Playing, resetting and changing them works on any thread.

    Notes
    -----
    A `Pedalboard` keeps the effect, but not the Python object. If nothing else refers to that,
    ``board[0]`` is a plain `pedalboard.VST3Plugin` that sounds the same and has the two gains.
    `NeuralAmp.from_plugin` makes a `NeuralAmp` of it.
    """

    _model: Model
    _size: Size
    _state: EffectState

    def __init__(
        self,
        model: Model | Source,
        *,
        size: Size = "full",
        input_gain_db: float = 0.0,
        output_gain_db: float = 0.0,
        output_mode: OutputMode = "raw",
        target_loudness_db: float = -18.0,
        interface_level_dbu: float | None = None,
    ) -> None:
        # Everything that can fail without the plug-in does so before it is made.
        state = _effect_state(
            model if isinstance(model, Model) else Model.load(model),
            size,
            input_gain_db,
            output_gain_db,
            output_mode,
            target_loudness_db,
            interface_level_dbu,
        )
        try:
            super().__init__(bundle_path(), parameter_values=_Scan())
        except RuntimeError as error:
            if "main thread" not in str(error):
                raise
            raise RuntimeError(
                "NeuralAmp can only be made on the thread where pedalboard loaded its first "
                "plug-in, usually the main thread. Make it there and hand it over: it plays on any "
                "thread. Or use pedalboard_nam.Stream, which can be made anywhere"
            ) from None
        # pedalboard has played noise to find out how the effect resets, and would take those frames
        # for part of the first stream's latency.
        self.reset()
        self._set_state(state)
        self._size = size

    @classmethod
    def from_plugin(cls: type[_Amp], plugin: pedalboard.Plugin) -> _Amp:
        """Make a `NeuralAmp` of what a `Pedalboard` gives back of one that it alone has kept.

        Parameters
        ----------
        plugin
            The effect. If it is a `NeuralAmp` already, it is returned as it is.

        Returns
        -------
        NeuralAmp
            A new effect with the same model and settings. To change what a board plays, put it in:
            ``board[0] = NeuralAmp.from_plugin(board[0])``.

        Raises
        ------
        TypeError
            If this is another effect.
        ValueError
            If it has no model.
        """
        if isinstance(plugin, cls):
            return plugin
        if not isinstance(plugin, VST3Plugin):
            raise TypeError(f"{plugin!r} is not a NeuralAmp")
        class_id, component = vstpreset.read(plugin.preset_data)
        if class_id != plugin_state.class_id:
            raise TypeError(f"{plugin!r} is not a NeuralAmp")
        state = plugin_state.read(component)
        if state.model is None:
            raise ValueError(f"{plugin!r} has no model")
        return cls(state.model, **_settings(state))

    @property
    def model(self) -> Model:
        """The amp. Can be set to all that the constructor takes."""
        return self._model

    @model.setter
    def model(self, model: Model | Source) -> None:
        self._change(model=model if isinstance(model, Model) else Model.load(model))

    @property
    def size(self) -> Size:
        """Which network of the model plays, ``"full"``, ``"lite"``, or a number from 0 to 1."""
        return self._size

    @size.setter
    def size(self, size: Size) -> None:
        self._change(size=size_value(size))
        self._size = size

    @property
    def input_gain_db(self) -> float:
        """Gain before the amp in dB, -50 to 50; a change is reached in a ramp of 5 ms."""
        return to_gain_db(self._get_parameter("Input Gain").raw_value)

    @input_gain_db.setter
    def input_gain_db(self, gain_db: float) -> None:
        gain_db = _checked_gain("input_gain_db", gain_db)
        self._get_parameter("Input Gain").raw_value = to_normalised(gain_db)

    @property
    def output_gain_db(self) -> float:
        """Gain after the amp in dB, -50 to 50; a change is reached in a ramp of 5 ms."""
        return to_gain_db(self._get_parameter("Output Gain").raw_value)

    @output_gain_db.setter
    def output_gain_db(self, gain_db: float) -> None:
        gain_db = _checked_gain("output_gain_db", gain_db)
        self._get_parameter("Output Gain").raw_value = to_normalised(gain_db)

    @property
    def output_mode(self) -> OutputMode:
        """``"raw"``, ``"normalized"`` or ``"calibrated"``."""
        return self._state.output_mode

    @output_mode.setter
    def output_mode(self, output_mode: OutputMode) -> None:
        core_settings(self.size, 0.0, 0.0, output_mode, 0.0, None)  # refuses other words
        self._change(output_mode=output_mode)

    @property
    def target_loudness_db(self) -> float:
        """Loudness that ``"normalized"`` aims at, in dB re full scale RMS, -60 to 0."""
        return self._state.target_loudness_db

    @target_loudness_db.setter
    def target_loudness_db(self, loudness_db: float) -> None:
        self._change(target_loudness_db=float(loudness_db))

    @property
    def interface_level_dbu(self) -> float | None:
        """Level in dBu, -60 to 60, that 0 dBFS stands for at the interface, or None."""
        return self._state.interface_level_dbu

    @interface_level_dbu.setter
    def interface_level_dbu(self, level_dbu: float | None) -> None:
        self._change(interface_level_dbu=None if level_dbu is None else float(level_dbu))

    @property
    def preset_data(self) -> bytes:
        """Model and settings as a `.vstpreset` file, which other VST3 hosts load too."""
        return _plugin.preset_data.__get__(self)

    @preset_data.setter
    def preset_data(self, arg1: bytes) -> None:
        class_id, component = vstpreset.read(arg1)
        if class_id != plugin_state.class_id:
            raise ValueError(f"this .vstpreset is of another plug-in, {class_id}")
        self._set_component(component)
        self._read_back()

    def load_preset(self, preset_file_path: str | os.PathLike[str]) -> None:
        """Take model and settings from a `.vstpreset` file."""
        with open(preset_file_path, "rb") as file:
            self.preset_data = file.read()

    @property
    def raw_state(self) -> bytes:
        """The state as pedalboard's host wraps it; prefer `preset_data`."""
        return _plugin.raw_state.__get__(self)

    @raw_state.setter
    def raw_state(self, arg1: bytes) -> None:
        _plugin.raw_state.__set__(self, arg1)
        self._read_back()

    def _become(self, model: Model, size: Size, **settings: Any) -> None:
        """Play another model with other settings, all of them at once: no step is refused."""
        self._set_state(_effect_state(model, size, **settings))
        self._size = size

    def _change(self, **fields: Any) -> None:
        gains = {"input_gain_db": self.input_gain_db, "output_gain_db": self.output_gain_db}
        self._set_state(replace(self._state, **gains, **fields))

    def _set_state(self, state: EffectState) -> None:
        self._set_component(plugin_state.write(state))
        assert state.model is not None
        self._state, self._model = state, state.model

    def _set_component(self, component: bytes) -> None:
        try:
            _plugin.preset_data.__set__(self, vstpreset.write(plugin_state.class_id, component))
        except RuntimeError:
            raise plugin_state.refusal(self._component()) from None

    def _component(self) -> bytes:
        return vstpreset.read(_plugin.preset_data.__get__(self))[1]

    def _read_back(self) -> None:
        state = plugin_state.read(self._component())
        if state.model is None:
            self._set_state(self._state)
            raise ModelError("this state has no model in it")
        self._state, self._model = state, state.model
        self._size = _size_names.get(state.size, state.size)

    def __reduce__(self) -> tuple[Any, ...]:
        return _make, (type(self), self._model, self._settings())

    def _settings(self) -> dict[str, Any]:
        return _settings(self._state) | {
            "size": self.size,
            "input_gain_db": self.input_gain_db,
            "output_gain_db": self.output_gain_db,
        }

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self._settings().items())
        return f"<pedalboard_nam.NeuralAmp {self._model.name!r} {settings}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{name}</th>"
            f"<td style='text-align:left'>{html.escape(repr(value))}</td></tr>"
            for name, value in self._settings().items()
        )
        return f"{self._model._repr_html_()}<table>{rows}</table>"

    # --- What pedalboard does otherwise; see the top of this file --------------------------------

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        return list(object.__dir__(self))

    def _get_parameters(self) -> dict[str, Any]:
        parameters: dict[str, Any] | None = self.__dict__.get("_parameters_by_name")
        if parameters is None:
            plugin = weakref.proxy(self)
            found = [_Parameter(plugin, parameter.name) for parameter in self._parameters]
            parameters = self._parameters_by_name = {p.python_name: p for p in found}
        return parameters


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


def bundle_path() -> str:
    """Where the VST3 is, for `pedalboard.VST3Plugin` and other hosts.

    Raises
    ------
    ImportError
        If it was not installed with the package.
    """
    folders: list[str] = list(sys.modules[__name__.rpartition(".")[0]].__path__)
    for folder in folders:  # an editable installation has two
        path = os.path.join(folder, "NeuralAmp.vst3")
        if os.path.isdir(path):
            return path
    raise ImportError(
        f"NeuralAmp.vst3 is not in {' or '.join(folders)}: install pedalboard-nam anew"
    )


def _make(cls: type[_Amp], model: Model, settings: dict[str, Any]) -> _Amp:
    return cls(model, **settings)


def _settings(state: EffectState) -> dict[str, Any]:
    return {
        "size": _size_names.get(state.size, state.size),
        "input_gain_db": state.input_gain_db,
        "output_gain_db": state.output_gain_db,
        "output_mode": state.output_mode,
        "target_loudness_db": state.target_loudness_db,
        "interface_level_dbu": state.interface_level_dbu,
    }


def _effect_state(
    model: Model,
    size: Size,
    input_gain_db: float,
    output_gain_db: float,
    output_mode: OutputMode,
    target_loudness_db: float,
    interface_level_dbu: float | None,
) -> EffectState:
    settings = core_settings(
        size,
        _checked_gain("input_gain_db", input_gain_db),
        _checked_gain("output_gain_db", output_gain_db),
        output_mode,
        target_loudness_db,
        interface_level_dbu,
    )
    return EffectState(
        model=model,
        size=settings.size,
        input_gain_db=settings.input_gain_db,
        output_gain_db=settings.output_gain_db,
        output_mode=output_mode,
        target_loudness_db=settings.target_loudness_db,
        interface_level_dbu=settings.interface_level_dbu,
    )


def _checked_gain(name: str, gain_db: float) -> float:
    """The gain, on the grid of the effect."""
    gain_db = float(gain_db)
    if not min_gain_db <= gain_db <= max_gain_db:  # NaN is not
        raise ValueError(f"{name} is {gain_db}; accepted are {min_gain_db} to {max_gain_db}")
    return to_gain_db(to_normalised(gain_db))
