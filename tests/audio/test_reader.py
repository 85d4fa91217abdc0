# SPDX-License-Identifier: MIT
"""What is in a file is read, whatever its header makes of it; what is not one is refused."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from audio_files import noise
from chunked_files import aiff, caf, chunk, fmt, integers, riff

from pedalboard_nam.audio.reader import AudioFileError, open_audio
from pedalboard_nam.audio.resampled import open_resampled

FRAMES = 2_400
ONE, TWO = noise(1, FRAMES), noise(2, FRAMES)
BODY = integers(ONE, 16)
TAGS = b"INFOINAM\x07\0\0\0Take 1\0"  # of odd length
EXTENSIBLE = (
    struct.pack("<HHI", 22, 24, 3) + b"\1\0" + bytes.fromhex("000000001000800000aa00389b71")
)


def read(path: Path, content: bytes) -> np.ndarray:
    path.write_bytes(content)
    with open_audio(path) as audio:
        found = audio.read_all()
        assert found.shape == (audio.num_channels, audio.frames)
        assert audio.sample_rate == 48_000
    return found


def refused(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(AudioFileError) as raised, open_audio(path):
        pass
    assert str(raised.value).startswith(f"{path}: ")
    return str(raised.value)


in_32 = (np.rint(TWO.T * 2.0**23).astype("<i4") << 8).tobytes()
u8 = (np.rint(ONE[0] * 128) + 128).astype(np.uint8).tobytes()
encodings: dict[str, tuple[bytes, np.ndarray, int]] = {
    "8 bits": (riff(fmt(bits=8), chunk(b"data", u8)), ONE, 8),
    "16 bits": (riff(fmt(2), chunk(b"data", integers(TWO, 16))), TWO, 16),
    "24 bits": (riff(fmt(2, 24), chunk(b"data", integers(TWO, 24))), TWO, 24),
    "32 bits": (riff(fmt(2, 32), chunk(b"data", integers(TWO, 32))), TWO, 32),
    "float32": (riff(fmt(2, 32, 3), chunk(b"data", TWO.T.tobytes())), TWO, 48),
    "float64": (riff(fmt(2, 64, 3), chunk(b"data", TWO.T.astype("f8").tobytes())), TWO, 48),
    "extensible": (
        riff(fmt(2, 24, 0xFFFE, more=EXTENSIBLE), chunk(b"data", integers(TWO, 24))), TWO, 24
    ),
    "24 in 32 bits": (riff(fmt(2, 24, align=8), chunk(b"data", in_32)), TWO, 24),
    "no alignment": (riff(fmt(1, 16, align=0), chunk(b"data", BODY)), ONE, 16),
    "RIFX": (
        riff(
            fmt(2, 24, order=">"),
            chunk(b"data", integers(TWO, 24, ">"), order=">"),
            name=b"RIFX",
            order=">",
        ),
        TWO,
        24,
    ),
    "AIFF": (aiff(integers(TWO, 24, ">"), 2, FRAMES, 24), TWO, 24),
    "AIFC sowt": (aiff(integers(TWO, 16), 2, FRAMES, 16, b"sowt"), TWO, 16),
    "AIFC 42ni": (aiff(integers(TWO, 24), 2, FRAMES, 24, b"42ni"), TWO, 24),
    "AIFC FL32": (aiff(TWO.T.astype(">f4").tobytes(), 2, FRAMES, 32, b"FL32"), TWO, 48),
    "CAF": (caf(integers(TWO, 24, ">"), 2, 24, 0), TWO, 24),
    "CAF little-endian float": (caf(TWO.T.tobytes(), 2, 32, 3), TWO, 48),
    "CAF of unknown length": (caf(integers(TWO, 16, ">"), 2, 16, 0, size=-1), TWO, 16),
    "AU": (
        b".snd" + struct.pack(">5I", 24, 0xFFFF_FFFF, 3, 48_000, 2) + integers(TWO, 16, ">"),
        TWO,
        16,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "audio", "bits"), encodings.values(), ids=encodings)
def test_every_encoding_is_read(
    tmp_path: Path, content: bytes, audio: np.ndarray, bits: int
) -> None:
    found = read(tmp_path / "di", content)
    whole = np.rint(audio * 2.0 ** (bits - 1))
    np.testing.assert_array_equal(found, (whole / 2.0 ** (bits - 1)).astype(np.float32))


@pytest.mark.parametrize("subtype", ["ALAW", "ULAW", "DOUBLE", "PCM_32", "PCM_U8"])
@pytest.mark.parametrize("form", ["WAV", "W64", "AIFF", "CAF", "AU"])
def test_what_libsndfile_writes_is_read_as_libsndfile_does(
    tmp_path: Path, form: str, subtype: str
) -> None:
    if not soundfile.check_format(form, subtype):
        return
    path = tmp_path / "di"
    with open(path, "wb") as file:
        soundfile.write(file, TWO.T, 48_000, subtype, format=form)
    np.testing.assert_array_equal(
        read(path, path.read_bytes()), soundfile.read(path)[0].T.astype("f4")
    )


pipe = {
    str(size): riff(fmt(), chunk(b"data", BODY, size=size), size=min(0xFFFF_FFFF, size + 36))
    for size in (0, 0x7FFF_F000, 0x7FFF_FFFE, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF_FFDB)
}
sizes = {
    **pipe,
    "no RIFF size": riff(fmt(), chunk(b"data", BODY), size=0),
    "RIFF size unknown": riff(fmt(), chunk(b"data", BODY), size=0xFFFF_FFFF),
    "a crashed recorder's": riff(fmt(), chunk(b"data", BODY, size=1_000), size=1_036),
    "less than half of it": riff(fmt(), chunk(b"data", BODY, size=2), size=38),
    "of a tag before it, no pad byte": riff(
        fmt(), chunk(b"LIST", TAGS, pad=False), chunk(b"data", BODY)
    ),
    "of two, no pad bytes": riff(
        chunk(b"bext", bytes(603), pad=False),
        fmt(),
        chunk(b"LIST", TAGS, pad=False),
        chunk(b"data", BODY),
    ),
    "of a tag behind it, too large": riff(
        fmt(), chunk(b"data", BODY), chunk(b"LIST", TAGS, size=50_000)
    ),
    "of something behind it": riff(fmt(), chunk(b"data", BODY)) + bytes(37) + b"junk",
    "of ID3 behind it": riff(fmt(), chunk(b"data", BODY)) + b"TAG" + bytes(125),
    "of part of a frame": riff(fmt(), chunk(b"data", BODY + b"\1")),
    "AIFF, none": aiff(integers(ONE, 16, ">"), 1, 0, 16, size=0),
    "AIFF, SoX's": aiff(integers(ONE, 16, ">"), 1, 0x3F80_0000, 16, size=0x7F00_0008),
    "AIFF, tag without pad byte": aiff(
        integers(ONE, 16, ">"), 1, FRAMES, 16,
        before=chunk(b"NAME", b"Take one!", pad=False, order=">"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", sizes.values(), ids=sizes)
def test_what_a_header_says_of_sizes_is_held_against_the_file(
    tmp_path: Path, content: bytes
) -> None:
    found = read(tmp_path / "di.wav", content)
    np.testing.assert_array_equal(found, np.rint(ONE * 32_768.0) / 32_768.0)


@pytest.mark.parametrize("name", [b"RF64", b"BW64"])
@pytest.mark.parametrize("is_known", [True, False])
def test_rf64_states_its_sizes_or_not(tmp_path: Path, name: bytes, is_known: bool) -> None:
    large = struct.pack("<QQQI", 0, len(BODY) * is_known, FRAMES * is_known, 0)
    whole = riff(
        chunk(b"ds64", large),
        fmt(),
        chunk(b"data", BODY, size=0xFFFF_FFFF),
        name=name,
        size=0xFFFF_FFFF,
    )
    assert read(tmp_path / "di.wav", whole).shape == (1, FRAMES)
    if is_known:
        assert "cut off" in refused(tmp_path / "di.wav", whole[:-100])


@pytest.mark.parametrize(("extra", "tail"), [(0, b""), (0, chunk(b"LIST", bytes(600))), (5, b"")])
def test_a_size_that_wrapped_round_is_made_whole(tmp_path: Path, extra: int, tail: bytes) -> None:
    frames = 2**30 + 500_000 + extra
    head = riff(fmt(bits=32, code=3), chunk(b"data", b"", size=4 * frames & 0xFFFF_FFFF))
    path = tmp_path / "di.wav"
    with open(path, "wb") as file:
        file.write(head)
        file.seek(4 * frames, os.SEEK_CUR)
        file.write(tail)
        file.truncate(len(head) + 4 * frames + len(tail))
    with open_audio(path) as audio:
        assert audio.frames == frames


whole_files: dict[str, bytes] = {
    "wav": riff(chunk(b"bext", bytes(602)), fmt(), chunk(b"data", BODY)),
    "aiff": aiff(integers(ONE, 16, ">"), 1, FRAMES, 16),
    "caf": caf(BODY, 1, 16, 2),
    "au": b".snd" + struct.pack(">5I", 24, len(BODY), 3, 48_000, 1) + BODY,
}


@pytest.mark.parametrize("content", whole_files.values(), ids=whole_files)
def test_a_cut_at_any_byte_is_said(tmp_path: Path, content: bytes) -> None:
    places = [*range(4, min(len(content), 800), 7), len(content) // 2, len(content) - 1]
    for place in places:
        assert "cut off" in refused(tmp_path / "di", content[:place]), place


no_audio: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "text": (b"Call the studio about the takes of Monday.\n" * 40, "no audio that can be read"),
    "zeros": (bytes(20_000), "no audio that can be read"),
    "noise": (np.random.default_rng(0).bytes(200_000), "no audio that can be read"),
    "no format": (riff(chunk(b"data", BODY)), "before the chunk that says what it is"),
    "no audio": (riff(fmt()), "holds no audio"),
    "no frames": (riff(fmt(), chunk(b"data", b""), chunk(b"LIST", bytes(40))), "holds no audio"),
    "no channels": (riff(fmt(0, align=2), chunk(b"data", BODY)), "0 channels"),
    "many channels": (riff(fmt(3_000), chunk(b"data", BODY)), "3000 channels"),
    "no rate": (riff(fmt(rate_hz=0), chunk(b"data", BODY)), "at 0 Hz"),
    "no bits": (riff(fmt(bits=0), chunk(b"data", BODY)), "no audio that can be read"),
    "40 bits": (riff(fmt(bits=40), chunk(b"data", BODY)), "no audio that can be read"),
    "ADPCM of 4 channels": (
        riff(fmt(4, 4, 17, align=4_096, more=struct.pack("<HH", 2, 2_041)), chunk(b"data", BODY)),
        "no audio that can be read",
    ),
    "ADPCM of blocks of a byte": (
        riff(fmt(1, 4, 17, align=1, more=bytes(2)), chunk(b"data", bytes(10_240))),
        "no audio that can be read",
    ),
    "a chunk that lies": (
        riff(fmt(), chunk(b"LIST", TAGS, size=1_000), chunk(b"data", BODY)), "no audio"
    ),
    "AIFF of no bits": (aiff(BODY, 1, FRAMES, 0), "no audio that can be read"),
    "AIFF that states more": (
        aiff(BODY, 1, FRAMES + 500, 16), "cut off: 2400 of 2900 frames are there"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), no_audio.values(), ids=no_audio)
def test_what_is_none_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refused(tmp_path / "di.wav", content)


def test_a_pipe_a_device_and_a_folder_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "zero.wav").symlink_to("/dev/zero")
    (tmp_path / "linked pipe.wav").symlink_to(tmp_path / "pipe.wav")
    for name, said in (
        ("pipe.wav", "a pipe"),
        ("zero.wav", "a device"),
        ("linked pipe.wav", "a pipe"),
    ):
        with pytest.raises(ValueError, match=said), open_audio(tmp_path / name):
            pass
    with pytest.raises(IsADirectoryError), open_audio(tmp_path):
        pass


def encoded(path: Path, audio: np.ndarray, **kind: str) -> bytes:
    with open(path, "wb") as file:
        soundfile.write(file, audio.T, 48_000, **kind)
    return path.read_bytes()


compressed = {
    "flac": {"format": "FLAC", "subtype": "PCM_16"},
    "ogg": {"format": "OGG", "subtype": "VORBIS"},
    "opus": {"format": "OGG", "subtype": "OPUS"},
    "mp3": {"format": "MP3", "subtype": "MPEG_LAYER_III"},
    "wav": {"format": "WAV", "subtype": "PCM_24"},
}


@pytest.mark.parametrize("kind", compressed.values(), ids=compressed)
def test_seeking_leads_to_the_same_frames(tmp_path: Path, kind: dict[str, str]) -> None:
    whole = read(tmp_path / "di", encoded(tmp_path / "di", noise(2, 60_000), **kind))
    with open_audio(tmp_path / "di") as audio:
        assert audio.frames >= 60_000
        for frame in (50_000, 0, 123, 59_000, 59_001, 7, audio.frames):
            audio.seek(frame)
            expected = whole[:, frame : frame + 500]
            np.testing.assert_allclose(audio.read(500), expected, rtol=0, atol=1e-6)
        with pytest.raises(AudioFileError, match="ends before frame 1000000"):
            audio.seek(1_000_000)


def mpeg_frames(content: bytes) -> list[bytes]:
    """Those of MPEG-1 layer III at 48 kHz."""
    kbps = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    at, found = 0, []
    while at + 4 < len(content):
        size = 144 * kbps[content[at + 2] >> 4] * 1000 // 48_000 + (content[at + 2] >> 1 & 1)
        found.append(content[at : at + size])
        at += size
    return found


def varied(frames: int) -> np.ndarray:
    """Loud and silent in turn, so that bit rates vary."""
    return noise(1, frames) * (np.arange(frames) // 9_600 % 2)


def test_an_mp3_file_without_its_length_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "di.mp3"
    with soundfile.SoundFile(
        path, "w", 48_000, 1, bitrate_mode="VARIABLE", compression_level=0.2
    ) as file:
        file.write(varied(96_000)[0])
    frames = mpeg_frames(path.read_bytes())
    bare = [frame for frame in frames if b"Xing" not in frame and b"Info" not in frame]
    assert len(bare) == len(frames) - 1
    assert len({len(frame) for frame in bare}) > 2
    junk = np.random.default_rng(0).bytes(3_000)  # as in a recording of a broadcast
    for before, behind in ((b"", b""), (junk, b"TAG" + bytes(125)), (bytes(100), b"APETAGEX")):
        found = read(path, before + b"".join(bare) + behind)
        assert found.shape == (1, 1_152 * len(bare))
        assert np.abs(found[:, -9_600:]).max() > 0.1 or np.abs(found).max() > 0.1
    assert "cut off" in refused(path, b"".join(bare)[:-10])


def test_recordings_of_a_chained_ogg_file_follow_each_other(tmp_path: Path) -> None:
    one = encoded(tmp_path / "one", noise(1, 30_000), **compressed["ogg"])
    two = encoded(tmp_path / "two", noise(1, 20_000), **compressed["ogg"])
    both = read(tmp_path / "di", one + two)
    parts = [read(tmp_path / "di", each) for each in (one, two)]
    np.testing.assert_array_equal(both, np.concatenate(parts, axis=1))
    (tmp_path / "di").write_bytes(one + two)
    with open_audio(tmp_path / "di") as audio:
        audio.seek(29_990)
        np.testing.assert_allclose(audio.read(100), both[:, 29_990:30_090], rtol=0, atol=1e-6)
    stereo = encoded(tmp_path / "two", noise(2, 20_000), **compressed["ogg"])
    assert "several recordings" in refused(tmp_path / "di", one + stereo)
    assert "cut off" in refused(tmp_path / "di", one + two[:-100])


def test_a_flac_file_that_states_less_than_there_is_is_read_whole(tmp_path: Path) -> None:
    whole = encoded(tmp_path / "di", noise(1, 24_000), **compressed["flac"])
    states = lambda frames: whole[:22] + struct.pack(">I", frames) + whole[26:]  # noqa: E731
    assert whole == states(24_000)
    assert read(tmp_path / "di", states(19_000)).shape == (1, 24_000)
    assert "cut off" in refused(tmp_path / "di", states(29_000))
    assert "cut off" in refused(tmp_path / "di", states(0xFFFF_FFFF))


@pytest.mark.parametrize(
    "behind", [b"\r\n", bytes(500_000), b"TAG" + bytes(125), np.random.default_rng(1).bytes(50_000)]
)
@pytest.mark.parametrize("frames", [1, 575, 4_096, 4_097, 50_000])
def test_what_follows_a_flac_file_is_not_taken_for_it(
    tmp_path: Path, behind: bytes, frames: int
) -> None:
    whole = encoded(tmp_path / "di", noise(2, frames), **compressed["flac"])
    assert read(tmp_path / "di", whole + behind).shape == (2, frames)
    if frames == 50_000:
        assert "cut off" in refused(tmp_path / "di", whole[: len(whole) // 2] + behind)


@pytest.mark.parametrize("change", [lambda p: os.utime(p, ns=(1, 1)), lambda p: os.truncate(p, 99)])
def test_a_file_that_changes_meanwhile_is_an_error(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "di.wav"
    path.write_bytes(riff(fmt(), chunk(b"data", BODY)))
    with open_audio(path) as audio:
        audio.read(100)
        change(path)
        with pytest.raises(AudioFileError, match=r"changed while it was read|cut off while"):
            audio.read(100)


def test_frames_that_a_header_only_claims_take_no_memory(tmp_path: Path) -> None:
    claims = riff(
        chunk(b"ds64", struct.pack("<QQQI", 0, 1 << 62, 1 << 60, 0)),
        fmt(),
        chunk(b"data", BODY, size=0xFFFF_FFFF),
        name=b"RF64",
    )
    with open_audio(_written(tmp_path / "di.wav", claims)) as audio:
        assert audio.frames == FRAMES
        assert audio.read(1 << 60).shape == (1, FRAMES)


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000, 47_999.5])
def test_a_file_at_another_rate_is_the_same_from_any_frame_on(
    tmp_path: Path, rate_hz: float
) -> None:
    path = _written(tmp_path / "di.wav", riff(fmt(2, 24), chunk(b"data", integers(TWO, 24))))
    with open_resampled(path, rate_hz) as file:
        whole = np.concatenate(list(file.blocks(1_000)), axis=1)
        assert whole.shape == (2, file.frames)
    for first in (0, 1, 700, 2_000):
        with open_resampled(path, rate_hz) as file:
            found = np.concatenate(list(file.blocks(300, first)), axis=1)
        np.testing.assert_array_equal(found, whole[:, first:])
