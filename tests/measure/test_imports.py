# SPDX-License-Identifier: MIT
"""What importing the package brings in, and what it leaves for later."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import pedalboard_nam


def test_everything_is_imported_when_it_is_used() -> None:
    program = """
import sys
import pedalboard_nam
late = ["pedalboard_nam.audio_file", "pedalboard_nam.comparison", "pedalboard_nam.dataset"]
heavy = ["matplotlib", "torch", "dask", "rich", "typer"]
assert not set(late + heavy + ["numpy", "pedalboard"]) & set(sys.modules)
assert pedalboard_nam.compare is pedalboard_nam.comparison.compare
assert pedalboard_nam.ReampDataset is pedalboard_nam.dataset.ReampDataset
assert set(late) <= set(sys.modules)
assert not set(heavy) & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_command_is_imported_without_what_plays() -> None:
    program = """
import sys
import pedalboard_nam.cli
assert not {"numpy", "pedalboard"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_no_public_name_is_that_of_a_module() -> None:
    modules = {module.name for module in pkgutil.iter_modules(pedalboard_nam.__path__)}
    assert not modules & set(pedalboard_nam.__all__)


def test_every_public_name_is_there_and_no_other() -> None:
    assert set(pedalboard_nam.__all__) <= set(dir(pedalboard_nam))
    for name in pedalboard_nam.__all__:
        assert getattr(pedalboard_nam, name) is not None
    with pytest.raises(AttributeError, match="module 'pedalboard_nam' has no attribute 'nothing'"):
        pedalboard_nam.nothing  # noqa: B018
