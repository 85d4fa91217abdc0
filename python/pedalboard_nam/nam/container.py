# SPDX-License-Identifier: MIT
"""Reads the models of a file: one, or those of a container, and all that are inside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from ..errors import ModelError
from ..wording.counted import counted
from . import limits, metadata
from .fields import Finite, ModelFields, convert, version_note
from .network import Network
from .networks import container, model_fields, readers
from .record import Record


@dataclass(frozen=True, slots=True, eq=False)
class NamSize:
    """One playable network: it is chosen by sizes below `max_value`, and the last by all others."""

    max_value: float
    loudness_db: float | None
    network: Network

    @property
    def record(self) -> Record:
        return self.network.record


class _Submodel(msgspec.Struct):
    max_value: Finite
    model: dict[str, Any]


class _Container(msgspec.Struct):
    submodels: list[_Submodel]


class Sizes:
    """The networks of one file. Its sample rate, and limits against endless nesting, span all.

    Attributes
    ----------
    rate_hz
        Of all models that state one; None if none does.
    notes
        Sentences about what does not play as it is written, or does not play at all.
    """

    def __init__(self) -> None:
        self._models = 0
        self._depth = 0
        self.rate_hz: float | None = None
        self._rate_field = ""
        self.notes: list[str] = []

    def of(
        self, model: ModelFields, where: str = "", outer_loudness_db: float | None = None
    ) -> list[NamSize]:
        """The sizes of a model; `where` is empty at the root, or ends in a dot.

        The root alone is asked for the smaller sizes of a slimmable network: what is inside others
        plays at full size.
        """
        self._enter(where)
        self._agree_on_rate(model.sample_rate, f"{where}sample_rate")
        if (note := version_note(model.version, f"{where}version")) is not None:
            self.note(note)
        loudness_db = metadata.loudness_db(model.metadata, f"{where}metadata", self.notes)
        if loudness_db is None:
            loudness_db = outer_loudness_db
        if model.architecture == container:
            sizes = self._container_sizes(model, f"{where}config", loudness_db)
        else:
            full = readers[model.architecture](model, where, self)
            if full.outputs > limits.max_channels:
                raise ModelError(
                    f"{where}config gives {full.outputs} channels; "
                    f"accepted are at most {limits.max_channels}"
                )
            smaller = () if where else full.smaller()
            sizes = [NamSize(max_value, None, network) for max_value, network in smaller]
            sizes.append(NamSize(1.0, loudness_db, full))
            if not where:
                _check_mono(full, "config")
        self._depth -= 1
        return sizes

    def full(self, tree: Any, where: str) -> Network:
        """A model inside another: the reference never sizes it."""
        return self.of(model_fields(tree, where), where)[-1].network

    def note(self, sentence: str) -> None:
        metadata.note(self.notes, sentence)

    def _enter(self, where: str) -> None:
        self._models += 1
        self._depth += 1
        field = where.removesuffix(".")
        if self._depth > limits.max_depth:
            raise ModelError(f"{field}: models inside models, more than {limits.max_depth} deep")
        if self._models > limits.max_models:
            raise ModelError(f"{field}: more than {limits.max_models} models in one file")

    def _container_sizes(
        self, model: ModelFields, where: str, loudness_db: float | None
    ) -> list[NamSize]:
        submodels = convert(model.config, _Container, where).submodels
        if not 1 <= len(submodels) <= limits.max_sizes:
            raise ModelError(
                f"{where}.submodels has {counted(len(submodels), 'entry', 'entries')}; "
                f"accepted are 1 to {limits.max_sizes}"
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
            if where == "config":  # of the file itself
                _check_mono(chosen.network, f"{field}.model.config")
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


def _check_mono(network: Network, where: str) -> None:
    if (network.inputs, network.outputs) != (1, 1):
        raise ModelError(
            f"{where}: channels in and out are {network.inputs} and {network.outputs}; "
            "those of an amp are 1 and 1"
        )
