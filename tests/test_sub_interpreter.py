# SPDX-License-Identifier: MIT
"""A sub-interpreter is told that it cannot import the package, and the main one plays on."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

SCRIPT = """
import sys

try:
    import _interpreters as interpreters  # from Python 3.13 on
    configs = ["isolated", "legacy"]
    run = interpreters.exec
except ImportError:
    import _xxsubinterpreters as interpreters
    configs = [{"isolated": True}, {"isolated": False}]
    run = interpreters.run_string

IMPORT = '''
try:
    import pedalboard_nam
except ImportError as error:
    print(error, flush=True)
'''

if sys.argv[1] == "the main one first":
    import pedalboard_nam
for config in configs:
    interpreter = (
        interpreters.create(**config) if isinstance(config, dict) else interpreters.create(config)
    )
    for _ in range(2):
        run(interpreter, IMPORT)
    interpreters.destroy(interpreter)

import numpy as np
from pedalboard_nam import Model, Stream

print(Stream(Model.load(sys.argv[2])).process(np.zeros(10)).shape)
"""


@pytest.mark.skipif(
    not any(map(importlib.util.find_spec, ("_interpreters", "_xxsubinterpreters"))),
    reason="this Python has no sub-interpreters",
)
@pytest.mark.parametrize("order", ["the main one first", "a sub-interpreter first"])
def test_a_sub_interpreter_gets_an_import_error(order, amp_path):
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT, order, amp_path], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    *refusals, shape = found.stdout.splitlines()
    assert len(refusals) == 4
    assert all("sub" in line and "interpreter" in line for line in refusals)
    assert shape == "(10,)"
