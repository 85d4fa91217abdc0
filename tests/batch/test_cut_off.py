# SPDX-License-Identifier: MIT
"""An input whose second half is missing is no input that ends in silence."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from audio_files import noise, write_audio
from reamp_command import Reamp

from pedalboard_nam import reamp_files
from pedalboard_nam.audio_file import open_audio


@pytest.mark.parametrize("name", ["di.wav", "di.aiff"])
def test_a_file_that_is_cut_off_fails(
    reamp_here: Reamp, amp_path: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    write_audio(path, noise(2, 4_800), 48_000, 16)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    said = f"{path}: the file is cut off: {len(whole) // 2} of {len(whole)} bytes are there"
    done = reamp_files(path, amp_path, tmp_path / "out", on_error="skip")
    assert [record.error for record in done.failures] == [said]
    done = reamp_here("render", path, "-o", tmp_path / "wet.wav", "-m", amp_path)
    assert (done.returncode, done.stderr) == (1, f"reamp: {said}\n")
    assert not (tmp_path / "wet.wav").exists()


def wav(chunks: list[tuple[bytes, int, bytes]], kind: bytes = b"RIFF") -> bytes:
    body = b"".join(name + struct.pack("<I", size) + content for name, size, content in chunks)
    return kind + struct.pack("<I", 0xFFFF_FFFF) + b"WAVE" + body


samples = np.arange(-500, 500, dtype="<i2").tobytes()
fmt = (b"fmt ", 16, struct.pack("<HHIIHH", 1, 1, 48_000, 96_000, 2, 16))


@pytest.mark.parametrize(
    "content",
    [
        wav([fmt, (b"LIST", 3, b"odd\0"), (b"data", 2_000, samples)]),
        wav([fmt, (b"data", 2_000, samples), (b"LIST", 100, b"tags that are cut off")]),
        wav([fmt, (b"data", 0xFFFF_FFFF, samples)]),
        wav(
            [
                (b"ds64", 28, struct.pack("<QQQI", 2_072, 2_000, 1_000, 0)),
                fmt,
                (b"data", 0xFFFF_FFFF, samples),
            ],
            b"RF64",
        ),
    ],
    ids=["other chunks", "after the audio", "streamed", "RF64"],
)
def test_a_file_that_holds_its_audio_is_whole(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "di.wav").write_bytes(content)
    with open_audio(tmp_path / "di.wav") as audio:
        found = audio.read(1_000)
    np.testing.assert_array_equal(np.rint(found[0] * 32_767), np.arange(-500, 500))
