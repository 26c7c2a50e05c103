"""The chains of sectors in an old Office container: whether following one would ever come to an end."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator

_HEADER = 512
_IN_HEADER = 109  # sectors of the table that the header itself names


def has_endless_chain(data: bytes) -> bool:
    """Whether a chain of sectors, large or small, leads back into itself: some readers would follow it for ever."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    table = _join(data, size, _table_sectors(data, size))
    if _is_endless(table):
        return True
    (first_small,) = struct.unpack_from("<I", data, 60)
    return _is_endless(_join(data, size, _follow(table, first_small)))


def _table_sectors(data: bytes, size: int) -> Iterator[int]:
    """The sectors that hold the table of sectors, in order; a list of them that leads in a circle ends."""
    yield from struct.unpack_from(f"<{_IN_HEADER}I", data, 76)
    (more,) = struct.unpack_from("<I", data, 68)
    for _ in range(len(data) // size):
        at = (more + 1) * size
        if at + size > len(data):
            return
        *named, more = struct.unpack_from(f"<{size // 4}I", data, at)
        yield from named


def _follow(table: array[int], sector: int) -> Iterator[int]:
    while sector < len(table):
        yield sector
        sector = table[sector]


def _join(data: bytes, size: int, sectors: Iterator[int]) -> array[int]:
    """The numbers that sectors hold, one after the other; sectors beyond the file hold none."""
    joined = array("I")
    for sector in sectors:
        at = (sector + 1) * size
        if at + size <= len(data):
            joined.frombytes(data[at : at + size])
    if sys.byteorder == "big":
        joined.byteswap()
    return joined


def _is_endless(table: array[int]) -> bool:
    seen = bytearray(len(table))  # 1: on the chain that is followed, 2: known to end
    for start in range(len(table)):
        chain, at = [], start
        while at < len(table) and not seen[at]:
            seen[at] = 1
            chain.append(at)
            at = table[at]
        if at < len(table) and seen[at] == 1:
            return True
        for sector in chain:
            seen[sector] = 2
    return False
