"""Small tables as provinces draw them, written as grids of text and read as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

import docx
import openpyxl

from catalogue import load_catalogue
from catalogue.model import Catalogue
from transforms.observation import Problem, Reading
from transforms.reading import read_return

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
TITLE = ("UBND TỈNH HƯNG YÊN", "BÁO CÁO KẾT QUẢ THI ĐUA 6 THÁNG ĐẦU NĂM 2021")

Value = str | int | float | None
Row = Sequence[Value]
NUMBERS = ("cells_ignored", "columns_not_used", "layout_incomplete")


def rows_of(text: str) -> list[list[Value]]:
    """A grid drawn in the test: a line a row, cells parted by "|"; whole and decimal-point numbers are numbers."""
    return [[_value(part.strip()) for part in line.split("|")] for line in text.strip("\n").splitlines()]


def _value(text: str) -> Value:
    if text.startswith("'"):
        return text[1:]
    if text.lstrip("-").isdecimal():
        return int(text)
    whole, dot, fraction = text.lstrip("-").partition(".")
    return float(text) if dot and whole.isdecimal() and fraction.isdecimal() else text or None


def write_xlsx(sheets: Mapping[str, Sequence[Row]], merged: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_csv(rows: Sequence[Row]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows([["" if v is None else str(v) for v in row] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def write_docx(paragraphs: Sequence[str], *tables: Sequence[Row]) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    for rows in tables:
        table = document.add_table(len(rows), max(map(len, rows)))
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                table.cell(r, c).text = "" if value is None else str(value)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@lru_cache(maxsize=64)
def read(data: bytes, catalogue: Catalogue = CATALOGUE) -> Reading:
    return read_return(catalogue, data)


def said(reading: Reading) -> dict[str, str]:
    """What the file says, as text: a number, ~ before an estimate, or the state."""
    return {
        o.indicator_code: f"{'~' if o.is_estimated else ''}{o.value:f}" if isinstance(o.value, Decimal) else o.state
        for o in reading.observations
        if o.state != "blank"
    }


def told(reading: Reading) -> list[str]:
    """Every problem as "rule cell", without those that every small table has."""
    return sorted(f"{p.rule_code} {p.cell}".strip() for p in reading.problems if p.rule_code not in NUMBERS)


def problem(reading: Reading, rule_code: str) -> Problem:
    found = [p for p in reading.problems if p.rule_code == rule_code]
    assert len(found) == 1, reading.problems
    return found[0]
