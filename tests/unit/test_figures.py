"""What officers write, and what it means."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalogue import load_catalogue
from transforms.figures import Figure, evident_style, read_figure

CATALOGUE = load_catalogue()


def read(code: str, text: str, style: str | None = None) -> Figure:
    return read_figure(CATALOGUE, CATALOGUE.indicators[code], text, "2021H1", style)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("social_investment", "19.044,4 tỷ đồng", "19044.4"),
        ("social_investment", "11,83 nghìn tỷ", "11830"),
        ("social_investment", "8.844 tỷ", "8844"),
        ("social_investment", "500 triệu đồng", "0.5"),
        ("social_investment", "1.234.567,89 triệu đồng", "1234.56789"),
        ("social_investment", "1,234.5", "1234.5"),
        ("tourist_visits", "2,37 triệu lượt", "2370000"),
        ("tourist_visits", "867,5 nghìn lượt khách", "867500"),
        ("tourist_visits", "2.005.100", "2005100"),
        ("tourist_visits", "2 005 100", "2005100"),
        ("new_enterprises", "1030", "1030"),
        ("new_enterprises", "1,030", "1030"),
        ("new_enterprises", "429 doanh nghiệp và đơn vị trực thuộc", "429"),
        ("new_jobs", "１５.９００ lao động", "15900"),
        ("ntm_communes_advanced", "02 xã NTM nâng cao", "2"),
        ("national_student_prizes_first", "05 giải nhất", "5"),
        ("poverty_rate", "còn 0,14%", "0.14"),
        ("poverty_rate", "98,320", "98.320"),
        ("voter_turnout", "đạt 99,95%", "99.95"),
        ("tourist_visits_growth", "giảm 43,8%", "-43.8"),
        ("tourist_visits_growth", "giảm 80% cùng kỳ", "-80"),
        ("budget_revenue_growth", "bằng 92% cùng kỳ", "-8"),
        ("budget_revenue_growth", "bằng 133% so với cùng kỳ năm trước", "33"),
        ("budget_revenue_growth", "− 8,5 %", "-8.5"),
        ("par_index_rank", "đứng đầu cả nước", "1"),
        ("sipas_rank", "đứng thứ hai", "2"),
        ("papi_rank", "đứng thứ nhất toàn quốc", "1"),
        ("ict_index_rank", "đứng thứ 3", "3"),
        ("par_index_rank_change", "tăng 7 bậc", "7"),
        ("pci_rank_change", "giảm 07 bậc", "-7"),
        ("par_index_consecutive_years_first", "4 năm liền", "4"),
        ("traffic_accident_criteria_reduced", "cả 3 tiêu chí", "3"),
        ("new_enterprises", "750¹", "750"),
        ("budget_revenue", "8.844⁽²⁾ tỷ đồng", "8844"),
        ("poverty_rate", "1,3 (*)", "1.3"),
        ("social_investment", "19.044,4 (ước)", "19044.4"),
    ],
)
def test_reads_the_value(code: str, text: str, value: str) -> None:
    figure = read(code, text)
    assert figure.trouble == ""
    assert figure.value == Decimal(value)


@pytest.mark.parametrize(
    ("code", "text", "value", "denominator"),
    [
        ("ntm_communes_certified", "1.288/1.310", 1288, 1310),
        ("ntm_districts_certified", "08/08", 8, 8),
        ("par_index_rank", "xếp thứ 54/63", 54, 63),
        ("pci_rank", "58/63 tỉnh, thành phố", 58, 63),
    ],
)
def test_a_fraction_feeds_two_indicators(code: str, text: str, value: int, denominator: int) -> None:
    figure = read(code, text)
    assert (figure.value, figure.denominator) == (value, denominator)


def test_the_rate_behind_a_fraction_is_kept() -> None:
    assert read("ntm_communes_certified", "100/116 xã (đạt 86,20%)").rate == Decimal("86.20")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("x", "none_arising"),
        ("-", "none_arising"),
        ("Không phát sinh", "none_arising"),
        ("…", "not_yet_available"),
        ("...", "not_yet_available"),
        ("Chưa có số liệu", "not_yet_available"),
    ],
)
def test_words_for_no_number(text: str, state: str) -> None:
    figure = read("new_jobs", text)
    assert (figure.state, figure.value) == (state, None)


@pytest.mark.parametrize("text", ["ước đạt 26.842 tỷ đồng", "khoảng 26.842 tỷ", "ước 26.842"])
def test_words_of_estimate(text: str) -> None:
    assert read("social_investment", text).is_estimated


@pytest.mark.parametrize(
    ("code", "text", "trouble"),
    [
        ("social_investment", "120 ha", "unit_mismatch"),
        ("ntm_districts_certified", "12 xã", "unit_mismatch"),
        ("ntm_communes_certified", "12 xã nâng cao", "unit_mismatch"),
        ("new_enterprises", "12%", "unit_mismatch"),
        ("new_enterprises", "mười hai", "figure_unreadable"),
        ("new_enterprises", "12 và 13", "figure_unreadable"),
        ("new_enterprises", "tăng 5", "figure_unreadable"),
        ("new_enterprises", "bằng 95", "figure_unreadable"),
        ("new_enterprises", "1.2.3", "figure_unreadable"),
        ("new_enterprises", "=1+1", "figure_unreadable"),
        ("new_enterprises", "9" * 40, "figure_unreadable"),
        ("poverty_rate", "5/2021", "figure_unreadable"),
    ],
)
def test_what_is_no_figure_is_said(code: str, text: str, trouble: str) -> None:
    figure = read(code, text)
    assert (figure.trouble, figure.state, figure.value) == (trouble, "unreadable", None)
    assert figure.detail


def test_evidence_decides_dots_and_commas() -> None:
    assert read("social_investment", "17.103", "vi") == Figure(Decimal(17103))
    assert read("social_investment", "17.103", "en").value == Decimal("17.103")
    assert read("social_investment", "17,103", "en").value == 17103
    assert read("social_investment", "17.103 tỷ đồng").ambiguous is None
    assert read("ntm_communes_total", "1.288").value == 1288, "a count has no fraction"
    assert read("poverty_rate", "1.234").value == Decimal("1.234"), "a share stays within 100"


def test_without_evidence_both_readings_are_told() -> None:
    assert read("social_investment", "17.103").ambiguous == (Decimal(17103), Decimal("17.103"))
    assert read("social_investment", "17,103").ambiguous == (Decimal("17.103"), Decimal(17103))
    assert read("budget_revenue_growth", "14.210").ambiguous == (Decimal("14.210"), Decimal(14210))


@pytest.mark.parametrize(
    ("text", "style"),
    [("19.044,4", "vi"), ("1,234.5", "en"), ("11,83 nghìn tỷ", "vi"), ("17.103", None), ("1030", None)],
)
def test_style_is_proven_by_a_numeral(text: str, style: str | None) -> None:
    assert evident_style(text) == style
