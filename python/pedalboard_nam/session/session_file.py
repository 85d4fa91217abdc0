# SPDX-License-Identifier: MIT
"""Reads the file of a session, in TOML or JSON.

Its tables have the fields of `Session`, `Track` and `Bus`; boards are lists of effects as in
`board_to_dict`. Paths are relative to the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from ..audio.reader import StrPath
from ..boards.board_dict import effects_from_dicts
from ..files.new_file import file_name
from ..wording.quoted import is_list, is_object, quoted
from ..wording.unique_keys import with_unique_keys
from .session_graph import Bus, Track

_decoders: dict[str, Callable[[str], Any]] = {
    ".toml": msgspec.toml.decode,
    ".json": partial(json.loads, object_pairs_hook=with_unique_keys),
}


def read_session(path: StrPath) -> dict[str, Any]:
    """The arguments of `Session`, made of what is in a file.

    Raises
    ------
    As `Session.load`.
    """
    path = Path(file_name(path, "the path of a session"))
    decode = _decoders.get(path.suffix.lower())
    if decode is None:
        raise ValueError("a session is a file in .toml or .json")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tree = decode(text)
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8; a session is text in that") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return _session(tree, path.parent)


def _session(tree: object, base_dir: Path) -> dict[str, Any]:
    arguments = _table(tree, "session", ["tracks", "buses", "master", "tail_s"])
    for name, cls in (("tracks", Track), ("buses", Bus)):
        entries = arguments.get(name, [])
        if not is_list(entries):
            raise ValueError(f"{name} is {quoted(entries)}; a list is expected")
        arguments[name] = [
            _strip(cls, entry, f"{name}[{i}]", base_dir) for i, entry in enumerate(entries)
        ]
    if "master" in arguments:
        arguments["master"] = effects_from_dicts(arguments["master"], base_dir, "master")
    return arguments


def _strip(cls: type[Track | Bus], entry: object, where: str, base_dir: Path) -> Track | Bus:
    if is_object(entry) and isinstance(name := entry.get("name"), str):
        where = f"{cls.__name__.lower()} {name!r}"
    accepted = [field.name for field in fields(cls) if field.init and field.name != "automation"]
    arguments = _table(entry, where, accepted)
    for name in ("name", "source"):
        found = arguments.get(name)
        if name in accepted and not (isinstance(found, str) and found):
            raise ValueError(f"{where}: {name} is {quoted(found)}; text is expected")
    if "source" in arguments:
        arguments["source"] = base_dir / arguments["source"]
    if "board" in arguments:
        arguments["board"] = effects_from_dicts(arguments["board"], base_dir, f"{where}: board")
    sends = arguments.get("sends", {})
    if not is_object(sends):
        raise ValueError(
            f"{where}: sends is {quoted(sends)}; names of buses and gains are expected"
        )
    return cls(**arguments)


def _table(tree: object, where: str, accepted: list[str]) -> dict[str, Any]:
    if not is_object(tree):
        raise ValueError(f"{where} is {quoted(tree)}; a table is expected")
    for name in tree.keys() - set(accepted):
        raise ValueError(f"{where}: {quoted(name)} is unknown; accepted are {', '.join(accepted)}")
    return dict(tree)
