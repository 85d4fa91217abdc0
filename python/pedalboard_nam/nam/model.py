# SPDX-License-Identifier: MIT
"""A model: immutable weights and what is known about them, shared by any number of streams."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from .._core import Model as CoreModel
from ..errors import ModelError
from ..settings import Size, size_value
from ..wording.printable import bounded
from . import model_image, nam_file, old_model_image
from .card import card
from .description import description, label

# By content, and not in the model: an effect that a board gives back knows no more than that.
_loaded_from: dict[bytes, list[Path]] = {}


@dataclass(frozen=True, slots=True)
class ModelSize:
    """One of the networks in a model.

    Attributes
    ----------
    name
        What tells it from networks of its kind: ``"lite"`` and ``"full"`` of A2; channels of other
        WaveNets, as in ``"16/8"``; layers and units of an LSTM, as in ``"1x16"``. It is no value
        of `size`, where ``"lite"`` and ``"full"`` mean the first and the last of any model.
    breakpoint
        The network plays for a `size` below this number; the first one for 0 too, and the last one
        for all others.
    channels
        Width of the network; units in a layer of an LSTM.
    weights
        Number of weights, those of networks in it included.
    loudness_db
        Level of the trainer's standard input through this network, in dB re full scale RMS, or
        None if the file does not say.
    """

    name: str
    breakpoint: float
    channels: int
    weights: int
    loudness_db: float | None


class _Info(msgspec.Struct):
    """The metadata that `model_image` writes."""

    name: str
    version: str
    metadata: dict[str, Any]
    notes: tuple[str, ...] = ()


class Model:
    """A Neural Amp Modeler model, read from a `.nam` file with `Model.load`.

    A model never changes and may be shared by any number of effects, streams and threads. Two
    models are equal, and hash alike, if all that is listed here is equal, weights included; the
    name counts, so a file without one in its metadata is not equal to a renamed copy, and so do
    the notes.
    """

    __slots__ = ("__weakref__", "_core", "_image", "_info", "_sizes")

    _core: CoreModel
    _image: bytes
    _info: _Info
    _sizes: tuple[ModelSize, ...]

    def __init__(self) -> None:
        raise TypeError("use Model.load(source) or Model.from_bytes(image)")

    @classmethod
    def load(cls, source: nam_file.Source) -> Model:
        """Read a `.nam` file.

        Parameters
        ----------
        source
            A path; the file's bytes; a binary file object, read to its end; or the parsed JSON
            object, whose weights may be NumPy arrays too.

        Raises
        ------
        ModelError
            If this is not a usable model; the message names the file and the field, what was
            found and what is accepted.
        OSError
            If a path does not exist or cannot be read.
        TypeError
            If `source` is none of the above.
        """
        nam = nam_file.load(source)
        try:
            self = cls.from_bytes(model_image.write(nam))
        except ModelError as error:  # of the core, which knows no files
            raise ModelError(f"{nam.source}: {error}") from None
        if isinstance(source, (str, os.PathLike)):
            path, paths = Path(os.path.abspath(os.fsdecode(source))), self._paths()
            _loaded_from[self._digest()] = [path, *(other for other in paths if other != path)]
        return self

    @classmethod
    def from_bytes(cls, image: bytes) -> Model:
        """Make a model from what `to_bytes` gave.

        Raises
        ------
        ModelError
            If the image is damaged, or of a format this release does not read.
        """
        image = old_model_image.upgraded(bytes(image))
        known = _models.get(image)
        if known is not None and type(known) is cls:
            return known
        self = cls.__new__(cls)
        self._image = image
        self._core = CoreModel(self._image)
        try:
            self._info = msgspec.json.decode(self._core.metadata, type=_Info)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ModelError(f"model image: metadata is not what Model wrote: {error}") from None
        self._sizes = tuple(
            ModelSize(
                label(network),
                network.max_value,
                network.width,
                network.weight_count,
                network.loudness_db,
            )
            for network in self._core.networks
        )
        _models[image] = self
        return self

    def to_bytes(self) -> bytes:
        """The model image: all there is to know, as one checksummed byte string."""
        return self._image

    @property
    def path(self) -> Path | None:
        """The file of this content that this process has loaded last, or None."""
        return next(iter(self._paths()), None)

    def _paths(self) -> list[Path]:
        """All files of this content that this process has loaded, the last one first."""
        return _loaded_from.get(self._digest(), [])

    def _digest(self) -> bytes:
        return hashlib.sha256(self._image).digest()

    @property
    def name(self) -> str:
        """Name in the metadata, else the file's name without its ending, else ``"untitled"``."""
        return self._info.name

    @property
    def metadata(self) -> dict[str, Any]:
        """Metadata of the file as parsed JSON: a copy, which may be changed freely.

        What is a number by its meaning (`loudness`, `gain` and the levels) is one here, or absent.
        """
        return msgspec.json.decode(self._core.metadata, type=_Info).metadata

    @property
    def notes(self) -> tuple[str, ...]:
        """What was odd in the file and does not play, in sentences: what was left out, and why.

        Empty for most files. Copies, pickles and presets have the notes too.
        """
        return self._info.notes

    @property
    def architecture(self) -> str:
        """The kind of the network that plays at full size.

        ``"A2"``, ``"WaveNet"``, ``"LSTM"``, ``"ConvNet"``, ``"Linear"`` or ``"Sequential"``.
        """
        return self._core.networks[-1].architecture

    @property
    def description(self) -> str:
        """What it is, in words: ``"A2 full + lite"``, ``"A1 standard WaveNet, 16/8 channels"``.

        For people, and not for programs: the words may get better.
        """
        return description(self._core.networks)

    @property
    def sample_rate(self) -> float:
        """Rate in Hz at which the model was trained; 48,000 if the file does not say."""
        return self._core.sample_rate

    @property
    def sizes(self) -> tuple[ModelSize, ...]:
        """Its networks, smallest first: those of a container, or the widths of a slimmable one."""
        return self._sizes

    @property
    def receptive_field(self) -> int | None:
        """Frames of input, the current one included, that one frame of output depends on.

        None if a network of the model may depend on all that came before.
        """
        lookbacks = [network.lookback for network in self._core.networks]
        return None if None in lookbacks else 1 + max(frames or 0 for frames in lookbacks)

    def _memory_frames(self) -> int:
        """The receptive field, or as long as the reference lets a network settle that has none."""
        return max(
            network.settle if network.lookback is None else network.lookback + 1
            for network in self._core.networks
        )

    @property
    def input_level_dbu(self) -> float | None:
        """Level in dBu RMS of a 1 kHz sine that peaks at 0 dBFS at the input; None if unknown."""
        return self._core.input_level_dbu

    @property
    def output_level_dbu(self) -> float | None:
        """Level in dBu RMS of a 1 kHz sine that peaks at 0 dBFS at the output; None if unknown."""
        return self._core.output_level_dbu

    def loudness_db(self, size: Size = "full") -> float | None:
        """Loudness of the network that `size` selects, in dB re full scale RMS.

        Parameters
        ----------
        size
            ``"full"`` (the last of `sizes`), ``"lite"`` (the first), or a number from 0 to 1.

        Returns
        -------
        float or None
            None if the file does not say.

        Raises
        ------
        ValueError
            If `size` is not one of these.
        """
        return self._sizes[self._core.network_index(size_value(size))].loudness_db

    def __eq__(self, other: object) -> bool:
        return self._image == other._image if isinstance(other, Model) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._image)

    def __copy__(self) -> Model:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Model:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).from_bytes, (self._image,)

    def __repr__(self) -> str:
        rate = f"{self.sample_rate:g} Hz"
        return f"<pedalboard_nam.Model {bounded(self.name)!r}: {self.description}, {rate}>"

    def _repr_html_(self) -> str:
        return card(self, self._core.networks)


# Those in use, by image: what is read twice is there once.
_models: WeakValueDictionary[bytes, Model] = WeakValueDictionary()


def core_model(model: Model) -> CoreModel:
    """The engine's model; a TypeError that says what to do for anything that is no `Model`."""
    if not isinstance(model, Model):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"model is a {type(model).__name__}; make a Model of it with Model.load")
    return model._core
