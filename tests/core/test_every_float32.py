# SPDX-License-Identifier: MIT
"""`test_activations.cpp` on every float32: three minutes for an ISA.

ISAs that fuse have the same bits, which that test sees on its grid: one of them stands for all.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_FLAGS: dict[str, list[str]] = (  # as in core/CMakeLists.txt
    {"neon": []}
    if platform.machine() in ("aarch64", "arm64")
    else {"baseline": [], "avx2": ["-mavx2", "-mfma"]}
)
_SKIPPED = 77


@pytest.mark.slow
@pytest.mark.parametrize("isa", list(_FLAGS))
def test_activations_of_every_float32(tmp_path: Path, isa: str) -> None:
    compiler = os.environ.get("CXX") or shutil.which("c++")
    if not compiler:
        pytest.skip("no C++ compiler")
    program = tmp_path / "activations"
    flags = ["-std=c++20", "-O2", "-ffp-contract=fast", "-Wno-psabi", *_FLAGS[isa]]
    includes = [f"-I{_HERE.parents[1] / 'core' / folder}" for folder in ("src", "include")]
    source = _HERE / "test_activations.cpp"
    subprocess.run([compiler, *flags, *includes, source, "-o", program], check=True)
    run = subprocess.run([program, "all"], capture_output=True, text=True, check=False)
    if run.returncode == _SKIPPED:
        pytest.skip(f"this machine has no {isa}")
    assert run.returncode == 0, run.stdout
