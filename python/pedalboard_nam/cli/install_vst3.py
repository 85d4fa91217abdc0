# SPDX-License-Identifier: MIT
"""`reamp install-vst3`: the plug-in where a DAW looks for it."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Annotated

import typer

from .messages import printable


def install_vst3(
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="The folder to put it in; ~/.vst3 by default.", show_default=False
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", "-f", help="Replace another NeuralAmp.vst3 that is there.")
    ] = False,
) -> None:
    """Copy NeuralAmp.vst3 into the folder where VST3 hosts look for plug-ins.

    To take it away again, delete it.
    """
    from ..effect.neural_amp import bundle_path

    bundle = Path(bundle_path())
    target = (Path.home() / ".vst3" if to is None else to) / bundle.name
    if os.path.lexists(target):
        if target.is_dir() and _files(target) == _files(bundle):
            typer.echo(f"{printable(str(target))} is there already")
            return
        if not force:
            raise FileExistsError(f"{target} is there already, and another; --force replaces it")
    _put(bundle, target)
    typer.echo(f"{printable(str(target))}: let your DAW look for new plug-ins")


def _files(bundle: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(bundle)): path.read_bytes()
        for path in bundle.rglob("*")
        if path.is_file()
    }


def _put(bundle: Path, target: Path) -> None:
    """Copy a folder, which appears under its name when it is complete."""
    from ..files.new_file import make_folder

    make_folder(target.parent)
    aside = target.parent / f".{secrets.token_hex(8)}.partial"
    try:
        aside.mkdir()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from None
    try:
        shutil.copytree(bundle, aside / "new")
        try:
            if os.path.lexists(target):
                target.rename(aside / "old")  # no folder can be renamed to one that is not empty
            (aside / "new").rename(target)
        except BaseException:  # an interrupt too
            if os.path.lexists(aside / "old") and not os.path.lexists(target):
                (aside / "old").rename(target)
            raise
    finally:
        shutil.rmtree(aside)
