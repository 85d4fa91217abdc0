# SPDX-License-Identifier: MIT
"""A batch to report on."""

from __future__ import annotations

from pathlib import Path

import pytest
from batch_files import AddRecord, new_batch


@pytest.fixture
def batch(tmp_path: Path) -> AddRecord:
    """`batch("wet.wav", level_db=-6)` makes that output and its record, and gives the manifest."""
    return new_batch(tmp_path)
