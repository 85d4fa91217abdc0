# SPDX-License-Identifier: MIT
"""The texts of ID3 tags, versions 2.3 and 2.4."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_names = {
    "title": b"TIT2",
    "artist": b"TPE1",
    "album": b"TALB",
    "date": b"TYER",
    "genre": b"TCON",
    "tracknumber": b"TRCK",
    "copyright": b"TCOP",
    "comment": b"COMM",
}
_codecs = ("latin-1", "utf-16", "utf-16-be", "utf-8")  # by the first byte of a frame


def texts_of(tag: bytes) -> dict[str, str]:
    """Title, artist and so on of a tag, header included; none of another version."""
    texts: dict[str, str] = {}
    if len(tag) < 10 or tag[:3] != b"ID3" or tag[3] not in (3, 4):
        return texts
    kinds = {name: kind for kind, name in _names.items()} | {b"TDRC": "date"}
    content = tag[10 : 10 + _size(tag[6:10])]
    if tag[5] & 0x80:  # a zero after each byte that could be taken for the start of MPEG audio
        content = content.replace(b"\xff\0", b"\xff")
    at = _size(content[:4]) if tag[5] & 0x40 else 0
    while at + 10 < len(content) and content[at] != 0:
        name, stated = content[at : at + 4], content[at + 4 : at + 8]
        size = _size(stated) if tag[3] == 4 else int.from_bytes(stated, "big")
        if (kind := kinds.get(name)) is not None and 1 < size < 1 << 16:
            text = _text(content[at + 10 : at + 10 + size], is_comment=kind == "comment")
            texts.setdefault(kind, text)
        at += 10 + size
    return texts


def _text(frame: bytes, *, is_comment: bool) -> str:
    codec = _codecs[frame[0] & 3]
    text = frame[4 if is_comment else 1 :].decode(codec, "replace")
    words = text.split("\0")  # of a comment the first is what it is about
    return words[-1 if is_comment and len(words) < 3 else is_comment].lstrip("\ufeff").strip()


def tag_of(texts: Mapping[str, str]) -> bytes:
    """A tag of version 2.3, in UTF-16: what every player reads; none of no texts."""
    frames = b""
    for kind, text in texts.items():
        about = b"und\xff\xfe\0\0" if kind == "comment" else b""
        content = b"\1" + about + text.encode("utf-16")
        frames += _names[kind] + struct.pack(">IH", len(content), 0) + content
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + frames if frames else b""


def _size(content: bytes) -> int:
    size = 0
    for byte in content:
        size = size << 7 | byte & 0x7F
    return size
