# SPDX-License-Identifier: MIT
"""What a file says about its sound and its gear.

None of it plays, so none of it keeps a model from playing: what cannot be kept is left out, and
said.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, cast

from ..wording.numbers import is_finite_number, is_number
from ..wording.places import short
from ..wording.quoted import is_list, is_object, quoted

max_bytes = 256 << 10

# Fields that are numbers, from where to where.
_decibels = (-200.0, 200.0)
_any_number = (-sys.float_info.max, sys.float_info.max)
_ranges = {
    "loudness": _decibels,
    "gain": _any_number,
    "input_level_dbu": _decibels,
    "output_level_dbu": _decibels,
}

_limit = f"metadata is kept up to {max_bytes:,} bytes"
_deepest = 500
_most_notes = 16


def kept(found: Any, notes: list[str]) -> dict[str, Any]:
    """A copy of a model's metadata that nobody else holds: JSON all the way down, and not too much.

    `notes` gets a sentence for each field that is not as it was found.
    """
    said = _object(found, "metadata", notes)
    bad = {
        field
        for field in _ranges
        if said.get(field) is not None and _number(said, field, "metadata", notes) is None
    }
    if bad:
        said = {field: value for field, value in said.items() if field not in bad}
    copied = _copied(said, "metadata", notes, ())
    _make_name_text(copied, notes)
    _make_it_fit(copied, notes)
    return copied


def loudness_db(found: Any, where: str, notes: list[str]) -> float | None:
    """What the metadata at `where` says of the loudness, or None."""
    return _number(_object(found, where, notes), "loudness", where, notes)


def note(notes: list[str], sentence: str) -> None:
    """Add a sentence, unless enough is said: a file can have a million fields."""
    if sentence in notes or len(notes) > _most_notes:
        return
    notes.append(sentence if len(notes) < _most_notes else "there is more of that kind")


def _leave_out(where: str, value: Any, why: str, notes: list[str]) -> None:
    note(notes, f"{where} is {quoted(value)}; left out: {why}")


def _object(found: Any, where: str, notes: list[str]) -> dict[str, Any]:
    if is_object(found):
        return found
    if found is not None:
        _leave_out(where, found, "an object is expected", notes)
    return {}


def _number(metadata: dict[str, Any], field: str, where: str, notes: list[str]) -> float | None:
    value = metadata.get(field)
    low, high = _ranges[field]
    if value is None or (is_finite_number(value) and low <= value <= high):
        return value
    accepted = "a number" if (low, high) == _any_number else f"a number from {low:g} to {high:g}"
    _leave_out(f"{where}.{field}", value, f"{accepted} is expected", notes)
    return None


def _make_name_text(metadata: dict[str, Any], notes: list[str]) -> None:
    name = metadata.get("name")
    if name is None or isinstance(name, str):
        return
    if is_number(name):
        metadata["name"] = str(name)
        note(notes, f"metadata.name is {quoted(name)}, a number: it is taken as text")
    else:
        del metadata["name"]
        _leave_out("metadata.name", name, "text is expected", notes)


def _copied(value: Any, where: str, notes: list[str], around: tuple[int, ...]) -> Any:
    """The value as JSON, without what JSON has not; `around` are the ids of those that hold it."""
    if value is None or isinstance(value, bool) or _is_json_number(value):
        return value
    if isinstance(value, str):
        return _unicode(value, where, notes)
    if isinstance(value, tuple):
        value = list(cast("tuple[Any, ...]", value))
    if not is_object(value) and not is_list(value):
        _leave_out(where, value, "JSON has no such value", notes)
        return None
    if len(around) == _deepest or id(value) in around:
        _leave_out(where, value, "nested too deeply", notes)
        return None
    if len(value) > max_bytes // 2:  # which takes more bytes, and time to look at
        _leave_out(where, value, _limit, notes)
        return None
    around = (*around, id(value))
    if not is_object(value):
        return [_copied(one, short(f"{where}[{i}]"), notes, around) for i, one in enumerate(value)]
    copied: dict[str, Any] = {}
    for key, one in value.items():
        if isinstance(key, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            key = _unicode(key, where, notes)
            copied[key] = _copied(one, _member(where, key), notes, around)
        else:
            note(notes, f"{where} has a key that is {quoted(key)}; left out: keys are text")
    return copied


def _is_json_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and is_finite_number(value)


def _unicode(text: str, where: str, notes: list[str]) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        note(notes, f"{where} has half a character in its text; it is shown as a question mark")
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def _member(where: str, key: str) -> str:
    return short(f"{where}.{key if len(key) <= 60 else key[:57] + '...'}")


def _make_it_fit(metadata: dict[str, Any], notes: list[str]) -> None:
    """Leave out the largest values, until the rest is small enough."""
    excess = _byte_count(metadata) - max_bytes
    if excess <= 0:
        return
    leaves = sorted(_leaves(metadata, "metadata"), key=lambda leaf: leaf[0], reverse=True)
    for size, holder, key, where in leaves:
        if excess <= 0:
            break
        del holder[key]
        excess -= size + _byte_count(key)
        note(notes, f"{where} has {size:,} bytes; left out: {_limit}")
    if _byte_count(metadata) > max_bytes:  # names of objects alone
        metadata.clear()
        note(notes, f"metadata has long keys; left out: {_limit}")


def _leaves(holder: dict[str, Any], where: str) -> Iterator[tuple[int, dict[str, Any], str, str]]:
    """Values that are no objects, however deep in them: bytes, holder, key, and place."""
    for key, value in holder.items():
        if is_object(value):
            yield from _leaves(value, _member(where, key))
        else:
            yield _byte_count(value), holder, key, _member(where, key)


def _byte_count(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8"))
