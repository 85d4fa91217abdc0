# SPDX-License-Identifier: MIT
"""Reads the networks of a file: one, or those of a container, nested ones flattened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from ..errors import ModelError
from . import metadata
from .fields import Finite, ModelFields, convert
from .networks import container, model_fields, readers
from .record import Record

max_sizes = 64
max_models = 256


@dataclass(frozen=True, slots=True, eq=False)
class NamSize:
    """One playable network: it is chosen by sizes below `max_value`, and the last by all others."""

    max_value: float
    loudness_db: float | None
    record: Record


class _Submodel(msgspec.Struct):
    max_value: Finite
    model: dict[str, Any]


class _Container(msgspec.Struct):
    submodels: list[_Submodel]


class Sizes:
    """The networks of one file. Its sample rate, and a count against endless nesting, span all.

    Attributes
    ----------
    rate_hz
        Of all models that state one; None if none does.
    notes
        Sentences about what does not play, and is not as it should be.
    """

    def __init__(self) -> None:
        self._models = 0
        self.rate_hz: float | None = None
        self._rate_field = ""
        self.notes: list[str] = []

    def of(
        self, model: ModelFields, where: str = "", outer_loudness_db: float | None = None
    ) -> list[NamSize]:
        """The sizes of a model; `where` is empty at the root, or ends in a dot."""
        self._models += 1
        if self._models > max_models:
            raise ModelError(f"{where}config.submodels: more than {max_models} models in one file")
        self._agree_on_rate(model.sample_rate, f"{where}sample_rate")
        loudness_db = metadata.loudness_db(model.metadata, f"{where}metadata", self.notes)
        if loudness_db is None:
            loudness_db = outer_loudness_db
        if model.architecture == container:
            return self._container_sizes(model, f"{where}config", loudness_db)
        return [NamSize(1.0, loudness_db, readers[model.architecture](model, where))]

    def _container_sizes(
        self, model: ModelFields, where: str, loudness_db: float | None
    ) -> list[NamSize]:
        submodels = convert(model.config, _Container, where).submodels
        if not 1 <= len(submodels) <= max_sizes:
            raise ModelError(
                f"{where}.submodels has {len(submodels)} entries; accepted are 1 to {max_sizes}"
            )
        sizes: list[NamSize] = []
        for i, submodel in enumerate(submodels):
            field = f"{where}.submodels[{i}]"
            max_value, is_last = submodel.max_value, i == len(submodels) - 1
            if sizes and max_value <= sizes[-1].max_value:
                raise ModelError(f"{field}.max_value is {max_value}; it must exceed the previous")
            if is_last and max_value < 1.0:
                raise ModelError(f"{field}.max_value is {max_value}; the last must reach 1.0")
            # A container's loudness is that of its last, full network and of no other. The same
            # network stands for a container inside a container: the reference never sizes it.
            inner = model_fields(submodel.model, f"{field}.model.")
            chosen = self.of(inner, f"{field}.model.", loudness_db if is_last else None)[-1]
            sizes.append(replace(chosen, max_value=max_value))
        return sizes

    def _agree_on_rate(self, rate_hz: float | None, field: str) -> None:
        if rate_hz is None:
            return
        if self.rate_hz is None:
            self.rate_hz, self._rate_field = rate_hz, field
        if rate_hz != self.rate_hz:
            raise ModelError(
                f"{field} is {rate_hz} but {self._rate_field} is {self.rate_hz}; "
                "all models of a file share one rate"
            )
