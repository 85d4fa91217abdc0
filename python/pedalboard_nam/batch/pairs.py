# SPDX-License-Identifier: MIT
"""Pairs of input and model, listed in a file."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from typing import Any, cast

import msgspec

from ..audio.reader import StrPath
from ..dataset.draws import Ranges, check_values
from ..settings import declared
from .inputs import Found


class Pair(msgspec.Struct, frozen=True):
    """An input, a model, and settings for the two."""

    input: Found
    model: Found
    ranges: Ranges


def read_pairs(path: StrPath) -> list[Pair]:
    """Read a table of pairs.

    Parameters
    ----------
    path
        A `.csv` file with a header, or a `.jsonl` file with one object a line. ``input`` and
        ``model`` are paths, from the folder of the table; every other column is a setting of
        `Stream`, and where it is empty, that setting is as for all other pairs.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is no such table; the message says which line.
    """
    path = os.fspath(path)
    read = {".csv": _csv_rows, ".jsonl": _jsonl_rows}.get(os.path.splitext(path)[1].lower())
    if read is None:
        raise ValueError(f"{path}: a table of pairs is a .csv or .jsonl file")
    folder = os.path.dirname(path)
    with open(path, encoding="utf-8-sig", newline="") as file:
        try:
            pairs = [_pair(folder, where, row) for where, row in read(file)]
        except (ValueError, csv.Error) as error:
            raise ValueError(f"{path}: {error}") from None
    if not pairs:
        raise ValueError(f"{path}: there are no pairs in this table")
    return pairs


def pairs_of(given: Iterable[tuple[StrPath, StrPath]]) -> list[Pair]:
    """Pairs of paths as `read_pairs` gives them."""
    return [
        Pair(_found("", os.fspath(input)), _found("", os.fspath(model)), {})
        for input, model in given
    ]


def _csv_rows(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = csv.DictReader(lines, strict=True)
    for row in reader:
        where = f"line {reader.line_num}"
        if None in row:
            raise ValueError(f"{where} has more values than the header has names")
        yield where, {name: _value(name, text) for name, text in row.items() if text}


def _jsonl_rows(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield f"line {number}", msgspec.json.decode(line, type=dict[str, Any])
            except msgspec.DecodeError as error:
                raise ValueError(f"line {number}: {error}") from None


def _pair(folder: str, where: str, row: dict[str, Any]) -> Pair:
    for column in ("input", "model"):
        if not isinstance(row.get(column), str):
            raise ValueError(f"{where} has no {column}")
    ranges = {name: among for name, among in row.items() if name not in ("input", "model")}
    try:
        check_values(ranges)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    return Pair(
        _found(folder, cast("str", row["input"])), _found(folder, cast("str", row["model"])), ranges
    )


def _found(folder: str, path: str) -> Found:
    """The file, with its place in the tree below `folder` if it is there."""
    below = not os.path.isabs(path) and ".." not in os.path.normpath(path).split(os.sep)
    full = os.path.join(folder, path)
    return Found.below(folder or "." if below else os.path.dirname(full), full)


def _value(column: str, text: str) -> object:
    return declared[column].kind.parse(text) if column in declared else text
