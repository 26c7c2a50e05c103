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
    """Errors and percents; results of formulas are always kept in .xls. Raises what xlrd raises, of many kinds.

    A sheet of absurd size is refused, as UnreadableFileError.
    """
    marks = CellMarks()
    book = open_old_workbook(data)
    percents = {
        number
        for number, style in enumerate(book.xf_list)
        if style.format_key in book.format_map and shows_percent(book.format_map[style.format_key].format_str)
    }
    for sheet in book.sheets():
        check_extent(sheet.name, sheet.nrows, sheet.ncols)
        errors, shown = set(), set()
        for row in range(sheet.nrows):
            kinds = sheet.row_types(row)
            for column, kind in enumerate(kinds):
                if kind == xlrd.XL_CELL_ERROR:
                    errors.add(cell_address(row, column))
                elif kind == xlrd.XL_CELL_NUMBER and sheet.cell_xf_index(row, column) in percents:
                    shown.add(cell_address(row, column))
        if errors:
            marks.doubtful[sheet.name] = marks.errors[sheet.name] = frozenset(errors)
        if shown:
            marks.percents[sheet.name] = frozenset(shown)
    return marks
