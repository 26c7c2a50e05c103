"""A file's bytes into cells: workbooks through calamine, hidden errors and formulas through openpyxl."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

import python_calamine
from defusedxml import DefusedXmlException, ElementTree

from transforms.archive_safety import check_archive
from transforms.delimited import read_delimited
from transforms.document import read_document
from transforms.file_kind import FileKind, has_external_links, has_macros, recognise, refuse_unread
from transforms.observation import Cell, Problem
from transforms.sheets import MAX_CELLS
from transforms.sheets import UnreadableFileError as UnreadableFileError
from transforms.sheets import Workbook as Workbook
from transforms.text import clean_text

_NAME = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$(\d+)$")
_XML_CELL = re.compile(rb"<(?:\w+:)?c (?=[^>]*?\br=\"([A-Z]{1,3}\d+)\")([^>]*)>\s*(<(?:\w+:)?f\b)?")
_STYLED_CELL = re.compile(rb"<(?:\w+:)?c (?=[^>]*?\br=\"([A-Z]{1,3}\d+)\")(?=[^>]*?\bs=\"(\d+)\")")
_BUILT_IN_PERCENT = re.compile(rb"numFmtId=\"(?:9|10)\"")


def read_workbook(data: bytes) -> Workbook:
    """The cells of a file of any kind that is read; raises UnreadableFileError, naming the reason, for all others."""
    kind = recognise(data)
    refuse_unread(kind)
    if kind is FileKind.DELIMITED:
        return read_delimited(data)
    if kind is not FileKind.XLS:
        check_archive(data)
    workbook = read_document(data) if kind is FileKind.DOCX else _read_spreadsheet(data)
    return replace(workbook, notices=tuple(_notices(data, kind)))


def _notices(data: bytes, kind: FileKind) -> Iterator[Problem]:
    if has_macros(data, kind):
        yield Problem("macros_ignored", detail=kind.value)
    if has_external_links(data):
        yield Problem("links_not_followed")


def _read_spreadsheet(data: bytes) -> Workbook:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = {name: _read_sheet(book, name) for name in book.sheet_names}
    except python_calamine.PasswordError as error:
        raise UnreadableFileError("tệp đặt mật khẩu mở; hãy bỏ mật khẩu") from error
    except python_calamine.CalamineError as error:
        raise UnreadableFileError("tệp hỏng hoặc không phải bảng tính Excel") from error
    if not book.sheet_names:
        raise UnreadableFileError("tệp không có trang tính nào")
    if not data.startswith(b"PK"):
        return Workbook(tuple(book.sheet_names), cells)
    try:
        package = _read_package(data)
    except (zipfile.BadZipFile, ElementTree.ParseError, DefusedXmlException, KeyError, EOFError, OSError, ValueError):
        return Workbook(tuple(book.sheet_names), cells)
    for name, addresses in package.percents.items():
        _show_percents(cells.get(name, {}), addresses)
    return Workbook(tuple(book.sheet_names), cells, package.names, package.doubtful, package.errors)


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
        if not math.isfinite(value):
            return Cell(sheet, row, column, "error", str(value))
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


@dataclass(frozen=True)
class _Package:
    """What only the parts of an .xlsx file tell: names, and by sheet the cells that hide something."""

    names: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    doubtful: dict[str, frozenset[str]] = field(default_factory=dict)
    errors: dict[str, frozenset[str]] = field(default_factory=dict)
    percents: dict[str, frozenset[str]] = field(default_factory=dict)


def _read_package(data: bytes) -> _Package:
    """Workbook-scoped names; cells with a formula or an error; cells whose number is shown as percent."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = set(archive.namelist())
        if "xl/workbook.xml" not in members:
            return _Package()
        root = ElementTree.fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
        package = _Package(dict(_defined_names(root)))
        targets = {}
        if "xl/_rels/workbook.xml.rels" in members:
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
            targets = {r.get("Id"): r.get("Target", "").lstrip("/") for r in relations}
        styles = _percent_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in members else frozenset()
        for sheet in root.iterfind("{*}sheets/{*}sheet"):
            target = targets.get(next((v for k, v in sheet.attrib.items() if k.endswith("}id")), ""), "")
            path = target if target.startswith("xl/") else f"xl/{target}"
            if path not in members or not path.endswith(".xml"):
                continue
            name, xml = sheet.get("name", ""), archive.read(path)
            doubtful = dict(_doubtful_cells(xml))
            if doubtful:
                package.doubtful[name] = frozenset(doubtful)
                package.errors[name] = frozenset(address for address, is_error in doubtful.items() if is_error)
            if styles and (found := frozenset(m[1].decode() for m in _STYLED_CELL.finditer(xml) if m[2] in styles)):
                package.percents[name] = found
        return package


def _defined_names(root: Element) -> Iterator[tuple[str, tuple[str, int, int]]]:
    for element in root.iterfind("{*}definedNames/{*}definedName"):
        match = _NAME.match(element.text or "")
        if match and element.get("localSheetId") is None:
            sheet = (match[1] or match[2]).replace("''", "'")
            yield element.get("name", ""), (sheet, *parse_address(match[3] + match[4]))


def _doubtful_cells(xml: bytes) -> Iterator[tuple[str, bool]]:
    """The cells with a formula or an error value, and whether it is an error."""
    for match in _XML_CELL.finditer(xml):
        is_error = b't="e"' in match[2]
        if match[3] or is_error:
            yield match[1].decode(), is_error


def _percent_styles(styles: bytes) -> frozenset[bytes]:
    """The numbers of the cell styles that show a number as percent."""
    if b"%" not in styles and not _BUILT_IN_PERCENT.search(styles):
        return frozenset()
    root = ElementTree.fromstring(styles, forbid_dtd=True)
    shown = {f.get("numFmtId") for f in root.iterfind("{*}numFmts/{*}numFmt") if "%" in f.get("formatCode", "")}
    shown |= {"9", "10"}
    formats = enumerate(root.iterfind("{*}cellXfs/{*}xf"))
    return frozenset(str(n).encode() for n, f in formats if f.get("numFmtId") in shown)


def _show_percents(cells: dict[tuple[int, int], Cell], addresses: frozenset[str]) -> None:
    """Tells numbers that are shown as percent as such: 0.9832 becomes the text "98,32%"."""
    for place, cell in cells.items():
        if cell.number is not None and cell.address in addresses:
            shown = exact_number(float(cell.number * 100))
            cells[place] = Cell(cell.sheet, *place, "text", f"{shown:f}%".replace(".", ","))


def look_again(data: bytes, addresses: set[tuple[str, str]]) -> dict[tuple[str, str], Cell]:
    """What openpyxl sees at (sheet, address) cells that calamine left blank: error values, uncached formulas.

    A formula whose result is kept and empty is blank. What openpyxl cannot see is told as a formula all the same.
    """
    import openpyxl

    found: dict[tuple[str, str], Cell] = {}
    try:
        books = [openpyxl.load_workbook(io.BytesIO(data), data_only=values) for values in (True, False)]
    except Exception:  # it refuses files that calamine reads, with errors of many kinds
        books = []
    for sheet, address in addresses:
        row, column = parse_address(address)
        seen = [book[sheet][address] for book in books if sheet in book.sheetnames]
        if not seen:
            found[sheet, address] = Cell(sheet, row, column, "formula", "công thức hoặc giá trị lỗi")
            continue
        value, formula = seen
        if value.data_type == "e":
            found[sheet, address] = Cell(sheet, row, column, "error", str(value.value))
        elif value.value is None and value.data_type == "n" and formula.value is not None:
            found[sheet, address] = Cell(sheet, row, column, "formula", _show_formula(formula.value))
    return found


def _show_formula(value: Any) -> str:
    return str(getattr(value, "text", None) or value)


def parse_address(address: str) -> tuple[int, int]:
    """The zero-based row and column of an A1 address."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]) - 1, column - 1
