# SPDX-License-Identifier: MIT
"""Names of outputs, draws that stay what they are, and tasks that keep all workers busy."""

from __future__ import annotations

import resource
import sys
from inspect import signature
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pedalboard_nam import Stream
from pedalboard_nam.batch.inputs import Found
from pedalboard_nam.batch.models import ModelSource
from pedalboard_nam.batch.plan import (
    Job,
    Naming,
    default_template,
    most_jobs_of_a_task,
    naming,
    plan_jobs,
    plan_tasks,
)
from pedalboard_nam.settings import Settings


def found(path: str) -> Found:
    return Found("/in/" + path, path.rpartition(".")[0])


def model(place: str) -> ModelSource:
    return ModelSource(f"/amps/{place}.nam", place, place, "hash")


def names(inputs: list[str], models: list[str], template: str, **options: Any) -> list[str]:
    pairs = [(found(i), model(m), options.get("ranges", {})) for i in inputs for m in models]
    draws = options.get("draws", 1)
    return [job.output for job in plan_jobs(pairs, naming(template, draws), 0, draws)]


def test_the_tree_is_kept_and_every_part_is_in_the_name() -> None:
    assert names(["a.wav", "sub/b.flac"], ["plexi", "brand-ac"], default_template) == [
        "a__plexi__full.wav",
        "a__brand-ac__full.wav",
        "sub/b__plexi__full.wav",
        "sub/b__brand-ac__full.wav",
    ]


def test_any_setting_can_be_in_the_name() -> None:
    template = "{model}/{input}.{extension}_{input_gain_db:+.1f}_{output_mode}.flac"
    assert names(["a.wav"], ["m"], template, ranges={"input_gain_db": 3}) == [
        "m/a.wav_+3.0_raw.flac"
    ]


def test_several_draws_have_their_numbers_in_the_default_name() -> None:
    assert names(["a.wav"], ["m"], default_template, draws=2) == [
        "a__m__full__0.wav",
        "a__m__full__1.wav",
    ]


@pytest.mark.parametrize(
    ("inputs", "models", "template", "options", "said"),
    [
        (
            ["a.wav", "a.flac"],
            ["m"],
            default_template,
            {},
            "a.wav and /in/a.flac would both become a__",
        ),
        (["a.wav"], ["m", "n"], "{input}.wav", {}, r"m.nam and /amps/n.nam .* with {model}"),
        (["a.wav"], ["m"], "{input}.wav", {"draws": 2}, r"draws 0 and 1 of /in/a.wav .* {draw}"),
        (["a/x.wav", "b/x.wav"], ["m"], "{model}.wav", {}, "with {input} in"),
        (["a.wav"], ["m"], "../{input}.wav", {}, r"would put \.\./a\.wav outside of the output"),
        (["a.wav"], ["m"], "/tmp/{input}.wav", {}, "outside of the output folder"),
        (["a.wav"], ["m"], "{gain}.wav", {}, r"has {gain}; accepted are {input}, {extension}"),
        (["a.wav"], ["m"], "{input.wav", {}, "template '{input.wav': "),
        (["a.wav"], ["m"], "{input:d}.wav", {}, "template '{input:d}.wav': "),
        (["a.wav"], ["m"], "{input}.wav", {"ranges": {"gain": 1}}, "'gain' is no setting"),
    ],
)
def test_what_cannot_be_named_is_said(
    inputs: list[str], models: list[str], template: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        names(inputs, models, template, **options)


def draws_of(inputs: list[str], models: list[str], seed: int = 0) -> dict[str, Any]:
    ranges = {"input_gain_db": (-6.0, 6.0), "size": ["lite", "full"]}
    pairs = [(found(i), model(m), ranges) for i in inputs for m in models]
    jobs = plan_jobs(pairs, Naming("{input}_{model}_{draw}.wav"), seed, 2)
    return {job.output: job.settings for job in jobs}


def test_a_draw_stays_when_inputs_and_models_come_along() -> None:
    few = draws_of(["a.wav", "b.wav"], ["m"])
    many = draws_of(["c.wav", "b.wav", "a.wav"], ["n", "m"])
    assert few == {name: many[name] for name in few}
    assert len({settings["input_gain_db"] for settings in many.values()}) == len(many)


def test_another_seed_draws_otherwise() -> None:
    assert draws_of(["a.wav"], ["m"], seed=1) != draws_of(["a.wav"], ["m"], seed=2)


@given(
    st.lists(st.integers(1, 100), min_size=1, max_size=20),
    st.integers(1, 64),
    st.integers(1, 32),
)
def test_tasks_hold_every_job_once_and_suffice_for_all_workers(
    jobs_of_inputs: list[int], workers: int, most: int
) -> None:
    jobs = [
        Job(f"{i}", model("m"), f"{i}_{j}", {}, 0)
        for i, count in enumerate(jobs_of_inputs)
        for j in range(count)
    ]
    tasks = plan_tasks(jobs, workers, most)
    assert [job for task in tasks for job in task] == jobs
    assert all(len({job.input for job in task}) == 1 <= len(task) <= most for task in tasks)
    assert len(tasks) >= min(workers, len(jobs))


@pytest.mark.parametrize("template", ["{input:{x}}.wav", "{input:{}}.wav"])
def test_a_field_within_a_field_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="has a field within a field"):
        naming(template, 1)


def test_a_task_has_fewer_jobs_where_few_files_may_be_open() -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, limits[1]))
    try:
        assert [most_jobs_of_a_task(workers) for workers in (1, 8, 1_000)] == [32, 15, 1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_settings_that_are_not_given_are_those_of_a_stream() -> None:
    of_stream = {name: one.default for name, one in signature(Stream).parameters.items()}
    defaults = Settings().by_name()
    assert {name: of_stream[name] for name in defaults} == defaults


def collision(
    one: tuple[Found, ModelSource, dict[str, Any]], other: tuple[Found, ModelSource, dict[str, Any]]
) -> str:
    with pytest.raises(ValueError, match=r":|twice") as said:
        plan_jobs([one, other], naming(default_template, 1), 0, 1)
    return str(said.value)


def test_a_collision_comes_with_a_remedy_that_works() -> None:
    di, amp = found("a.wav"), model("m")
    assert collision((di, amp, {}), (di, amp, {})) == (
        "/in/a.wav through /amps/m.nam is there twice, with the same settings"
    )
    settings = {"input_gain_db": 3.0}
    assert "with {input_gain_db} in" in collision((di, amp, {}), (di, amp, settings))
    other_amp = ModelSource("/more/m.nam", "m", "m", "other")
    said = collision((di, amp, {}), (di, other_amp, {}))
    assert said.endswith("name a folder that both are in as the model")
    nameless = [ModelSource("", "amp", "amp", content) for content in "xy"]
    said = collision((di, nameless[0], {}), (di, nameless[1], {}))
    assert said.endswith("give one of these models another name")
    said = collision((di, amp, {}), (Found("/more/a.wav", "a"), amp, {}))
    assert "name a folder that both are in as the input" in said


def test_names_that_are_one_file_on_a_mac_collide_there(monkeypatch: pytest.MonkeyPatch) -> None:
    both = ["é.wav", "E\u0301.wav"]
    assert len(names(both, ["m"], default_template)) == 2
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ValueError, match="would both become"):
        names(both, ["m"], default_template)
