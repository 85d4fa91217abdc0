# SPDX-License-Identifier: MIT
"""Files that are no `.nam` file, whatever they are called: what they are, by how they begin."""

from __future__ import annotations

_web_page = "a web page (HTML)", "the download may have needed a login"
_unpack = "unpack it, and load what is in it"

# What a file begins with, what it is then, and what to do.
_beginnings: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive", _unpack),
    (b"PK\x05\x06", "an empty ZIP archive", ""),
    (b"\x1f\x8b", "a gzip archive", _unpack),
    (b"Rar!\x1a\x07", "a RAR archive", _unpack),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _unpack),
    (b"BZh", "a bzip2 archive", _unpack),
    (b"\xfd7zXZ\x00", "an xz archive", _unpack),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _unpack),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", ""),
    (b"\xff\xd8\xff", "a picture (JPEG)", ""),
    (b"GIF8", "a picture (GIF)", ""),
    (b"%PDF-", "a PDF document", ""),
    (b"fLaC", "audio (FLAC)", ""),
    (b"OggS", "audio (OGG)", ""),
    (b"ID3", "audio (MP3)", ""),
    (b"NAMIMAGE", "a model image", "Model.from_bytes reads it"),
    (b"VST3", "a .vstpreset file", ""),
    (b"version https://git-lfs.github.com/spec/", "a Git LFS pointer", "git lfs pull fetches it"),
)

# The same for what is told by its form, four bytes that follow eight.
_forms = {
    (b"RIFF", b"WAVE"): "audio (WAV)",
    (b"RIFF", b"WEBP"): "a picture (WebP)",
    (b"FORM", b"AIFF"): "audio (AIFF)",
    (b"FORM", b"AIFC"): "audio (AIFF)",
}


def what_else(content: bytes) -> str | None:
    """What this is instead of a `.nam` file, in a sentence; None if it may be one."""
    found = _recognised(content)
    if found is None:
        return None
    what, hint = found
    return f"this is {what}, not a .nam file" + (f": {hint}" if hint else "")


def _recognised(content: bytes) -> tuple[str, str] | None:
    for beginning, what, hint in _beginnings:
        if content.startswith(beginning):
            return what, hint
    if form := _forms.get((content[:4], content[8:12])):
        return form, ""
    text = content[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text.startswith(b"<"):
        return None
    is_page = any(tag in text for tag in (b"<!doctype html", b"<html", b"<head", b"<body"))
    return _web_page if is_page else ("an XML document", "")
