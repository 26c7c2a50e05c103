"""What stands in hidden rows and columns counts and is told; what is struck through as a whole does not count."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from catalogue import load_catalogue
from transforms.observation import Reading
from transforms.reading import read_return

CATALOGUE = load_catalogue()
ROWS = (
    ("Đơn vị báo cáo: Hà Nam",),
    ("Kết quả 6 tháng đầu năm 2021",),
    ("STT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch", "Thực hiện"),
    (1, "Số doanh nghiệp thành lập mới", "doanh nghiệp", 600, 325),
    (2, "Số lao động được tạo việc làm mới", "lao động", 15000, 8700),
)


def read(change: Callable[[Any], object]) -> Reading:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    change(sheet)
    target = io.BytesIO()
    book.save(target)
    return read_return(CATALOGUE, target.getvalue())


def hide(lines: Any, key: int | str) -> None:
    lines[key].hidden = True


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda sheet: None, []),
        (lambda sheet: hide(sheet.row_dimensions, 2), []),
        (lambda sheet: hide(sheet.column_dimensions, "D"), []),
        (lambda sheet: hide(sheet.row_dimensions, 5), [("E5", "1 ô", "E5")]),
        (lambda sheet: hide(sheet.column_dimensions, "E"), [("E4", "2 ô", "E4, E5")]),
    ],
    ids=["nothing", "a heading", "a plan", "a row", "a column"],
)
def test_figures_that_are_not_seen_count_and_are_told(
    change: Callable[[Any], object], told: list[tuple[str, str, str]]
) -> None:
    reading = read(change)
    values = {o.indicator_code: o.value for o in reading.observations if o.value is not None}
    assert values == {"new_enterprises": Decimal(325), "new_jobs": Decimal(8700)}
    found = [(p.cell, p.observed, p.detail) for p in reading.problems if p.rule_code == "hidden_figures_counted"]
    assert found == told


def test_a_figure_struck_through_is_asked_about() -> None:
    reading = read(lambda sheet: setattr(sheet["E5"], "font", Font(strike=True)))
    values = {o.indicator_code: o.value for o in reading.observations if o.value is not None}
    assert values == {"new_enterprises": Decimal(325)}
    [asked] = [p for p in reading.problems if p.rule_code == "figure_unreadable"]
    assert (asked.cell, asked.observed) == ("E5", "8700")
    assert "gạch ngang" in asked.detail
