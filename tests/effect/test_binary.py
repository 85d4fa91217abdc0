# SPDX-License-Identifier: MIT
"""The shared library in the bundle: what it exports, what it needs, and where it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from library import LIBRARY, is_sanitized

from pedalboard_nam.effect import effect_state


def _lines(*command: str) -> list[str]:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not on this machine")
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return found.stdout.splitlines()


def test_it_is_where_hosts_look():
    assert LIBRARY.is_file()


def test_it_exports_its_entry_points_only():
    lines = _lines("nm", "--dynamic", "--defined-only", str(LIBRARY))
    names = {line.split()[-1] for line in lines}
    assert names == {"GetPluginFactory", "ModuleEntry", "ModuleExit"}


def test_it_needs_libc_and_libm_only():
    if is_sanitized():
        pytest.skip("a sanitizer's build needs the sanitizer")
    lines = _lines("readelf", "--dynamic", "--wide", str(LIBRARY))
    needed = [line.split("[")[1].rstrip("]") for line in lines if "(NEEDED)" in line]
    loader = {"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
    assert set(needed) - loader <= {"libc.so.6", "libm.so.6"}


def test_python_knows_its_class_id():
    assert bytes.fromhex(effect_state.class_id) in LIBRARY.read_bytes()


def test_it_runs_in_a_bare_environment():
    if is_sanitized():
        pytest.skip("a sanitizer's build needs its environment")
    script = """
import nam_factory, numpy


from pedalboard_nam import NeuralAmp
assert NeuralAmp(nam_factory.lite())(numpy.ones(100, "float32"), 48000).any()
"""
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
