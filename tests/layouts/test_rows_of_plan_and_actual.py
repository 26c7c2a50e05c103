"""Rows of plans, of actual figures and of other periods: the row is chosen by its own words, or nothing is taken."""

from __future__ import annotations

import pytest
from papers import TITLE, problem, read, rows_of, said, write_xlsx

from transforms.observation import Reading

HEAD = [[line] for line in TITLE]
INDICATORS = "Nội dung | Thu ngân sách nhà nước (tỷ đồng) | Số doanh nghiệp thành lập mới\n"
ACTUAL = {"budget_revenue": "9200", "new_enterprises": "650"}


def read_grid(grid: str, *merged: str, head: list[list[str]] = HEAD) -> Reading:
    return read(write_xlsx({"Sheet1": [*head, *rows_of(grid)]}, merged))


@pytest.mark.parametrize(
    "rows",
    [
        "Kế hoạch năm 2021|16000|1300\nThực hiện 6 tháng đầu năm 2021|9200|650\nCùng kỳ năm 2020|8000|600",
        "6 tháng đầu năm 2020|8000|600\n6 tháng đầu năm 2021|9200|650",
        "Dự toán|16000|1300\nKết quả|9200|650\n% so kế hoạch|57.5|50",
    ],
)
def test_the_row_of_the_periods_figures_is_taken_below_indicators(rows: str) -> None:
    reading = read_grid(INDICATORS + rows)
    assert [said(part) for part in (reading, *reading.parts) if said(part)] == [ACTUAL]
    aside = problem(reading, "columns_not_used").observed
    lines = [line.split("|")[0] for line in rows.splitlines()]
    assert all(
        (f"dòng “{line}”" in aside) == ("9200" not in row) for line, row in zip(lines, rows.splitlines(), strict=True)
    )


@pytest.mark.parametrize("rows", ["Sở Tài chính|9200|650\nCục Thuế|9100|640", " |9200|650\n |9100|640"])
def test_rows_that_nothing_tells_apart_are_refused(rows: str) -> None:
    reading = read_grid(INDICATORS + rows)
    assert reading.is_rejected
    assert [p.rule_code for p in reading.problems] == ["value_column_unclear"]
    assert "2 dòng" in reading.problems[0].detail


def test_a_single_row_of_plans_is_no_return() -> None:
    assert read_grid(INDICATORS + "Kế hoạch năm 2021|16000|1300").is_rejected


PROVINCES = """
Tỉnh | Nội dung | Thu ngân sách nhà nước (tỷ đồng) | Số doanh nghiệp thành lập mới
Hà Nam | Kế hoạch năm | 16000 | 1300
 | Thực hiện | 9200 | 650
 | % so KH | 57.5 | 50
Nam Định | Kế hoạch năm | 15000 | 1200
 | Thực hiện | 9000 | 640
 | % so KH | 60 | 53.3
"""


@pytest.mark.parametrize("merged", [("A3:A5", "A6:A8"), ()])
def test_the_row_of_figures_is_taken_below_each_province(merged: tuple[str, ...]) -> None:
    reading = read_grid(PROVINCES, *merged, head=HEAD[1:])
    assert {part.province_id: said(part) for part in reading.parts} == {
        "ha-nam": ACTUAL,
        "nam-dinh": {"budget_revenue": "9000", "new_enterprises": "640"},
    }
    assert problem(reading, "columns_not_used").observed == "dòng “Kế hoạch năm”, dòng “% so KH”"


def test_the_name_may_stand_in_each_row() -> None:
    filled = PROVINCES.replace("\n | Thực hiện | 9200", "\nHà Nam | Thực hiện | 9200").replace(
        "\n | % so KH | 57.5", "\nHà Nam | % so KH | 57.5"
    )
    reading = read_grid(filled, head=HEAD[1:])
    assert {part.province_id: said(part) for part in reading.parts}["ha-nam"] == ACTUAL


def test_a_province_whose_rows_nothing_tells_apart_gives_no_figure() -> None:
    reading = read_grid(PROVINCES.replace("Kế hoạch năm | 16000", "Thực hiện | 16000"), head=HEAD[1:])
    assert {part.province_id: said(part) for part in reading.parts}["ha-nam"] == {}
    told = {part.province_id: [p.rule_code for p in part.problems] for part in reading.parts}
    assert "value_column_unclear" in told["ha-nam"]
    assert "value_column_unclear" not in told["nam-dinh"]


SIDE_BY_SIDE = """
Tỉnh | Tạo việc làm mới | Số doanh nghiệp thành lập mới | | Tỉnh | Tạo việc làm mới | Số doanh nghiệp thành lập mới
Quảng Ninh | {} | 300 | | Thái Bình | 8600 | 342
Vĩnh Phúc | 8200 | 314 | | Hà Nam | 8700 | 349
Hưng Yên | 8300 | 315
"""


@pytest.mark.parametrize("first", ["", "8100"])
def test_a_second_column_of_provinces_begins_a_block_of_its_own(first: str) -> None:
    reading = read_grid(SIDE_BY_SIDE.format(first), head=HEAD[1:])
    jobs = {part.province_id: said(part).get("new_jobs", "") for part in reading.parts}
    assert jobs == {"quang-ninh": first, "vinh-phuc": "8200", "hung-yen": "8300", "thai-binh": "8600", "ha-nam": "8700"}
    assert not [p for p in reading.problems if p.rule_code == "cell_unclaimed"]


def test_names_that_head_no_block_give_nobody_figures() -> None:
    grid = """
Tỉnh | Số lao động được tạo việc làm mới | Tỉnh dẫn đầu | Số doanh nghiệp thành lập mới
Quảng Ninh | 8100 | Thái Bình | 342
Vĩnh Phúc | 8200 | Hà Nam | 349
"""
    reading = read_grid(grid, head=HEAD[1:])
    assert {part.province_id: said(part) for part in reading.parts} == {
        "quang-ninh": {"new_jobs": "8100"},
        "vinh-phuc": {"new_jobs": "8200"},
    }
    assert [p for p in reading.problems if p.rule_code in ("cell_unclaimed", "cells_ignored")]


LABELS = """
TT | Chỉ tiêu | ĐVT | | Giá trị
1 | Thu ngân sách nhà nước | triệu đồng | Kế hoạch | 16000000
 | | | Thực hiện | 9200000
2 | Số doanh nghiệp thành lập mới | doanh nghiệp | Kế hoạch | 1300
 | | | Thực hiện | 650
3 | Tỷ lệ hộ nghèo | % | | 2.5
"""


@pytest.mark.parametrize("is_repeated", [False, True])
def test_the_row_of_figures_is_taken_beside_a_label_over_several_rows(is_repeated: bool) -> None:
    grid = LABELS
    if is_repeated:
        grid = grid.replace(" | | | Thực hiện | 92", "1 | Thu ngân sách nhà nước | triệu đồng | Thực hiện | 92")
    reading = read_grid(grid)
    assert said(reading) == {**ACTUAL, "poverty_rate": "2.5"}
    assert problem(reading, "columns_not_used").observed == "dòng “Kế hoạch”"
    assert not [p for p in reading.problems if p.rule_code == "cell_unclaimed"]


def test_rows_beside_a_label_that_nothing_tells_apart_give_no_figure() -> None:
    reading = read_grid(LABELS.replace("Kế hoạch | 16000000", "Thực hiện | 16000000"))
    assert said(reading) == {"new_enterprises": "650", "poverty_rate": "2.5"}
    assert problem(reading, "value_column_unclear").cell == "B4"


def test_a_second_table_under_a_bare_period_has_its_own_unit() -> None:
    grid = """
 | | ĐVT: Tỷ đồng
STT | Chỉ tiêu | 6 tháng đầu năm 2021
1 | Thu ngân sách nhà nước | 3100
 | | ĐVT: Triệu đồng
STT | Chỉ tiêu | 6 tháng 2021
1 | Tổng vốn đầu tư toàn xã hội | 17000000
2 | Tạo việc làm mới | 16000
"""
    reading = read_grid(grid)
    assert said(reading) == {"budget_revenue": "3100", "social_investment": "17000", "new_jobs": "16000"}
    assert not [p for p in reading.problems if p.rule_code in ("cell_unclaimed", "label_unknown")]


LIST = """
Đơn vị | Kỳ | Chỉ tiêu | Giá trị | ĐVT
Hà Nam | 6 tháng đầu năm 2021 | Thu ngân sách nhà nước | 9200 | tỷ đồng
 | | Số doanh nghiệp thành lập mới | 650 | doanh nghiệp
Nam Định | 6 tháng đầu năm 2021 | Thu ngân sách nhà nước | 9000 | tỷ đồng
 | | Số doanh nghiệp thành lập mới | 640 | doanh nghiệp
"""


@pytest.mark.parametrize("again", ["Nam Định | 6 tháng đầu năm 2021", "Nam Định | "])
def test_a_half_year_said_once_in_a_list_holds_for_the_rows_below(again: str) -> None:
    reading = read_grid(LIST.replace("Nam Định | 6 tháng đầu năm 2021", again), head=[])
    assert {(part.province_id, part.period_code): said(part) for part in reading.parts} == {
        ("ha-nam", "2021H1"): ACTUAL,
        ("nam-dinh", "2021H1"): {"budget_revenue": "9000", "new_enterprises": "640"},
    }


def test_of_several_half_years_in_a_list_none_is_carried_to_the_next_unit() -> None:
    two = LIST.replace(" | | Số doanh nghiệp thành lập mới | 650", " | 6 tháng đầu năm 2020 | Tạo việc làm mới | 65")
    reading = read_grid(two.replace("Nam Định | 6 tháng đầu năm 2021", "Nam Định | "), head=[])
    assert {part.province_id for part in reading.parts} == {"ha-nam"}
