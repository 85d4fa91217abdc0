# SPDX-License-Identifier: MIT
"""Reads `.nam` files: JSON of many origins goes in, a few checked values and the weights come out.

Everything a file may get wrong ends here, as a `ModelError` that names the file and the field.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from ..errors import ModelError
from .container import NamSize, Sizes
from .fields import known_metadata
from .nam_json import Source, open_source, parse
from .networks import model_fields

max_metadata_bytes = 256 << 10
default_sample_rate_hz = 48_000.0


@dataclass(frozen=True, slots=True, eq=False)
class NamFile:
    """What a valid `.nam` file says, defaults filled in and nested containers flattened."""

    name: str
    version: str
    sample_rate_hz: float
    input_level_dbu: float | None
    output_level_dbu: float | None
    metadata: dict[str, Any]
    sizes: tuple[NamSize, ...]


def load(source: Source) -> NamFile:
    """Read and check a `.nam` file.

    Parameters
    ----------
    source
        A path; the file's bytes; a binary file object, read to its end; or the parsed JSON object,
        which is not changed and not kept.

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
    try:
        tree = content if isinstance(content, dict) else parse(content)
        return _read(tree, stem)
    except RecursionError:
        raise ModelError(f"{label}: the JSON is nested too deeply") from None
    except ModelError as error:
        raise ModelError(f"{label}: {error}") from None


def _read(tree: Any, stem: str | None) -> NamFile:
    model = model_fields(tree, "")
    networks = Sizes()
    sizes = networks.of(model)
    metadata = known_metadata(model, "")
    name = metadata.name or stem or "untitled"
    return NamFile(
        # A file name may hold what is not Unicode; the model image may not.
        name=name.encode("utf-8", "replace").decode("utf-8"),
        version=model.version,
        sample_rate_hz=networks.rate_hz or default_sample_rate_hz,
        input_level_dbu=metadata.input_level_dbu,
        output_level_dbu=metadata.output_level_dbu,
        metadata=_json_copy(model.metadata or {}),
        sizes=tuple(sizes),
    )


def _json_copy(metadata: dict[str, Any]) -> dict[str, Any]:
    """A copy nobody else holds, after proof that it is JSON all the way down."""
    try:
        text = json.dumps(metadata, allow_nan=False, ensure_ascii=False)
        size = len(text.encode("utf-8"))
        metadata = msgspec.json.decode(text)
    except (TypeError, ValueError, msgspec.DecodeError) as error:
        raise ModelError(f"metadata is not JSON: {error}") from None
    if size > max_metadata_bytes:
        raise ModelError(f"metadata is {size} bytes; accepted are {max_metadata_bytes}")
    return metadata
