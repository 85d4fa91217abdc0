# SPDX-License-Identifier: MIT
"""What all models in a `.nam` file have, whatever their architecture."""

from __future__ import annotations

import re
import sys
from typing import Annotated, Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from ..errors import ModelError
from ..wording.quoted import is_list, is_object, quoted
from .expected import expected, found

min_sample_rate_hz = 8_000.0
max_sample_rate_hz = 384_000.0

# Bounds also keep NaN and infinities out, which Python's JSON reader accepts.
Finite = Annotated[float, msgspec.Meta(ge=-sys.float_info.max, le=sys.float_info.max)]
_Rate = Annotated[float, msgspec.Meta(ge=min_sample_rate_hz, le=max_sample_rate_hz)]


class Header(msgspec.Struct):
    """Read before the rest, because a later version may have changed the rest."""

    version: str
    architecture: str


class ModelFields(Header):
    config: dict[str, Any]
    weights: list[float] | None = None
    sample_rate: _Rate | None = None
    metadata: Any = None  # which `metadata.py` reads: it does not play


def checked_header(tree: Any, where: str) -> Header:
    """Version and architecture; `where` is empty at the root, or ends in a dot."""
    header = convert(tree, Header, where.removesuffix("."))
    _check_version(header.version, f"{where}version")
    return header


def version_note(version: str, where: str) -> str | None:
    """What to say about a version that was checked: of newer ones not all may be known."""
    numbers = _version.match(version)
    if numbers is None or (int(numbers[2]), int(numbers[3])) <= (7, 0):
        return None
    return f"{where} is {quoted(version)}; it is read as 0.7.0, the newest that is known"


# Suffixes pass, and patch levels do: within a minor version every field still is checked.
_version = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})\.([0-9]{1,6})([-+][0-9A-Za-z.+-]{,60})?")


def _check_version(version: str, where: str) -> None:
    numbers = _version.fullmatch(version)
    if numbers is None:
        raise ModelError(f'{where} is {quoted(version)}; expected three numbers, as in "0.7.0"')
    minor = int(numbers[1]), int(numbers[2])
    if minor > (0, 7):
        raise ModelError(
            f"{where} is {quoted(version)}; this release reads 0.5 to 0.7: "
            "upgrade pedalboard-nam, or export the model as 0.7"
        )
    if minor < (0, 5):
        raise ModelError(
            f"{where} is {quoted(version)}, which is too old; accepted are 0.5 to 0.7: "
            "train the model again with a current trainer"
        )


_T = TypeVar("_T")


def convert(tree: Any, schema: type[_T], where: str) -> _T:
    try:
        return msgspec.convert(tree, schema)
    except UnicodeEncodeError:
        raise ModelError(
            f"{where or 'the file'} has a key with half a surrogate pair; keys are Unicode text"
        ) from None
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        field = (where + path.rstrip("`")).lstrip(".")
        missing = re.fullmatch(r"Object missing required field `(\w+)`", problem)
        if missing:
            raise ModelError(f"{field}.{missing[1]}".lstrip(".") + " is missing") from None
        value = tree
        for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", path):
            value = value[key or int(index)]
        raise ModelError(f"{field or 'the file'} is {found(value)}; {expected(problem)}") from None


def read_config(model: ModelFields, schema: type[_T], where: str, without: str = "") -> _T:
    """A model's config, or all of it but one field; `where` is the place of the model.

    Whole numbers may be written as 4.0.
    """
    fields = {key: value for key, value in model.config.items() if key != without}
    return convert(_with_integers(fields), schema, f"{where}config")


def _with_integers(tree: Any) -> Any:
    if is_object(tree):
        return {key: _with_integers(value) for key, value in tree.items()}
    if is_list(tree):
        return [_with_integers(value) for value in tree]
    is_integer = isinstance(tree, float) and tree.is_integer() and abs(tree) < 1 << 53
    return int(tree) if is_integer else tree


def checked_weights(
    values: list[float] | None, count: int, of: str, where: str
) -> npt.NDArray[np.float32]:
    """The weights of `of`, which has so many."""
    if values is None or len(values) != count:
        has = (
            "is missing"
            if values is None
            else f"has {len(values)} value" + "s" * (len(values) != 1)
        )
        raise ModelError(f"{where} {has}; {of} has exactly {count}")
    with np.errstate(over="ignore"):
        weights = np.array(values, dtype="<f4")
    finite = np.isfinite(weights)
    if not finite.all():
        first = int(finite.argmin())
        raise ModelError(f"{where}[{first}] is {quoted(values[first])}; expected a finite float32")
    return weights
