# SPDX-License-Identifier: MIT
"""`NeuralAmp`: the engine as an effect of pedalboard's, made of the VST3 in this package."""

from __future__ import annotations

import html
import os
import sys
from dataclasses import replace
from typing import Any, TypeVar

import pedalboard
from pedalboard import VST3Plugin

from . import _core, plugin_state, vstpreset
from .errors import ModelError, located
from .model import Model, Size, size_value
from .nam_file import Source
from .pedalboard_host import HostedEffect
from .plugin_state import EffectState, checked_gain_db
from .settings import OutputMode, core_settings, number

_Amp = TypeVar("_Amp", bound="NeuralAmp")


class NeuralAmp(HostedEffect):
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

    _state: EffectState  # but for the gains, which are in the plug-in's parameters

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
        # What can be refused without the plug-in is, before it is made.
        state = _effect_state(
            model_of(model),
            size,
            input_gain_db,
            output_gain_db,
            output_mode,
            target_loudness_db,
            interface_level_dbu,
        )
        super().__init__(bundle_path(), plugin_state.class_id)
        self._set_state(state)

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
        return cls(state.model, **state.settings())

    @property
    def model(self) -> Model:
        """The amp. Can be set to all that the constructor takes."""
        return self._state.model

    @model.setter
    def model(self, model: Model | Source) -> None:
        self._change(model=model_of(model))

    @property
    def size(self) -> Size:
        """Which network of the model plays, ``"full"``, ``"lite"``, or a number from 0 to 1."""
        return self._state.size

    @size.setter
    def size(self, size: Size) -> None:
        size_value(size)  # refuses what is none
        self._change(size=size)

    @property
    def input_gain_db(self) -> float:
        """Gain before the amp in dB, -50 to 50; a change is reached in a ramp of 5 ms."""
        return _core.gain_db_of_normalised(self._get_parameter("Input Gain").raw_value)

    @input_gain_db.setter
    def input_gain_db(self, gain_db: float) -> None:
        self._set_gain("Input Gain", checked_gain_db("input_gain_db", gain_db))

    @property
    def output_gain_db(self) -> float:
        """Gain after the amp in dB, -50 to 50; a change is reached in a ramp of 5 ms."""
        return _core.gain_db_of_normalised(self._get_parameter("Output Gain").raw_value)

    @output_gain_db.setter
    def output_gain_db(self, gain_db: float) -> None:
        self._set_gain("Output Gain", checked_gain_db("output_gain_db", gain_db))

    @property
    def output_mode(self) -> OutputMode:
        """``"raw"``, ``"normalized"`` or ``"calibrated"``."""
        return self._state.output_mode

    @output_mode.setter
    def output_mode(self, output_mode: OutputMode) -> None:
        self._change(output_mode=output_mode)

    @property
    def target_loudness_db(self) -> float:
        """Loudness that ``"normalized"`` aims at, in dB re full scale RMS, -60 to 0."""
        return self._state.target_loudness_db

    @target_loudness_db.setter
    def target_loudness_db(self, loudness_db: float) -> None:
        self._change(target_loudness_db=number("target_loudness_db", loudness_db))

    @property
    def interface_level_dbu(self) -> float | None:
        """Level in dBu, -60 to 60, that 0 dBFS stands for at the interface, or None."""
        return self._state.interface_level_dbu

    @interface_level_dbu.setter
    def interface_level_dbu(self, level_dbu: float | None) -> None:
        if level_dbu is not None:
            level_dbu = number("interface_level_dbu", level_dbu)
        self._change(interface_level_dbu=level_dbu)

    @property
    def preset_data(self) -> bytes:
        """Model and settings as a `.vstpreset` file, which other VST3 hosts load too.

        A state that cannot be used raises `ModelError`, or `ValueError` for a setting in it, and
        changes nothing.
        """
        return vstpreset.write(plugin_state.class_id, self._get_component())

    @preset_data.setter
    def preset_data(self, arg1: bytes) -> None:
        class_id, component = vstpreset.read(arg1)
        if class_id != plugin_state.class_id:
            raise ValueError(f"this .vstpreset is of another plug-in, {class_id}")
        plugin_state.check_model(component)
        with self._lock:
            self._set_component(component)
            self._read_back()

    def load_preset(self, preset_file_path: str | os.PathLike[str]) -> None:
        """Take model and settings from a `.vstpreset` file."""
        path = os.fspath(preset_file_path)
        with open(path, "rb") as file:
            preset = file.read()
        try:
            self.preset_data = preset
        except ValueError as error:
            raise located(path, error) from None

    @property
    def raw_state(self) -> bytes:
        """The state as pedalboard's host wraps it; prefer `preset_data`, which is faster."""
        return self._get_raw_state()

    @raw_state.setter
    def raw_state(self, arg1: bytes) -> None:
        with self._lock:
            before = self._get_component()
            self._set_raw_state(arg1)  # without a word, whatever comes of it
            after = self._get_component()
            problem = plugin_state.refusal(after)
            if after == before and self._get_raw_state() != arg1:
                problem = ModelError("raw_state: this is not one of NeuralAmp")
            try:
                if problem:
                    raise problem
                plugin_state.check_model(after)
            except ValueError:
                self._set_component(before)
                raise
            self._read_back()

    def _become(self, model: Model, size: Size, **settings: Any) -> None:
        """Play another model with other settings, all of them at once: no step is refused."""
        self._set_state(_effect_state(model, size, **settings))

    def _set_together(self, **properties: Any) -> None:
        """Change some properties at once: only what they make together has to be accepted."""
        if "model" in properties:
            properties["model"] = model_of(properties["model"])
        with self._lock:
            state = self._current_state()
            model = properties.pop("model", state.model)
            self._become(model, **(state.settings() | properties))

    def _change(self, **fields: Any) -> None:
        with self._lock:
            self._set_state(replace(self._current_state(), **fields))

    def _current_state(self) -> EffectState:
        with self._lock:
            gains = {"input_gain_db": self.input_gain_db, "output_gain_db": self.output_gain_db}
            return replace(self._state, **gains)

    def _set_state(self, state: EffectState) -> None:
        with self._lock:
            self._set_component(plugin_state.write(state))
            self._state = state
            self._show_gains()

    def _set_component(self, component: bytes) -> None:
        try:
            super()._set_component(component)
        except RuntimeError as error:
            raise plugin_state.refusal(self._get_component()) or error from None

    def _read_back(self) -> None:
        self._state = plugin_state.read(self._get_component())
        self._show_gains()

    def _show_gains(self) -> None:
        """In the parameters, which pedalboard does not update on other threads than its own."""
        self._set_gain("Input Gain", self._state.input_gain_db)
        self._set_gain("Output Gain", self._state.output_gain_db)

    def _set_gain(self, parameter: str, gain_db: float) -> None:
        with self._lock:
            self._get_parameter(parameter).raw_value = _core.normalised_of_gain_db(gain_db)

    def __reduce__(self) -> tuple[Any, ...]:
        state = self._current_state()
        attributes = {k: v for k, v in vars(self).items() if k not in _own_attributes}
        return _make, (type(self), state.model, state.settings()), attributes

    def __repr__(self) -> str:
        settings = ", ".join(
            f"{name}={value!r}" for name, value in self._current_state().settings().items()
        )
        return f"<pedalboard_nam.NeuralAmp {self.model.name!r} {settings}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{name}</th>"
            f"<td style='text-align:left'>{html.escape(repr(value))}</td></tr>"
            for name, value in self._current_state().settings().items()
        )
        return f"{self.model._repr_html_()}<table>{rows}</table>"


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


# What a copy makes anew; all else that is found in an instance is its user's.
_own_attributes = {"_state", "_lock", "_class_id", "_parameters_by_name"}


def _make(cls: type[_Amp], model: Model, settings: dict[str, Any]) -> _Amp:
    amp = cls.__new__(cls)
    NeuralAmp.__init__(amp, model, **settings)  # a subclass's own takes who knows what
    return amp


def model_of(source: Model | Source) -> Model:
    """What the constructor takes, as a model."""
    return source if isinstance(source, Model) else Model.load(source)


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
        checked_gain_db("input_gain_db", input_gain_db),
        checked_gain_db("output_gain_db", output_gain_db),
        output_mode,
        target_loudness_db,
        interface_level_dbu,
    ).to_dict()
    settings["size"] = size  # "lite" stays a word
    return EffectState(model, **settings)
