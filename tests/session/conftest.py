# SPDX-License-Identifier: MIT
"""Recordings, and VST3s that are not NeuralAmp: its bundle with other bytes in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from audio_files import write_audio
from session_audio import mono_audio, rate, stereo_audio

from pedalboard_nam import plugin_state
from pedalboard_nam.plugin import bundle_path


@pytest.fixture
def mono(tmp_path: Path) -> Path:
    return write_audio(tmp_path / "mono.wav", mono_audio, rate)


@pytest.fixture
def stereo(tmp_path: Path) -> Path:
    return write_audio(tmp_path / "stereo.wav", stereo_audio, rate)


@pytest.fixture
def other_vst3(tmp_path: Path) -> Path:
    """An effect of another class id."""
    return _patched(tmp_path, {bytes.fromhex(plugin_state.class_id[:8]): b"else"})


@pytest.fixture
def instrument(tmp_path: Path) -> Path:
    return _patched(tmp_path, {b"Fx|Distortion": b"Instrument|Fx"})


def _patched(folder: Path, patches: dict[bytes, bytes]) -> Path:
    bundle = folder / "plug-ins" / "NeuralAmp.vst3"
    shutil.copytree(bundle_path(), bundle)
    (library,) = bundle.rglob("NeuralAmp.so")
    content = library.read_bytes()
    for old, new in patches.items():
        assert old in content
        content = content.replace(old, new)
    library.write_bytes(content)
    return bundle
