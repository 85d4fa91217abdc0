# SPDX-License-Identifier: MIT
"""What a process holds in memory, measured in one that holds nothing else."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any


def in_a_new_process(function: Callable[..., Any], *args: Any) -> Any:
    """What the function answers there. It, its arguments and its answer travel by pickle."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *args).result()


def resident_bytes() -> int:
    """What this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def most_resident_bytes() -> int:
    """The most that it had. `ru_maxrss` would begin with what its parent has."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.split("VmHWM:")[1].split()[0])
