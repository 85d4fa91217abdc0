# SPDX-License-Identifier: MIT
"""Models of a batch: looked at before the work, and then each loaded once in a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock

from ..errors import ModelError
from ..nam.model import Model
from ..nam.old_model_image import release_0_1
from .inputs import Found

# 60 kB each, and as much again when played.
_kept_models = 512
_loading = Lock()


class BadModels(ModelError):
    """Models that cannot be loaded.

    Attributes
    ----------
    reasons
        A sentence for each, which are the lines of the message.
    """

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model that any process can load.

    Attributes
    ----------
    path
        Of the `.nam` file, or empty.
    place
        What names of outputs call it.
    name, hash
        Name and content of the model; empty if it cannot be loaded.
    image
        The model itself where there is no file.
    error
        Why it cannot be loaded, or empty.
    """

    path: str
    place: str
    name: str
    hash: str
    image: bytes | None = None
    error: str = ""

    @classmethod
    def of_file(cls, found: Found) -> ModelSource:
        """Load a file, to know what is in it.

        Raises
        ------
        ModelError, OSError
            If it is not a usable model.
        """
        model = Model.load(found.path)
        place = found.place.replace("/", "-")
        return cls(found.path, place, model.name, _content_hash(model))

    @classmethod
    def of_model(cls, model: Model) -> ModelSource:
        """A model that is loaded already."""
        place = "".join("-" if c in "/\\" else c for c in model.name)
        return cls("", place, model.name, _content_hash(model), model.to_bytes())

    def __str__(self) -> str:
        return self.path or self.name

    def load(self) -> Model:
        """The model, from memory if this process has played it before.

        Raises
        ------
        ModelError, OSError
            If it is not a usable model any more.
        ValueError
            If it is another than when the batch was planned.
        """
        with _loading:  # two threads that want the same one at once load it once
            return _load(self)


@lru_cache(_kept_models)
def _load(source: ModelSource) -> Model:
    if source.image is not None:
        return Model.from_bytes(source.image)
    model = Model.load(source.path)
    if _content_hash(model) != source.hash:
        raise ValueError(f"{source.path}: this model has changed since the batch began")
    return model


def _content_hash(model: Model) -> str:
    return sha256(release_0_1(model.to_bytes())).hexdigest()
