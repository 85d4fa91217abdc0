# SPDX-License-Identifier: MIT
"""What all tests share: the report header, the command, an amp, a process for every ISA."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nam_factory
import pytest
from audio_files import noise, write_audio
from reamp_command import Reamp, run_here, run_process

import pedalboard_nam
from pedalboard_nam import Model
from pedalboard_nam.effect import effect_state
from pedalboard_nam.effect.neural_amp import bundle_path


def pytest_report_header() -> str:
    isas = ", ".join(pedalboard_nam.available_isas())
    return (
        f"pedalboard-nam {version('pedalboard-nam')}, kernels {pedalboard_nam.isa()} "
        f"(this machine has {isas}), pedalboard {version('pedalboard')}"
    )


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """Models, audio and renders of the reference engine. They are not part of the repository."""
    folder = Path(__file__).parents[2] / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip(f"the reference renders are not on this machine ({folder})")
    return folder


@pytest.fixture(scope="session")
def amp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a lite amp and a full one, for tests that leave it as it is."""
    path = tmp_path_factory.mktemp("amp") / "amp.nam"
    path.write_text(json.dumps(nam_factory.container()))
    return path


@pytest.fixture(scope="session")
def amp(amp_path: Path) -> Model:
    return Model.load(amp_path)


@pytest.fixture
def di(tmp_path: Path) -> Path:
    """A tenth of a second of mono noise at 48 kHz."""
    return write_audio(tmp_path / "di.wav", noise(1, 4_800), 48_000)


@pytest.fixture
def reamp(tmp_path: Path) -> Reamp:
    """`reamp("render", ...)` in the test's folder, in a process of its own: as users have it.

    That takes a third of a second, so it is for what a process alone can show.
    """
    return lambda *arguments, prefix=(): run_process(tmp_path, arguments, prefix)


@pytest.fixture
def reamp_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Reamp:
    """The same without a process."""
    return lambda *arguments: run_here(tmp_path, arguments, capsys)


@pytest.fixture(params=pedalboard_nam.available_isas())
def isa(request: pytest.FixtureRequest) -> str:
    """Every ISA that this machine has, one test each."""
    return request.param


@pytest.fixture(scope="session")
def run_on() -> Iterator[Callable[..., Any]]:
    """`run_on(isa, function, *args)`: what the function answers where that ISA is in use.

    The ISA is chosen at import, so each one has a process of its own. Function, arguments and
    answer travel by pickle.
    """
    workers: dict[str, ProcessPoolExecutor] = {}

    def run_on(isa: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if isa not in workers:
            workers[isa] = _start_worker(isa)
        return workers[isa].submit(function, *args, **kwargs).result()

    yield run_on
    for worker in workers.values():
        worker.shutdown()


def _start_worker(isa: str) -> ProcessPoolExecutor:
    worker = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PEDALBOARD_NAM_ISA", isa)
        worker.submit(os.getpid).result()  # the process starts here, and inherits the variable
    return worker


@pytest.fixture
def other_vst3(tmp_path: Path) -> Path:
    """An effect of another class id: our bundle with other bytes in it."""
    return _patched(tmp_path, {bytes.fromhex(effect_state.class_id[:8]): b"else"})


@pytest.fixture
def instrument(tmp_path: Path) -> Path:
    return _patched(tmp_path, {b"Fx|Distortion": b"Instrument|Fx"})


def _patched(folder: Path, patches: dict[bytes, bytes]) -> Path:
    bundle = folder / "plug-ins" / "NeuralAmp.vst3"
    shutil.copytree(bundle_path(), bundle)
    (library,) = bundle.rglob("NeuralAmp.so")
    content = library.read_bytes()
    for old, new in patches.items():
        assert old in content
        content = content.replace(old, new)
    library.write_bytes(content)
    return bundle
