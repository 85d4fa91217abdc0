# SPDX-License-Identifier: MIT
"""Rows of the audition page: an audio file's name, pictures, numbers and player, as HTML."""

from __future__ import annotations

import os
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from ..audio.in_words import duration_in_words, format_in_words
from ..audio.reader import AudioFileError
from ..measure.overview import Overview, overview_of, silence_db
from ..settings import in_words
from ..wording.printable import in_short, printable
from . import thumbnail
from .manifest import Record

_lowest_hz, _highest_hz = 50.0, 16_000.0
_unknown = "–"  # noqa: RUF001


def shown(text: str) -> str:
    """Any text as HTML that looks like it."""
    return escape(printable(text))


class Row(NamedTuple):
    """A row as HTML, and whether its file is there as it was made."""

    html: str
    is_whole: bool


def input_row(path: str, page_folder: str) -> Row:
    """The first row of a group: the file that went in."""
    overview, problem = _overview(path)
    peak_db = loudness_db = duration_s = None
    if overview is not None:
        duration_s = overview.duration_s
        peak_db, loudness_db = overview.peak_dbfs, overview.loudness_db
    html = (
        f'<tr class="input"><th scope="rowgroup">{_link(path, os.path.basename(path), page_folder)}'
        "<small>input</small></th><td></td>"
        f"{_look(overview, problem)}{_length(duration_s, overview)}"
        f"{_number('Peak', peak_db, 'dBFS')}{_number('Loudness', loudness_db, 'dB')}"
        f"{_player(path, overview, page_folder)}</tr>\n"
    )
    return Row(html, not problem)


def output_row(record: Record, folder: str, page_folder: str, *, with_board: bool) -> Row:
    """One output; `folder` is where the record's path starts."""
    path = os.path.join(folder, record.output)
    overview, problem = _overview(path, record.output_bytes)
    keys = {
        "output": record.output,
        "model": record.model_name,
        "length": record.duration_s,
        "peak": record.peak_dbfs,
        "loudness": record.loudness_db,
    }
    data = "".join(
        f' data-{key}="{shown(str(value))}"' for key, value in keys.items() if value is not None
    )
    clipped = '<small class="alarm">clipped</small>' if record.clipped else ""
    html = (
        f'<tr{data}><th scope="row">{_link(path, record.output, page_folder)}</th>'
        f"<td>{shown(in_short(record.model_name))}"
        f"<small>{shown(_settings(record, with_board))}</small></td>"
        f"{_look(overview, problem)}{_length(record.duration_s, overview)}"
        f"{_number('Peak', record.peak_dbfs, 'dBFS', clipped)}"
        f"{_number('Loudness', record.loudness_db, 'dB')}"
        f"{_player(path, overview, page_folder)}</tr>\n"
    )
    return Row(html, not problem)


def _overview(path: str, made_bytes: int | None = None) -> tuple[Overview | None, str]:
    """What is in the file, or else what is wrong with it; `made_bytes` is how long it was once."""
    try:
        found_bytes = os.stat(path).st_size
        if made_bytes is not None and found_bytes < made_bytes:
            return None, f"This file is cut off: {found_bytes} of {made_bytes} bytes are there."
        return overview_of(
            path,
            columns=thumbnail.columns,
            bands=thumbnail.rows,
            lowest_hz=_lowest_hz,
            highest_hz=_highest_hz,
        ), ""
    except FileNotFoundError:
        return None, "This file is gone."
    except AudioFileError as error:
        if error.missing is not None:
            return None, f"This file is cut off: {error.missing}."
        return None, "This file is no audio that can be read."
    except OSError as error:
        return None, f"This file cannot be read: {error.strerror}."


def _settings(record: Record, with_board: bool) -> str:
    words = in_words(record.settings)
    if with_board and record.board is not None:
        words.append(record.board)
    if record.draw > 0:
        words.append(f"draw {record.draw}")
    return ", ".join(words)


def _address(path: str, page_folder: str) -> str:
    return quote(os.fsencode(os.path.relpath(path, page_folder)))


def _link(path: str, name: str, page_folder: str) -> str:
    return f'<a href="{_address(path, page_folder)}">{shown(name)}</a>'


def _look(overview: Overview | None, problem: str) -> str:
    if overview is None:
        return f'<td class="look alarm">{shown(problem)}</td>'
    broken = ""
    if not overview.is_finite:
        broken = '<small class="alarm">Not all of its samples are numbers.</small>'
    return (
        f'<td class="look"><img src="{thumbnail.waveform(overview)}" alt="Waveform">'
        f'<img src="{thumbnail.spectrogram(overview)}" alt="Spectrogram">{broken}</td>'
    )


def _length(seconds: float | None, overview: Overview | None) -> str:
    size = ""
    if overview is not None:
        size = f"<small>{format_in_words(overview.num_channels, overview.sample_rate)}</small>"
    said = _unknown if seconds is None else duration_in_words(seconds)
    return f'<td class="number" data-label="Length">{said}{size}</td>'


def _number(label: str, value: float | None, unit: str, more: str = "") -> str:
    said = _unknown if value is None or value <= silence_db else f"{value:+.1f}"
    return f'<td class="number" data-label="{label}" title="{unit}">{said}{more}</td>'


def _player(path: str, overview: Overview | None, page_folder: str) -> str:
    if overview is None:
        return "<td></td>"
    name = shown(os.path.basename(path))
    source = _address(path, page_folder)
    return (
        '<td class="listen"><audio controls preload="none" '
        f'src="{source}" aria-label="{name}"></audio></td>'
    )
