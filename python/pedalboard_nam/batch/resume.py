# SPDX-License-Identifier: MIT
"""What earlier runs have done, and the manifest that this one adds to.

Beside the manifest, while a run goes on, is a hidden file with the names of the outputs that were
begun: what a killed run made and had no time to write down is still known as its own.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec

from ..audio_file import StrPath
from ..manifest import Record, encode, read_records

_sync_every_s = 1.0


def recipe(model_hash: str, settings: dict[str, Any], board: str | None, depth: int | None) -> str:
    """What makes an output of an input, as a short hash."""
    said = json.dumps([model_hash, settings, board, depth], sort_keys=True)
    return sha256(said.encode()).hexdigest()


class Known(msgspec.Struct, frozen=True, gc=False):
    """What a manifest knows of an output.

    Attributes
    ----------
    made
        Whether a run has made the file, or may have.
    done
        Whether it was the last that happened, from this input by this recipe, into so many bytes.
    """

    made: bool
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
                known[os.fsdecode(name)] = Known(True, False, "", "", None)
    except FileNotFoundError:
        pass
    try:
        for r in read_records(path):
            made_of = recipe(r.model_hash, r.settings, r.board, r.bit_depth)
            done = r.status == "done"
            made = done or (r.output in known and known[r.output].made)
            known[r.output] = Known(made, done, r.input_hash, made_of, r.output_bytes)
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


def _begun_path(path: StrPath) -> str:
    text: str = os.fspath(path)
    return os.path.join(os.path.dirname(text), f".{os.path.basename(text)}.begun")
