# SPDX-License-Identifier: MIT
"""From a batch's manifest to its audition page."""

from __future__ import annotations

import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from itertools import groupby
from string import Template

from ..audio.in_words import duration_in_words
from ..engine.cores import core_count
from ..files.new_file import StrPath, renamed_when_complete
from ..wording.counted import counted
from ..wording.printable import in_short
from .failures import by_reason
from .manifest import Record, read_records
from .row import Row, input_row, output_row, shown

_generator = b'<meta name="generator" content="reamp batch --report">'


def write_report(manifest: StrPath, destination: StrPath) -> None:
    """Write one HTML page to look at and listen to what a batch made.

    The page holds all that it shows. The audio it links to, by paths from the page's own folder:
    they can move together. Of several records for one output the last counts. Of audio that is no
    longer there the page says so.

    Parameters
    ----------
    manifest
        The batch's manifest; its outputs are named from its folder.
    destination
        The page to make. An earlier one is replaced.

    Raises
    ------
    OSError
        If the manifest cannot be read, or the page cannot be written; if the destination exists
        and is not such a page.
    ValueError
        If the manifest is none.
    """
    check_report(destination)
    destination = os.fspath(destination)
    last = {record.output: record for record in read_records(manifest)}
    records = sorted(last.values(), key=lambda record: (record.input, record.output))
    done = [record for record in records if record.status == "done"]
    failed = [record for record in records if record.status == "failed"]
    folder = os.path.dirname(os.path.abspath(manifest))
    boards = {record.board for record in done}
    board = boards.pop() if len(boards) == 1 else None
    groups, damaged = _groups(
        done, folder, os.path.dirname(os.path.abspath(destination)), with_board=board is None
    )
    page = _page(
        title=f"Audition: {os.path.basename(folder) or folder}",
        summary=_summary(done, failed, damaged),
        board="" if board is None else f"<p>Board of all outputs: {shown(board)}</p>",
        failures=_failures(failed),
        groups=groups,
        footer=_footer(done),
    )
    with renamed_when_complete(destination, overwrite=True) as file:
        file.write(page.encode())


def check_report(destination: StrPath) -> None:
    """Raise what `write_report` would for this destination, before there is anything to report.

    Raises
    ------
    OSError
        If the destination exists and is not such a page, or its folder does not exist.
    """
    destination = os.fspath(destination)
    try:
        with open(destination, "rb") as file:
            if _generator not in file.read(1000):
                raise FileExistsError(f"{destination} exists already, and is no report to replace")
    except FileNotFoundError:
        os.stat(os.path.dirname(os.path.abspath(destination)))


def _page(*, title: str, summary: str, board: str, failures: str, groups: str, footer: str) -> str:
    here = files(__package__ or "")
    return Template((here / "page.html").read_text("utf-8")).substitute(
        style=(here / "page.css").read_text("utf-8"),
        script=(here / "page.js").read_text("utf-8"),
        title=shown(title),
        summary=shown(summary),
        board=board,
        failures=failures,
        groups=groups,
        footer=shown(footer),
    )


def _groups(
    done: Collection[Record], folder: str, page_folder: str, *, with_board: bool
) -> tuple[str, int]:
    """A table body for each input, its own row and those of its outputs; how many are not whole."""

    def row(of: Record | str) -> Row:
        if isinstance(of, str):
            return input_row(of, page_folder)
        return output_row(of, folder, page_folder, with_board=with_board)

    groups = [[name, *group] for name, group in groupby(done, lambda record: record.input)]
    with ThreadPoolExecutor(core_count()) as pool:
        rows = list(pool.map(row, (of for group in groups for of in group)))
    html = (each.html for each in rows)
    bodies = (f"<tbody>\n{''.join(next(html) for _ in group)}</tbody>\n" for group in groups)
    return "".join(bodies), sum(not each.is_whole for each in rows)


def _failures(failed: Collection[Record]) -> str:
    if not failed:
        return ""
    items = "".join(_failure(reason, records) for reason, records in by_reason(failed).items())
    return (
        f"<details open>\n<summary>{len(failed)} failed</summary>\n<ul>\n{items}</ul>\n</details>"
    )


def _failure(reason: str, records: list[Record]) -> str:
    if len(records) > 1:
        return f"<li>{shown(reason)}<small>{counted(len(records), 'output')}</small></li>\n"
    (record,) = records
    return (
        f"<li>{shown(record.output)}: {shown(reason)}"
        f"<small>{shown(record.input)} through "
        f"{shown(in_short(record.model_name or record.model))}</small>"
        "</li>\n"
    )


def _summary(done: Collection[Record], failed: Collection[Record], damaged: int) -> str:
    parts = [
        counted(len(done), "output"),
        counted(len({record.input for record in done}), "input"),
        counted(len({record.model_hash for record in done}), "model"),
        f"{duration_in_words(sum(record.duration_s or 0.0 for record in done))} of audio",
    ]
    if failed:
        parts.append(f"{len(failed)} failed")
    if damaged:
        parts.append(f"{counted(damaged, 'file')} gone or damaged")
    return ", ".join(parts)


def _footer(done: Collection[Record]) -> str:
    versions = sorted({f"{name} {version}" for r in done for name, version in r.versions.items()})
    return f"Made by reamp, with {', '.join(versions)}." if versions else "Made by reamp."
