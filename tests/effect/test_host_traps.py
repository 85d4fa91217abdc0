# SPDX-License-Identifier: MIT
"""What pedalboard does that an effect has to know of, each trap through the real one."""

from __future__ import annotations

import abc
import gc
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pedalboard
import pytest
from pedalboard import Pedalboard, VST3Plugin
from playing import assert_same_bits, noise
from special_models import wire

import pedalboard_nam
from pedalboard_nam import NeuralAmp, Stream, render
from pedalboard_nam.effect import pedalboard_host
from pedalboard_nam.effect.neural_amp import bundle_path

RATE = 48000
NAN = float("nan")


@pytest.fixture
def plain(amp):
    plugin = VST3Plugin(bundle_path())
    plugin.preset_data = amp.preset_data
    return plugin


def _run(script: str, **environment: str) -> None:
    """In a process of its own, which may well die of it."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def _on_a_worker(work, *args):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *args).result()


# --- Parameters ----------------------------------------------------------------------------------


def test_what_this_package_uses_of_pedalboards_insides_is_there():
    for name in ("_get_parameter", "_get_parameters", "_parameters", "preset_data", "raw_state"):
        assert hasattr(VST3Plugin, name), name
    assert callable(pedalboard.AudioProcessorParameter)


def test_a_gain_that_is_nan_is_the_default(amp, plain):
    """Through pedalboard's own parameters; ours refuse it."""
    parameter = amp.parameters["input_gain_db"]
    assert parameter.get_text_for_raw_value(NAN) == "0.0"
    amp.input_gain_db = 6.0
    parameter.raw_value = NAN
    assert parameter.string_value == "0.0"
    assert amp.input_gain_db == 0.0
    assert "input_gain_db=0.0" in repr(amp)
    amp.size = "lite"
    plain.parameters["output_gain_db"].raw_value = NAN
    assert plain.output_gain_db == 0.0
    audio = noise(1000)
    assert_same_bits(amp(audio, RATE), render(amp.model, audio, RATE))


@pytest.mark.parametrize("raw_value", [-1.0, 2.0, float("inf"), -float("inf")])
def test_a_raw_value_out_of_range_is_the_next_gain_in_it(amp, raw_value):
    parameter = amp.parameters["input_gain_db"]
    parameter.raw_value = raw_value
    expected = 50.0 if raw_value > 0 else -50.0
    assert (amp.input_gain_db, parameter.string_value) == (expected, str(expected))


def test_every_tenth_of_a_decibel_is_exact_in_a_plain_plugin(plain):
    for tenths in range(-500, 501, 7):
        plain.input_gain_db = tenths / 10
        assert plain.input_gain_db == tenths / 10
    for index in range(1001):  # which is the grid that pedalboard scans
        gain_db = plain.parameters["input_gain_db"].get_text_for_raw_value(index / 1000)
        assert float(gain_db) == (index - 500) / 10


def test_a_locale_with_commas_changes_no_number(tmp_path):
    if shutil.which("localedef") is None:
        pytest.skip("localedef is not on this machine")
    # Not of UTF-8, which takes localedef three times as long: numbers are the same.
    made = ["localedef", "-i", "de_DE", "-f", "ISO-8859-1", str(tmp_path / "de_DE.ISO-8859-1")]
    if subprocess.run(made, capture_output=True).returncode != 0:
        pytest.skip("this machine has no German locale to make")
    script = """
import locale, nam_factory
from pedalboard_nam import NeuralAmp
locale.setlocale(locale.LC_ALL, "de_DE.ISO-8859-1")
assert locale.localeconv()["decimal_point"] == ","
amp = NeuralAmp(nam_factory.lite(), input_gain_db=1.5)
assert amp.input_gain_db == 1.5 and amp.parameters["input_gain_db"].string_value == "1.5"
raw_value = amp._get_parameter("Input Gain").get_raw_value_for_text("-2.5")
assert abs(raw_value - 0.475) < 1e-6
"""
    _run(script, LOCPATH=str(tmp_path))


def test_a_state_set_on_another_thread_shows_in_the_parameters(amp, model):
    """There pedalboard puts off the news of changed parameters until a loop that never runs."""
    other = NeuralAmp(model, input_gain_db=6.0, output_gain_db=-3.0, size="lite")
    audio = noise(1000)
    _on_a_worker(setattr, amp, "preset_data", other.preset_data)
    assert (amp.input_gain_db, amp.output_gain_db) == (6.0, -3.0)
    amp.target_loudness_db = -20.0
    assert_same_bits(amp(audio, RATE), other(audio, RATE))
    amp.input_gain_db = 1.0
    _on_a_worker(setattr, amp, "raw_state", other.raw_state)
    assert amp.input_gain_db == 6.0


# --- Objects -------------------------------------------------------------------------------------


def test_nothing_of_ours_ends_the_process_before_init():
    script = """
import nam_factory
from pedalboard_nam import NeuralAmp

def refuses(work):
    try:
        work()
    except AttributeError as error:
        assert "__init__ has not run" in str(error), error
    else:
        raise AssertionError("not refused")

raw = NeuralAmp.__new__(NeuralAmp)
for name in ("input_gain_db", "parameters", "preset_data", "raw_state", "size", "model"):
    refuses(lambda: getattr(raw, name))
refuses(lambda: setattr(raw, "input_gain_db", 1.0))
refuses(lambda: setattr(raw, "size", "lite"))
refuses(lambda: setattr(raw, "raw_state", b""))
refuses(lambda: repr(raw))

class Early(NeuralAmp):
    def __init__(self, model):
        refuses(lambda: setattr(self, "output_gain_db", 1.0))
        super().__init__(model)
        self.output_gain_db = 1.0

assert Early(nam_factory.lite()).output_gain_db == 1.0
"""
    _run(script)


def test_classes_that_inherit_from_it_too(model):
    class Mixin:
        def shout(self):
            return "loud"

    class Slotted(NeuralAmp):
        __slots__ = ("own",)

    class Mixed(Mixin, NeuralAmp):
        pass

    slotted = Slotted(model)
    slotted.own = 1
    assert (slotted.own, Mixed(model, size="lite").shout()) == (1, "loud")
    with pytest.raises(TypeError, match="metaclass"):
        type("Abstract", (NeuralAmp, abc.ABC), {})


def test_the_object_that_pedalboard_scans_with_is_taken_apart(monkeypatch, model):
    found = []

    items = pedalboard_host._Scan.items

    def watched(scan):
        def call(self):  # as pedalboard does, from a frame where this is its name
            had = len(vars(self))
            items(scan)
            found.append((isinstance(self, VST3Plugin), had > 0, len(vars(self))))

        call(sys._getframe(1).f_locals["self"])
        return {}.items()

    monkeypatch.setattr(pedalboard_host._Scan, "items", watched)
    NeuralAmp(model)
    assert found == [(True, True, 0)]


def test_the_plug_in_is_freed_with_its_last_reference(model):
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(x, VST3Plugin) for x in gc.get_objects())
        amp = NeuralAmp(model)
        assert sum(isinstance(x, VST3Plugin) for x in gc.get_objects()) == before + 1
        del amp
        assert sum(isinstance(x, VST3Plugin) for x in gc.get_objects()) == before
    finally:
        gc.enable()


def test_parameters_do_not_keep_the_amp(model):
    parameters = NeuralAmp(model).parameters
    with pytest.raises(ReferenceError):
        _ = parameters["input_gain_db"].raw_value


def test_it_starts_no_thread():
    _run("""
import os
import nam_factory, numpy
from pedalboard_nam import NeuralAmp
threads = lambda: len(os.listdir("/proc/self/task"))
before = threads()
amp = NeuralAmp(nam_factory.lite())
amp(numpy.zeros((2, 1000), "float32"), 44100)
amp.size = "lite"
assert threads() == before, (threads(), before)
""")


def test_without_its_bundle_it_says_what_to_do(monkeypatch, model, tmp_path):
    monkeypatch.setattr(pedalboard_nam, "__path__", [str(tmp_path)])
    with pytest.raises(ImportError, match="install pedalboard-nam anew"):
        NeuralAmp(model)


# --- States --------------------------------------------------------------------------------------


def test_a_preset_holds_the_model_once(amp):
    image = amp.model.to_bytes()
    assert amp.preset_data.count(image) == 1
    assert len(amp.preset_data) < len(image) + 300


@pytest.mark.parametrize("length", [0, 1, 100, -1, -100])
def test_pedalboard_says_nothing_about_a_bad_raw_state(amp, plain, length):
    """So `NeuralAmp` looks for itself."""
    audio = noise(1000)
    plain.raw_state = plain.raw_state[:length]
    assert_same_bits(plain(audio, RATE), render(amp.model, audio, RATE))


# --- Audio ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(0,), (1, 0), (2, 0)])
@pytest.mark.parametrize("reset", [True, False])
def test_no_audio_is_no_audio(amp, shape, reset):
    audio = noise(1000)
    before = amp(audio, RATE)
    assert amp(np.zeros(shape, np.float32), RATE, reset=reset).size == 0
    assert_same_bits(amp(audio, RATE), before)


@pytest.mark.parametrize("value", [NAN, float("inf"), -float("inf")])
def test_what_is_not_finite_passes_and_a_reset_forgets_it(amp, value):
    audio = noise(1000)
    expected = amp(audio, RATE)
    spoilt = audio.copy()
    spoilt[500] = value
    assert not np.isfinite(amp(spoilt, RATE, reset=False)).all()
    amp.reset()
    assert_same_bits(amp(audio, RATE, reset=False), expected)


@pytest.mark.parametrize("value", [NAN, float("inf")])
def test_what_is_not_finite_is_gone_with_the_past_that_a_network_hears(amp, model, value):
    audio = noise(20_000)
    audio[0] = value
    found = amp(audio, RATE)
    audio[0] = 0.0
    assert_same_bits(found[model.receptive_field :], render(model, audio, RATE)[6347:])


def test_denormals_are_flushed_inside_and_nowhere_else():
    amp, tiny = NeuralAmp(wire()), np.full(1000, 1e-40, np.float32)
    assert not amp(tiny, RATE).any()
    assert (tiny * np.float32(0.5)).all()
    Pedalboard([amp])(tiny, RATE)
    assert (tiny * np.float32(0.5)).all()


def test_larger_blocks_and_a_new_rate_come_without_a_deactivation(amp, model):
    audio = 0.3 * noise(2, 12_000)
    pieces = np.split(audio, [10, 60, 600, 4000], axis=1)
    streamed = [amp(piece, RATE, reset=False, buffer_size=20_000) for piece in pieces]
    assert_same_bits(np.concatenate(streamed, axis=1), render(model, audio, RATE))
    latency = Stream(model, 44100).latency
    found = amp(audio, 44100, reset=False)  # in a stream, pedalboard compensates the first rate's
    expected = render(model, audio, 44100)
    np.testing.assert_array_equal(found[:, latency:], expected[:, : 12_000 - latency])


def test_a_reset_before_a_stream_keeps_it_in_time(amp, model):
    """After a call that resets, pedalboard would have the stream late by the latency."""
    audio = 0.3 * noise(1, 12_000)
    amp(audio, 44100)
    amp.reset()
    streamed = [amp(piece, 44100, reset=False) for piece in np.split(audio, 12, axis=1)]
    found = np.concatenate(streamed, axis=1)
    assert_same_bits(found, render(model, audio, 44100)[:, : found.shape[1]])
