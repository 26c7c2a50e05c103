"""Tables in a report: provinces on one side, indicators on the other, told in the header's unit."""

from __future__ import annotations

from decimal import Decimal

from catalogue import load_catalogue
from transforms.prose.claims import Prose, TextBlock
from transforms.prose.reading import read_prose
from transforms.prose.report_text import read_report

PERIOD = "2021H1"


def read(text: str, period: str = PERIOD) -> Prose:
    return read_prose(load_catalogue(), read_report(text.encode(), "a.md"), period)


def told(prose: Prose) -> list[tuple[str, str, str, str, str]]:
    return [(c.raw, c.indicator_code, c.province_id, c.period_code, str(c.value)) for c in prose.claims]


def test_columns_are_indicators_and_rows_provinces() -> None:
    prose = read(
        """
Bảng 1. Doanh nghiệp thành lập mới

| TT | Tỉnh | Doanh nghiệp thành lập mới | DN so với cùng kỳ (%) | Xã đạt chuẩn |
|---|---|---|---|---|
| 1 | Bắc Ninh | 1.120 | −14,9 | 94/94 |
| 2 | Tỉnh Hà Nam | 309 (ước) | … | x |
|  | Toàn Cụm | 5.761 | | |
"""
    )
    assert told(prose) == [
        ("1.120", "new_enterprises", "bac-ninh", PERIOD, "1120"),
        ("14,9", "new_enterprises_growth", "bac-ninh", PERIOD, "-14.9"),
        ("94/94", "ntm_communes_certified", "bac-ninh", PERIOD, "94"),
        ("94/94", "ntm_communes_total", "bac-ninh", PERIOD, "94"),
        ("309", "new_enterprises", "ha-nam", PERIOD, "309"),
        ("5.761", "new_enterprises", "toan-cum", PERIOD, "5761"),
    ]
    assert [c.raw for c in prose.claims if c.is_estimated] == ["309"]
    assert {i.kind for i in prose.ignored} == {"số thứ tự", "văn bản"}


def test_a_header_gives_unit_and_half_year() -> None:
    prose = read(
        """
Bảng 2. Thu ngân sách nhà nước

| Tỉnh | 6 tháng đầu năm 2020 | 6 tháng đầu năm 2021 | So với cùng kỳ (%) | Vốn đầu tư toàn xã hội (nghìn tỷ đồng) |
|---|---|---|---|---|
| Thái Bình | 10.000 | 11.747,7 | 17,5 | 22,8 |
"""
    )
    assert told(prose) == [
        ("10.000", "budget_revenue", "thai-binh", "2020H1", "10000"),
        ("11.747,7", "budget_revenue", "thai-binh", PERIOD, "11747.7"),
        ("17,5", "budget_revenue_growth", "thai-binh", PERIOD, "17.5"),
        ("22,8", "social_investment", "thai-binh", PERIOD, "22800.0"),
    ]


def test_rows_may_be_indicators_and_columns_provinces() -> None:
    prose = read(
        """
| Chỉ tiêu | Hưng Yên | Nam Định |
|---|---|---|
| Tốc độ tăng trưởng kinh tế (GRDP) | 5,75 | 7,08 |
| Số dự án cấp mới | 12 | 15 |
"""
    )
    assert told(prose) == [
        ("5,75", "grdp_growth", "hung-yen", PERIOD, "5.75"),
        ("7,08", "grdp_growth", "nam-dinh", PERIOD, "7.08"),
    ]
    assert [u.raw for u in prose.unplaced] == ["12", "15"]


def test_what_stands_behind_the_table_is_read_as_sentences() -> None:
    text = "| Tỉnh | Giải nhất |\n|---|---|\n| Hà Nam | 3 |\n\nHà Nam tạo việc làm mới cho 5.000 lao động."
    assert [c.value for c in read(text).claims] == [Decimal(3), Decimal(5000)]


def test_a_cell_of_words_is_read_as_sentences_too() -> None:
    cell = TextBlock(0, "Thái Bình tạo việc làm mới cho 15.900 lao động.", "bảng 1, dòng 1, cột 1")
    assert [c.raw for c in read_prose(load_catalogue(), (cell,), PERIOD).claims] == ["15.900 lao động"]
