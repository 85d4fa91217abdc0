# SPDX-License-Identifier: MIT
"""Audio in numpy arrays, in the shapes that pedalboard takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Audio = NDArray[np.float32]


def to_planar(audio: ArrayLike, num_channels: int | None = None) -> tuple[Audio, bool]:
    """Bring audio into shape (channels, frames), float32.

    Parameters
    ----------
    audio
        Shape (frames,), (channels, frames) or (frames, channels); float32 or float64. Which axis
        of two is which is told by `num_channels`, else the longer one is frames.
    num_channels
        Channels expected, if that is known.

    Returns
    -------
    planar
        A view where possible, else a copy.
    interleaved
        True if `audio` was (frames, channels).

    Raises
    ------
    TypeError
        If the values are not float32 or float64.
    ValueError
        If the shape does not fit, or fits both ways.
    """
    array: NDArray[Any] = np.asarray(audio)
    if array.dtype.name not in ("float32", "float64"):
        raise TypeError(f"audio has dtype {array.dtype}; accepted are float32 and float64")
    interleaved = array.ndim == 2 and _is_interleaved(array.shape, num_channels)
    if array.ndim == 1:
        planar = array[np.newaxis]
    elif array.ndim == 2:
        planar = array.T if interleaved else array
    else:
        raise ValueError(
            f"audio has shape {array.shape}; "
            "accepted are (frames,), (channels, frames) and (frames, channels)"
        )
    if num_channels is not None and planar.shape[0] != num_channels:
        raise ValueError(f"audio has {planar.shape[0]} channels; expected {num_channels}")
    if planar.shape[0] == 0:
        raise ValueError(f"audio has shape {array.shape}, which has no channels")
    return np.ascontiguousarray(planar, np.float32), interleaved


def like_input(planar: Audio, audio: ArrayLike, interleaved: bool) -> Audio:
    """Bring (channels, frames) back into the shape that `to_planar` was given."""
    return planar.T if interleaved else planar.reshape(np.shape(audio))


def _is_interleaved(shape: tuple[int, ...], num_channels: int | None) -> bool:
    rows, columns = shape
    if num_channels is not None and (rows == num_channels) != (columns == num_channels):
        return columns == num_channels
    if rows == columns and num_channels is None:
        raise ValueError(
            f"audio has shape {shape}: which axis is frames? "
            "Pass (frames,) for one channel, or more frames than channels"
        )
    return num_channels is None and rows > columns
