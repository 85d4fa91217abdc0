# SPDX-License-Identifier: MIT
"""Files, folders, globs and generators become files, each with its place in a tree."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from pedalboard_nam.batch.inputs import audio_extensions, find_files


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.wav", "a.FLAC", "notes.txt", ".hidden.wav", "sub/c.mp3", ".git/d.wav"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "in"


def places(sources: object, **options: object) -> list[str]:
    return [found.place for found in find_files(sources, audio_extensions, **options)]


def test_a_folder_is_searched_to_the_bottom_in_the_order_of_names(tree: Path) -> None:
    assert places(tree) == ["a", "b", "sub/c"]


def test_what_is_left_out_is_counted(tree: Path) -> None:
    for name in ("sub/amp.NAM", "sub/notes.txt", "README", "take.wave", "take.aifc"):
        (tree / name).touch()
    left_out: Counter[str] = Counter()
    assert places(tree, left_out=left_out) == ["a", "b", "take", "take", "sub/c"]
    assert left_out == {".txt": 2, ".nam": 1, "": 1}


def test_a_file_has_its_own_name_as_its_place(tree: Path) -> None:
    assert places(tree / "sub" / "c.mp3") == ["c"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.wav", ["b"]),
        ("**/*.mp3", ["sub/c"]),
        ("*", ["a", "b", "sub/c"]),
        ("[ab].*", ["a", "b"]),
        ("s*/*", ["sub/c"]),
    ],
)
def test_a_glob_keeps_the_tree_below_its_first_folder(
    tree: Path, pattern: str, expected: list[str]
) -> None:
    assert places(str(tree / pattern)) == expected


def test_a_generator_gives_its_order_and_a_file_counts_once(tree: Path) -> None:
    assert places(path for path in (tree / "sub" / "c.mp3", tree, tree / "b.wav")) == [
        "c",
        "a",
        "b",
    ]


@pytest.mark.parametrize("name", ["with space.wav", "new\nline.wav", "音 [1].wav", b"\xff.wav"])
def test_any_name_is_found(tmp_path: Path, name: str | bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.touch()
    assert places(tmp_path) == places(path) == [path.stem]


def test_outputs_are_not_found_among_inputs(tree: Path) -> None:
    assert places(tree, not_in=str(tree / "sub")) == ["a", "b"]
    with pytest.raises(ValueError, match="outputs would be among the inputs here"):
        places(tree / "sub", not_in=str(tree))
    assert places(tree / "b.wav", not_in=str(tree)) == ["b"]


def test_what_does_not_exist_is_said_unless_it_may(tree: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.wav"):
        places(tree / "none.wav")
    assert places(tree / "none.wav", may_be_missing=True) == ["none"]


@pytest.mark.parametrize("source", ["empty", "*.ogg"])
def test_where_there_is_nothing_is_said(tree: Path, source: str) -> None:
    (tree / "empty").mkdir()
    with pytest.raises(ValueError, match=r"no file here ends in \.aif, \.aifc, \.aiff"):
        places(str(tree / source))


def test_linked_folders_are_searched_but_not_in_circles(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "d.wav").touch()
    (tree / "sub" / "linked").symlink_to(tmp_path / "elsewhere")
    (tree / "sub" / "up").symlink_to(tree)
    assert places(tree) == ["a", "b", "sub/c", "sub/linked/d"]
    assert places(str(tree / "s*")) == ["sub/c", "sub/linked/d", "sub/up/a", "sub/up/b"]


def test_a_folder_that_cannot_be_read_is_not_passed_over(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir  # root may read everything

    def refuse(path: str) -> object:
        if path.endswith("sub"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PermissionError, match="sub"):
        places(tree)


def test_an_output_folder_that_is_a_link_is_not_among_the_inputs(tree: Path) -> None:
    (tree / "wet").mkdir()
    (tree / "wet" / "old.wav").touch()
    link = tree.parent / "link"
    link.symlink_to(tree / "wet")
    assert places(tree, not_in=str(link)) == ["a", "b", "sub/c"]
