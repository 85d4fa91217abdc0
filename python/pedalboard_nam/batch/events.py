# SPDX-License-Identifier: MIT
"""What `reamp_files` tells of its progress."""

from __future__ import annotations

import msgspec

from ..report.manifest import Record


class Planned(msgspec.Struct, tag_field="event", tag="planned"):
    """Before the work.

    Attributes
    ----------
    jobs, inputs
        To do, and of how many inputs.
    skipped
        Jobs that are done already.
    left_out
        Files in the input folders that are no audio by their names: how many, by extension.
    """

    jobs: int
    skipped: int
    inputs: int
    left_out: dict[str, int] = {}


class Started(msgspec.Struct, tag_field="event", tag="started"):
    """An input goes to a worker, for these outputs."""

    input: str
    outputs: list[str]


class Done(msgspec.Struct, tag_field="event", tag="done"):
    """A job is done."""

    record: Record


class Failed(msgspec.Struct, tag_field="event", tag="failed"):
    """A job has failed."""

    record: Record


class Finished(msgspec.Struct, tag_field="event", tag="finished"):
    """After the work: what came of it, and where the time of the workers went.

    Attributes
    ----------
    audio_s
        Length of all outputs.
    seconds
        From the first task to the last result.
    workers
        Tasks at work at a time.
    read_seconds, dsp_seconds, write_seconds
        Of all workers together.
    lost_tags
        What outputs cannot hold of the tags of their inputs, in words.
    """

    done: int
    failed: int
    skipped: int
    audio_s: float
    seconds: float
    workers: int
    read_seconds: float
    dsp_seconds: float
    write_seconds: float
    lost_tags: list[str] = []


Event = Planned | Started | Done | Failed | Finished
