# SPDX-License-Identifier: MIT
"""Reading `.nam` files: what is accepted."""

from __future__ import annotations

import copy
import io
import json
from typing import Any

import nam_factory
import numpy as np
import pytest

from pedalboard_nam.nam import nam_file
from pedalboard_nam.nam.container import NamSize
from reference.wavenet_layer import FILMS


def _width(size: NamSize) -> int:
    """The channels of an A2 network, as its room reads them."""
    return int.from_bytes(size.record.config, "little")


def test_the_real_file(reference_dir):
    nam = nam_file.load(reference_dir / "models" / "A2.nam")
    assert nam.name == "A2"
    assert nam.version == "0.7.0"
    assert nam.sample_rate_hz == 48000.0
    assert nam.input_level_dbu == 14.76
    assert nam.output_level_dbu is None
    assert [size.max_value for size in nam.sizes] == [0.5, 1.0]
    assert [_width(size) for size in nam.sizes] == [3, 8]
    assert [size.record.weights.size for size in nam.sizes] == [1871, 12146]
    # Each size has its own loudness; the container repeats that of the full one.
    assert [round(size.loudness_db, 3) for size in nam.sizes] == [-24.038, -26.384]


@pytest.mark.parametrize(("make", "channels"), [(nam_factory.lite, 3), (nam_factory.full, 8)])
def test_a_single_network_is_one_size_for_all_values(make, channels):
    (size,) = nam_file.load(make()).sizes
    assert (size.max_value, _width(size)) == (1.0, channels)
    np.testing.assert_array_equal(size.record.weights, np.float32(make()["weights"]))


def test_a_nested_container_is_always_its_last_network():
    tree = nam_factory.nested()
    nam = nam_file.load(tree)
    assert [(size.max_value, _width(size)) for size in nam.sizes] == [(0.3, 3), (1.0, 8)]
    inner = tree["config"]["submodels"][1]["model"]["config"]["submodels"]
    np.testing.assert_array_equal(
        nam.sizes[1].record.weights, np.float32(inner[1]["model"]["weights"])
    )


def test_the_loudness_of_a_container_is_that_of_its_last_network_only():
    tree = nam_factory.container(metadata={"loudness": -21.5})
    for submodel in tree["config"]["submodels"]:
        submodel["model"]["metadata"] = {"loudness": None}
    assert [size.loudness_db for size in nam_file.load(tree).sizes] == [None, -21.5]


def test_all_sources_give_the_same_model(tmp_path):
    tree = nam_factory.container()
    content = json.dumps(tree).encode()
    path = tmp_path / "plexi ünï.nam"
    path.write_bytes(content)
    with open(path, "rb") as file:
        sources = [
            str(path),
            path,
            content,
            bytearray(content),
            memoryview(content),
            file,
            io.BytesIO(content),
            tree,
        ]
        loaded = [nam_file.load(source) for source in sources]
    for nam in loaded:
        assert nam.metadata == tree["metadata"]
        for size, expected in zip(nam.sizes, loaded[0].sizes, strict=True):
            np.testing.assert_array_equal(size.record.weights, expected.record.weights)


def test_the_name_is_the_metadata_s_else_the_stem_else_untitled(tmp_path):
    path = tmp_path / "plexi.v2.nam"
    path.write_text(json.dumps(nam_factory.lite()), encoding="utf-8")
    with open(path, "rb") as file:
        assert nam_file.load(file).name == "plexi.v2"
    assert nam_file.load(path).name == "plexi.v2"
    assert nam_file.load(path.read_bytes()).name == "untitled"
    assert nam_file.load(nam_factory.lite(metadata={"name": "JCM"})).name == "JCM"


def test_the_caller_s_dict_is_neither_changed_nor_kept():
    tree = nam_factory.container()
    before = copy.deepcopy(tree)
    nam = nam_file.load(tree)
    assert tree == before
    tree["metadata"]["name"] = "changed"
    tree["config"]["submodels"][0]["model"]["weights"][0] = 9.0
    assert nam.metadata["name"] == "Factory amp"
    assert nam.sizes[0].record.weights[0] != 9.0


@pytest.mark.parametrize(
    "version", ["0.5.0", "0.5.4", "0.6.0", "0.7.0", "0.7.99", "0.7.1-rc.1", "0.7.0+build5"]
)
def test_versions_accepted(version):
    assert nam_file.load(nam_factory.lite(version=version)).version == version


@pytest.mark.parametrize("rate", [8000, 44100.0, 48000, 88200.5, 384000])
def test_sample_rates_accepted(rate):
    assert nam_file.load(nam_factory.lite(sample_rate=rate)).sample_rate_hz == rate


def test_without_a_sample_rate_it_is_48_khz():
    tree = nam_factory.lite(sample_rate=None)
    assert nam_file.load(tree).sample_rate_hz == 48000.0
    del tree["sample_rate"]
    assert nam_file.load(tree).sample_rate_hz == 48000.0


def test_the_sample_rate_of_the_submodels_counts_where_the_container_has_none():
    tree = nam_factory.wrap([(1.0, nam_factory.lite(sample_rate=44100))], sample_rate=None)
    assert nam_file.load(tree).sample_rate_hz == 44100.0


def _layer(tree: dict[str, Any]) -> dict[str, Any]:
    return tree["config"]["layers"][0]


@pytest.mark.parametrize(
    "key",
    [
        *FILMS,
        "head1x1",
        "layer1x1",
        "bottleneck",
        "groups_input",
        "groups_input_mixin",
        "gating_mode",
        "gated",
        "secondary_activation",
        "slimmable",
    ],
)
def test_what_the_reference_fills_in_may_be_null_or_absent(key):
    tree = nam_factory.lite()
    _layer(tree)[key] = None
    nam_file.load(tree)
    del _layer(tree)[key]
    nam_file.load(tree)


@pytest.mark.parametrize(
    "activation",
    [
        "LeakyReLU",
        ["LeakyReLU"] * 23,
        {"type": "LeakyReLU"},
        {"type": "LeakyReLU", "negative_slope": 0.009999999776},
    ],
)
def test_spellings_of_the_activation(activation):
    tree = nam_factory.lite()
    _layer(tree)["activation"] = activation
    nam_file.load(tree)


def test_extra_keys_and_nulls_and_a_bom_are_harmless():
    tree = nam_factory.container(metadata=None, weights=None, notes=["free", {"text": 1}])
    del tree["config"]["submodels"][0]["model"]["metadata"]
    tree["config"]["comment"] = "free"
    _layer(tree["config"]["submodels"][1]["model"])["dropout"] = 0.0
    nam = nam_file.load(b"\xef\xbb\xbf" + json.dumps(tree).encode())
    assert nam.metadata == {}
    assert nam.input_level_dbu is None
