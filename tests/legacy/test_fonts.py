"""Real workbooks tell which cells are in old fonts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlrd  # type: ignore[import-untyped]
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from transforms.legacy.fonts import fonts_of_xls, fonts_of_xlsx, read_xls_fonts, read_xlsx_fonts
from transforms.legacy.text import Run, decode_legacy, decode_runs

MIXED: list[list[tuple[object, str]]] = [
    [("TØnh H­ng Yªn", ".VnTime"), ("Tænh Höng Yeân", "VNI-Times"), ("Tỉnh Hưng Yên", "Times New Roman")],
    [("tØnh h­ng yªn", ".VnTimeH"), ("Tỉnh Hưng Yên", "Arial"), ("Sè x· ®¹t chuÈn", ".VnArial")],
]


def make_workbook(sheets: dict[str, list[list[tuple[object, str]]]]) -> bytes:
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row, cells in enumerate(rows, 3):
            for column, (value, font) in enumerate(cells, 2):
                cell = sheet.cell(row, column, value)
                cell.font = Font(name=font)
    return save(book)


def save(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_that_mixes_fonts_cell_by_cell_reads_alike_in_every_cell() -> None:
    data = make_workbook({"Trang trắng": [], "Biểu 1": MIXED})
    fonts = fonts_of_xlsx(data)
    assert fonts == {
        ("Biểu 1", 2, 1): ".VnTime",
        ("Biểu 1", 2, 2): "VNI-Times",
        ("Biểu 1", 3, 1): ".VnTimeH",
        ("Biểu 1", 3, 3): ".VnArial",
    }
    texts = [
        [decode_legacy(str(text), fonts.get(("Biểu 1", row, column))).text for column, (text, _) in enumerate(cells, 1)]
        for row, cells in enumerate(MIXED, 2)
    ]
    assert texts == [["Tỉnh Hưng Yên"] * 3, ["TỈNH HƯNG YÊN", "Tỉnh Hưng Yên", "Số xã đạt chuẩn"]]


def test_numbers_and_empty_cells_are_not_told() -> None:
    rows: list[list[tuple[object, str]]] = [[(5, ".VnTime"), (None, ".VnTime"), (True, ".VnTime"), ("=1+1", ".VnTime")]]
    assert fonts_of_xlsx(make_workbook({"A": [*rows, [("Sè", ".VnTime")]]})) == {("A", 3, 1): ".VnTime"}


def test_the_parts_of_a_cell_keep_their_fonts() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = CellRichText("Tỉnh ", TextBlock(InlineFont(rFont="VNI-Times"), "Haø Nam"))
    sheet["A2"] = CellRichText(
        TextBlock(InlineFont(rFont=".VnTime"), "TØnh "), TextBlock(InlineFont(rFont=".VnTime"), "x·")
    )
    sheet["A3"] = CellRichText("x· ", TextBlock(InlineFont(rFont="Arial"), "Hà"))
    sheet["A3"].font = Font(name=".VnTime")
    found = read_xlsx_fonts(save(book))
    assert found.cells == {("Sheet", 1, 0): ".VnTime"}
    assert found.runs == {
        ("Sheet", 0, 0): (Run("Tỉnh ", "Calibri"), Run("Haø Nam", "VNI-Times")),
        ("Sheet", 2, 0): (Run("x· ", ".VnTime"), Run("Hà", "Arial")),
    }
    assert [decode_runs(runs).text for runs in found.runs.values()] == ["Tỉnh Hà Nam", "xã Hà"]


def test_without_an_old_font_no_sheet_is_looked_at() -> None:
    data = make_workbook({"A": [[("Tỉnh", "Times New Roman"), ("x· .VnTime", "Arial")]]})
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"no sheet" if name.startswith("xl/worksheets/") else source.read(name))
    assert fonts_of_xlsx(broken.getvalue()) == {}


def test_the_old_binary_format_tells_fonts_too(make_xls: Callable[..., bytes]) -> None:
    data = make_xls(
        [".VnTime", "Arial", "VNI-Times", ".VnTimeH", "Symbol", "Times New Roman"],
        {(0, 0): ("TØnh", 0), (1, 2): ("Haø Nam", 2), (2, 2): ("Hà", 5), (3, 0): ("TØnh Hà", 0), (4, 1): ("x·", 3)},
        {(3, 0): [(5, 5)]},
    )
    assert fonts_of_xls(data) == {
        ("Biểu", 0, 0): ".VnTime",
        ("Biểu", 1, 2): "VNI-Times",
        ("Biểu", 4, 1): ".VnTimeH",
    }
    assert read_xls_fonts(data).runs == {("Biểu", 3, 0): (Run("TØnh ", ".VnTime"), Run("Hà", "Times New Roman"))}


def test_the_old_binary_format_without_old_fonts_tells_nothing(make_xls: Callable[..., bytes]) -> None:
    assert fonts_of_xls(make_xls(["Arial"], {(0, 0): ("Tỉnh", 0)}, {})) == {}


def test_broken_files_raise() -> None:
    with pytest.raises(zipfile.BadZipFile):
        fonts_of_xlsx(b"PK broken")
    with pytest.raises(xlrd.XLRDError):
        fonts_of_xls(b"no workbook")
