# SPDX-License-Identifier: MIT
"""pedalboard's `AudioStream` plays the amp in its callback: on a sound card that is a file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from pedalboard import Gain, Pedalboard
from pedalboard.io import AudioStream
from playing import random_model

from pedalboard_nam import NeuralAmp

RATE = 48_000
SOUND_CARD = """
pcm.speaker {{ type file  slave.pcm "null"  file "{folder}/played"  format "raw" }}
pcm.guitar {{ type null }}
"""


def play(folder: Path) -> None:
    """Play silence through an amp, and turn it down meanwhile; ALSA reads its settings but once."""
    if "speaker" not in AudioStream.output_device_names:
        print("no sound card")
        return
    amp = NeuralAmp(random_model())
    devices = {"input_device_name": "guitar", "output_device_name": "speaker"}
    board = Pedalboard([Gain(-1000), amp])  # what such a card records is not always silence
    with AudioStream(plugins=board, sample_rate=RATE, buffer_size=64, **devices):
        time.sleep(0.2)
        amp.output_gain_db = -20
        time.sleep(0.2)


def test_an_audio_stream_plays_the_amp_and_hears_a_change(tmp_path):
    (tmp_path / ".asoundrc").write_text(SOUND_CARD.format(folder=tmp_path))
    paths = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, __file__, tmp_path],
        env={**os.environ, "HOME": str(tmp_path), "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    if "no sound card" in done.stdout:
        pytest.skip("pedalboard sees no sound card, not even one that is a file")
    played = np.fromfile(tmp_path / "played", np.float32)
    steady = NeuralAmp(random_model())(np.zeros(RATE, np.float32), RATE)[-1]
    for expected in (steady, steady / 10):
        assert np.count_nonzero(np.isclose(played, expected, atol=1e-6)) > 64


if __name__ == "__main__":
    play(Path(sys.argv[1]))
