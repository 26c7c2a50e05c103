"""The marks of .xls cells, which calamine drops, through xlrd."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import xlrd  # type: ignore[import-untyped]

from transforms.cell_marks import CellMarks, check_extent, shows_percent
from transforms.observation import cell_address


@lru_cache(maxsize=1)
def open_old_workbook(data: bytes) -> Any:
    """An .xls with its formats, opened once for marks and fonts; raises what xlrd raises, of many kinds."""
    return xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())


def read_old_workbook_marks(data: bytes) -> CellMarks:
    """Errors, percents, what is struck through or hidden; results of formulas are always kept in .xls.

    Raises what xlrd raises, of many kinds. A sheet of absurd size is refused, as UnreadableFileError.
    """
    marks = CellMarks()
    book = open_old_workbook(data)
    percents = {
        number
        for number, style in enumerate(book.xf_list)
        if style.format_key in book.format_map and shows_percent(book.format_map[style.format_key].format_str)
    }
    struck_styles = {n for n, style in enumerate(book.xf_list) if book.font_list[style.font_index].struck_out}
    for sheet in book.sheets():
        check_extent(sheet.name, sheet.nrows, sheet.ncols)
        errors, shown, struck = set(), set(), set()
        for row in range(sheet.nrows):
            kinds = sheet.row_types(row)
            for column, kind in enumerate(kinds):
                if struck_styles and kind and sheet.cell_xf_index(row, column) in struck_styles:
                    struck.add(cell_address(row, column))
                if kind == xlrd.XL_CELL_ERROR:
                    errors.add(cell_address(row, column))
                elif kind == xlrd.XL_CELL_NUMBER and sheet.cell_xf_index(row, column) in percents:
                    shown.add(cell_address(row, column))
        if errors:
            marks.doubtful[sheet.name] = marks.errors[sheet.name] = frozenset(errors)
        if shown:
            marks.percents[sheet.name] = frozenset(shown)
        if struck:
            marks.struck[sheet.name] = frozenset(struck)
        rows = frozenset(row for row, look in sheet.rowinfo_map.items() if look.hidden)
        columns = frozenset(column for column, look in sheet.colinfo_map.items() if look.hidden)
        if rows or columns:
            marks.hidden[sheet.name] = rows, columns
    return marks
