# SPDX-License-Identifier: MIT
"""What remembers for ever has one output, however it is cut: threads, sections, windows, blocks."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from audio_files import read_audio, write_audio
from latch import LatchStream, played
from playing import assert_same_bits, noise
from special_models import wire

from pedalboard_nam import ReampDataset, render
from pedalboard_nam.dataset import windows
from pedalboard_nam.dataset.checkpoints import Checkpoints
from pedalboard_nam.dataset.windows import Window
from pedalboard_nam.engine import long_signal, stream
from pedalboard_nam.engine.long_signal import LongSignal
from pedalboard_nam.engine.reamp_file import reamp_file
from pedalboard_nam.settings import Settings

PART = 8 * LatchStream.settle  # no thread gets less


@pytest.fixture(autouse=True)
def latch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_signal, "CoreStream", LatchStream)
    monkeypatch.setattr(stream, "CoreStream", LatchStream)
    monkeypatch.setattr(LatchStream, "blocks_played", [])


def _dry(channels: int, frames: int, *flips: int) -> np.ndarray:
    """Noise below the latch's threshold, but for these frames."""
    dry = np.clip(0.2 * noise(channels, frames), -0.8, 0.8)
    dry[:, list(flips)] = 1.0
    return dry


FLIPS = [(), (10,), (PART - 1,), (PART,), (PART + 50, 3 * PART), (7, 8, 9, 2 * PART + 100)]


@pytest.mark.parametrize("threads", [1, 2, 3, 5])
@pytest.mark.parametrize("flips", FLIPS)
def test_no_number_of_threads_changes_a_bit(threads: int, flips: tuple[int, ...]) -> None:
    dry = _dry(2, 4 * PART + 77, *flips)
    assert_same_bits(render(wire(), dry, 48_000, threads=threads), played(dry))


@pytest.mark.parametrize("threads", [2, 3])
def test_what_settles_at_once_is_compared_all_the_same(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LatchStream, "settle", 0)
    dry = _dry(1, 1_000, 10, 600)
    assert_same_bits(render(wire(), dry, 48_000, threads=threads), played(dry))


def test_a_right_guess_is_kept_and_a_wrong_one_played_again() -> None:
    quiet, flipped = _dry(1, 4 * PART), _dry(1, 4 * PART, 3)
    render(wire(), quiet, 48_000, threads=4)
    assert sum(LatchStream.blocks_played) == 4 * PART + 3 * LatchStream.settle
    LatchStream.blocks_played.clear()
    render(wire(), flipped, 48_000, threads=4)
    assert sum(LatchStream.blocks_played) == 7 * PART + 3 * LatchStream.settle


@pytest.mark.parametrize("sections", [[PART] * 5, [1, 2, 3 * PART, 77], [2 * PART, 0, 2 * PART]])
@pytest.mark.parametrize("flips", FLIPS)
def test_sections_go_on_from_each_other(sections: list[int], flips: tuple[int, ...]) -> None:
    dry = _dry(1, sum(sections), *(flip for flip in flips if flip < sum(sections)))
    signal = LongSignal(wire(), 48_000, 1, Settings(), threads=2)
    edges = np.cumsum([0, *sections])
    wet = [signal.process(dry[:, begin:end]) for begin, end in pairwise(edges)]
    assert_same_bits(np.concatenate(wet, axis=1), played(dry))


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("section_frames", [1_000, PART + 1, 3 * PART])
def test_a_file_in_sections_has_the_bits_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int, section_frames: int
) -> None:
    monkeypatch.setattr("pedalboard_nam.engine.reamp_file.section_samples", 2 * section_frames)
    dry = _dry(2, 4 * PART + 5, 20, 2 * PART)
    write_audio(tmp_path / "dry.wav", dry, 48_000)
    reamp_file(wire(), tmp_path / "dry.wav", tmp_path / "wet.wav", threads=threads)
    assert_same_bits(read_audio(tmp_path / "wet.wav"), played(dry))


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 0, 3, 3, 1], [2, 4, 1]])
def test_a_window_is_what_the_whole_file_has_there(tmp_path: Path, order: list[int]) -> None:
    frames = 700
    dry = _dry(2, 5 * frames, 30, 2 * frames + 5)
    write_audio(tmp_path / "dry.wav", dry, 48_000)
    pairs = ReampDataset(tmp_path / "dry.wav", wire(), window_frames=frames)
    wet = played(dry)
    for channel in range(2):
        for index in order:
            here = slice(index * frames, (index + 1) * frames)
            found_dry, found_wet = pairs[channel * 5 + index]
            assert_same_bits(found_dry, dry[channel, here])
            assert_same_bits(found_wet, wet[channel, here])


def test_windows_in_order_are_not_played_from_the_start_each_time(tmp_path: Path) -> None:
    write_audio(tmp_path / "dry.wav", _dry(1, 10_000), 48_000)
    pairs = ReampDataset(tmp_path / "dry.wav", wire(), window_frames=1_000)
    for index in range(10):
        pairs[index]
    assert sum(LatchStream.blocks_played) == 10_000


@pytest.mark.parametrize("late", [0, 350, 2_000])
def test_a_late_window_spoils_no_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: int
) -> None:
    monkeypatch.setattr(windows, "_block_frames", 300)
    dry = _dry(1, 8_000, 30, 4_000)
    write_audio(tmp_path / "dry.wav", dry, 48_000)
    checkpoints = Checkpoints()
    wet = played(dry)
    for start in (4_900, 4_800, 3_500, 0, 5_000):
        window = Window(str(tmp_path / "dry.wav"), 0, 48_000, start, start + 500, late)
        latch = LatchStream(None, 48_000, 1, Settings())
        _, found = window.play(latch, "latch", checkpoints)
        assert_same_bits(found, wet[0, start + late : start + late + 500])
