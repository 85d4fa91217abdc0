# SPDX-License-Identifier: MIT
"""Reading `.nam` files: everything that is no model is one clear ModelError.

What architectures have of their own is refused in tests of their names.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import pickle
from typing import Any

import nam_factory
import numpy as np
import pytest
from changes import set_field
from convnet_factory import convnet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from linear_factory import linear
from lstm_factory import lstm
from sequential_factory import sequential
from wavenet_factory import everything, slimmable

from pedalboard_nam import Model, ModelError
from pedalboard_nam.nam import nam_file, nam_json

_tree = nam_factory.container()
_pickled_tree = pickle.dumps(_tree)  # ten times faster to copy than the tree itself


# --- A field of a valid container, its new value, words of the message ----------------------------

LITE = "config.submodels[0].model"
FULL_LAYER = "config.submodels[1].model.config.layers[0]"


_FIELDS: list[tuple[str, Any, str]] = [
    ("version", KeyError, "missing"),
    ("version", 7, "expected text"),
    ("version", "0.8.0", "upgrade"),
    ("version", "1.0.0", "upgrade"),
    ("version", "0.4.9", "train"),
    ("version", "0.7", "three numbers"),
    ("version", "0.\N{ARABIC-INDIC DIGIT SEVEN}.0", "three numbers"),
    ("architecture", KeyError, "missing"),
    ("architecture", None, "expected text"),
    ("architecture", "CatLSTM", 'accepted are "WaveNet", "LSTM", "ConvNet", "Linear"'),
    ("config", KeyError, "missing"),
    ("config", None, "expected an object"),
    ("config", [], "expected an object"),
    ("config.submodels", KeyError, "missing"),
    ("config.submodels", [], "1 to 64"),
    ("config.submodels", {}, "expected a list"),
    ("config.submodels[0]", None, "expected an object"),
    ("config.submodels[0].max_value", KeyError, "missing"),
    ("config.submodels[0].max_value", True, "expected a number"),
    ("config.submodels[0].max_value", "0.5", "expected a number"),
    ("config.submodels[0].max_value", math.nan, "NaN"),
    ("config.submodels[1].max_value", math.inf, "Infinity"),
    ("config.submodels[1].max_value", 0.99, "reach 1.0"),
    ("config.submodels[1].max_value", 0.5, "exceed"),
    ("config.submodels[1].max_value", 0.1, "exceed"),
    ("config.submodels[1].model", [], "expected an object"),
    (f"{LITE}.version", "0.9.0", "upgrade"),
    (f"{LITE}.architecture", "CatLSTM", "accepted are"),
    (f"{LITE}.sample_rate", 44100, "share one rate"),
    ("sample_rate", -1, "-1"),
    ("sample_rate", 0, "8000"),
    ("sample_rate", 1e30, "384000"),
    ("sample_rate", 10**30, "384000"),
    ("sample_rate", math.nan, "NaN"),
    ("sample_rate", "48000", "expected a number"),
    ("sample_rate", True, "expected a number"),
    ("sample_rate", [48000], "expected a number"),
    (f"{LITE}.weights", KeyError, "1871"),
    (f"{LITE}.weights", None, "1871"),
    (f"{LITE}.weights", [], "1871"),
    (f"{LITE}.weights", [0.5] * 1870, "1870"),
    (f"{LITE}.weights", [0.5] * 1872, "1872"),
    (f"{LITE}.weights", [[0.5]] * 1871, "expected a number"),
    (f"{LITE}.weights", {"0": 0.5}, "expected a list"),
    (f"{LITE}.weights", "0.5", "expected a list"),
    (f"{LITE}.weights[7]", math.nan, "NaN"),
    (f"{LITE}.weights[7]", -math.inf, "-Infinity"),
    (f"{LITE}.weights[7]", 1e39, "1e+39"),
    (f"{LITE}.weights[7]", 10**350, "bits"),
    (f"{LITE}.weights[7]", "0.5", "expected a number"),
    (f"{LITE}.weights[7]", None, "expected a number"),
    (f"{LITE}.weights[7]", True, "expected a number"),
    (f"{LITE}.config.condition_dsp", {"version": "0.7.0"}, "architecture is missing"),
    (f"{LITE}.config.in_channels", 65, "expected a whole number of at most 64"),
    (f"{LITE}.config.layers", KeyError, "missing"),
    (f"{LITE}.config.layers", [], "1 or more"),
    (f"{LITE}.config.layers[0]", 5, "5"),
    (f"{FULL_LAYER}.channels", 10**350, "1163 bits"),
    (f"{FULL_LAYER}.dilations[3]", 2.5, "expected a whole number"),
]


@pytest.mark.parametrize(("field", "value", "words"), _FIELDS)
def test_a_bad_field_is_named(field, value, words, tmp_path):
    tree = pickle.loads(_pickled_tree)
    set_field(tree, field, value)
    path = tmp_path / "amp.nam"
    path.write_text(json.dumps(tree), encoding="utf-8")
    for source, name in [(tree, "<dict>"), (path, str(path))]:
        with pytest.raises(ModelError) as error:
            nam_file.load(source)
        message = str(error.value)
        assert message.startswith(f"{name}: ")
        assert field in message
        assert words in message
        assert len(message) < 400


def _text(tree: dict[str, Any] | None = None) -> bytes:
    return json.dumps(tree or nam_factory.lite()).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (_text()[:5000], "the file is cut off: the JSON ends too early, at byte 5,000"),
        (_text()[:-1], "cut off"),
        (_text()[: _text().index(b'"WaveNet"') + 3], "cut off"),
        (b'{"architecture": nul', "cut off"),
        (_text() + b"}", "this is not JSON: Extra data: "),
        (b"{}x", "this is not JSON: Extra data: "),
        (b"text", "this is not JSON: Expecting value: "),
        (_text().replace(b'"WaveNet"', b'"Wave\xffNet"'), 'architecture is "Wave\\u00ffNet"'),
        (_text().replace(b"{", b"\xff{"), "byte 0 is not UTF-8"),
        (b"\0" * 5000, "the file holds zeros only"),
        (b"[1, 2]", "object"),
        (b"null", "object"),
        (b'"text"', "object"),
        (b"3", "object"),
        (b"[" * 200_000, "nested too deeply"),
        (b"[" * 200_000 + b"]" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "nested too deeply"),
        (_text()[:-1] + b', "architecture": "WaveNet"}', '"architecture" occurs twice'),
        (_text().replace(b": 48000}", b": 1e999}"), "sample_rate is Infinity"),
        (_text().replace(b": 48000}", b": NaN}"), "sample_rate is NaN"),
        (_text().replace(b": 48000}", b": " + b"9" * 10_000_000 + b"}"), "sample_rate is Infinity"),
        (b'{"\\ud800": 1, ' + _text()[1:], "the file has a key with half"),
        (b" " * (nam_json.max_file_bytes + 1), "32 MiB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_explained(content, words, tmp_path):
    path = tmp_path / "amp.nam"
    path.write_bytes(content)
    for source, name in [(path, str(path)), (content, "<bytes>")]:
        with pytest.raises(ModelError) as error:
            nam_file.load(source)
        assert str(error.value).startswith(f"{name}: ")
        assert words in str(error.value)


def test_more_models_than_fit_are_refused():
    entries = [(1.0 + i, nam_factory.lite()) for i in range(65)]
    with pytest.raises(ModelError, match=r"config.submodels has 65 entries"):
        nam_file.load(nam_factory.wrap(entries))
    tree = nam_factory.lite()
    for _ in range(3):
        tree = nam_factory.wrap([(1.0 + i, tree) for i in range(16)])
    with pytest.raises(ModelError, match=r"more than 256 models in one file"):
        nam_file.load(tree)


def test_equal_keys_are_found_in_linear_time():
    keys = b",".join(b'"%d":1' % i for i in range(300_000))
    with pytest.raises(ModelError, match='"299999" occurs twice'):
        nam_file.load(b"{" + keys + b',"299999":1}')


def test_a_place_deep_inside_is_said_in_short():
    tree = nam_factory.lite(weights=[])
    for _ in range(7):
        tree = nam_factory.wrap([(1.0, tree)])
    with pytest.raises(ModelError) as error:
        nam_file.load(tree)
    said = str(error.value)
    assert said.startswith("<dict>: config.submodels[0].model.config.submodels[0]")
    assert ".model.weights has 0 values; " in said
    assert len(said) < 220


def test_weights_may_be_an_array():
    tree = nam_factory.lite()
    weights = np.array(tree["weights"])
    assert Model.load({**tree, "weights": weights}) == Model.load(tree)
    with pytest.raises(ModelError, match=r"weights\[0\] is a list of 1; expected a number"):
        nam_file.load({**tree, "weights": weights[:, None]})


def test_dicts_without_end_are_refused():
    tree = nam_factory.container()
    tree["config"]["submodels"][1]["model"] = tree
    with pytest.raises(ModelError, match=r"<dict>: .*more than 8 deep"):
        nam_file.load(tree)


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes", np.float32(1)], ids=type)
def test_a_dict_that_is_not_json_is_refused(value):
    with pytest.raises(ModelError, match="<dict>: sample_rate is a Python"):
        nam_file.load(nam_factory.lite(sample_rate=value))


def test_paths_fail_as_open_does_except_directories(tmp_path):
    with pytest.raises(FileNotFoundError):
        nam_file.load(tmp_path / "absent.nam")
    (tmp_path / "models.nam").mkdir()
    with pytest.raises(ModelError, match=r"models\.nam: this is a directory"):
        nam_file.load(tmp_path / "models.nam")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no /dev/zero")
def test_an_endless_file_is_refused():
    with pytest.raises(ModelError, match="/dev/zero: the file is larger than 32 MiB"):
        nam_file.load("/dev/zero")


@pytest.mark.parametrize("source", [None, 5, ["a.nam"], io.StringIO("{}")], ids=type)
def test_other_sources_are_type_errors(source):
    with pytest.raises(TypeError, match=r"expected a path|binary mode"):
        nam_file.load(source)


# --- Whatever comes -------------------------------------------------------------------------------

_quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _loads_or_refuses(source: Any) -> None:
    with contextlib.suppress(ModelError):
        nam_file.load(source)


@_quick
@given(st.binary(max_size=200))
def test_random_bytes(content):
    with pytest.raises(ModelError):
        nam_file.load(content)


_content = _text(nam_factory.container())


@_quick
@given(
    position=st.integers(0, len(_content)),
    length=st.integers(0, 30),
    patch=st.one_of(
        st.binary(max_size=10),
        st.sampled_from(
            [b"NaN", b"1e999", b"null", b"true", b"{}", b"[]", b'"', b"\\", b",", b"-"]
        ),
    ),
)
def test_a_patched_file(position, length, patch):
    _loads_or_refuses(_content[:position] + patch + _content[position + length :])


def _paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children: Any = []
    if isinstance(node, dict):
        children = node.items()
    elif isinstance(node, list):
        children = list(enumerate(node))[:24]  # enough of the weights
    return [path, *(p for key, child in children for p in _paths(child, (*path, key)))]


_trees = [
    _tree,
    everything(),
    slimmable(),
    sequential(lstm(), convnet(batchnorm=True), linear()),
]
_pickled_trees = [(pickle.dumps(tree), _paths(tree)[1:]) for tree in _trees]
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, 2, 3, 4.0, 1e9, "gated", "PReLU"])
    | st.floats()
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@_quick
@given(st.sampled_from(_pickled_trees), st.data())
def test_a_patched_tree(pickled, data):
    content, paths = pickled
    tree = pickle.loads(content)
    for _ in range(data.draw(st.integers(1, 3))):
        path, value = data.draw(st.sampled_from(paths)), data.draw(_json)
        node: Any = tree
        try:
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this path away
    _loads_or_refuses(tree)
