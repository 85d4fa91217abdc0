# SPDX-License-Identifier: MIT
"""Files that only end in `.nam` are named for what they are."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile

import nam_factory
import pytest

from pedalboard_nam import Model, ModelError
from pedalboard_nam.nam import nam_file, nam_json

_text = json.dumps(nam_factory.lite())


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("amp.nam", _text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty: the download may have been cut off"),
        (b"<!DOCTYPE html><html>", "a web page (HTML), not a .nam file: the download may have"),
        (b"\xef\xbb\xbf\r\n <HTML lang=en>", "a web page (HTML)"),
        (b"<!-- saved --><head>", "a web page (HTML)"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied', "an XML document"),
        (_zip(), "a ZIP archive, not a .nam file: unpack it"),
        (_zip() + bytes(nam_json.max_file_bytes), "a ZIP archive"),
        (gzip.compress(b"{}"), "a gzip archive"),
        (bz2.compress(b"{}"), "a bzip2 archive"),
        (lzma.compress(b"{}"), "an xz archive"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive"),
        (b"\x89PNG\r\n\x1a\n\x00", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture (JPEG)"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio (WAV), not a .nam file"),
        (b"FORM\x00\x00\x00\x24AIFF", "audio (AIFF)"),
        (b"fLaC\x00", "audio (FLAC)"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:", "a Git LFS pointer"),
        (Model.load(nam_factory.lite()).to_bytes(), "a model image"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_named_for_what_it_is(content, what, tmp_path):
    path = tmp_path / "amp.nam"
    path.write_bytes(content)
    with pytest.raises(ModelError) as error:
        nam_file.load(path)
    assert str(error.value).startswith(f"{path}: ")
    assert what in str(error.value)


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"]
)
def test_json_may_be_any_unicode(encoding):
    assert Model.load(_text.encode(encoding)) == Model.load(_text.encode())


def test_text_cut_off_in_a_character_is_explained():
    with pytest.raises(ModelError, match=r"byte \d+ is not UTF-16; a \.nam file is JSON text"):
        Model.load(_text.encode("utf-16")[:-1])
