# SPDX-License-Identifier: MIT
"""Reads `.nam` files: JSON of many origins goes in, a few checked values and the weights come out.

Everything a file may get wrong ends here, as a `ModelError` that names the file and the field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import ModelError
from ..wording.places import short
from . import metadata
from .container import NamSize, Sizes
from .nam_json import Source, open_source, parse
from .networks import model_fields

default_sample_rate_hz = 48_000.0


@dataclass(frozen=True, slots=True, eq=False)
class NamFile:
    """What a valid `.nam` file says, defaults filled in and nested containers flattened.

    `source` is what errors call the file; `notes` are sentences about what does not play, and was
    left out or not taken as it is.
    """

    source: str
    name: str
    version: str
    sample_rate_hz: float
    input_level_dbu: float | None
    output_level_dbu: float | None
    metadata: dict[str, Any]
    sizes: tuple[NamSize, ...]
    notes: tuple[str, ...]


def load(source: Source) -> NamFile:
    """Read and check a `.nam` file.

    Parameters
    ----------
    source
        A path; the file's bytes; a binary file object, read to its end; or the parsed JSON object,
        whose weights may be NumPy arrays; it is not changed and not kept.

    Raises
    ------
    ModelError
        If this is not a usable model. The message names the file and the field.
    OSError
        If a path does not exist or cannot be read.
    TypeError
        If `source` is none of the above.
    """
    label, stem, content = open_source(source)
    notes: list[str] = []
    try:
        tree = content if isinstance(content, dict) else parse(content, notes)
        return _read(tree, label, stem, notes)
    except RecursionError:
        raise ModelError(f"{label}: the JSON is nested too deeply") from None
    except ModelError as error:
        place, space, why = str(error).partition(" ")
        raise ModelError(f"{label}: {short(place)}{space}{why}") from None


def _read(tree: Any, label: str, stem: str | None, notes: list[str]) -> NamFile:
    model = model_fields(tree, "")
    networks = Sizes()
    sizes = networks.of(model)
    said = metadata.kept(model.metadata, notes)
    name = said.get("name") or stem or "untitled"
    return NamFile(
        source=label,
        # A file name may hold what is not Unicode; the model image may not.
        name=name.encode("utf-8", "replace").decode("utf-8"),
        version=model.version,
        sample_rate_hz=networks.rate_hz or default_sample_rate_hz,
        input_level_dbu=said.get("input_level_dbu"),
        output_level_dbu=said.get("output_level_dbu"),
        metadata=said,
        sizes=tuple(sizes),
        notes=tuple(dict.fromkeys([*notes, *networks.notes])),
    )
