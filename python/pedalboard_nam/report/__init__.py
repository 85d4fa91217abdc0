# SPDX-License-Identifier: MIT
"""The audition page of a batch: one HTML file to look at and listen to what was made."""

from .page import check_report, write_report

__all__ = ["check_report", "write_report"]
