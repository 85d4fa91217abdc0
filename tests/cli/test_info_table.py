# SPDX-License-Identifier: MIT
"""`reamp info` of folders: a table of all captures, damaged ones too."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import lstm_factory
import nam_factory
import pytest
import wavenet_factory
from reamp_command import Reamp


def _save(path: Path, tree: dict[str, Any], **metadata: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tree | {"metadata": metadata}), encoding="utf-8")


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three amps and a web page, in two folders."""
    monkeypatch.delenv("COLUMNS", raising=False)
    folder = tmp_path / "lib"
    vox = {"gear_make": "Vox", "gear_model": "AC30"}
    _save(folder / "b.nam", nam_factory.container(), tone_type="Crunch", gain=0.5, **vox)
    _save(folder / "in" / "a.nam", lstm_factory.lstm(1, 3), tone_type="clean", gain=0.25)
    _save(folder / "c.NAM", nam_factory.lite(), tone_type="crunch", loudness=-9, name="Ceriatone")
    (folder / "page.nam").write_text("<html>")
    (folder / "notes.txt").write_text("no model")
    (folder / ".hidden.nam").write_text("no model")
    return folder


def _first_words(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines()[1:]]


def test_a_damaged_file_is_a_line_and_the_exit_code_says_so(reamp: Reamp) -> None:
    done = reamp("info", "lib")
    assert (done.returncode, done.stderr) == (1, "")
    heading, b, c, page, a = done.stdout.splitlines()
    assert heading.split() == ["file", "name", "gear", "tone", "kind", "dB", "gain", "x", "rt"]
    assert " ".join(b.split()[:-1]) == "b.nam Vox AC30 Crunch A2 full + lite -19.8 0.50"
    assert " ".join(c.split()[:-1]) == "c.NAM Ceriatone crunch A2 lite -9.0"
    assert page.startswith("page.nam  this is a web page (HTML), not a .nam file: the download")
    assert " ".join(a.split()[:-1]) == "in/a.nam clean LSTM 1x3 0.25"
    assert float(a.split()[-1]) > 0.0


@pytest.mark.parametrize(
    ("options", "files"),
    [
        (["--sort", "gain"], ["in/a.nam", "b.nam", "c.NAM", "page.nam"]),
        (["--sort", "gain", "--reverse"], ["b.nam", "in/a.nam", "c.NAM", "page.nam"]),
        (["--sort", "loudness"], ["b.nam", "c.NAM", "page.nam", "in/a.nam"]),
        (["--sort", "file", "-r"], ["c.NAM", "b.nam", "in/a.nam", "page.nam"]),
    ],
)
def test_sorted(reamp_here: Reamp, options: list[str], files: list[str]) -> None:
    assert _first_words(reamp_here("info", "lib", "--no-speed", *options).stdout) == files


@pytest.mark.parametrize(
    ("conditions", "files"),
    [
        (["tone_type=crunch"], ["b.nam", "c.NAM"]),
        (["tone_type!=crunch"], ["in/a.nam"]),
        (["tone_type=crunch", "gain>0.4"], ["b.nam"]),
        (["gain<=0.25"], ["in/a.nam"]),
        (["gain=0.50"], ["b.nam"]),
        (["kind=a2*"], ["b.nam", "c.NAM"]),
        (["name = ceria*"], ["c.NAM"]),
        (["loudness<-100"], []),
    ],
)
def test_filtered(reamp_here: Reamp, conditions: list[str], files: list[str]) -> None:
    options = [word for one in conditions for word in ("--where", one)]
    done = reamp_here("info", "lib", "--no-speed", *options)
    assert _first_words(done.stdout) == files
    assert done.stderr == "reamp: 1 of 4 files cannot be read, and are not shown\n"
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--where", "crunch"], "'crunch' is no condition; one is like tone_type=crunch"),
        (["--where", "gain<high"], "'gain<high' compares with 'high'; a number is expected"),
        (["--where", "tonetype=a"], "no file has the field 'tonetype'; there are architecture, "),
        (["--sort", "lodness"], "no file has the field 'lodness'"),
        (["--json", "--csv"], "--json and --csv exclude each other"),
    ],
)
def test_wrong_usage(reamp_here: Reamp, options: list[str], words: str) -> None:
    done = reamp_here("info", "lib", "--no-speed", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_json_and_csv_say_it_in_full(reamp_here: Reamp) -> None:
    found = json.loads(reamp_here("info", "lib", "--no-speed", "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(reamp_here("info", "lib", "--csv").stdout)))
    assert [one["path"] for one in found] == [row["path"] for row in rows]
    assert [one["path"] for one in found] == [
        "lib/b.nam",
        "lib/c.NAM",
        "lib/page.nam",
        "lib/in/a.nam",
    ]
    assert found[2]["error"] == rows[2]["error"] != ""
    assert rows[0]["gear"] == "Vox AC30"
    assert float(rows[0]["x_real_time"]) > 0.0
    assert rows[3]["kind"] == found[3]["description"] == "LSTM 1x3"


def test_files_in_a_table_if_their_order_is_asked_for(reamp_here: Reamp) -> None:
    done = reamp_here("info", "lib/b.nam", "lib/in/a.nam", "--no-speed", "--sort", "gain")
    assert _first_words(done.stdout) == ["lib/in/a.nam", "lib/b.nam"]
    assert done.returncode == 0


def test_what_cannot_be_read_is_no_table(reamp_here: Reamp, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = reamp_here("info", "empty", "none", "--no-speed")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "reamp: empty: no file here ends in .nam",
        "reamp: none: No such file or directory",
    ]


def test_an_error_that_is_cut_is_said_in_full(
    reamp_here: Reamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = reamp_here("info", "lib", "--no-speed")
    assert done.stdout.splitlines()[3].endswith("…")
    assert done.stderr.startswith("reamp: lib/page.nam: this is a web page (HTML), not a .nam")


def test_columns_that_few_have_give_way_first(
    reamp_here: Reamp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many"
    for i in range(30):
        path = folder / f"a capture of an amp with a name as long as this {i}.nam"
        _save(path, wavenet_factory.a1())
    _save(folder / "b.nam", wavenet_factory.a1(), gear_make="Vox and others", tone_type="overdrive")
    monkeypatch.setenv("COLUMNS", "70")
    done = reamp_here("info", "many", "--no-speed")
    heading, *files = done.stdout.splitlines()
    assert heading.split() == ["file", "kind"]
    assert len({line.split(" A1 nano ")[0] for line in files}) == 31
    assert done.stderr == (
        "reamp: no room for gear, tone; a wider terminal, --csv and --json have them\n"
    )


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_a_terminal_s_width_holds(
    reamp_here: Reamp, library: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    metadata = {"gear_make": "Ibanez", "gear_model": "Tube Screamer 808", "tone_type": "overdrive"}
    levels = {"input_level_dbu": 12.5, "output_level_dbu": -10.25, "loudness": -19.123}
    long = library / "very long name of a folder" / ("and of a capture, too" * 3 + ".nam")
    _save(long, nam_factory.full(), **metadata, **levels, name="\N{GUITAR}\x1b[2J" * 40)
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = reamp_here("info", "lib", "--no-speed").stdout.splitlines()
    assert len(lines) == 6
    assert max(map(len, lines)) <= columns
    assert "12.5/-10.2" in lines[-1]
    assert "…" in lines[-1]
    assert "\x1b" not in lines[-1]
