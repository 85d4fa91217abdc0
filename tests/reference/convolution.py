# SPDX-License-Identifier: MIT
"""The convolution in time that all networks but LSTMs are made of.

Its K taps lie `dilation` frames apart, the last one on the current frame::

    y[o, t] = bias[o] + sum over i and k of weight[o, i, k] x[i, t - (K - 1 - k) dilation]

With groups, inputs and outputs are cut into as many equal parts, and a part of the outputs hears
its part of the inputs alone. One of a single tap is a 1x1, or a matrix.
"""

from __future__ import annotations

import numpy as np

from .weights import Weights


class Convolution:
    """Weights in the order of the file: [output, input of its group, tap], then the bias."""

    def __init__(
        self,
        weights: Weights,
        name: str,
        inputs: int,
        outputs: int,
        taps: int = 1,
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        self.weight = weights.take(name, outputs, inputs // groups, taps)
        self.bias = weights.take(f"{name} bias", outputs) if bias else np.zeros(outputs)
        self.dilation = dilation
        self.groups = groups
        self.lookback = (taps - 1) * dilation

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """As many frames as `x` has; what came before it counts as zero."""
        taps = self.weight.shape[2]
        y = np.repeat(self.bias[:, np.newaxis], x.shape[1], axis=1)
        parts = zip(
            np.split(self.weight, self.groups),
            np.split(x, self.groups),
            np.split(y, self.groups),
            strict=True,
        )
        for weight, x_part, y_part in parts:
            for k in range(taps):
                y_part += weight[:, :, k] @ delayed(x_part, (taps - 1 - k) * self.dilation)
        return y


def delayed(x: np.ndarray, frames: int) -> np.ndarray:
    """As many frames as `x` has, which begins later: zeros come first."""
    frames = min(frames, x.shape[1])
    return np.pad(x[:, : x.shape[1] - frames], ((0, 0), (frames, 0)))
