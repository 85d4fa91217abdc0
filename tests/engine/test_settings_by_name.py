# SPDX-License-Identifier: MIT
"""The engine's settings as a dict: every name has to be there, and none but those."""

from __future__ import annotations

import pytest
from setting_values import other_settings

from pedalboard_nam import ModelError, _core
from pedalboard_nam.settings import Settings

DEFAULTS = Settings().by_name() | {"size": 1.0}
OTHERS = other_settings() | {"size": 0.25, "output_mode": "calibrated"}


@pytest.mark.parametrize("settings", [DEFAULTS, OTHERS])
def test_settings_are_read_as_they_were_given(settings):
    assert _core.Settings(settings).to_dict() == settings


@pytest.mark.parametrize("settings", [DEFAULTS, OTHERS])
def test_a_state_is_read_as_it_was_written(settings):
    state = _core.read_effect_state(_core.write_effect_state(settings, b"image"))
    assert state.settings == settings
    assert state.image == b"image"
    assert state.refusal is None


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_name_that_is_missing_is_a_type_error(name):
    settings = {other: value for other, value in DEFAULTS.items() if other != name}
    for use in (_core.Settings, lambda settings: _core.write_effect_state(settings, b"")):
        with pytest.raises(TypeError, match=f"the setting {name} is missing"):
            use(settings)


@pytest.mark.parametrize("name", ["drive", 1, None])
def test_a_name_that_is_unknown_is_a_type_error(name):
    with pytest.raises(TypeError, match=f"{name!r} is no setting; settings are size, output_mode"):
        _core.Settings(DEFAULTS | {name: 1.0})


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("size", "lite", "numbers"),
        ("size", True, "numbers"),
        ("size", None, "numbers"),
        ("interface_level_dbu", "12", "numbers"),
        ("output_mode", "loud", '"raw", "normalized", "calibrated"'),
        ("output_mode", None, '"raw", "normalized", "calibrated"'),
        ("output_mode", 1, '"raw", "normalized", "calibrated"'),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_value_error(name, value, accepted):
    with pytest.raises(ValueError, match=f"{name} is {value!r}; accepted are {accepted}"):
        _core.Settings(DEFAULTS | {name: value})


def test_a_whole_number_that_no_float_holds_is_an_error():
    with pytest.raises(OverflowError):
        _core.Settings(DEFAULTS | {"size": 10**400})


def test_what_is_no_state_is_a_model_error():
    with pytest.raises(ModelError, match="state: this is not one of NeuralAmp"):
        _core.read_effect_state(b"")
