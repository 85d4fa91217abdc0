# SPDX-License-Identifier: MIT
"""What a file says of its audio besides: titles, time stamps, markers."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..files.regular_file import RegularFile
from . import id3
from .chunks import Chunk, chunks_of

# Chunks of WAV and W64 that are carried as they are: names, and what they are called.
_kept_chunks = {b"bext": "bext", b"iXML": "iXML", b"cue ": "cue", b"LIST": "LIST", b"id3 ": "ID3"}
# By soundfile's names: in LIST INFO, AIFF and CAF.
_info_names = {
    "title": b"INAM",
    "artist": b"IART",
    "album": b"IPRD",
    "date": b"ICRD",
    "comment": b"ICMT",
    "genre": b"IGNR",
    "tracknumber": b"ITRK",
    "copyright": b"ICOP",
}
_aiff_names = {"title": b"NAME", "artist": b"AUTH", "copyright": b"(c) ", "comment": b"ANNO"}
_caf_names = {
    "title": "title",
    "artist": "artist",
    "album": "album",
    "date": "recorded date",
    "comment": "comments",
    "genre": "genre",
    "tracknumber": "track number",
    "copyright": "copyright",
}
_most_bytes = 1 << 20  # of all chunks; more is something else than a tag
_bext_time_at = 338


@dataclass(frozen=True, slots=True)
class Tags:
    """Those of a file.

    Attributes
    ----------
    sample_rate
        Which its times count in, in Hz.
    chunks
        Of WAV: names and contents.
    texts
        By what they are: title, artist, album, date, comment, genre, tracknumber, copyright.
    """

    sample_rate: int = 0
    chunks: tuple[tuple[bytes, bytes], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Carried:
    """What of them an output holds.

    Attributes
    ----------
    chunks
        Names and contents.
    texts
        For those who write texts their own way.
    id3
        What stands before an MP3 file.
    lost
        What it has no place for, in words.
    """

    chunks: tuple[tuple[bytes, bytes], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    id3: bytes = b""
    lost: tuple[str, ...] = ()


def tags_of(file: RegularFile, texts: Mapping[str, str], sample_rate: int) -> Tags:
    """The tags of a file, of which libsndfile knows these texts."""
    found: list[tuple[bytes, bytes]] = []
    texts = {name: text for name, text in texts.items() if name in _info_names}
    of_aiff = {name: kind for kind, name in _aiff_names.items()}
    if file.read_at(0, 3) == b"ID3":
        texts = id3.texts_of(file.read_at(0, _most_bytes)) | texts
    left_bytes = _most_bytes
    for chunk in chunks_of(file):
        left_bytes -= chunk.size
        if left_bytes < 0:
            break
        name = b"id3 " if chunk.name in (b"ID3 ", b"id3 ") else chunk.name
        if name in _kept_chunks:
            content = file.read_at(chunk.start, chunk.size)
            found.append((name, content))
            texts = _info_of(name, content) | id3.texts_of(content) | texts
        elif name in of_aiff:
            texts[of_aiff[name]] = _text(file.read_at(chunk.start, chunk.size))
        elif name == b"info":
            texts = _caf_info(file, chunk) | texts
    return Tags(sample_rate, tuple(found), {name: text for name, text in texts.items() if text})


def carried(tags: Tags, kind: str, sample_rate: int) -> Carried:
    """What a file of this kind, at this rate, holds of them."""
    if kind in ("wav", "w64"):
        chunks = [
            (name, _at_rate(name, content, tags, sample_rate)) for name, content in tags.chunks
        ]
        if tags.texts and not any(each.startswith(b"INFO") for _, each in chunks):
            chunks.append((b"LIST", _info_list(tags.texts)))
        return Carried(tuple(chunks))
    with_texts = b"INFO", b"ID3"
    lost = [_kept_chunks[name] for name, each in tags.chunks if not each.startswith(with_texts)]
    if kind == "aiff":
        chunks = [(_aiff_names[k], v.encode()) for k, v in tags.texts.items() if k in _aiff_names]
        whole = dict(tags.chunks).get(b"id3 ") or id3.tag_of(tags.texts)
        chunks += [(b"ID3 ", whole)] if whole else []
        return Carried(tuple(chunks), lost=_unique(lost))
    if kind == "caf" and tags.texts:
        pairs = [f"{_caf_names[k]}\0{v}\0".encode() for k, v in tags.texts.items()]
        info = struct.pack(">I", len(pairs)) + b"".join(pairs)
        return Carried(((b"info", info),), lost=_unique(lost))
    if kind == "mp3":
        return Carried(id3=id3.tag_of(tags.texts), lost=_unique(lost))
    return Carried(texts=tags.texts, lost=_unique(lost))


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _text(content: bytes) -> str:
    content = content.split(b"\0")[0]
    try:
        return content.decode().strip()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace").strip()


def _info_of(name: bytes, content: bytes) -> dict[str, str]:
    """Texts in a chunk LIST of the kind INFO."""
    texts: dict[str, str] = {}
    if name != b"LIST" or not content.startswith(b"INFO"):
        return texts
    kinds = {name: kind for kind, name in _info_names.items()}
    at = 4
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if (kind := kinds.get(content[at : at + 4])) is not None:
            texts[kind] = _text(content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return texts


def _info_list(texts: Mapping[str, str]) -> bytes:
    content = b"INFO"
    for kind, text in texts.items():
        said = text.encode() + b"\0"
        content += _info_names[kind] + struct.pack("<I", len(said)) + said + bytes(len(said) % 2)
    return content


def _caf_info(file: RegularFile, chunk: Chunk) -> dict[str, str]:
    # libsndfile writes its own names.
    kinds = {kind: kind for kind in _caf_names} | {k: kind for kind, k in _caf_names.items()}
    words = [_text(word) for word in file.read_at(chunk.start + 4, chunk.size - 4).split(b"\0")]
    pairs = zip(words[::2], words[1::2], strict=False)
    return {kinds[name]: text for name, text in pairs if name in kinds}


def _at_rate(name: bytes, content: bytes, tags: Tags, sample_rate: int) -> bytes:
    """The chunk, its times in frames of this rate."""
    if tags.sample_rate == sample_rate or not tags.sample_rate:
        return content

    def scaled(frames: int, bits: int) -> int:
        return min(round(frames * sample_rate / tags.sample_rate), (1 << bits) - 1)

    if name == b"bext" and len(content) >= _bext_time_at + 8:
        (time,) = struct.unpack_from("<Q", content, _bext_time_at)
        stamp = struct.pack("<Q", scaled(time, 64))
        return content[:_bext_time_at] + stamp + content[_bext_time_at + 8 :]
    if name == b"cue " and len(content) >= 4:
        points = bytearray(content)
        for at in range(4, len(content) - 23, 24):
            for place in (at + 4, at + 20):
                (frames,) = struct.unpack_from("<I", content, place)
                struct.pack_into("<I", points, place, scaled(frames, 32))
        return bytes(points)
    return content
