# SPDX-License-Identifier: MIT
"""Files of compressed audio, as libsndfile writes them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from io import RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
import soundfile  # pyright: ignore[reportMissingTypeStubs]

from .arrays import Audio
from .file_errors import AudioFileError
from .rounding import Rounding
from .tags import Carried

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_kinds: dict[str, dict[str, Any]] = {
    "flac": {"format": "FLAC"},
    # Vorbis of quality 10, and 320 kbit/s.
    "ogg": {"format": "OGG", "subtype": "VORBIS", "compression_level": 0.0},
    "mp3": {"format": "MP3", "compression_level": 0.0, "bitrate_mode": "CONSTANT"},
}
_block_samples = 65_536  # libsndfile's stack does not hold more of OGG
_mp3_rates_hz = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)


class CompressedFile:
    """A file that libsndfile writes.

    Raises
    ------
    AudioFileError
        If it cannot.
    """

    def __init__(
        self,
        file: BinaryIO,
        path: str,
        kind: str,
        sample_rate: int,
        num_channels: int,
        bits: int | None,
        rounding: Rounding | None,
        tags: Carried,
    ) -> None:
        self._path, self._bits, self._rounding = path, bits or 0, rounding
        file.write(tags.id3)
        self._written = _Written(file, len(tags.id3))
        options = dict(_kinds[kind])
        if bits is not None:
            options["subtype"] = f"PCM_{bits}"
        with self._errors():
            self._sound = soundfile.SoundFile(
                cast("Any", self._written), "w", sample_rate, num_channels, **options
            )
            for kind_of_text, text in tags.texts.items():
                setattr(self._sound, kind_of_text, text)
        self._has_audio = False
        self._block_frames = max(1, _block_samples // num_channels)

    @staticmethod
    def holds(kind: str, sample_rate: int, num_channels: int) -> bool:
        """Whether such files hold audio of this rate and so many channels."""
        if kind == "flac":
            is_rate = sample_rate <= 65_535 or (sample_rate <= 655_350 and sample_rate % 10 == 0)
            return is_rate and 1 <= num_channels <= 8
        if kind == "ogg":  # libsndfile crashes beyond
            return sample_rate <= 192_000 and 1 <= num_channels <= 255
        return sample_rate in _mp3_rates_hz and 1 <= num_channels <= 2

    def write(self, audio: Audio) -> None:
        """Append audio of shape (channels, frames)."""
        self._has_audio |= audio.shape[1] > 0
        for first in range(0, audio.shape[1], self._block_frames):
            block = audio[:, first : first + self._block_frames]
            values: Any = block
            if self._rounding is not None:  # libsndfile takes the upper bits
                values = self._rounding.of(block) << (32 - self._bits)
            with self._errors():
                cast("Any", self._sound).write(np.ascontiguousarray(values.T))

    def finish(self) -> None:
        """Write what is at the end."""
        if not self._has_audio:  # of which libsndfile makes an empty file, or none that is one
            raise AudioFileError(f"{self._path}: there is no audio to write")
        self.close()

    def close(self) -> None:
        """Let libsndfile go."""
        with self._errors():
            self._sound.close()

    @contextmanager
    def _errors(self) -> Generator[None]:
        try:
            yield
        except soundfile.LibsndfileError as error:
            if self._written.error is None:
                raise AudioFileError(f"{self._path}: {error.error_string}") from None
        if self._written.error is not None:
            raise self._written.error


class _Written(RawIOBase):
    """A file that remembers what went wrong: libsndfile does not, from its last block on."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file, self._start = file, start
        self.error: BaseException | None = None

    def write(self, content: ReadableBuffer, /) -> int:
        try:
            return self._file.write(content)
        except BaseException as error:
            self.error = error
            return 0

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        return 0

    def tell(self) -> int:
        return self._file.tell() - self._start

    def seek(self, offset: int, whence: int = 0, /) -> int:
        try:
            return self._file.seek(offset + (0 if whence else self._start), whence) - self._start
        except BaseException as error:  # of what was in the buffer
            self.error = error
            return 0
