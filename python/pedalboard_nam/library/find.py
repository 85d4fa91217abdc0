# SPDX-License-Identifier: MIT
"""The model files that arguments mean, in words that tell where each one was found."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ..batch.inputs import find_files, model_extensions
from ..errors import sentence
from .capture import Capture


def find(sources: Iterable[str]) -> list[str | Capture]:
    """Paths of files; of folders, those of all `.nam` files below. What is not there has an error.

    A path begins with the argument that led to it.
    """
    found: dict[str, str | Capture] = {}
    for source in sources:
        if not os.path.isdir(source):
            found.setdefault(source, source)
            continue
        try:
            for file in find_files(source, model_extensions):
                path = os.path.join(source, os.path.relpath(file.path, os.path.abspath(source)))
                found.setdefault(path, path)
        except (OSError, ValueError) as error:
            found[source] = Capture(source, error=sentence(error))
    return list(found.values())
