# SPDX-License-Identifier: MIT
"""Audio in numpy arrays, in the shapes that pedalboard takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Audio = NDArray[np.float32]


# As many channels as pedalboard's effects take.
_most_channels_of_a_short_block = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """How the values of a two-dimensional array lie.

    Attributes
    ----------
    num_channels
        Number of audio channels.
    interleaved
        True for shape (frames, channels), False for (channels, frames) and (frames,).
    """

    num_channels: int
    interleaved: bool


def layout_of(audio: ArrayLike) -> Layout:
    """Tell frames from channels as pedalboard does: the longer axis is frames.

    Raises
    ------
    ValueError
        If there is no longer axis, no channel, or another number of dimensions than 1 or 2.
    """
    shape = np.shape(audio)
    if len(shape) == 1:
        return Layout(1, False)
    if len(shape) != 2:
        raise ValueError(
            f"audio has shape {shape}; "
            "accepted are (frames,), (channels, frames) and (frames, channels)"
        )
    rows, columns = shape
    if columns == 0 < rows:  # what reading at the end of a file gives
        return Layout(rows, False)
    if rows == columns:
        raise ValueError(
            f"audio has shape {shape}: which axis is frames? "
            "Pass (frames,) for one channel, or more frames than channels"
        )
    layout = Layout(columns, True) if rows > columns else Layout(rows, False)
    if layout.num_channels == 0:
        raise ValueError(f"audio has shape {shape}, which has no channels")
    return layout


def layout_of_first_block(block: ArrayLike) -> Layout:
    """Like `layout_of`, but up to 8 rows are channels: a block may be shorter than it is high."""
    shape = np.shape(block)
    if len(shape) == 2 and 1 <= shape[0] <= _most_channels_of_a_short_block:
        return Layout(shape[0], False)
    return layout_of(block)


def to_planar(audio: ArrayLike, layout: Layout) -> Audio:
    """Bring audio of this layout into shape (channels, frames), float32, C-contiguous and aligned.

    A view where possible.

    Raises
    ------
    TypeError
        If the values are not float32 or float64.
    ValueError
        If the number of channels is another.
    """
    array: NDArray[Any] = np.asarray(audio)
    if array.dtype.name not in ("float32", "float64"):
        raise TypeError(f"audio has dtype {array.dtype}; accepted are float32 and float64")
    planar = array[np.newaxis] if array.ndim == 1 else array.T if layout.interleaved else array
    if planar.ndim != 2 or planar.shape[0] != layout.num_channels:
        n = layout.num_channels
        channels = "1 channel, (frames,) or " if n == 1 else f"{n} channels, "
        channels += f"(frames, {n})" if layout.interleaved else f"({n}, frames)"
        raise ValueError(f"audio has shape {array.shape}; expected {channels}")
    return np.require(planar, np.float32, ["C_CONTIGUOUS", "ALIGNED"])


def from_planar(planar: Audio, audio: ArrayLike, layout: Layout) -> Audio:
    """Bring (channels, frames) back into the shape of the `audio` that it came from."""
    return planar.T if layout.interleaved else planar.reshape(np.shape(audio))


def check_output(out: Audio, shape: tuple[int, ...]) -> None:
    """Raise a TypeError or ValueError if `out` cannot take audio of this shape."""
    if not isinstance(out, np.ndarray):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"out is a {type(out).__name__}; accepted are numpy arrays of float32")
    if out.dtype != np.float32:
        raise TypeError(f"out has dtype {out.dtype}; accepted is float32")
    if out.shape != shape:
        raise ValueError(f"out has shape {out.shape}; the block has {shape}")
    if not out.flags.c_contiguous:
        raise ValueError("out is not C-contiguous; accepted are arrays without gaps, row by row")
    if not out.flags.writeable:
        raise ValueError("out is read-only")
