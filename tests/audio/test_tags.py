# SPDX-License-Identifier: MIT
"""A take keeps its name and its place in the session, wherever the format has room for them."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from audio_files import noise
from chunked_files import chunk, fmt, integers, riff
from pedalboard import Gain
from reamp_command import Reamp

from pedalboard_nam import bounce, reamp_files
from pedalboard_nam.audio import id3
from pedalboard_nam.audio.chunks import chunks_of
from pedalboard_nam.audio.reader import open_audio
from pedalboard_nam.files.regular_file import open_regular

TIME = 48_000 * 3_600 + 5
BEXT = b"take one".ljust(338, b"\0") + struct.pack("<Q", TIME) + bytes(256) + b"A=PCM\r\n"
IXML = b"<BWFXML><PROJECT>p</PROJECT></BWFXML>"
CUE = struct.pack("<IIIIIII", 1, 1, 96, 0x61746164, 0, 0, 96)
LABEL = b"adtl" + chunk(b"labl", struct.pack("<I", 1) + b"here\0")
INFO = b"INFO" + chunk(b"INAM", "Gitarre ä\0".encode()) + chunk(b"IART", b"Me\0")
INFO += chunk(b"ICRD", b"2026\0") + chunk(b"ISFT", b"a recorder\0")
ID3 = id3.tag_of({"comment": "音", "album": "LP", "date": "2026"})


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path = tmp_path / "take.wav"
    path.write_bytes(
        riff(
            chunk(b"bext", BEXT),
            fmt(bits=24),
            chunk(b"iXML", IXML, pad=False),  # as some recorders do
            chunk(b"data", integers(noise(1, 4_801), 24)),
            chunk(b"cue ", CUE),
            chunk(b"LIST", LABEL),
            chunk(b"LIST", INFO),
            chunk(b"id3 ", ID3),
            chunk(b"junk", bytes(10)),
        )
    )
    return path


def chunks_in(path: Path) -> list[tuple[bytes, bytes]]:
    with open_regular(path) as file:
        return [(c.name, file.read_at(c.start, c.size)) for c in chunks_of(file)]


@pytest.mark.parametrize("extension", [".wav", ".w64"])
def test_chunks_come_along_as_they_are(take: Path, tmp_path: Path, extension: str) -> None:
    done = bounce(Gain(0), take, tmp_path / f"wet{extension}", bit_depth=24)
    assert done.lost_tags == ()
    kept = [each for each in chunks_in(tmp_path / f"wet{extension}") if each[0] != b"fmt "]
    assert [name for name, _ in kept] == [b"bext", b"iXML", b"cue ", b"LIST", b"LIST", b"id3 "]
    assert [content for _, content in kept] == [BEXT, IXML, CUE, LABEL, INFO, ID3]
    wet, _ = soundfile.read(tmp_path / f"wet{extension}")
    np.testing.assert_array_equal(wet, np.rint(noise(1, 4_801)[0] * 2.0**23) / 2.0**23)


def test_times_are_those_of_the_rate(take: Path, tmp_path: Path) -> None:
    bounce(Gain(0), take, tmp_path / "wet.wav", sample_rate=96_000)
    found = dict(chunks_in(tmp_path / "wet.wav"))
    assert found[b"bext"] == BEXT[:338] + struct.pack("<Q", 2 * TIME) + BEXT[346:]
    assert found[b"cue "] == struct.pack("<IIIIIII", 1, 1, 192, 0x61746164, 0, 0, 192)


TEXTS = {"title": "Gitarre ä", "artist": "Me", "date": "2026", "comment": "音", "album": "LP"}


@pytest.mark.parametrize("name", ["wet.flac", "wet.ogg", "wet.mp3", "wet.caf", "wet.aiff"])
def test_texts_come_along_to_other_formats_and_back(take: Path, tmp_path: Path, name: str) -> None:
    lost = bounce(Gain(0), take, tmp_path / name).lost_tags
    assert lost == ("bext", "iXML", "cue", "LIST")
    with soundfile.SoundFile(tmp_path / name) as other:
        found = other.copy_metadata()
    assert (found["title"], found["artist"]) == (TEXTS["title"], TEXTS["artist"])
    with open_audio(tmp_path / name) as audio:
        assert audio.tags().texts == TEXTS
        assert audio.frames == 4_801
    bounce(Gain(0), tmp_path / name, tmp_path / "back.wav")
    with open_audio(tmp_path / "back.wav") as audio:
        assert audio.tags().texts == TEXTS


def test_tags_can_be_left_out(take: Path, tmp_path: Path) -> None:
    assert bounce(Gain(0), take, tmp_path / "wet.wav", tags=False).lost_tags == ()
    assert [name for name, _ in chunks_in(tmp_path / "wet.wav")] == [b"fmt ", b"fact"]


def test_megabytes_are_no_tags(tmp_path: Path) -> None:
    large = chunk(b"iXML", bytes(2_000_000))
    audio = chunk(b"data", integers(noise(1, 100), 16))
    (tmp_path / "di.wav").write_bytes(riff(fmt(), large, audio, chunk(b"bext", BEXT)))
    with open_audio(tmp_path / "di.wav") as file:
        assert file.tags().chunks == ()


def test_every_command_carries_them_and_says_once_what_it_cannot(
    reamp_here: Reamp, take: Path, amp_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for name in "ab":
        (tmp_path / "in" / f"{name}.wav").write_bytes(take.read_bytes())
    common = ("-m", amp_path, "--size", "lite")
    said = "reamp: warning: the output's format holds no bext, iXML, cue, LIST: left out\n"
    for command, output in (
        (("render", take, *common, "-o"), "wet"),
        (("batch", tmp_path / "in", *common, "--jobs", "1", "-o", "out", "--template"), "{input}"),
    ):
        done = reamp_here(*command, f"{output}.wav")
        assert (done.returncode, done.stderr) == (0, "")
        done = reamp_here(*command, f"{output}.flac")
        assert (done.returncode, done.stderr) == (0, said)
        done = reamp_here(*command, f"{output}_plain.flac", "--no-tags")
        assert (done.returncode, done.stderr) == (0, "")
    for path in (tmp_path / "wet.wav", tmp_path / "out" / "a.wav"):
        assert dict(chunks_in(path))[b"bext"] == BEXT
    for path in (tmp_path / "wet_plain.flac", tmp_path / "out" / "b_plain.flac"):
        with open_audio(path) as audio:
            assert audio.tags().texts == {}


def test_a_batch_in_python_leaves_them_out_if_asked(
    take: Path, amp_path: Path, tmp_path: Path
) -> None:
    for tags in (True, False):
        out = tmp_path / str(tags)
        reamp_files(take, amp_path, out, template="o.wav", tags=tags, settings={"size": "lite"})
        assert (b"bext" in dict(chunks_in(out / "o.wav"))) == tags


@pytest.mark.parametrize("version", [2, 3, 4])
def test_id3_is_read_in_every_spelling(version: int) -> None:
    def frame(name: bytes, content: bytes) -> bytes:
        size = bytes([0, 0, len(content) >> 7, len(content) & 0x7F])
        stated = size if version == 4 else struct.pack(">I", len(content))
        return name + stated + b"\0\0" + content

    frames = (
        frame(b"TIT2", b"\0Caf\xe9\0")
        + frame(b"APIC", bytes(300))
        + frame(b"COMM", b"\3engabout\0said")
        + frame(b"TPE1", b"\2" + "Ärzte".encode("utf-16-be"))
        + frame(b"TDRC", b"\0" + b"2026-11-28")
    )
    size = bytes([0, 0, len(frames) >> 7, len(frames) & 0x7F])
    tag = b"ID3" + bytes([version, 0, 0]) + size + frames + bytes(20)
    expected = {"title": "Café", "comment": "said", "artist": "Ärzte", "date": "2026-11-28"}
    assert id3.texts_of(tag) == (expected if version > 2 else {})
    for cut in range(len(tag)):
        id3.texts_of(tag[:cut])
