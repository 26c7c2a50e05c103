"""Parts of a cell that are set off: raised marks of notes are no digits of the figure, struck figures are not meant."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
import xlsxwriter

from transforms.legacy.text import Run, decode_runs
from transforms.workbook import read_workbook

Parts = list[tuple[str, str]]
CELLS: list[tuple[Parts, str]] = [
    ([("750", ""), ("1", "raised")], "750¹"),
    ([("14.200", ""), ("(2)", "raised")], "14.200⁽²⁾"),
    ([("740 ", "struck"), ("750", "")], "750"),
    ([("Số xã", ""), ("3", "raised")], "Số xã³"),
]


def _spreadsheet() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    looks = {"": {}, "raised": {"font_script": 1}, "struck": {"font_strikeout": True}}
    formats = {name: book.add_format(look) for name, look in looks.items()}
    for row, (parts, _) in enumerate(CELLS):
        sheet.write_rich_string(row, 0, *(piece for text, look in parts for piece in (formats[look], text)))
    book.close()
    return stream.getvalue()


def _document() -> bytes:
    document: Any = docx.Document()
    table = document.add_table(rows=len(CELLS), cols=1)
    for cell, (parts, _) in zip((row.cells[0] for row in table.rows), CELLS, strict=True):
        for text, look in parts:
            run = cell.paragraphs[0].add_run(text)
            run.font.superscript, run.font.strike = look == "raised" or None, look == "struck" or None
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(("write", "sheet"), [(_spreadsheet, "Sheet1"), (_document, "Bảng 1")])
def test_what_is_set_off_is_not_read_into_the_figure(write: Callable[[], bytes], sheet: str) -> None:
    cells = read_workbook(write()).cells[sheet]
    assert [cells[row, 0].raw for row in range(len(CELLS))] == [shown for _, shown in CELLS]


def test_a_raised_digit_is_no_letter_of_an_old_font() -> None:
    """¹ is the code of ạ in TCVN3."""
    assert decode_runs((Run("S« x·", ".VnTime"), Run("1", ".VnTime", is_raised=True))).text == "Sô xã¹"
