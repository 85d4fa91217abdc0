# SPDX-License-Identifier: MIT
"""Impulse responses, read by our reader and handed to pedalboard as arrays.

What pedalboard's own reader cannot read, like FLAC or what was written to a pipe, its `Convolution`
passes through without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from typing import Any, cast

import numpy as np
from pedalboard import Convolution, Plugin

from ..audio.arrays import Audio
from ..audio.file_errors import AudioFileError
from ..audio.reader import AudioReader, StrPath, open_audio, read_audio
from ..files.new_file import file_name
from ..files.regular_file import open_regular

_longest_s = 120.0  # no hall rings longer
_most_channels = 64
_proof_rate_hz, _proof_frames = 48_000, 8_192

# Where what is in an array came from: a board is saved with the path, and known again by it.
_files: dict[str, tuple[str, tuple[int, ...]]] = {}


def convolution(path: StrPath) -> Convolution:
    """The effect that plays the impulse response in an audio file.

    Raises
    ------
    AudioFileError
        If there is none, or it is longer than two minutes.
    OSError
        If the file cannot be read.
    """
    return Convolution(**arguments_of(path))


def arguments_of(path: StrPath) -> dict[str, Any]:
    """Arguments of `Convolution` for the impulse response in a file; errors as above."""
    name = file_name(path)
    with open_regular(name) as file, read_audio(file) as audio:
        samples, rate = read_impulse_response(audio, name)
        _files[_digest(samples, rate)] = name, file.version
    arguments: dict[str, Any] = {"impulse_response_filename": samples, "sample_rate": rate}
    if _passes_through(Convolution(**arguments)):
        raise AudioFileError(f"{name}: pedalboard does not play this impulse response")
    return arguments


def read_impulse_response(audio: AudioReader, name: str) -> tuple[Audio, int]:
    """Samples and rate of an open file; an AudioFileError if they are no impulse response."""
    if audio.frames > _longest_s * audio.sample_rate or audio.num_channels > _most_channels:
        raise AudioFileError(
            f"{name}: an impulse response of {audio.frames / audio.sample_rate:.1f} s and "
            f"{audio.num_channels} channels; accepted are {_longest_s:g} s and {_most_channels}"
        )
    samples = audio.read_all()
    if not np.isfinite(samples).all():
        raise AudioFileError(f"{name}: there are samples in it that are not numbers")
    return samples, audio.sample_rate


def path_of(effect: Convolution) -> str | None:
    """The file that an impulse response came from, if it did, and the file is still the same."""
    if effect.impulse_response_filename is not None:
        return effect.impulse_response_filename
    with suppress(LookupError, OSError, ValueError):
        digest = _digest(_array_of(effect), rate_of(effect))
        name, version = _files[digest]
        with open_regular(name) as file:
            return name if file.version == version else None
    return None


def samples_of(effect: Convolution) -> tuple[Audio, float]:
    """Its impulse response: shape (channels, frames), and rate."""
    if effect.impulse_response_filename is None:
        return _array_of(effect), rate_of(effect)
    name = effect.impulse_response_filename
    with open_audio(name) as audio:
        return read_impulse_response(audio, name)


def _array_of(effect: Convolution) -> Audio:
    return np.atleast_2d(np.asarray(cast("Any", effect).impulse_response, np.float32))


def rate_of(effect: Convolution) -> int:
    """The rate of an impulse response that is an array."""
    # pedalboard says it nowhere else.
    found = re.search(r" at (\d+) Hz>", repr(effect))
    if found is None:
        raise ValueError("an impulse response at this sample rate cannot be saved; use a file")
    return int(found[1])


def check_impulse_responses(effects: Iterable[Plugin]) -> None:
    """Raise an AudioFileError for one that pedalboard could not read, and would leave out."""
    for effect in effects:
        if not isinstance(effect, Convolution) or effect.impulse_response_filename is None:
            continue
        if _passes_through(effect):
            raise AudioFileError(
                f"{effect.impulse_response_filename}: pedalboard's Convolution cannot read this "
                "impulse response, and leaves it out; pass it an array, or a WAV file of 24 bits"
            )


def _passes_through(effect: Convolution) -> bool:
    """Whether an impulse comes back as it is. From a unit impulse it would come scaled."""
    if effect.mix == 0.0:
        return False
    impulse = np.zeros((1, _proof_frames), np.float32)
    impulse[0, 0] = 1.0
    played = effect(impulse, _proof_rate_hz)
    effect.reset()
    return bool(played[0, 0] == 1.0 and not played[0, 1:].any())


def _digest(samples: Audio, rate: float) -> str:
    return sha256(f"{samples.shape} {rate:g} ".encode() + samples.tobytes()).hexdigest()
