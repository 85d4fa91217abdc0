# SPDX-License-Identifier: MIT
"""The audition page holds what the manifest says, and links to the files that are there."""

from __future__ import annotations

import math
import os
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from batch_files import AddRecord, write_sine

from pedalboard_nam.report import check_report, write_report

awkward_names = [
    "a b.wav",
    'quote " & <b>bold<b>.wav',
    "100%#1?x=y.wav",
    "line\nbreak\tand tab.wav",
    "ギター é.wav",
    "a:b.wav",
    "'); alert(1); ('.wav",
    "not utf-8 \udcff.wav",
]


class Page(HTMLParser):
    """Tags, addresses, and text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.html = path.read_text("utf-8")
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_output_has_a_row_with_its_facts(batch: AddRecord, tmp_path: Path) -> None:
    batch("a.wav", level_db=-6.0, settings={"size": "lite", "input_gain_db": 3.0})
    manifest = batch("b.wav", level_db=3.0, clipped=True, model_name="Twin", board="gate -60 dB")
    write_report(manifest, tmp_path / "report.html")
    text = Page(tmp_path / "report.html").text
    for fact in ("2 outputs", "1 input", "a.wav", "Plexi", "size lite, input gain 3 dB", "-6.0"):
        assert fact in text
    for fact in ("b.wav", "Twin", "size full, gate -60 dB", "+3.0", "clipped", "di.wav"):
        assert fact in text
    assert "-20.0" in text  # the input's peak, which no manifest holds


@pytest.mark.parametrize("name", awkward_names)
def test_any_name_is_text_and_a_link_that_leads_to_the_file(
    batch: AddRecord, tmp_path: Path, name: str
) -> None:
    pages = tmp_path / "pages 100%"
    pages.mkdir()
    manifest = batch(name, input=name, model_name=name, settings={"size": name}, board=name)
    write_report(manifest, pages / "report.html")
    page = Page(pages / "report.html")
    assert page.tags.count("b") == 0
    assert page.tags.count("script") == 1
    assert page.text.count(name.partition(" ")[0].partition("\n")[0]) >= 5
    links = [address for address in page.addresses if not address.startswith("data:")]
    found = {os.path.normpath(os.path.join(pages, os.fsdecode(unquote_to_bytes(a)))) for a in links}
    assert found == {str(tmp_path / "di" / name), str(tmp_path / "wet" / name)}
    assert len(links) == 4


def test_nothing_comes_from_elsewhere(batch: AddRecord, tmp_path: Path) -> None:
    write_report(batch("a.wav"), tmp_path / "report.html")
    page = Page(tmp_path / "report.html")
    assert "link" not in page.tags
    assert "iframe" not in page.tags
    assert "://" not in page.html
    assert "@import" not in page.html


def test_the_last_record_of_an_output_counts(batch: AddRecord, tmp_path: Path) -> None:
    batch("a.wav", status="failed", error="disk full")
    batch("b.wav")
    batch("b.wav", status="failed", error="vanished <in> the night")
    write_report(batch("a.wav"), tmp_path / "report.html")
    text = Page(tmp_path / "report.html").text
    assert "disk full" not in text
    assert "1 output," in text
    assert "1 failed" in text
    assert "b.wav: vanished <in> the night" in text


def test_a_reason_that_many_failed_for_is_said_once(batch: AddRecord, tmp_path: Path) -> None:
    batch("b.wav", status="failed", error="bad.nam: the file is empty")
    manifest = batch("c.wav", status="failed", error="bad.nam: the file is empty")
    write_report(manifest, tmp_path / "report.html")
    text = Page(tmp_path / "report.html").text
    assert text.count("bad.nam: the file is empty") == 1
    assert "2 outputs" in text
    assert "2 failed" in text


def test_files_that_are_gone_or_broken_are_said_to_be(batch: AddRecord, tmp_path: Path) -> None:
    batch("gone.wav")
    manifest = batch("broken.wav")
    (tmp_path / "wet" / "gone.wav").unlink()
    (tmp_path / "wet" / "broken.wav").write_text("no audio")
    write_report(manifest, tmp_path / "report.html")
    page = Page(tmp_path / "report.html")
    assert "This file is gone." in page.text
    assert "This file is no audio that can be read." in page.text
    assert page.tags.count("audio") == 1  # of the input


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_files_that_are_cut_off_are_said_to_be(
    batch: AddRecord, tmp_path: Path, ending: str
) -> None:
    manifest = batch(f"a{ending}", input="di.wav", output_bytes=None if ending == ".wav" else 9_999)
    wet, dry = tmp_path / "wet" / f"a{ending}", tmp_path / "di" / "di.wav"
    whole = wet.stat().st_size if ending == ".wav" else 9_999
    for file in (wet, dry):
        os.truncate(file, 5_000)
    write_report(manifest, tmp_path / "report.html")
    page = Page(tmp_path / "report.html")
    assert f"This file is cut off: 5000 of {whole} bytes are there." in page.text
    assert page.text.count("This file is cut off: 5000 of ") == 2
    assert page.tags.count("audio") == 0
    assert "2 files gone or damaged" in page.text


def test_of_whole_files_nothing_is_said(batch: AddRecord, tmp_path: Path) -> None:
    manifest = batch("a.wav", output_bytes=100)
    write_report(manifest, tmp_path / "report.html")
    assert "gone or damaged" not in Page(tmp_path / "report.html").text


def test_a_board_that_all_outputs_share_stands_on_the_page_once(
    batch: AddRecord, tmp_path: Path
) -> None:
    batch("a.wav", board="Pedalboard[amp, Reverb <1>]")
    batch("failed.wav", board="another", status="failed", error="no")
    write_report(batch("b.wav", board="Pedalboard[amp, Reverb <1>]"), tmp_path / "report.html")
    text = Page(tmp_path / "report.html").text
    assert text.count("Reverb") == 1
    assert "Board of all outputs: Pedalboard[amp, Reverb <1>]" in text
    write_report(batch("c.wav", board="Pedalboard[amp]"), tmp_path / "report.html")
    text = Page(tmp_path / "report.html").text
    assert text.count("size full, Pedalboard[amp, Reverb <1>]") == 2
    assert text.count("size full, Pedalboard[amp]") == 1
    assert "Board of all" not in text


def test_silence_has_no_level(batch: AddRecord, tmp_path: Path) -> None:
    manifest = batch("a.wav", peak_dbfs=None, loudness_db=None)
    write_sine(tmp_path / "di" / "di.wav", -math.inf)
    write_report(manifest, tmp_path / "report.html")
    text = Page(tmp_path / "report.html").text
    assert text.count("\N{EN DASH}") == 4
    assert "-200" not in text


def test_samples_that_are_not_numbers_are_said_to_be(batch: AddRecord, tmp_path: Path) -> None:
    manifest = batch("nan.wav")
    write_sine(tmp_path / "wet" / "nan.wav", math.nan)
    write_report(manifest, tmp_path / "report.html")
    assert Page(tmp_path / "report.html").text.count("Not all of its samples are numbers.") == 1


def test_a_batch_that_made_nothing_has_a_page(batch: AddRecord, tmp_path: Path) -> None:
    manifest = batch("a.wav", status="failed", error="no such amp")
    write_report(manifest, tmp_path / "report.html")
    assert "no such amp" in Page(tmp_path / "report.html").text
    manifest.write_bytes(b"")
    write_report(manifest, tmp_path / "report.html")
    assert "0 outputs" in Page(tmp_path / "report.html").text


def test_a_page_replaces_a_page_and_nothing_else(batch: AddRecord, tmp_path: Path) -> None:
    manifest = batch("a.wav")
    song = tmp_path / "song.html"
    song.write_text("<!doctype html><title>Lyrics</title>")
    with pytest.raises(FileExistsError, match=r"song\.html exists already, and is no report"):
        write_report(manifest, song)
    assert "Lyrics" in song.read_text()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        check_report(tmp_path / "nowhere" / "report.html")
    write_report(manifest, tmp_path / "report.html")
    batch("b.wav")
    write_report(manifest, tmp_path / "report.html")
    assert "2 outputs" in Page(tmp_path / "report.html").text
    assert not list(tmp_path.glob(".*"))


def test_what_is_no_manifest_is_an_error_that_leaves_no_page(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello\n")
    with pytest.raises(ValueError, match=r"notes\.txt"):
        write_report(tmp_path / "notes.txt", tmp_path / "report.html")
    with pytest.raises(FileNotFoundError):
        write_report(tmp_path / "none.jsonl", tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()
