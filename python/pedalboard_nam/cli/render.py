# SPDX-License-Identifier: MIT
"""`reamp render`: one audio file through one model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ..settings import Settings
from . import options
from .board import GateAndCabinet, board_of_file
from .messages import WrongUsage
from .playing import play_and_say_so, play_board


@options.with_settings
def render(
    source: options.Source,
    output: options.Output,
    model: options.ModelFileOrNone = None,
    *,
    settings: Settings,
    gate: options.Gate = None,
    ir: options.ImpulseResponse = None,
    board: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Instead of a model: a Python file that makes a Pedalboard called board, or a "
            "saved board, .json.",
            show_default=False,
        ),
    ] = None,
    threads: options.Threads = None,
    bit_depth: options.BitDepth = None,
    no_tags: options.NoTags = False,
    force: options.Force = False,
) -> None:
    """Play an audio file through a model.

    Rate, channels and length stay as they are, and nothing is delayed. Every channel is played for
    itself.
    """
    file_settings: dict[str, Any] = {
        "bit_depth": bit_depth,
        "overwrite": force,
        "tags": not no_tags,
    }
    if board is None and model is None:
        raise WrongUsage("Missing option '--model', or '--board'")
    if board is not None and (model, gate, ir, settings) != (None, None, None, Settings()):
        raise WrongUsage(
            "--board is played as it is: without --model, --gate and --ir, and without settings"
        )
    if output.exists() and any(file and output.samefile(file) for file in (model, ir, board)):
        raise ValueError(f"{output} is an input; name another output")
    if threads is not None and (board, gate, ir) != (None, None, None):
        raise WrongUsage("--threads is for a model alone: effects play on one thread")
    if board is not None:
        effects, automation = board_of_file(board)
        play_board(source, output, effects, automation=automation, **file_settings)
    elif model is not None and (gate, ir) != (None, None):
        from ..effect.neural_amp import NeuralAmp

        around = GateAndCabinet(gate, ir)
        effects = around(NeuralAmp(model, **settings.by_name()))
        play_board(source, output, effects, settings.output_gain_db, **file_settings)
    elif model is not None:
        reamp(model, source, output, settings, threads=threads, **file_settings)


def reamp(
    model_path: Path, source: Path, output: Path, settings: Settings, **file_settings: Any
) -> None:
    """Reamp a file and say so."""
    # pedalboard takes as long to load as all else together; --help does without.
    from ..engine.reamp_file import reamp_file
    from ..nam.model import Model

    model = Model.load(model_path)
    play_and_say_so(
        output,
        lambda progress: reamp_file(
            model, source, output, settings=settings, progress=progress, **file_settings
        ),
        settings.output_gain_db,
    )
