# SPDX-License-Identifier: MIT
"""Changes to the tree of a `.nam` file, by the names that our messages give its fields."""

from __future__ import annotations

import copy
from typing import Any


def with_fields(tree: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """A copy with some fields changed, added, or, where the value is KeyError, taken away."""
    tree = copy.deepcopy(tree)
    for path, value in fields.items():
        set_field(tree, path, value)
    return tree


def set_field(tree: dict[str, Any], path: str, value: Any) -> None:
    """Change a field, named as in ``config.layers[0].channels``, in place."""
    *parents, last = path.replace("[", ".").replace("]", "").split(".")
    node: Any = tree
    for key in parents:
        node = node[int(key)] if isinstance(node, list) else node[key]
    if isinstance(node, list):
        node[int(last)] = value
    elif value is KeyError:
        del node[last]
    else:
        node[last] = value
