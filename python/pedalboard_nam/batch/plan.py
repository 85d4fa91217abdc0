# SPDX-License-Identifier: MIT
"""What there is to do: every job with the name of its output, and the tasks that they make.

A job is one input through one model with one draw of settings. A task is one input and some of its
jobs: it reads the input once.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any
from unicodedata import normalize
from zlib import crc32

import msgspec

from ..dataset.draws import Ranges, check_ranges, drawn_settings
from ..settings import Settings, declared
from .inputs import Found
from .models import ModelSource

default_template = "{input}__{model}__{size}.wav"
_default_template_of_draws = "{input}__{model}__{size}__{draw}.wav"

_most_jobs_of_a_task = 32  # each has half a megabyte of state, and a file open
_tasks_per_worker = 2  # at least, so that all are busy to the end


class Job(msgspec.Struct, frozen=True):
    """One output.

    Attributes
    ----------
    output
        Path below the output folder.
    """

    input: str
    model: ModelSource
    output: str
    settings: dict[str, Any]
    draw: int


@dataclass(frozen=True, slots=True)
class Naming:
    """How outputs are named.

    Parameters
    ----------
    template
        A format string. ``{input}`` is the input's path in its folder, without extension, so that
        the tree of folders is kept; ``{extension}`` is the input's; ``{model}``, ``{draw}``, and
        all settings by name. Its extension chooses the format.

    Raises
    ------
    ValueError
        If the template is none, or asks for something else.
    """

    template: str

    def __post_init__(self) -> None:
        accepted = ("input", "extension", "model", "draw", *declared)
        try:
            parts = list(Formatter().parse(self.template))
        except ValueError as error:
            raise ValueError(f"template {self.template!r}: {error}") from None
        for _, field, format, _ in parts:
            if field is None:
                continue
            if format and "{" in format:
                raise ValueError(f"template {self.template!r} has a field within a field")
            if field not in accepted:
                raise ValueError(
                    f"template {self.template!r} has {{{field}}}; accepted are "
                    + ", ".join(f"{{{name}}}" for name in accepted)
                )

    def name(self, found: Found, model: ModelSource, settings: Mapping[str, Any], draw: int) -> str:
        """Path of an output below the output folder."""
        extension = os.path.splitext(found.path)[1][1:]
        try:
            name = self.template.format(
                input=found.place, extension=extension, model=model.place, draw=draw, **settings
            )
        except (ValueError, TypeError) as error:
            raise ValueError(f"template {self.template!r}: {error}") from None
        name = os.path.normpath(name)
        if os.path.isabs(name) or name.split(os.sep)[0] == os.pardir:
            raise ValueError(
                f"template {self.template!r} would put {name} outside of the output folder"
            )
        return name


def naming(template: str, draws_per_pair: int) -> Naming:
    """The template; that of several draws for the default one."""
    several = template == default_template and draws_per_pair > 1
    return Naming(_default_template_of_draws if several else template)


def plan_jobs(
    pairs: Iterable[tuple[Found, ModelSource, Ranges]],
    names: Naming,
    seed: int,
    draws_per_pair: int,
) -> list[Job]:
    """All jobs, in the order of the pairs.

    A draw depends on the seed, the places of input and model, and its number: it stays what it is
    when other inputs and models come along.

    Raises
    ------
    ValueError
        If two jobs would have one output, or ranges are not accepted.
    """
    jobs: dict[str, Job] = {}
    places: dict[str, str] = {}
    for found, model, ranges in pairs:
        check_ranges(ranges)
        places[found.path] = found.place
        keys = crc32(os.fsencode(found.place)), crc32(os.fsencode(model.place))
        for draw in range(draws_per_pair):
            drawn = drawn_settings(ranges, seed, *keys, draw)
            settings = Settings(**drawn).by_name()
            job = Job(found.path, model, names.name(found, model, settings, draw), settings, draw)
            other = jobs.setdefault(_file_of(job.output), job)
            if other is not job:
                raise ValueError(_collision(other, job, places))
    return list(jobs.values())


def _collision(one: Job, other: Job, places: Mapping[str, str]) -> str:
    first, second = places[one.input], places[other.input]
    if one.input != other.input:
        what = f"{one.input} and {other.input}"
        if first != second:
            remedy = "tell them apart with {input} in the template"
        elif os.path.splitext(one.input)[1] != os.path.splitext(other.input)[1]:
            remedy = "tell them apart with {extension} in the template"
        else:
            remedy = "name a folder that both are in as the input, and its tree is kept"
    elif one.model is not other.model:
        what = f"{one.model} and {other.model}"
        if one.model.place != other.model.place:
            remedy = "tell them apart with {model} in the template"
        elif one.model.path and other.model.path:
            remedy = "name a folder that both are in as the model"
        else:
            remedy = "give one of these models another name"
    elif one.draw != other.draw:
        what = f"draws {one.draw} and {other.draw} of {one.input}"
        remedy = "tell them apart with {draw} in the template"
    else:
        different = [name for name, value in one.settings.items() if other.settings[name] != value]
        if not different:
            return f"{one.input} through {one.model} is there twice, with the same settings"
        what = f"{one.input} through {one.model}, listed twice,"
        remedy = f"tell them apart with {{{different[0]}}} in the template"
    return f"{what} would both become {other.output}: {remedy}"


def _file_of(output: str) -> str:
    """What names one file have in common: on macOS, case and Unicode form do not matter."""
    return normalize("NFC", output).casefold() if sys.platform == "darwin" else output


def most_jobs_of_a_task(workers_of_a_process: int) -> int:
    """So many that memory and open files stay in bounds."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return _most_jobs_of_a_task
    # Half of them, and of these one for each worker's input.
    return max(1, min(_most_jobs_of_a_task, limit // 2 // workers_of_a_process - 1))


def plan_tasks(jobs: Sequence[Job], workers: int, most_jobs: int) -> list[list[Job]]:
    """Cut the jobs into tasks, each of one input, enough of them for all workers."""
    by_input: dict[str, list[Job]] = {}
    for job in jobs:
        by_input.setdefault(job.input, []).append(job)
    most = max(1, min(most_jobs, len(jobs) // (workers * _tasks_per_worker)))
    return [task for of_input in by_input.values() for task in _cut(of_input, most)]


def _cut(jobs: list[Job], most: int) -> Iterator[list[Job]]:
    parts = -(-len(jobs) // most)
    for part in range(parts):
        yield jobs[len(jobs) * part // parts : len(jobs) * (part + 1) // parts]
