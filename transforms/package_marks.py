"""The marks of .xlsx cells, from the parts of the package that calamine leaves aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from itertools import chain
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from transforms.addresses import parse_address
from transforms.archive_safety import open_archive
from transforms.cell_marks import CellMarks, check_extent, shows_percent, shows_scaled
from transforms.sheets import MAX_CELLS

_NAME = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$(\d+)$")
_ADDRESS = re.compile(rb"\br=\"([A-Z]{1,3}\d+)\"")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_AFTER_MARK = re.compile(rb"[\s/>]")
_DEFINED_NAME = re.compile(rb"<definedName ([^>]*)>([^<]*)</definedName>")
_NAME_ATTRIBUTE = re.compile(rb"(?:^|\s)name=\"([^\"]*)\"")
_STYLED_CELL = re.compile(rb"<(?:\w+:)?c (?=[^>]*?\br=\"([A-Z]{1,3}\d+)\")(?=[^>]*?\bs=\"(\d+)\")")
_BUILT_IN_PERCENT = re.compile(rb"numFmtId=\"(?:9|10)\"")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=\"(\d{1,7})\"")
_COLUMN = re.compile(rb"\br=\"([A-Z]{1,3})\d{1,7}\"")
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3})(\d{1,7})\"[^>]*(?<!/)>(?!\s*</(?:\w+:)?c>)")
_FAR = re.compile(rb"r=\"(?:[A-Z]{3}|[A-Z]{0,2}\d{4})")  # column AAA or row 1000, and beyond
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*?\br=\"(\d{1,7})\"")
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\b(?=[^>]*\bhidden=\"(?:1|true)\")([^>]*)>")
_BORDERS = re.compile(rb"\b(?:min|max)=\"(\d{1,5})\"")
_FEW_ROWS = 100  # are bearable however wide


def read_package_marks(data: bytes) -> CellMarks:
    """Workbook-scoped names; cells with a formula or an error; cells whose number is shown as percent."""
    archive = open_archive(data)
    members = set(archive.namelist())
    if "xl/workbook.xml" not in members:
        return CellMarks()
    book, plain_names = _set_apart_names(archive.read("xl/workbook.xml"))
    root = ElementTree.fromstring(book, forbid_dtd=True)
    marks = CellMarks(dict(chain(_plain_names(plain_names), _defined_names(root))))
    targets = {}
    if "xl/_rels/workbook.xml.rels" in members:
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
        targets = {r.get("Id"): r.get("Target", "").lstrip("/") for r in relations}
    written = archive.read("xl/styles.xml") if "xl/styles.xml" in members else b""
    styles, scaled, struck = _percent_styles(written), _scaled_styles(written), _struck_styles(written)
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        target = targets.get(next((v for k, v in sheet.attrib.items() if k.endswith("}id")), ""), "")
        path = target if target.startswith("xl/") else f"xl/{target}"
        if path not in members or not path.endswith(".xml"):
            continue
        name, xml = sheet.get("name", ""), archive.read(path)
        _check_extent(name, xml)
        doubtful = dict(_doubtful_cells(xml))
        if doubtful:
            marks.doubtful[name] = frozenset(doubtful)
            marks.errors[name] = frozenset(address for address, is_error in doubtful.items() if is_error)
        if styles and (found := frozenset(m[1].decode() for m in _STYLED_CELL.finditer(xml) if m[2] in styles)):
            marks.percents[name] = found
        if scaled and (found := frozenset(m[1].decode() for m in _STYLED_CELL.finditer(xml) if m[2] in scaled)):
            marks.scaled[name] = found
        if struck and (found := frozenset(m[1].decode() for m in _STYLED_CELL.finditer(xml) if m[2] in struck)):
            marks.struck[name] = found
        if b' hidden="' in xml:
            marks.hidden[name] = _hidden_lines(xml)
    return marks


def _hidden_lines(xml: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """The rows and columns of a sheet that are not shown; columns come as ranges."""
    columns: set[int] = set()
    for match in _HIDDEN_COLUMNS.finditer(xml):
        borders = sorted(map(int, _BORDERS.findall(match[1])))
        columns.update(range(borders[0] - 1, borders[-1]) if borders else ())
    return frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(xml)), frozenset(columns)


def _check_extent(sheet: str, xml: bytes) -> None:
    """Cells without content do no harm, and are counted only where the cheap looks say that it may matter."""
    if not _FAR.search(xml):
        return
    rows = max(map(int, _ROW.findall(xml)), default=0)
    if rows <= _FEW_ROWS or rows * _width(set(_COLUMN.findall(xml))) <= MAX_CELLS:
        return
    letters: set[bytes] = set()
    rows = 0
    for match in _FILLED_CELL.finditer(xml):
        letters.add(match[1])
        rows = max(rows, int(match[2]))
    check_extent(sheet, rows, _width(letters))


def _width(letters: set[bytes]) -> int:
    return max((parse_address(f"{column.decode()}1")[1] + 1 for column in letters), default=0)


def _set_apart_names(book: bytes) -> tuple[bytes, bytes]:
    """The workbook part without its list of names, and that list; names cost most of the parsing."""
    head, start, rest = book.partition(b"<definedNames>")
    names, end, tail = rest.partition(b"</definedNames>")
    return (head + tail, names) if start and end and b"<!" not in names else (book, b"")


def _plain_names(names: bytes) -> Iterator[tuple[str, tuple[str, int, int]]]:
    for attributes, text in _DEFINED_NAME.findall(names):
        name = _NAME_ATTRIBUTE.search(attributes)
        target = _target(unescape(text.decode("utf-8", "replace")))
        if name and target is not None and b"localSheetId=" not in attributes:
            yield unescape(name[1].decode("utf-8", "replace")), target


def _defined_names(root: Element) -> Iterator[tuple[str, tuple[str, int, int]]]:
    for element in root.iterfind("{*}definedNames/{*}definedName"):
        target = _target(element.text or "")
        if target is not None and element.get("localSheetId") is None:
            yield element.get("name", ""), target


@lru_cache(maxsize=4096)
def _target(text: str) -> tuple[str, int, int] | None:
    """The sheet, row and column that a name's reference points at; None for anything but one cell."""
    match = _NAME.match(text)
    return None if match is None else ((match[1] or match[2]).replace("''", "'"), *parse_address(match[3] + match[4]))


def _doubtful_cells(xml: bytes) -> Iterator[tuple[str, bool]]:
    """The cells with a formula or an error value, and whether it is an error."""
    for mark in (b"<f", b":f", b't="e"'):
        at = xml.find(mark)
        while at >= 0:
            start = xml.rfind(b"<", 0, at + 1 if mark == b't="e"' else xml.rfind(b"<", 0, at + 1))
            cell = _CELL.match(xml, start) if start >= 0 else None
            if cell is not None and _AFTER_MARK.match(xml, at + len(mark)):
                address = _ADDRESS.search(cell[1])
                if address is not None:
                    yield address[1].decode(), b't="e"' in cell[1]
            at = xml.find(mark, at + len(mark))


def _percent_styles(styles: bytes) -> frozenset[bytes]:
    """The numbers of the cell styles that show a number as percent."""
    if b"%" not in styles and not _BUILT_IN_PERCENT.search(styles):
        return frozenset()
    root = ElementTree.fromstring(styles, forbid_dtd=True)
    shown = {f.get("numFmtId") for f in root.iterfind("{*}numFmts/{*}numFmt") if shows_percent(f.get("formatCode", ""))}
    shown |= {"9", "10"}
    formats = enumerate(root.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(str(n).encode() for n, f in formats if f.get("numFmtId") in shown)


def _scaled_styles(styles: bytes) -> frozenset[bytes]:
    """The numbers of the cell styles that show thousands or millions of what is stored."""
    if b"," not in styles or b"formatCode" not in styles:
        return frozenset()
    root = ElementTree.fromstring(styles, forbid_dtd=True)
    shown = {f.get("numFmtId") for f in root.iterfind("{*}numFmts/{*}numFmt") if shows_scaled(f.get("formatCode", ""))}
    formats = enumerate(root.iterfind("{*}cellXfs/{*}xf")) if shown else ()
    return frozenset(str(n).encode() for n, f in formats if f.get("numFmtId") in shown)


def _struck_styles(styles: bytes) -> frozenset[bytes]:
    """The numbers of the cell styles that strike the whole cell through."""
    if b"strike" not in styles:
        return frozenset()
    root = ElementTree.fromstring(styles, forbid_dtd=True)
    marks = (font.find("{*}strike") for font in root.iterfind("{*}fonts/{*}font"))
    fonts = {str(n) for n, m in enumerate(marks) if m is not None and m.get("val", "1") not in ("0", "false")}
    formats = enumerate(root.iterfind("{*}cellXfs/{*}xf")) if fonts else ()
    return frozenset(str(n).encode() for n, f in formats if f.get("fontId") in fonts)
