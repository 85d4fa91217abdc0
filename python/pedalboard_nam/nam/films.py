# SPDX-License-Identifier: MIT
"""Reads FiLMs: the condition's scale, and shift, of a signal inside a WaveNet's layer."""

from __future__ import annotations

import struct
from typing import Annotated, NamedTuple

import msgspec

from ..errors import ModelError

# In the order of their weights.
places = (
    "conv_pre_film",
    "conv_post_film",
    "input_mixin_pre_film",
    "input_mixin_post_film",
    "activation_pre_film",
    "activation_post_film",
    "layer1x1_post_film",
    "head1x1_post_film",
)

_layout = struct.Struct("<II")  # kind, groups


class Film(NamedTuple):
    shift: bool
    groups: int


class FilmFields(msgspec.Struct):
    active: bool | None = None
    shift: bool | None = None
    groups: Annotated[int, msgspec.Meta(ge=1)] | None = None


def read(fields: FilmFields | bool | None, where: str) -> Film | None:
    """None for a FiLM that is not there, or not active."""
    if fields is True:
        raise ModelError(f"{where} is true; accepted are an object, false and null")
    if fields is None or fields is False or fields.active is False:
        return None
    return Film(fields.shift is not False, fields.groups or 1)


def config(film: Film | None) -> bytes:
    return _layout.pack(*((0, 0) if film is None else (1 + film.shift, film.groups)))
