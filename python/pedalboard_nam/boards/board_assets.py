# SPDX-License-Identifier: MIT
"""What a saved board keeps in files: models, impulse responses and plug-ins, by path or inside.

A file is named by its path and the SHA-256 of its content. Inside a board, a model is its image and
an impulse response a WAV file, both in base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from pedalboard import Convolution, VST3Plugin

from ..audio.arrays import Audio
from ..audio.headers import Stored, headers
from ..audio.reader import StrPath, read_audio
from ..audio.samples import Encoding
from ..audio.stored_file import StoredFile
from ..files.regular_file import file_of
from ..nam.model import Model
from ..wording.quoted import quoted
from .impulse_responses import arguments_of, path_of, read_impulse_response, samples_of


class Assets:
    """Files of a board, relative to a folder.

    Parameters
    ----------
    base_dir
        Paths into this folder are written relative to it, and relative ones start there. If None,
        all are written absolute, and relative ones start in the current folder.
    embed
        Whether to write content rather than paths.
    vst3_paths
        Plug-ins that may be in the board, besides those in the folders for them.
    """

    def __init__(
        self,
        base_dir: StrPath | None,
        *,
        embed: bool = False,
        vst3_paths: Iterable[StrPath] = (),
    ) -> None:
        self._base_dir = Path() if base_dir is None else Path(base_dir)
        self._is_relative = base_dir is not None
        self._embed = embed
        self._vst3_paths = [os.path.abspath(path) for path in vst3_paths]

    def model_fields(self, model: Model) -> dict[str, Any]:
        """What `load_model` reads. A model whose file is nowhere any more is written as content."""
        base_dir = Path(os.path.abspath(self._base_dir))
        paths = [path for path in model._paths() if path.exists()]
        paths.sort(key=lambda path: not path.is_relative_to(base_dir))
        if self._embed or not paths:
            return {"model_data": encode(model.to_bytes())}
        for path in paths:
            if Model.load(path) == model:
                return self._file_fields("model", path)
        raise ValueError(f"{paths[0]} has changed since the model was loaded; embed it")

    def load_model(self, fields: dict[str, Any]) -> Model:
        """Take the fields of a model out of `fields`, and load it."""
        data = fields.pop("model_data", None)
        if data is not None:
            return Model.from_bytes(decode("model_data", data))
        return Model.load(self._checked_file("model", fields))

    def impulse_response_fields(self, effect: Convolution) -> dict[str, Any]:
        """What `load_impulse_response` reads. An array is written as content."""
        path = path_of(effect)
        if path is None or self._embed:
            return {"impulse_response_data": encode(_wav(*samples_of(effect)))}
        return self._file_fields("impulse_response", Path(os.path.abspath(path)))

    def load_impulse_response(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Take the fields of an impulse response out of `fields`: arguments of `Convolution`."""
        data = fields.pop("impulse_response_data", None)
        if data is not None:
            samples, rate = _samples("impulse_response_data", data)
            return {"impulse_response_filename": samples, "sample_rate": rate}
        return arguments_of(self._checked_file("impulse_response", fields))

    def vst3_path(self, effect: VST3Plugin) -> str:
        """Where a plug-in was loaded from.

        pedalboard does not tell, but for a hash of the path.
        """
        path_hash = effect.identifier.split("-")[-2]
        installed: list[str] = cast("Any", VST3Plugin).installed_plugins
        for path in [*self._vst3_paths, *installed]:
            if juce_hash(path) == path_hash:
                return self._written(Path(path))
        raise ValueError(
            f"the VST3 {effect.name!r} is in no folder for plug-ins; say where in vst3_paths"
        )

    def find(self, field: str, path: object) -> Path:
        """The path that a field names."""
        if not isinstance(path, str) or not path:
            raise ValueError(f"{field} is {quoted(path)}; a path is expected")
        return self._base_dir / path

    def _file_fields(self, field: str, path: Path) -> dict[str, Any]:
        return {field: self._written(path), f"{field}_sha256": _sha256(path)}

    def _written(self, path: Path) -> str:
        base_dir = Path(os.path.abspath(self._base_dir))
        if self._is_relative and path.is_relative_to(base_dir):
            path = path.relative_to(base_dir)
        return path.as_posix()

    def _checked_file(self, field: str, fields: dict[str, Any]) -> Path:
        path = self.find(field, fields.pop(field, None))
        expected = fields.pop(f"{field}_sha256", None)
        if expected is not None and expected != _sha256(path):
            raise ValueError(
                f"{path} is not the file that was saved; without {field}_sha256 any is accepted"
            )
        return path


def encode(content: bytes) -> str:
    """Bytes as text, in base64."""
    return base64.b64encode(content).decode("ascii")


def decode(field: str, text: object) -> bytes:
    """The bytes of a field that `encode` wrote."""
    try:
        if isinstance(text, str):
            return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise ValueError(f"{field} is not text in base64")


def juce_hash(text: str) -> str:
    """The hash that JUCE makes of a string, as its identifiers of plug-ins have it."""
    value = 0
    for character in text:
        value = (31 * value + ord(character)) & 0xFFFF_FFFF
    return f"{value:x}"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _samples(field: str, data: object) -> tuple[Audio, int]:
    with file_of(decode(field, data), field) as content, read_audio(content) as file:
        return read_impulse_response(file, field)


def _wav(samples: Audio, rate: float) -> bytes:
    content = io.BytesIO()
    header = headers["wav"]
    stored = Stored(len(samples), round(rate), Encoding("float", 4, header.order))
    file = StoredFile(content, header, stored, None)
    file.write(samples)
    file.finish()
    return content.getvalue()
