"""What whoever sent a file does not see is not used silently: hidden sheets."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from catalogue import load_catalogue
from transforms.reading import read_return

CATALOGUE = load_catalogue()
FORM = Path(__file__).parents[2] / "examples/returns/Hưng Yên/hung-yen_2021H1.xlsx"


def paper(states: dict[str, str]) -> bytes:
    """A sheet per state, each with a table of its own figures for Hà Nam."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, (name, state) in enumerate(states.items(), 1):
        sheet = book.create_sheet(name)
        sheet.append(["Đơn vị báo cáo: Hà Nam"])
        sheet.append(["Kết quả 6 tháng đầu năm 2021"])
        sheet.append(["STT", "Chỉ tiêu", "Đơn vị tính", "Thực hiện"])
        sheet.append([1, "Số doanh nghiệp thành lập mới", "doanh nghiệp", 1000 * number])
        sheet.append([2, "Số lao động được tạo việc làm mới", "lao động", 9000 * number])
        sheet.sheet_state = state
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_draft_is_left_aside_and_told(state: str) -> None:
    reading = read_return(CATALOGUE, paper({"nhap": state, "Số liệu": "visible"}))
    values = {o.indicator_code: o.value for o in reading.observations if o.value is not None}
    assert values == {"new_enterprises": Decimal(2000), "new_jobs": Decimal(18000)}
    assert [p.observed for p in reading.problems if p.rule_code == "hidden_sheet_ignored"] == ["nhap"]
    assert "value_conflict" not in {p.rule_code for p in reading.problems}


def test_hidden_sheets_of_the_form_are_read() -> None:
    book = openpyxl.load_workbook(FORM)
    book.worksheets[-2].sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    before, after = read_return(CATALOGUE, FORM.read_bytes()), read_return(CATALOGUE, target.getvalue())
    said = [[(o.indicator_code, o.state, o.value) for o in r.observations] for r in (before, after)]
    assert said[0] == said[1]
