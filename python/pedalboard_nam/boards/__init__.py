# SPDX-License-Identifier: MIT
"""Boards of any effects: played in blocks, looked through, and written as dicts."""
