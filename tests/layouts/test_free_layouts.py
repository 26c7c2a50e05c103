"""Tables that provinces draw themselves: what must be read from each, or what must be asked."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from papers import TITLE, read, rows_of, said, told, write_xlsx

COVER = ["cover_from_text A1", "cover_from_text A2"]
HEAD = "\n".join(TITLE) + "\n"


@dataclass(frozen=True)
class Layout:
    """A sheet below the two title lines, the observations that come of it, and what is told of it besides."""

    name: str
    grid: str
    says: dict[str, str]
    tells: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()


LAYOUTS = (
    Layout(
        "plain table",
        """
TT | Nội dung | ĐVT | Thực hiện | Ghi chú
1 | Số doanh nghiệp thành lập mới | doanh nghiệp | 650 |
2 | Tỷ lệ hộ nghèo | % | 2.5 | ước
""",
        {"new_enterprises": "650", "poverty_rate": "2.5"},
    ),
    Layout(
        "numbered labels, units in brackets, footnote marks",
        """
Chỉ tiêu | Kết quả
I. KINH TẾ |
1. Tổng vốn đầu tư toàn xã hội (nghìn tỷ đồng) | 17.5
a) Thu ngân sách nhà nước trên địa bàn (tỷ đồng) (*) | 9200
- Số lượt khách du lịch (lượt khách) | 120000
+ Số lao động được tạo việc làm mới¹ | 8700
2.1. Tỷ lệ hộ nghèo (1) | 2.5
Trong đó: Số xã đạt chuẩn NTM (xã) | 139
""",
        {
            "social_investment": "17500",
            "budget_revenue": "9200",
            "tourist_visits": "120000",
            "new_jobs": "8700",
            "poverty_rate": "2.5",
            "ntm_communes_certified": "139",
        },
    ),
    Layout(
        "cities and districts beside the whole province: a city of its name is not the province",
        """
TT | Chỉ tiêu | ĐVT | TP Hưng Yên | Huyện Ân Thi | Toàn tỉnh
1 | Số doanh nghiệp thành lập mới | doanh nghiệp | 400 | 250 | 650
2 | Số lao động được tạo việc làm mới | người | 3000 | 5700 | 8700
""",
        {"new_enterprises": "650", "new_jobs": "8700"},
    ),
    Layout(
        "the half-year said with each label; a row of another is none of the period's",
        """
TT | Chỉ tiêu | ĐVT | Thực hiện
1 | Tổng vốn đầu tư toàn xã hội 6 tháng đầu năm 2021 | tỷ đồng | 17500
2 | Số lượt khách du lịch (6 tháng đầu năm) | lượt khách | 120000
3 | Số lao động được tạo việc làm mới 6 tháng đầu năm 2020 | người | 8700
""",
        {"social_investment": "17500", "tourist_visits": "120000"},
        ("label_unknown B6",),
    ),
    Layout(
        "units that count in figures",
        """
TT | Chỉ tiêu | ĐVT | Thực hiện
1 | Tổng vốn đầu tư toàn xã hội | 1.000 tỷ đồng | 17.5
2 | Số lượt khách du lịch (1000 lượt) | | 120
3 | Số lao động được tạo việc làm mới | 1.000 người | 8,7
""",
        {"social_investment": "17500", "tourist_visits": "120000", "new_jobs": "8700"},
    ),
    Layout(
        "scores beside ranks",
        """
TT | Chỉ số | Điểm số | Xếp hạng
1 | Chỉ số PAR Index | 84.5 | 17
2 | Chỉ số PAPI | 42.5 | 20
""",
        {"par_index_rank": "17", "papi_rank": "20"},
    ),
    Layout(
        "plan and last year beside the figures",
        """
STT | Chỉ tiêu | Đơn vị | Kế hoạch 2021 | Cùng kỳ 2020 | Thực hiện 6 tháng đầu năm 2021 | Tỷ lệ %
1 | Thu ngân sách nhà nước trên địa bàn | tỷ đồng | 16000 | 8000 | 9200 | 57.5
2 | Tạo việc làm mới | người | 20000 | 9000 | 8700 | 43.5
""",
        {"budget_revenue": "9200", "new_jobs": "8700"},
    ),
    Layout(
        "header over two rows with merged cells and a row of column numbers",
        """
TT | Chỉ tiêu | ĐVT | Kết quả thực hiện | | So sánh
 | | | 6 tháng đầu năm 2020 | 6 tháng đầu năm 2021 |
A | B | C | (1) | (2) | (3)=(2)/(1)
1 | GRDP | % | 5.1 | 5.75 |
2 | Thu ngân sách nhà nước | triệu đồng | 8000000 | 9200000 | 115
""",
        {"grdp_growth": "5.75", "budget_revenue": "9200"},
        merged=("A3:A4", "B3:B4", "C3:C4", "D3:E3"),
    ),
    Layout(
        "the unit in a line above the table",
        """
 | | | Đơn vị: triệu đồng
TT | Nội dung | Kết quả thực hiện | Ghi chú
1 | Tổng vốn đầu tư toàn xã hội | 17103000 |
2 | Tổng thu ngân sách nhà nước | 9200000 |
3 | Số xã đạt chuẩn NTM | 139 |
""",
        {"social_investment": "17103", "budget_revenue": "9200", "ntm_communes_certified": "139"},
    ),
    Layout(
        "the unit in the header of the figures",
        """
Nội dung | Số liệu (triệu đồng)
Tổng vốn đầu tư toàn xã hội | 17103000
Tổng thu ngân sách nhà nước | 9200000
""",
        {"social_investment": "17103", "budget_revenue": "9200"},
    ),
    Layout(
        "ditto marks for the unit above, x and dots for no figure",
        """
TT | Nội dung | ĐVT | Thực hiện
1 | Tổng vốn đầu tư toàn xã hội | triệu đồng | 17103000
2 | Tổng thu ngân sách nhà nước | nt | 9200000
3 | Giải nhất | giải | x
4 | Giải nhì | '" | 12
5 | Giải ba | -"- | …
6 | Giải khuyến khích | như trên | 30
""",
        {
            "social_investment": "17103",
            "budget_revenue": "9200",
            "national_student_prizes_first": "none_arising",
            "national_student_prizes_second": "12",
            "national_student_prizes_third": "not_yet_available",
            "national_student_prizes_consolation": "30",
        },
    ),
    Layout(
        "a change beside its figure",
        """
Nội dung | ĐVT | Thực hiện | Tăng, giảm so với cùng kỳ (%)
Thu ngân sách nhà nước | tỷ đồng | 9200 | 15
Số lượt khách du lịch | lượt khách | 120000 | -43.8
""",
        {
            "budget_revenue": "9200",
            "budget_revenue_growth": "15",
            "tourist_visits": "120000",
            "tourist_visits_growth": "-43.8",
        },
    ),
    Layout(
        "a bare comparison that last year's figures explain",
        """
Nội dung | ĐVT | Cùng kỳ năm trước | Thực hiện | So với cùng kỳ (%)
Thu ngân sách nhà nước | tỷ đồng | 8000 | 9200 | 115
Số lượt khách du lịch | lượt khách | 200000 | 120000 | 60
""",
        {
            "budget_revenue": "9200",
            "budget_revenue_growth": "15",
            "tourist_visits": "120000",
            "tourist_visits_growth": "-40",
        },
    ),
    Layout(
        "a bare comparison that nothing explains is asked",
        """
Nội dung | ĐVT | Thực hiện | So với cùng kỳ (%)
Thu ngân sách nhà nước | tỷ đồng | 9200 | 115
Tỷ lệ hộ nghèo | % | 2.5 |
""",
        {"budget_revenue": "9200", "budget_revenue_growth": "15", "poverty_rate": "2.5"},
        ("number_ambiguous D4",),
    ),
    Layout(
        "an estimate in the header",
        """
Chỉ tiêu | ĐVT | Ước thực hiện 6 tháng đầu năm 2021 | Ước cả năm 2021
Thu ngân sách nhà nước | tỷ đồng | 9200 | 16000
Tạo việc làm mới | lao động | 8700 | 20000
""",
        {"budget_revenue": "~9200", "new_jobs": "~8700"},
    ),
    Layout(
        "a heading with its parts below",
        """
Nội dung | Kết quả
Bằng khen cấp tỉnh |
- Tập thể | 12
- Cá nhân | 40
Cờ thi đua cấp tỉnh: tập thể | 3
Danh hiệu Chiến sĩ thi đua cấp tỉnh: cá nhân | 5
""",
        {
            "provincial_certificates_collectives": "12",
            "provincial_certificates_individuals": "40",
            "provincial_emulation_flags": "3",
            "provincial_emulation_fighters": "5",
        },
    ),
    Layout(
        "two tables below each other with different columns",
        """
TT | Nội dung | Thực hiện
1 | Tổng số xã | 139
2 | Số xã đạt chuẩn NTM | 139

Bảng 2. Kinh tế
TT | Nội dung | Kế hoạch | Thực hiện | ĐVT
1 | GRDP | 7 | 5.75 | %
2 | Tạo việc làm mới | 20000 | 8700 | người
""",
        {"ntm_communes_total": "139", "ntm_communes_certified": "139", "grdp_growth": "5.75", "new_jobs": "8700"},
    ),
    Layout(
        "two tables beside each other",
        """
Nội dung | Thực hiện | | Nội dung | Thực hiện
Tổng số xã | 139 | | Giải nhất | 1
Số xã đạt chuẩn NTM | 138 | | Giải nhì | 12
""",
        {
            "ntm_communes_total": "139",
            "ntm_communes_certified": "138",
            "national_student_prizes_first": "1",
            "national_student_prizes_second": "12",
        },
    ),
    Layout(
        "years as numbers under one header",
        """
TT | Chỉ tiêu | ĐVT | 6 tháng đầu năm | | So với cùng kỳ |
 | | | 2020 | 2021 | Số tuyệt đối | %
1 | Thu NSNN | tỷ đồng | 8000 | 9200 | 1200 | 115
2 | Tạo việc làm mới | người | 9000 | 8700 | -300 | 96.7
""",
        {"budget_revenue": "9200", "budget_revenue_growth": "15", "new_jobs": "8700"},
    ),
    Layout(
        "abbreviated headers, old spelling, a plan and a year before",
        """
TT | Nội dung chỉ tiêu | ĐVT | KH năm 2021 | TH 6T/2020 | TH 6T/2021 | So sánh (%) |
 | | | | | | KH | CK
1 | Thu NSNN trên địa bàn | tỷ đồng | 16000 | 8000 | 9200 | 57.5 | 115
2 | Tỉ lệ hộ nghèo | % | 2.2 | 2.9 | 2.5 | | |
""",
        {"budget_revenue": "9200", "poverty_rate": "2.5"},
    ),
    Layout(
        "nothing but rates under a header that says so",
        """
Nội dung | Tỷ lệ (%)
Tỷ lệ hộ nghèo | 2.5
Tỷ lệ tham gia bảo hiểm | 91.2
""",
        {"poverty_rate": "2.5", "insurance_coverage_rate": "91.2"},
    ),
    Layout(
        "a table of the year before below the one of the period",
        """
TT | Chỉ tiêu | Thực hiện
1 | Tổng số xã | 139
2 | Số xã đạt chuẩn NTM | 138

TT | Chỉ tiêu | Thực hiện 6 tháng đầu năm 2020
1 | Tổng số xã | 145
2 | Số xã đạt chuẩn NTM | 120
""",
        {"ntm_communes_total": "139", "ntm_communes_certified": "138"},
    ),
    Layout(
        "figures of one month and running totals beside those of the period",
        """
Nội dung | Thực hiện tháng 6 | Thực hiện 6 tháng đầu năm 2021 | Lũy kế từ đầu năm
Tạo việc làm mới | 100 | 8700 | 8700
Giải nhất | 1 | 2 | 2
""",
        {"new_jobs": "8700", "national_student_prizes_first": "2"},
    ),
    Layout(
        "no header at all, one column of figures",
        """
Tổng số xã | xã | 139
Số xã đạt chuẩn NTM | xã | 138
Tỷ lệ hộ nghèo | % | 2.5
""",
        {"ntm_communes_total": "139", "ntm_communes_certified": "138", "poverty_rate": "2.5"},
    ),
    Layout(
        "signatures and scratch numbers around the table",
        """
Số: 05/BC-UBND | | | Hưng Yên, ngày 05 tháng 7 năm 2021
TT | Nội dung | Thực hiện | | 4321
1 | Tổng số xã | 139
2 | Số xã đạt chuẩn NTM | 138 | | 77
Ghi chú: số liệu do Sở Nông nghiệp cung cấp
Nơi nhận: | | CHỦ TỊCH
- Như trên; | | Nguyễn Văn A
""",
        {"ntm_communes_total": "139", "ntm_communes_certified": "138"},
        ("cell_unclaimed E4", "cell_unclaimed E6"),
    ),
    Layout(
        "two columns that could be the figures",
        """
Nội dung | Kết quả | Thực hiện
Tổng số xã | 139 | 140
Số xã đạt chuẩn NTM | 138 | 139
""",
        {},
        ("value_column_unclear A3",),
    ),
    Layout(
        "nothing but plans",
        """
Nội dung | Kế hoạch | Cùng kỳ
Tổng số xã | 139 | 140
Số xã đạt chuẩn NTM | 138 | 139
""",
        {},
        ("value_column_unclear A3",),
    ),
    Layout(
        "a label that is only nearly one, and one of another world",
        """
Nội dung | Thực hiện
Tổng số xã | 139
Số xã đạt chuẩn NTM | 138
Số doanh nghiệp mới đăng ký thành lập | 650
Diện tích rừng trồng mới | 1200
""",
        {"ntm_communes_total": "139", "ntm_communes_certified": "138"},
        ("label_proposed A6", "label_unknown A7"),
    ),
    Layout(
        "money without any unit is read and asked",
        """
Nội dung | Thực hiện
Tổng số xã | 139
Thu ngân sách nhà nước | 9200
""",
        {"ntm_communes_total": "139", "budget_revenue": "9200"},
        ("unit_assumed B5",),
    ),
    Layout(
        "figures as texts with their own units",
        """
Nội dung | Thực hiện
Thu ngân sách nhà nước | 9,2 nghìn tỷ đồng
Số lượt khách du lịch | ước đạt 2,37 triệu lượt
Số xã đạt chuẩn NTM | '138/139
PAR Index: hạng | '17/63
""",
        {
            "budget_revenue": "9200",
            "tourist_visits": "~2370000",
            "ntm_communes_certified": "138",
            "ntm_communes_total": "139",
            "par_index_rank": "17",
            "par_index_rank_out_of": "63",
        },
    ),
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=[one.name for one in LAYOUTS])
def test_a_layout_says_this_and_tells_that(layout: Layout) -> None:
    reading = read(write_xlsx({"Sheet1": rows_of(HEAD + layout.grid.strip("\n"))}, layout.merged))
    is_refused = not layout.says
    assert said(reading) == layout.says
    assert told(reading) == sorted([*layout.tells, *([] if is_refused else COVER)])
    assert (reading.province_id, reading.period_code) == ("hung-yen", "2021H1")
    assert reading.is_rejected == is_refused
