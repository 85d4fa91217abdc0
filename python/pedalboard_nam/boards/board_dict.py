# SPDX-License-Identifier: MIT
"""A board as a dict that JSON and TOML can hold, and back.

::

    {
        "version": 1,
        "effects": [
            {"effect": "NoiseGate", "threshold_db": -60.0},
            {"effect": "NeuralAmp", "model": "plexi.nam", "input_gain_db": 3.0},
            {"effect": "Mix", "effects": [{"effect": "Gain"}, {"effect": "Reverb"}]},
        ],
    }

The fields of an effect are the arguments of its class; those left out have its defaults.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable
from typing import Any

from pedalboard import (
    Chain,
    Convolution,
    Mix,
    Pedalboard,  # pyright: ignore[reportPrivateImportUsage]
    Plugin,
    PluginContainer,
    VST3Plugin,
)

from ..audio.reader import StrPath
from ..effect import effect_state, vstpreset
from ..effect.effect_properties import (
    built_in,
    built_in_names,
    like,
    plain,
    properties,
    refuse_rest,
)
from ..effect.neural_amp import NeuralAmp
from ..errors import located, placed
from ..settings import declared
from ..wording.quoted import is_list, is_object, quoted
from .board_assets import Assets, decode, encode
from .board_effects import Board, effects_of

_version = 1
_deepest = 32  # containers in containers
_containers: dict[str, Callable[[list[Plugin]], Plugin]] = {"Chain": Chain, "Mix": Mix}


def board_to_dict(
    board: Board,
    *,
    embed: bool = False,
    base_dir: StrPath | None = None,
    vst3_paths: Iterable[StrPath] = (),
) -> dict[str, Any]:
    """Describe a board so that `board_from_dict` makes one that sounds the same.

    Parameters
    ----------
    board
        A `Pedalboard`, a list of effects, or a single one: pedalboard's own, `NeuralAmp` and other
        VST3 effects.
    embed
        Whether to hold models and impulse responses themselves, and not the paths of their files
        with a hash of the content. What came from no file is held in any case. The file of an
        impulse response is read as it is now: pedalboard does not keep what it loaded.
    base_dir
        Folder that paths are relative to, where they lead into it. If None, they are absolute.
    vst3_paths
        Where other VST3 effects were loaded from. pedalboard does not tell; those in the usual
        folders are found without.

    Returns
    -------
    dict
        Strings, numbers, lists and dicts only: what `json.dumps` takes.

    Raises
    ------
    TypeError
        If the board is none.
    ValueError
        If an effect cannot be saved, or the file of a model has changed since.
    OSError
        If the file of a model or an impulse response cannot be read.
    """
    assets = Assets(base_dir, embed=embed, vst3_paths=vst3_paths)
    effects = effects_of(board, "the board")
    return {"version": _version, "effects": _to_dicts(effects, assets, "effects")}


def board_from_dict(board: dict[str, Any], *, base_dir: StrPath | None = None) -> Pedalboard:
    """Make a board of what `board_to_dict` gave, or of what was written by hand.

    Parameters
    ----------
    board
        The description.
    base_dir
        Folder that relative paths start in. If None, the current one.

    Raises
    ------
    ValueError
        If something in it is unknown, missing or not accepted, or the content of a file is not what
        was saved. The message says where.
    ModelError
        If a file is not a usable model.
    OSError
        If a file cannot be read.
    RuntimeError
        If there is a VST3 effect in it, and this is not the thread where they can be made.
    """
    if not is_object(board) or board.get("version") != _version:
        found = quoted(board.get("version")) if is_object(board) else quoted(board)
        raise ValueError(f"board: version is {found}; accepted is {_version}")
    if unknown := sorted(board.keys() - {"version", "effects"}):
        raise ValueError(f"board: {unknown[0]} is unknown; accepted are version and effects")
    return Pedalboard(effects_from_dicts(board.get("effects"), base_dir))


def effects_from_dicts(
    effects: object, base_dir: StrPath | None, where: str = "effects"
) -> list[Plugin]:
    """Make the effects of a list in a board; `where` is its name for messages."""
    return _from_dicts(effects, Assets(base_dir), where)


def _to_dicts(effects: Iterable[Plugin], assets: Assets, where: str) -> list[dict[str, Any]]:
    return [_to_dict(effect, assets, f"{where}[{i}]") for i, effect in enumerate(effects)]


def _to_dict(effect: Plugin, assets: Assets, where: str) -> dict[str, Any]:
    name = type(effect).__name__
    if isinstance(effect, PluginContainer):
        # A board in a board comes out of it as a Chain.
        name = "Mix" if isinstance(effect, Mix) else "Chain"
        return {"effect": name, "effects": _to_dicts(effect, assets, f"{where}.effects")}
    try:
        if isinstance(effect, VST3Plugin):
            return _vst3_to_dict(effect, assets)
        fields = {"effect": name}
        if isinstance(effect, Convolution):
            fields |= assets.impulse_response_fields(effect)
        elif built_in(name) is not type(effect):
            raise ValueError("cannot be saved")
        return fields | {p: plain(p, getattr(effect, p)) for p in properties(type(effect))}
    except ValueError as error:
        raise located(f"{where} ({name})", error) from None


def _vst3_to_dict(effect: VST3Plugin, assets: Assets) -> dict[str, Any]:
    preset = effect.preset_data
    class_id, component = vstpreset.read(preset)
    if class_id == effect_state.class_id:
        if not effect_state.has_model(component):
            raise ValueError("this plug-in has no model; make a NeuralAmp(model) instead")
        state = effect_state.read(component)
        settings = {k: v for k, v in state.settings.by_name().items() if v is not None}
        return {"effect": "NeuralAmp"} | assets.model_fields(state.model) | settings
    path = assets.vst3_path(effect)
    return {"effect": "VST3Plugin", "path": path, "name": effect.name, "preset": encode(preset)}


def _from_dicts(effects: object, assets: Assets, where: str, depth: int = 0) -> list[Plugin]:
    if depth > _deepest:
        raise ValueError(f"{where.partition('[')[0]}: more than {_deepest} lie in each other")
    if not is_list(effects):
        raise ValueError(f"{where} is {quoted(effects)}; a list of effects is expected")
    return [_from_dict(effect, assets, f"{where}[{i}]", depth) for i, effect in enumerate(effects)]


def _from_dict(description: object, assets: Assets, where: str, depth: int) -> Plugin:
    if not is_object(description):
        raise ValueError(f"{where} is {quoted(description)}; an effect is expected")
    fields = dict(description)
    name = fields.pop("effect", None)
    if not isinstance(name, str):
        raise ValueError(f"{where}: effect is {quoted(name)}; a name is expected")
    inside: list[Plugin] = []
    if name in _containers:
        inside = _from_dicts(fields.pop("effects", None), assets, f"{where}.effects", depth + 1)
    place = f"{where} ({name})"
    try:
        with placed(place):
            return _effect(name, fields, inside, assets)
    except ValueError as error:
        raise located(place, error) from None


def _effect(name: str, fields: dict[str, Any], inside: list[Plugin], assets: Assets) -> Plugin:
    if name in _containers:
        refuse_rest(fields, ["effects"])
        return _containers[name](inside)
    if name == "NeuralAmp":
        model = assets.load_model(fields)
        refuse_rest(fields, list(declared))
        return NeuralAmp(model, **fields)
    if name == "VST3Plugin":
        return _vst3(fields, assets)
    cls = built_in(name)
    if cls is None:
        accepted = sorted([*built_in_names(), *_containers, "NeuralAmp", "VST3Plugin"])
        raise ValueError(f"there is no such effect; accepted are {', '.join(accepted)}")
    make: Callable[..., Plugin] = cls
    made_of = assets.load_impulse_response(fields) if cls is Convolution else {}
    refuse_rest(fields, properties(cls))
    effect = make(**made_of)
    for field, value in fields.items():
        setattr(effect, field, like(field, value, getattr(effect, field)))
    return effect


def _vst3(fields: dict[str, Any], assets: Assets) -> VST3Plugin:
    path = assets.find("path", fields.pop("path", None))
    name, preset = fields.pop("name", None), fields.pop("preset", None)
    refuse_rest(fields, ["path", "name", "preset"])
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    if name is not None and not isinstance(name, str):
        raise ValueError(f"name is {quoted(name)}; text is expected")
    content = None if preset is None else decode("preset", preset)
    try:
        effect = VST3Plugin(str(path), plugin_name=name)
    except ImportError as error:
        raise ValueError(str(error)) from None
    if effect.is_instrument:
        raise ValueError("this is an instrument; an effect is expected")
    if content is not None:
        try:
            effect.preset_data = content
        except RuntimeError as error:
            raise ValueError(f"preset: {error}") from None
    return effect
