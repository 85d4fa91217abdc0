# SPDX-License-Identifier: MIT
"""Boards that processes can be told of."""

from __future__ import annotations

from pedalboard import Delay, Gain, Mix, NoiseGate, Pedalboard, Plugin

from pedalboard_nam import NeuralAmp


def gate_and_delay(amp: NeuralAmp) -> Pedalboard:
    return Pedalboard([NoiseGate(-60), amp, Mix([Gain(0), Delay(0.02)])])


def quieter(amp: NeuralAmp) -> list[Plugin]:
    return [amp, Gain(-6)]


def without_the_amp(amp: NeuralAmp) -> Pedalboard:
    return Pedalboard([Gain(-6)])


def of_nothing(amp: NeuralAmp) -> None:
    return None
