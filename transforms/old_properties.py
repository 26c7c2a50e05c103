"""The keywords and category among the properties of a file in the old Office container, such as .xls (MS-OLEPS)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from xlrd.compdoc import CompDoc  # type: ignore[import-untyped]

_STREAMS = {"\x05SummaryInformation": 5, "\x05DocumentSummaryInformation": 2}  # and the property: keywords, category
_NARROW, _WIDE = 0x1E, 0x1F
_MOST_BYTES = 100_000


def read_old_properties(data: bytes) -> list[str]:
    """The two texts as far as they are there; raises what broken bytes raise, of many kinds.

    Texts of one byte a letter are read as Latin, whatever the file calls them: the words looked for are plain ASCII.
    """
    container = CompDoc(data, logfile=io.StringIO())
    found = []
    for name, wanted in _STREAMS.items():
        stream = container.get_named_stream(name)
        if stream is not None and len(stream) <= _MOST_BYTES:
            found += list(_texts(bytes(stream), wanted))
    return found


def _texts(stream: bytes, wanted: int) -> Iterator[str]:
    (start,) = struct.unpack_from("<I", stream, 44)
    _, count = struct.unpack_from("<II", stream, start)
    for number in range(min(count, len(stream) // 8)):
        name, at = struct.unpack_from("<II", stream, start + 8 + 8 * number)
        if name == wanted:
            kind, length = struct.unpack_from("<II", stream, start + at)
            first = start + at + 8
            if kind == _WIDE:
                yield stream[first : first + 2 * length].decode("utf-16-le", "replace").rstrip("\0")
            elif kind == _NARROW:
                yield stream[first : first + length].replace(b"\0", b"").decode("latin-1")
