# SPDX-License-Identifier: MIT
"""`reamp preset`: a model and its settings as a `.vstpreset` for any VST3 host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..settings import Settings
from . import options
from .messages import in_short, printable


@options.with_settings
def preset(
    model: options.ModelFile,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="OUT", help="The .vstpreset to make.", show_default=False
        ),
    ],
    *,
    settings: Settings,
    force: options.Force = False,
) -> None:
    """Write a preset for NeuralAmp.vst3, with the model in it.

    The last line names the plug-in, which a host loads it into.
    """
    from ..effect.neural_amp import NeuralAmp, bundle_path
    from ..files.new_file import renamed_when_complete

    if not output.name.lower().endswith(".vstpreset"):
        raise ValueError(f"{output}: give the preset a name that ends in .vstpreset")
    if output.exists() and output.samefile(model):
        raise ValueError(f"{output} is the model: the preset needs another name")
    amp = NeuralAmp(model, **settings.by_name())
    with options.force_replaces(), renamed_when_complete(output, overwrite=force) as file:
        file.write(amp.preset_data)
    typer.echo(f"{printable(str(output))}: {in_short(amp.model.name)}")
    typer.echo(f"For the plug-in {printable(bundle_path())}")
