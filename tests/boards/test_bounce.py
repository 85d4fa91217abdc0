# SPDX-License-Identifier: MIT
"""`bounce`: what the file holds, how it ends, and what an error leaves behind."""

from __future__ import annotations

import os
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from audio_files import write_silence
from numpy.typing import NDArray
from pedalboard import Chain, Convolution, Delay, Gain, Mix, Pedalboard, PitchShift, Plugin, Reverb
from pedalboard.io import AudioFile
from playing import random_model

from pedalboard_nam import NeuralAmp, Silence, bounce
from pedalboard_nam.audio.headers import headers
from pedalboard_nam.audio.reader import AudioFileError
from pedalboard_nam.engine.reamp_file import Reamped
from process_memory import in_a_new_process, most_resident_bytes

Audio = NDArray[np.float32]
MODEL = random_model("lite")
FRAMES = 30_001
NOISE = 0.1 * np.random.default_rng(5).standard_normal((2, FRAMES), np.float32)


def write(path: Path, audio: Audio, rate: int = 44_100) -> Path:
    with AudioFile(os.fspath(path), "w", rate, len(audio), bit_depth=32) as file:
        file.write(audio)
    return path


def read(path: Path) -> Audio:
    with AudioFile(os.fspath(path)) as file:
        return file.read(file.frames)


@pytest.fixture
def dry(tmp_path: Path) -> Path:
    return write(tmp_path / "dry.wav", NOISE)


@pytest.fixture
def wet(tmp_path: Path) -> Path:
    return tmp_path / "wet.wav"


def _board() -> Pedalboard:
    cab = Convolution(0.1 * NOISE[0, :999], sample_rate=44_100)
    return Pedalboard([NeuralAmp(MODEL), Mix([Chain([NeuralAmp(MODEL)]), Gain(-6)]), cab, Reverb()])


@pytest.mark.parametrize("block_size", [700, 8192, 1 << 20])
def test_the_file_holds_the_bits_of_one_call(dry: Path, wet: Path, block_size: int) -> None:
    done = bounce(Pedalboard([NeuralAmp(MODEL), Delay(0.1)]), dry, wet, block_size=block_size)
    expected = Pedalboard([NeuralAmp(MODEL), Delay(0.1)])(NOISE, 44_100)
    np.testing.assert_array_equal(read(wet), expected)
    assert done == Reamped(FRAMES, 2, 44_100, float(abs(expected).max()), False, True)


@pytest.mark.parametrize("settings", [{}, {"sample_rate": 96_000}, {"tail": 0.7}], ids=str)
@pytest.mark.parametrize("block_size", [1000, 8191, FRAMES])
def test_no_block_size_changes_a_bit(
    dry: Path, wet: Path, settings: dict[str, Any], block_size: int
) -> None:
    dithered = {"bit_depth": 24, "dither": True}
    bounce(_board(), dry, wet, **dithered, **settings)
    expected = wet.read_bytes()
    bounce(_board(), dry, wet, block_size=block_size, overwrite=True, **dithered, **settings)
    assert wet.read_bytes() == expected


def test_a_single_effect_is_a_board(dry: Path, wet: Path) -> None:
    bounce(Gain(0), dry, wet)
    np.testing.assert_array_equal(read(wet), NOISE)


@pytest.mark.parametrize("frames", [1, 2, 3, 8191, 8192, 8193])
def test_every_length_is_kept(tmp_path: Path, wet: Path, frames: int) -> None:
    audio = NOISE[:1, :frames]
    done = bounce(NeuralAmp(MODEL), write(tmp_path / "short.wav", audio), wet)
    assert done.frames == frames
    np.testing.assert_array_equal(read(wet), NeuralAmp(MODEL)(audio, 44_100))


@pytest.mark.parametrize("channels", [1, 2, 4, 8])
def test_channels_are_kept(tmp_path: Path, wet: Path, channels: int) -> None:
    audio = np.tile(NOISE, (4, 1))[:channels]
    bounce(NeuralAmp(MODEL), write(tmp_path / "wide.wav", audio), wet)
    np.testing.assert_array_equal(read(wet), NeuralAmp(MODEL)(audio, 44_100))


# --- Tails ----------------------------------------------------------------------------------------


def test_a_tail_of_seconds_is_what_the_board_makes_of_silence(dry: Path, wet: Path) -> None:
    board = [NeuralAmp(MODEL), Reverb()]
    assert bounce(Pedalboard(board), dry, wet, tail=0.5).frames == FRAMES + 22_050
    padded = np.pad(NOISE, [(0, 0), (0, 22_050)])
    np.testing.assert_array_equal(read(wet), Pedalboard(board)(padded, 44_100))


def test_a_tail_until_silence_ends_with_the_last_echo_that_is_heard(
    tmp_path: Path, wet: Path
) -> None:
    click = np.zeros((2, 20_000), np.float32)
    click[1, 1_000] = 1.0
    source = write(tmp_path / "click.wav", click, 48_000)
    echoes = Delay(0.5, feedback=0.1, mix=1.0)  # 0, -20, -40... dB at 0.5, 1.0, 1.5... s
    done = bounce(echoes, source, wet, tail=Silence(below_db=-50.0))
    assert done.frames == 1_000 + 3 * 24_000 + 1
    assert read(wet)[1, -1] == pytest.approx(0.01, rel=1e-3)
    whole = echoes(np.pad(click, [(0, 0), (0, 100_000)]), 48_000)
    np.testing.assert_array_equal(read(wet), whole[:, : done.frames])


def test_a_tail_that_does_not_end_is_cut(dry: Path, wet: Path) -> None:
    forever = Delay(0.1, feedback=1.0)
    done = bounce(forever, dry, wet, tail=Silence(longest_s=2.0))
    assert done.frames == pytest.approx(FRAMES + 88_200, abs=1)


@pytest.mark.parametrize("frames", [8_192, 20_000])
@pytest.mark.parametrize("make", [lambda: Gain(0), lambda: NeuralAmp(MODEL)])
def test_an_effect_at_rest_has_no_tail(
    tmp_path: Path, wet: Path, make: Callable[[], Plugin], frames: int
) -> None:
    silence = write(tmp_path / "silence.wav", np.zeros((1, frames), np.float32), 48_000)
    assert bounce(make(), silence, wet, tail=Silence()).frames == frames
    assert make()(np.zeros((1, 9_000), np.float32), 48_000).any() == isinstance(make(), NeuralAmp)


def test_the_tail_of_an_amp_is_its_memory(tmp_path: Path, wet: Path) -> None:
    source = write(tmp_path / "dry.wav", NOISE, 48_000)
    done = bounce(NeuralAmp(MODEL), source, wet, tail=Silence(below_db=-140.0))
    assert FRAMES < done.frames < FRAMES + MODEL.receptive_field


def test_no_tail_at_all_is_as_short_as_the_source(tmp_path: Path, wet: Path) -> None:
    source = write(tmp_path / "dry.wav", NOISE[:, :8_192])
    assert bounce(Gain(0), source, wet, tail=Silence(longest_s=0.0)).frames == 8_192


# --- Bits -----------------------------------------------------------------------------------------


def _steps(path: Path) -> NDArray[np.int64]:
    with wave.open(os.fspath(path)) as file:
        bits = file.readframes(file.getnframes())
    return np.frombuffer(bits, "<i2").astype(np.int64)


def test_dither_makes_noise_of_the_rounding_error(tmp_path: Path, wet: Path) -> None:
    ramp = np.linspace(-3.0, 3.0, 600_000) / 32_768.0
    source = write(tmp_path / "ramp.wav", np.float32(ramp)[np.newaxis])
    bounce(Gain(0), source, wet, bit_depth=16, dither=True)
    error = (_steps(wet) - np.float32(ramp) * 32_768.0).reshape(60, 10_000)
    assert abs(error).max() < 1.5
    # Triangular dither: mean 0 and variance 1/4 step^2, wherever the signal is between two steps.
    np.testing.assert_allclose(error.mean(axis=1), 0.0, atol=0.02)
    np.testing.assert_allclose(error.var(axis=1), 0.25, atol=0.015)
    spectrum = abs(np.fft.rfft(error.ravel())) ** 2
    assert spectrum[1:100].mean() == pytest.approx(spectrum.mean(), rel=0.5)


def test_without_dither_the_same_error_follows_the_signal(tmp_path: Path, wet: Path) -> None:
    ramp = np.linspace(-3.0, 3.0, 600_000) / 32_768.0
    source = write(tmp_path / "ramp.wav", np.float32(ramp)[np.newaxis])
    bounce(Gain(0), source, wet, bit_depth=16)
    assert abs(_steps(wet) - ramp * 32_768.0).max() < 0.5001


def test_channels_have_a_dither_each(tmp_path: Path, wet: Path) -> None:
    source = write(tmp_path / "silence.wav", np.zeros((2, 50_000), np.float32))
    bounce(Gain(0), source, wet, bit_depth=16, dither=True)
    left, right = _steps(wet).reshape(-1, 2).T
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.02


# --- Progress and errors --------------------------------------------------------------------------


def test_progress_goes_up_to_the_end(dry: Path, wet: Path) -> None:
    reports: list[tuple[int, int]] = []
    bounce(_board(), dry, wet, tail=0.1, block_size=5_000, progress=lambda *r: reports.append(r))
    done, to_do = zip(*reports, strict=True)
    assert list(done) == sorted(done)
    assert set(to_do) == {FRAMES + 4_410}
    assert reports[-1] == (FRAMES + 4_410, FRAMES + 4_410)
    assert len(reports) > 6


@pytest.mark.parametrize("error", [KeyboardInterrupt("enough"), ValueError("enough")])
def test_who_watches_can_end_it(dry: Path, wet: Path, error: BaseException) -> None:
    wet.write_bytes(b"before")
    gain = Gain(1.5)

    def stop(done_frames: int, frames: int) -> None:
        if done_frames > 10_000:
            raise error

    with pytest.raises(type(error), match="enough"):
        bounce(
            gain,
            dry,
            wet,
            automation={gain: {"gain_db": [(0, 0)]}},
            overwrite=True,
            block_size=4_096,
            progress=stop,
        )
    assert wet.read_bytes() == b"before"
    assert gain.gain_db == 1.5
    assert sorted(path.name for path in wet.parent.iterdir()) == ["dry.wav", "wet.wav"]


class Instrument(NeuralAmp):
    """What pedalboard says of a plug-in that takes no audio; none is on every machine."""

    is_instrument = True


@pytest.mark.parametrize(
    ("make", "settings", "said"),
    [
        (lambda: Instrument(MODEL), {}, "is an instrument; audio is played by effects"),
        (lambda: Gain(0), {"block_size": 0}, "block_size is 0; accepted are whole numbers"),
        (lambda: Gain(0), {"tail": -1.0}, "tail is -1.0; accepted are 0 to 86400"),
        (lambda: Gain(0), {"tail": float("nan")}, "tail is NaN"),
        (lambda: Gain(0), {"tail": 1e300}, r"tail is 1e\+300"),
        (lambda: Gain(0), {"tail": "2"}, 'tail is "2"'),
        (
            lambda: Gain(0),
            {"automation": [(0, 1)]},
            r"automation is \[\(0, 1\)\]; expected are lanes",
        ),
        (lambda: Gain(0), {"sample_rate": 0.0}, "sample_rate is 0.0; accepted are 8000 to 384000"),
        (
            lambda: Gain(0),
            {"sample_rate": 44_100.5},
            "wet.wav: WAV cannot hold 2 channels at 44100.5",
        ),
        (lambda: Gain(0), {"dither": True}, "wet.wav: dither is for 16 and 24 bits"),
        (lambda: Gain(0), {"automation": {Gain(0): {}}}, "is not an effect of the board"),
        (lambda: Gain(0), {"automation": {}, "bit_depth": 8}, "no bit depth of 8"),
        (lambda: Chain([PitchShift(1)]), {}, "PitchShift loses sound where audio comes block by"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    dry: Path, wet: Path, make: Callable[[], Plugin], settings: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        bounce(make(), dry, wet, progress=pytest.fail, **settings)
    assert [path.name for path in wet.parent.iterdir()] == ["dry.wav"]


def test_a_file_with_more_channels_than_an_effect_takes_is_refused(
    tmp_path: Path, wet: Path
) -> None:
    source = write(tmp_path / "wide.wav", np.tile(NOISE, (5, 1))[:9, :999])
    with pytest.raises(ValueError, match=r"wide\.wav: num_channels is 9; a NeuralAmp plays 1"):
        bounce(NeuralAmp(MODEL), source, wet)
    assert not wet.exists()


def test_files_are_kept(dry: Path, wet: Path) -> None:
    wet.write_bytes(b"before")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        bounce(Gain(0), dry, wet)
    with pytest.raises(AudioFileError, match="this is the input"):
        bounce(Gain(0), dry, dry, overwrite=True)
    assert wet.read_bytes() == b"before"


def test_names_that_no_file_can_have_are_said_before_anything_plays(dry: Path, wet: Path) -> None:
    with pytest.raises(OSError, match="File name too long"):
        bounce(Gain(0), dry, wet.with_name("x" * 252 + ".wav"), progress=pytest.fail)
    for source, destination in (("in\0.wav", wet), (dry, "out\0.wav")):
        with pytest.raises(
            ValueError, match=r"is '(in|out)\\x00.wav'; no file has a null character"
        ):
            bounce(Gain(0), source, destination)


@pytest.mark.parametrize(
    "settings", [{"below_db": float("nan")}, {"below_db": 1.0}, {"longest_s": 1e9}]
)
def test_a_silence_that_cannot_be_is_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"Silence: \w+ is .*; accepted are"):
        Silence(**settings)


def test_a_board_may_be_a_list(dry: Path, wet: Path) -> None:
    bounce([Gain(0), Delay(0.1)], dry, wet)
    np.testing.assert_array_equal(read(wet), Pedalboard([Gain(0), Delay(0.1)])(NOISE, 44_100))


def test_a_board_of_something_else_is_refused(dry: Path, wet: Path) -> None:
    something: list[Any] = ["gain"]
    with pytest.raises(TypeError, match="the board: 'gain' is no effect of pedalboard's"):
        bounce(something, dry, wet)


def _most_memory_of(source: Path, destination: Path) -> int:
    amp = NeuralAmp(MODEL)
    done = bounce(
        Pedalboard([amp, Gain(-6)]),
        source,
        destination,
        automation={amp: {"input_gain_db": [(0, 0), (3600, 6)]}},
    )
    assert done.frames == 3600 * 8_000
    return most_resident_bytes()


@pytest.mark.slow
def test_an_hour_takes_no_more_memory_than_a_song(tmp_path: Path, wet: Path) -> None:
    source = write_silence(tmp_path / "long.wav", 3600 * 8_000, 8_000)
    assert in_a_new_process(_most_memory_of, source, wet) < 120_000_000


def test_progress_goes_to_the_end_of_a_tail_that_is_not_kept(dry: Path, wet: Path) -> None:
    reports: list[tuple[int, int]] = []
    bounce(Gain(0), dry, wet, tail=Silence(longest_s=1), progress=lambda *r: reports.append(r))
    assert reports == sorted(reports)
    assert reports[-1] == (FRAMES + 44_100, FRAMES + 44_100)


def test_a_source_that_is_cut_off_while_it_plays_leaves_nothing(dry: Path, wet: Path) -> None:
    def cut(done: int, frames: int) -> None:
        os.truncate(dry, 100_000)

    size = dry.stat().st_size
    said = f"dry.wav: cut off while it was read: 100000 of {size} bytes are there"
    with pytest.raises(AudioFileError, match=said):
        bounce(Gain(0), dry, wet, block_size=1_000, progress=cut)
    assert not wet.exists()


def test_aiff_ends_where_its_sizes_do(
    dry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wet = tmp_path / "wet.aiff"
    said = r"\.aiff: an AIFF file holds no more than 4 GiB"
    with pytest.raises(AudioFileError, match=said):
        bounce(Gain(0), dry, wet, tail=20_000, progress=pytest.fail)
    small = headers["aiff"]._replace(most_bytes=2**24 + FRAMES * 2 * 3 + 5)
    monkeypatch.setitem(headers, "aiff", small)
    bounce(Gain(0), dry, wet)
    with pytest.raises(AudioFileError, match=said):
        bounce(Delay(1), dry, tmp_path / "more.aiff", tail=Silence())
    assert sorted(os.listdir(tmp_path)) == ["dry.wav", "wet.aiff"]


def test_no_block_is_too_long(dry: Path, wet: Path) -> None:
    assert bounce(Gain(0), dry, wet, block_size=10**30).frames == FRAMES


def test_a_file_that_appears_in_the_meantime_is_kept(dry: Path, wet: Path) -> None:
    with pytest.raises(FileExistsError, match=r"wet\.wav exists already"):
        bounce(Gain(0), dry, wet, progress=lambda *_: wet.write_text("precious"))
    assert wet.read_text() == "precious"
