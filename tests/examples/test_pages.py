# SPDX-License-Identifier: MIT
"""The examples on the pages about measuring, listening and data sets run as they stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile

from pedalboard_nam import Model, reamp_files, render

PAGES = Path(__file__).parents[2] / "docs"


def program(page: str) -> str:
    return "\n".join(re.findall(r"```python\n(.*?)```", (PAGES / page).read_text("utf-8"), re.S))


def run(folder: Path, source: str) -> str:
    (folder / "example.py").write_text(source, "utf-8")
    done = subprocess.run(
        [sys.executable, "example.py"], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def copy_demo(name: str, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    with as_file(files("pedalboard_nam") / "demo" / name) as demo:
        shutil.copy(demo, path)


def test_measuring(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    copy_demo("amp.nam", tmp_path / "plexi.nam")
    copy_demo("di.flac", tmp_path / "di.flac")
    model = Model.load(tmp_path / "plexi.nam")
    with AudioFile(str(tmp_path / "di.flac")) as file:
        dry = file.read(file.frames)[0]
    np.save(tmp_path / "dry.npy", dry)
    for size in ("lite", "full"):
        with AudioFile(str(tmp_path / f"{size}.wav"), "w", 48_000, 1, bit_depth=32) as file:
            file.write(render(model, dry, 48_000, size=size))
    printed = run(
        tmp_path,
        "import numpy\ndry = numpy.load('dry.npy')\n"
        + program("measuring.md")
        + "print(delay, f'{found.error_to_signal_ratio:.5f} {found.null_depth_db:.1f}')\n",
    )
    assert printed == "CaptureDelay(frames=1, inverted=False, confidence=1.0) 0.00111 -29.6\n"
    assert (tmp_path / "lite_and_full.png").exists()


def test_listening(tmp_path: Path) -> None:
    copy_demo("amp.nam", tmp_path / "amp.nam")
    copy_demo("di.flac", tmp_path / "di.flac")
    reamp_files(tmp_path / "di.flac", tmp_path / "amp.nam", tmp_path / "wet")
    run(tmp_path, program("listening.md"))
    assert "di__amp__full.wav" in (tmp_path / "wet" / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_datasets(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    for copy in range(2):
        copy_demo("amp.nam", tmp_path / "amps" / f"{copy}.nam")
        copy_demo("di.flac", tmp_path / "di" / f"{copy}.flac")
    printed = run(tmp_path, program("datasets.md"))
    assert printed == "torch.Size([8, 48000]) torch.Size([8, 48000])\n" * 5
