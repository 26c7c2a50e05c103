"""The marks of .xlsb cells, from the records of the binary parts."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator

from defusedxml import ElementTree

from transforms.cell_marks import CellMarks, check_extent, shows_percent
from transforms.observation import cell_address

_ROW = 0
_NUMBERS = (2, 5, 9)  # packed, double, result of a formula
_FORMULAS = (8, 9, 10, 11)
_ERRORS = (3, 11)
_CELLS = range(1, 12)
_SHEET = 156
_FORMAT = 44
_CELL_FORMATS, _CELL_FORMATS_END, _CELL_FORMAT = 617, 618, 47
_PERCENTS = (9, 10)


def read_binary_marks(data: bytes) -> CellMarks:
    """Formulas, errors and percents; names are left aside. Raises struct.error for broken records."""
    marks = CellMarks()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.bin.rels"), forbid_dtd=True)
        targets = {r.get("Id", ""): r.get("Target", "") for r in relations}
        members = set(archive.namelist())
        percents = _percent_styles(archive.read("xl/styles.bin")) if "xl/styles.bin" in members else frozenset()
        for kind, content in _records(archive.read("xl/workbook.bin")):
            if kind == _SHEET:
                relation, at = _wide(content, 8)
                name, _ = _wide(content, at)
                path = posixpath.normpath(posixpath.join("/xl", targets.get(relation, ""))).lstrip("/")
                if path in members and path.endswith(".bin"):
                    _mark_sheet(marks, name, archive.read(path), percents)
    return marks


def _mark_sheet(marks: CellMarks, name: str, part: bytes, percent_styles: frozenset[int]) -> None:
    doubtful, errors, percents = set(), set(), set()
    row, columns = 0, 0
    for kind, content in _records(part):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", content)
            check_extent(name, row + 1, columns)
        elif kind in _CELLS:
            column, style = struct.unpack_from("<II", content)
            if column >= columns:
                columns = column + 1
                check_extent(name, row + 1, columns)
            address = cell_address(row, column)
            if kind in _FORMULAS or kind in _ERRORS:
                doubtful.add(address)
            if kind in _ERRORS:
                errors.add(address)
            if kind in _NUMBERS and style & 0xFFFFFF in percent_styles:
                percents.add(address)
    for held, found in ((marks.doubtful, doubtful), (marks.errors, errors), (marks.percents, percents)):
        if found:
            held[name] = frozenset(found)


def _percent_styles(part: bytes) -> frozenset[int]:
    """The numbers of the cell styles that show a number as percent."""
    shown = set(_PERCENTS)
    found: set[int] = set()
    style, is_inside = 0, False
    for kind, content in _records(part):
        if kind == _FORMAT and shows_percent(_wide(content, 2)[0]):
            shown.add(struct.unpack_from("<H", content)[0])
        elif kind in (_CELL_FORMATS, _CELL_FORMATS_END):
            is_inside = kind == _CELL_FORMATS
        elif kind == _CELL_FORMAT and is_inside:
            if struct.unpack_from("<H", content, 2)[0] in shown:
                found.add(style)
            style += 1
    return frozenset(found)


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of every record; a cut one ends them."""
    at, end = 0, len(part)
    while at < end:
        kind = part[at]
        at += 1
        if kind & 0x80 and at < end:
            kind = kind & 0x7F | (part[at] & 0x7F) << 7
            at += 1
        size, shift = 0, 0
        while at < end and shift < 28:
            byte = part[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, part[at : at + size]
        at += size


def _wide(content: bytes, at: int) -> tuple[str, int]:
    """A string with its length before it, and where it ends."""
    (length,) = struct.unpack_from("<I", content, at)
    end = at + 4 + 2 * length
    return content[at + 4 : end].decode("utf-16-le", "replace"), end
