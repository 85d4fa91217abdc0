# SPDX-License-Identifier: MIT
"""The choice of kernels: by the environment, and an error at import where it cannot be met."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from playing import isa_in_use

import pedalboard_nam


def _import_with(isa: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import pedalboard_nam; print(pedalboard_nam.isa())"],
        env=os.environ | {"PEDALBOARD_NAM_ISA": isa},
        capture_output=True,
        text=True,
        check=False,
    )


def test_run_on_runs_on_that_isa(run_on, isa):
    assert run_on(isa, isa_in_use) == isa


def test_the_environment_chooses(isa):
    assert _import_with(isa).stdout.strip() == isa


def test_an_empty_choice_is_none():
    assert _import_with("").stdout.strip() == pedalboard_nam.available_isas()[0]


@pytest.mark.parametrize("isa", ["avx1024", "AVX2", "neon", "baseline"])
def test_an_isa_that_is_not_there_is_an_import_error_that_lists_those_that_are(isa):
    if isa in pedalboard_nam.available_isas():
        pytest.skip(f"this machine has {isa}")
    result = _import_with(isa)
    last_line = result.stderr.strip().splitlines()[-1]
    assert result.returncode != 0
    assert last_line.startswith("ImportError: ")
    assert isa in last_line
    for available in pedalboard_nam.available_isas():
        assert available in last_line


def test_every_machine_has_the_baseline_of_its_architecture():
    assert {"baseline", "neon"} & set(pedalboard_nam.available_isas())
