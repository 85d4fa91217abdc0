# SPDX-License-Identifier: MIT
"""A folder with an amp of every kind goes through every door, and nobody asks what is in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nam_factory
import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio
from network_factory import RATE_HZ, Nam, network
from pedalboard import Pedalboard
from playing import assert_same_bits
from reamp_command import Reamp

from pedalboard_nam import (
    Model,
    ModelError,
    NeuralAmp,
    ReampDataset,
    Session,
    Track,
    bounce,
    reamp_files,
    render,
)

FRAMES = 4_800

_GOOD: dict[str, Callable[[], Nam]] = {
    "a1": lambda: network("a1 nano"),
    "a2": lambda: nam_factory.lite(sample_rate=RATE_HZ),
    "cabinet": lambda: network("linear"),
    "combo": lambda: network("amp and cabinet"),
    "conditioned": lambda: network("condition: sequential"),
    "convnet": lambda: network("convnet"),
    "lstm": lambda: network("lstm"),
    "pack": lambda: network("container"),
    "slimmable": lambda: network("slimmable"),
    "wavenet": lambda: network("all films, blended"),
}


@pytest.fixture(scope="module")
def amps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _written(tmp_path_factory.mktemp("library") / "good", _GOOD)


@pytest.fixture(scope="module")
def broken(amps: Path) -> Path:
    """The same amps beside them, each without its last weight, or that of the last model in it."""
    return _written(
        amps.parent / "broken",
        {name: lambda make=make: _without_a_weight(make()) for name, make in _GOOD.items()},
    )


@pytest.fixture
def di(tmp_path: Path) -> Path:
    return write_audio(tmp_path / "di.wav", noise(1, FRAMES), RATE_HZ)


def _written(folder: Path, makers: dict[str, Callable[[], Nam]]) -> Path:
    folder.mkdir()
    for name, make in makers.items():
        (folder / f"{name}.nam").write_text(json.dumps(make()))
    return folder


def _without_a_weight(nam: Nam) -> Nam:
    """A copy of the model."""
    config: dict[str, Any] = dict(nam["config"])
    if nam["architecture"] == "Sequential":
        config["models"] = [*config["models"][:-1], _without_a_weight(config["models"][-1])]
    elif nam["architecture"] == "SlimmableContainer":
        last = config["submodels"][-1]
        last = last | {"model": _without_a_weight(last["model"])}
        config["submodels"] = [*config["submodels"][:-1], last]
    else:
        nam = nam | {"weights": nam["weights"][:-1]}
    return nam | {"config": config}


def _rendered(amps: Path, name: str) -> np.ndarray:
    return render(Model.load(amps / f"{name}.nam"), noise(1, FRAMES)[0], RATE_HZ)


# --- What is good -------------------------------------------------------------------------------


def test_a_batch(di: Path, amps: Path, tmp_path: Path) -> None:
    done = reamp_files(di, amps, tmp_path / "out")
    assert (done.done, done.failures) == (len(_GOOD), [])
    for record in done.records:
        found = read_audio(tmp_path / "out" / record.output)[0]
        assert_same_bits(found, _rendered(amps, Path(record.model).stem))


def test_a_board(di: Path, amps: Path, tmp_path: Path) -> None:
    board = Pedalboard([NeuralAmp(amps / f"{name}.nam") for name in sorted(_GOOD)])
    expected = noise(1, FRAMES)[0]
    for name in sorted(_GOOD):
        expected = render(Model.load(amps / f"{name}.nam"), expected, RATE_HZ)
    assert_same_bits(board(noise(1, FRAMES), RATE_HZ)[0], expected)
    bounce(board, di, tmp_path / "wet.wav")
    assert_same_bits(read_audio(tmp_path / "wet.wav")[0], expected)


def test_a_session(di: Path, amps: Path, tmp_path: Path) -> None:
    tracks = [Track(name, di, [NeuralAmp(amps / f"{name}.nam")]) for name in _GOOD]
    Session(tracks).bounce(tmp_path / "mix.wav", stems=tmp_path / "stems")
    for name in _GOOD:
        stem = read_audio(tmp_path / "stems" / f"{name}.wav")
        # In the middle, a track is as loud on each side as mono is in stereo.
        half_power = _rendered(amps, name) * np.sqrt(0.5)
        np.testing.assert_allclose(stem, [half_power, half_power], rtol=1e-6, atol=1e-7)


def test_a_data_set(di: Path, amps: Path) -> None:
    models = [amps / f"{name}.nam" for name in sorted(_GOOD)]
    pairs = ReampDataset(di, models, window_frames=1_500, sample_rate=RATE_HZ, draws=len(models))
    heard = set()
    for index in range(len(pairs)):
        draw = pairs.draw(index)
        whole = render(draw.model, noise(1, FRAMES)[0], RATE_HZ)
        window = slice(draw.start_frame, draw.start_frame + 1_500)
        assert_same_bits(np.asarray(pairs[index][1]), whole[window])
        heard.add(draw.model)
    assert len(heard) == len(models)


def test_the_command_line(reamp_here: Reamp, di: Path, amps: Path) -> None:
    for name in _GOOD:
        done = reamp_here("render", di, "-m", amps / f"{name}.nam", "-o", f"{name}.wav")
        assert (done.returncode, done.stderr) == (0, ""), name
        assert_same_bits(read_audio(di.parent / f"{name}.wav")[0], _rendered(amps, name))
        assert reamp_here("info", amps / f"{name}.nam").returncode == 0, name


# --- What is broken -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", _GOOD)
def test_a_broken_one_is_an_error_that_names_the_file_and_the_field(
    broken: Path, di: Path, name: str
) -> None:
    path = broken / f"{name}.nam"
    for door in (
        Model.load,
        NeuralAmp,
        lambda path: ReampDataset(di, path, window_frames=100, sample_rate=RATE_HZ),
    ):
        with pytest.raises(ModelError, match=rf"{name}\.nam: .*weights has \d+"):
            door(path)


def test_a_batch_plays_all_that_is_good(
    reamp_here: Reamp, di: Path, amps: Path, broken: Path
) -> None:
    done = reamp_here("batch", di, "-m", amps.parent, "-o", "out", "--on-error", "skip")
    assert done.returncode == 1
    assert done.stdout.startswith(f"{len(_GOOD)} done, {len(_GOOD)} failed, ")
    for name in _GOOD:
        assert f"{broken}/{name}.nam: " in done.stderr
