# SPDX-License-Identifier: MIT
"""Text in columns, of widths as terminals count them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

_narrowest_first = 8


def lines(rows: Sequence[Sequence[str]], left: int, limit: int) -> list[str]:
    """Rows as lines of at most `limit`, the first `left` columns to the left, the others right.

    What is in the first column goes on below if it is too long; the others are never cut.
    """
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    gap = "  " if sum(widths) + 2 * (len(widths) - 1) <= limit else " "
    rest = sum(widths[1:]) + len(gap) * (len(widths) - 1)
    widths[0] = min(widths[0], max(limit - rest, _narrowest_first))
    said: list[str] = []
    for first, *others in rows:
        top, *below = textwrap.wrap(first, widths[0]) or [""]
        cells = [padded(top, widths[0])]
        for column, (text, width) in enumerate(zip(others, widths[1:], strict=True), start=1):
            cells.append(padded(text, width, to_the_right=column >= left))
        said += [gap.join(cells).rstrip(), *below]
    return said


def padded(text: str, width: int, *, to_the_right: bool = False) -> str:
    """Text of exactly this width, cut at its end if it is longer."""
    from rich.cells import cell_len

    line = shortened(text, width)
    fill = " " * (width - cell_len(line))
    return fill + line if to_the_right else line + fill


def shortened(text: str, width: int) -> str:
    """Text of at most this width, cut at its end."""
    return _without_middle(text, max(width - 1, 0), width)


def told_apart(texts: Sequence[str], width: int) -> list[str]:
    """Each cut in its middle, or where those that would look alike differ."""
    cut = [_without_middle(text, (width - 1) // 2, width) for text in texts]
    alike: dict[str, list[int]] = {}
    for i, said in enumerate(cut):
        alike.setdefault(said, []).append(i)
    for group in alike.values():
        if len(group) > 1:
            apart = _apart([texts[i] for i in group], width)
            for i, said in zip(group, apart, strict=True):
                cut[i] = said
    return cut


def _apart(texts: list[str], width: int) -> list[str]:
    for head in sorted(range(width), key=lambda head: abs(head - width // 2)):
        cut = [_without_middle(text, head, width) for text in texts]
        if len(set(cut)) == len(texts):
            return cut
    first, last = min(texts), max(texts)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    return ["…" + shortened(text[max(same - 2, 0) :], width - 1) for text in texts]


def _without_middle(text: str, head: int, width: int) -> str:
    """Text of at most this width; of what is cut, this much of the start is shown."""
    from rich.cells import cell_len

    if cell_len(text) <= width:
        return text
    start, end = _start(text, head), _start(text[::-1], width - 1 - head)[::-1]
    return f"{start}…{end}"


def _start(text: str, width: int) -> str:
    from rich.cells import cell_len

    start = text[: max(width, 0)]
    while cell_len(start) > width:
        start = start[:-1]
    return start
