# SPDX-License-Identifier: MIT
"""The effects in a board, and which of them cannot be played block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from pedalboard import Chain, GSMFullRateCompressor, PitchShift, Plugin, PluginContainer, VST3Plugin

Board = Plugin | Iterable[Plugin]

# At every call pedalboard puts a silence of their latency before them again: of what they hold a
# part is lost, and where a call is shorter, all of it.
_of_one_call = (GSMFullRateCompressor, PitchShift)


def effects_of(board: Board, where: str) -> tuple[Plugin, ...]:
    """The effects in a row, kept: pedalboard does not keep their Python objects."""
    effects = (board,) if isinstance(board, Plugin) and not isinstance(board, Chain) else board
    if isinstance(effects, (str, Mapping)) or not isinstance(cast("object", effects), Iterable):
        raise TypeError(f"{where}: {board!r} is no effect of pedalboard's, and no list of them")
    kept = tuple(cast("Iterable[Plugin]", effects))
    for effect in kept:
        if not isinstance(effect, Plugin):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"{where}: {effect!r} is no effect of pedalboard's")
    return kept


def effects_in(effect: Plugin) -> Iterator[Plugin]:
    """All effects in a board, in whatever containers, in their order."""
    if isinstance(effect, PluginContainer):
        for one in effect:
            yield from effects_in(one)
    else:
        yield effect


def name_of(effect: Plugin, board: Iterable[Plugin]) -> str:
    """What messages call an effect: its kind, and which one it is where a board has several."""
    kind = _kind(effect)
    alike = list(dict.fromkeys(id(one) for one in board if _kind(one) == kind))
    return f"{kind} {alike.index(id(effect)) + 1} of {len(alike)}" if len(alike) > 1 else kind


def _kind(effect: Plugin) -> str:
    return effect.name if isinstance(effect, VST3Plugin) else type(effect).__name__


def check_format(effects: Iterable[Plugin], sample_rate: float, num_channels: int) -> None:
    """Raise a ValueError for audio that an amp among the effects does not play."""
    for effect in effects:
        # Also one that a board gives back as a plain plug-in. Left to itself, it is silent.
        if not (isinstance(effect, VST3Plugin) and effect.name == "NeuralAmp"):
            continue
        if not 8_000.0 <= sample_rate <= 384_000.0:
            raise ValueError(
                f"sample_rate is {sample_rate:g} Hz; a NeuralAmp plays at 8000 to 384000 Hz"
            )
        if num_channels > 8:
            raise ValueError(f"num_channels is {num_channels}; a NeuralAmp plays 1 to 8 channels")


def check_effects(effects: Sequence[Plugin]) -> None:
    """Raise a ValueError for effects that cannot be played block by block."""
    for effect in effects:
        if effect.is_instrument:
            raise ValueError(
                f"{name_of(effect, effects)} is an instrument; audio is played by effects"
            )
        if isinstance(effect, _of_one_call):
            raise ValueError(
                f"{type(effect).__name__} loses sound where audio comes block by block; "
                "play a whole array: board(audio, sample_rate)"
            )


def check_places(boards: Mapping[str, Iterable[Plugin]]) -> None:
    """Raise a ValueError for an effect that is in two places, of one board or of two."""
    found: list[tuple[str, Plugin]] = []  # kept, or pedalboard makes other objects for them
    for name, board in boards.items():
        row = [one for each in board for one in effects_in(each)]
        for effect in row:
            for other_name, other in found:
                if effect is other:
                    places = f"{name} twice" if name == other_name else f"{other_name} and {name}"
                    raise ValueError(
                        f"{name_of(effect, row)} is in {places}; "
                        "each place needs an effect of its own"
                    )
            found.append((name, effect))
