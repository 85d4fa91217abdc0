# SPDX-License-Identifier: MIT
"""The effects in a board, and which of them cannot be played block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


def check_effects(effects: Iterable[Plugin], sample_rate: float) -> None:
    """Raise a ValueError for effects that cannot be played block by block."""
    for effect in effects:
        # Also one that a board gives back as a plain plug-in. Left to itself, it is silent.
        is_amp = isinstance(effect, VST3Plugin) and effect.name == "NeuralAmp"
        if is_amp and not 8_000.0 <= sample_rate <= 384_000.0:
            raise ValueError(
                f"sample_rate is {sample_rate:g} Hz; a NeuralAmp plays at 8000 to 384000 Hz"
            )
        if effect.is_instrument:
            raise ValueError(f"{effect!r} is an instrument; audio is played by effects")
        if isinstance(effect, _of_one_call):
            raise ValueError(
                f"{type(effect).__name__} loses sound where audio comes block by block; "
                "play a whole array: board(audio, sample_rate)"
            )


def check_places(boards: Mapping[str, Iterable[Plugin]]) -> None:
    """Raise a ValueError for an effect that is in two places, of one board or of two."""
    found: list[tuple[str, Plugin]] = []  # kept, or pedalboard makes other objects for them
    for name, board in boards.items():
        for effect in (one for each in board for one in effects_in(each)):
            for other_name, other in found:
                if effect is other:
                    places = f"{name} twice" if name == other_name else f"{other_name} and {name}"
                    raise ValueError(
                        f"{effect!r} is in {places}; each place needs an effect of its own"
                    )
            found.append((name, effect))
