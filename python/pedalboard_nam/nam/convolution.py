# SPDX-License-Identifier: MIT
"""Causal convolutions as `.nam` files have them: how many weights they have, and how they lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .network import Cost


class Convolution(NamedTuple):
    """Weights [output][input of the group][tap], then a bias for each output if there is one."""

    inputs: int
    outputs: int
    taps: int = 1
    dilation: int = 1
    groups: int = 1
    bias: bool = True

    @property
    def matrix_weights(self) -> int:
        return self.outputs * (self.inputs // self.groups) * self.taps

    @property
    def weights(self) -> int:
        return self.matrix_weights + self.outputs * self.bias

    @property
    def lookback_frames(self) -> int:
        return (self.taps - 1) * self.dilation


def weight_count(convolutions: Iterable[Convolution]) -> int:
    return sum(convolution.weights for convolution in convolutions)


def cost(convolutions: Iterable[Convolution]) -> Cost:
    """Lookbacks add up: all convolutions of a WaveNet or ConvNet lie behind one another."""
    multiply_adds = lookback = history = 0
    for convolution in convolutions:
        multiply_adds += convolution.matrix_weights
        lookback += convolution.lookback_frames
        history += convolution.lookback_frames * convolution.inputs
    return Cost(multiply_adds, lookback, history)
