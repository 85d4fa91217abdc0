# SPDX-License-Identifier: MIT
"""What notebooks show of a model: a table of what there is to know about it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .._core import NetworkInfo
from ..wording.printable import in_short
from .description import label, names, words

if TYPE_CHECKING:
    from .model import Model


def card(model: Model, networks: Sequence[NetworkInfo]) -> str:
    """The model in HTML; `networks` are its own."""
    metadata = model.metadata
    gear = (str(metadata[key]) for key in ("gear_make", "gear_model") if metadata.get(key))
    facts = [
        ("Made by", metadata.get("modeled_by")),
        ("Gear", " ".join(gear)),
        ("Tone", metadata.get("tone_type")),
        ("Kind", model.description),
        ("Sample rate", f"{model.sample_rate:g} Hz"),
        ("Input level", _unit(model.input_level_dbu, "dBu")),
        ("Output level", _unit(model.output_level_dbu, "dBu")),
    ]
    named = [(label(network), words(network)) for network in networks]
    for name, size in zip(names(named), model.sizes, strict=True):
        loudness = _unit(size.loudness_db, "dB") or "unknown"
        facts.append((f"Size {name}", f"{size.weights:,} weights, loudness {loudness}"))
    facts += [("Note", note) for note in model.notes]
    rows = "".join(
        f"<tr><th style='text-align:left'>{html.escape(label)}</th>"
        f"<td style='text-align:left'>{html.escape(in_short(str(fact)))}</td></tr>"
        for label, fact in facts
        if fact
    )
    return f"<table><caption><b>{html.escape(in_short(model.name))}</b></caption>{rows}</table>"


def _unit(value: float | None, unit: str) -> str | None:
    return None if value is None else f"{value:.2f} {unit}"
