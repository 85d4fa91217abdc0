# SPDX-License-Identifier: MIT
"""Tracks, buses and a master: a small session, described and bounced."""
