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

from .._core import gain_db_of_normalised, gain_db_on_grid, normalised_of_gain_db
from ..errors import ModelError, located
from ..nam.model import Model
from ..nam.nam_file import Source
from ..nam.unstated import unstated_explained
from ..settings import OutputMode, Settings, Size, declared, with_properties
from ..wording.printable import bounded
from . import effect_state, vstpreset
from .effect_state import EffectState
from .pedalboard_host import HostedEffect

_Amp = TypeVar("_Amp", bound="NeuralAmp")


@with_properties
class NeuralAmp(HostedEffect):
    """A Neural Amp Modeler amp as a pedalboard effect.

    It goes where any effect of pedalboard's goes: alone, in a `Pedalboard`, in a `Chain` or `Mix`.
    Every argument is also a property; a change is heard from the next block on, without a click,
    and what follows is, to the bit, what an effect made with the new value would play. At the
    model's own sample rate there is no latency; at others pedalboard compensates it.

    Parameters
    ----------
    model
        A `Model`, or anything that `Model.load` takes: a path, bytes, a binary file, parsed JSON.
    size
        Which of the model's sizes plays: ``"full"``, the last; ``"lite"``, the first; or a number
        from 0 to 1: the first whose breakpoint is above it, else the last.
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

    size: Size
    input_gain_db: float
    output_gain_db: float
    output_mode: OutputMode
    target_loudness_db: float
    interface_level_dbu: float | None

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
        settings = effect_state.on_grid(Settings.among(locals()))
        state = EffectState(model_of(model), settings)
        super().__init__(bundle_path(), effect_state.class_id)
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
        if class_id != effect_state.class_id:
            raise TypeError(f"{plugin!r} is not a NeuralAmp")
        state = effect_state.read(component)
        return cls(state.model, **state.settings.by_name())

    @property
    def model(self) -> Model:
        """The amp. Can be set to all that the constructor takes."""
        return self._state.model

    @model.setter
    def model(self, model: Model | Source) -> None:
        self._set_together(model=model)

    @property
    def preset_data(self) -> bytes:
        """Model and settings as a `.vstpreset` file, which other VST3 hosts load too.

        What cannot be used changes nothing and raises `ValueError`; a `ModelError`, which is one,
        for the state and the model in it.
        """
        return vstpreset.write(effect_state.class_id, self._get_component())

    @preset_data.setter
    def preset_data(self, arg1: bytes) -> None:
        class_id, component = vstpreset.read(arg1)
        if class_id != effect_state.class_id:
            raise ValueError(f"this .vstpreset is of another plug-in, {class_id}")
        component = effect_state.checked(component)
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
            problem = effect_state.refusal(after)
            if after == before and self._get_raw_state() != arg1:
                problem = ModelError("raw_state: this is not one of NeuralAmp")
            try:
                if problem:
                    raise problem
                current = effect_state.checked(after)
                if current != after:
                    self._set_component(current)
            except ValueError:
                self._set_component(before)
                raise
            self._read_back()

    def _become(self, model: Model, settings: Settings) -> None:
        """Play another model with other settings, all of them at once: no step is refused."""
        self._set_state(EffectState(model, effect_state.on_grid(settings)))

    def _set_together(self, **properties: Any) -> None:
        """Change some properties at once: only what they make together has to be accepted."""
        if "model" in properties:
            properties["model"] = model_of(properties["model"])
        with self._lock:
            state = self._current_state()
            model = properties.pop("model", state.model)
            self._become(model, replace(state.settings, **properties))

    def _current_state(self) -> EffectState:
        with self._lock:
            gains = {name: getattr(self, name) for name in _parameter_of}
            return EffectState(self._state.model, replace(self._state.settings, **gains))

    def _setting(self, name: str) -> Any:
        if name in _parameter_of:
            return gain_db_of_normalised(self._get_parameter(_parameter_of[name]).raw_value)
        return getattr(self._state.settings, name)

    def _set_setting(self, name: str, value: object) -> None:
        if name in _parameter_of:
            self._set_gain(name, declared[name].kind.checked(name, value))
        else:
            self._set_together(**{name: value})

    def _set_state(self, state: EffectState) -> None:
        with self._lock:
            with unstated_explained(state.model):
                self._set_component(effect_state.write(state))
            self._state = state
            self._show_gains()

    def _set_component(self, component: bytes) -> None:
        try:
            super()._set_component(component)
        except RuntimeError as error:
            raise effect_state.refusal(self._get_component()) or error from None

    def _read_back(self) -> None:
        self._state = effect_state.read(self._get_component())
        self._show_gains()

    def _show_gains(self) -> None:
        """In the parameters, which pedalboard does not update on other threads than its own."""
        for name in _parameter_of:
            self._set_gain(name, getattr(self._state.settings, name))

    def _set_gain(self, name: str, gain_db: float) -> None:
        with self._lock:
            self._get_parameter(_parameter_of[name]).raw_value = normalised_of_gain_db(
                gain_db_on_grid(gain_db)
            )

    def __reduce__(self) -> tuple[Any, ...]:
        state = self._current_state()
        attributes = {k: v for k, v in vars(self).items() if k not in _own_attributes}
        return _make, (type(self), state.model, state.settings.by_name()), attributes

    def __repr__(self) -> str:
        settings = ", ".join(
            f"{name}={value!r}" for name, value in self._current_state().settings.by_name().items()
        )
        return f"<pedalboard_nam.NeuralAmp {bounded(self.model.name)!r} {settings}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{name}</th>"
            f"<td style='text-align:left'>{html.escape(repr(value))}</td></tr>"
            for name, value in self._current_state().settings.by_name().items()
        )
        return f"{self.model._repr_html_()}<table>{rows}</table>"


def bundle_path() -> str:
    """Where the VST3 is, for `pedalboard.VST3Plugin` and other hosts.

    Raises
    ------
    ImportError
        If it was not installed with the package.
    """
    folders: list[str] = list(sys.modules[__name__.partition(".")[0]].__path__)
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


_parameter_of = {"input_gain_db": "Input Gain", "output_gain_db": "Output Gain"}
