# SPDX-License-Identifier: MIT
"""Tables of pairs: paths from the table's folder, and a column for any setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from pedalboard_nam.batch.pairs import read_pairs

TABLES = {
    "pairs.csv": "input,model,size,input_gain_db\n"
    "di/a.wav,amps/x.nam,lite,\ndi/b.wav,y.nam,0.5,-3\n",
    "pairs.jsonl": '{"input": "di/a.wav", "model": "amps/x.nam", "size": "lite"}\n\n'
    '{"input": "di/b.wav", "model": "y.nam", "size": 0.5, "input_gain_db": -3}\n',
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_names_pairs_and_their_settings(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TABLES[name])
    one, other = read_pairs(tmp_path / name)
    assert (one.input.path, one.input.place) == (str(tmp_path / "di" / "a.wav"), "di/a")
    assert (one.model.path, one.model.place) == (str(tmp_path / "amps" / "x.nam"), "amps/x")
    assert one.ranges == {"size": "lite"}
    assert other.ranges == {"size": 0.5, "input_gain_db": -3}


def test_a_file_elsewhere_has_only_its_name_as_its_place(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("input,model\n../a.wav,/amps/x.nam\n")
    (pair,) = read_pairs(tmp_path / "p.csv")
    assert (pair.input.place, pair.model.place) == ("a", "x")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.txt", "", r"p\.txt: a table of pairs is a \.csv or \.jsonl file"),
        ("p.csv", "", "there are no pairs"),
        ("p.csv", "input,model\n", "there are no pairs"),
        ("p.csv", "in,model\na.wav,x.nam\n", "line 2 has no input"),
        ("p.csv", "input,model\na.wav\n", "line 2 has no model"),
        ("p.csv", "input,model\na.wav,x.nam,3\n", "line 2 has more values"),
        ("p.csv", "input,model,gain\na.wav,x.nam,3\n", "line 2: 'gain' is no setting"),
        ("p.csv", "input,model,size\na.wav,x.nam,big\n", "line 2: size is 'big'"),
        ("p.jsonl", "[]\n", "line 1: "),
        (
            "p.jsonl",
            '{"input": "a", "model": "b", "input_gain_db": {}}\n',
            "line 1: input_gain_db is {}; accepted are numbers",
        ),
        ("p.jsonl", "no JSON\n", "line 1: "),
        ("p.jsonl", '{"input": 1, "model": "x.nam"}\n', "line 1 has no input"),
        ("p.csv", "input,model\n\xff\n", "line 2 has no model"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        read_pairs(tmp_path / name)


def test_bytes_that_are_no_text_are_said(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"input,model\n\xff,x.nam\n")
    with pytest.raises(ValueError, match=r"p\.csv: 'utf-8' codec"):
        read_pairs(tmp_path / "p.csv")
