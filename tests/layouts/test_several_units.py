"""Tables with the figures of several provinces or half-years: every part reads as a file of its own would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from papers import CATALOGUE, TITLE, Row, problem, read, rows_of, said, told, write_csv, write_docx, write_xlsx

from expectations.judgement import judge_alone
from transforms.observation import Reading

HEAD = [[line] for line in TITLE[1:]]
TWO = {
    ("ha-nam", "2021H1"): {"ntm_communes_total": "83", "ntm_communes_certified": "82"},
    ("nam-dinh", "2021H1"): {"ntm_communes_total": "188", "ntm_communes_certified": "187"},
}
TOTAL = {("toan-cum", "2021H1"): {"ntm_communes_total": "271", "ntm_communes_certified": "269"}}
Parts = Mapping[tuple[str, str], Mapping[str, str]]


def parts(reading: Reading) -> dict[tuple[str, str], dict[str, str]]:
    return {(part.province_id, part.period_code): said(part) for part in reading.parts}


def all_told(reading: Reading) -> list[str]:
    """What is told of the file, and of its parts with their province; the line that gave the half-year is left out."""
    own = [text for text in told(reading) if not text.startswith("cover_from_text")]
    return own + [f"{part.province_id}: {text}" for part in reading.parts for text in told(part)]


@dataclass(frozen=True)
class Paper:
    """A sheet below a title, the figures of its parts, and what is told besides."""

    name: str
    grid: str
    says: Parts
    tells: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()


ACROSS = (
    Paper(
        "provinces as columns, the cluster's total, a note",
        """
TT | Nội dung | ĐVT | Hà Nam | UBND tỉnh Nam Định | Toàn cụm | Ghi chú
1 | Tổng số xã | xã | 83 | 188 | 271 | theo quyết định
2 | Số xã đạt chuẩn NTM | xã | 82 | 187 | 269
""",
        {**TWO, **TOTAL},
    ),
    Paper(
        "plan and figures under each province, numbers of columns, signatures",
        """
TT | Nội dung | ĐVT | Hà Nam | | Nam Định |
 | | | Kế hoạch | Thực hiện | Kế hoạch | Thực hiện
A | B | C | 1 | 2 | 3 | 4
1 | Tổng số xã | xã | 80 | 83 | 180 | 188
2 | Số xã đạt chuẩn NTM | xã | 80 | 82 | 180 | 187
Người lập biểu | | | Chủ tịch
""",
        TWO,
        merged=("D2:E2", "F2:G2"),
    ),
    Paper(
        "provinces under plan and figures",
        """
TT | Nội dung | Kế hoạch | | Thực hiện |
 | | Hà Nam | Nam Định | Hà Nam | Nam Định
1 | Tổng số xã | 80 | 90 | 83 | 188
2 | Số xã đạt chuẩn NTM | 80 | 90 | 82 | 187
""",
        TWO,
    ),
    Paper(
        "the provinces in another order in the second table",
        """
Nội dung | Hà Nam | Nam Định
Tổng số xã | 83 | 188

Nội dung | Nam Định | Hà Nam
Số xã đạt chuẩn NTM | 187 | 82
Tạo việc làm mới | 3 | 4
""",
        {
            ("ha-nam", "2021H1"): {**TWO["ha-nam", "2021H1"], "new_jobs": "4"},
            ("nam-dinh", "2021H1"): {**TWO["nam-dinh", "2021H1"], "new_jobs": "3"},
        },
    ),
    Paper(
        "no header over the labels",
        """
 | Hà Nam | Nam Định
Tổng số xã | 83 | 188
Số xã đạt chuẩn NTM | 82 | 187
""",
        TWO,
    ),
    Paper(
        "the year before under each province, changes, and the unit in a line above",
        """
 | | | Đơn vị: triệu đồng
Nội dung | Hà Nam | | | Nam Định | |
 | Cùng kỳ | Thực hiện | So với cùng kỳ (%) | Cùng kỳ | Thực hiện | So với cùng kỳ (%)
Thu ngân sách nhà nước | 4000000 | 5000000 | 125 | 2000000 | 1000000 | 50
Tổng số xã | 83 | 83 | | 188 | 188
""",
        {
            ("ha-nam", "2021H1"): {
                "budget_revenue": "5000",
                "budget_revenue_growth": "25",
                "ntm_communes_total": "83",
            },
            ("nam-dinh", "2021H1"): {
                "budget_revenue": "1000",
                "budget_revenue_growth": "-50",
                "ntm_communes_total": "188",
            },
        },
    ),
    Paper(
        "names that are no unit's of this period are told, a near label is asked once",
        """
Nội dung | Hà Nam | Nam Định | Hà Tây | Bắc Giang | Hưng Yên (quý III) | Bình quân
Tổng số xã | 83 | 188 | 1 | 2 | 3 | 4
Số xã đạt chuẩn NTM | 82 | 187 | 1 | 2 | 3 | 4
Số doanh nghiệp mới đăng ký thành lập | 5 | 6 | | | |
""",
        TWO,
        ("label_proposed A5", *(f"unit_unknown {column}2" for column in "DEFG")),
    ),
)
DOWN = (
    Paper(
        "provinces as rows, a total below",
        """
TT | Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM
1 | Hà Nam | 83 | 82
2 | Nam Định | 188 | 187
 | Tổng cộng | 271 | 269
Nơi nhận:
- UBND tỉnh Bắc Ninh
""",
        {**TWO, **TOTAL},
    ),
    Paper(
        "headings over groups of columns, a label of two texts, changes, a row of numbers",
        """
TT | Tỉnh | Nông thôn mới | | Bằng khen cấp tỉnh | | Thu NSNN (tỷ đồng) | |
 | | Tổng số xã | Số xã đạt chuẩn NTM | Tập thể | Cá nhân | Kế hoạch | Thực hiện | Tăng, giảm so với cùng kỳ (%)
A | B | 1 | 2 | 3 | 4 | 5 | 6 | 7
1 | Hà Nam | 83 | 82 | 1 | 2 | 100 | 200 | 5.5
2 | Nam Định | 188 | 187 | x | … | 100 | 300 | -3
""",
        {
            ("ha-nam", "2021H1"): {
                **TWO["ha-nam", "2021H1"],
                "provincial_certificates_collectives": "1",
                "provincial_certificates_individuals": "2",
                "budget_revenue": "200",
                "budget_revenue_growth": "5.5",
            },
            ("nam-dinh", "2021H1"): {
                **TWO["nam-dinh", "2021H1"],
                "provincial_certificates_collectives": "none_arising",
                "provincial_certificates_individuals": "not_yet_available",
                "budget_revenue": "300",
                "budget_revenue_growth": "-3",
            },
        },
    ),
    Paper(
        "a label whose part below is of another world is not taken",
        """
Đơn vị | Tổng số xã | Thu NSNN (tỷ đồng) |
 | | Nội địa | Xuất nhập khẩu
Hà Nam | 83 | 5 | 6
Nam Định | 188 | 7 | 8
""",
        {key: {"ntm_communes_total": values["ntm_communes_total"]} for key, values in TWO.items()},
        ("label_unknown C3", "label_unknown D3"),
    ),
    Paper(
        "names that are no unit's are told, with other words for the country and the mean",
        """
Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM
Hà Nam | 83 | 82
Hải Dươn | 5 | 6
Hà Tây (quý III) | 5 | 6
Nam Định | 188 | 187
Cả nước | 5 | 6
""",
        TWO,
        ("unit_unknown A4", "unit_unknown A5", "unit_unknown A7"),
    ),
    Paper(
        "two tables of the provinces below each other",
        """
Bảng 1
Đơn vị | Tổng số xã
Hà Nam | 83
Nam Định | 188

Bảng 2
Đơn vị | Số xã đạt chuẩn NTM
Nam Định | 187
Hà Nam | 82
""",
        TWO,
    ),
)
BLOCKS = (
    Paper(
        "a block for each province with a header of its own",
        """
I. Hà Nam
Nội dung | Thực hiện
Tổng số xã | 83
Số xã đạt chuẩn NTM | 82
II. Tỉnh Nam Định
Nội dung | Thực hiện
Tổng số xã | 188
Số xã đạt chuẩn NTM | 187
""",
        TWO,
    ),
    Paper(
        "provinces as section rows of one table, one without figures yet",
        """
TT | Nội dung | Thực hiện
I | Hà Nam |
1 | Tổng số xã | 83
2 | Số xã đạt chuẩn NTM | 82
II | Nam Định |
1 | Tổng số xã | 188
2 | Số xã đạt chuẩn NTM | 187
III | Hà Nam |
3 | Tạo việc làm mới | 5
""",
        {**TWO, ("ha-nam", "2021H1"): {**TWO["ha-nam", "2021H1"], "new_jobs": "5"}},
    ),
    Paper(
        "labelled lines over each block of the form's columns",
        """
Đơn vị báo cáo: | Hà Nam
Chỉ tiêu | Đơn vị tính | Giá trị | Ước tính | Trạng thái
Tổng số xã | xã | 83
Số xã đạt chuẩn nông thôn mới | xã | 82 | x
Đơn vị báo cáo: | Nam Định
Chỉ tiêu | Đơn vị tính | Giá trị | Ước tính | Trạng thái
Tổng số xã | xã | 188
Số xã đạt chuẩn nông thôn mới | xã | | | chưa có số liệu
""",
        {
            ("ha-nam", "2021H1"): {"ntm_communes_total": "83", "ntm_communes_certified": "~82"},
            ("nam-dinh", "2021H1"): {"ntm_communes_total": "188", "ntm_communes_certified": "not_yet_available"},
        },
    ),
)
LISTS = (
    Paper(
        "a long list by name and by code",
        """
STT | Tỉnh | Chỉ tiêu | Giá trị | ĐVT
1 | Hà Nam | Tổng số xã | 83 | xã
2 | Nam Định | ntm_communes_certified | 187 | xã
3 | Hà Nam | A1 | 82 | xã
4 | Nam Định | Tổng số xã | 188 | xã
5 | Hải Dươn | Tổng số xã | 5 | xã
6 | Hải Dươn | Số xã đạt chuẩn NTM | 5 | xã
7 | Nam Định | Diện tích rừng | 5 | ha
""",
        TWO,
        ("unit_unknown B7", "nam-dinh: label_unknown C9"),
    ),
    Paper(
        "names of provinces once over their rows",
        """
Đơn vị | Nội dung | Kết quả
Hà Nam | Tổng số xã | 83
 | Số xã đạt chuẩn NTM | 82
Nam Định | Tổng số xã | 188
 | Số xã đạt chuẩn NTM | 187
""",
        TWO,
    ),
)


@pytest.mark.parametrize("paper", (*ACROSS, *DOWN, *BLOCKS, *LISTS), ids=lambda paper: paper.name)
def test_a_paper_says_this_of_each_and_tells_that(paper: Paper) -> None:
    reading = read(write_xlsx({"Sheet1": [*HEAD, *rows_of(paper.grid)]}, paper.merged))
    assert not reading.is_rejected, reading.problems
    assert parts(reading) == paper.says
    assert all_told(reading) == list(paper.tells)
    assert (reading.province_id, reading.period_code, reading.observations) == ("", "2021H1", ())
    assert {part.sha256 for part in reading.parts} == {reading.sha256}
