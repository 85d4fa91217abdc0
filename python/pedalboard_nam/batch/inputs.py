# SPDX-License-Identifier: MIT
"""Files, folders and globs become files, each with the place that its output takes in a tree."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from glob import glob, has_magic

from ..audio.reader import StrPath

audio_extensions = (
    *(".aif", ".aifc", ".aiff", ".caf", ".flac", ".mp3", ".oga", ".ogg", ".opus", ".rf64"),
    *(".w64", ".wav", ".wave"),
)
model_extensions = (".nam",)


@dataclass(frozen=True, slots=True)
class Found:
    """A file.

    Attributes
    ----------
    path
        Absolute.
    place
        Path below the folder where the search began, with ``/`` and without extension.
    """

    path: str
    place: str

    @classmethod
    def below(cls, root: str, path: str) -> Found:
        """The file at `path`, found in the folder `root`."""
        place, _ = os.path.splitext(os.path.relpath(path, root))
        return cls(os.path.abspath(path), place.replace(os.sep, "/"))


def find_files(
    sources: StrPath | Iterable[StrPath],
    extensions: Collection[str],
    *,
    not_in: str | None = None,
    may_be_missing: bool = False,
    left_out: Counter[str] | None = None,
) -> list[Found]:
    """All files that are meant, in the order given; in folders and globs in that of their names.

    Parameters
    ----------
    sources
        A path, or any iterable of paths: files, folders, which are searched with all that is below,
        linked folders too, and globs, in which ``**`` is any number of folders. A file found twice
        counts once.
    extensions
        Which files of a folder are meant, in lower case. Hidden ones are not.
    not_in
        A folder in which folders and globs find nothing.
    may_be_missing
        Whether to return names of files that do not exist, too.
    left_out
        Counts the files of folders that are not meant, by extension in lower case.

    Raises
    ------
    OSError
        If a file does not exist, or a folder cannot be read.
    ValueError
        If a folder or glob holds no file of these kinds, or is in the folder `not_in`.
    """
    kinds = ", ".join(extensions)
    given = [sources] if isinstance(sources, (str, os.PathLike)) else sources
    files: dict[str, Found] = {}
    others: list[str] = []
    for path in given:
        source: str = os.fspath(path)
        if os.path.isdir(source):
            found = [Found.below(source, inner) for inner in _walk(source, extensions, others)]
        elif has_magic(source) and not os.path.lexists(source):
            root = _folder_before_magic(source)
            found = [
                Found.below(root, inner)
                for match in sorted(glob(source, recursive=True))
                for inner in (_walk(match, extensions, others) if os.path.isdir(match) else [match])
                if inner.lower().endswith(tuple(extensions))
            ]
        else:
            if not may_be_missing:
                os.stat(source)
            file = Found.below(os.path.dirname(source) or ".", source)
            files.setdefault(file.path, file)
            continue
        if not_in is not None:
            if is_in(source, not_in):
                raise ValueError(
                    f"{source}: outputs would be among the inputs here; name another output folder"
                )
            found = [file for file in found if not is_in(file.path, not_in)]
        if not found:
            raise ValueError(f"{source}: no file here ends in {kinds}")
        for file in found:
            files.setdefault(file.path, file)
    if left_out is not None:
        meant = [
            path for path in dict.fromkeys(others) if not_in is None or not is_in(path, not_in)
        ]
        left_out.update(os.path.splitext(path)[1].lower() for path in meant)
    return list(files.values())


def _walk(
    folder: str,
    extensions: Collection[str],
    others: list[str],
    above: frozenset[str] = frozenset(),
) -> Iterator[str]:
    place = os.path.realpath(folder)
    if place in above:  # a link to a folder that it is in
        return
    with os.scandir(folder) as entries:
        shown = sorted((e for e in entries if not e.name.startswith(".")), key=lambda e: e.name)
    folders = [entry.path for entry in shown if entry.is_dir()]
    for entry in shown:
        if entry.is_dir():
            continue
        if entry.name.lower().endswith(tuple(extensions)):
            yield entry.path
        else:
            others.append(entry.path)
    for inner in folders:
        yield from _walk(inner, extensions, others, above | {place})


def _folder_before_magic(pattern: str) -> str:
    folder = os.path.dirname(pattern)
    while has_magic(folder):
        folder = os.path.dirname(folder)
    return folder or "."


def is_in(path: str, folder: str) -> bool:
    """Whether a file or folder is in a folder, or is that, wherever links lead."""
    place = os.path.realpath(folder)
    return os.path.commonpath([os.path.realpath(path), place]) == place
