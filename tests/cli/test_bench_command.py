# SPDX-License-Identifier: MIT
"""`reamp bench` measures what it says; how fast is not a test's business."""

from __future__ import annotations

import json
from pathlib import Path

from reamp_command import Reamp

import pedalboard_nam
from pedalboard_nam.engine import benchmark


def test_json_has_every_measurement(reamp: Reamp, amp_path: Path) -> None:
    done = reamp("bench", "--json", "--seconds", "0", "--model", amp_path)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert [isa["isa"] for isa in report["isas"]] == list(pedalboard_nam.available_isas())
    for isa in report["isas"]:
        measured = [(block["size"], block["block_frames"]) for block in isa["blocks"]]
        assert measured == [(s, f) for s in ("lite", "full") for f in benchmark.block_sizes_frames]
        for block in isa["blocks"]:
            assert block["of_peak"]["median"] > 0.0
            assert block["block_s"]["p10"] <= block["block_s"]["median"] <= block["block_s"]["p90"]
        assert set(isa["reset_s"]) == {"lite", "full"}
        assert isa["threads"][0]["threads"] == 1


def test_the_table_fits_80_columns(reamp_here: Reamp, amp_path: Path) -> None:
    isa = pedalboard_nam.isa()
    done = reamp_here("bench", "--seconds", "0", "--model", amp_path, "--isa", isa)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum("8,192" in line for line in lines) == 2
    assert any(line.startswith(f"{isa}: at most") for line in lines)
