# SPDX-License-Identifier: MIT
"""`.nam` files of LSTMs: what is read of them, and what is refused."""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np
import pytest
from lstm_factory import lstm
from nam_factory import full, lite, wrap

from pedalboard_nam import Model, ModelError, measure_delay, measure_loudness
from pedalboard_nam.nam import lstm as reader
from pedalboard_nam.nam import model_image, record


def test_a_model_says_what_it_is():
    model = Model.load(lstm(2, 16))
    assert model.architecture == "LSTM"
    assert model.receptive_field is None
    (size,) = model.sizes
    assert (size.name, size.channels, size.weights, size.loudness_db) == ("2x16", 16, 3345, -18.5)
    assert "LSTM 2x16" in repr(model)
    assert "2x16" in model._repr_html_()


def test_a_pack_of_several_kinds_has_them_all():
    model = Model.load(wrap([(0.3, lstm(1, 8)), (0.6, lite()), (1.0, full())]))
    assert model.architecture == "A2"  # at full size
    assert [size.name for size in model.sizes] == ["1x8", "lite", "full"]
    assert model.receptive_field is None


def test_an_absent_rate_is_48_khz():
    assert Model.load(lstm(sample_rate=None)).sample_rate == 48_000.0


def test_config_may_say_more():
    nam = lstm()
    nam["config"] |= {"in_channels": 1, "out_channels": 1, "train_burn_in": 4096}
    assert Model.load(nam) == Model.load(lstm())


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"num_layers": 0}, "config.num_layers is 0; expected a whole number of at least 1"),
        ({"num_layers": 9}, "config.num_layers is 9; expected a whole number of at most 8"),
        ({"num_layers": "1"}, 'config.num_layers is "1"; expected a whole number'),
        ({"hidden_size": 0}, "config.hidden_size is 0; expected a whole number of at least 1"),
        ({"hidden_size": 257}, "config.hidden_size is 257; expected a whole number of at most 256"),
        ({"hidden_size": None}, "config.hidden_size is null; expected a whole number"),
        ({"input_size": 2}, "config.input_size is 2, but in_channels is 1; an LSTM has as many"),
        ({"in_channels": 2}, "config.input_size is 1, but in_channels is 2; an LSTM has as many"),
        ({"in_channels": 65}, "config.in_channels is 65; expected a whole number of at most 64"),
        ({"out_channels": 2}, "an LSTM of 1 layer of 3 units has exactly 74"),
        (
            {"num_layers": 2},
            "weights has 70 values; an LSTM of 2 layers of 3 units has exactly 160",
        ),
    ],
)
def test_a_bad_config_is_named(config: dict[str, Any], words: str):
    nam = lstm()
    nam["config"] |= config
    with pytest.raises(ModelError) as error:
        Model.load(nam)
    assert words in str(error.value)


@pytest.mark.parametrize("field", ["num_layers", "input_size", "hidden_size"])
def test_a_missing_field_is_named(field: str):
    nam = lstm()
    del nam["config"][field]
    with pytest.raises(ModelError, match=f"config.{field} is missing"):
        Model.load(nam)


@pytest.mark.parametrize("change", [-1, 1])
def test_the_number_of_weights_is_exact(change: int):
    nam = lstm()
    nam["weights"] = (nam["weights"] * 2)[: 70 + change]
    words = f"weights has {70 + change} values; an LSTM of 1 layer of 3 units has exactly 70"
    with pytest.raises(ModelError, match=words):
        Model.load(nam)


def test_weights_are_finite():
    nam = lstm()
    nam["weights"][5] = math.nan
    with pytest.raises(ModelError, match=r"weights\[5\] is NaN"):
        Model.load(nam)


@pytest.mark.parametrize(
    ("config", "weights", "words"),
    [
        (struct.pack("<2I", 1, 3), 70, "an LSTM has 8 bytes of config; accepted are 16"),
        (struct.pack("<4I", 0, 3, 1, 1), 70, "an LSTM of 0 layers of 3 units"),
        (struct.pack("<4I", 1, 257, 1, 1), 70, "accepted are 1 to 8 layers of 1 to 256 units"),
        (struct.pack("<4I", 1 << 31, 3, 1, 1), 70, "an LSTM of 2147483648 layers"),
        (struct.pack("<4I", 1, 3, 65, 1), 70, "1 to 64 inputs and outputs"),
        (struct.pack("<4I", 1, 3, 1, 1), 71, "71 weights for an LSTM of 1 layers of 3 units"),
    ],
)
def test_the_core_trusts_no_image(config: bytes, weights: int, words: str):
    content = record.Record(reader.tag, config, np.zeros(weights, np.float32))
    image = model_image.assemble(
        model_image.version,
        (48_000.0, math.nan, math.nan),
        1,
        [model_image.network.pack(1.0, math.nan), model_image.record_bytes(content)],
        json.dumps({}).encode(),
    )
    with pytest.raises(ModelError, match=words):
        Model.from_bytes(image)


def test_it_can_be_measured():
    model = Model.load(lstm(1, 8))
    assert -60.0 < measure_loudness(model) < 0.0
    assert 0 <= measure_delay(model).frames < 24_000
