# SPDX-License-Identifier: MIT
"""The committed stub of the bindings is what nanobind writes for them."""

from pathlib import Path

from nanobind.stubgen import StubGen

import pedalboard_nam._core


def test_the_stub_is_current():
    generator = StubGen(pedalboard_nam._core, quiet=True)
    generator.put(pedalboard_nam._core)
    committed = Path(pedalboard_nam.__file__).with_name("_core.pyi").read_text()
    assert generator.get() == committed
