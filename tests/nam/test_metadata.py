# SPDX-License-Identifier: MIT
"""Fields that do not play never keep a model from playing; it says what was left out."""

from __future__ import annotations

import json
import math
import pickle
from typing import Any

import nam_factory
import numpy as np
import pytest

from pedalboard_nam import Model, NeuralAmp, Stream
from pedalboard_nam.nam import metadata, model_image, nam_file


def _load(**fields: Any) -> Model:
    return Model.load(nam_factory.lite(metadata=fields))


def test_nothing_odd_is_no_note_and_no_byte():
    model = _load(name="Plexi", loudness=-20, gain=1, training={"esr": None}, extra=[1, "ü"])
    assert model.notes == ()
    assert b'"notes"' not in model.to_bytes()


@pytest.mark.parametrize(
    ("fields", "kept", "note"),
    [
        ({"name": 5150}, {"name": "5150"}, "metadata.name is 5150, a number: it is taken as text"),
        ({"name": 5.5}, {"name": "5.5"}, "metadata.name is 5.5, a number"),
        ({"name": ["a"]}, {}, "metadata.name is a list of 1; left out: text is expected"),
        ({"name": True}, {}, "metadata.name is true; left out"),
        ({"gain": "high"}, {}, 'metadata.gain is "high"; left out: a number is expected'),
        ({"loudness": "loud"}, {}, "left out: a number from -200 to 200 is expected"),
        ({"loudness": 1e30}, {}, "metadata.loudness is 1e+30; left out: a number from -200"),
        ({"loudness": math.nan}, {}, "metadata.loudness is NaN; left out: a number from -200"),
        ({"input_level_dbu": False}, {}, "metadata.input_level_dbu is false; left out"),
        ({"output_level_dbu": {}}, {}, "metadata.output_level_dbu is an object; left out"),
        (
            {"training": {"esr": [0.1, math.nan, math.inf]}},
            {"training": {"esr": [0.1, None, None]}},
            "metadata.training.esr[1] is NaN; left out: JSON has no such value",
        ),
        ({"x": 10**400}, {"x": None}, "metadata.x is an integer of 1329 bits; left out"),
        ({"x": "a\ud800"}, {"x": "a?"}, "metadata.x has half a character in its text"),
        ({"\ud800": 1}, {"?": 1}, "metadata has half a character in its text"),
    ],
    ids=str,
)
def test_what_cannot_be_kept_is_left_out_and_said(fields, kept, note, tmp_path):
    path = tmp_path / "amp.nam"
    path.write_text(json.dumps(nam_factory.lite(metadata=fields)), encoding="utf-8")
    for source in (path, nam_factory.lite(metadata=fields)):
        model = Model.load(source)
        assert model.metadata == kept
        assert len(model.notes) == 1 + ("esr" in str(fields))
        assert note in model.notes[0]
        again = pickle.loads(pickle.dumps(model))
        assert (again, again.notes) == (model, model.notes)
        assert note in NeuralAmp(model).model.notes[0]


@pytest.mark.parametrize("found", [[], "text", 5, math.nan])
def test_metadata_that_is_no_object_is_left_out(found):
    model = Model.load(nam_factory.lite(metadata=found))
    assert model.metadata == {}
    assert model.notes[0].startswith("metadata is ")
    assert model.notes[0].endswith("; left out: an object is expected")


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes", np.float32(1)], ids=type)
def test_of_a_dict_what_is_not_json_is_left_out(value):
    model = _load(x=value, deep={1: value})
    assert model.metadata == {"x": None, "deep": {}}
    assert model.notes == (
        f"metadata.x is a Python {type(value).__name__}; left out: JSON has no such value",
        "metadata.deep has a key that is 1; left out: keys are text",
    )


def test_a_dict_in_itself_ends_there():
    loop: dict[str, Any] = {}
    loop |= {"a": loop, "b": [loop]}
    model = _load(loop=loop)
    assert model.metadata == {"loop": {"a": None, "b": [None]}}
    assert model.notes[0] == "metadata.loop.a is an object; left out: nested too deeply"


def test_the_largest_values_go_until_the_rest_fits():
    pictures = {"cover": "y" * 300_000, "thumbnail": "y" * 30_000, "author": "me"}
    model = _load(name="Plexi", tone3000=pictures)
    del pictures["cover"]
    assert model.metadata == {"name": "Plexi", "tone3000": pictures}
    assert model.notes == (
        "metadata.tone3000.cover has 300,002 bytes; left out: metadata is kept up to 262,144 bytes",
    )


def test_many_values_go_in_little_time_and_words():
    model = _load(**{f"{i:06}": "x" * (i % 100) for i in range(20_000)})
    assert len(json.dumps(model.metadata)) <= metadata.max_bytes
    assert len(model.notes) == 17
    assert model.notes[-1] == "there is more of that kind"


def test_a_list_that_cannot_fit_is_not_looked_at():
    model = _load(x=[math.nan] * 200_000)
    assert model.metadata == {"x": None}
    assert model.notes == (
        "metadata.x is a list of 200000; left out: metadata is kept up to 262,144 bytes",
    )


def test_places_deep_inside_are_said_in_short():
    deep: Any = math.nan
    for _ in range(200):
        deep = {"inside": [deep]}
    (said,) = _load(x=deep).notes
    assert said.startswith("metadata.x.inside[0].inside[0]")
    assert "[...]" in said
    assert said.endswith("inside[0] is NaN; left out: JSON has no such value")
    assert len(said) < 200


def test_of_two_metadata_the_last_one_counts():
    content = json.dumps(nam_factory.lite(metadata={"name": "Plexi"})).encode()
    model = Model.load(b'{"metadata": {"name": "Other"}, ' + content[1:])
    assert model.name == "Plexi"
    assert model.notes == ('"metadata" occurs twice; the last one counts',)


def test_text_in_latin_1_is_read():
    tree = nam_factory.lite(metadata={"name": "Überverstärker"})
    content = json.dumps(tree, ensure_ascii=False).encode("latin-1")
    model = Model.load(content)
    assert model.name == "Überverstärker"
    at = content.index(b"\xdc")
    assert model.notes == (f"byte {at} is not UTF-8; all text is read as Latin-1",)


def test_keys_that_are_too_long_go_with_all_the_rest():
    model = _load(**{"x" * 300_000: {}})
    assert model.metadata == {}
    assert model.notes == (
        "metadata has long keys; left out: metadata is kept up to 262,144 bytes",
    )


def test_keys_that_occur_twice_in_metadata_do_no_harm():
    text = json.dumps(nam_factory.lite(metadata={"tone": {"esr": 1}}))
    text = text.replace('"esr": 1', '"esr": 1, "esr": 2')
    model = Model.load(text.encode())
    assert model.metadata == {"tone": {"esr": 2}}
    assert model.notes == ('"esr" occurs twice in the metadata; the last one counts',)


def test_a_loudness_that_is_none_is_unknown():
    model = _load(loudness="loud")
    assert model.loudness_db() is None
    Stream(model)
    with pytest.raises(ValueError, match="loudness"):
        Stream(model, output_mode="normalized")


def test_networks_in_a_container_have_notes_too():
    lite = nam_factory.lite(metadata={"loudness": "loud", "name": 5})
    full = nam_factory.full(metadata=[])
    model = Model.load(nam_factory.wrap([(0.5, lite), (1.0, full)]))
    assert [size.loudness_db for size in model.sizes] == [None, -20.0]
    assert [note.partition(" is ")[0] for note in model.notes] == [
        "config.submodels[0].model.metadata.loudness",
        "config.submodels[1].model.metadata",
    ]


def test_notes_stand_in_the_image():
    nam = nam_file.load(nam_factory.lite(metadata={"gain": "high"}))
    assert model_image.write(nam).endswith(
        b'{"metadata":{},"name":"untitled",'
        b'"notes":["metadata.gain is \\"high\\"; left out: a number is expected"],'
        b'"version":"0.7.0"}'
    )


def test_a_setting_that_needs_what_is_not_stated_names_the_model_and_a_way_out():
    model = _load(name="Plexi")
    for make in (Stream, NeuralAmp):
        with pytest.raises(ValueError, match=r'^Plexi: .*needs its loudness, .*; "raw" plays it'):
            make(model, output_mode="normalized")
        with pytest.raises(ValueError, match=r"^Plexi: .* needs input_level_dbu, which this model"):
            make(model, interface_level_dbu=12.2)
