# SPDX-License-Identifier: MIT
"""Delay and polarity of models and of other things that play, where both are known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nam_factory
import numpy as np
import pytest
from measured_models import demo_nam, demo_or_a2, with_head_tap, with_output_gain
from scipy import signal

from pedalboard_nam import Model, measure_delay, render
from pedalboard_nam.measure.captures import delay_of

Play = Callable[[np.ndarray], np.ndarray]

SIZES = ("full", "lite")
LONGEST_FRAMES = 6347


def filtered(b: np.ndarray, a: np.ndarray | float = 1.0) -> Play:
    return lambda dry: signal.lfilter(b, np.atleast_1d(a), dry)


def test_the_demo_amp_is_neither_late_nor_inverted() -> None:
    for size in SIZES:
        delay = measure_delay(Model.load(demo_nam()), size=size)
        assert (delay.frames, delay.inverted, delay.confidence) == (1, False, 1.0)


def test_the_references_example_is_inverted_and_not_late(reference_dir: Path) -> None:
    for size in SIZES:
        delay = measure_delay(Model.load(reference_dir / "models" / "A2.nam"), size=size)
        assert (delay.frames, delay.inverted, delay.confidence) == (2, True, 1.0)


@pytest.mark.parametrize("size", SIZES)
def test_a_negated_head_is_inverted(size: str) -> None:
    model = Model.load(with_output_gain(demo_nam(), -1.0))
    delay = measure_delay(model, size=size)
    assert (delay.frames, delay.inverted, delay.confidence) == (1, True, 1.0)


@pytest.mark.parametrize("frames", [1, 7, 8, 15])
@pytest.mark.parametrize("size", SIZES)
def test_a_model_that_answers_later_is_later_by_so_much(size: str, frames: int) -> None:
    prompt = measure_delay(Model.load(with_head_tap(demo_nam(), 0)), size=size)
    late = measure_delay(Model.load(with_head_tap(demo_nam(), frames)), size=size)
    assert late.frames - prompt.frames == frames
    assert (late.inverted, late.confidence) == (prompt.inverted, prompt.confidence)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["A2", "demo"])
def test_every_delay_to_200_frames_and_either_polarity_is_found(
    name: str, size: str, reference_dir: Path
) -> None:
    model = demo_or_a2(name, reference_dir)
    own = measure_delay(model, size=size)
    played: dict[float, np.ndarray] = {}

    def play(dry: np.ndarray) -> np.ndarray:
        step = float(dry[0])
        if step not in played:
            played[step] = render(model, dry, 48_000, size=size)
        return played[step]

    for frames in range(201):
        for sign in (1.0, -1.0):

            def late(dry: np.ndarray, frames: int = frames, sign: float = sign) -> np.ndarray:
                return sign * np.pad(play(dry), (frames, 0))[: len(dry)]

            found = delay_of(late, 1_000)  # longer answers only take longer to look through
            assert found.frames == own.frames + frames
            assert found.inverted == own.inverted ^ (sign < 0.0)
            assert found.confidence == 1.0


@pytest.mark.parametrize(
    ("play", "frames"),
    [
        (lambda dry: dry, 0),
        (filtered(*signal.butter(2, 80.0, "highpass", fs=48_000)), 0),
        (filtered(*signal.butter(2, 4_000.0, "lowpass", fs=48_000)), 1),
        (filtered(*signal.butter(2, [80.0, 5_000.0], "bandpass", fs=48_000)), 1),
        # Half way between two frames, by a linear phase filter, which rings before its step.
        (filtered(np.sinc(np.arange(-20.5, 21.0)) * np.hamming(42)), 20),
        (lambda dry: np.tanh(30.0 * dry), 0),
        # Asleep below 0.1; the answer to soft steps is nothing.
        (lambda dry: np.sign(dry) * np.maximum(np.abs(dry) - 0.1, 0.0), 0),
        # Constant at rest, and with more room below than above.
        (lambda dry: np.clip(dry + 0.3, -1.0, 0.4), 0),
    ],
    ids=["wire", "highpass", "lowpass", "bandpass", "fraction", "clipper", "asleep", "offset"],
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("later", [0, 3, 144])
def test_what_lies_in_the_way_does_not_hide_the_delay(
    play: Play, frames: int, sign: float, later: int
) -> None:
    found = delay_of(lambda dry: sign * np.pad(play(dry), (later, 0))[: len(dry)], LONGEST_FRAMES)
    assert (found.frames, found.inverted) == (frames + later, sign < 0.0)


def test_a_network_that_whispers_before_its_answer_has_not_begun() -> None:
    random = np.random.default_rng(0)
    whisper = np.concatenate([random.normal(0.0, 0.003, 60), [1.0, 0.8, 0.2]])
    assert delay_of(filtered(whisper), LONGEST_FRAMES).frames == 60


def test_an_octave_fuzz_has_no_polarity_and_says_so() -> None:
    found = delay_of(lambda dry: np.pad(np.abs(dry), (30, 0))[: len(dry)], LONGEST_FRAMES)
    assert (found.frames, found.confidence) == (30, 0.5)


def test_a_silent_model_is_refused_by_name() -> None:
    nam = with_output_gain(demo_nam(), 0.0)
    with pytest.raises(ValueError, match=r"Demo Crunch: the model does not answer to steps"):
        measure_delay(Model.load(nam))


def test_a_bad_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size is 'huge'"):
        measure_delay(Model.load(nam_factory.lite()), size="huge")
