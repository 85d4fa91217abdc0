# SPDX-License-Identifier: MIT
"""A board around the amp: each output is what the board plays of the whole input."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import board_factories
import nam_factory
import numpy as np
import pytest
from audio_files import read_audio, write_audio
from board_factories import gate_and_delay
from pedalboard import Convolution, Delay, Pedalboard, VST3Plugin

from pedalboard_nam import NeuralAmp, reamp_files
from pedalboard_nam.batch import Manifest
from pedalboard_nam.batch.boards import BorrowedBoard, describe
from pedalboard_nam.effect.neural_amp import bundle_path
from pedalboard_nam.nam.old_model_image import release_0_1

ranges = {"input_gain_db": (-6.0, 6.0), "output_mode": ["raw", "normalized"]}


def boosted(amp: NeuralAmp) -> list[NeuralAmp]:
    return [NeuralAmp(nam_factory.lite(9), input_gain_db=3.0), amp]


def test_a_board_with_an_amp_is_said_as_the_first_release_said_it(amps: Path) -> None:
    amp = NeuralAmp(amps / "clean.nam")
    boost = boosted(amp)[0]
    digest = sha256(release_0_1(boost.model.to_bytes())).hexdigest()[:16]
    assert describe(BorrowedBoard(Pedalboard([boost, amp]), amp)) == (
        "Pedalboard[<pedalboard_nam.NeuralAmp 'untitled' size='full', input_gain_db=3.0, "
        "output_gain_db=0.0, output_mode='raw', target_loudness_db=-18.0, "
        f"interface_level_dbu=None> {digest}, amp]"
    )


def check(done: Manifest) -> None:
    assert done.done == 12
    for record in done.records:
        board = gate_and_delay(amp := NeuralAmp(record.model, **record.settings))
        expected = board(read_audio(Path(record.input)), record.sample_rate)
        found = read_audio(Path(done.path).parent / record.output)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6, err_msg=record.output)
        assert record.board is not None
        assert "NoiseGate threshold_db=-60" in record.board
        del amp


@pytest.fixture
def stereo(di: Path) -> list[Path]:
    return [di / "mono.wav", di / "stereo.wav"]


def test_on_threads(stereo: list[Path], amps: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    check(
        reamp_files(
            stereo, amps, out, board=gate_and_delay, settings=ranges, draws_per_pair=3, jobs=3
        )
    )


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_in_processes(stereo: list[Path], amps: Path, tmp_path: Path, method: str) -> None:
    # Python's start of a process takes a second where it is not forked.
    with ProcessPoolExecutor(2, mp_context=get_context(method)) as pool:
        check(
            reamp_files(
                stereo,
                amps,
                tmp_path / "out",
                board=gate_and_delay,
                settings=ranges,
                draws_per_pair=3,
                executor=pool,
            )
        )


def test_a_board_that_cannot_travel_is_said(di: Path, amp_path: Path, tmp_path: Path) -> None:
    with (
        ProcessPoolExecutor(1) as pool,
        pytest.raises(ValueError, match="cannot be sent to another process"),
    ):
        reamp_files(di, amp_path, tmp_path / "out", board=lambda amp: [amp], executor=pool)


@pytest.mark.parametrize(
    ("board", "said"),
    [
        (board_factories.without_the_amp, "does not have this amp in it"),
        (board_factories.of_nothing, r"board\(amp\) gave None; expected a pedalboard.Pedalboard"),
        (lambda amp: [amp, 3], r"board\(amp\) gave 3 among its effects"),
    ],
)
def test_what_is_no_board_is_said(
    di: Path, amp_path: Path, tmp_path: Path, board: Callable, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        reamp_files(di, amp_path, tmp_path / "out", board=board)
    assert not (tmp_path / "out").exists()


def test_another_impulse_response_under_the_same_name_is_another_board(
    di: Path, amp_path: Path, tmp_path: Path
) -> None:
    cab = tmp_path / "cab.wav"

    def board(amp: NeuralAmp) -> Pedalboard:
        return Pedalboard([amp, Convolution(str(cab))])

    def play() -> int:
        return reamp_files(di / "mono.wav", amp_path, tmp_path / "out", board=board).done

    write_audio(cab, np.ones((1, 10), np.float32), 48_000)
    assert (play(), play()) == (1, 0)
    write_audio(cab, np.ones((1, 11), np.float32), 48_000)
    assert play() == 1


def test_another_array_as_impulse_response_is_another_board(
    di: Path, amp_path: Path, tmp_path: Path
) -> None:
    def call(gain: float) -> Manifest:
        response = np.array([gain, 0.0, 0.0], np.float32)
        return reamp_files(
            di / "mono.wav",
            amp_path,
            tmp_path / "out",
            board=lambda amp: [amp, Convolution(response, sample_rate=48_000)],
        )

    assert [call(gain).done for gain in (1.0, 0.1, 0.1)] == [1, 1, 0]


def test_another_state_of_a_plugin_is_another_board(
    di: Path, amps: Path, amp_path: Path, tmp_path: Path
) -> None:
    def call(model: Path) -> Manifest:
        def board(amp: NeuralAmp) -> Pedalboard:
            plugin = VST3Plugin(bundle_path())
            plugin.raw_state = NeuralAmp(model).raw_state
            return Pedalboard([amp, plugin])

        return reamp_files(di / "mono.wav", amp_path, tmp_path / "out", board=board, jobs=1)

    states = [amps / "clean.nam", amps / "brand" / "loud.nam", amps / "brand" / "loud.nam"]
    assert [call(model).done for model in states] == [1, 1, 0]


def test_after_a_failure_the_board_plays_the_next_input(
    di: Path, amp_path: Path, tmp_path: Path
) -> None:
    write_audio(di / "a.wav", np.full((1, 9_000), np.nan, np.float32), 48_000)
    done = reamp_files(
        [di / "a.wav", di / "mono.wav"],
        amp_path,
        tmp_path / "out",
        board=gate_and_delay,
        jobs=1,
        on_error="skip",
    )
    assert [record.status for record in done.records] == ["failed", "done"]
    found = read_audio(tmp_path / "out" / done.records[1].output)
    expected = gate_and_delay(amp := NeuralAmp(amp_path))(read_audio(di / "mono.wav"), 48_000)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    del amp


def test_boards_that_share_an_effect_are_not_played_at_once(
    di: Path, amp_path: Path, tmp_path: Path
) -> None:
    shared = Delay(0.01)
    done = reamp_files(
        [di / "mono.wav", di / "stereo.wav"],
        amp_path,
        tmp_path / "out",
        board=lambda amp: [amp, shared],
        jobs=2,
        on_error="skip",
    )
    for record in done.records:
        if record.status == "done":
            dry = read_audio(Path(record.input))
            expected = Pedalboard([NeuralAmp(amp_path), Delay(0.01)])(dry, record.sample_rate)
            found = read_audio(tmp_path / "out" / record.output)
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
        else:
            assert "is being played by another BoardStream" in (record.error or "")
