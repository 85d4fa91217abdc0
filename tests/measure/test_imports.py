# SPDX-License-Identifier: MIT
"""What importing the package brings in, and what it leaves for later."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pedalboard_nam


def test_what_reads_files_is_imported_when_it_is_used() -> None:
    program = """
import sys
import pedalboard_nam
late = ["pedalboard_nam.audio_file", "pedalboard_nam.comparison", "pedalboard_nam.dataset"]
heavy = ["matplotlib", "torch", "dask", "rich", "typer"]
assert not set(late + heavy) & set(sys.modules)
assert pedalboard_nam.compare is pedalboard_nam.comparison.compare
assert pedalboard_nam.ReampDataset is pedalboard_nam.dataset.ReampDataset
assert set(late) <= set(sys.modules)
assert not set(heavy) & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_public_name_is_there_and_no_other() -> None:
    assert set(pedalboard_nam.__all__) <= set(dir(pedalboard_nam))
    for name in pedalboard_nam.__all__:
        assert getattr(pedalboard_nam, name) is not None
    with pytest.raises(AttributeError, match="module 'pedalboard_nam' has no attribute 'nothing'"):
        pedalboard_nam.nothing  # noqa: B018
