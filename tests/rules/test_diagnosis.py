"""Findings that say why: one cause told once, with its culprit, its fellows, and what it would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from samples import CATALOGUE, MEMBERS, PERIOD, SLOTS, judge_alone_at_once, judge_period, read_form, reading_of

from expectations.judgement import Case, Received, judge, judge_all
from transforms.observation import Finding
from transforms.placement import place

WHOLE = {
    "ntm_communes_certified": 139,
    "ntm_communes_total": 152,
    "ntm_communes_certified_rate": 91.45,
    "ntm_communes_advanced": 38,
    "ntm_communes_model": 12,
    "national_student_prizes_total": 93,
    "national_student_prizes_first": 4,
    "national_student_prizes_second": 17,
    "national_student_prizes_third": 26,
    "national_student_prizes_consolation": 46,
}
ECONOMY = [s for s in place(CATALOGUE, PERIOD) if s.field == "value" and s.sheet.startswith("D")]


def _at(code: str) -> str:
    return SLOTS[f"f_{code}"].address


def _of(changed: Mapping[str, float | str], rule_code: str) -> Finding:
    [found] = [f for f in judge_period({MEMBERS[0]: {**WHOLE, **changed}}) if f.rule_code == rule_code]
    return found


# --- culprits --------------------------------------------------------------------------------------------------


def test_the_culprit_is_named_in_the_finding_of_the_total() -> None:
    found = _of({"national_student_prizes_consolation": 64}, "parts_sum_to_total")
    cell = _at("national_student_prizes_consolation")
    assert found.cell == _at("national_student_prizes_total")
    assert (found.suspect_indicator, found.suspect_cell) == ("national_student_prizes_consolation", cell)
    assert (found.slip, found.proposed) == ("transposed", "46")
    assert f"Nghi ghi sai ở ô {cell}." in found.message
    assert f"ô {cell} ghi đảo hai chữ số liền nhau: ghi 64, số đúng là 46." in found.advice
    assert found.disputed == ("national_student_prizes_total",)


def test_without_a_slip_the_sum_is_told_as_the_sum() -> None:
    found = _of({"national_student_prizes_total": 9337}, "parts_sum_to_total")
    assert (found.slip, found.suspect_cell, found.proposed) == ("", "", "93")
    assert "tổng các phần là 93" in found.advice


def test_two_findings_of_one_slip_are_one() -> None:
    past = {("2020H1", MEMBERS[0], "ntm_communes_certified"): Decimal(137)}
    slipped = {**WHOLE, "ntm_communes_certified": 1390}
    told = [f for f in judge_period({MEMBERS[0]: slipped}, past) if f.province_id == MEMBERS[0]]
    [found] = [f for f in told if f.severity != "info"]
    assert (found.slip, found.proposed, found.cell) == ("times_10", "139", _at("ntm_communes_certified"))
    assert set(found.disputed) == {"ntm_communes_certified", "ntm_communes_total"}


def test_the_growth_of_a_wrong_figure_is_not_told_as_well() -> None:
    past = {("2020H1", MEMBERS[0], "budget_revenue"): Decimal(9000)}
    figures = {"budget_revenue": 99_000, "budget_revenue_growth": 10}
    told = [f for f in judge_period({MEMBERS[0]: figures}, past) if f.province_id == MEMBERS[0]]
    assert [(f.rule_code, f.slip, f.proposed) for f in told] == [("magnitude_of_past", "times_10", "9.900")]


# --- one cause, one message ------------------------------------------------------------------------------------


def test_a_slipped_run_is_one_finding_that_names_the_run() -> None:
    values = (7.5, 2.8, 9.1, 18126, 11, 9100, 37.9, 17600, -8)
    cells = {s.name: Decimal(str(v)) for s, v in zip(ECONOMY[4:], values[3:], strict=False)}
    cells |= {s.name: Decimal(str(v)) for s, v in zip(ECONOMY[:3], values, strict=False)}
    sheet, last = ECONOMY[-1].sheet, ECONOMY[-1].address
    fallen = f"{last[0]}{int(last[1:]) + 1}"
    [findings] = judge_alone_at_once([read_form(cells, {(sheet, fallen): -8})])
    [found] = [f for f in findings if f.sheet == sheet]
    assert (found.slip, found.suspect_cell, found.proposed) == ("run_moved_down", ECONOMY[3].address, "18.126")
    assert {found.cell, *found.alike} == {s.address for s in ECONOMY[3:]} | {fallen}
    assert f"đoạn ô {ECONOMY[3].address}–{last}" in found.message


def test_figures_in_the_column_beside_are_one_finding_with_the_blanks_they_left() -> None:
    cells = {(s.sheet, SLOTS[f"e_{s.indicator_code}"].address): 1200 + n for n, s in enumerate(ECONOMY[:3])}
    [findings] = judge_alone_at_once([read_form({s.name: "1" for s in ECONOMY[3:]}, cells)])
    found = [f for f in findings if f.sheet == ECONOMY[0].sheet and f.slip]
    assert [(f.rule_code, f.slip, f.suspect_cell, f.proposed) for f in found] == [
        ("choice_unknown", "column_shifted", ECONOMY[0].address, "1.200")
    ]
    assert "3 ô" in found[0].message
    assert len(found[0].alike) == 2
    assert not [f for f in findings if f.rule_code == "required_present" and f.sheet == ECONOMY[0].sheet]


def test_like_findings_are_one_with_a_count_and_every_cell() -> None:
    codes = [s for s in ECONOMY if s.indicator_code in ("grdp_growth", "social_investment", "budget_revenue")]
    some, more = codes[:3], [*codes[:3], next(s for s in ECONOMY if s.indicator_code == "tourist_visits")]
    for slots, count in ((some, 3), (more, 1)):
        [findings] = judge_alone_at_once([read_form({s.name: "nhiều" for s in slots})])
        unread = [f for f in findings if f.rule_code == "figure_unreadable"]
        assert len(unread) == count
        assert {cell for f in unread for cell in (f.cell, *f.alike)} == {s.address for s in slots}
        assert {code for f in unread for code in f.disputed} == {s.indicator_code for s in slots}
    assert "4 ô không đọc được" in unread[0].message
    assert all(s.address in unread[0].message for s in more)


def test_a_group_keeps_its_name_while_its_members_change() -> None:
    slots = [s for s in SLOTS.values() if s.field == "value" and s.sheet.startswith("E")]
    first, second = judge_alone_at_once([read_form({}), read_form({slots[0].name: 5})])
    [one], [other] = (
        [f for f in fs if f.rule_code == "required_present" and f.sheet[0] == "E"] for fs in (first, second)
    )
    assert one.cell != other.cell
    assert one.figure_hash != other.figure_hash


# --- what it would change --------------------------------------------------------------------------------------


def _jobs(**changed: float) -> list[Finding]:
    jobs = {m: {"new_jobs": 9000 + 1000 * n} for n, m in enumerate(MEMBERS)}
    jobs[MEMBERS[4]] = {"new_jobs": 13000, **changed}
    past = {("2020H1", m, "new_jobs"): Decimal(9100 + 1000 * n) for n, m in enumerate(MEMBERS)}
    return [f for f in judge_period(jobs, past) if f.severity != "info"]


def test_a_finding_says_what_it_would_change() -> None:
    [found] = _jobs(new_jobs=130_000)
    assert found.proposed == "13.000"
    name = next(p.name for p in CATALOGUE.members_of(PERIOD) if p.province_id == MEMBERS[4])
    assert found.impact == (f"Tổng cụm 234.000 → 117.000 (bỏ số này còn 104.000); {name} từ thứ 1 xuống thứ 5")
    assert found.impact_weight == Decimal("0.5") + round(Decimal(4) / 9, 6)


def test_without_a_proposal_the_figure_is_left_out() -> None:
    [found] = [f for f in _jobs(new_jobs=13000.25) if f.rule_code == "whole_number"]
    assert not found.proposed
    assert found.impact.startswith("Tổng cụm 117.000, bỏ số này còn 104.000; ")
    assert found.impact_weight > 0


def test_the_heavier_finding_comes_first() -> None:
    returns = {m: {"new_jobs": 9000 + 1000 * n, "new_branches": 30} for n, m in enumerate(MEMBERS)}
    returns[MEMBERS[0]] = {"new_jobs": "9000.5", "new_branches": 30}
    returns[MEMBERS[8]] = {"new_jobs": 17000, "new_branches": "3000.5"}
    told = [f for f in judge_period(returns) if f.severity == "critical"]
    assert [f.indicator_code for f in told] == ["new_branches", "new_jobs"]
    assert told[0].impact_weight > told[1].impact_weight


# --- many cases at once ----------------------------------------------------------------------------------------


def test_many_cases_are_judged_as_each_by_itself() -> None:
    received = [
        tuple(
            Received(m, m, f"{m}.xlsx", reading_of(m, {**WHOLE, "new_jobs": 9000 + 100 * n + k}), True) for m in MEMBERS
        )
        for k, n in ((0, 1), (0.5, 2))
    ]
    together = judge_all(CATALOGUE, PERIOD, [Case(r) for r in received])
    assert [j.findings for j in together] == [judge(CATALOGUE, PERIOD, r).findings for r in received]
    assert len(together[0].findings) != len(together[1].findings)


def test_a_date_in_a_cell_has_no_culprit() -> None:
    [findings] = judge_alone_at_once([read_form({}, {(ECONOMY[0].sheet, ECONOMY[0].address): dt.date(2021, 8, 8)})])
    [found] = [f for f in findings if f.rule_code == "figure_unreadable"]
    assert (found.slip, found.proposed) == ("", "")


def test_a_one_in_the_estimate_column_beside_a_blank_is_no_mark() -> None:
    slot = next(s for s in ECONOMY if s.indicator_code == "tourist_visits")
    beside = SLOTS[f"e_{slot.indicator_code}"]
    [moved], [marked] = (
        judge_alone_at_once([read_form(cells, {(beside.sheet, beside.address): 1})]) for cells in ({}, {slot.name: 5})
    )
    assert [(f.slip, f.proposed) for f in moved if f.cell == beside.address] == [("column_shifted", "1")]
    assert not [f for f in marked if f.indicator_code == slot.indicator_code]
