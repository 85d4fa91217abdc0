# SPDX-License-Identifier: MIT
"""Reads activations: a name, or an object with a type and its parameters."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import msgspec

from ..errors import ModelError
from ..wording.counted import counted
from ..wording.quoted import is_list, is_object, quoted
from .expected import found
from .fields import convert

_max_float32 = 3.4028234663852886e38
_Number = Annotated[float, msgspec.Meta(ge=-_max_float32, le=_max_float32)]


Note = Callable[[str], None]


class Activation(NamedTuple):
    """A kind, by the number that the core knows it by, and parameters rounded to float32."""

    kind: int
    parameters: tuple[float, ...] = ()

    def config(self) -> bytes:
        count = len(self.parameters)
        return struct.pack(f"<II{count}f", self.kind, count, *self.parameters)

    def of_first(self, channels: int) -> Activation:
        """The same of the first channels only, which may each have a slope."""
        if self.kind != _leaky:
            return self
        return Activation(self.kind, _shared(self.parameters[:channels]))


_leaky = 5  # LeakyReLU and PReLU: one slope, or one for each channel
_leaky_hardtanh = 9
_kinds = {
    "Tanh": 1,
    "Hardtanh": 2,
    "Fasttanh": 3,
    "ReLU": 4,
    "LeakyReLU": _leaky,
    "PReLU": _leaky,
    "Sigmoid": 6,
    "SiLU": 7,
    "Hardswish": 8,
    "LeakyHardtanh": _leaky_hardtanh,
    "LeakyHardTanh": _leaky_hardtanh,
    "Softsign": 10,
}
sigmoid = Activation(_kinds["Sigmoid"])


def leaky_relu(slope: float) -> Activation:
    return Activation(_leaky, _float32([slope]))


class _Slope(msgspec.Struct):
    negative_slope: _Number | None = None


class _Slopes(_Slope):
    negative_slopes: list[_Number] | None = None


class _Limits(msgspec.Struct):
    min_val: _Number | None = None
    max_val: _Number | None = None


class _LeakyLimits(_Limits):
    min_slope: _Number | None = None
    max_slope: _Number | None = None


def read(value: Any, width: int, where: str, note: Note) -> Activation:
    """An activation of so many channels; `where` is its place in the file.

    Raises
    ------
    ModelError
        If it is unknown, or its parameters are not what they should be.
    """
    fields: dict[str, Any] = value if is_object(value) else {"type": value}
    name = fields.get("type")
    if not isinstance(name, str) or name not in _kinds:
        accepted = ", ".join({name.casefold(): name for name in _kinds}.values())
        field = f"{where}.type" if is_object(value) else where
        said = quoted(name) if "type" not in fields else found(name)
        raise ModelError(f"{field} is {said}; accepted are {accepted}")
    kind = _kinds[name]
    if name == "Hardtanh":
        limits = convert(fields, _Limits, where)
        if _or(limits.min_val, -1.0) != -1.0 or _or(limits.max_val, 1.0) != 1.0:
            note(f"{where}: Hardtanh clips at -1 and 1, whatever its min_val and max_val")
    if kind == _leaky:
        return Activation(kind, _slopes(fields, name, width, where))
    if kind == _leaky_hardtanh:
        leaky = convert(fields, _LeakyLimits, where)
        parameters = (leaky.min_val, leaky.max_val, leaky.min_slope, leaky.max_slope)
        return Activation(kind, _float32(map(_or, parameters, (-1.0, 1.0, 0.01, 0.01))))
    return Activation(kind)


def read_each(value: Any, layers: int, width: int, where: str, note: Note) -> list[Activation]:
    """One activation for all layers, or a list of one for each."""
    if not is_list(value):
        return [read(value, width, where, note)] * layers
    check_length(value, layers, where)
    return [read(entry, width, f"{where}[{i}]", note) for i, entry in enumerate(value)]


def check_length(entries: list[Any], layers: int, where: str) -> None:
    if len(entries) != layers:
        has = counted(len(entries), "entry", "entries")
        are = "is" if layers == 1 else "are"
        raise ModelError(f"{where} has {has}; there {are} {counted(layers, 'dilation')}")


def _slopes(fields: dict[str, Any], name: str, width: int, where: str) -> tuple[float, ...]:
    slopes = convert(fields, _Slopes if name == "PReLU" else _Slope, where)
    if isinstance(slopes, _Slopes) and slopes.negative_slope is None:
        several = slopes.negative_slopes
        if several is not None and len(several) not in (1, width):
            raise ModelError(
                f"{where}.negative_slopes has {counted(len(several), 'entry', 'entries')}; "
                f"accepted are 1, or one for each of {counted(width, 'channel')}"
            )
        rounded = _float32([0.01] if several is None else several)
        return _shared(rounded)
    return _float32([_or(slopes.negative_slope, 0.01)])


def _shared(slopes: tuple[float, ...]) -> tuple[float, ...]:
    """One, where all channels have the same: an equal network gives an equal record."""
    return slopes[:1] if len(set(slopes)) == 1 else slopes


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _float32(values: Any) -> tuple[float, ...]:
    values = tuple(values)
    layout = struct.Struct(f"<{len(values)}f")
    return layout.unpack(layout.pack(*values))
