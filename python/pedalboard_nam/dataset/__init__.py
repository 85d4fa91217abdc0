# SPDX-License-Identifier: MIT
"""Pairs of dry and wet audio to learn from."""
