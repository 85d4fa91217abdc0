# SPDX-License-Identifier: MIT
"""`Model`: its properties, and that it is a value: equal, hashable, picklable, unchanging."""

from __future__ import annotations

import copy
import json
import math
import pickle
from concurrent.futures import ThreadPoolExecutor

import nam_factory
import numpy as np
import pytest

from pedalboard_nam import ModelError
from pedalboard_nam.nam.model import Model, ModelSize
from pedalboard_nam.settings import size_value


@pytest.fixture
def model() -> Model:
    return Model.load(nam_factory.container())


def test_properties(model):
    assert model.name == "Factory amp"
    assert model.architecture == "A2"
    assert model.sample_rate == 48000.0
    assert model.receptive_field == 6347
    assert model.input_level_dbu == 12.5
    assert model.output_level_dbu is None
    assert model.sizes == (
        ModelSize("lite", 0.5, 3, 1871, -19.3),
        ModelSize("full", 1.0, 8, 12146, -19.8),
    )


def test_the_real_file(reference_dir):
    model = Model.load(reference_dir / "models" / "A2.nam")
    assert model.name == "A2"
    assert model.input_level_dbu == 14.76
    assert model.metadata["date"]["year"] == 2026
    assert round(model.loudness_db("lite"), 3) == -24.038
    assert round(model.loudness_db(), 3) == -26.384


@pytest.mark.parametrize(
    ("size", "loudness_db"),
    [("lite", -19.3), (0, -19.3), (0.49, -19.3), (0.5, -19.8), (1, -19.8), ("full", -19.8)],
)
def test_a_size_selects_the_first_network_with_a_higher_breakpoint_else_the_last(
    model, size, loudness_db
):
    assert model.loudness_db(size) == loudness_db


@pytest.mark.parametrize("breakpoints", [(-1.0, 0.5, 1.0), (0.0, 1.5, 2.0), (1.0, 1.5, 7.0)])
def test_lite_is_the_first_and_full_the_last_whatever_the_breakpoints(breakpoints):
    networks = [nam_factory.lite(metadata={"loudness": -20.0 - i}) for i in range(3)]
    model = Model.load(nam_factory.wrap(list(zip(breakpoints, networks, strict=True))))
    assert [model.loudness_db(size) for size in ("lite", 0.0)] == [-20.0, -20.0]
    assert [model.loudness_db(size) for size in ("full", 1.0)] == [-22.0, -22.0]


def test_of_one_size_every_size_is_that_one():
    model = Model.load(nam_factory.lite())
    assert {model.loudness_db(size) for size in ("lite", "full", 0.3)} == {-19.3}


def test_unknown_loudness_is_none():
    assert Model.load(nam_factory.lite(metadata=None)).loudness_db() is None


@pytest.mark.parametrize(
    ("size", "value"), [("full", 1.0), ("lite", 0.0), (0, 0.0), (1, 1.0), (np.float32(0.5), 0.5)]
)
def test_size_value(size, value):
    assert size_value(size) == value
    assert type(size_value(size)) is float


@pytest.mark.parametrize(
    "size",
    [True, None, "", "Full", "0.5", -0.1, 1.1, math.nan, math.inf, 10**400, [1.0], np.zeros(2)],
)
def test_other_sizes_are_refused(size):
    with pytest.raises(ValueError, match=r'accepted are "full", "lite" and numbers from 0'):
        size_value(size)


def test_the_image_holds_all(model):
    again = Model.from_bytes(model.to_bytes())
    assert again == model
    assert again.to_bytes() == model.to_bytes()
    assert (again.name, again.metadata, again.sizes) == (model.name, model.metadata, model.sizes)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(model, protocol):
    assert pickle.loads(pickle.dumps(model, protocol)) == model


def test_copies_are_the_model_itself(model):
    assert copy.copy(model) is model
    assert copy.deepcopy([model])[0] is model


def test_equal_by_content(model, tmp_path):
    path = tmp_path / "any.nam"
    path.write_text(json.dumps(nam_factory.container()), encoding="utf-8")
    same, other = Model.load(path), Model.load(nam_factory.container(seed=1))
    assert same == model
    assert hash(same) == hash(model)
    assert other != model
    assert model != "Factory amp"
    assert len({model, same, other}) == 2


def test_unchanging(model):
    with pytest.raises(AttributeError):
        model.name = "changed"
    with pytest.raises(AttributeError):
        model.sizes[0].channels = 4
    with pytest.raises(AttributeError):
        model.anything = 1
    model.metadata["name"] = "changed"
    assert model.metadata["name"] == "Factory amp"


def test_odd_but_valid_metadata_survives():
    deep: list = []
    for _ in range(400):
        deep = [deep]
    metadata = {"deep": deep, "big": 10**300, "name": "\N{GUITAR}", "": None}
    assert Model.load(nam_factory.lite(metadata=metadata)).metadata["big"] == 10**300


def test_a_model_is_loaded_not_constructed():
    with pytest.raises(TypeError, match=r"Model\.load"):
        Model()


def test_a_bad_image_is_refused(model):
    with pytest.raises(ModelError):
        Model.from_bytes(model.to_bytes()[:-1])
    with pytest.raises(ModelError):
        Model.from_bytes(b"")


def test_threads_may_load_and_share(model):
    with ThreadPoolExecutor(4) as pool:
        models = list(pool.map(lambda _: Model.load(nam_factory.container()), range(8)))
        assert all(pool.map(lambda m: m == model and hash(m) == hash(model), models))


def test_repr_is_short_and_informative(model):
    assert repr(model) == "<pedalboard_nam.Model 'Factory amp': A2 full + lite, 48000 Hz>"


def test_notebook_card_is_escaped():
    metadata = {"name": "<b>&", "gear_make": "<i>", "modeled_by": ["odd"], "tone_type": 5}
    card = Model.load(nam_factory.container(metadata=metadata))._repr_html_()
    assert "&lt;b&gt;&amp;" in card
    assert "&lt;i&gt;" in card
    assert "<i>" not in card
    assert "12,146 weights" in card


def test_notebook_card_and_repr_are_bounded_and_printable():
    metadata = {"name": "N" * 100_000, "gear_make": "Vox\x1b[31m", "tone_type": "t" * 100_000}
    model = Model.load(nam_factory.container(metadata=metadata))
    assert "Vox\\x1b[31m" in model._repr_html_()
    assert len(model._repr_html_()) < 3_000
    assert len(repr(model)) < 300
    assert len(model.name) == 100_000
