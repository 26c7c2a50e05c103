"""Tables with the figures of several provinces or half-years: every part reads as a file of its own would."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import openpyxl
import pytest
from papers import CATALOGUE, TITLE, Row, problem, read, rows_of, said, told, write_csv, write_docx, write_xlsx

from expectations.judgement import judge_alone
from transforms.observation import Reading
from transforms.template.blank import render_template

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
        "codes of provinces, a word for the figure itself, texts with units",
        """
STT | Mã | Địa phương | Doanh nghiệp thành lập mới | | PAR Index: hạng | Lượt khách du lịch
 | | | Số lượng | So với cùng kỳ (%) | |
1 | 35 | Hà Nam | 300 | tăng 5,5% | '17/63 | ước đạt 2,37 triệu lượt
2 | 36 | Nam Định | 400 | bằng 94% | x | 5000
""",
        {
            ("ha-nam", "2021H1"): {
                "new_enterprises": "300",
                "new_enterprises_growth": "5.5",
                "par_index_rank": "17",
                "par_index_rank_out_of": "63",
                "tourist_visits": "~2370000",
            },
            ("nam-dinh", "2021H1"): {
                "new_enterprises": "400",
                "new_enterprises_growth": "-6",
                "par_index_rank": "none_arising",
                "tourist_visits": "5000",
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


TABLE = rows_of(
    """
Nội dung | ĐVT | Thực hiện
Tổng số xã | xã | 83
Số xã đạt chuẩn NTM | xã | 82
"""
)
COMMUNES = {"ntm_communes_total": "83", "ntm_communes_certified": "82"}
OTHER = [TABLE[0], ["Tổng số xã", "xã", 188], ["Số xã đạt chuẩn NTM", "xã", 187]]
FORM = rows_of(
    """
STT | Chỉ tiêu | Đơn vị tính | Giá trị | Ước tính | Cách so sánh | Trạng thái | Ghi chú
1 | Tổng số xã | xã | 83 | | | |
2 | Số xã đạt chuẩn nông thôn mới | xã | 82 | x | | |
3 | Tốc độ tăng tổng sản phẩm trên địa bàn (GRDP) | % | 105.5 | | bằng % | | ghi nhớ
4 | Số doanh nghiệp thành lập mới | doanh nghiệp | | | | chưa có số liệu |
"""
)
FORM_SAYS = {
    "ntm_communes_total": "83",
    "ntm_communes_certified": "~82",
    "grdp_growth": "5.5",
    "new_enterprises": "not_yet_available",
}


def sheets(**rows: Sequence[Row]) -> Reading:
    return read(write_xlsx({name.replace("_", " "): grid for name, grid in rows.items()}))


# --- sheets ----------------------------------------------------------------------------------------------------


def test_a_sheet_for_each_province_by_its_name() -> None:
    reading = read(write_xlsx({"Bìa": HEAD, "1. Hà Nam": TABLE, "Nam Định": OTHER, "Cụm": TABLE}))
    assert parts(reading) == {**TWO, ("toan-cum", "2021H1"): COMMUNES}
    assert all_told(reading) == []


def test_a_sheet_for_each_province_by_its_lines() -> None:
    reading = read(write_xlsx({"a": [["UBND TỈNH HÀ NAM"], *HEAD, *TABLE], "b": [["Tỉnh Nam Định"], *HEAD, *OTHER]}))
    assert parts(reading) == TWO
    assert all_told(reading) == []


def test_the_form_on_a_sheet_for_each_province() -> None:
    cover = [["Kỳ báo cáo", "2021H1"], ["Tính chất số liệu", "Chính thức"], ["Đơn vị báo cáo", "Hà Nam"]]
    other = [*cover[:2], ["Đơn vị báo cáo", "Nam Định"]]
    for named in ({"Hà Nam": [*HEAD, *FORM], "Nam Định": FORM}, {"1": [*cover, *FORM], "2": [*other, *FORM]}):
        reading = read(write_xlsx(named))
        assert parts(reading) == dict.fromkeys(TWO, FORM_SAYS)
        assert all_told(reading) == []


def test_covers_head_the_sheets_behind_them() -> None:
    first, second = [["UBND tỉnh Hà Nam"], *HEAD], [["UBND tỉnh Nam Định"], *HEAD]
    reading = read(write_xlsx({"Bìa": first, "Biểu": TABLE, "Bìa (2)": second, "Biểu (2)": OTHER}))
    assert parts(reading) == TWO


def test_a_sheet_of_nobody_and_one_of_two_are_told_and_not_read() -> None:
    reading = read(
        write_xlsx(
            {
                "Hà Nam": [*HEAD, *TABLE],
                "Nam Định": OTHER,
                "Hà Tây": TABLE,
                "Hưng Yên": [["Đơn vị báo cáo: Thái Bình"], *TABLE],
            }
        )
    )
    assert parts(reading) == TWO
    assert [(p.sheet, p.expected) for p in reading.problems if p.rule_code == "unit_unknown"] == [
        ("Hưng Yên", "tên trang và lời trong trang ghi hai đơn vị khác nhau"),
        ("Hà Tây", "trang không ghi là của đơn vị nào"),
    ]


# --- no figures yet --------------------------------------------------------------------------------------------

DECLARED = (
    "Nội dung | Hà Nam | Nam Định (chưa có số liệu)\nTổng số xã | 83 |\nSố xã đạt chuẩn NTM | 82 |",
    "Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM\nHà Nam | 83 | 82\nNam Định (chưa có số liệu) | |",
    "Hà Nam\nNội dung | Kết quả\nTổng số xã | 83\nSố xã đạt chuẩn NTM | 82\nNam Định (chưa có số liệu)",
)


@pytest.mark.parametrize("grid", DECLARED, ids=["across", "down", "block"])
def test_a_province_that_declares_no_figures_has_a_part_that_says_so(grid: str) -> None:
    reading = read(write_xlsx({"Sheet1": [*HEAD, *rows_of(grid)]}))
    by_province = {part.province_id: part for part in reading.parts}
    assert said(by_province["ha-nam"]) == COMMUNES
    silent = by_province["nam-dinh"]
    assert {o.state for o in silent.observations} == {"not_yet_available"}
    assert {o.raw_text for o in silent.observations} == {"Nam Định (chưa có số liệu)"}
    assert told(silent) == [f"declared_empty {silent.observations[0].cell}"]
    assert {f.rule_code for f in judge_alone(CATALOGUE, silent, "tệp.xlsx")} == {"declared_empty"}


def test_figures_of_a_province_that_declares_none_are_read_and_told() -> None:
    grid = "Nội dung | Hà Nam | Nam Định (chưa có số liệu)\nTổng số xã | 83 | 188\nSố xã đạt chuẩn NTM | 82 |"
    part = read(write_xlsx({"Sheet1": [*HEAD, *rows_of(grid)]})).parts[1]
    assert (said(part)["ntm_communes_total"], said(part)["ntm_communes_certified"]) == ("188", "not_yet_available")
    assert "1 ô số liệu" in problem(part, "declared_empty").detail


# --- half-years ------------------------------------------------------------------------------------------------

HALVES = {
    ("hung-yen", "2021H1"): COMMUNES,
    ("hung-yen", "2020H2"): {"ntm_communes_total": "81", "ntm_communes_certified": "80"},
}


def test_a_column_for_each_half_year() -> None:
    grid = """
Nội dung | ĐVT | 6 tháng đầu năm 2021 | 6 tháng cuối năm 2020
Tổng số xã | xã | 83 | 81
Số xã đạt chuẩn NTM | xã | 82 | 80
"""
    reading = read(write_xlsx({"Sheet1": [[TITLE[0]], *rows_of(grid)]}))
    assert parts(reading) == HALVES
    assert (reading.province_id, reading.period_code) == ("hung-yen", "")
    assert told(reading) == ["cover_from_text A1"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"6 tháng đầu năm 2021": []}, {"2020H2": []}),
        ({"a": HEAD}, {"b": [["Số liệu 6 tháng cuối năm 2020"]]}),
    ],
    ids=["by name", "by lines"],
)
def test_a_sheet_for_each_half_year(first: dict[str, list[Row]], second: dict[str, list[Row]]) -> None:
    before = [TABLE[0], ["Tổng số xã", "xã", 81], ["Số xã đạt chuẩn NTM", "xã", 80]]
    grids = {name: [[TITLE[0]], *head, *TABLE] for name, head in first.items()}
    grids |= {name: [*head, *before] for name, head in second.items()}
    reading = read(write_xlsx(grids))
    assert parts(reading) == HALVES
    assert reading.province_id == "hung-yen"


def test_provinces_and_half_years_at_once() -> None:
    nested = """
Nội dung | Hà Nam | | Nam Định |
 | 6 tháng đầu năm 2021 | 6 tháng cuối năm 2020 | 6 tháng đầu năm 2021 | 6 tháng cuối năm 2020
Tổng số xã | 83 | 1 | 188 | 2
Số xã đạt chuẩn NTM | 82 | 3 | 187 | 4
"""
    down = """
Đơn vị | Tổng số xã | | Số xã đạt chuẩn NTM |
 | 6 tháng đầu năm 2021 | 6 tháng cuối năm 2020 | 6 tháng đầu năm 2021 | 6 tháng cuối năm 2020
Hà Nam | 83 | 1 | 82 | 3
Nam Định | 188 | 2 | 187 | 4
"""
    listed = """
Tỉnh | Kỳ | Chỉ tiêu | Giá trị
Hà Nam | 2021H1 | Tổng số xã | 83
Hà Nam | 2021H1 | Số xã đạt chuẩn NTM | 82
Nam Định | 2021H1 | Tổng số xã | 188
Nam Định | 2021H1 | Số xã đạt chuẩn NTM | 187
Hà Nam | 2020H2 | Tổng số xã | 1
Hà Nam | 2020H2 | Số xã đạt chuẩn NTM | 3
Nam Định | 2020H2 | Tổng số xã | 2
Nam Định | 2020H2 | Số xã đạt chuẩn NTM | 4
"""
    before = {
        ("ha-nam", "2020H2"): {"ntm_communes_total": "1", "ntm_communes_certified": "3"},
        ("nam-dinh", "2020H2"): {"ntm_communes_total": "2", "ntm_communes_certified": "4"},
    }
    for grid in (nested, down, listed):
        reading = read(write_xlsx({"Sheet1": rows_of(grid)}))
        assert parts(reading) == {**TWO, **before}
        assert all_told(reading) == []


ONE_HALF = """
TT | Chỉ tiêu | ĐVT | Thực hiện 6 tháng đầu năm 2020 | Thực hiện 6 tháng đầu năm 2021
1 | Tổng số xã | xã | 81 | 83
2 | Số xã đạt chuẩn NTM | xã | 80 | 82
"""


def test_the_year_before_in_the_return_of_one_half_year_stays_a_comparison() -> None:
    reading = read(write_xlsx({"Sheet1": [[TITLE[0]], [TITLE[1]], *rows_of(ONE_HALF)]}))
    assert (reading.period_code, reading.parts, said(reading)) == ("2021H1", (), COMMUNES)


def test_half_years_that_are_compared_without_a_title_stay_a_question() -> None:
    grid = rows_of(ONE_HALF)
    grid[0].append("So với cùng kỳ (%)")
    reading = read(write_xlsx({"Sheet1": [[TITLE[0]], *grid]}))
    assert reading.is_rejected and problem(reading, "period_unknown")


# --- one unit after all ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "grid",
    [
        "TT | Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM\n1 | Hưng Yên | 83 | 82",
        "Nông thôn mới |\nTổng số xã | Số xã đạt chuẩn NTM\n(1) | (2)\n83 | 82",
    ],
    ids=["named", "unnamed"],
)
def test_one_row_of_figures_is_an_ordinary_return(grid: str) -> None:
    reading = read(write_xlsx({"Sheet1": [[line] for line in TITLE] + rows_of(grid)}))
    assert (reading.province_id, reading.period_code, reading.parts) == ("hung-yen", "2021H1", ())
    assert said(reading) == COMMUNES
    assert not reading.is_rejected


def test_one_return_with_names_of_others_around_stays_one() -> None:
    around = [["Nơi nhận:"], ["- UBND tỉnh Hà Nam"], ["UBND tỉnh Nam Định"]]
    remark = [*TABLE[0], "Ghi chú"], [*TABLE[1], "Nam Định"], [*TABLE[2], "Thái Bình"]
    reading = read(write_xlsx({"Sheet1": [["Đơn vị báo cáo: Hà Nam"], *HEAD, *remark, *around]}))
    assert (reading.province_id, reading.parts, said(reading)) == ("ha-nam", (), COMMUNES)


# --- trouble ---------------------------------------------------------------------------------------------------


def test_two_values_for_one_figure_of_a_province_are_a_conflict() -> None:
    grid = "Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM\nHà Nam | 83 | 82\nNam Định | 188 | 187\nHà Nam | 83 | 81"
    reading = read(write_xlsx({"Sheet1": [*HEAD, *rows_of(grid)]}))
    found = problem(reading.parts[0], "value_conflict")
    assert (found.indicator_code, found.detail) == ("ntm_communes_certified", "ô C3 và ô C5")


def test_a_name_that_is_no_unit_is_told_in_words() -> None:
    grid = "Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM\nHà Nam | 83 | 82\nHà Tây | 5 | 6\nNam Định | 188 | 187"
    reading = read(write_xlsx({"Sheet1": [*HEAD, *rows_of(grid)]}))
    assert problem(reading, "unit_unknown").cell == "A4"
    [finding] = [f for f in judge_alone(CATALOGUE, reading, "tệp.xlsx") if f.rule_code == "unit_unknown"]
    assert "ghi “Hà Tây”: không phải tên một đơn vị của Cụm; 2 ô số liệu dưới tên này" in finding.message


@pytest.mark.parametrize(
    ("head", "grid", "reason"),
    [
        (HEAD, "Danh mục | Hà Nam | Nam Định\nDiện tích rừng | 83 | 188", "tên chỉ tiêu"),
        ([], "Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM\nHà Nam | 83 | 82\nNam Định | 188 | 187", "kỳ báo cáo"),
    ],
    ids=["no indicator", "no half-year"],
)
def test_what_cannot_be_told_apart_is_refused_with_the_reason(head: list[Row], grid: str, reason: str) -> None:
    reading = read(write_xlsx({"Sheet1": [*head, *rows_of(grid)]}))
    assert reading.is_rejected and not reading.parts
    found = reading.problems[0]
    assert found.rule_code == "several_units"
    assert reason in found.detail and found.observed.startswith("Hà Nam, Nam Định; ")


def test_a_formula_without_a_value_is_unreadable_in_its_part() -> None:
    grid = "Đơn vị | Tổng số xã | Số xã đạt chuẩn NTM\nHà Nam | 83 | 82\nNam Định | 188 | 187\nCộng | =B3 | 269"
    cluster = read(write_xlsx({"Sheet1": [*HEAD, *rows_of(grid)]})).parts[2]
    assert said(cluster) == {"ntm_communes_total": "unreadable", "ntm_communes_certified": "269"}
    assert problem(cluster, "figure_unreadable").cell == "B5"


def test_every_cell_of_a_table_is_accounted_for() -> None:
    grid = """
Nội dung | Hà Nam | Nam Định | | 77
Tổng số xã | 83 | 188 | | 78
Số xã đạt chuẩn NTM | 82 | 187
"""
    reading = read(write_xlsx({"Sheet1": [*HEAD, *rows_of(grid)]}))
    assert parts(reading) == TWO
    assert all_told(reading) == ["cell_unclaimed E2", "cell_unclaimed E3"]


# --- other formats ---------------------------------------------------------------------------------------------


def test_a_csv_and_a_word_report_say_the_same() -> None:
    grid = rows_of(ACROSS[0].grid)
    assert parts(read(write_csv([*HEAD, *grid]))) == {**TWO, **TOTAL}
    report = read(write_docx([TITLE[1], "Kết quả cụ thể như sau:"], rows_of(DOWN[0].grid)[:5]))
    assert parts(report) == {**TWO, **TOTAL}
    assert {text.split()[0] for text in told(report)} == {"cover_from_text"}
    headed = read(write_docx([TITLE[1]], [["Hà Nam"], *TABLE], [["Nam Định"], *OTHER]))
    assert parts(headed) == TWO


def test_columns_of_provinces_added_to_the_form_are_read() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_template(CATALOGUE, "2021H1")))
    sheet = book["A. Nông thôn mới"]
    for row, values in ((5, ("Hà Nam", "Nam Định")), (7, (82, 187)), (8, (83, 188))):
        for column, value in zip((10, 11), values, strict=True):
            sheet.cell(row, column, value)
    stream = io.BytesIO()
    book.save(stream)
    found = parts(read(stream.getvalue()))
    assert {key: found[key] for key in TWO} == TWO
