# SPDX-License-Identifier: MIT
"""Audio in words, for people."""

from __future__ import annotations


def format_in_words(num_channels: int, sample_rate: float) -> str:
    """Like ``mono, 44.1 kHz``."""
    channels = {1: "mono", 2: "stereo"}.get(num_channels, f"{num_channels} channels")
    return f"{channels}, {sample_rate / 1000:g} kHz"


def duration_in_words(seconds: float) -> str:
    """Like 4.2 s, 3:05 or 1:00:00."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
