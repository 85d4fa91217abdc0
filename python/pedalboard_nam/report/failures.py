# SPDX-License-Identifier: MIT
"""Jobs that failed, by what is wrong: a bad file is one failure, however many outputs it has."""

from __future__ import annotations

from collections.abc import Iterable

from ..wording.counted import counted
from .manifest import Record


def by_reason(failed: Iterable[Record]) -> dict[str, list[Record]]:
    """The records of each reason, in their order."""
    groups: dict[str, list[Record]] = {}
    for record in failed:
        groups.setdefault(record.error or "no reason is known", []).append(record)
    return groups


def in_sentences(failed: Iterable[Record]) -> list[str]:
    """A sentence for each reason, with the output, or how many there are."""
    return [
        f"{records[0].output}: {reason}"
        if len(records) == 1
        else f"{reason} ({counted(len(records), 'output')})"
        for reason, records in by_reason(failed).items()
    ]
