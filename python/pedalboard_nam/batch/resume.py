# SPDX-License-Identifier: MIT
"""What earlier runs have done, and the manifest that this one adds to.

Beside the manifest, while a run goes on, is a hidden file with the names of the outputs that were
begun: what a killed run made and had no time to write down is still known as its own.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from hashlib import sha256
from threading import Lock
from typing import Any, BinaryIO

import msgspec

from ..audio.reader import StrPath
from ..files.file_lock import lock_for_process
from ..report.manifest import Record, encode, read_records
from ..settings import without_defaults

_sync_every_s = 1.0


def recipe(
    model_hash: str, settings: dict[str, Any], board: str | None, depth: int | str | None
) -> str:
    """What makes an output of an input, as a short hash.

    Defaults are left out: a setting that is new does not change what was made without it.
    """
    said = json.dumps([model_hash, without_defaults(settings), board, depth], sort_keys=True)
    return sha256(said.encode()).hexdigest()


class Known(msgspec.Struct, frozen=True, gc=False):
    """What a manifest knows of an output.

    Attributes
    ----------
    made
        Whether a run has made the file, or may have.
    done
        Whether it was the last that happened, from this input by this recipe, into so many bytes.
    error
        Why it failed, if that was the last that happened.
    """

    made: bool
    done: bool
    input_hash: str
    recipe: str
    output_bytes: int | None
    error: str | None = None


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
            known[r.output] = Known(made, done, r.input_hash, made_of, r.output_bytes, r.error)
    except FileNotFoundError:
        pass
    return known


_at_work: set[str] = set()  # manifests that runs of this process write
_at_work_lock = Lock()


def _refuse_if_at_work(path: StrPath) -> None:
    if os.path.abspath(path) in _at_work:
        raise _at_work_error(path)


def _at_work_error(path: StrPath) -> BlockingIOError:
    return BlockingIOError(errno.EAGAIN, "another run is at work here", os.fspath(path))


class ManifestWriter:
    """A manifest that a run adds to; no other run can at the same time.

    Parameters
    ----------
    path
        Of the manifest.
    known_bytes
        Its size when it was read, if nobody is to have added to it since.

    Attributes
    ----------
    follows_a_killed_run
        Whether the run before has left outputs begun.

    Raises
    ------
    BlockingIOError
        If another run does, or has since the manifest was read.
    OSError
        If it cannot be written.
    """

    def __init__(self, path: StrPath, known_bytes: int | None = None) -> None:
        self._path = os.path.abspath(path)
        self._is_complete = False
        with _at_work_lock:
            _refuse_if_at_work(path)
            _at_work.add(self._path)
        with ExitStack() as undo:
            undo.callback(_at_work.discard, self._path)
            self._begun = undo.enter_context(self._locked())
            undo.callback(self._remove_begun)
            self.follows_a_killed_run = self._begun.tell() > 0
            self._file = undo.enter_context(open(self._path, "a+b", buffering=0))
            size = self._file.tell()
            if known_bytes not in (None, size):
                raise BlockingIOError(
                    errno.EAGAIN, "another run was at work here meanwhile; start again", self._path
                )
            # After half a line, that of a killed run, the next one starts anew.
            if size and os.pread(self._file.fileno(), 1, size - 1) != b"\n":
                self._write(b"\n")
            self._synced_s = time.monotonic()
            self._open = undo.pop_all()

    def _locked(self) -> BinaryIO:
        """The list of outputs begun, locked.

        The lock is the process's: forked workers would inherit one of the file, and may live longer
        than a killed run. Hence `_refuse_if_at_work` for other runs in this process.
        """
        path = _begun_path(self._path)
        while True:
            file = open(path, "ab", buffering=0)  # noqa: SIM115
            try:
                lock_for_process(file)
            except BlockingIOError:
                file.close()
                raise _at_work_error(self._path) from None
            except OSError:
                return file  # a file system without locks
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                    return file
            file.close()  # the run that had the lock has removed this one

    def _remove_begun(self) -> None:
        """If nothing is in it that another run needs to know; before the lock is gone."""
        if self._is_complete or not os.fstat(self._begun.fileno()).st_size:
            with suppress(FileNotFoundError):
                os.unlink(_begun_path(self._path))

    def begin(self, outputs: Iterable[str]) -> None:
        """Note outputs that are about to be made."""
        self._begun.write(b"".join(os.fsencode(output) + b"\0" for output in outputs))

    def add(self, record: Record) -> None:
        """Append a record; it is safe from a kill at once."""
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
        with self._open:
            os.fsync(self._file.fileno())
            self._is_complete = complete


def _begun_path(path: StrPath) -> str:
    text: str = os.fspath(path)
    return os.path.join(os.path.dirname(text), f".{os.path.basename(text)}.begun")
