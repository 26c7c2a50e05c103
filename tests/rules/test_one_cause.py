"""One bad cell, one message: what only follows from it is not said again, and an independent error is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from samples import CATALOGUE, SLOTS, judge_alone_at_once, read_form

from catalogue.verify import PLACEHOLDERS
from transforms.template.blank import FormValue

WHOLE: dict[str, FormValue] = {
    "f_ntm_communes_certified": 50,
    "f_ntm_communes_total": 100,
    "f_ntm_communes_certified_rate": 50,
    "f_ntm_communes_advanced": 20,
    "f_ntm_communes_model": 5,
    "f_ntm_districts_certified": 4,
    "f_ntm_districts_total": 8,
    "f_ntm_districts_certified_rate": 50,
    "f_national_student_prizes_total": 10,
    "f_national_student_prizes_first": 1,
    "f_national_student_prizes_second": 2,
    "f_national_student_prizes_third": 3,
    "f_national_student_prizes_consolation": 4,
    "f_par_index_rank": "17/63",
}
CASES: list[tuple[dict[str, FormValue], list[tuple[str, str]]]] = [
    ({}, []),
    ({"f_ntm_communes_certified": 101}, [("part_within_whole", "ntm_communes_certified")]),
    ({"f_ntm_communes_certified": Decimal("0.5")}, [("whole_number", "ntm_communes_certified")]),
    ({"f_ntm_communes_certified": "khoảng năm chục"}, [("figure_unreadable", "ntm_communes_certified")]),
    ({"f_ntm_communes_total": 10}, [("part_within_whole", "ntm_communes_certified")]),
    ({"f_ntm_communes_total": -100}, [("amount_in_range", "ntm_communes_total")]),
    ({"f_ntm_communes_certified_rate": 5000}, [("share_in_range", "ntm_communes_certified_rate")]),
    ({"f_ntm_communes_certified": "51/100"}, [("rate_follows_counts", "ntm_communes_certified_rate")]),
    ({"f_ntm_communes_certified": "50/99"}, [("value_conflict", "ntm_communes_total")]),
    ({"f_ntm_communes_certified": "50/100 xã (đạt 51%)"}, [("value_conflict", "ntm_communes_certified_rate")]),
    ({"f_national_student_prizes_first": Decimal("1.5")}, [("whole_number", "national_student_prizes_first")]),
    ({"f_national_student_prizes_first": -1}, [("amount_in_range", "national_student_prizes_first")]),
    ({"f_national_student_prizes_first": Decimal("-1.5")}, [("amount_in_range", "national_student_prizes_first")]),
    ({"f_par_index_rank": "64/63"}, [("rank_in_range", "par_index_rank")]),
    ({"f_par_index_rank": Decimal("0.5")}, [("rank_in_range", "par_index_rank")]),
    (
        {"f_ntm_communes_certified": 101, "f_ntm_districts_certified_rate": 60},
        [("part_within_whole", "ntm_communes_certified"), ("rate_follows_counts", "ntm_districts_certified_rate")],
    ),
    (
        {"f_national_student_prizes_total": 11, "f_ntm_communes_certified_rate": 51},
        [
            ("parts_sum_to_total", "national_student_prizes_total"),
            ("rate_follows_counts", "ntm_communes_certified_rate"),
        ],
    ),
]


def test_the_cause_alone_is_told() -> None:
    judged = judge_alone_at_once([read_form({**WHOLE, **changes}) for changes, _ in CASES])
    for (changes, expected), findings in zip(CASES, judged, strict=True):
        told = [(f.rule_code, f.indicator_code) for f in findings if f.rule_code != "required_present"]
        assert sorted(told) == sorted(expected), changes


def test_of_a_broken_total_the_total_alone_is_disputed() -> None:
    [findings] = judge_alone_at_once([read_form({**WHOLE, "f_national_student_prizes_total": 11})])
    assert {code for f in findings for code in f.disputed} == {"national_student_prizes_total"}


def test_of_a_part_larger_than_its_whole_both_are_disputed() -> None:
    [findings] = judge_alone_at_once([read_form({**WHOLE, "f_ntm_communes_certified": 101})])
    assert {code for f in findings for code in f.disputed} == {"ntm_communes_certified", "ntm_communes_total"}


def test_blank_is_never_zero() -> None:
    """A part, a whole, a count left blank: nothing is compared; "none arising" counts as zero."""
    left_out: list[dict[str, FormValue]] = [
        {"f_ntm_communes_total": ""},
        {"f_ntm_communes_certified": ""},
        {"f_ntm_communes_advanced": ""},
        {"f_national_student_prizes_total": ""},
        {"f_national_student_prizes_consolation": ""},
    ]
    judged = judge_alone_at_once([read_form({**WHOLE, **changes}) for changes in left_out])
    assert [{f.rule_code for f in findings} for findings in judged] == [{"required_present"}] * len(left_out)
    zero = {**WHOLE, "f_ntm_communes_certified": "", "s_ntm_communes_certified": "không phát sinh"}
    [findings] = judge_alone_at_once([read_form(zero)])
    told = {(f.rule_code, f.indicator_code) for f in findings if f.rule_code != "required_present"}
    assert told == {
        ("rate_follows_counts", "ntm_communes_certified_rate"),
        ("levels_in_order", "ntm_communes_advanced"),
        ("levels_in_order", "ntm_communes_model"),
    }


def test_a_very_long_text_is_quoted_in_part() -> None:
    [findings] = judge_alone_at_once([read_form({"f_new_jobs": "rất " * 5000})])
    [found] = [f for f in findings if f.rule_code == "figure_unreadable"]
    assert len(found.message) < 600
    assert "ký tự)" in found.message
    assert found.cell == SLOTS["f_new_jobs"].address


@pytest.mark.parametrize("rule_code", sorted(CATALOGUE.rules))
def test_messages_are_whole_sentences(rule_code: str) -> None:
    rule = CATALOGUE.rules[rule_code]
    for text in (rule.message, rule.advice):
        assert text.endswith((".", "{detail}")), text
        shown = text.format(**dict.fromkeys(PLACEHOLDERS, "■"))
        assert "{" not in shown
        assert "  " not in shown
    assert rule.title
    assert not rule.title.endswith(".")
