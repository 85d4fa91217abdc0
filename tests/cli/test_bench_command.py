# SPDX-License-Identifier: MIT
"""`reamp bench` measures what it says; how fast is not a test's business."""

from __future__ import annotations

import json
from pathlib import Path

import lstm_factory
import nam_factory
import sequential_factory
import wavenet_factory
from reamp_command import Reamp

import pedalboard_nam
from pedalboard_nam import Model
from pedalboard_nam.engine import benchmark


def test_json_has_every_measurement(reamp: Reamp, amp_path: Path) -> None:
    done = reamp("bench", "--json", "--seconds", "0", "--model", amp_path)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert (report["model"], report["description"]) == ("Factory amp", "A2 full + lite")
    assert [isa["isa"] for isa in report["isas"]] == list(pedalboard_nam.available_isas())
    for isa in report["isas"]:
        measured = [(block["size"], block["block_frames"]) for block in isa["blocks"]]
        assert measured == [(s, f) for s in ("lite", "full") for f in benchmark.block_sizes_frames]
        for block in isa["blocks"]:
            assert block["of_peak"]["median"] > 0.0
            assert block["block_s"]["p10"] <= block["block_s"]["median"] <= block["block_s"]["p90"]
        assert [one["size"] for one in isa["resets"]] == ["lite", "full"]
        assert isa["threads"][0]["threads"] == 1


def test_the_table_fits_80_columns(reamp_here: Reamp, amp_path: Path) -> None:
    isa = pedalboard_nam.isa()
    done = reamp_here("bench", "--seconds", "0", "--model", amp_path, "--isa", isa)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum("8,192" in line for line in lines) == 2
    assert any(line.startswith(f"{isa}: at most") for line in lines)


def test_any_model_is_measured_and_each_of_its_sizes(reamp_here: Reamp, tmp_path: Path) -> None:
    three = [(v, lstm_factory.lstm(1, 3, seed=i)) for i, v in enumerate((0.3, 0.6, 1.0))]
    (tmp_path / "three.nam").write_text(json.dumps(nam_factory.wrap(three)))
    isa = pedalboard_nam.isa()
    done = reamp_here("bench", "--seconds", "0", "--model", "three.nam", "--isa", isa)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Factory amp: LSTM 1x3 + 1x3 + 1x3\n" in done.stdout
    assert sum(line.startswith(" 1x3 ") for line in done.stdout.splitlines()) == 3


def test_a_long_name_of_a_size_is_cut(reamp_here: Reamp, tmp_path: Path) -> None:
    row = sequential_factory.sequential(*(lstm_factory.lstm(1, 10 + i) for i in range(9)))
    (tmp_path / "row.nam").write_text(json.dumps(row))
    isa = pedalboard_nam.isa()
    done = reamp_here("bench", "--seconds", "0", "--model", "row.nam", "--isa", isa)
    lines = done.stdout.splitlines()
    assert all(line == line.rstrip() and len(line) <= 80 for line in lines)
    assert sum(line.startswith(" 1x10 -> 1x11 -> 6 more …") for line in lines) == 1


def test_speed_is_measured_once_for_what_differs_in_weights_alone() -> None:
    speed_of = benchmark.SpeedOf()

    def speed(activation: str, seed: int) -> float:
        layers = wavenet_factory.array(activation=activation)
        return speed_of(Model.load(wavenet_factory.wavenet(layers, seed=seed)), 0)

    assert speed("Tanh", 0) == speed("Tanh", 1) != speed("ReLU", 0)
