# SPDX-License-Identifier: MIT
"""From a source to a tree: finds the bytes of a `.nam` file and parses their JSON."""

from __future__ import annotations

import codecs
import json
import math
import os
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO, cast

import msgspec

from ..errors import ModelError
from ..wording.quoted import is_list, is_object, quoted
from ..wording.unique_keys import repeated_key
from .metadata import note
from .other_files import what_else

# Sixteen full networks, pretty-printed, are 12 MB; JSON can blow up fifteenfold in memory.
max_file_bytes = 32 << 20

Source = (
    str | os.PathLike[str] | os.PathLike[bytes] | bytes | bytearray | memoryview | BinaryIO
    | dict[str, Any]
)  # fmt: skip


def open_source(source: Source) -> tuple[str, str | None, dict[str, Any] | bytes]:
    """The source's name for messages, its stem where it has one, and its content."""
    if isinstance(source, dict):
        return "<dict>", None, source
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "<bytes>", None, bytes(source)
    if isinstance(source, (str, os.PathLike)):
        path = os.fsdecode(source)
        if os.path.isdir(path):  # open() calls this PermissionError on Windows
            raise ModelError(f"{path}: this is a directory; a .nam file is expected")
        with open(path, "rb") as file:
            return path, PurePath(path).stem, _read(file)
    if callable(getattr(source, "read", None)):
        path = getattr(source, "name", None)
        if not isinstance(path, str):  # absent, or the number of an open file
            return "<bytes>", None, _read(source)
        return path, PurePath(path).stem, _read(source)
    raise TypeError(
        f"cannot load a model from {type(source).__name__}; "
        "expected a path, bytes, a binary file or a parsed dict"
    )


def _read(file: BinaryIO) -> bytes:
    """Read to the end, or past the limit: the source may be an endless device."""
    chunks: list[bytes] = []
    while sum(map(len, chunks)) <= max_file_bytes:
        chunk = cast("object", file.read(1 << 20))
        if not isinstance(chunk, bytes):
            raise TypeError(f"read() gave {type(chunk).__name__}; open the file in binary mode")
        if not chunk:
            break
        chunks.append(chunk)
    return b"".join(chunks)


def parse(content: bytes, notes: list[str]) -> Any:
    """Parse JSON: in 1.5 ms for a real file by msgspec, or in 5 ms by the standard library.

    msgspec keeps the last of two equal keys without a word, and stops at NaN without saying where.
    What it refuses or may have dropped is read again by the slow reader, which explains.
    `notes` gets a sentence for what does not keep the model from playing.
    """
    if (sentence := what_else(content)) is not None:
        raise ModelError(sentence)
    if len(content) > max_file_bytes:
        raise ModelError(f"the file is larger than {max_file_bytes >> 20} MiB; no model is")
    if content and not content.strip(b"\0"):
        raise ModelError("the file holds zeros only: copying or downloading it has failed")
    content = _utf8(content)
    if not content.strip():
        raise ModelError("the file is empty: the download may have been cut off")
    try:
        tree = msgspec.json.decode(content)
        if _count_keys(tree) == sum(map(bool, _string.findall(content))):
            return tree
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        return _parse_slowly(content.decode("utf-8"), notes)
    except UnicodeDecodeError as error:
        return _parse_latin_1(content, error.start, notes)


def _parse_latin_1(content: bytes, at: int, notes: list[str]) -> Any:
    """What old editors write: no text that plays has more than ASCII."""
    try:
        tree = _parse_slowly(content.decode("latin-1"), notes)
    except ModelError:
        raise _not_text(at, "UTF-8") from None
    note(notes, f"byte {at} is not UTF-8; all text is read as Latin-1")
    return tree


def _utf8(content: bytes) -> bytes:
    """The same text in UTF-8 without a byte order mark: some editors write others."""
    encoding = json.detect_encoding(content[:4])
    if encoding.startswith("utf-8"):
        return content.removeprefix(codecs.BOM_UTF8)
    return _text(content, encoding).encode("utf-8")


def _text(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text(error.start, encoding[:6].upper()) from None


def _not_text(at: int, encoding: str) -> ModelError:
    return ModelError(f"byte {at} is not {encoding}; a .nam file is JSON text")


def _parse_slowly(text: str, notes: list[str]) -> Any:
    repeats: list[tuple[dict[str, Any], str]] = []

    def last_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        unique = dict(pairs)
        if len(unique) < len(pairs):
            plays = [pair for pair in pairs if pair[0] != "metadata"]
            if len(plays) > len(unique.keys() - {"metadata"}):
                repeats.append((unique, repeated_key(plays)))
            else:
                note(notes, '"metadata" occurs twice; the last one counts')
        return unique

    try:
        tree = json.loads(text, object_pairs_hook=last_of_each, parse_int=_int_or_infinity)
    except json.JSONDecodeError as error:
        if not _is_cut_off(text, error):
            raise ModelError(f"this is not JSON: {error}") from None
        size = len(text.encode("utf-8", "replace"))
        raise ModelError(
            f"the file is cut off: the JSON ends too early, at byte {size:,}"
        ) from None
    harmless = set(_ids_in_metadata(tree)) if repeats else set[int]()
    for found, key in repeats:
        if id(found) not in harmless:
            raise ModelError(
                f"the field {quoted(key)} occurs twice in one object; once is accepted"
            )
        note(notes, f"{quoted(key)} occurs twice in the metadata; the last one counts")
    return tree


def _is_cut_off(text: str, error: json.JSONDecodeError) -> bool:
    """Whether the reader came to the end, or to a word or number at the end that is not whole."""
    if error.msg.startswith("Unterminated string"):
        return True
    has_begun = text[: error.pos].strip() != "" and not error.msg.startswith("Extra data")
    return has_begun and _unfinished.fullmatch(text, error.pos) is not None


_unfinished = re.compile(r"[\w.+\\-]{,8}\s*")


def _ids_in_metadata(node: Any, inside: bool = False) -> Iterator[int]:
    """Of all objects in fields called metadata, which hold nothing that plays."""
    if is_object(node):
        if inside:
            yield id(node)
        for key, value in node.items():
            yield from _ids_in_metadata(value, inside or key == "metadata")
    elif is_list(node):
        for value in node:
            if not isinstance(value, float):
                yield from _ids_in_metadata(value, inside)


# A JSON string, with the colon behind it if it is a key.
_string = re.compile(rb'"(?:[^"\\]|\\.)*"(\s*:)?')


def _count_keys(tree: Any) -> int:
    """Count the keys, except in lists that look like weights: too few only means a second look."""
    if is_object(tree):
        return len(tree) + sum(map(_count_keys, tree.values()))
    if is_list(tree) and tree and not isinstance(tree[0], float):
        return sum(map(_count_keys, tree))
    return 0


def _int_or_infinity(digits: str) -> float:
    """Treat very long integers like 1e999: the time that int() takes is quadratic."""
    return int(digits) if len(digits) <= 400 else math.inf
