# SPDX-License-Identifier: MIT
"""What importing the package brings in, and what it leaves for later."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import pedalboard_nam


def test_everything_is_imported_when_it_is_used() -> None:
    program = """
import sys
import pedalboard_nam
late = ["pedalboard_nam.audio", "pedalboard_nam.comparison", "pedalboard_nam.dataset"]
heavy = ["matplotlib", "torch", "dask", "rich", "typer"]
assert set(pedalboard_nam.__all__) <= set(dir(pedalboard_nam))
assert not set(late + heavy + ["numpy", "pedalboard"]) & set(sys.modules)
assert pedalboard_nam.compare is pedalboard_nam.comparison.compare.compare
assert pedalboard_nam.ReampDataset is pedalboard_nam.dataset.reamp_dataset.ReampDataset
assert set(late) <= set(sys.modules)
assert not set(heavy) & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_command_is_imported_without_what_plays() -> None:
    program = """
import sys
import pedalboard_nam.cli
assert not {"numpy", "pedalboard"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_no_public_name_is_that_of_a_module() -> None:
    modules = {module.name for module in pkgutil.iter_modules(pedalboard_nam.__path__)}
    assert not modules & set(pedalboard_nam.__all__)


def test_type_checkers_see_what_is_imported_when_it_is_used() -> None:
    body = ast.parse(Path(pedalboard_nam.__file__).read_text()).body
    (block,) = [node for node in body if isinstance(node, ast.If)]
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    seen = {alias.name: node.module for node in imports for alias in node.names}
    assert seen == pedalboard_nam._modules


def test_every_public_name_is_there_and_no_other() -> None:
    assert sorted(pedalboard_nam.__all__) == sorted(pedalboard_nam._modules)
    for name in pedalboard_nam.__all__:
        assert getattr(pedalboard_nam, name) is not None
    with pytest.raises(AttributeError, match="module 'pedalboard_nam' has no attribute 'nothing'"):
        pedalboard_nam.nothing  # noqa: B018


def _rooms_imported() -> dict[str, set[str]]:
    """What each room of the package imports, functions and annotations included."""
    package = Path(pedalboard_nam.__file__).parent
    imported: dict[str, set[str]] = {}
    for path in package.rglob("*.py"):
        place = path.relative_to(package).parts
        room = place[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or node.level < len(place):
                continue
            assert node.level == len(place), f"{path} imports what is outside of the package"
            names = [node.module] if node.module else [alias.name for alias in node.names]
            imported.setdefault(room, set()).update(name.split(".")[0] for name in names)
    return imported


def test_arrows_between_rooms_never_turn_back() -> None:
    imported = _rooms_imported()
    assert imported["engine"] >= {"nam", "settings"}
    del imported["__init__"]  # the face
    while imported:
        ground = [room for room, above in imported.items() if not above & set(imported) - {room}]
        assert ground, f"a circle among {sorted(imported)}"
        for room in ground:
            del imported[room]
