"""The column of the same half a year before: which headers surely are it, and what its figures become."""

from __future__ import annotations

from decimal import Decimal

import pytest
from papers import CATALOGUE, Reading, problem, read, rows_of, said, told, write_docx, write_xlsx

from transforms.previous_column import tell_last_year

HEAD = "UBND TỈNH HƯNG YÊN\nBÁO CÁO KẾT QUẢ THI ĐUA 6 THÁNG ĐẦU NĂM 2021\n"
COVER = ["cover_from_text A1", "cover_from_text A2"]


def read_table(grid: str, merged: tuple[str, ...] = ()) -> Reading:
    return read(write_xlsx({"Sheet1": rows_of(HEAD + grid.strip("\n"))}, merged))


def repeated(reading: Reading) -> dict[str, str]:
    """The earlier figures by indicator, with text and cell as read."""
    return {
        o.indicator_code: f"{'?' if o.previous is None else format(o.previous, 'f')} · {o.previous_text} · "
        f"{o.previous_cell}"
        for o in reading.observations
        if o.previous_cell
    }


def set_aside(reading: Reading) -> list[str]:
    return [p.observed for p in reading.problems if p.rule_code == "columns_not_used"]


SURE = {
    "Cùng kỳ": "same",
    "Cùng kỳ năm trước": "same",
    "Thực hiện cùng kỳ": "same",
    "TH cùng kỳ 2020": "same",
    "Cùng kỳ năm 2020 (triệu đồng)": "same",
    "6 tháng đầu năm 2020": "half",
    "Thực hiện 6 tháng đầu năm 2020": "half",
    "TH 6T/2020": "half",
    "Kết quả 06 tháng năm 2020": "half",
    "6 tháng đầu năm trước": "half",
    "6 tháng đầu năm – 2020": "half",
    "6 tháng đầu năm – Năm trước": "half",
    "6 tháng đầu năm 2021 – Cùng kỳ": "half",
    "2020H1": "half",
    "Năm trước": "year",
}
NOT_SURE = (
    *("Năm 2020", "Cả năm 2020", "Thực hiện năm 2020", "Kỳ trước", "6 tháng cuối năm 2020", "Cùng kỳ 2019"),
    *("Cùng kỳ (%)", "9 tháng 2020", "Quý II/2020", "Cùng kỳ quý II", "Tháng 6/2020", "Lũy kế cùng kỳ", "Cùng kỳ 2021"),
    *("Cùng kỳ – Xếp hạng", "6 tháng đầu năm 2021", "6 tháng đầu năm 2019", "Kế hoạch 6 tháng đầu năm 2020"),
)


def test_a_header_that_surely_is_of_the_same_half_a_year_before_says_so() -> None:
    assert {text: tell_last_year(CATALOGUE, text, "2021H1") for text in SURE} == SURE
    assert [text for text in NOT_SURE if tell_last_year(CATALOGUE, text, "2021H1")] == []
    halves = ("6 tháng cuối năm 2020", "6 tháng 2020", "6 tháng đầu năm 2021", "6 tháng đầu năm 2020")
    assert [tell_last_year(CATALOGUE, text, "2021H2") for text in halves] == ["half", "", "", ""]


@pytest.mark.parametrize(
    ("header", "is_used"),
    [
        ("Thực hiện | Cùng kỳ", True),
        ("Thực hiện 6 tháng đầu năm 2021 | 6 tháng đầu năm 2020", True),
        ("Thực hiện | Cùng kỳ | Kế hoạch", True),
        ("Thực hiện | Năm trước", True),
        ("Năm nay | Năm trước", True),
        ("Thực hiện 6 tháng đầu năm 2021 | Năm trước", False),
        ("Thực hiện | Năm trước | Kế hoạch", False),
        ("Thực hiện | Cùng kỳ | Thực hiện tháng 6", False),
        ("Thực hiện | Cùng kỳ | Lũy kế từ đầu năm", False),
        ("Thực hiện | Cùng kỳ | 6 tháng đầu năm 2020", False),
        ("Thực hiện | Cả năm 2020", False),
        ("Thực hiện | 6 tháng cuối năm 2020", False),
        ("Thực hiện | Cùng kỳ (triệu đồng)", False),
        ("Thực hiện (tỷ đồng) | Cùng kỳ (triệu đồng)", False),
        ("Thực hiện (triệu đồng) | Cùng kỳ (triệu đồng)", True),
    ],
)
def test_only_one_sure_column_is_used(header: str, is_used: bool) -> None:
    width = header.count("|")
    grid = f"""
Nội dung | {header}
Tổng vốn đầu tư toàn xã hội | 17103000 | 15000000 {"| 5" * (width - 1)}
Tổng thu ngân sách nhà nước | 9200000 | 8000000 {"| 5" * (width - 1)}
"""
    reading = read_table(grid)
    assert bool(repeated(reading)) == is_used
    name = header.split(" | ")[1]
    assert any(f"“{name}”" in aside for aside in set_aside(reading)) != is_used
    assert {"social_investment", "budget_revenue"} <= set(said(reading))


def test_an_earlier_figure_is_read_like_the_one_beside_it() -> None:
    reading = read_table("""
TT | Nội dung | ĐVT | Cùng kỳ năm trước | Thực hiện | So với cùng kỳ (%)
I | KINH TẾ | | | |
1 | Thu ngân sách nhà nước | triệu đồng | 8000000 | 9200000 | 115
2 | Tổng vốn đầu tư toàn xã hội | nt | '15,1 nghìn tỷ | 17103000 |
3 | Số lượt khách du lịch | lượt khách | '1.200.300 | '2.000.000 |
4 | Số xã đạt chuẩn NTM | xã | '137/139 | '138/139 |
5 | Giải nhất | giải | không phát sinh | 2 |
6 | Tỷ lệ hộ nghèo | % | '2,90 | 2.5 |
7 | Tạo việc làm mới | người | 9000 | |
""")
    assert said(reading) == {
        "budget_revenue": "9200",
        "budget_revenue_growth": "15",
        "social_investment": "17103",
        "tourist_visits": "2000000",
        "ntm_communes_certified": "138",
        "ntm_communes_total": "139",
        "national_student_prizes_first": "2",
        "poverty_rate": "2.5",
    }
    assert repeated(reading) == {
        "budget_revenue": "8000 · 8000000 · D5",
        "social_investment": "15100 · 15,1 nghìn tỷ · D6",
        "tourist_visits": "1200300 · 1.200.300 · D7",
        "ntm_communes_certified": "137 · 137/139 · D8",
        "ntm_communes_total": "139 · 137/139 · D8",
        "national_student_prizes_first": "? · không phát sinh · D9",
        "poverty_rate": "2.9 · 2,90 · D10",
        "new_jobs": "9000 · 9000 · D11",
    }
    assert told(reading) == COVER
    assert set_aside(reading) == []


def test_a_unit_in_the_header_or_above_is_that_of_both_columns() -> None:
    grids = (
        "Nội dung | Số liệu (triệu đồng) | Cùng kỳ\nTổng vốn đầu tư toàn xã hội | 17103000 | 15000000"
        "\nThu NSNN | 9 | 8",
        "| | Đơn vị: triệu đồng\nNội dung | Thực hiện | Cùng kỳ\nTổng vốn đầu tư toàn xã hội | 17103000 | 15000000"
        "\nThu NSNN | 9 | 8",
    )
    for grid in grids:
        reading = read_table(grid)
        found = {o.indicator_code: (o.value, o.previous) for o in reading.observations if o.value is not None}
        assert found == {
            "social_investment": (17103, 15000),
            "budget_revenue": (Decimal("0.009"), Decimal("0.008")),
        }


def test_headers_over_merged_cells_and_years_below_them() -> None:
    reading = read_table(
        """
TT | Chỉ tiêu | ĐVT | 6 tháng đầu năm | | So với cùng kỳ |
 | | | 2020 | 2021 | Số tuyệt đối | %
1 | Thu NSNN | tỷ đồng | 8000 | 9200 | 1200 | 115
2 | Tạo việc làm mới | người | 9000 | 8700 | -300 | 96.7
""",
        ("D3:E3",),
    )
    assert repeated(reading) == {"budget_revenue": "8000 · 8000 · D5", "new_jobs": "9000 · 9000 · D6"}
    assert set_aside(reading) == ["“So với cùng kỳ – Số tuyệt đối”, “So với cùng kỳ – %”"]


def test_an_earlier_figure_that_cannot_be_read_leaves_the_figure_alone() -> None:
    reading = read_table("""
Nội dung | ĐVT | Thực hiện | Cùng kỳ
Tạo việc làm mới | người | 8700 | khoảng chín nghìn
Thu ngân sách nhà nước | tỷ đồng | 9200 | '8.100
Số lượt khách du lịch | lượt khách | 2000 | '1.200 ha
""")
    assert said(reading) == {"new_jobs": "8700", "budget_revenue": "9200", "tourist_visits": "2000"}
    assert told(reading) == [*COVER, *(f"previous_unreadable D{row}" for row in (4, 5, 6))]
    assert [o.previous for o in reading.observations if o.previous_cell] == [None] * 3
    assert CATALOGUE.rules["previous_unreadable"].severity == "info"
    assert CATALOGUE.rules["previous_unreadable"].disputes == "none"
    assert [p.detail for p in reading.problems if p.cell == "D5"] == ["có thể là 8.100 hoặc 8,1"]


def test_an_earlier_figure_of_no_indicator_is_told() -> None:
    reading = read_table("""
Nội dung | ĐVT | Thực hiện | Cùng kỳ
Tạo việc làm mới | người | 8700 | 9000
Diện tích rừng trồng mới | ha | 1200 | 1100
Sản lượng thủy sản | tấn | | 77
Tổng số xã | xã | 139 | 145
""")
    assert problem(reading, "columns_not_used").observed == "“Cùng kỳ” (ô D6)"
    assert told(reading) == [*COVER, "label_unknown A5"]
    assert set(repeated(reading)) == {"new_jobs", "ntm_communes_total"}


def test_each_province_of_a_file_has_its_own_earlier_figures() -> None:
    grid = """
Nội dung | Hà Nam | | Nam Định |
 | Cùng kỳ | Thực hiện | Cùng kỳ | Thực hiện
Tổng số xã | 84 | 83 | 189 | 188
Số xã đạt chuẩn NTM | 80 | 82 | 180 | 187
"""
    rows = [["BÁO CÁO 6 THÁNG ĐẦU NĂM 2021"], *rows_of(grid)]
    reading = read(write_xlsx({"Sheet1": rows}, ("B2:C2", "D2:E2")))
    assert {part.province_id: set(repeated(part).values()) for part in reading.parts} == {
        "ha-nam": {"84 · 84 · B4", "80 · 80 · B5"},
        "nam-dinh": {"189 · 189 · D4", "180 · 180 · D5"},
    }


def test_a_document_repeats_figures_too() -> None:
    table = rows_of("Nội dung | Thực hiện | Cùng kỳ\nTổng số xã | 139 | 145\nSố xã đạt chuẩn NTM | 138 | 120")
    reading = read(write_docx(HEAD.splitlines(), table))
    assert {o.indicator_code: o.previous for o in reading.observations if o.previous is not None} == {
        "ntm_communes_total": 145,
        "ntm_communes_certified": 120,
    }
