# SPDX-License-Identifier: MIT
"""Pairs of dry and wet audio to learn from, made when they are asked for."""

from __future__ import annotations

import operator
import os
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ..audio.arrays import Audio
from ..audio.reader import StrPath
from ..audio.resampled import open_resampled
from ..engine.stream import Stream
from ..measure.captures import CaptureDelay, measure_delay
from ..nam import nam_file
from ..nam.model import Model
from ..settings import Settings, size_value
from .checkpoints import Checkpoints
from .draws import check_ranges, drawn_settings, extreme_settings, generator
from .windows import Window

ModelSource = Model | nam_file.Source


@dataclass(frozen=True, slots=True)
class Draw:
    """What an item of a `ReampDataset` is made of.

    Attributes
    ----------
    path, channel, start_frame
        Where the dry audio is; in frames of the data set's sample rate.
    model, settings
        The amp that plays it, and how.
    """

    path: str
    channel: int
    start_frame: int
    model: Model
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Track:
    path: str
    channel: int
    windows: int


class ReampDataset:
    """Paired data for machine learning: item i is ``(dry, wet)``, a window of audio and an amp's.

    Audio files are cut into windows, one after the other, and each is played by amps and with
    settings that are drawn for it. An item depends on the arguments here and on its index alone: it
    is the same in every run, order and number of workers.

    It is a sequence and can be pickled: a PyTorch ``DataLoader`` takes it as it is, with any
    ``num_workers`` and ``multiprocessing_context``. Models are read here, once; audio files are
    opened when an item of them is asked for.

    Parameters
    ----------
    inputs
        Audio files. Every channel of a file is a signal of its own. The end of a signal that fills
        no window is left out, as is a file shorter than a window.
    models
        The amps: `Model`, or anything that `Model.load` takes.
    window_frames
        Length of an item.
    sample_rate
        Of the items, in Hz, 8,000 to 384,000. Audio of another rate is resampled, which takes about
        as long as a lite amp, and longer the further into its file the window is.
    draws
        How many items are made of a window. A window is played by all amps before one plays it
        again: with as many draws as models, by each of them once.
    align
        Whether to remove each amp's own delay and polarity, measured by `measure_delay`, so that
        wet lies on dry. Otherwise wet is as the capture has it.
    seed
        0 or more; another seed, other draws.
    **ranges
        The settings of `Stream`. Each is a value; a tuple ``(low, high)``, from which a number is
        drawn for each item; or a list, of which one value is: ``input_gain_db=(-12, 6)``,
        ``size=["full", "lite"]``.

    Raises
    ------
    AudioFileError
        If an input is not audio.
    ModelError
        If a model is not usable.
    OSError
        If a file cannot be read.
    ValueError
        If there is no window or no model, for an argument out of range, and for settings that a
        model does not accept.

    Examples
    --------
    >>> pairs = ReampDataset(["di.wav"], ["plexi.nam"], window_frames=48_000)
    >>> dry, wet = pairs[0]
    """

    def __init__(
        self,
        inputs: StrPath | Iterable[StrPath],
        models: ModelSource | Iterable[ModelSource],
        *,
        window_frames: int,
        sample_rate: float = 48_000.0,
        draws: int = 1,
        align: bool = False,
        seed: int = 0,
        **ranges: Any,
    ) -> None:
        for name, count in (("window_frames", window_frames), ("draws", draws)):
            if operator.index(count) < 1:
                raise ValueError(f"{name} is {count}; accepted are 1 and more")
        check_ranges(ranges)
        generator("check", seed)
        self._window_frames = operator.index(window_frames)
        self._sample_rate = sample_rate
        self._draws = operator.index(draws)
        self._align = align
        self._seed = seed
        self._ranges = ranges
        self._models = [_loaded(source) for source in _listed(models)]
        if not self._models:
            raise ValueError("models is empty; give at least one")
        for model in self._models:
            self._check_settings(model)
        self._tracks = [track for path in _listed(inputs) for track in self._tracks_of(path)]
        # Windows up to and with each track.
        self._ends = list(accumulate(track.windows for track in self._tracks))
        if not self._ends or self._ends[-1] == 0:
            raise ValueError(
                f"no input holds a window of {self._window_frames} frames at {sample_rate:g} Hz"
            )
        self._delays: dict[tuple[Model, int], CaptureDelay] = {}
        self._checkpoints = Checkpoints()

    def __len__(self) -> int:
        """Number of items: windows times draws."""
        return self._ends[-1] * self._draws

    def __getitem__(self, index: int) -> tuple[Audio, Audio]:
        """Dry and wet audio of an item.

        Returns
        -------
        dry, wet
            Shape (window_frames,) each, float32. Dry is the file's; wet is what `render` of all of
            its channel has there, to the bit.

        Raises
        ------
        IndexError
            If there is no such item; negative numbers count from the end.
        AudioFileError
            If the file has become shorter, can no longer be read as audio, or holds samples that
            are not numbers.
        OSError
            If it is gone.
        """
        draw = self.draw(index)
        stream = Stream(draw.model, self._sample_rate, **draw.settings)._core
        late, inverted = self._own_delay(draw)
        stop = draw.start_frame + self._window_frames
        window = Window(draw.path, draw.channel, self._sample_rate, draw.start_frame, stop, late)
        amp = draw.model, Settings(**draw.settings)
        dry, wet = window.play(stream, amp, self._checkpoints)
        return dry, -wet if inverted else wet

    def draw(self, index: int) -> Draw:
        """What an item is made of: to condition a network on the amp or its gain, say.

        Raises
        ------
        IndexError
            If there is no such item.
        """
        position = operator.index(index)
        if position < 0:
            position += len(self)
        if not 0 <= position < len(self):
            raise IndexError(f"index is {index}; there are {len(self)} items")
        window, draw = divmod(position, self._draws)
        track_index = bisect_right(self._ends, window)
        track = self._tracks[track_index]
        start = (window - self._ends[track_index] + track.windows) * self._window_frames
        turn, place = divmod(draw, len(self._models))
        order = generator("model", self._seed, window, turn).permutation(len(self._models))
        model = self._models[int(order[place])]
        settings = drawn_settings(self._ranges, self._seed, window, draw)
        return Draw(track.path, track.channel, start, model, settings)

    @property
    def models(self) -> tuple[Model, ...]:
        """The amps, as they were given."""
        return tuple(self._models)

    @property
    def window_frames(self) -> int:
        """Length of an item."""
        return self._window_frames

    @property
    def sample_rate(self) -> float:
        """Rate of the items in Hz."""
        return self._sample_rate

    def __repr__(self) -> str:
        return (
            f"<pedalboard_nam.ReampDataset {len(self)} items of {self._window_frames} frames, "
            f"{self._sample_rate:g} Hz, {len(self._models)} models>"
        )

    def _own_delay(self, draw: Draw) -> tuple[int, bool]:
        """The amp's delay in frames of the items, and whether it is inverted, if to be removed."""
        if not self._align:
            return 0, False
        model, size = draw.model, draw.settings.get("size", "full")
        key = model, model._core.network_index(size_value(size))
        if key not in self._delays:
            self._delays[key] = measure_delay(model, size=size)
        delay = self._delays[key]
        return round(delay.frames * self._sample_rate / model.sample_rate), delay.inverted

    def _check_settings(self, model: Model) -> None:
        for settings in extreme_settings(self._ranges):
            try:
                Stream(model, self._sample_rate, **settings)
            except ValueError as error:
                raise ValueError(f"{model.name}: {error}") from None

    def _tracks_of(self, path: StrPath) -> list[_Track]:
        with open_resampled(path, self._sample_rate) as file:
            windows = file.frames // self._window_frames
            path = os.path.abspath(path)
            return [_Track(path, channel, windows) for channel in range(file.num_channels)]


def _listed(sources: Any) -> list[Any]:
    """One source, or those in an iterable, as a list."""
    if isinstance(sources, str | bytes | os.PathLike | Model | dict) or hasattr(sources, "read"):
        return [sources]
    return list(sources)


def _loaded(source: ModelSource) -> Model:
    return source if isinstance(source, Model) else Model.load(source)
