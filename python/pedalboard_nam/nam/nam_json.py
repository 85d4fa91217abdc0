# SPDX-License-Identifier: MIT
"""From a source to a tree: finds the bytes of a `.nam` file and parses their JSON."""

from __future__ import annotations

import json
import math
import os
import re
from pathlib import PurePath
from typing import Any, BinaryIO, cast

import msgspec

from ..errors import ModelError
from ..wording.quoted import is_list, is_object
from ..wording.unique_keys import with_unique_keys

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


def parse(content: bytes) -> Any:
    """Parse JSON: in 1.5 ms for a real file by msgspec, or in 5 ms by the standard library.

    msgspec keeps the last of two equal keys without a word, and stops at NaN without saying where.
    What it refuses or may have dropped is read again by the slow reader, which explains.
    """
    if len(content) > max_file_bytes:
        raise ModelError(f"the file is larger than {max_file_bytes >> 20} MiB; no model is")
    if not content.strip():
        raise ModelError("the file is empty")
    try:
        tree = msgspec.json.decode(content)
        if _count_keys(tree) == sum(map(bool, _string.findall(content))):
            return tree
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=with_unique_keys, parse_int=_int_or_infinity)
    except UnicodeDecodeError as error:
        raise ModelError(f"byte {error.start} is not UTF-8; a .nam file is JSON text") from None
    except json.JSONDecodeError as error:
        raise ModelError(f"this is not JSON, or cut off: {error}") from None
    except ValueError as error:
        raise ModelError(str(error)) from None


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
