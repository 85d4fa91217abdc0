# SPDX-License-Identifier: MIT
"""A setting is declared once, and then it is everywhere: each test goes through all of them."""

from __future__ import annotations

import copy
import inspect
import json
import math
import pickle
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import nam_factory
import pytest
from audio_files import noise, write_audio
from pedalboard import Pedalboard
from reamp_command import Reamp
from setting_values import another, other_settings

from pedalboard_nam import (
    Model,
    NeuralAmp,
    ReampDataset,
    Stream,
    board_from_dict,
    board_to_dict,
    reamp_files,
    render,
)
from pedalboard_nam._core import Settings as CoreSettings
from pedalboard_nam._core import Stream as CoreStream
from pedalboard_nam._core import write_effect_state
from pedalboard_nam.batch.plan import Naming
from pedalboard_nam.batch.resume import recipe
from pedalboard_nam.nam.model import core_model
from pedalboard_nam.settings import Number, Settings, declared, in_words

METADATA = {"loudness": -25.0, "input_level_dbu": 14.5, "output_level_dbu": 9.0}
DOORS = [Stream, NeuralAmp, render]

every_setting = pytest.mark.parametrize("name", list(declared))


@pytest.fixture(scope="module")
def nam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("amp") / "amp.nam"
    path.write_text(json.dumps(nam_factory.container(metadata=METADATA)))
    return path


@pytest.mark.parametrize("door", DOORS)
@every_setting
def test_a_door_has_it_with_its_default_and_its_type(door: Any, name: str) -> None:
    parameter = inspect.signature(door).parameters[name]
    assert parameter.kind is parameter.KEYWORD_ONLY
    assert parameter.default == declared[name].default
    hints = get_type_hints(door.__init__ if inspect.isclass(door) else door)
    assert hints[name] == get_type_hints(Settings)[name]
    assert name in inspect.getdoc(door)


@pytest.mark.parametrize("door", [Stream, NeuralAmp])
@every_setting
def test_it_is_an_attribute_that_editors_know(door: Any, name: str, nam: Path) -> None:
    assert get_type_hints(door)[name] == get_type_hints(Settings)[name]
    assert declared[name].help in inspect.getdoc(getattr(door, name))
    made = door(Model.load(nam), **{name: another(name)})
    assert getattr(made, name) == another(name)


@every_setting
def test_the_engine_takes_it_and_gives_it_back(name: str) -> None:
    default, other = Settings().core(), Settings(**{name: another(name)}).core()
    assert _value_in(other, name) != _value_in(default, name)


def _value_in(core: Any, name: str) -> Any:
    return core.to_dict()[name]


def test_the_engine_has_the_same_defaults() -> None:
    state = write_effect_state(Settings().core().to_dict(), b"")
    settings_in_it = int.from_bytes(state[40:44], "little")  # those that are not at their default
    assert settings_in_it == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name, one in declared.items()
        if isinstance(one.kind, Number)
        for value in (one.kind.low - 0.1, one.kind.high + 0.1, math.nan)
    ],
)
def test_the_engine_has_the_same_range(name: str, value: float, nam: Path) -> None:
    core = CoreSettings(Settings().core().to_dict() | {name: value})
    with pytest.raises(ValueError, match=f"{name} is"):
        CoreStream(core_model(Model.load(nam)), 48_000.0, 1, core)


def _through_a_preset(amp: NeuralAmp) -> NeuralAmp:
    other = NeuralAmp(nam_factory.lite(metadata=METADATA))
    other.preset_data = amp.preset_data
    return other


def _through_a_board(amp: NeuralAmp) -> NeuralAmp:
    described = json.loads(json.dumps(board_to_dict([amp], embed=True)))
    return NeuralAmp.from_plugin(board_from_dict(described)[0])


def _through_a_board_that_alone_has_it(amp: NeuralAmp) -> NeuralAmp:
    return NeuralAmp.from_plugin(Pedalboard([copy.copy(amp)])[0])


@pytest.mark.parametrize(
    "through",
    [
        copy.copy,
        lambda amp: pickle.loads(pickle.dumps(amp)),
        _through_a_preset,
        _through_a_board,
        _through_a_board_that_alone_has_it,
    ],
)
@every_setting
def test_it_survives(through: Callable[[NeuralAmp], NeuralAmp], name: str, nam: Path) -> None:
    amp = NeuralAmp(nam, **{name: another(name)})
    for other in (through(amp), through(through(amp))):
        assert {each: getattr(other, each) for each in declared} == {
            each: another(name) if each == name else declared[each].default for each in declared
        }


@pytest.mark.parametrize("command", ["render", "preset", "sweep", "batch"])
@every_setting
def test_a_command_has_an_option_for_it(reamp_here: Reamp, command: str, name: str) -> None:
    assert f"--{name.replace('_', '-')} " in reamp_here(command, "--help").stdout


def test_options_set_what_they_are_called(reamp_here: Reamp, nam: Path, tmp_path: Path) -> None:
    given = other_settings()
    options: list[str] = []
    for name, value in given.items():
        option = f"--{name.replace('_', '-')}"
        options += [option] if isinstance(value, bool) else [option, str(value)]
    done = reamp_here("preset", "-m", nam, "-o", tmp_path / "amp.vstpreset", *options)
    assert done.returncode == 0, done.stderr
    amp = NeuralAmp(nam)
    amp.load_preset(tmp_path / "amp.vstpreset")
    assert {name: getattr(amp, name) for name in declared} == given


@every_setting
def test_a_batch_plays_records_and_names_it(name: str, nam: Path, tmp_path: Path) -> None:
    write_audio(tmp_path / "di.wav", noise(1, 480), 48_000)
    value = another(name)
    table = tmp_path / "pairs.csv"
    table.write_text(f"input,model,{name}\ndi.wav,{nam},{value}\n")
    done = reamp_files(
        None, None, tmp_path / "out", pairs=table, template=f"{{{name}}}-{{draw}}.wav"
    )
    (record,) = done.records
    assert record.settings == {each: one.default for each, one in declared.items()} | {name: value}
    assert record.output == Naming(f"{{{name}}}-0.wav").template.format(**{name: value})


@every_setting
def test_a_batch_makes_anew_what_had_another_value(name: str) -> None:
    defaults = Settings().by_name()
    without = {each: value for each, value in defaults.items() if each != name}
    assert recipe("model", defaults, None, 24) == recipe("model", without, None, 24)
    other = defaults | {name: another(name)}
    assert recipe("model", other, None, 24) != recipe("model", defaults, None, 24)


@every_setting
def test_a_data_set_draws_it(name: str, nam: Path, tmp_path: Path) -> None:
    write_audio(tmp_path / "di.wav", noise(1, 480), 48_000)
    pairs = ReampDataset(tmp_path / "di.wav", nam, window_frames=480, **{name: [another(name)]})
    assert pairs.draw(0).settings == {name: another(name)}


@every_setting
def test_it_is_said_in_words(name: str) -> None:
    said = in_words({name: another(name)})
    assert said != in_words({})
    assert len(said) == (1 if name == "size" else 2)


def test_the_page_about_settings_lists_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sphinx")
    docs = Path(__file__).parents[1] / "docs"
    monkeypatch.syspath_prepend(docs)
    monkeypatch.delitem(sys.modules, "conf", raising=False)
    import conf

    rows = "\n".join(conf.settings_rows())
    assert re.findall(r"^\| `(\w+)`", rows, re.M) == list(declared)
    assert "```{settings-table}" in (docs / "settings.md").read_text("utf-8")
