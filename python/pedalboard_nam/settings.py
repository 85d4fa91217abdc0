# SPDX-License-Identifier: MIT
"""What every door to the engine takes besides a model: each setting is declared here, once.

`Stream`, `render` and `NeuralAmp` name them in their signatures, for editors; batches, presets,
saved boards, the command line and the docs take names, types, defaults, ranges and help from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Protocol, TypeVar, cast

from ._core import Settings as CoreSettings
from .wording.numbers import is_number
from .wording.quoted import quoted

Size = Literal["full", "lite"] | float
OutputMode = Literal["raw", "normalized", "calibrated"]


class Kind(Protocol):
    """What values a setting takes."""

    @property
    def accepted(self) -> str:
        """All of them, in words."""
        ...

    @property
    def option_type(self) -> Any:
        """How the command line reads it."""
        ...

    def checked(self, name: str, value: object) -> Any:
        """The value as the engine has it; a ValueError, with the name, for one that is none."""
        ...

    def parse(self, text: str) -> Any:
        """The value that a text means; what means none is left for `checked` to refuse."""
        ...


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a range; None too, if that is the default."""

    low: float
    high: float
    unit: str
    may_be_none: bool = False

    @property
    def accepted(self) -> str:
        none = "None, or " if self.may_be_none else ""
        return f"{none}{self.low:g} to {self.high:g} {self.unit}"

    @property
    def option_type(self) -> Any:
        return float | None if self.may_be_none else float

    def checked(self, name: str, value: object) -> float | None:
        if value is None and self.may_be_none:
            return None
        if not is_number(value):
            none = " and None" if self.may_be_none else ""
            raise ValueError(f"{name} is {value!r}; accepted are numbers{none}")
        if not self.low <= value <= self.high:  # NaN is not
            found = quoted(value) if isinstance(value, int) else f"{float(value):.12g}"
            raise ValueError(f"{name} is {found}; accepted are {self.low:g} to {self.high:g}")
        return float(value)

    def parse(self, text: str) -> Any:
        is_none = self.may_be_none and text.lower() == "none"
        return None if is_none else _number_or_text(text)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def accepted(self) -> str:
        return ", ".join(f'"{word}"' for word in self.words)

    @property
    def option_type(self) -> Any:
        return Literal[self.words]

    def checked(self, name: str, value: object) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise ValueError(f"{name} is {value!r}; accepted are {self.accepted}")
        return value

    def parse(self, text: str) -> Any:
        return text


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    accepted = "True, False"
    option_type = bool

    def checked(self, name: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"{name} is {value!r}; accepted are True and False")
        return value

    def parse(self, text: str) -> Any:
        return {"true": True, "false": False}.get(text.lower(), text)


@dataclass(frozen=True, slots=True)
class NetworkSize:
    """Which network of a model plays."""

    accepted = '"full", "lite", 0.0 to 1.0'
    option_type = str  # which `checked` reads

    def checked(self, name: str, value: object) -> Size:
        size_value(value)
        return cast("Size", value if isinstance(value, str) else float(cast("float", value)))

    def parse(self, text: str) -> Any:
        return _number_or_text(text)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, as far as it can be known without a model."""

    name: str
    default: Any
    kind: Kind
    help: str
    metavar: str


def _said(kind: Kind, metavar: str, help: str) -> dict[str, Any]:
    return {"kind": kind, "metavar": metavar, "help": help}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of the engine, all of them in range.

    Raises
    ------
    ValueError
        For a value that is not accepted by any model.
    """

    size: Size = field(
        default="full",
        metadata=_said(
            NetworkSize(),
            "full|lite|0..1",
            "Which of a model's sizes plays: full, the last; lite, the first; or by number.",
        ),
    )
    input_gain_db: float = field(
        default=0.0,
        metadata=_said(Number(-50, 50, "dB"), "DB", "Gain before the model: more is more drive."),
    )
    output_gain_db: float = field(
        default=0.0, metadata=_said(Number(-50, 50, "dB"), "DB", "Gain after the model.")
    )
    output_mode: OutputMode = field(
        default="raw",
        metadata=_said(
            Choice(("raw", "normalized", "calibrated")),
            "MODE",
            "raw: as the model gives it. normalized: as loud as every other model, at "
            "target_loudness_db. calibrated: at the level of the real gear.",
        ),
    )
    target_loudness_db: float = field(
        default=-18.0,
        metadata=_said(
            Number(-60, 0, "dB"), "DB", "How loud normalized is, in dB re full scale RMS."
        ),
    )
    interface_level_dbu: float | None = field(
        default=None,
        metadata=_said(
            Number(-60, 60, "dBu", may_be_none=True),
            "DBU",
            "The level at which your interface reaches 0 dBFS: the model is driven as the real "
            "gear would be. Needed for calibrated.",
        ),
    )

    def __post_init__(self) -> None:
        for setting in declared.values():
            value = setting.kind.checked(setting.name, getattr(self, setting.name))
            object.__setattr__(self, setting.name, value)

    @classmethod
    def among(cls, arguments: Mapping[str, Any]) -> Settings:
        """The settings among the arguments of a door, which has all of them: its `locals()`."""
        return cls(**{name: arguments[name] for name in declared})

    def by_name(self) -> dict[str, Any]:
        """All of them, in the order of their declaration."""
        return {name: getattr(self, name) for name in declared}

    def core(self) -> CoreSettings:
        """The same for the engine, which checks them against a model when it is used."""
        return CoreSettings(self.by_name() | {"size": size_value(self.size)})


declared: Mapping[str, Setting] = {
    one.name: Setting(
        one.name, one.default, one.metadata["kind"], one.metadata["help"], one.metadata["metavar"]
    )
    for one in fields(Settings)
}


_Door = TypeVar("_Door", bound="HasSettings")


class HasSettings(Protocol):
    """What has each setting as an attribute, by `with_properties`."""

    def _setting(self, name: str) -> Any: ...
    def _set_setting(self, name: str, value: object) -> None: ...


def with_properties(door: type[_Door]) -> type[_Door]:
    """Make a property of each setting; the class declares their types, for editors."""
    for setting in declared.values():
        setattr(door, setting.name, _property_of(setting))
    return door


def _property_of(setting: Setting) -> property:
    name = setting.name

    def get(door: HasSettings) -> Any:
        return door._setting(name)

    def set_to(door: HasSettings, value: object) -> None:
        door._set_setting(name, value)

    return property(get, set_to, doc=f"{setting.help} Accepted: {setting.kind.accepted}.")


def without_defaults(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are not as they would be if nobody had set them."""
    return {
        name: value
        for name, value in values.items()
        if name not in declared or value != declared[name].default
    }


def in_words(values: Mapping[str, Any]) -> list[str]:
    """For people: the size, and what else is not as by default, like ``input gain 3 dB``."""
    words = [f"size {_short(values.get('size', declared['size'].default))}"]
    for name, value in without_defaults(values).items():
        if name != "size":
            unit = getattr(declared[name].kind, "unit", "") if name in declared else ""
            label = name.removesuffix(f"_{unit.lower()}").replace("_", " ")
            words.append(f"{label} {_short(value)} {unit}".rstrip())
    return words


_named_sizes: Mapping[str, float] = {"full": 1.0, "lite": 0.0}


def size_value(size: object) -> float:
    """Turn a `size` argument into the number that selects a network.

    Parameters
    ----------
    size
        ``"full"`` (1.0), the last network of any model; ``"lite"`` (0.0), the first; or a number
        from 0 to 1.

    Raises
    ------
    ValueError
        For anything else.
    """
    if isinstance(size, str):
        if size in _named_sizes:
            return _named_sizes[size]
    elif is_number(size) and 0.0 <= size <= 1.0:
        return float(size)
    raise ValueError(f'size is {size!r}; accepted are "full", "lite" and numbers from 0.0 to 1.0')


def size_name(value: float) -> Size:
    """The name of a number that selects a network, if it has one, else the number."""
    named = {value: name for name, value in _named_sizes.items()}
    return cast("Size", named.get(value, value))


def _number_or_text(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
