# SPDX-License-Identifier: MIT
"""`.nam` files of Sequentials: models one after the other."""

from __future__ import annotations

import nam_factory
import pytest
from changes import with_fields
from convnet_factory import convnet
from linear_factory import linear
from lstm_factory import lstm
from sequential_factory import sequential
from wavenet_factory import a1, array, wavenet

from pedalboard_nam import ModelError
from pedalboard_nam.nam import model_image, nam_file
from pedalboard_nam.nam import sequential as reader


def test_an_amp_and_its_cabinet():
    (size,) = nam_file.load(sequential(a1(), linear(512))).sizes
    assert (size.record.tag, size.record.config, size.record.weights.size) == (reader.tag, b"", 0)
    assert [child.tag for child in size.record.children] == [b"WNET", b"LIN\0"]
    assert size.network.cost.lookback_frames == 4_092 + 575


def test_anything_goes_inside():
    nested = sequential(lstm(), sequential(convnet(), nam_factory.container()))
    (size,) = nam_file.load(nested).sizes
    lstm_record, inner = size.record.children
    assert lstm_record.tag == b"LSTM"
    # Of a container the full network plays.
    assert [(child.tag, child.config[:1]) for child in inner.children] == [
        (b"CNET", b"\1"),
        (b"A2\0\0", b"\x08"),
    ]


def test_it_is_a_size_of_a_container_like_any_other():
    tree = nam_factory.wrap([(0.5, lstm()), (1.0, sequential(a1(), linear()))])
    assert [size.record.tag for size in nam_file.load(tree).sizes] == [b"LSTM", reader.tag]


def test_channels_split_and_join():
    two = {"out_channels": 2, "kernel_size": 1, "bias": True}
    split = wavenet(array(head=two))
    join = wavenet(array(input_size=2, condition_size=2), in_channels=2)
    (size,) = nam_file.load(sequential(split, join)).sizes
    assert (size.network.inputs, size.network.outputs) == (1, 1)
    words = r"config.models\[1\] has 1 input, but the model before has 2 outputs"
    with pytest.raises(ModelError, match=words):
        nam_file.load(sequential(split, linear(), join))
    with pytest.raises(ModelError, match="config: channels in and out are 2 and 1; those of an am"):
        nam_file.load(sequential(join))


def test_weights_may_be_absent_but_not_flat():
    tree = sequential(linear())
    image = model_image.write(nam_file.load(tree))
    for weights in ([], None):
        assert model_image.write(nam_file.load(tree | {"weights": weights})) == image
    flat = tree | {"weights": [0.1, 0.2]}
    with pytest.raises(ModelError, match="weights has 2 values; a Sequential has none"):
        nam_file.load(flat)


def test_the_rate_and_the_loudness_are_those_of_the_whole():
    tree = sequential(
        lstm(sample_rate=44100), linear(), sample_rate=None, metadata={"loudness": -12.0}
    )
    del tree["config"]["models"][1]["sample_rate"]
    nam = nam_file.load(tree)
    assert nam.sample_rate_hz == 44100.0
    assert [size.loudness_db for size in nam.sizes] == [-12.0]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"config.models": []}, "config.models is a list of 0; expected a list of 1 or more"),
        ({"config.models": KeyError}, "config.models is missing"),
        ({"config.models": {}}, "config.models is an object; expected a list"),
        ({"config.models[0]": 5}, "config.models[0] is 5; expected an object"),
        ({"config.models[1].version": KeyError}, "config.models[1].version is missing"),
        ({"config.models[1].version": "0.9.0"}, 'config.models[1].version is "0.9.0"; this'),
        ({"config.models[1].sample_rate": 44100}, "config.models[1].sample_rate is 44100.0 but"),
        ({"config.models[1].weights": []}, "config.models[1].weights has 0 values; a Linear of"),
        (
            {"config.models[0].config.layers[1].dilations[3]": "8"},
            'config.models[0].config.layers[1].dilations[3] is "8"; expected a whole number',
        ),
        ({"config.models[0].architecture": "Amp"}, 'config.models[0].architecture is "Amp"; acc'),
    ],
)
def test_a_bad_file_is_explained(fields, words):
    with pytest.raises(ModelError) as error:
        nam_file.load(with_fields(sequential(a1(), linear()), fields))
    assert words in str(error.value)
