# SPDX-License-Identifier: MIT
"""A board goes into JSON and comes back as it was."""

from __future__ import annotations

import base64
import contextlib
import inspect
import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nam_factory
import numpy as np
import pedalboard
import pytest
from audio_files import write_audio
from hypothesis import given
from hypothesis import strategies as st
from pedalboard import (
    Chain,
    Convolution,
    ExternalPlugin,
    Gain,
    IIRFilter,
    Mix,
    Pedalboard,
    Plugin,
    PluginContainer,
    Reverb,
    VST3Plugin,
)
from pedalboard.io import AudioFile
from pedalboard_native._internal import AddLatency
from playing import noise, random_model

from pedalboard_nam import Model, ModelError, NeuralAmp, board_from_dict, board_to_dict
from pedalboard_nam.effect.neural_amp import bundle_path

_audio = noise(2, 20_000)
_model = random_model("lite")


def _built_ins() -> dict[str, type[Plugin]]:
    """Every effect that pedalboard has, by asking it."""
    return {
        name: cls
        for name, cls in vars(pedalboard).items()
        if isinstance(cls, type)
        and issubclass(cls, Plugin)
        and not issubclass(cls, (ExternalPlugin, PluginContainer))
        and cls not in (Plugin, IIRFilter, Convolution)
    }


# Where half as much again, or another choice, is not accepted.
_values = {
    "vbr_quality": 5.5,
    "freeze_mode": 0.25,
    "ratio": 4.0,
    "quality": pedalboard.Resample.Quality.Linear,
    "mode": pedalboard.LadderFilter.Mode.HPF24,
    "drive": 2.5,
    "true_peak": True,
    "threshold_db": -12.3,
    "gain_db": 3.3,
    "semitones": 2.1,
    "resonance": 0.3,
    "feedback": 0.3,
    "width": 0.7,
}


def _unusual(cls: type[Plugin]) -> Plugin:
    effect = cls()
    for name, member in inspect.getmembers(cls):
        if isinstance(member, property) and member.fset is not None:
            default = getattr(effect, name)
            setattr(effect, name, _values[name] if name in _values else 0.9 * default)
            assert getattr(effect, name) != default
    return effect


def _through_json(board: Plugin, **options: Any) -> Pedalboard:
    """The same board by way of JSON, and the same dict of it again."""
    saved = board_to_dict(board, **options)
    loaded = board_from_dict(json.loads(json.dumps(saved, allow_nan=False)))
    assert board_to_dict(loaded, **options) == saved
    return loaded


def _assert_same_sound(found: Plugin, expected: Plugin) -> None:
    np.testing.assert_array_equal(found(_audio, 44_100), expected(_audio, 44_100))


@pytest.fixture
def amp_path(amp_path: Path, tmp_path: Path) -> Path:
    """In the test's folder, where it may change."""
    return Path(shutil.copy(amp_path, tmp_path))


@pytest.fixture
def cab_path(tmp_path: Path) -> Path:
    return write_audio(tmp_path / "cab.wav", noise(2, 900), 48_000)


@pytest.mark.parametrize("cls", _built_ins().values(), ids=_built_ins())
def test_every_effect_of_pedalboard_comes_back_with_all_its_properties(cls: type[Plugin]) -> None:
    board = Pedalboard([_unusual(cls)])
    _assert_same_sound(_through_json(board), board)
    _assert_same_sound(_through_json(cls()), cls())


def test_numbers_are_as_short_as_they_were_written() -> None:
    assert board_to_dict(Pedalboard([Gain(0.1)]))["effects"] == [{"effect": "Gain", "gain_db": 0.1}]


def test_containers_nest() -> None:
    board = Pedalboard([Gain(1), Mix([Chain([Gain(2), Reverb()]), Gain(3)]), Pedalboard([Gain(4)])])
    _assert_same_sound(_through_json(board), board)


def test_a_single_effect_is_a_board_of_one() -> None:
    assert board_to_dict(Gain(2)) == board_to_dict(Pedalboard([Gain(2)]))
    assert board_to_dict([Gain(2)]) == board_to_dict(Pedalboard([Gain(2)]))


_settings = {
    "size": "lite",
    "input_gain_db": 3.1,
    "output_gain_db": -6.2,
    "output_mode": "normalized",
    "target_loudness_db": -20.0,
}


@pytest.mark.parametrize("embed", [False, True])
def test_an_amp_that_only_the_board_has_kept_comes_back(amp_path: Path, embed: bool) -> None:
    board = Pedalboard([NeuralAmp(amp_path, **_settings)])
    (effect,) = board_to_dict(board, embed=embed)["effects"]
    assert ("model" in effect, "model_data" in effect) == (not embed, embed)
    assert effect.items() >= _settings.items()
    loaded = _through_json(board, embed=embed)
    _assert_same_sound(loaded, board)
    assert NeuralAmp.from_plugin(loaded[0]).model == Model.load(amp_path)


def test_an_amp_with_changed_properties_is_saved_as_it_is_now(amp_path: Path) -> None:
    amp = NeuralAmp(amp_path)
    amp.output_gain_db, amp.interface_level_dbu = -3.0, None
    board = Pedalboard([amp])
    _assert_same_sound(_through_json(board), board)


def test_a_model_of_no_file_is_embedded() -> None:
    nameless = Model.load(nam_factory.lite(seed=987))
    assert nameless.path is None
    _assert_same_sound(_through_json(NeuralAmp(nameless)), NeuralAmp(nameless))


def test_a_model_knows_the_file_of_its_content(amp_path: Path) -> None:
    model = Model.load(amp_path)
    assert model.path == amp_path
    assert Model.from_bytes(model.to_bytes()).path == amp_path


def test_of_copies_of_a_model_the_one_in_the_folder_is_named(
    amp_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "backup").mkdir()
    for folder in ("project", "backup"):
        shutil.copy(amp_path, tmp_path / folder / "amp.nam")
    board = Pedalboard([NeuralAmp(tmp_path / "project" / "amp.nam")])
    Model.load(tmp_path / "backup" / "amp.nam")
    saved = board_to_dict(board, base_dir=tmp_path / "project")
    assert saved["effects"][0]["model"] == "amp.nam"


def test_a_model_whose_file_has_gone_is_embedded(tmp_path: Path) -> None:
    path = tmp_path / "gone.nam"
    path.write_text(json.dumps(nam_factory.lite(seed=988)))
    amp = NeuralAmp(path)
    path.unlink()
    _assert_same_sound(_through_json(amp), amp)


@pytest.mark.parametrize("embed", [False, True])
def test_an_impulse_response_comes_back(cab_path: Path, embed: bool) -> None:
    board = Pedalboard([Convolution(str(cab_path), mix=0.7)])
    _assert_same_sound(_through_json(board, embed=embed), board)


def test_an_impulse_response_from_an_array_is_embedded() -> None:
    board = Pedalboard([Convolution(noise(2, 700), mix=0.7, sample_rate=22_050)])
    _assert_same_sound(_through_json(board), board)


def test_paths_into_the_base_dir_are_relative_to_it(
    amp_path: Path, cab_path: Path, tmp_path: Path
) -> None:
    board = Pedalboard([NeuralAmp(amp_path), Convolution(str(cab_path))])
    saved = board_to_dict(board, base_dir=tmp_path)
    assert (saved["effects"][0]["model"], saved["effects"][1]["impulse_response"]) == (
        "amp.nam",
        "cab.wav",
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(amp_path, elsewhere)
    shutil.move(cab_path, elsewhere)
    _assert_same_sound(board_from_dict(saved, base_dir=elsewhere), board)


def test_another_vst3_comes_back_with_its_preset(other_vst3: Path) -> None:
    effect = VST3Plugin(str(other_vst3), parameter_values={"input_gain_db": 7.3})
    saved = board_to_dict(effect, vst3_paths=[other_vst3])
    assert saved["effects"][0]["path"] == str(other_vst3)
    loaded = _through_json(effect, vst3_paths=[other_vst3])
    assert loaded[0].input_gain_db == pytest.approx(7.3)
    _assert_same_sound(loaded, effect)


def test_a_vst3_in_a_usual_folder_is_found(other_vst3: Path, tmp_path: Path) -> None:
    installed = tmp_path / ".vst3" / other_vst3.name
    shutil.copytree(other_vst3, installed)
    script = (
        "import sys, pedalboard, pedalboard_nam\n"
        "effect = pedalboard.VST3Plugin(sys.argv[1])\n"
        "print(pedalboard_nam.board_to_dict(effect)['effects'][0]['path'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, installed],
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == (f"{installed}\n", "")


def test_a_vst3_that_is_nowhere_to_be_found_is_not_saved(other_vst3: Path) -> None:
    with pytest.raises(ValueError, match=r"'NeuralAmp' is in no folder for plug-ins.*vst3_paths"):
        board_to_dict(VST3Plugin(str(other_vst3)))


def test_a_plug_in_without_a_model_is_not_saved() -> None:
    said = r"effects\[1\] \(VST3Plugin\): this plug-in has no model; make a NeuralAmp"
    with pytest.raises(ValueError, match=said):
        board_to_dict(Pedalboard([Gain(0), VST3Plugin(bundle_path())]))


def test_an_instrument_is_refused(instrument: Path) -> None:
    with pytest.raises(ValueError, match=r"effects\[0\] \(VST3Plugin\): this is an instrument"):
        board_from_dict(
            {"version": 1, "effects": [{"effect": "VST3Plugin", "path": str(instrument)}]}
        )


def test_a_preset_opens_the_same_amp(amp_path: Path, tmp_path: Path) -> None:
    board = board_from_dict(board_to_dict(NeuralAmp(amp_path, **_settings)))
    preset = tmp_path / "amp.vstpreset"
    preset.write_bytes(board[0].preset_data)
    other = VST3Plugin(bundle_path())
    other.load_preset(str(preset))
    assert board_to_dict(other) == board_to_dict(board)
    _assert_same_sound(other, board)


def test_a_model_that_has_changed_since_is_not_saved_by_its_path(amp_path: Path) -> None:
    amp_path.write_text(json.dumps(nam_factory.container(seed=989)))  # in no other file
    amp = NeuralAmp(amp_path)
    amp_path.write_text(json.dumps(nam_factory.container(seed=1)))
    with pytest.raises(ValueError, match=r"effects\[0\].*amp.nam has changed.*embed"):
        board_to_dict(Pedalboard([amp]))


@pytest.mark.parametrize(
    "made", [lambda path: NeuralAmp(path[0]), lambda p: Convolution(str(p[1]))]
)
def test_a_file_that_is_not_what_was_saved_is_refused(made, amp_path, cab_path) -> None:
    saved = board_to_dict(made((amp_path, cab_path)))
    amp_path.write_text(json.dumps(nam_factory.container(seed=1)))
    with AudioFile(str(cab_path), "w", 48_000, 1) as file:
        file.write(noise(1, 900))
    with pytest.raises(ValueError, match="is not the file that was saved"):
        board_from_dict(saved)


@pytest.mark.parametrize(
    "effect",
    [
        {"effect": "NeuralAmp", "model": "gone.nam"},
        {"effect": "Convolution", "impulse_response": "gone.wav"},
        {"effect": "Convolution", "impulse_response": "gone.wav", "impulse_response_sha256": "0"},
        {"effect": "VST3Plugin", "path": "gone.vst3"},
    ],
)
def test_missing_files_are_named_and_so_is_what_needs_them(
    effect: dict[str, Any], tmp_path: Path
) -> None:
    mix = {"effect": "Mix", "effects": [{"effect": "Gain"}, effect]}
    with pytest.raises(FileNotFoundError) as raised:
        board_from_dict({"version": 1, "effects": [mix]}, base_dir=tmp_path)
    assert f"(effects[0].effects[1] ({effect['effect']}))" in str(raised.value)
    assert os.path.basename(raised.value.filename).startswith("gone.")


_image = base64.b64encode(b"NAMIMAGE").decode()
_embedded = base64.b64encode(_model.to_bytes()).decode()


@pytest.mark.parametrize(
    ("effect", "message"),
    [
        (3, r"effects\[0\] is 3; an effect is expected"),
        ({}, r"effects\[0\]: effect is missing; a name is expected"),
        ({"effect": []}, "effect is a list of 0; a name"),
        ({"effect": "Fuzz"}, "effects\\[0\\] \\(Fuzz\\): there is no such effect"),
        ({"effect": "time_stretch"}, "no such effect; accepted are .*, Mix, NeuralAmp, NoiseGate,"),
        ({"effect": "Gain", "gain_db": 10**400}, "gain_db is an integer of 1329 bits; a number is"),
        ({"effect": "Plugin"}, "no such effect"),
        ({"effect": "IIRFilter"}, "no such effect"),
        ({"effect": "Pedalboard"}, r"effects\[0\] \(Pedalboard\): there is no such effect"),
        ({"effect": "Gain", "gain": 3}, '"gain" is unknown; accepted are gain_db'),
        ({"effect": "Gain", "gain_db": math.nan}, "gain_db is NaN; a number is expected"),
        ({"effect": "Gain", "gain_db": "3"}, 'gain_db is "3"; a number is expected'),
        ({"effect": "Gain", "gain_db": True}, "gain_db is true; a number is expected"),
        ({"effect": "Reverb", "room_size": 7}, r"effects\[0\] \(Reverb\): .*1"),
        ({"effect": "LadderFilter", "mode": "HPF"}, 'mode is "HPF"; accepted are LPF12, '),
        ({"effect": "Mix"}, r"effects\[0\].effects is missing; a list of effects"),
        ({"effect": "Mix", "effects": [{"effect": "Gain", "x": 1}]}, r"effects\[0\].effects\[0\]"),
        ({"effect": "Chain", "effects": [], "mix": 1}, '"mix" is unknown'),
        ({"effect": "NeuralAmp"}, "model is missing; a path is expected"),
        ({"effect": "NeuralAmp", "model": 3}, "model is 3; a path is expected"),
        ({"effect": "NeuralAmp", "model_data": "?"}, "model_data is not text in base64"),
        ({"effect": "NeuralAmp", "model_data": _image}, "image"),
        ({"effect": "NeuralAmp", "model_data": _embedded, "gain": 1}, '"gain" is unknown'),
        ({"effect": "NeuralAmp", "model_data": _embedded, "size": "big"}, "size is 'big'"),
        ({"effect": "NeuralAmp", "model_data": _embedded, "input_gain_db": 99}, "input_gain_db is"),
        ({"effect": "NeuralAmp", "model_data": _embedded, "input_gain_db": []}, "input_gain_db is"),
        ({"effect": "Convolution", "impulse_response": __file__}, "no audio that can be read"),
        ({"effect": "Convolution", "impulse_response_data": _image}, "no audio that can be read"),
        ({"effect": "VST3Plugin", "path": __file__}, "VST3Plugin.*scan"),
        ({"effect": "VST3Plugin", "path": bundle_path(), "preset": _image}, "preset: "),
    ],
)
def test_what_is_wrong_is_said_and_where(effect: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        board_from_dict({"version": 1, "effects": [effect]})


@pytest.mark.skipif(not hasattr(pedalboard, "BrickwallLimiter"), reason="an old pedalboard")
def test_a_switch_is_true_or_false() -> None:
    effect = {"effect": "BrickwallLimiter", "true_peak": 1}
    with pytest.raises(ValueError, match="true_peak is 1; true or false is expected"):
        board_from_dict({"version": 1, "effects": [effect]})


@pytest.mark.parametrize(
    ("board", "message"),
    [
        ({}, "version is missing; accepted is 1"),
        ([], "version is a list"),
        ({"version": 2, "effects": []}, "version is 2; accepted is 1"),
        ({"version": 1}, "effects is missing"),
        ({"version": 1, "effects": [], "plugins": []}, "plugins is unknown"),
    ],
)
def test_only_boards_are_boards(board: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        board_from_dict(board)


_leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "x", "\0", "\ud800"])
)
_fields = [
    "bit_depth", "gain_db", "impulse_response", "impulse_response_data", "mix", "mode", "model",
    "model_data", "model_sha256", "name", "path", "preset", "q", "size", "threshold_db",
]  # fmt: skip
_kinds = st.sampled_from([*_built_ins(), "NeuralAmp", "Convolution", "VST3Plugin", "Mix", "Chain"])
_trees = st.recursive(
    _leaves,
    lambda inner: st.fixed_dictionaries(
        {"effect": _kinds | _leaves},
        optional={"effects": st.lists(inner)} | dict.fromkeys(_fields, _leaves),
    ),
    max_leaves=4,
)


@given(st.lists(_trees) | _leaves)
def test_any_tree_is_a_board_or_said_to_be_none(tree: Any) -> None:
    with contextlib.suppress(ValueError, OSError):
        board_from_dict({"version": 1, "effects": tree})


def test_a_damaged_model_is_a_model_error() -> None:
    with pytest.raises(ModelError):
        board_from_dict({"version": 1, "effects": [{"effect": "NeuralAmp", "model_data": _image}]})


def test_what_cannot_be_saved_is_said() -> None:
    with pytest.raises(ValueError, match=r"effects\[1\].effects\[0\] \(AddLatency\): cannot be"):
        board_to_dict(Pedalboard([Gain(), Chain([AddLatency(3)])]))


def test_containers_lie_in_each_other_so_deep_and_no_deeper() -> None:
    effect: dict[str, Any] = {"effect": "Gain"}
    for _ in range(32):
        effect = {"effect": "Chain", "effects": [effect]}
    board_from_dict({"version": 1, "effects": [effect]})
    for _ in range(400):
        effect = {"effect": "Chain", "effects": [effect]}
    with pytest.raises(ValueError, match="effects: more than 32 lie in each other"):
        board_from_dict({"version": 1, "effects": [effect]})
