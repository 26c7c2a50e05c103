"""A workbook's bytes into cells: values through calamine, hidden errors and formulas through openpyxl."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

import python_calamine
from defusedxml import DefusedXmlException, ElementTree

from transforms.observation import Cell, CellKind
from transforms.text import clean_text

MAX_UNPACKED = 300 * 1024 * 1024
MAX_CELLS = 2_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAME = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$(\d+)$")
_XML_CELL = re.compile(rb"<(?:\w+:)?c (?=[^>]*?\br=\"([A-Z]{1,3}\d+)\")([^>]*)>\s*(<(?:\w+:)?f\b)?")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class UnreadableFileError(Exception):
    """The bytes are no workbook that can be read; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Workbook:
    """The non-empty cells of every sheet, and the workbook-scoped names that point at single cells.

    `doubtful` holds the addresses, by sheet, of cells that carry a formula or an error value.
    """

    sheets: tuple[str, ...]
    cells: dict[str, dict[tuple[int, int], Cell]]
    names: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    doubtful: dict[str, frozenset[str]] = field(default_factory=dict)


def read_workbook(data: bytes) -> Workbook:
    """The cells of a workbook; raises UnreadableFileError, naming the reason, for anything else."""
    if not data:
        raise UnreadableFileError("tệp rỗng (0 byte)")
    is_zip = data.startswith(b"PK")
    if is_zip:
        _check_archive(data)
    elif not data.startswith(_OLE):
        raise UnreadableFileError("nội dung không phải bảng tính Excel")
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = {name: _read_sheet(book, name) for name in book.sheet_names}
    except python_calamine.PasswordError as error:
        raise UnreadableFileError("tệp đặt mật khẩu mở; hãy bỏ mật khẩu") from error
    except python_calamine.CalamineError as error:
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data:
            raise UnreadableFileError("tệp đặt mật khẩu mở hoặc bị mã hóa; hãy bỏ mật khẩu") from error
        raise UnreadableFileError("tệp hỏng hoặc không phải bảng tính Excel") from error
    if not book.sheet_names:
        raise UnreadableFileError("tệp không có trang tính nào")
    if not is_zip:
        return Workbook(tuple(book.sheet_names), cells)
    try:
        names, doubtful, has_percent = _read_package(data)
    except (zipfile.BadZipFile, ElementTree.ParseError, DefusedXmlException, KeyError, EOFError, OSError, ValueError):
        names, doubtful, has_percent = {}, {}, False
    workbook = Workbook(tuple(book.sheet_names), cells, names, doubtful)
    return _with_percents(workbook, data) if has_percent else workbook


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableFileError("tệp bị cắt cụt hoặc hỏng") from error
    if sum(member.file_size for member in members) > MAX_UNPACKED or len(members) > 10_000:
        raise UnreadableFileError("nội dung giải nén lớn bất thường")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFileError("tệp nén có mật khẩu")


def _read_sheet(book: python_calamine.CalamineWorkbook, name: str) -> dict[tuple[int, int], Cell]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise UnreadableFileError(
            f"trang “{name}” rộng bất thường ({sheet.total_height} dòng × {sheet.total_width} cột)"
        )
    found: dict[tuple[int, int], Cell] = {}
    for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
        for column, value in enumerate(values):
            if value == "":
                continue
            cell = _make_cell(name, row, column, value)
            if cell is not None:
                found[row, column] = cell
    return found


def _make_cell(sheet: str, row: int, column: int, value: object) -> Cell | None:
    if isinstance(value, bool):
        return Cell(sheet, row, column, "bool", "TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        number = exact_number(value)
        return Cell(sheet, row, column, "number", f"{number:f}", number)
    if isinstance(value, str):
        text = clean_text(value)
        return Cell(sheet, row, column, "text", text) if text else None
    if isinstance(value, dt.datetime):
        return Cell(sheet, row, column, "date", value.isoformat(" "), date=value.date())
    if isinstance(value, dt.date):
        return Cell(sheet, row, column, "date", value.isoformat(), date=value)
    return Cell(sheet, row, column, "date", str(value))


def exact_number(value: float) -> Decimal:
    """The decimal that a workbook shows for a stored double: fifteen significant digits, as Excel keeps."""
    number = Decimal(format(value, ".15g"))
    return number.quantize(Decimal(1)) if number == number.to_integral_value() and abs(number) < 10**27 else number


def _read_package(data: bytes) -> tuple[dict[str, tuple[str, int, int]], dict[str, frozenset[str]], bool]:
    """Workbook-scoped names, cells with a formula or an error by sheet, and whether any style shows percent."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = set(archive.namelist())
        if "xl/workbook.xml" not in members:
            return {}, {}, False
        root = ElementTree.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
        names = dict(_defined_names(root))
        targets = {}
        if "xl/_rels/workbook.xml.rels" in members:
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
            targets = {r.get("Id"): r.get("Target", "").lstrip("/") for r in relations}
        doubtful = {}
        for sheet in root.iterfind("{*}sheets/{*}sheet"):
            target = targets.get(sheet.get(_RELATIONSHIP), "")
            path = target if target.startswith("xl/") else f"xl/{target}"
            if path in members and path.endswith(".xml"):
                found = frozenset(_doubtful_cells(archive.read(path)))
                if found:
                    doubtful[sheet.get("name", "")] = found
        styles = archive.read("xl/styles.xml") if "xl/styles.xml" in members else b""
        return names, doubtful, _shows_percent(styles)


def _defined_names(root: Element) -> Iterator[tuple[str, tuple[str, int, int]]]:
    for element in root.iterfind("{*}definedNames/{*}definedName"):
        match = _NAME.match(element.text or "")
        if match and element.get("localSheetId") is None:
            column = 0
            for letter in match[3]:
                column = column * 26 + ord(letter) - 64
            sheet = (match[1] or match[2]).replace("''", "'")
            yield element.get("name", ""), (sheet, int(match[4]) - 1, column - 1)


def _doubtful_cells(xml: bytes) -> Iterator[str]:
    for match in _XML_CELL.finditer(xml):
        if match[3] or b't="e"' in match[2]:
            yield match[1].decode()


def _shows_percent(styles: bytes) -> bool:
    custom = re.search(rb'formatCode="[^"]*%', styles)
    return custom is not None or re.search(rb'<(?:\w+:)?xf [^>]*numFmtId="(?:9|10)"', styles) is not None


def _with_percents(workbook: Workbook, data: bytes) -> Workbook:
    """The workbook with numbers that are shown as percent told as such: 0.9832 becomes the text "98.32%"."""
    formats = {
        (cell.parent.title, cell.row - 1, cell.column - 1)
        for cell in _openpyxl_cells(data)
        if "%" in cell.number_format and cell.value is not None
    }
    for name, cells in workbook.cells.items():
        for place, cell in cells.items():
            if cell.number is not None and (name, *place) in formats:
                shown = exact_number(float(cell.number * 100))
                cells[place] = Cell(name, *place, "text", f"{shown:f}%".replace(".", ","))
    return workbook


def look_again(data: bytes, addresses: set[tuple[str, str]]) -> dict[tuple[str, str], Cell]:
    """What openpyxl sees at (sheet, address) cells that calamine left blank: error values, uncached formulas."""
    import openpyxl

    found: dict[tuple[str, str], Cell] = {}
    for values in (True, False):
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=values)
        for sheet, address in addresses - set(found):
            if sheet not in book.sheetnames:
                continue
            cell = book[sheet][address]
            if cell.value is not None and str(cell.value) != "":
                kind: CellKind = "error" if cell.data_type == "e" else "formula"
                found[sheet, address] = Cell(sheet, cell.row - 1, cell.column - 1, kind, str(cell.value))
    return found


def _openpyxl_cells(data: bytes) -> Iterator[Any]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from row
