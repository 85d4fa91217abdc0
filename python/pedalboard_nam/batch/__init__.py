# SPDX-License-Identifier: MIT
"""Batches: many files through many amps, on one machine or many, resumed where they ended."""

from ..report.manifest import Manifest, Record
from .api import reamp_files
from .run import BatchError

__all__ = ["BatchError", "Manifest", "Record", "reamp_files"]
