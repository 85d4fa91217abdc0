# SPDX-License-Identifier: MIT
"""`reamp info`, `reamp --version` and `reamp --help`."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import lstm_factory
import nam_factory
import sequential_factory
from pedalboard import VST3Plugin
from reamp_command import Reamp, command

from pedalboard_nam import Model
from pedalboard_nam.effect import vstpreset
from pedalboard_nam.effect.neural_amp import bundle_path


def test_the_table_says_what_is_in_the_file(reamp_here: Reamp, amp_path: Path) -> None:
    done = reamp_here("info", amp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for fact in ("Factory amp", "48000 Hz", "6,347 frames", "12.50 dBu", "12,146", "-19.80 dB"):
        assert fact in done.stdout
    assert max(map(len, done.stdout.replace(str(amp_path), "").splitlines())) <= 80


def test_the_sizes_have_a_table_with_speeds(reamp_here: Reamp, amp_path: Path) -> None:
    lines = reamp_here("info", amp_path).stdout.splitlines()
    assert " Kind             A2 full + lite" in map(str.rstrip, lines)
    *_, heading, lite, full = (line.split() for line in lines)
    assert heading[-2:] == ["x", "rt"]
    assert " ".join(lite[:-1]) == "lite below 0.5 3 1,871 1,722 132 ms -19.30 dB"
    assert " ".join(full[:-1]) == "full else 8 12,146 11,712 132 ms -19.80 dB"
    assert float(lite[-1]) > float(full[-1]) > 0.0


def test_everything_in_the_metadata_is_shown(reamp_here: Reamp, tmp_path: Path) -> None:
    date = {"year": 2026, "month": 5, "day": 4, "hour": 8, "minute": 3, "second": 9}
    metadata = {
        "gear_make": "Vox",
        "gain": "high",
        "date": date,
        "training": {"validation_esr": 0.01, "data": {"latency": None, "delays": [1, 2]}},
    }
    (tmp_path / "a.nam").write_text(json.dumps(nam_factory.lite(metadata=metadata)))
    done = reamp_here("info", "a.nam", "--no-speed")
    facts = [line.rstrip().split("  ")[-1].strip() for line in done.stdout.splitlines()]
    for fact in ("Vox", "2026-05-04 08:03:09", "0.01", "[1, 2]"):
        assert fact in facts
    assert "Training, validation esr  0.01" in done.stdout
    assert 'metadata.gain is "high"; left out: a number is' in done.stdout


def test_json_says_all_of_it(reamp_here: Reamp, amp: Model, amp_path: Path) -> None:
    done = reamp_here("info", "--json", "--no-speed", amp_path, "none.nam")
    assert (done.returncode, done.stderr) == (1, "")
    first, second = json.loads(done.stdout)
    assert second == {"path": "none.nam", "error": "none.nam: No such file or directory"}
    lite, full = ({"x_real_time": None, "lookback_frames": 6346} | asdict(s) for s in amp.sizes)
    assert first == {
        "path": str(amp_path),
        "name": "Factory amp",
        "architecture": "A2",
        "description": "A2 full + lite",
        "sample_rate_hz": 48000.0,
        "receptive_field_frames": 6347,
        "input_level_dbu": 12.5,
        "output_level_dbu": None,
        "sizes": [
            lite | {"description": "A2 lite", "multiply_adds": 1722},
            full | {"description": "A2 full", "multiply_adds": 11712},
        ],
        "notes": [],
        "metadata": amp.metadata,
    }


def test_of_a_preset_the_model_in_it_is_shown(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path
) -> None:
    reamp_here("preset", "-m", amp_path, "-o", "amp.vstpreset")
    of_model, of_preset = (
        reamp_here("info", "--no-speed", path) for path in (amp_path, "amp.vstpreset")
    )
    assert of_preset.returncode == 0, of_preset.stderr
    assert of_preset.stdout.split()[6:] == of_model.stdout.split()[6:]


def test_a_preset_without_a_model_is_said_to_be_none(reamp_here: Reamp, tmp_path: Path) -> None:
    (tmp_path / "bare.vstpreset").write_bytes(VST3Plugin(bundle_path()).preset_data)
    (tmp_path / "other.vstpreset").write_bytes(vstpreset.write("0" * 32, b""))
    (tmp_path / "text.vstpreset").write_text("text")
    done = reamp_here("info", "bare.vstpreset", "other.vstpreset", "text.vstpreset")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "reamp: bare.vstpreset: state: there is no model in it",
        f"reamp: other.vstpreset: this .vstpreset is of another plug-in, {'0' * 32}",
        "reamp: text.vstpreset: damaged .vstpreset: it ends early",
    ]


def test_a_bad_file_is_a_line_and_the_others_are_shown(reamp_here: Reamp, amp_path: Path) -> None:
    done = reamp_here("info", "none.nam", amp_path)
    assert (done.returncode, done.stderr) == (1, "reamp: none.nam: No such file or directory\n")
    assert "Factory amp" in done.stdout


def test_sizes_of_several_kinds_are_named_and_numbers_are_never_cut(
    reamp_here: Reamp, tmp_path: Path
) -> None:
    big = lstm_factory.lstm(1, 64)
    row = sequential_factory.sequential(*(lstm_factory.lstm(1, 3 + i) for i in range(9)))
    pack = nam_factory.wrap([(0.123457, row), (0.5, big), (1.0, nam_factory.full())])
    (tmp_path / "pack.nam").write_text(json.dumps(pack))
    lines = reamp_here("info", "pack.nam").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(" LSTM 1x64 " in line and "below 0.5" in line and "17,0" in line for line in lines)
    assert any("below 0.123457" in line for line in lines)
    assert any(" A2 full " in line and "12,146" in line for line in lines)
    assert not any("…" in line for line in lines)


def test_what_is_long_is_bounded(reamp_here: Reamp, tmp_path: Path) -> None:
    metadata = {"name": "N" * 100_000, "gain": 0.1234567890123456, "modeled_by": "m" * 50_000}
    (tmp_path / "long.nam").write_text(json.dumps(nam_factory.lite(metadata=metadata)))
    done = reamp_here("info", "long.nam", "--no-speed")
    assert len(done.stdout) < 2_000
    assert "Gain             0.123 " in done.stdout
    assert json.loads(reamp_here("info", "--json", "long.nam").stdout)[0]["metadata"] == metadata


def test_a_model_cannot_draw_on_the_terminal(reamp_here: Reamp, tmp_path: Path) -> None:
    model = nam_factory.lite(metadata={"name": "[red]bold\x1b[2J", "gear\n[make]": "a\nb"})
    (tmp_path / "bad.nam").write_text(json.dumps(model))
    done = reamp_here("info", "bad.nam")
    assert "[red]bold\\x1b[2J" in done.stdout
    assert "Gear\\n[make]     a\\nb" in done.stdout


def test_a_reader_that_has_seen_enough_hears_no_complaint(amp_path: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [*command, "info", os.fspath(amp_path)], stdout=write_end, stderr=subprocess.PIPE
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (1, b"")


def test_version(reamp_here: Reamp) -> None:
    assert reamp_here("--version").stdout == f"reamp {version('pedalboard-nam')}\n"


def test_help_is_the_answer_to_nothing(reamp_here: Reamp) -> None:
    assert reamp_here() == reamp_here("--help")


def test_help_fits_80_columns(reamp_here: Reamp) -> None:
    for of in ([], ["render"], ["info"], ["demo"], ["bench"]):
        done = reamp_here(*of, "--help")
        assert (done.returncode, done.stderr) == (0, "")
        assert max(map(len, done.stdout.splitlines())) <= 80
