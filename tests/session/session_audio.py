# SPDX-License-Identifier: MIT
"""What sessions play: a mono and a stereo recording."""

from __future__ import annotations

from playing import noise

rate = 44_100  # an amp has a latency here
frames = 30_011
mono_audio, stereo_audio = noise(1, frames, seed=1), noise(2, frames, seed=2)
