# SPDX-License-Identifier: MIT
"""`reamp show` and `reamp sweep` make PNG files, and say in a line why not."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from reamp_command import Reamp

pytest.importorskip("matplotlib")


def is_png(path: Path) -> bool:
    return path.read_bytes().startswith(b"\x89PNG")


def test_show_draws_one_file_or_two(reamp_here: Reamp, di: Path, tmp_path: Path) -> None:
    done = reamp_here("show", di)
    assert (done.returncode, done.stdout, done.stderr) == (0, "show.png\n", "")
    assert is_png(tmp_path / "show.png")
    done = reamp_here("show", di, di, "-o", "two.png")
    assert (done.returncode, done.stdout, done.stderr) == (0, "two.png\n", "")
    assert is_png(tmp_path / "two.png")


def test_show_replaces_nothing_unasked(reamp_here: Reamp, di: Path, tmp_path: Path) -> None:
    (tmp_path / "show.png").write_text("mine")
    done = reamp_here("show", di)
    assert done.returncode == 1
    assert done.stderr == "reamp: show.png exists already; --force replaces it\n"
    assert (tmp_path / "show.png").read_text() == "mine"
    assert reamp_here("show", di, "--force").returncode == 0
    assert is_png(tmp_path / "show.png")


def test_show_says_what_is_no_audio_or_no_png(reamp_here: Reamp, di: Path, amp_path: Path) -> None:
    done = reamp_here("show", amp_path)
    assert done.returncode == 1
    assert "no audio that can be read" in done.stderr
    done = reamp_here("show", di, "-o", "a.jpg")
    assert done.returncode == 1
    assert done.stderr == "reamp: a.jpg: pictures are PNG files; give it a name that ends in .png\n"


def test_sweep_draws_each_model_and_goes_on_after_a_bad_one(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    (tmp_path / "bad.nam").write_text("{}")
    done = reamp_here("sweep", "bad.nam", amp_path, "-o", folder, "--size", "lite")
    assert done.returncode == 1
    assert "bad.nam" in done.stderr
    assert os.listdir(folder) == ["amp.png"]
    assert is_png(folder / "amp.png")
    assert done.stdout.startswith(f"{folder / 'amp.png'}: ")


def test_sweep_checks_where_pictures_go_before_it_measures(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path
) -> None:
    done = reamp_here("sweep", amp_path, amp_path, "-o", "folder")
    assert done.returncode == 1
    assert "amp.png would be the picture of two models" in done.stderr
    assert not (tmp_path / "folder").exists()
    done = reamp_here("sweep", amp_path, "other.nam", "-o", "one.png")
    assert done.returncode == 1
    assert done.stderr.startswith("reamp: one.png: several models have a picture each; name a fol")
    assert not (tmp_path / "one.png").exists()
    (tmp_path / "a file").write_text("mine")
    done = reamp_here("sweep", amp_path, "other.nam", "-o", "a file")
    assert (done.returncode, done.stderr) == (1, "reamp: a file: Not a directory\n")
    (tmp_path / "amp.png").write_text("mine")
    done = reamp_here("sweep", amp_path)
    assert done.returncode == 1
    assert done.stderr == "reamp: amp.png exists already; --force replaces it\n"


def test_without_matplotlib_a_line_says_how_to_install_it(
    reamp_here: Reamp, di: Path, amp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    for arguments in (("show", di), ("sweep", amp_path)):
        done = reamp_here(*arguments)
        assert done.returncode == 1
        assert done.stderr.startswith("reamp: pictures need matplotlib: pip install")
        assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*.png"))


@pytest.mark.parametrize("command", ["show", "sweep"])
def test_help_does_without_matplotlib(
    reamp_here: Reamp, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    done = reamp_here(command, "--help")
    assert done.returncode == 0
    assert "pedalboard-nam[plot]" in done.stdout
