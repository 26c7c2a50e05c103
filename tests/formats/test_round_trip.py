"""Any table of texts and numbers, written in a format that is read, is read back equal."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheet_writers import WORKBOOKS, Value, write_rows
from writers import encode, write_csv, write_docx

from catalogue.load import load_catalogue
from transforms.delimited import read_delimited
from transforms.delimited_text import decode_text
from transforms.file_kind import recognise
from transforms.legacy.text import decode_legacy
from transforms.numbers_vi import format_number
from transforms.reading import read_return
from transforms.sheets import TEXT_SHEET, Workbook
from transforms.text import clean_text
from transforms.workbook import exact_number, read_workbook

CATALOGUE = load_catalogue()
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


@pytest.mark.parametrize("ending", WORKBOOKS)
@settings(max_examples=40, deadline=None)
@given(tables(lines | figures), st.lists(numbers | st.booleans(), min_size=1, max_size=5))
def test_a_workbook(ending: str, grid: list[list[str]], column: list[Decimal | bool]) -> None:
    texts_of = {(r, c): text for r, row in enumerate(grid) for c, text in enumerate(row)}
    data = WORKBOOKS[ending]({"A": texts_of, "Bảng B": {(r, 1): value for r, value in enumerate(column)}})
    assert recognise(data).name == ending.upper()
    workbook = read_workbook(data)
    assert {at: c.raw for at, c in workbook.cells["A"].items()} == expected(grid)
    found = [(c.kind, c.number if c.kind == "number" else c.raw) for c in workbook.cells["Bảng B"].values()]
    assert found == [("bool", str(v).upper()) if isinstance(v, bool) else ("number", v) for v in column]


# --- what an indicator can say, in every format ----------------------------------------------------------------

HEAD: list[Value | None] = ["Chỉ tiêu", "Đơn vị tính", "Giá trị", "Ước tính", "Cách so sánh", "Trạng thái", "Ghi chú"]
COVER: list[list[Value | None]] = [["Đơn vị báo cáo", "Hưng Yên"], ["Kỳ báo cáo", "2021H1"]]
AMOUNTS = ("budget_revenue", "social_investment")
RATES = ("poverty_rate", "insurance_coverage_rate", "grdp_growth", "budget_revenue_growth")
COUNTS = ("new_enterprises", "new_jobs", "national_student_prizes_first", "tourist_visits")
counts = st.integers(0, 10**7).map(Decimal)
amounts = st.decimals(0, 10**6, places=1, allow_nan=False).map(lambda d: exact_number(float(d)))
rates = st.decimals(0, 100, places=2, allow_nan=False).map(lambda d: exact_number(float(d)))
WAYS = ("number", "number", "estimate", "in words", "blank", "none", "none told", "later", "later told")
NOTHING, LATER = ("x", "-", "không phát sinh"), ("…", "chưa có số liệu")
Says = tuple[str, Decimal | None, bool]  # state, value, whether it is an estimate


@st.composite
def says(draw: st.DrawFn, values: st.SearchStrategy[Decimal]) -> tuple[list[Value | None], Says]:
    """The cells from the value to the state, and what they mean."""
    match draw(st.sampled_from(WAYS)):
        case "number":
            value = draw(values)
            return [value, None, None, None], ("number", value, False)
        case "estimate":
            value = draw(values)
            return [value, "x", None, None], ("number", value, True)
        case "in words":
            value = draw(values)
            return [f"ước đạt {format_number(value)}", None, None, None], ("number", value, True)
        case "none":
            return [draw(st.sampled_from(NOTHING)), None, None, None], ("none_arising", None, False)
        case "none told":
            return [None, None, None, "không phát sinh"], ("none_arising", None, False)
        case "later":
            return [draw(st.sampled_from(LATER)), None, None, None], ("not_yet_available", None, False)
        case "later told":
            return [None, None, None, "chưa có số liệu"], ("not_yet_available", None, False)
    return [None, None, None, None], ("blank", None, False)


@st.composite
def returns(draw: st.DrawFn) -> tuple[list[list[Value | None]], dict[str, Says]]:
    """The rows of a table of the form with any figures in any state, and what each indicator then says."""
    rows, meant = [*COVER, [], HEAD], {}
    for codes, values in ((AMOUNTS, amounts), (RATES, rates), (COUNTS, counts)):
        for code in codes:
            cells, meant[code] = draw(says(values))
            indicator = CATALOGUE.indicators[code]
            rows.append([indicator.label, CATALOGUE.unit_of(indicator).name, *cells])
    return rows, meant


@pytest.mark.parametrize("ending", [*WORKBOOKS, "csv", "tsv", "docx"])
@settings(max_examples=15, deadline=None)
@given(returns())
def test_any_state_of_any_indicator(ending: str, written: tuple[list[list[Value | None]], dict[str, Says]]) -> None:
    rows, meant = written
    reading = read_return(CATALOGUE, write_rows(ending, rows))
    assert (reading.province_id, reading.period_code, reading.is_rejected) == ("hung-yen", "2021H1", False)
    found = {o.indicator_code: (o.state, o.value, o.is_estimated) for o in reading.observations}
    assert {code: found[code] for code in meant} == meant
    assert {state for code, (state, _, _) in found.items() if code not in meant} == {"blank"}
