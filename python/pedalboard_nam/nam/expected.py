# SPDX-License-Identifier: MIT
"""What a field may be, in the words of those who write JSON."""

from __future__ import annotations

import re
import sys

from ..wording.quoted import quoted

_words = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "array": "a list",
    "object": "an object",
}
_type = re.compile(r"Expected `([^`]+)`(?:, got `.*`)?")
_bound = re.compile(r"Expected `(\w+)`(?: of length)? ([<>])= (.+)")


def found(value: object) -> str:
    """A value of a field that is there."""
    return "null" if value is None else quoted(value)


def expected(problem: str) -> str:
    """What a schema's complaint says is expected; `problem` is one of msgspec's sentences."""
    if bound := _bound.fullmatch(problem):
        return f"expected {_bounded(*bound.groups())}"
    if types := _type.fullmatch(problem):
        names = types[1].replace("bool", "true | false").split(" | ")
        *others, last = [_words.get(name, name) for name in names]
        return "expected " + (f"{', '.join(others)} or {last}" if others else last)
    problem = problem.replace("`", "")
    return problem[:1].lower() + problem[1:]


def _bounded(kind: str, side: str, limit: str) -> str:
    limit = limit.removesuffix(".0")
    if limit.lstrip("-") == str(sys.float_info.max):
        return "a finite number"
    of_list = kind == "array"
    if side == ">":
        bound = f"{limit} or more" if of_list else f"at least {limit}"
    else:
        bound = f"at most {limit}"
    return f"{_words[kind]} of {bound}"
