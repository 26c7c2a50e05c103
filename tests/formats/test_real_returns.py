"""The real returns of 2021H1 in every format that is read say what the .xlsx says."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import xlsxwriter
from conversions import as_lines, as_report, as_xlsb, as_xlsm, convert_by_libreoffice
from writers import encode, encode_legacy, grid_of, write_csv, write_xlsb

from catalogue.load import load_catalogue
from transforms.file_kind import FileKind, recognise
from transforms.observation import Observation, Reading
from transforms.placement import place
from transforms.reading import read_return
from transforms.sheets import Workbook
from transforms.workbook import read_workbook

RETURNS = Path(__file__).parents[2] / "examples" / "returns"
CATALOGUE = load_catalogue()
PERIOD = "2021H1"
SLOTS = {slot.name: slot for slot in place(CATALOGUE, PERIOD)}
FILES = sorted(RETURNS.glob("*/*.xlsx"))
each_return = pytest.mark.parametrize("path", FILES, ids=[f.stem for f in FILES])

Said = list[tuple[str, str, Decimal | None, bool]]


def said(reading: Reading) -> Said:
    """What a reading says of every indicator, without places and texts."""
    assert not reading.is_rejected, reading.problems

    def key(o: Observation) -> tuple[str, str, Decimal | None, bool]:
        return o.indicator_code, o.state, o.value, o.is_estimated

    return [key(o) for o in reading.observations]


@cache
def original(path: Path) -> Reading:
    return read_return(CATALOGUE, path.read_bytes())


@cache
def book(path: Path) -> Workbook:
    return read_workbook(path.read_bytes())


def same(data: bytes, path: Path, *told: str) -> Reading:
    """The reading of converted bytes, which says what the original says, and tells only these rules beside infos."""
    reading = read_return(CATALOGUE, data)
    assert said(reading) == said(original(path))
    assert (reading.province_id, reading.period_code) == (original(path).province_id, PERIOD)
    rules = [p.rule_code for p in reading.problems if CATALOGUE.rules[p.rule_code].severity != "info"]
    assert rules == list(told), reading.problems
    return reading


def test_the_originals_say_something() -> None:
    assert len(FILES) == 10
    assert sum(state != "blank" for path in FILES for _, state, _, _ in said(original(path))) > 290


# --- workbooks of other programs -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], bytes]:
    """The returns and the marked sheet saved by LibreOffice in its other formats, all in one start per format."""
    folder = tmp_path_factory.mktemp("libreoffice")
    (folder / MARKED.name).write_bytes(marked_sheet())

    @cache
    def convert(kind: str) -> Path:
        return convert_by_libreoffice([*FILES, folder / MARKED.name], kind, folder)

    return lambda path, kind: (convert(kind) / f"{path.stem}.{kind}").read_bytes()


MARKED = Path("marked.xlsx")


def marked_sheet() -> bytes:
    """A number shown as percent, one that is not, and a division by zero."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("D")
        percent, quoted = book.add_format({"num_format": "0.00%"}), book.add_format({"num_format": '0.00" %"'})
        sheet.write_number("A1", 0.9832, percent)
        sheet.write_number("A2", 98.32, quoted)
        sheet.write_number("A3", 0.9832)
        sheet.write_formula("A4", "=1/0", value="#DIV/0!")
        sheet.write_formula("A5", "=A3*2", percent, value=1.9664)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_percents_and_errors_are_seen(kind: str, converted: Callable[[Path, str], bytes]) -> None:
    """0.9832 shown as 98,32 % counts as shown, in every format; an error is no blank."""
    workbook = read_workbook(marked_sheet() if kind == "xlsx" else converted(MARKED, kind))
    shown = [workbook.cells["D"][row, 0].raw for row in (0, 1, 2, 4)]
    assert shown == ["98,32%", "98.32", "0.9832", "196,64%"]
    assert workbook.errors == {"D": frozenset({"A4"})}
    assert (3, 0) not in workbook.cells["D"] or workbook.cells["D"][3, 0].kind == "error"


def test_percents_of_a_binary_workbook() -> None:
    workbook = read_workbook(write_xlsb({"D": {(0, 0): Decimal("0.9832"), (1, 0): "0.9832"}}, percent=True))
    assert [cell.raw for cell in workbook.cells["D"].values()] == ["98,32%", "0.9832"]


def test_names_of_an_open_document_are_kept(converted: Callable[[Path, str], bytes]) -> None:
    assert read_workbook(converted(FILES[0], "ods")).names == book(FILES[0]).names


@each_return
@pytest.mark.parametrize(("kind", "expected"), [("xls", FileKind.XLS), ("ods", FileKind.ODS)])
def test_saved_by_libreoffice(
    path: Path, kind: str, expected: FileKind, converted: Callable[[Path, str], bytes]
) -> None:
    data = converted(path, kind)
    assert recognise(data) is expected
    same(data, path)


@each_return
def test_workbook_with_macros(path: Path) -> None:
    data = as_xlsm(path.read_bytes())
    assert recognise(data) is FileKind.XLSM
    assert "macros_ignored" in [p.rule_code for p in same(data, path).problems]


@each_return
def test_binary_workbook(path: Path) -> None:
    data = as_xlsb(book(path))
    assert recognise(data) is FileKind.XLSB
    same(data, path)


# --- text with delimiters --------------------------------------------------------------------------------------


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le-sig", "utf-16-be-sig", "utf-16-le", "cp1258")


@each_return
def test_whole_return_as_csv(path: Path) -> None:
    number = FILES.index(path)
    delimiter, encoding = ";\t,|"[number % 4], ENCODINGS[number % len(ENCODINGS)]
    data = write_csv(as_lines(book(path)), delimiter, encoding)
    assert recognise(data) is FileKind.DELIMITED
    same(data, path)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    same(write_csv(as_lines(book(FILES[0])), delimiter, encoding), FILES[0])


@each_return
def test_sheets_saved_one_after_the_other(path: Path) -> None:
    """What "Save as CSV" makes of every sheet, put together without a thought."""
    grids = (grid_of(book(path), sheet) for sheet in book(path).sheets if sheet != CATALOGUE.form.instructions_sheet)
    same(encode("".join(write_csv(g, ";").decode() for g in grids), "utf-8-sig"), path)


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
@each_return
def test_texts_of_old_fonts(path: Path, encoding: str) -> None:
    """What a program of the nineties exports: bytes that only an old font shows as Vietnamese."""
    text = write_csv(as_lines(book(path)), ";").decode()
    same(encode_legacy(text, encoding), path)


def test_one_table_below_its_cover_lines() -> None:
    path, section = FILES[0], "D. Kinh tế"
    cover = [["Đơn vị báo cáo", book(path).cells["Bìa"][4, 2].raw], ["Kỳ báo cáo", "6 tháng đầu năm 2021"]]
    table = [row[1:4] for row in grid_of(book(path), section)[4:] if row[1]]
    for between in ([], [[]]):
        reading = read_return(CATALOGUE, write_csv([*cover, *between, *table], ";"))
        assert (reading.province_id, reading.period_code) == (original(path).province_id, PERIOD)
        of_section = {s.indicator_code for s in SLOTS.values() if s.sheet == section}
        expected = [s for s in said(original(path)) if s[0] in of_section]
        assert [s[:3] for s in said(reading) if s[0] in of_section] == [s[:3] for s in expected]


def test_cover_lines_above_a_table_are_believed() -> None:
    head = ["Chỉ tiêu", "Đơn vị tính", "Giá trị", "Trạng thái"]
    table = [[], head, ["Tốc độ tăng tổng sản phẩm trên địa bàn (GRDP)", "%", "5,75"]]

    def told(*cover: list[str]) -> Reading:
        return read_return(CATALOGUE, write_csv([*cover, *table], ";"))

    whole = told(["Đơn vị báo cáo", "Hưng Yên"], ["Kỳ báo cáo", "2021H1"], ["Tính chất số liệu", "Ước tính"])
    figure = next(o for o in whole.observations if o.indicator_code == "grdp_growth")
    assert (whole.province_id, figure.value, figure.is_estimated) == ("hung-yen", Decimal("5.75"), True)
    strange = told(["Đơn vị báo cáo", "Hà Tây"], ["Kỳ báo cáo", "2021H1"])
    assert [p.rule_code for p in strange.problems] == ["province_unknown"]
    spoken = told(["UBND tỉnh Hưng Yên"], ["Số liệu 6 tháng đầu năm 2021"])
    assert (spoken.province_id, spoken.period_code) == ("hung-yen", PERIOD)
    assert [p.rule_code for p in spoken.problems].count("cover_from_text") == 2


def test_an_english_program_wrote_the_numbers() -> None:
    """Commas divide, so dots are decimal marks: 18.126 is no 18126, where a neighbour such as 5.75 says so."""
    cover = [["Đơn vị báo cáo", "Hưng Yên"], ["Kỳ báo cáo", "2021H1"], []]
    head = ["Chỉ tiêu", "Đơn vị tính", "Giá trị"]
    rows = [
        ["Tốc độ tăng tổng sản phẩm trên địa bàn (GRDP)", "%", "5.75"],
        ["Tổng vốn đầu tư toàn xã hội", "tỷ đồng", "18.126"],
    ]
    for delimiter, value in ((",", "18.126"), (";", "18126")):
        reading = read_return(CATALOGUE, write_csv([*cover, head, *rows], delimiter, quoting=csv.QUOTE_MINIMAL))
        values = {o.indicator_code: o.value for o in reading.observations}
        assert values["social_investment"] == Decimal(value)
        assert values["grdp_growth"] == Decimal("5.75")


# --- Word ------------------------------------------------------------------------------------------------------


@each_return
def test_word_report(path: Path) -> None:
    data = as_report(book(path))
    assert recognise(data) is FileKind.DOCX
    is_cluster = original(path).province_id == CATALOGUE.cluster_id
    told = ["cover_from_text"] * (1 if is_cluster else 2)
    reading = same(data, path, *told)
    assert reading.observations[0].sheet == "Bảng 1"
    assert reading.observations[0].cell == "C2"
