# SPDX-License-Identifier: MIT
"""Slimmable WaveNets: at what sizes they play, and what is kept of their weights."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import nam_factory
import numpy as np
import pytest
from sequential_factory import sequential
from wavenet_factory import array, conditioned, slices, slimmable, wavenet

from pedalboard_nam.nam import a2, limits, model_image, nam_file
from pedalboard_nam.nam.container import NamSize, Sizes
from pedalboard_nam.nam.networks import model_fields
from reference.wavenet_layer import FILMS


def _sizes(tree: dict[str, Any]) -> list[NamSize]:
    return list(nam_file.load(tree).sizes)


def _notes(tree: dict[str, Any]) -> list[str]:
    sizes = Sizes()
    sizes.of(model_fields(tree, ""))
    return sizes.notes


def _width(size: NamSize) -> int:
    """The channels of the first layer array, as the core reads them."""
    word = 0 if size.record.tag == a2.tag else 5
    return int.from_bytes(size.record.config[4 * word : 4 * word + 4], "little")


def _chosen(sizes: list[NamSize], value: float) -> NamSize:
    return next((size for size in sizes if value < size.max_value), sizes[-1])


@pytest.mark.parametrize("allowed", [[2, 4, 6], [6], [1, 6], None, [1, 2, 3, 4, 5, 6]])
def test_a_size_plays_as_in_the_reference(allowed):
    tree = wavenet(array(channels=6, slimmable=slices(allowed)))
    widths = allowed or [1, 2, 3, 4, 5, 6]
    sizes = _sizes(tree)
    assert [_width(size) for size in sizes] == widths
    steps = [k / n for n in range(1, 8) for k in range(n + 1)]
    values = [*np.linspace(0, 1, 50), *steps, *(math.nextafter(step, 0.0) for step in steps)]
    for value in values:
        expected = widths[min(math.floor(value * len(widths)), len(widths) - 1)]
        assert _width(_chosen(sizes, value)) == expected, value


def test_every_number_of_widths_steps_where_doubles_do():
    for n in range(2, 65):
        sizes = _sizes(wavenet(array(channels=n, dilations=[1], slimmable=slices(None))))
        for k in range(1, n):
            step = sizes[k - 1].max_value
            assert step * n >= k > math.nextafter(step, 0.0) * n


def _two_arrays(first: list[int] | None, second: list[int] | None) -> dict[str, Any]:
    head = {"out_channels": 4, "kernel_size": 1, "bias": False}
    return wavenet(
        array(channels=8, head=head, slimmable=first and slices(first)),
        array(input_size=8, channels=4, slimmable=second and slices(second)),
    )


def test_each_array_steps_by_itself():
    sizes = _sizes(_two_arrays([4, 8], [1, 2, 4]))
    assert [size.max_value for size in sizes] == pytest.approx([1 / 3, 1 / 2, 2 / 3, 1])
    # Rechannel, layers, and head of either array, and the head's scale.
    counts = [
        c1 + 5 * (c1 * (3 * c1 + 1 + 1 + c1 + 1)) + c1 * c2
        + c1 * c2 + 5 * (c2 * (3 * c2 + 1 + 1 + c2 + 1)) + c2 + 1 + 1
        for c1, c2 in [(4, 1), (4, 2), (8, 2), (8, 4)]
    ]  # fmt: skip
    assert [size.record.weights.size for size in sizes] == counts


def test_an_array_that_is_not_slimmable_stays_as_wide_as_it_is():
    sizes = _sizes(_two_arrays(None, [2, 4]))
    assert [_width(size) for size in sizes] == [8, 8]


def test_the_first_rows_and_columns_are_kept():
    tree = wavenet(array(channels=3, kernel_size=2, dilations=[1], slimmable=slices([2, 3])))
    tree["weights"] = [float(i) for i in range(len(tree["weights"]))]
    small, full = _sizes(tree)
    np.testing.assert_array_equal(full.record.weights, tree["weights"])
    rechannel, matrix, bias, mixin = [0, 1], [3, 4, 5, 6, 9, 10, 11, 12], [21, 22], [24, 25]
    layer1x1, its_bias, head, scale = [27, 28, 30, 31], [36, 37], [39, 40, 42], [43]
    np.testing.assert_array_equal(
        small.record.weights,
        [*rechannel, *matrix, *bias, *mixin, *layer1x1, *its_bias, *head, *scale],
    )


def test_a_narrowed_network_is_the_record_of_that_network():
    """With every option that has channels to lose, but for the weights."""
    film = {"active": True, "shift": True, "groups": 1}
    films = {name: film for name in FILMS}
    options = films | {
        "head": {"out_channels": 1, "kernel_size": 3, "bias": True},
        "head1x1": {"active": True, "out_channels": 5, "groups": 1},
        "gating_mode": "gated",
    }
    full = array(channels=6, bottleneck=3, slimmable=slices([2, 6]), **options)
    small = array(channels=2, bottleneck=1, **options)
    post = {"channels": 2, "out_channels": 1, "kernel_sizes": [2, 1], "activation": "ReLU"}
    (found, _), (expected,) = _sizes(wavenet(full, head=post)), _sizes(wavenet(small, head=post))
    assert found.record.config == expected.record.config
    assert found.record.weights.size == expected.record.weights.size
    assert found.network.cost == expected.network.cost


def test_slopes_are_those_of_the_channels_that_are_left():
    slopes = {"type": "PReLU", "negative_slopes": [0.1, 0.2, 0.3]}
    full = array(channels=3, activation=slopes, slimmable=slices([1, 2, 3]))
    configs = [size.record.config for size in _sizes(wavenet(full))]
    for width, config in enumerate(configs, start=1):
        narrow = {"type": "PReLU", "negative_slopes": [0.1, 0.2, 0.3][:width]}
        (expected,) = _sizes(wavenet(array(channels=width, activation=narrow)))
        assert config == expected.record.config


def test_a_slimmable_a2_is_a2_where_it_has_its_widths():
    tree = nam_factory.full()
    tree["config"]["layers"][0]["slimmable"] = slices([3, 5, 8])
    tags = [size.record.tag for size in _sizes(tree)]
    assert tags == [a2.tag, b"WNET", a2.tag]


def test_the_loudness_is_that_of_the_full_size():
    tree = slimmable() | {"metadata": {"loudness": -20.5}}
    assert [size.loudness_db for size in _sizes(tree)] == [None, None, -20.5]


def test_all_sizes_have_the_same_condition():
    tree = conditioned()
    tree["config"]["layers"][0]["slimmable"] = slices([2, 4])
    small, full = _sizes(tree)
    assert small.record.children[0] is full.record.children[0]


def test_inside_others_the_full_size_plays():
    full = model_image.record_bytes(_sizes(slimmable())[-1].record)
    (in_row,) = _sizes(sequential(slimmable()))
    (in_container,) = _sizes(nam_factory.wrap([(1.0, slimmable())]))
    (as_condition,) = _sizes(conditioned(slimmable(), width=1))
    assert model_image.record_bytes(in_row.record.children[0]) == full
    assert model_image.record_bytes(in_container.record) == full
    assert model_image.record_bytes(as_condition.record.children[0]) == full


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (
            wavenet(array(channels=4, groups_input=2, slimmable=slices([2, 4]))),
            "config.layers can be slimmed, but has groups, whose channels cannot: it plays at full",
        ),
        (
            wavenet(array(channels=65, dilations=[1], slimmable=slices(None))),
            "config.layers can be slimmed to 65 sizes, of which 64 fit: it plays at full size only",
        ),
    ],
)
def test_what_cannot_be_slimmed_plays_at_full_size_and_says_so(tree, words):
    assert len(_sizes(tree)) == 1
    (note,) = _notes(tree)
    assert words in note


def test_groups_of_what_is_not_sliced_do_no_harm():
    film = {"active": True, "shift": False, "groups": 3}
    tree = conditioned()
    tree["config"]["layers"][0] |= {"input_mixin_pre_film": film, "slimmable": slices([2, 4])}
    tree = wavenet(*tree["config"]["layers"], condition_dsp=tree["config"]["condition_dsp"])
    assert len(_sizes(tree)) == 2
    assert _notes(tree) == []


def test_sizes_that_would_fill_the_memory_are_left_out(monkeypatch):
    monkeypatch.setattr(limits, "max_sliced_weights", 400)
    assert len(_sizes(slimmable())) == 1
    assert "3 sizes of 506 weights: it plays at full size only" in _notes(slimmable())[0]


def test_every_size_has_the_weights_of_its_condition_too(monkeypatch):
    tree = conditioned()
    tree["config"]["layers"][0]["slimmable"] = slices([2, 4])
    small, _ = _sizes(tree)
    monkeypatch.setattr(limits, "max_sliced_weights", small.record.weight_count() - 1)
    assert len(_sizes(tree)) == 1
    monkeypatch.setattr(limits, "max_sliced_weights", small.record.weight_count())
    assert len(_sizes(tree)) == 2


def test_breakpoints_ascend():
    for trees in (_two_arrays([3, 4, 8], [1, 2, 4]), _two_arrays(list(range(1, 9)), [1, 2, 3, 4])):
        sizes = _sizes(trees)
        assert all(one.max_value < other.max_value for one, other in pairwise(sizes))
        assert sizes[-1].max_value == 1.0
