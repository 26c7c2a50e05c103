"""The old Office container (OLE): the streams it names, whether its tables can be true, whether it is locked."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from transforms.sector_chains import has_endless_chain

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_ENTRY = 128  # directory entries are aligned to their own size
_STREAM_KINDS = (1, 2, 5)
_SMALL_SECTOR = 64
_FILEPASS = 0x002F
_BEGINNINGS = (0x0809, 0x0409, 0x0209, 0x0009)
_LOCK_FOLLOWS = 12  # records at most between the beginning and the lock


def stream_names(data: bytes, wanted: tuple[str, ...]) -> set[str]:
    """Those of the wanted names that the directory holds; entries are looked for, so that a cut file still tells."""
    return {name for name in wanted if next(_entries(data, name), None) is not None}


def is_plausible(data: bytes) -> bool:
    """Whether the container's tables fit into its bytes and its chains end; readers that believe others exhaust us."""
    if len(data) < _HEADER:
        return False
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift != 6:
        return False
    sectors = len(data) // (1 << shift) + 1
    counts: list[int] = [struct.unpack_from("<I", data, at)[0] for at in (44, 40, 64, 72)]
    tables, _, _, more_tables = counts
    is_possible = tables > 0 and sum(counts) <= sectors and (tables <= 109 or more_tables > 0)
    return is_possible and not has_endless_chain(data)


def is_workbook_locked(data: bytes) -> bool:
    """Whether the Excel stream of an .xls begins with the record that says it is encrypted."""
    for name in ("Workbook", "Book"):
        for entry in _entries(data, name):
            if any(kind == _FILEPASS for kind in _first_records(data, entry)):
                return True
    return False


def _entries(data: bytes, name: str) -> Iterator[int]:
    """The offsets of directory entries of a name."""
    encoded = name.encode("utf-16-le") + b"\0\0"
    at = data.find(encoded)
    while at >= 0:
        if at % _ENTRY == 0 and at + _ENTRY <= len(data):
            length = struct.unpack_from("<H", data, at + 64)[0]
            if length == len(encoded) and data[at + 66] in _STREAM_KINDS:
                yield at
        at = data.find(encoded, at + 2)


def _first_records(data: bytes, entry: int) -> Iterator[int]:
    """The kinds of the records that a stream begins with, as far as its first sector holds them."""
    shift = struct.unpack_from("<H", data, 30)[0]
    size = 1 << shift if shift in (9, 12) else _HEADER
    start, length = struct.unpack_from("<II", data, entry + 116)
    at = (start + 1) * size
    if length < struct.unpack_from("<I", data, 56)[0]:
        at, size = _place_in_small_stream(data, start, size), _SMALL_SECTOR
    end = min(at + size, len(data) - 4)
    for count in range(_LOCK_FOLLOWS):
        if at > end:
            return
        kind, length = struct.unpack_from("<HH", data, at)
        if count == 0 and kind not in _BEGINNINGS:
            return
        yield kind
        at += 4 + length


def _place_in_small_stream(data: bytes, sector: int, size: int) -> int:
    """Where a small sector lies: in the root's stream, taken as unbroken; LibreOffice leaves a second, empty root."""
    roots = (struct.unpack_from("<II", data, entry + 116) for entry in _entries(data, "Root Entry"))
    start = next((first for first, length in roots if length), 0)
    return (start + 1) * size + sector * _SMALL_SECTOR
