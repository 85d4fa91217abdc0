# SPDX-License-Identifier: MIT
"""The shared library in the bundle."""

from __future__ import annotations

import platform
from pathlib import Path

from pedalboard_nam.effect.neural_amp import bundle_path

LIBRARY = Path(bundle_path()) / "Contents" / f"{platform.machine()}-linux" / "NeuralAmp.so"


def is_sanitized() -> bool:
    """Whether it was built with the address sanitizer, which keeps memory and needs libraries."""
    return LIBRARY.is_file() and b"__asan_init" in LIBRARY.read_bytes()
