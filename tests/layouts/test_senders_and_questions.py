"""Who sends a free table and for which half-year, tables of many provinces, questions about labels, other formats."""

from __future__ import annotations

from dataclasses import replace

import pytest
from papers import CATALOGUE, TITLE, problem, read, rows_of, said, told, write_csv, write_docx, write_xlsx

from catalogue.model import LabelAnswer
from expectations.judgement import judge_alone
from transforms.label_match import match_surely, propose
from transforms.observation import Reading

TABLE = rows_of(
    """
Nội dung | ĐVT | Thực hiện
Tổng số xã | xã | 139
Số xã đạt chuẩn NTM | xã | 138
"""
)
COMMUNES = {"ntm_communes_total": "139", "ntm_communes_certified": "138"}


def headed(*lines: str) -> Reading:
    return read(write_xlsx({"Biểu 1": [*(line.split("|") for line in lines), *TABLE]}))


@pytest.mark.parametrize(
    ("lines", "province_id", "period_code"),
    [
        (TITLE, "hung-yen", "2021H1"),
        (("TỈNH HƯNG YÊN", "Kết quả 6 tháng cuối năm 2021"), "hung-yen", "2021H2"),
        (("Đơn vị báo cáo: Nam Định", "Kỳ báo cáo: 6 tháng đầu năm 2021"), "nam-dinh", "2021H1"),
        (("Tỉnh|Nam Định", "Kỳ báo cáo|2021H1"), "nam-dinh", "2021H1"),
        (
            ("Kính gửi: UBND tỉnh Hưng Yên", "UBND tỉnh Nam Định", "Báo cáo 6 tháng đầu năm 2021"),
            "nam-dinh",
            "2021H1",
        ),
        (
            ("ỦY BAN NHÂN DÂN TỈNH HÀ NAM", "KẾT QUẢ 6 THÁNG ĐẦU NĂM, NHIỆM VỤ 6 THÁNG CUỐI NĂM 2021"),
            "ha-nam",
            "2021H1",
        ),
        (("UBND TỈNH HÀ NAM", "6 tháng đầu năm 2021 so với cùng kỳ 6 tháng đầu năm 2020"), "ha-nam", "2021H1"),
        (("Hà Nam, ngày 05 tháng 7 năm 2021", "Biểu số liệu 6 tháng đầu năm 2021"), "ha-nam", "2021H1"),
        (("UBND TỈNH HÀ NAM", "Số liệu tháng 6 và 6 tháng năm 2021"), "ha-nam", "2021H1"),
        (("UBND TỈNH HÀ NAM", "Biểu số liệu 6T đầu năm 2021"), "ha-nam", "2021H1"),
    ],
)
def test_lines_above_the_table_name_sender_and_period(
    lines: tuple[str, ...], province_id: str, period_code: str
) -> None:
    reading = headed(*lines)
    assert (reading.province_id, reading.period_code, reading.is_rejected) == (province_id, period_code, False)
    assert said(reading) == COMMUNES


def test_a_first_sheet_names_them_for_all() -> None:
    reading = read(write_xlsx({"Trang 1": [[line] for line in TITLE], "Biểu": TABLE}))
    assert (reading.province_id, reading.period_code, said(reading)) == ("hung-yen", "2021H1", COMMUNES)


def test_a_header_names_the_period_where_nothing_else_does() -> None:
    rows = [["Nội dung", "Thực hiện 6 tháng đầu năm 2021"], ["Tổng số xã", 139], ["Số xã đạt chuẩn NTM", 138]]
    assert said(read(write_xlsx({"Biểu": [["UBND tỉnh Hà Nam"], *rows]}))) == COMMUNES


def test_two_names_are_no_name() -> None:
    both = headed("UBND tỉnh Hưng Yên", "Báo cáo của tỉnh Nam Định 6 tháng đầu năm 2021")
    assert both.is_rejected and said(both) == {}
    found = problem(both, "province_unknown")
    assert "Hưng Yên (ô A1 trang “Biểu 1”), Nam Định (ô A2" in found.detail
    both = headed("UBND tỉnh Hưng Yên", "Số liệu 6 tháng đầu năm 2021", "Số liệu 6 tháng đầu năm 2020")
    assert "6 tháng đầu năm 2021 (ô A2" in problem(both, "period_unknown").detail
    assert problem(headed("UBND tỉnh Hưng Yên"), "period_unknown")


def test_the_letterhead_of_a_province_outside_the_cluster_is_told() -> None:
    found = problem(headed("UBND TỈNH NGHỆ AN", "6 tháng đầu năm 2021"), "province_unknown")
    assert (found.cell, found.observed) == ("A1", "UBND TỈNH NGHỆ AN")
    sent = headed("Kính gửi: Cụm trưởng", "UBND tỉnh", "6 tháng đầu năm 2021")
    assert (sent.province_id, said(sent)) == ("", COMMUNES)


def test_a_declared_non_return_is_told_and_its_province_known() -> None:
    table = [TABLE[0], *(row[:2] for row in TABLE[1:])]
    lines = [["Đơn vị báo cáo: Nam Định (chưa có số liệu)"], ["Kỳ báo cáo: 6 tháng đầu năm 2021"]]
    reading = read(write_xlsx({"Biểu": [*lines, *table]}))
    assert (reading.province_id, set(said(reading).values())) == ("nam-dinh", {"not_yet_available"})
    assert {o.cell for o in reading.observations} == {"A1"}
    assert problem(reading, "declared_empty").detail == "Tệp không có số liệu nào."
    assert told(reading) == ["declared_empty A1"]
    assert {f.rule_code for f in judge_alone(CATALOGUE, reading, "tệp.xlsx")} == {"declared_empty"}
    filled = read(write_xlsx({"Biểu": [*lines, *TABLE]}))
    assert {code: value for code, value in said(filled).items() if value != "not_yet_available"} == COMMUNES
    assert "2 ô số liệu" in problem(filled, "declared_empty").detail
    assert "declared_empty" not in {p.rule_code for p in headed(*TITLE).problems}
    alone = read(write_xlsx({"Biểu": lines}))
    assert alone.is_rejected and "Nam Định (chưa có số liệu)" in problem(alone, "file_not_a_return").detail


def test_a_list_of_addressees_is_no_table_of_provinces() -> None:
    below = [["Nơi nhận:"], ["- UBND tỉnh Hà Nam"], ["- UBND tỉnh Nam Định"]]
    reading = read(write_xlsx({"Sheet1": [["Đơn vị báo cáo: Hưng Yên"], [TITLE[1]], *TABLE, *below]}))
    assert (reading.province_id, said(reading)) == ("hung-yen", COMMUNES)


def test_the_unclear_column_is_told_with_its_rivals() -> None:
    rows = [["Nội dung", "Kết quả", "Thực hiện"], ["Tổng số xã", 139, 140], ["Số xã đạt chuẩn NTM", 138, 139]]
    reading = read(write_xlsx({"Sheet1": [*([line] for line in TITLE), *rows]}))
    [finding] = [f for f in judge_alone(CATALOGUE, reading, "tệp.xlsx") if f.severity == "critical"]
    assert (finding.rule_code, finding.sheet, finding.cell) == ("value_column_unclear", "Sheet1", "A3")
    assert "2 cột có thể chứa số liệu (“Kết quả”, “Thực hiện”)" in finding.message


def test_columns_that_are_not_the_figures_are_named() -> None:
    rows = [["Nội dung", "Kế hoạch", "Thực hiện"], ["Tổng số xã", 139, 140], ["Số xã đạt chuẩn NTM", 138, 139]]
    reading = read(write_xlsx({"Sheet1": [*([line] for line in TITLE), *rows]}))
    assert problem(reading, "columns_not_used").observed == "“Kế hoạch”"
    assert "columns_not_used" not in {p.rule_code for p in headed(*TITLE).problems}


# --- questions -------------------------------------------------------------------------------------------------

NEARLY = "Số doanh nghiệp mới đăng ký thành lập"
ASKING = write_xlsx({"Sheet1": [*([line] for line in TITLE), *TABLE, [NEARLY, "doanh nghiệp", 650]]})


def answered(**changes: str) -> Reading:
    row = LabelAnswer(NEARLY.upper(), "", "new_enterprises", "2021H1", "", "Văn phòng Cụm", "tỉnh trả lời")
    return read(ASKING, replace(CATALOGUE, label_answers=(replace(row, **changes),)))


def test_a_near_label_is_a_question_until_it_is_answered() -> None:
    asked = read(ASKING)
    found = problem(asked, "label_proposed")
    assert (found.indicator_code, found.cell, found.observed, found.detail) == ("new_enterprises", "A6", NEARLY, "650")
    assert found.expected == "Số doanh nghiệp thành lập mới"
    assert said(asked) == COMMUNES
    for kept in (answered(), answered(province_id="hung-yen")):
        assert said(kept) == {**COMMUNES, "new_enterprises": "650"}
        assert "label_proposed" not in {p.rule_code for p in kept.problems}
    for other in (
        answered(province_id="ha-nam"),
        answered(valid_from="2021H2"),
        answered(valid_from="2019H1", valid_to="2020H2"),
    ):
        assert said(other) == COMMUNES


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Số doanh nghiệp thành lập mơi", "new_enterprises"),
        ("Tỷ lệ người dân tham gia bảo hiểm y tế, xã hội", "insurance_coverage_rate"),
        ("Số giải học sinh giỏi quốc gia", ""),
        ("Diện tích rừng trồng mới", ""),
        ("Tổng", ""),
        ("Số xã", ""),
    ],
)
def test_only_one_near_name_is_proposed(label: str, code: str) -> None:
    assert propose(CATALOGUE, label) == code or match_surely(CATALOGUE, label).is_sure


def test_a_unit_that_does_not_fit_is_no_proposal() -> None:
    assert propose(CATALOGUE, NEARLY, "doanh nghiệp") == "new_enterprises"
    assert propose(CATALOGUE, NEARLY, "ha") == ""


# --- other formats ---------------------------------------------------------------------------------------------


def test_a_csv_says_the_same() -> None:
    rows = [*([line] for line in TITLE), *TABLE, ["Thu ngân sách nhà nước (tỷ đồng)", None, "9.200,5"]]
    reading = read(write_csv(rows))
    assert said(reading) == {**COMMUNES, "budget_revenue": "9200.5"}
    assert (reading.province_id, reading.period_code) == ("hung-yen", "2021H1")


def test_a_word_report_says_the_same() -> None:
    money = rows_of("TT | Nội dung | Thực hiện\n1 | Thu ngân sách nhà nước | '9.200.000\n2 | Tạo việc làm mới | '8.700")
    lines = (*TITLE, "Kết quả cụ thể như sau:", "Đơn vị tính: triệu đồng")
    reading = read(write_docx(lines, TABLE, money))
    assert said(reading) == {**COMMUNES, "budget_revenue": "9200", "new_jobs": "8700"}
    assert (reading.province_id, reading.period_code) == ("hung-yen", "2021H1")
    assert {rule.split()[0] for rule in told(reading)} == {"cover_from_text"}


def test_money_without_a_unit_is_asked() -> None:
    rows = [*TABLE, ["Thu ngân sách nhà nước", None, 9200]]
    found = problem(read(write_xlsx({"Sheet1": [*([line] for line in TITLE), *rows]})), "unit_assumed")
    assert (found.indicator_code, found.cell, found.expected) == ("budget_revenue", "C6", "tỷ đồng")
    rows[-1][1] = "tỷ đồng"
    kept = read(write_xlsx({"Sheet1": [*([line] for line in TITLE), *rows]}))
    assert "unit_assumed" not in {p.rule_code for p in kept.problems}


# --- lines of a Word document with the form's tables -----------------------------------------------------------

FORM_TABLE = rows_of("Chỉ tiêu | Đơn vị tính | Giá trị | Ước tính | Trạng thái\nTổng số xã | xã | 139 | |")


@pytest.mark.parametrize(
    ("lines", "rule_code", "places"),
    [
        (("Đơn vị báo cáo: Hà Nam", "Kỳ báo cáo: 2021H1", "Đơn vị báo cáo: Nam Định"), "province_unknown", "Hà Nam"),
        (("Đơn vị báo cáo: Hà Nam", "Kỳ báo cáo: 2021H1", "Kỳ báo cáo: 2020H2"), "period_unknown", "2020H2"),
        (("Tỉnh Hà Nam", "Số liệu 6 tháng đầu năm 2021", "Số liệu 6 tháng cuối năm 2020"), "period_unknown", "văn bản"),
    ],
)
def test_lines_of_a_document_that_disagree_refuse_it(lines: tuple[str, ...], rule_code: str, places: str) -> None:
    reading = read(write_docx(lines, FORM_TABLE))
    assert reading.is_rejected
    found = problem(reading, rule_code)
    assert "khác nhau: " in found.detail and places in found.detail


def test_labelled_cells_of_a_document_that_disagree_refuse_it_and_two_spellings_do_not() -> None:
    for second, is_rejected in (("Nam Định", True), ("UBND tỉnh Hà Nam", False)):
        cover = [["Đơn vị báo cáo", "Hà Nam"], ["Kỳ báo cáo", "2021H1"], ["Đơn vị báo cáo", second]]
        reading = read(write_docx((), cover, FORM_TABLE))
        assert reading.is_rejected is is_rejected
        if not is_rejected:
            assert (reading.province_id, said(reading)) == ("ha-nam", {"ntm_communes_total": "139"})


def test_what_a_free_table_lacks_is_told_once_in_its_own_words() -> None:
    found = problem(headed(*TITLE), "layout_incomplete")
    assert found.detail.startswith("26 chỉ tiêu bắt buộc, không thấy trong bảng nào: “Tỷ lệ xã đạt chuẩn")
    assert "cả phần D. Kinh tế" in found.detail and "trang" not in found.detail
