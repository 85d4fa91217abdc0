# SPDX-License-Identifier: MIT
"""Another host than pedalboard: dawdreamer, where it is installed."""

from __future__ import annotations

import nam_factory
import numpy as np
import pytest
from playing import noise

from pedalboard_nam import Model, NeuralAmp, Stream, render
from pedalboard_nam.effect.neural_amp import bundle_path


@pytest.mark.parametrize("rate", [44100, 48000])
def test_a_preset_sounds_the_same_in_dawdreamer(tmp_path, rate):
    dawdreamer = pytest.importorskip("dawdreamer")
    settings = {"size": "lite", "input_gain_db": 3.1, "output_gain_db": -6.0}
    model, audio = Model.load(nam_factory.container()), noise(2, rate)
    preset = tmp_path / "amp.vstpreset"
    preset.write_bytes(NeuralAmp(model, **settings).preset_data)

    engine = dawdreamer.RenderEngine(rate, 512)
    dry = engine.make_playback_processor("dry", audio)
    amp = engine.make_plugin_processor("amp", bundle_path())
    assert amp.load_vst3_preset(str(preset))
    engine.load_graph([(dry, []), (amp, ["dry"])])
    engine.render(1.0)

    latency = Stream(model, rate).latency
    assert amp.get_latency_samples() == latency
    expected = render(model, audio, rate, **settings)[:, : rate - latency]
    np.testing.assert_array_equal(engine.get_audio()[:, latency:], expected)
