"""A file's bytes into cells: workbooks through calamine, hidden errors and formulas through openpyxl."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import python_calamine

from transforms.addresses import parse_address as parse_address
from transforms.archive_safety import BROKEN, CHECK, check_archive
from transforms.binary_marks import read_binary_marks
from transforms.cell_marks import CellMarks
from transforms.delimited import read_delimited
from transforms.document import read_document
from transforms.file_kind import FileKind, has_external_links, has_macros, recognise, refuse_unread
from transforms.legacy.fonts import LegacyFonts, read_xls_fonts, read_xlsx_fonts
from transforms.legacy.text import decode_legacy, decode_runs
from transforms.numbers_vi import format_number
from transforms.observation import Cell, Problem
from transforms.old_workbook_marks import read_old_workbook_marks
from transforms.open_document_marks import read_open_document_marks
from transforms.package_marks import read_package_marks
from transforms.sheets import MAX_CELLS, MAX_FILLED, is_figure
from transforms.sheets import UnreadableFileError as UnreadableFileError
from transforms.sheets import Workbook as Workbook
from transforms.text import clean_text

_MARKS: dict[FileKind, Callable[[bytes], CellMarks]] = {
    FileKind.XLSX: read_package_marks,
    FileKind.XLSM: read_package_marks,
    FileKind.XLSB: read_binary_marks,
    FileKind.XLS: read_old_workbook_marks,
    FileKind.ODS: read_open_document_marks,
}


_FONTS: dict[FileKind, Callable[[bytes], LegacyFonts]] = {
    FileKind.XLSX: read_xlsx_fonts,
    FileKind.XLSM: read_xlsx_fonts,
    FileKind.XLS: read_xls_fonts,
}


def read_workbook(data: bytes) -> Workbook:
    """The cells of a file of any kind that is read; raises UnreadableFileError, naming the reason, for all others."""
    kind = recognise(data)
    refuse_unread(kind)
    if kind is FileKind.DELIMITED:
        return read_delimited(data)
    if kind is not FileKind.XLS:
        check_archive(data)
    workbook = read_document(data) if kind is FileKind.DOCX else _read_spreadsheet(data, kind)
    return replace(workbook, notices=(*workbook.notices, *_notices(data, kind)))


def _notices(data: bytes, kind: FileKind) -> Iterator[Problem]:
    if has_macros(data, kind):
        yield Problem("macros_ignored", detail=kind.value)
    if has_external_links(data):
        yield Problem("links_not_followed")


def _read_spreadsheet(data: bytes, kind: FileKind) -> Workbook:
    marks, fonts = _read_marks(data, kind), _read_fonts(data, kind)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = {name: _read_sheet(book, name, fonts) for name in book.sheet_names}
    except python_calamine.PasswordError as error:
        raise UnreadableFileError("tệp đặt mật khẩu mở; hãy bỏ mật khẩu, lưu lại rồi gửi") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(BROKEN) from error
    except BaseException as error:
        if isinstance(error, (Exception, KeyboardInterrupt, SystemExit)):
            raise
        raise UnreadableFileError(BROKEN) from error  # a panic of calamine is no Exception
    if not book.sheet_names:
        raise UnreadableFileError(f"tệp không có trang tính nào; {CHECK}")
    for name, addresses in marks.percents.items():
        _show_percents(cells.get(name, {}), addresses)
    for name, addresses in marks.scaled.items():
        for place, cell in cells.get(name, {}).items():
            if cell.number and cell.address in addresses:
                cells[name][place] = replace(cell, kind="scaled", number=None)
    for name, addresses in marks.struck.items():
        for place, cell in cells.get(name, {}).items():
            if cell.address in addresses and is_figure(cell):
                cells[name][place] = replace(cell, kind="struck", number=None)
    shown = [m.name for m in book.sheets_metadata if m.visible == python_calamine.SheetVisibleEnum.Visible]
    hidden = frozenset(book.sheet_names) - frozenset(shown) if shown else frozenset()
    names, doubtful, errors, lines = marks.names, marks.doubtful, marks.errors, marks.hidden
    return Workbook(tuple(book.sheet_names), cells, names, doubtful, errors, hidden=hidden, hidden_lines=lines)


def _read_marks(data: bytes, kind: FileKind) -> CellMarks:
    """The marks of a workbook's cells, none where its parts are broken; a sheet of absurd size is refused."""
    try:
        return _MARKS[kind](data)
    except UnreadableFileError:
        raise
    except Exception:  # xlrd meets broken files with errors of many kinds; calamine will tell them
        return CellMarks()


def _read_fonts(data: bytes, kind: FileKind) -> LegacyFonts:
    """The old fonts of a workbook's cells, none where its parts are broken or its kind keeps none for us."""
    read = _FONTS.get(kind)
    try:
        return LegacyFonts() if read is None else read(data)
    except Exception:  # as with the marks: calamine will tell what is broken
        return LegacyFonts()


def _read_sheet(book: python_calamine.CalamineWorkbook, name: str, fonts: LegacyFonts) -> dict[tuple[int, int], Cell]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise UnreadableFileError(
            f"trang “{name}” rộng bất thường ({sheet.total_height} dòng × {sheet.total_width} cột); "
            "hãy xóa các dòng, cột thừa rồi lưu lại"
        )
    found: dict[tuple[int, int], Cell] = {}
    for row, values in enumerate(sheet.to_python(skip_empty_area=False)):
        for column, value in enumerate(values):
            if value == "":
                continue
            if isinstance(value, str):
                value = _read_text(value, (name, row, column), fonts)
            cell = _make_cell(name, row, column, value)
            if cell is not None:
                found[row, column] = cell
        if len(found) > MAX_FILLED:
            most = format_number(Decimal(MAX_FILLED))
            raise UnreadableFileError(
                f"trang “{name}” có hơn {most} ô ghi nội dung, không thể là biểu của một kỳ; hãy chỉ gửi biểu báo cáo, "
                "bỏ các dòng số liệu gốc hoặc công thức kéo thừa xuống dưới"
            )
    return found


def _read_text(text: str, place: tuple[str, int, int], fonts: LegacyFonts) -> str:
    """A text as its font shows it; before it is cleaned, since old encodings use characters that cleaning drops."""
    runs = fonts.runs.get(place)
    return (decode_legacy(text, fonts.cells.get(place)) if runs is None else decode_runs(runs)).text


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
