# SPDX-License-Identifier: MIT
"""A file gets its name when it is complete, and takes nobody's away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pedalboard_nam.files.new_file import renamed_when_complete


@pytest.fixture(params=["links", "no links"])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param == "no links":

        def link(source: str, target: str) -> None:
            raise PermissionError(1, "Operation not permitted", source)

        monkeypatch.setattr(os, "link", link)
    return tmp_path / "wet.wav"


@pytest.mark.parametrize("overwrite", [False, True])
def test_it_is_there_alone_and_complete(path: Path, overwrite: bool) -> None:
    with renamed_when_complete(path, overwrite) as file:
        assert not path.exists()
        file.write(b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(path.parent) == ["wet.wav"]


def test_what_has_got_the_name_in_the_meantime_keeps_it(path: Path) -> None:
    with (
        pytest.raises(FileExistsError, match=r"wet\.wav exists already; overwrite=True replaces"),
        renamed_when_complete(path, overwrite=False),
    ):
        path.write_text("precious")
    assert path.read_text() == "precious"
    assert os.listdir(path.parent) == ["wet.wav"]


def test_what_is_to_be_replaced_is_also_if_it_came_in_the_meantime(path: Path) -> None:
    with renamed_when_complete(path, overwrite=True) as file:
        path.write_text("old")
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_permissions_of_the_file_that_was_there_are_kept(path: Path) -> None:
    path.write_text("old")
    path.chmod(0o640)
    with renamed_when_complete(path, overwrite=True):
        pass
    assert path.stat().st_mode & 0o777 == 0o640
