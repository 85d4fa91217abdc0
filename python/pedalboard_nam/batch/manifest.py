# SPDX-License-Identifier: MIT
"""The manifest: one line of JSON for every job that ended, in a file that only grows.

Of several lines for one output the last counts. A line that is cut off, by a kill or a full disk,
is no line. Beside the manifest, while a run goes on, is a hidden file with the names of the outputs
that were begun: what a killed run made and had no time to write down is still known as its own.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Literal

import msgspec

from ..audio_file import StrPath

_sync_every_s = 1.0


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
        SHA-256 of the input file and of `Model.to_bytes`; empty if it could not be read.
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
    bit_depth: int | None
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


def recipe(model_hash: str, settings: dict[str, Any], board: str | None, depth: int | None) -> str:
    """What makes an output of an input, as a short hash."""
    said = json.dumps([model_hash, settings, board, depth], sort_keys=True)
    return sha256(said.encode()).hexdigest()


class Known(msgspec.Struct, frozen=True, gc=False):
    """What a manifest knows of an output."""

    done: bool
    input_hash: str
    recipe: str
    output_bytes: int | None


def read_known(path: StrPath) -> dict[str, Known]:
    """By output, what the manifest and the list of outputs begun know; empty if there is none."""
    _refuse_if_at_work(path)
    known: dict[str, Known] = {}
    try:
        with open(_begun_path(path), "rb") as file:
            for name in file.read().split(b"\0")[:-1]:
                known[os.fsdecode(name)] = Known(False, "", "", None)
    except FileNotFoundError:
        pass
    try:
        for r in read_records(path):
            made_of = recipe(r.model_hash, r.settings, r.board, r.bit_depth)
            known[r.output] = Known(r.status == "done", r.input_hash, made_of, r.output_bytes)
    except FileNotFoundError:
        pass
    return known


_at_work: set[str] = set()  # manifests that runs of this process write


def _refuse_if_at_work(path: StrPath) -> None:
    if os.path.abspath(path) in _at_work:
        raise _at_work_error(path)


def _at_work_error(path: StrPath) -> BlockingIOError:
    return BlockingIOError(errno.EAGAIN, "another run is at work here", os.fspath(path))


class ManifestWriter:
    """A manifest that a run adds to; no other run can at the same time.

    Attributes
    ----------
    follows_a_killed_run
        Whether the run before has left outputs begun.

    Raises
    ------
    BlockingIOError
        If another run does.
    OSError
        If it cannot be written.
    """

    def __init__(self, path: StrPath) -> None:
        self._path = os.path.abspath(path)
        _refuse_if_at_work(path)
        self.follows_a_killed_run = os.path.exists(_begun_path(path))
        self._begun = open(_begun_path(path), "ab", buffering=0)  # noqa: SIM115
        self._lock()
        self._file = open(self._path, "a+b", buffering=0)  # noqa: SIM115
        # After half a line, that of a killed run, the next one starts anew.
        if self._file.tell() and os.pread(self._file.fileno(), 1, self._file.tell() - 1) != b"\n":
            self._write(b"\n")
        self._synced_s = time.monotonic()

    def _lock(self) -> None:
        # Not flock: forked workers would inherit that, and may live longer than a killed run.
        # Another run in this process would be let in, though, hence `_refuse_if_at_work`.
        try:
            fcntl.lockf(self._begun, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            self._begun.close()
            raise _at_work_error(self._path) from None
        except OSError:
            pass  # a file system without locks
        _at_work.add(self._path)

    def begin(self, outputs: Iterable[str]) -> None:
        """Note outputs that are about to be made."""
        self._begun.write(b"".join(os.fsencode(output) + b"\0" for output in outputs))

    def add(self, record: Record) -> None:
        """Append a record; it is safe from a kill at once, from a power cut in a second."""
        self._write(encode(record) + b"\n")
        if time.monotonic() > self._synced_s + _sync_every_s:
            os.fsync(self._file.fileno())
            self._synced_s = time.monotonic()

    def _write(self, line: bytes) -> None:
        while line:
            try:
                line = line[self._file.write(line) :]
            except OSError as error:
                raise OSError(error.errno, error.strerror, self._path) from None

    def close(self, *, complete: bool) -> None:
        """End; `complete` says that every output begun has its record."""
        os.fsync(self._file.fileno())
        self._file.close()
        if complete:
            os.unlink(_begun_path(self._path))
        self._begun.close()
        _at_work.discard(self._path)


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


def _begun_path(path: StrPath) -> str:
    text: str = os.fspath(path)
    return os.path.join(os.path.dirname(text), f".{os.path.basename(text)}.begun")
