# SPDX-License-Identifier: MIT
"""What a model is, as people say it: "A2 full + lite", "A1 standard WaveNet, 16/8 channels"."""

from __future__ import annotations

from collections.abc import Sequence

from .._core import NetworkInfo

_most_named = 3


def description(networks: Sequence[NetworkInfo]) -> str:
    """All sizes of a model in words, the last of them, which plays by default, first."""
    last = networks[-1]
    if len(networks) == 1:
        return last.description
    frames = {_around_label(network) for network in networks}
    before, after = next(iter(frames))
    if len(networks) > _most_named:
        said = f"{last.description}, in {len(networks)} sizes"
        return f"{said} ({networks[0].label} to {last.label}{after})" if len(frames) == 1 else said
    if len(frames) == 1:
        return before + " + ".join(network.label for network in reversed(networks)) + after
    return " + ".join(network.description for network in reversed(networks))


def _around_label(network: NetworkInfo) -> tuple[str, str]:
    """What a description says before and after the label, which tells sizes of a kind apart."""
    before, _, after = network.description.partition(network.label)
    return before, after
