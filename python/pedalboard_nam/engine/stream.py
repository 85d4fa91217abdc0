# SPDX-License-Identifier: MIT
"""The engine as a stream: blocks in, blocks out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._core import Stream as CoreStream
from ..audio.arrays import (
    Audio,
    Layout,
    check_output,
    from_planar,
    layout_of_first_block,
    to_planar,
)
from ..nam.model import Model, core_model
from ..nam.unstated import unstated_explained
from ..settings import OutputMode, Settings, Size, with_properties


@with_properties
class Stream:
    """A model at work on audio that comes block by block.

    However a signal is cut into blocks, the output is the same to the bit. Each audio channel is a
    signal of its own. A stream belongs to one thread at a time; its model may be shared.

    Parameters
    ----------
    model
        The amp.
    sample_rate
        Rate of the audio in Hz, 8,000 to 384,000; the model's own if None. At any other rate the
        stream resamples on both sides, and has a `latency`.
    size
        Which of the model's sizes plays: ``"full"``, the last; ``"lite"``, the first; or a number
        from 0 to 1: the first whose breakpoint is above it, else the last.
    input_gain_db, output_gain_db
        Gain before and after the amp in dB, -50 to 50.
    output_mode
        ``"raw"``: as the model has it. ``"normalized"``: brought to `target_loudness_db` by the
        loudness that the model states for its size. ``"calibrated"``: brought to the level that
        the real amp would have at the interface, by the model's output level.
    target_loudness_db
        For ``"normalized"``, in dB re full scale RMS, -60 to 0.
    interface_level_dbu
        The level in dBu RMS, -60 to 60, of a 1 kHz sine that peaks at 0 dBFS in your interface. If
        given, the input is brought to the level at which the model was captured.

    Raises
    ------
    ValueError
        For a value out of range, and where a level or loudness that the settings need is not
        stated in the model.

    Notes
    -----
    Settings are attributes. The gains can be set: a change is reached in a ramp of 5 ms.
    """

    size: Size
    input_gain_db: float
    output_gain_db: float
    output_mode: OutputMode
    target_loudness_db: float
    interface_level_dbu: float | None

    def __init__(
        self,
        model: Model,
        sample_rate: float | None = None,
        *,
        size: Size = "full",
        input_gain_db: float = 0.0,
        output_gain_db: float = 0.0,
        output_mode: OutputMode = "raw",
        target_loudness_db: float = -18.0,
        interface_level_dbu: float | None = None,
    ) -> None:
        self._settings = Settings.among(locals())
        core = core_model(model)
        self._model = model
        self._sample_rate = float(model.sample_rate if sample_rate is None else sample_rate)
        with unstated_explained(model):
            self._core = CoreStream(core, self._sample_rate, 1, self._settings.core())
        self._layout: Layout | None = None

    def process(self, block: ArrayLike, *, out: Audio | None = None) -> Audio:
        """Run one block of audio through the amp.

        Parameters
        ----------
        block
            Shape (frames,), (channels, frames) or (frames, channels), any number of frames;
            float32 or float64; up to 64 channels. The first block after a `reset` sets the layout
            for all others: up to 8 rows are channels, else the longer axis is frames.
        out
            Where to put the output: float32, C-contiguous, of the block's shape. It may be `block`
            itself, or overlap it: the output is the same.

        Returns
        -------
        numpy.ndarray
            float32, of the same shape, `latency` frames behind the input; `out`, if given.

        Raises
        ------
        TypeError
            If the values are not float32 or float64, or `out` is not an array of float32.
        ValueError
            If the shape does not fit, or the number of channels has changed; if `out` has another
            shape, is not C-contiguous, or is read-only.

        Notes
        -----
        Float32, C-contiguous, of shape (frames,) or (channels, frames), takes the least time: about
        half a microsecond besides the network's own.
        """
        layout = self._layout
        if layout is not None and not layout.interleaved:
            wet = self._core.process_block(block, out)
            if wet is not None:
                return wet
        return self._process_any(block, out)

    def _process_any(self, block: ArrayLike, out: Audio | None) -> Audio:
        layout = self._layout or layout_of_first_block(block)
        planar = to_planar(block, layout)
        if out is not None:
            check_output(out, np.shape(block))
        if self._core.num_channels != layout.num_channels:
            self._core = CoreStream(
                self._model._core, self._sample_rate, layout.num_channels, self._core.settings
            )
        if self._layout is None:
            self._core.reset()  # gains that were set since are there from the first frame
        self._layout = layout
        planar_wet = np.empty_like(planar)
        self._core.process(planar, planar_wet)
        wet = from_planar(planar_wet, block, layout)
        if out is None:
            return wet
        out[...] = wet
        return out

    def reset(self) -> None:
        """Return to the state after infinite silence; settings stay as they are."""
        self._core.reset()
        self._layout = None

    @property
    def model(self) -> Model:
        """The amp."""
        return self._model

    @property
    def sample_rate(self) -> float:
        """Rate of the audio in Hz."""
        return self._sample_rate

    @property
    def latency(self) -> int:
        """Frames by which the output lags the input; 0 at the model's own rate."""
        return self._core.latency

    def _setting(self, name: str) -> Any:
        return getattr(self._settings, name)

    def _set_setting(self, name: str, value: object) -> None:
        if name not in ("input_gain_db", "output_gain_db"):
            raise AttributeError(f"{name} of a Stream is what it was made with; make another")
        settings = replace(self._settings, **{name: value})
        self._core.set_gains_db(settings.input_gain_db, settings.output_gain_db)
        self._settings = settings

    def __reduce__(self) -> str:
        raise TypeError("a Stream is not copied or pickled; make another from its model")

    def __repr__(self) -> str:
        return (
            f"<pedalboard_nam.Stream {self._model!r} size={self.size!r} {self._sample_rate:g} Hz>"
        )
