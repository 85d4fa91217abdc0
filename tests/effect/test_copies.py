# SPDX-License-Identifier: MIT
"""Copies and pickles sound the same; instances are freed, and share their weights."""

from __future__ import annotations

import concurrent.futures
import copy
import ctypes
import gc
import json
import multiprocessing
import os
import pickle
import weakref

import nam_factory
import numpy as np
import pytest
from library import is_sanitized
from pedalboard import Pedalboard
from playing import assert_same_bits, noise, random_model
from setting_values import other_settings

from pedalboard_nam import Model, NeuralAmp, render
from process_memory import in_a_new_process, resident_bytes

RATE = 48000
SETTINGS = other_settings() | {"size": 0.3, "input_gain_db": 1.2345, "output_gain_db": -7.1}


@pytest.fixture(scope="module")
def amp():
    return NeuralAmp(Model.load(nam_factory.container()), **SETTINGS)


def _copies():
    copiers = {"copy": copy.copy, "deepcopy": copy.deepcopy}
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        copiers[f"pickle {protocol}"] = lambda amp, p=protocol: pickle.loads(pickle.dumps(amp, p))
    return [pytest.param(copier, id=name) for name, copier in copiers.items()]


@pytest.mark.parametrize("copier", _copies())
def test_a_copy_sounds_the_same_and_is_another(amp, copier):
    audio = noise(2, 3000)
    other = copier(amp)
    assert type(other) is NeuralAmp
    assert other is not amp
    assert other.model == amp.model
    assert {name: getattr(other, name) for name in SETTINGS} == SETTINGS
    assert_same_bits(other(audio, RATE), amp(audio, RATE))
    other.input_gain_db = 0.0
    assert amp.input_gain_db == SETTINGS["input_gain_db"]


def test_a_copy_has_what_was_changed_since(amp):
    changed = copy.copy(amp)
    changed.output_gain_db, changed.size = 5.0, "lite"
    other = pickle.loads(pickle.dumps(changed))
    assert (other.output_gain_db, other.size) == (5.0, "lite")


def test_a_subclass_stays_one(amp):
    assert type(copy.copy(Loud(amp.model))) is Loud


class Loud(NeuralAmp):
    pass


class Rig(NeuralAmp):
    """A subclass whose constructor takes something else."""

    def __init__(self, drive: int, **settings: float) -> None:
        super().__init__(random_model("lite"), **settings)
        self.drive = drive
        self.cabs = ["1x12"]


@pytest.mark.parametrize("copier", _copies())
def test_a_copy_has_the_attributes_of_a_subclass_and_of_its_user(copier):
    rig = Rig(7, input_gain_db=2.0)
    rig.label = "mine"
    assert rig.parameters  # which hold on to the one that they are of
    other = copier(rig)
    assert type(other) is Rig
    assert (other.drive, other.label, other.cabs) == (7, "mine", ["1x12"])
    assert (other.input_gain_db, other.size) == (2.0, "full")
    assert (other.cabs is rig.cabs) == (copier is copy.copy)
    other.input_gain_db = -2.0
    assert rig.parameters["input_gain_db"].raw_value == pytest.approx(0.52)


def _play(amp: NeuralAmp, audio: np.ndarray) -> np.ndarray:
    return Pedalboard([amp])(audio, RATE)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_workers_get_the_same_amp(amp, method):
    audio = noise(2, 3000)
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        for wet in pool.map(_play, [amp] * 4, [audio] * 4):
            assert_same_bits(wet, amp(audio, RATE))


class Augmented:
    """What a DataLoader's workers are handed: a data set that holds an amp."""

    def __init__(self, amp: NeuralAmp) -> None:
        self.amp = amp

    def __getitem__(self, i: int) -> np.ndarray:
        return self.amp(noise(1000, seed=i), RATE)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_a_data_set_with_an_amp_in_it(amp, method):
    with multiprocessing.get_context(method).Pool(2) as pool:
        items = pool.map(Augmented(amp).__getitem__, range(4))
    for i, item in enumerate(items):
        assert_same_bits(item, amp(noise(1000, seed=i), RATE))


def test_joblib_workers_get_the_same_amp(amp):
    joblib = pytest.importorskip("joblib")
    audio = noise(2, 3000)
    for wet in joblib.Parallel(2)(joblib.delayed(_play)(amp, audio) for _ in range(4)):
        assert_same_bits(wet, amp(audio, RATE))


def test_a_data_loader_of_pytorch(amp):
    data = pytest.importorskip("torch.utils.data")
    loader = data.DataLoader(
        Augmented(amp), sampler=range(4), num_workers=2, multiprocessing_context="spawn"
    )
    for i, item in enumerate(loader):
        assert_same_bits(item.numpy()[0], amp(noise(1000, seed=i), RATE))


def test_instances_are_freed_by_reference_count():
    model = random_model("lite")
    gc.collect()
    gc.disable()
    try:
        amp = NeuralAmp(model)
        amp.input_gain_db = 1.0
        amp.size = "lite"
        amp.parameters["output_gain_db"].raw_value = 0.4
        amp.own_attribute = [1]
        repr(amp), copy.copy(amp), pickle.dumps(amp), amp(noise(100), RATE)
        freed = weakref.ref(amp)
        del amp
        assert freed() is None
        # Of the instances alone, and not the objects that pedalboard made on the way.
        board = Pedalboard([NeuralAmp(model)])
        plain = weakref.ref(board[0])
        del board
        assert plain() is None
    finally:
        gc.enable()


def test_the_library_goes_with_its_last_instance():
    script = """
import gc, nam_factory
from pedalboard_nam import NeuralAmp
gc.disable()
amp = NeuralAmp(nam_factory.lite())
loaded = lambda: "NeuralAmp.so" in open("/proc/self/maps").read()
assert loaded()
del amp
assert not loaded()
"""
    in_a_new_process(exec, script)


def _cycles(count: int) -> int:
    """By how much the process grows, once the heap has found its size."""
    audio = noise(2, 64)
    model = random_model("full")
    for i in range(count + 300):
        if i == 300:
            before = resident_bytes()
        amp = NeuralAmp(model, size="full")
        amp.input_gain_db = 1.0
        amp(audio, RATE)
    return resident_bytes() - before


measures_memory = pytest.mark.skipif(is_sanitized(), reason="the sanitizer keeps freed memory")


@measures_memory
@pytest.mark.parametrize("count", [100, pytest.param(10_000, marks=pytest.mark.slow)])
def test_making_using_and_dropping_does_not_grow(count):
    assert in_a_new_process(_cycles, count) < 2 << 20


def _bytes_per_instance(shared: bool) -> float:
    def model(seed):
        return Model.load(nam_factory.full(0 if shared else seed))

    # Many weights, no audio: streams are made when audio is.
    amps = [NeuralAmp(model(seed)) for seed in range(20)]
    before = resident_bytes()
    amps += [NeuralAmp(model(seed)) for seed in range(20, 60)]
    return (resident_bytes() - before) / 40


def _growth_at(rate: float) -> int:
    amp, audio = NeuralAmp(random_model("lite")), noise(2, 1000)
    amp(audio, RATE)
    before = resident_bytes()
    amp(audio, rate)
    return resident_bytes() - before


@measures_memory
def test_no_rate_needs_much_memory():
    """Nor one whose ratio to the model's is of large numbers."""
    assert in_a_new_process(_growth_at, 96000.001) < 16 << 20


def _growth_by_live_changes(count: int) -> float:
    """Of one instance, once it has been reset."""
    model, audio = Model.load(nam_factory.full()), noise(2, 1000)
    amps = [NeuralAmp(model) for _ in range(count)]
    for amp in amps:
        amp(audio, RATE)
    before = resident_bytes()
    give_back = ctypes.CDLL(None).malloc_trim  # what is free, and lies between what is not
    for amp in amps:
        for loudness_db in (-20.0, -21.0, -22.0):
            amp.target_loudness_db = loudness_db
            amp(audio, RATE, reset=False)
        for _ in range(3):
            amp(audio, RATE)
    give_back(0)
    return (resident_bytes() - before) / count


@measures_memory
def test_what_played_before_a_change_is_freed():
    stream_bytes = 500_000  # the histories of a stereo stream of the full network
    assert in_a_new_process(_growth_by_live_changes, 20) < stream_bytes


@measures_memory
def test_weights_are_shared_inside_a_process():
    alone = in_a_new_process(_bytes_per_instance, False)
    shared = in_a_new_process(_bytes_per_instance, True)
    assert alone - shared > 2 * 12146 * 4  # the image and the weights of the network


def test_a_model_that_is_loaded_twice_is_there_once(tmp_path):
    path = tmp_path / "amp.nam"
    path.write_text(json.dumps(nam_factory.lite(seed=77)))
    amp, other = NeuralAmp(path), NeuralAmp(str(path))
    assert amp.model is other.model
    assert pickle.loads(pickle.dumps(amp)).model is amp.model
    known = weakref.ref(amp.model)
    del amp, other
    assert known() is None


def test_fork_leaves_the_parents_amp_alone(amp):
    audio = noise(1000)
    expected = render(amp.model, audio, RATE, **SETTINGS)
    child = os.fork()
    if child == 0:
        amp.input_gain_db = -20.0
        os._exit(0 if amp(audio, RATE).any() else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert_same_bits(amp(audio, RATE), expected)
