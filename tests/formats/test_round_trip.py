"""Any table of texts and numbers, written in a format that is read, is read back equal."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import encode, write_csv, write_docx, write_xlsb

from transforms.delimited import read_delimited
from transforms.delimited_text import decode_text
from transforms.document import TEXT_SHEET
from transforms.legacy_text import decode_legacy
from transforms.sheets import Workbook
from transforms.text import clean_text
from transforms.workbook import exact_number, read_workbook

few = settings(max_examples=60, deadline=None)
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12).filter(
    lambda text: decode_legacy(text).text == text  # what an old font would show otherwise is not modern text
)
lines = st.lists(texts, min_size=1, max_size=3).map("\n".join).filter(lambda text: decode_legacy(text).text == text)
PHRASES = "Số xã đạt chuẩn nông thôn mới, Tỷ lệ hộ nghèo, Quảng Ninh, Vĩnh Phúc, Ủy ban, Đỗ Ưng, thưởng, ước được nghìn"
syllables = st.sampled_from(PHRASES.replace(",", "").split())
vietnamese = st.lists(syllables, min_size=2, max_size=6).map(" ".join)
numbers = st.decimals(-(10**12), 10**12, places=3, allow_nan=False).map(lambda d: exact_number(float(d)))
figures = numbers.map(lambda d: f"{d:f}".replace(".", ","))
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le-sig", "utf-16-be-sig"])
old_encodings = st.sampled_from(["cp1258", "utf-16-le", "utf-16-be", "utf-8"])
delimiters = st.sampled_from([",", ";", "\t", "|"])


def tables(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    """At least two columns: a table of one says nothing of its delimiter."""
    return st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5)
    )


def expected(grid: list[list[str]]) -> dict[tuple[int, int], str]:
    cleaned = {(r, c): clean_text(text) for r, row in enumerate(grid) for c, text in enumerate(row)}
    return {at: text for at, text in cleaned.items() if text}


def held(workbook: Workbook) -> dict[tuple[int, int], str]:
    """The texts of all sheets: rows of a .csv count through the whole file, wherever a sheet begins."""
    return {at: cell.raw for cells in workbook.cells.values() for at, cell in cells.items()}


@few
@given(tables(lines), delimiters, encodings)
def test_any_text_in_quotes(grid: list[list[str]], delimiter: str, encoding: str) -> None:
    grid = [["a"] * len(grid[0]), *grid]
    assert held(read_delimited(write_csv(grid, delimiter, encoding, quoting=csv.QUOTE_ALL))) == expected(grid)


@few
@given(tables(vietnamese | figures | st.just("")), delimiters, old_encodings)
def test_vietnamese_texts_and_figures(grid: list[list[str]], delimiter: str, encoding: str) -> None:
    grid = [["Chỉ tiêu", *["Giá trị"] * (len(grid[0]) - 1)], *grid]
    assert held(read_delimited(write_csv(grid, delimiter, encoding))) == expected(grid)


@few
@given(st.lists(vietnamese, min_size=1, max_size=8).map("\r\n".join), st.sampled_from(["cp1258", "utf-8", "utf-16-le"]))
def test_encodings_without_a_mark(text: str, encoding: str) -> None:
    assert decode_text(encode(text, encoding)) == text


@few
@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_not(data: bytes) -> None:
    text = decode_text(data)
    assert text is None or "\0" not in text


@settings(max_examples=15, deadline=None)
@given(tables(lines | figures))
def test_a_word_table(grid: list[list[str]]) -> None:
    workbook = read_workbook(write_docx([("Bảng", grid)]))
    assert {at: c.raw for at, c in workbook.cells["Bảng 1"].items()} == expected(grid)
    assert workbook.cells[TEXT_SHEET][0, 0].raw == "Bảng"


@few
@given(tables(texts | figures), st.lists(numbers, min_size=1, max_size=5))
def test_an_excel_sheet(grid: list[list[str]], column: list[Decimal]) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet, other = book.add_worksheet("A"), book.add_worksheet("B")
        for row, line in enumerate(grid):
            for place, text in enumerate(line):
                sheet.write_string(row, place, text)
        for row, number in enumerate(column):
            other.write_number(row, 1, float(number))
    workbook = read_workbook(stream.getvalue())
    assert {at: c.raw for at, c in workbook.cells["A"].items()} == expected(grid)
    assert {at: c.number for at, c in workbook.cells["B"].items()} == {(r, 1): n for r, n in enumerate(column)}


@few
@given(tables(lines), st.lists(numbers, min_size=1, max_size=5))
def test_a_binary_excel_sheet(grid: list[list[str]], column: list[Decimal]) -> None:
    texts_of = {(r, c): text for r, row in enumerate(grid) for c, text in enumerate(row)}
    workbook = read_workbook(write_xlsb({"A": texts_of, "B": {(r, 1): n for r, n in enumerate(column)}}))
    assert {at: c.raw for at, c in workbook.cells["A"].items()} == expected(grid)
    assert {at: c.number for at, c in workbook.cells["B"].items()} == {(r, 1): n for r, n in enumerate(column)}
