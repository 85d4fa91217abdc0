# SPDX-License-Identifier: MIT
"""`reamp install-vst3` puts the plug-in where hosts find it; the test's folder is the home."""

from __future__ import annotations

import os
from pathlib import Path

import nam_factory
import numpy as np
import pytest
from pedalboard import VST3Plugin
from playing import noise
from reamp_command import Reamp

from pedalboard_nam import Model, NeuralAmp, render
from pedalboard_nam.cli.install_vst3 import install_vst3
from pedalboard_nam.effect.neural_amp import bundle_path

_rate = 48_000
_model = Model.load(nam_factory.lite())


def _content(bundle: Path) -> dict[str, bytes]:
    return {str(p.relative_to(bundle)): p.read_bytes() for p in bundle.rglob("*") if p.is_file()}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def installed(tmp_path: Path, reamp_here: Reamp) -> Path:
    done = reamp_here("install-vst3")
    assert done.returncode == 0, done.stderr
    return tmp_path / ".vst3" / "NeuralAmp.vst3"


@pytest.fixture
def preset(tmp_path: Path) -> Path:
    path = tmp_path / "amp.vstpreset"
    path.write_bytes(NeuralAmp(_model, output_gain_db=-6).preset_data)
    return path


def test_the_copy_is_whole_and_nothing_else_is_left(installed: Path) -> None:
    assert _content(installed) == _content(Path(bundle_path()))
    assert os.listdir(installed.parent) == [installed.name]


def test_it_says_where(tmp_path: Path, reamp: Reamp) -> None:
    assert reamp("install-vst3").stdout.startswith(f"{tmp_path}/.vst3/NeuralAmp.vst3: ")


def test_it_goes_where_it_is_told(tmp_path: Path, reamp_here: Reamp) -> None:
    done = reamp_here("install-vst3", "--to", "here")
    assert done.stdout.startswith("here/NeuralAmp.vst3: ")
    assert _content(tmp_path / "here" / "NeuralAmp.vst3") == _content(Path(bundle_path()))
    assert not (tmp_path / ".vst3").exists()


def test_pedalboard_plays_a_preset_in_the_copy(installed: Path, preset: Path) -> None:
    effect = VST3Plugin(str(installed))
    effect.load_preset(str(preset))
    audio = noise(2, _rate)
    expected = render(_model, audio, _rate, output_gain_db=-6)
    np.testing.assert_array_equal(effect(audio, _rate), expected)


def test_another_host_plays_a_preset_in_the_copy(installed: Path, preset: Path) -> None:
    dawdreamer = pytest.importorskip("dawdreamer")
    audio = noise(2, _rate)
    engine = dawdreamer.RenderEngine(_rate, 512)
    dry = engine.make_playback_processor("dry", audio)
    amp = engine.make_plugin_processor("amp", str(installed))
    assert amp.load_vst3_preset(str(preset))
    engine.load_graph([(dry, []), (amp, ["dry"])])
    engine.render(1.0)
    expected = render(_model, audio, _rate, output_gain_db=-6)
    np.testing.assert_array_equal(engine.get_audio(), expected)


def test_the_same_again_changes_nothing(installed: Path, reamp_here: Reamp) -> None:
    before = installed.stat().st_mtime_ns
    done = reamp_here("install-vst3")
    assert (done.returncode, done.stdout) == (0, f"{installed} is there already\n")
    assert installed.stat().st_mtime_ns == before


@pytest.mark.parametrize("other", ["a changed folder", "a file", "a link to nowhere"])
def test_another_one_is_replaced_only_if_asked(
    tmp_path: Path, reamp_here: Reamp, other: str
) -> None:
    target = tmp_path / ".vst3" / "NeuralAmp.vst3"
    target.parent.mkdir()
    if other == "a changed folder":
        target.mkdir()
        (target / "mine").write_text("mine")
    elif other == "a file":
        target.write_text("mine")
    else:
        target.symlink_to("nowhere")
    done = reamp_here("install-vst3")
    assert done.returncode == 1
    assert done.stderr == (f"reamp: {target} is there already, and another; --force replaces it\n")
    assert not (target / "Contents").exists()

    assert reamp_here("install-vst3", "--force").returncode == 0
    assert _content(target) == _content(Path(bundle_path()))
    assert os.listdir(target.parent) == [target.name]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path, reamp_here: Reamp) -> None:
    (tmp_path / ".vst3").write_text("a file")
    done = reamp_here("install-vst3")
    assert done.returncode == 1
    assert done.stderr == f"reamp: {tmp_path}/.vst3: Not a directory\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("no")])
def test_an_interrupt_between_the_renames_brings_the_old_one_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    old = tmp_path / "NeuralAmp.vst3"
    old.mkdir()
    (old / "mine").touch()
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise error
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(type(error)):
        install_vst3(tmp_path, force=True)
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == [
        "NeuralAmp.vst3",
        "NeuralAmp.vst3/mine",
    ]
