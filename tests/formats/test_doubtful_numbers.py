"""Numbers that a file shows otherwise than it stores them are asked about, never taken as they are."""

from __future__ import annotations

import io

import openpyxl
import pytest

from catalogue.load import load_catalogue
from transforms.cell_marks import shows_scaled
from transforms.observation import Reading
from transforms.reading import read_return

CATALOGUE = load_catalogue()
HEAD = ("UBND tỉnh Bắc Ninh", "Báo cáo 6 tháng đầu năm 2021")


def unread(reading: Reading) -> list[tuple[str, str]]:
    return [(p.cell, p.observed) for p in reading.problems if p.rule_code == "figure_unreadable"]


def test_a_decimal_comma_that_divided_a_number_is_told() -> None:
    lines = [*HEAD, "Chỉ tiêu,ĐVT,Thực hiện", "Tăng trưởng GRDP,%,-5,75", "Số lao động được tạo việc làm mới,người,900"]
    reading = read_return(CATALOGUE, "\n".join(lines).encode())
    assert unread(reading) == [("C4", "-5,75")]
    assert {o.indicator_code: o.value for o in reading.observations if o.value is not None}.keys() == {"new_jobs"}


@pytest.mark.parametrize(
    ("number_format", "is_scaled"),
    [("#,##0,,,", True), ('0.0,," triệu"', True), ("#,##0", False), ("#,##0.00", False), ('0" ,"', False)],
)
def test_a_format_that_scales(number_format: str, is_scaled: bool) -> None:
    assert shows_scaled(number_format) is is_scaled


def test_a_number_shown_in_thousands_is_asked_about() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ([HEAD[0]], [HEAD[1]], ["Chỉ tiêu", "ĐVT", "Thực hiện"]):
        sheet.append(row)
    sheet.append(["Thu ngân sách nhà nước trên địa bàn", "tỷ đồng", 12_000_000_000_000])
    sheet["C4"].number_format = "#,##0,,,"
    stream = io.BytesIO()
    book.save(stream)
    reading = read_return(CATALOGUE, stream.getvalue())
    assert unread(reading) == [("C4", "12000000000000")]
    assert all(o.value is None for o in reading.observations)
