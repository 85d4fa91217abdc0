# SPDX-License-Identifier: MIT
"""Two ways to run `reamp`: as its users do, and where the tests are, which takes no time."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer.main

from pedalboard_nam.cli import main

# All options of all commands are read for every run: 20 ms each, which a process needs once.
_get_command = functools.cache(typer.main.get_command)

command = [sys.executable, "-m", "pedalboard_nam.cli"]


@dataclass(frozen=True)
class Done:
    """How it ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Reamp = Callable[..., Done]


def run_process(folder: Path, arguments: tuple[str | Path, ...], prefix: tuple[str, ...]) -> Done:
    """Run `reamp` in `folder`, in a process of its own; the command follows `prefix`."""
    done = subprocess.run(
        [*prefix, *command, *map(os.fspath, arguments)],
        cwd=folder,
        env=os.environ,  # without the COLUMNS that pytest's readline has set behind Python's back
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=60,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def run_here(
    folder: Path, arguments: tuple[str | Path, ...], capture: pytest.CaptureFixture[str]
) -> Done:
    """Run `reamp` in `folder`, in this process."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", _get_command)
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["reamp", *map(os.fspath, arguments)])
        with pytest.raises(SystemExit) as exit:
            main()
    for number, handler in handlers.items():
        signal.signal(number, handler)
    printed = capture.readouterr()
    return Done(exit.value.code, printed.out, printed.err)
