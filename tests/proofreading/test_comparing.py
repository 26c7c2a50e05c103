"""Claims of a text against what the warehouse holds: printed precision, the text's own words, both totals, gaps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from catalogue.load import load_catalogue
from transforms.prose.claims import Claim, Ignored, Prose, TextBlock, TextProblem, Unplaced
from transforms.prose.known_figures import Known, KnownFigure, collect_known
from transforms.prose.printed_figure import find_printed, print_value, says
from transforms.prose.proofreading import Audit, compare

CATALOGUE = load_catalogue()
PERIOD = "2021H1"
CLUSTER = CATALOGUE.cluster_id


def claim(code: str, province: str, raw: str, value: str, **more: Any) -> Claim:
    return Claim(0, 10, 10 + len(raw), raw, code, province, PERIOD, Decimal(value), **more)


def figure(code: str, province: str, value: str | None, status: str = "reported", **more: Any) -> KnownFigure:
    places = {"file_name": "a.xlsx", "sheet": "B. Doanh nghiệp", "cell": "D7", "raw_text": value or "", "version": 1}
    number = None if value is None else Decimal(value)
    return KnownFigure(PERIOD, province, code, number, status, **{**places, **more})


def audit(claims: list[Claim], known: list[KnownFigure], problems: list[TextProblem] | None = None) -> Audit:
    prose = Prose((TextBlock(0, "x" * 99, "đoạn 1"),), PERIOD, tuple(claims), (), (), ())
    return compare(CATALOGUE, prose, problems or [], Known(known, CLUSTER))


# --- how a figure is printed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "value", "truth", "agrees"),
    [
        ("2,37 triệu lượt", "2370000", "2370000", True),
        ("2,37 triệu lượt", "2370000", "2374999", True),
        ("2,37 triệu lượt", "2370000", "2379999", True),  # cut off
        ("2,37 triệu lượt", "2370000", "2380000", False),
        ("11,83 nghìn tỷ", "11830", "11826", True),  # rounded
        ("11,83 nghìn tỷ", "11830", "11824", False),
        ("1.120", "1120", "1121", False),
        ("19.044 tỷ đồng", "19044", "19044.4", True),
        ("98,4%", "98.4", "98.31", False),
        ("86,20%", "86.20", "86.2069", True),
        ("08 huyện", "8", "8", True),
        ("giảm 43,8%", "-43.8", "-43.84", True),
        ("1030", "1030", "1030", True),
        ("thứ nhất", "1", "1", True),
        ("thứ nhất", "1", "2", False),
    ],
)
def test_a_figure_says_as_much_as_it_prints(raw: str, value: str, truth: str, agrees: bool) -> None:
    printed = claim("tourist_visits", "quang-ninh", raw, value)
    assert says(printed, find_printed(printed), Decimal(truth)) is agrees


@pytest.mark.parametrize(
    ("raw", "value", "basis", "truth", "expected"),
    [
        ("2,37 triệu lượt khách", "2370000", "", "2410000", "2,41 triệu lượt khách"),
        ("11,83 nghìn tỷ", "11830", "", "12000", "12,00 nghìn tỷ"),
        ("02 xã", "2", "", "9", "09 xã"),
        ("02 xã", "2", "", "12", "12 xã"),
        ("750", "750", "", "1120", "1.120"),
        ("bằng 92% cùng kỳ", "-8", "index", "-11.5", "bằng 88,5% cùng kỳ"),
        ("giảm 43,8%", "-43.8", "growth", "5.25", "tăng 5,25%"),
        ("Tăng 8%", "8", "growth", "-2", "Giảm 2%"),
        ("8%", "8", "growth", "-2", "−2%"),
        ("61/81", "61", "", "62", "62/81"),
        ("61/81", "81", "", "82", "61/82"),
        ("thứ nhất", "1", "", "3", "3"),
    ],
)
def test_another_value_is_printed_in_the_words_of_the_text(
    raw: str, value: str, basis: Any, truth: str, expected: str
) -> None:
    printed = claim("tourist_visits", "quang-ninh", raw, value, basis=basis)
    assert print_value(printed, find_printed(printed), Decimal(truth)) == expected


# --- what is said ----------------------------------------------------------------------------------------------


def test_a_figure_that_agrees_is_counted_and_nothing_is_said() -> None:
    found = audit(
        [claim("new_enterprises", "bac-ninh", "1.120", "1120")], [figure("new_enterprises", "bac-ninh", "1120")]
    )
    assert [(r.kind, r.weight, r.message) for r in found.remarks] == [("agrees", "none", "")]
    assert found.is_clean and found.counts["agrees"] == 1


def test_a_figure_that_differs_is_told_with_its_true_value_and_its_cell() -> None:
    known = [figure("new_enterprises", "bac-ninh", "1120"), figure("new_enterprises", "ha-nam", "386", cell="D9")]
    [remark] = audit([claim("new_enterprises", "bac-ninh", "386 doanh nghiệp", "386")], known).remarks
    assert (remark.kind, remark.weight, remark.expected) == ("differs", "change", Decimal(1120))
    assert remark.message == (
        "Bắc Ninh, số doanh nghiệp thành lập mới: văn bản ghi “386 doanh nghiệp”, đúng ra là “1.120 doanh nghiệp” "
        "(tệp a.xlsx, trang “B. Doanh nghiệp”, ô D7). “386 doanh nghiệp” là số của Hà Nam."
    )


def test_what_differs_in_the_cluster_is_held_against_both_totals() -> None:
    known = [
        figure("new_enterprises", CLUSTER, "5824", "announced", raw_text=""),
        figure("new_enterprises", CLUSTER, "5761", "sum", file_name="", cell="", provinces=(9, 9)),
    ]
    [wrong] = audit([claim("new_enterprises", CLUSTER, "5.924", "5924")], known).remarks
    assert "số công bố của cụm trưởng là “5.824”" in wrong.message
    assert "tổng các tỉnh là “5.761” (cộng 9/9 tỉnh)" in wrong.message
    for said, other in (("5.824", "5.761"), ("5.761", "5.824")):
        found = audit([claim("new_enterprises", CLUSTER, said, said.replace(".", ""))], known)
        assert [r.kind for r in found.remarks] == ["two_totals", "agrees"] and found.is_clean
        assert said in found.remarks[0].message and other in found.remarks[0].message
    both = [claim("new_enterprises", CLUSTER, said, said.replace(".", "")) for said in ("5.824", "5.761")]
    assert [r.kind for r in audit(both, known).remarks] == ["agrees", "agrees"]


def test_a_rebuilt_rate_may_be_cut_off_or_rounded_as_the_rule_lets_it() -> None:
    known = [figure("ntm_districts_certified_rate", CLUSTER, "75.31", "rebuilt", file_name="", cell="")]
    for raw, kind in (("75,30%", "agrees"), ("75,31%", "agrees"), ("75,28%", "differs")):
        value = raw.rstrip("%").replace(",", ".")
        [remark] = audit([claim("ntm_districts_certified_rate", CLUSTER, raw, value)], known).remarks
        assert remark.kind == kind


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ([figure("poverty_rate", "hung-yen", None, "blank")], "tỉnh để trống chỉ tiêu này"),
        ([figure("poverty_rate", "hung-yen", None, "blank", file_name="")], "chưa nhận báo cáo của tỉnh"),
        ([figure("poverty_rate", "hung-yen", None, "not_yet_available")], "tỉnh báo chưa có số liệu"),
        ([], "kho chưa có kỳ 2021H1"),
        ([figure("grdp_growth", "hung-yen", "5.75")], "tỉnh không báo cáo chỉ tiêu này"),
    ],
)
def test_what_the_warehouse_has_not_is_told_with_the_reason(known: list[KnownFigure], why: str) -> None:
    [remark] = audit([claim("poverty_rate", "hung-yen", "2,1%", "2.1")], known).remarks
    assert (remark.kind, remark.weight) == ("not_in_warehouse", "doubt") and why in remark.message


def test_none_arising_is_zero_and_a_blank_is_not() -> None:
    said = claim("new_branches", "ha-nam", "0", "0")
    assert audit([said], [figure("new_branches", "ha-nam", None, "none_arising")]).remarks[0].kind == "agrees"
    assert audit([said], [figure("new_branches", "ha-nam", None, "blank")]).remarks[0].kind == "not_in_warehouse"


def test_estimates_and_disputed_figures_are_told_and_change_nothing() -> None:
    code = "national_student_prizes_total"
    found = audit(
        [claim(code, "ninh-binh", "74 giải", "74", is_estimated=True)], [figure(code, "ninh-binh", "74", "disputed")]
    )
    assert {r.kind: r.weight for r in found.remarks} == {"disputed": "info", "estimate": "info", "agrees": "none"}
    assert found.is_clean


def test_a_sum_that_is_wrong_in_the_warehouse_too_is_a_question_and_no_error() -> None:
    total = claim("new_jobs", CLUSTER, "98.238", "98238")
    parts = (claim("new_jobs", "ha-nam", "98.591", "98591"),)
    problem = TextProblem("sum", total, "Cộng các tỉnh là 98.591, văn bản ghi 98.238.", others=parts)
    known = [figure("new_jobs", CLUSTER, "98238", "announced"), figure("new_jobs", "ha-nam", "98591")]
    assert [r.weight for r in audit([], known, [problem]).remarks] == ["doubt"]
    assert [r.weight for r in audit([], known[:1], [problem]).remarks] == ["change"]


def test_what_only_follows_from_a_wrong_figure_is_told_and_not_asked_to_be_mended() -> None:
    total = claim("new_enterprises", CLUSTER, "1.429", "1429")
    parts = claim("new_enterprises", "bac-ninh", "1.210", "1210"), claim("new_enterprises", "ha-nam", "309", "309")
    problem = TextProblem("sum", total, "Cộng các tỉnh được 1.519. Kiểm tra lại số tổng.", others=parts)
    known = [
        figure("new_enterprises", CLUSTER, "1429", "sum"),
        figure("new_enterprises", "bac-ninh", "1120"),
        figure("new_enterprises", "ha-nam", "309"),
    ]
    changed, told = audit([total, *parts], known, [problem]).remarks[:2]
    assert (changed.kind, changed.weight, told.kind, told.weight) == ("differs", "change", "sum", "info")
    assert told.message == ("Cộng các tỉnh được 1.519. Trong đó có số phải sửa (Bắc Ninh “1.210”); sửa rồi soát lại.")


def test_two_figures_that_the_warehouse_both_has_are_no_mistake_and_a_line_is_no_cell() -> None:
    first, second = claim("new_jobs", CLUSTER, "98.238", "98238"), claim("new_jobs", CLUSTER, "98.591", "98591")
    problem = TextProblem("repeated", second, "Nêu hai lần. Giữ lại một số đúng.", others=(first,))
    known = [figure("new_jobs", CLUSTER, "98238", "announced"), figure("new_jobs", CLUSTER, "98591", "sum")]
    found = audit([first, second], known, [problem])
    assert [r.message for r in found.remarks if r.kind == "repeated"] == [
        "Nêu hai lần. Kho có cả hai số; chỗ nào dùng số nào phải nói rõ."
    ]
    assert found.is_clean
    read = [figure("new_jobs", "ha-nam", "10103", sheet="Văn bản", cell="dòng 46")]
    told = audit([claim("new_jobs", "ha-nam", "10.130", "10130")], read).remarks[0].message
    assert "trang “Văn bản”, dòng 46)" in told


def test_a_sum_without_a_province_names_what_the_warehouse_has_of_it() -> None:
    total, part = (
        claim("new_enterprises", CLUSTER, "1.429", "1429"),
        claim("new_enterprises", "bac-ninh", "1.120", "1120"),
    )
    said = "Cộng 1 tỉnh được 1.120. Danh sách chưa nêu Hà Nam. Kiểm tra lại."
    problem = TextProblem("sum", total, said, province_ids=("ha-nam",), others=(part,))
    known = [figure("new_enterprises", CLUSTER, "1429", "sum"), figure("new_enterprises", "bac-ninh", "1120")]
    (asked, *_) = audit([total, part], [*known, figure("new_enterprises", "ha-nam", "309")], [problem]).remarks
    assert asked.weight == "doubt"
    assert asked.message == f"{said} Kho có: Hà Nam 309 doanh nghiệp (tệp a.xlsx, trang “B. Doanh nghiệp”, ô D7)."


def test_a_doubt_that_the_text_admits_is_told_and_the_text_agrees() -> None:
    text = "Ninh Bình đạt 74 giải (11 giải ba; số {}), Bắc Ninh đạt 57 giải."
    for words, weight in (("chưa được xác nhận", "info"), ("liệu chính thức", "doubt")):
        block = TextBlock(0, text.format(words), "đoạn 1")

        def at(code: str, province: str, raw: str, value: str, block: TextBlock = block) -> Claim:
            start = block.text.index(raw)
            return Claim(0, start, start + len(raw), raw, code, province, PERIOD, Decimal(value))

        whole = at("national_student_prizes_total", "ninh-binh", "74 giải", "74")
        part = at("national_student_prizes_third", "ninh-binh", "11 giải ba", "11")
        other = at("national_student_prizes_total", "bac-ninh", "57 giải", "57")
        known = [figure(c.indicator_code, c.province_id, str(c.value)) for c in (whole, part, other)]
        problems = [TextProblem("sum", c, "Phần cộng lại khác. Kiểm tra.", others=(c,)) for c in (whole, other)]
        prose = Prose((block,), PERIOD, (whole, part, other), (), (), ())
        found = compare(CATALOGUE, prose, problems, Known(known, CLUSTER))
        assert [r.weight for r in sorted(found.remarks, key=lambda r: r.start) if r.kind == "sum"] == [weight, "doubt"]


def test_a_province_left_out_is_asked_for_only_where_the_warehouse_has_its_figure() -> None:
    said = claim("poverty_rate", "ha-nam", "2%", "2")
    problem = TextProblem("left_out", said, "", province_ids=("hung-yen", "nam-dinh"))
    lacking = [figure("poverty_rate", "hung-yen", None, "blank")]
    [silent] = audit([], lacking, [problem]).remarks
    assert silent.weight == "info" and silent.message.endswith("Hưng Yên, Nam Định; kho cũng không có số.")
    [loud] = audit([], [figure("poverty_rate", "hung-yen", "1.2")], [problem]).remarks
    assert loud.weight == "doubt" and "Kho có: Hưng Yên 1,2% (tệp a.xlsx" in loud.message
    assert "Nam Định: kho cũng không có" in loud.message


def test_every_number_counts_once() -> None:
    blocks = (TextBlock(0, "x" * 99, "đoạn 1"),)
    claims = (claim("new_jobs", "ha-nam", "5", "5"), claim("new_jobs", "nam-dinh", "7", "7"))
    prose = Prose(
        blocks,
        PERIOD,
        claims,
        (Unplaced(0, 50, 51, "9", "không rõ chỉ tiêu"),),
        (Ignored(0, 60, 64, "2021", "năm"),),
        (),
    )
    found = compare(CATALOGUE, prose, [], Known([figure("new_jobs", "ha-nam", "5")], CLUSTER))
    assert found.counts == {"agrees": 1, "differs": 0, "not_in_warehouse": 1, "unmatched": 1} and found.ignored == 1
    assert not found.is_clean


def test_the_views_of_the_warehouse_become_known_figures() -> None:
    observation = {
        **dict.fromkeys(("file_name", "sheet", "cell", "raw_text", "version"), None),
        "province_id": "ha-nam",
        "indicator_code": "new_jobs",
        "value": None,
        "status": "blank",
        "is_estimated": None,
    }
    total = {
        "indicator_code": "new_jobs",
        "value": Decimal(9),
        "value_source": "sum",
        "control_value": Decimal(8),
        "provinces_reporting": 3,
        "provinces_expected": 9,
        "control_file_name": "c.xlsx",
        "control_sheet": "E",
        "control_cell": "D7",
        "control_raw_text": "8",
        "control_is_estimated": False,
    }
    found = collect_known({"observations": [observation], "cluster_totals": [total]}, PERIOD, CLUSTER)
    assert [(f.province_id, f.status, f.value) for f in found] == [
        ("ha-nam", "blank", None),
        (CLUSTER, "announced", Decimal(8)),
        (CLUSTER, "sum", Decimal(9)),
    ]
