# SPDX-License-Identifier: MIT
"""`reamp render` with more than an amp, and `reamp preset`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, read_audio, write_audio
from pedalboard import Convolution, NoiseGate, Pedalboard, VST3Plugin
from reamp_command import Reamp

from pedalboard_nam import Model, NeuralAmp, render
from pedalboard_nam.effect.neural_amp import bundle_path

SCRIPT = """
from pedalboard import Gain, Pedalboard
from pedalboard_nam import NeuralAmp
board = {board}
"""


@pytest.fixture
def cab(tmp_path: Path) -> Path:
    write_audio(tmp_path / "cab.wav", noise(1, 300, peak=0.1), 48_000)
    return tmp_path / "cab.wav"


def test_gate_amp_and_cabinet_in_one_line(
    reamp: Reamp, amp: Model, amp_path: Path, tmp_path: Path, di: Path, cab: Path
) -> None:
    done = reamp("render", di, "-m", amp_path, "--gate", "-30", "--ir", cab, "-o", "wet.wav")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("wet.wav: 0.1 s mono at 48000 Hz, peak ")
    board = Pedalboard([NoiseGate(-30), NeuralAmp(amp), Convolution(str(cab))])
    expected = board(noise(1, 4_800), 48_000)
    np.testing.assert_allclose(read_audio(tmp_path / "wet.wav"), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("shape", [(1, 1), (2, 1), (2, 2), (2, 65_537), (1, 200_000)])
def test_files_of_any_length_keep_it(
    reamp_here: Reamp, amp: Model, amp_path: Path, tmp_path: Path, rate: int, shape: tuple[int, int]
) -> None:
    write_audio(tmp_path / "di.wav", noise(*shape), rate)
    done = reamp_here("render", "di.wav", "-m", amp_path, "--gate", "-100", "-o", "wet.wav")
    assert done.returncode == 0, done.stderr
    gated = Pedalboard([NoiseGate(-100)])(np.pad(noise(*shape), [(0, 0), (0, 3)]), rate)
    expected = [render(amp, row[: shape[1]], rate) for row in gated]
    found = read_audio(tmp_path / "wet.wav")
    assert found.shape == shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "board", ["Pedalboard([NeuralAmp({amp!r})])", "[Gain(0.0), NeuralAmp({amp!r})]"]
)
def test_a_board_of_a_script(
    reamp_here: Reamp, amp: Model, amp_path: Path, tmp_path: Path, di: Path, board: str
) -> None:
    script = tmp_path / "board.py"
    script.write_text(SCRIPT.format(board=board.format(amp=str(amp_path))))
    done = reamp_here("render", di, "--board", script, "-o", "wet.wav")
    assert done.returncode == 0, done.stderr
    expected = render(amp, noise(1, 4_800), 48_000)
    assert np.array_equal(read_audio(tmp_path / "wet.wav"), expected)


@pytest.mark.parametrize("board", ["3", "[]", "[1]", "None"])
def test_a_script_without_a_board(reamp_here: Reamp, tmp_path: Path, di: Path, board: str) -> None:
    script = tmp_path / "board.py"
    script.write_text(SCRIPT.format(board=board))
    done = reamp_here("render", di, "--board", script, "-o", "wet.wav")
    assert done.returncode == 1
    assert "expected a pedalboard.Pedalboard" in done.stderr
    assert not (tmp_path / "wet.wav").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing option '--model', or '--board'"),
        (["--board", "b.py", "-m", "amp.nam"], "without --model"),
        (["--board", "b.py", "--gate", "-60"], "without --model, --gate and --ir"),
        (["--board", "b.py", "--size", "lite"], "without settings"),
        (["--board", "b.py", "--output-gain-db", "-3"], "without settings"),
        (["-m", "amp.nam", "--gate", "-60", "--threads", "2"], "effects play on one thread"),
        (["-m", "amp.nam", "--gate", "nan"], "--gate is nan; accepted are -100 to 0"),
        (["-m", "amp.nam", "--gate", "60"], "--gate is 60.0; accepted are -100 to 0"),
    ],
)
def test_what_does_not_go_together(
    reamp_here: Reamp, di: Path, arguments: list[str], said: str
) -> None:
    done = reamp_here("render", di, "-o", "wet.wav", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_an_input_is_never_replaced(
    reamp_here: Reamp, amp_path: Path, di: Path, tmp_path: Path
) -> None:
    write_audio(tmp_path / "cab.wav", np.ones((1, 1), np.float32), 48_000)
    before = (tmp_path / "cab.wav").read_bytes()
    done = reamp_here("render", di, "-m", amp_path, "--ir", "cab.wav", "-o", "cab.wav", "--force")
    assert done.returncode == 1
    assert "cab.wav is an input" in done.stderr
    assert (tmp_path / "cab.wav").read_bytes() == before


def test_a_script_may_import_what_lies_beside_it(
    reamp_here: Reamp, tmp_path: Path, di: Path
) -> None:
    (tmp_path / "rig").mkdir()
    (tmp_path / "rig" / "pedals.py").write_text("from pedalboard import Gain\nclean = [Gain(0)]")
    (tmp_path / "rig" / "board.py").write_text("from pedals import clean as board")
    done = reamp_here("render", di, "--board", "rig/board.py", "-o", "wet.wav")
    assert done.returncode == 0, done.stderr


def test_a_board_of_another_kind_is_refused(reamp_here: Reamp, amp_path: Path, di: Path) -> None:
    for other in (amp_path, di):
        done = reamp_here("render", di, "--board", other, "-o", "wet.wav")
        assert done.returncode == 1
        assert (
            done.stderr == f"reamp: {other}: a board is a Python file, .py, or a saved one, .json\n"
        )


@pytest.mark.parametrize("option", ["--ir", "--board"])
def test_a_file_that_is_not_there(reamp_here: Reamp, amp_path: Path, di: Path, option: str) -> None:
    model = [] if option == "--board" else ["-m", amp_path]
    done = reamp_here("render", di, *model, option, "none", "-o", "wet.wav")
    assert done.returncode == 1
    assert done.stderr == "reamp: none: No such file or directory\n"


def test_an_impulse_response_that_is_none(
    reamp_here: Reamp, amp_path: Path, di: Path, tmp_path: Path
) -> None:
    (tmp_path / "cab.wav").write_text("no audio")
    done = reamp_here("render", di, "-m", amp_path, "--ir", "cab.wav", "-o", "wet.wav")
    assert done.returncode == 1
    assert "cab.wav: no audio that can be read" in done.stderr


def test_a_preset_holds_model_and_settings(
    reamp_here: Reamp, amp: Model, amp_path: Path, tmp_path: Path
) -> None:
    settings = ["--size", "lite", "--input-gain-db", "3.1", "--output-mode", "normalized"]
    done = reamp_here("preset", "-m", amp_path, "-o", "amp.vstpreset", *settings)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"amp.vstpreset: Factory amp\nFor the plug-in {bundle_path()}\n"
    plugin = VST3Plugin(bundle_path())
    plugin.load_preset(str(tmp_path / "amp.vstpreset"))
    audio = noise(2, 4_800)
    expected = render(amp, audio, 48_000, size="lite", input_gain_db=3.1, output_mode="normalized")
    assert np.array_equal(plugin(audio, 48_000), expected)


@pytest.mark.parametrize("output", ["amp.txt", "amp", "mine.nam"])
def test_a_preset_is_called_so(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path, output: str
) -> None:
    done = reamp_here("preset", "-m", amp_path, "-o", output, "--force")
    assert done.returncode == 1
    assert done.stderr == f"reamp: {output}: give the preset a name that ends in .vstpreset\n"
    assert not (tmp_path / output).exists()


def test_a_preset_is_replaced_only_by_force(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path
) -> None:
    arguments = ["preset", "-m", amp_path, "-o", "amp.vstpreset"]
    (tmp_path / "amp.vstpreset").write_text("mine")
    done = reamp_here(*arguments)
    assert done.returncode == 1
    assert "--force" in done.stderr
    assert (tmp_path / "amp.vstpreset").read_text() == "mine"
    assert reamp_here(*arguments, "--force").returncode == 0


def test_a_preset_never_replaces_its_model(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.nam").write_bytes(amp_path.read_bytes())
    (tmp_path / "link.vstpreset").symlink_to("mine.nam")
    done = reamp_here("preset", "-m", "mine.nam", "-o", "link.vstpreset", "--force")
    assert done.returncode == 1
    assert "is the model" in done.stderr
    assert (tmp_path / "mine.nam").read_bytes() == amp_path.read_bytes()


def test_a_preset_that_cannot_be_written_leaves_the_old_one(
    reamp: Reamp, amp_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "amp.vstpreset").write_text("mine")
    arguments = ["preset", "-m", amp_path, "-o", "amp.vstpreset", "--force"]
    done = reamp(*arguments, prefix=("sh", "-c", 'ulimit -f 8 && exec "$@"', "sh"))
    assert done.returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == ["amp.vstpreset"]
    assert (tmp_path / "amp.vstpreset").read_text() == "mine"
