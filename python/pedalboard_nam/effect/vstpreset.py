# SPDX-License-Identifier: MIT
"""The `.vstpreset` container, in which VST3 hosts keep and exchange states.

Little-endian::

    0   "VST3", i32 version 1, class id in 32 hex digits, i64 offset of the list of chunks
    48  the chunks
        "List", i32 number of chunks, for each: 4 letters of id, i64 offset, i64 bytes

The state of the component is in chunk "Comp".
"""

from __future__ import annotations

import struct

_header = struct.Struct("<4si32sq")
_list_header = struct.Struct("<4si")
_entry = struct.Struct("<4sqq")


def write(class_id: str, component_state: bytes) -> bytes:
    """Put the state of a component into a container."""
    list_offset = _header.size + len(component_state)
    return b"".join(
        [
            _header.pack(b"VST3", 1, class_id.encode("ascii"), list_offset),
            component_state,
            _list_header.pack(b"List", 1),
            _entry.pack(b"Comp", _header.size, len(component_state)),
        ]
    )


def read(preset: bytes) -> tuple[str, bytes]:
    """Take the class id and the state of the component out of a container.

    Raises
    ------
    ValueError
        If this is no such container, or there is no component in it.
    """
    try:
        magic, version, class_id, list_offset = _header.unpack_from(preset)
        if magic != b"VST3" or version != 1 or list_offset < _header.size:
            raise ValueError("not a .vstpreset: it does not start with VST3, version 1")
        list_magic, count = _list_header.unpack_from(preset, list_offset)
        if list_magic != b"List":
            raise ValueError("damaged .vstpreset: its list of chunks is not where it should be")
        entries = list_offset + _list_header.size
        for i in range(min(count, (len(preset) - entries) // _entry.size)):
            name, offset, size = _entry.unpack_from(preset, entries + i * _entry.size)
            if name == b"Comp" and 0 <= offset <= offset + size <= len(preset):
                return class_id.decode("ascii", "replace"), preset[offset : offset + size]
    except struct.error:
        raise ValueError("damaged .vstpreset: it ends early") from None
    raise ValueError("damaged .vstpreset: there is no component in it")
