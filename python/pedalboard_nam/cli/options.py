# SPDX-License-Identifier: MIT
"""Options that several commands share. Those for settings are made of their declarations."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from ..settings import Setting, Settings, declared


def _bit_depth(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) < 9 else text


Source = Annotated[
    Path,
    typer.Argument(
        metavar="IN", readable=False, help="WAV, AIFF, CAF, FLAC, OGG or MP3.", show_default=False
    ),
]
Output = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT",
        help="The extension chooses the format: .wav, .w64, .caf, .flac, .aiff, .ogg or .mp3.",
        show_default=False,
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        metavar="N", min=1, help="Threads to use; all cores by default.", show_default=False
    ),
]
BitDepth = Annotated[
    Any,
    typer.Option(
        parser=_bit_depth,
        metavar="16|24|32|int32",
        help="32, for .wav, .w64 and .caf and their default, is floating point: it neither clips "
        "nor rounds, and every DAW opens it; int32 is whole numbers. The default for .flac and "
        ".aiff is 24.",
        show_default=False,
    ),
]
Picture = Annotated[
    Path, typer.Option("--output", "-o", metavar="OUT", help="The PNG file to make.")
]
Dither = Annotated[
    bool, typer.Option("--dither", help="Round to 16 or 24 bits with noise, not distortion.")
]
NoTags = Annotated[
    bool,
    typer.Option("--no-tags", help="Leave out the input's tags, time stamps and markers."),
]
Force = Annotated[bool, typer.Option("--force", "-f", help="Replace the output if it exists.")]
_model_option: Any = typer.Option(
    "--model", "-m", metavar="FILE", help="The amp: a .nam file.", show_default=False
)
ModelFile = Annotated[Path, _model_option]
ModelFileOrNone = Annotated[Path | None, _model_option]
Gate = Annotated[
    float | None,
    typer.Option(
        metavar="DB",
        help="A noise gate before the model: the level below which it closes, like -60.",
        show_default=False,
    ),
]
ImpulseResponse = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="A cabinet after the model: its impulse response, an audio file.",
        show_default=False,
    ),
]


@contextmanager
def force_replaces() -> Generator[None]:
    """Name the option where Python would name its argument."""
    try:
        yield
    except FileExistsError as error:
        raise FileExistsError(str(error).replace("overwrite=True", "--force")) from None


Command = Callable[..., Any]


def with_settings(command: Command) -> Command:
    """A command whose parameter ``settings`` is replaced by an option for every setting."""

    def option(setting: Setting) -> inspect.Parameter:
        annotation = Annotated[setting.kind.option_type, _typer_option(setting)]
        return _parameter(setting.name, annotation, setting.default)

    def settings(given: dict[str, Any]) -> Settings:
        return Settings(**{name: _parsed(name, value) for name, value in given.items()})

    return _with_options(command, "settings", option, settings)


def with_ranges(command: Command) -> Command:
    """The same for ``ranges``: each option takes a value, ``LOW..HIGH`` or ``A,B,C``."""

    def option(setting: Setting) -> inspect.Parameter:
        help = _with_option_names(setting.help)
        range_option: Any = typer.Option(metavar="RANGE", help=help, show_default=False)
        return _parameter(setting.name, Annotated[str | None, range_option], None)

    def ranges(given: dict[str, str | None]) -> dict[str, Any]:
        return {name: _range(name, text) for name, text in given.items() if text is not None}

    return _with_options(command, "ranges", option, ranges)


def _with_options(
    command: Command,
    parameter: str,
    option: Callable[[Setting], inspect.Parameter],
    value_of: Callable[[dict[str, Any]], Any],
) -> Command:
    signature = inspect.signature(command, eval_str=True)

    @wraps(command)
    def with_options(**arguments: Any) -> Any:
        given = {name: arguments.pop(name) for name in declared}
        return command(**arguments, **{parameter: value_of(given)})

    parameters = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY)  # options follow those with defaults
        for one in signature.parameters.values()
        for each in (map(option, declared.values()) if one.name == parameter else [one])
    ]
    shown: Any = with_options
    shown.__signature__ = signature.replace(parameters=parameters)
    shown.__annotations__ = {one.name: one.annotation for one in parameters}
    return with_options


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _typer_option(setting: Setting) -> Any:
    return typer.Option(
        metavar=setting.metavar,
        help=_with_option_names(setting.help),
        show_default=setting.default is not None,
    )


def _with_option_names(help: str) -> str:
    """The help, which speaks of other settings by their names, as the command line has them."""
    names = "|".join(name for name in declared if "_" in name)
    return re.sub(rf"\b({names})\b", lambda found: "--" + found[0].replace("_", "-"), help)


def _parsed(name: str, value: Any) -> Any:
    return declared[name].kind.parse(value) if isinstance(value, str) else value


def _range(name: str, text: str) -> Any:
    if "," in text:
        return [_parsed(name, part.strip()) for part in text.split(",")]
    low, dots, high = text.partition("..")
    if high.startswith("."):
        raise ValueError(f"{name} is {text!r}; a range is LOW..HIGH, with two dots")
    if dots:
        return _parsed(name, low), _parsed(name, high)
    return _parsed(name, text)


Size = Annotated[str, _typer_option(declared["size"])]  # alone, where the others are given
