# SPDX-License-Identifier: MIT
"""Settings and audio in words, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .settings import default_settings

_units = {"_db": " dB", "_dbu": " dBu"}


def settings_in_words(settings: Mapping[str, Any]) -> list[str]:
    """The size and what else is not as it would be by default, like ``input gain 3 dB``."""
    words = [f"size {_value(settings.get('size', default_settings['size']))}"]
    for name, value in settings.items():
        if name != "size" and value != default_settings.get(name):
            suffix = next((suffix for suffix in _units if name.endswith(suffix)), "")
            label = name.removesuffix(suffix).replace("_", " ")
            words.append(f"{label} {_value(value)}{_units.get(suffix, '')}")
    return words


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


def _value(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
