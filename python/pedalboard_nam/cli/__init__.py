# SPDX-License-Identifier: MIT
"""The command line, `reamp`: one module for each command, and one place where errors end."""

from __future__ import annotations

import os
import signal
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from .._core import isa
from . import (
    batch,
    bench,
    bounce,
    compare,
    demo,
    info,
    install_vst3,
    preset,
    render,
    session,
    show,
    sweep,
)
from .messages import complain

app = typer.Typer(
    name="reamp",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("render")(render.render)
app.command("batch")(batch.batch)
app.command("bounce")(bounce.bounce)
app.command("preset")(preset.preset)
app.command("session")(session.session)
app.command("install-vst3")(install_vst3.install_vst3)
app.command("info")(info.info)
app.command("compare")(compare.compare)
app.command("demo")(demo.demo)
app.command("bench")(bench.bench)
app.command("show")(show.show)
app.command("sweep")(sweep.sweep)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reamp {version('pedalboard-nam')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def reamp(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Play audio through Neural Amp Modeler models."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
    else:
        isa()  # a choice in the environment that cannot be met ends here, in a line


def main() -> None:
    """Run `reamp` and end the process: 0 if all went well, 1 if not, 2 for wrong usage."""
    for ending in (signal.SIGTERM, signal.SIGHUP):  # asked to, or the terminal is gone
        if signal.getsignal(ending) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(ending, _end_after_cleaning_up)
    sys.exit(_exit_code())


def _end_after_cleaning_up(number: int, _: object) -> None:
    sys.exit(128 + number)


def _exit_code() -> int:
    try:
        code = app(prog_name="reamp", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python's last flush must not complain of that.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ImportError, OSError, ValueError) as error:  # no import: an extra is not installed
        return complain(error)
    except Exception as error:
        # Typer has its own copy of click or depends on it, by version: usage errors look like this.
        message = getattr(error, "format_message", None)
        if message is None:
            raise
        complain(message())
        return getattr(error, "exit_code", 2)
    if code == 130:
        complain("interrupted")
    return code if isinstance(code, int) else 0
