# SPDX-License-Identifier: MIT
"""The manifest: one line of JSON for every job that ended, in a file that only grows.

Of several lines for one output the last counts. A line that is cut off, by a kill or a full disk,
is no line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from ..files.new_file import StrPath


class Record(msgspec.Struct, kw_only=True):
    """One job: what was to be played, and what came of it.

    Attributes
    ----------
    status
        ``"done"`` or ``"failed"``.
    input, model
        Absolute paths; the model's is empty if it was not loaded from a file.
    output
        Path from the manifest's folder.
    input_hash, model_hash
        SHA-256 of the input file, and of the model as release 0.1 knew it if it could play it;
        empty if it could not be read.
    model_name
        As in `Model.name`.
    settings
        All settings of `Stream`.
    seed, draw
        What the settings were drawn with, and the number of the draw from 0.
    board
        The effects around the amp in words, or None.
    bit_depth
        As it was asked for, or None for the format's own.
    versions
        Of ``pedalboard_nam`` and ``pedalboard``.
    isa
        Kernels that played.
    sample_rate, num_channels, frames, duration_s
        Size of the audio.
    peak_dbfs
        Largest absolute sample before the format cut it; None for silence.
    clipped
        Whether the format did cut it.
    loudness_db
        RMS of all samples of all channels, in dB re full scale (a constant of 1.0 has 0 dB); None
        for silence.
    output_bytes
        Size of the file.
    seconds, dsp_seconds
        Time that the job took, with its part of reading the input; and in the engine and effects.
    error
        Why it failed, or None.
    """

    status: Literal["done", "failed"]
    input: str
    model: str
    output: str
    input_hash: str
    model_hash: str
    model_name: str
    settings: dict[str, Any]
    seed: int
    draw: int
    board: str | None
    bit_depth: int | str | None
    versions: dict[str, str]
    isa: str | None = None
    sample_rate: float | None = None
    num_channels: int | None = None
    frames: int | None = None
    duration_s: float | None = None
    peak_dbfs: float | None = None
    clipped: bool | None = None
    loudness_db: float | None = None
    output_bytes: int | None = None
    seconds: float | None = None
    dsp_seconds: float | None = None
    error: str | None = None


def encode(record: msgspec.Struct) -> bytes:
    """The record as JSON on one line."""
    try:
        return msgspec.json.encode(record)
    except UnicodeEncodeError:  # a name that is not UTF-8, which Python's own JSON can carry
        return json.dumps(msgspec.to_builtins(record)).encode()


def _decode(line: bytes) -> Record:
    try:
        return msgspec.json.decode(line, type=Record)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return msgspec.convert(json.loads(line), Record)


def read_records(path: StrPath) -> Iterator[Record]:
    """All records in a manifest, in the order of its lines.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If its first line is no record, nor the beginning of one.
    """
    is_manifest = False
    with open(path, "rb") as file:
        for line in file:
            try:
                record = _decode(line)
            except ValueError as error:
                is_cut = line.startswith(b"{") and not isinstance(error, msgspec.ValidationError)
                if is_manifest or is_cut or not line.strip():
                    continue
                raise ValueError(f"{os.fspath(path)}: this is no manifest: {error}") from None
            is_manifest = True
            yield record


class Manifest:
    """What `reamp_files` returns.

    Attributes
    ----------
    path
        Of the file.
    done, skipped
        Jobs that this run did, and that it found done.
    failures
        Records of the jobs that failed in this run.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.done = 0
        self.skipped = 0
        self.failures: list[Record] = []

    @property
    def records(self) -> list[Record]:
        """The last record of every output, of this run and earlier ones, as the file has it."""
        if not os.path.exists(self.path):
            return []
        return list({record.output: record for record in read_records(self.path)}.values())

    def __repr__(self) -> str:
        return (
            f"<pedalboard_nam.Manifest {self.path!r} {self.done} done, "
            f"{self.skipped} skipped, {len(self.failures)} failed>"
        )
