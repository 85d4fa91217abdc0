# SPDX-License-Identifier: MIT
"""The specification: what an A2 network computes, in float64 and without cleverness.

x is the mono input; h, `channels` wide, is what flows from layer to layer::

    h    = rechannel x
    head = 0
    for every layer, of K taps that lie `dilation` frames apart:
        a[t] = leaky_relu(bias + mixin x[t] + sum over k of conv[k] h[t - (K - 1 - k) dilation])
        head = head + a
        h    = h + bias1x1 + conv1x1 a
    y[t] = head_scale (head_bias + sum over k of head_conv[k] head[t - (15 - k)])

Before the first frame there was silence for ever. A frame of output depends on `receptive_field`
frames of input, so one less than that many zeros in front of the input are silence for ever.

`nam` is a parsed `.nam` file of one network; `submodel` takes it out of a container. Every engine
holds weights in float32, so the weights here are rounded to float32 too; all else is float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Nam = dict[str, Any]


def submodel(nam: Nam, size: float = 1.0) -> Nam:
    """The network that `size` selects: the first with a higher `max_value`, else the last."""
    while nam["architecture"] == "SlimmableContainer":
        entries = nam["config"]["submodels"]
        chosen = next((e for e in entries if size < e["max_value"]), entries[-1])
        nam = chosen["model"]
    return nam


def receptive_field(nam: Nam) -> int:
    """Frames of input, the current one included, that one frame of output depends on."""
    config = nam["config"]["layers"][0]
    taps, dilations = config["kernel_sizes"], config["dilations"]
    lookback = sum((k - 1) * d for k, d in zip(taps, dilations, strict=True))
    return 1 + lookback + (config["head"]["kernel_size"] - 1)


def render(nam: Nam, x: np.ndarray) -> np.ndarray:
    """The output of a network for the mono input `x`: as many frames, without delay."""
    config = nam["config"]["layers"][0]
    channels = config["channels"]
    weights = Weights(nam["weights"])

    # Nothing below pads. A convolution gives fewer frames than it takes, because it drops the
    # oldest, whose past it does not know. All arrays end at the same instant.
    x = np.concatenate([np.zeros(receptive_field(nam) - 1), x])

    h = weights.take(channels, 1) * x  # rechannel
    heads = []
    for taps, dilation, activation in zip(
        config["kernel_sizes"], config["dilations"], config["activation"], strict=True
    ):
        conv = weights.take(channels, channels, taps)  # [out, in, tap], tap 0 the oldest
        bias = weights.take(channels, 1)
        mixin = weights.take(channels, 1)
        conv1x1 = weights.take(channels, channels)  # [out, in]
        bias1x1 = weights.take(channels, 1)

        a = convolve(conv, h, dilation) + bias
        frames = a.shape[1]
        a += mixin * x[-frames:]
        a = np.where(a > 0, a, activation["negative_slope"] * a)
        heads.append(a)
        h = h[:, -frames:] + conv1x1 @ a + bias1x1

    head = sum(a[:, -frames:] for a in heads)  # the last layer has the fewest frames
    head_conv = weights.take(1, channels, config["head"]["kernel_size"])
    head_bias = weights.take(1)
    head_scale = weights.take(1)
    weights.check_none_left()
    return head_scale * (convolve(head_conv, head, dilation=1)[0] + head_bias)


def loudness_db(nam: Nam, x: np.ndarray) -> float:
    """RMS level of the output for `x`; a file's `loudness` has the trainer's own signal as `x`."""
    return 20 * np.log10(np.sqrt(np.mean(render(nam, x) ** 2)))


def convolve(weight: np.ndarray, x: np.ndarray, dilation: int) -> np.ndarray:
    """Convolve x, [in, frame], with weight, [out, in, tap]: (taps - 1) * dilation frames fewer."""
    taps = weight.shape[2]
    frames = x.shape[1] - (taps - 1) * dilation
    return sum(weight[:, :, k] @ x[:, k * dilation : k * dilation + frames] for k in range(taps))


class Weights:
    """The flat list of weights of a `.nam` file, taken from its front piece by piece."""

    def __init__(self, flat: list[float]) -> None:
        self._left = np.float64(np.float32(flat))

    def take(self, *shape: int) -> np.ndarray:
        """The next weights, the last index running fastest."""
        count = int(np.prod(shape))
        taken, self._left = self._left[:count], self._left[count:]
        return taken.reshape(shape)

    def check_none_left(self) -> None:
        if self._left.size:
            raise ValueError(f"the network has {self._left.size} weights fewer than the file")
